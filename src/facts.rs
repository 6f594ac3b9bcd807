//! The domain: what rules read. A fact does not say which format it came from.

mod aws_auth;
mod deployments;
mod directive;
mod eks;
mod eksctl;
mod iam;
mod kubernetes;
mod kustomize;
mod made;
mod node_class;
mod tables;
mod thin;
mod unit;

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

pub use crate::field::*;
pub use aws_auth::*;
pub use deployments::{Deployment, Deployments};
pub use directive::*;
pub use eks::*;
pub use eksctl::*;
pub use iam::*;
pub use kubernetes::*;
pub use kustomize::*;
pub use made::Made;
pub use node_class::*;
pub use tables::{Iter, Table};
pub use thin::Thin;
pub use unit::*;

use crate::source::{FileId, ResourceId, Span, Text, UnitId};

/// See [`Origin::key`].
pub type OriginKey = (Span, Option<UnitId>);

/// Where a fact was declared.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The name that its author gave it: a logical id, `metadata.name`. What to point at.
    pub name: Span,
    /// The whole declaration.
    pub whole: Span,
    /// What `Ref` and `Fn::GetAtt` of the same template call it.
    pub resource: Option<ResourceId>,
    /// The conditions under which it exists.
    pub branch: Branch,
    /// The resources that have to exist before it, as `DependsOn` says.
    pub depends_on: Box<[ResourceId]>,
}

impl Origin {
    /// True if both are one declaration, and in one unit: a file may be part of several.
    pub fn is(&self, other: &Self) -> bool {
        self.key() == other.key()
    }

    /// True if both are written for one Kubernetes object: what is applied later changes it, and makes no second one.
    pub fn is_of_same_object(&self, other: &Self) -> bool {
        let id = self.resource.as_ref().filter(|it| it.object.is_some());
        id.is_some() && id == other.resource.as_ref()
    }

    /// What tells the declaration from all others: its place, and the unit that it is a resource of.
    pub fn key(&self) -> OriginKey {
        (self.name, self.resource.as_ref().map(|it| it.unit))
    }
}

/// A file that could not be read as what it is, or not to its end.
#[derive(Clone, Debug)]
pub struct BrokenDocument {
    pub span: Span,
    pub message: String,
    /// The file is the input of a template engine (Helm, Jinja, …) and was never meant to be read as it stands.
    pub is_template: bool,
    /// The file shows that it is about identity on EKS, not only that it may be.
    pub is_about_identity: bool,
}

/// A part of a file that was left unread because it is beyond a limit of ours.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Where the limit was reached.
    pub span: Span,
    /// The limit, with its number.
    pub message: String,
    /// What it keeps from being read.
    pub unread: Unread,
}

impl Limit {
    pub fn part(span: Span, message: String) -> Self {
        Self { span, message, unread: Unread::Part }
    }

    pub fn value(span: Span, message: String) -> Self {
        Self { span, message, unread: Unread::Value }
    }

    pub fn builds(span: Span, message: String) -> Self {
        Self { span, message, unread: Unread::Builds }
    }

    pub fn directives(span: Span, message: String) -> Self {
        Self { span, message, unread: Unread::Directives }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unread {
    /// One value: it counts as one that only a deploy can know.
    Value,
    /// More than a value: what is missing could be anything.
    Part,
    /// Directives: they suppress nothing.
    Directives,
    /// What kustomize builds of the files: any object may be changed in any way.
    Builds,
}

/// A property that a resource has to have, and has not.
#[derive(Clone, Debug)]
pub struct MissingProperty {
    /// Where the resource is named.
    pub resource: Span,
    /// The type of the resource.
    pub kind: &'static str,
    pub property: &'static str,
    /// A key of the resource that was meant to be this property.
    pub near: Option<Text>,
}

/// The type of a resource that does not exist, and the one that was meant.
#[derive(Clone, Debug)]
pub struct MisspeltType {
    pub written: Text,
    pub right: &'static str,
}

/// A parameter of a template whose values are written in it.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub id: ResourceId,
    pub default: Option<Text>,
    /// `AllowedValues`: all that it can be, if there are any.
    pub allowed: Vec<Text>,
}

macro_rules! facts {
    (
        $($(#[$doc:meta])* $name:ident: $type:ty,)*
        ; $($(#[$rare_doc:meta])* $rare:ident: $rare_type:ty,)*
        ; $($(#[$side_doc:meta])* $side:ident: $side_type:ty,)*
    ) => {
        /// Every fact of one file.
        #[derive(Clone, Default, Debug)]
        pub struct Facts {
            $($(#[$doc])* pub $name: Thin<$type>,)*
            $($(#[$side_doc])* pub $side: Thin<$side_type>,)*
            /// Boxed, because most files have none of them. They are asked for as if they were here.
            pub rare: Option<Box<Rare>>,
        }

        /// Facts of kinds of which most files have none.
        #[derive(Clone, Default, Debug)]
        pub struct Rare {
            $($(#[$rare_doc])* pub $rare: Thin<$rare_type>,)*
        }

        impl Rare {
            /// Of a file that has none of them.
            const NONE: &'static Self = &Self { $($rare: Thin::new(),)* };
        }

        impl Facts {
            /// Adds other facts of the same file.
            pub fn append(&mut self, other: Facts) {
                $(self.$name.append(other.$name);)*
                $(self.$side.append(other.$side);)*
                if let Some(other) = other.rare {
                    let own = self.rare.get_or_insert_default();
                    $(own.$rare.append(other.$rare);)*
                }
            }

            /// Gives back the memory that was taken for more facts of this file.
            pub fn shrink(&mut self) {
                $(self.$name.shrink_to_fit();)*
                $(self.$side.shrink_to_fit();)*
                if let Some(rare) = &mut self.rare {
                    $(rare.$rare.shrink_to_fit();)*
                }
                self.rare.take_if(|it| true $(&& it.$rare.is_empty())*);
            }

            /// True if nothing was recognised.
            pub fn is_empty(&self) -> bool {
                true $(&& self.$name.is_empty())* $(&& self.$rare.is_empty())*
            }

            /// True if nothing can point into the file: a directive is reported where it does nothing.
            pub fn is_idle(&self) -> bool {
                self.is_empty() && self.directives.is_empty() && self.failed.is_empty()
            }

            /// What is known of the file itself, without what stands in it: something else says what that means.
            pub fn of_file_alone(&self) -> Self {
                Self {
                    broken_documents: self.broken_documents.clone(),
                    limits: self.limits.clone(),
                    embedded: self.embedded.clone(),
                    directives: self.directives.clone(),
                    failed: self.failed.clone(),
                    ..Self::default()
                }
            }
        }

        /// Every fact of many files.
        #[derive(Debug)]
        pub struct Tables {
            $($(#[$doc])* pub $name: Table<$type>,)*
            $($(#[$rare_doc])* pub $rare: Table<$rare_type>,)*
            $($(#[$side_doc])* pub $side: Table<$side_type>,)*
        }

        impl Tables {
            /// The facts of files, in the order in which the files are to come.
            pub fn new(files: impl IntoIterator<Item = Arc<Facts>>) -> Self {
                let files: Vec<Arc<Facts>> = files.into_iter().collect();
                Self {
                    $($name: Table::new(&files, |it| &it.$name),)*
                    $($rare: Table::new(&files, |it| &it.$rare),)*
                    $($side: Table::new(&files, |it| &it.$side),)*
                }
            }

            /// How many facts there are, of all kinds.
            pub fn len(&self) -> usize {
                0 $(+ self.$name.len())* $(+ self.$rare.len())*
            }

            /// True if nothing was recognised.
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }
        }
    };
}

impl Facts {
    /// What is known of a file whose objects are deployed as kustomize builds them: what is not said by those.
    pub fn of_built_file(&self) -> Self {
        let mut facts = self.of_file_alone();
        facts.units = self.units.clone();
        facts.policy_texts = self.policy_texts.clone();
        if let Some(rare) = &self.rare {
            facts.kustomizations = rare.kustomizations.clone();
            facts.json_patches = rare.json_patches.clone();
            facts.transformers = rare.transformers.clone();
            facts.skeletons = rare.skeletons.clone();
        }
        facts
    }
}

impl Deref for Facts {
    type Target = Rare;

    fn deref(&self) -> &Rare {
        self.rare.as_deref().unwrap_or(Rare::NONE)
    }
}

impl DerefMut for Facts {
    /// Makes room for them, which [`Facts::shrink`] gives back.
    fn deref_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }
}

facts! {
    node_groups: NodeGroup,
    clusters: Cluster,
    roles: Role,
    /// Policy documents that stand in a file of their own.
    policy_documents: StandaloneDocument,
    outputs: Output,
    parameters: Parameter,

    /// Metadata of every Kubernetes object and pod template, of whatever kind.
    objects: Arc<ObjectMeta>,
    service_accounts: ServiceAccount,
    workloads: Workload,
    rbac_roles: RbacRole,
    role_bindings: RoleBinding,
    /// ConfigMaps that are, or try to be, `kube-system/aws-auth`.
    aws_auths: AwsAuth,

    broken_documents: BrokenDocument,
    /// At most one of each kind for a file.
    limits: Limit,

    // Of these most files have none.
    ;
    access_entries: AccessEntry,
    fargate_profiles: FargateProfile,
    pod_identity_associations: PodIdentityAssociation,
    addons: Addon,
    capabilities: Capability,
    identity_provider_configs: IdentityProviderConfig,
    launch_templates: LaunchTemplate,
    auto_scaling_groups: AutoScalingGroup,
    node_classes: NodeClass,
    role_users: RoleNameUser,

    /// Policies that are declared beside the roles they are attached to.
    policies: AttachedPolicy,
    instance_profiles: InstanceProfile,
    service_linked_roles: ServiceLinkedRole,
    oidc_providers: OidcProvider,
    account_listings: AccountListing,

    /// Values of a type that their properties do not take.
    wrong_types: WrongType,
    /// Properties that have to be there, and are not.
    missing_properties: MissingProperty,
    /// Types of resources that were meant to be another.
    misspelt_types: MisspeltType,

    /// Keys of a configuration of eksctl that it does not read.
    unknown_keys: UnknownKey,
    /// Items of one whose keys need each other or cannot be set together.
    eksctl_items: EksctlItem,
    oidc_switches: OidcSwitch,
    agent_needs: AgentNeed,

    /// What the values of a chart set `AWS_WEB_IDENTITY_TOKEN_FILE` to.
    chart_token_files: Text,
    /// Parameters of charts that lead to the annotations of a service account, and to none that EKS reads.
    helm_parameters: HelmParameter,
    /// What puts other objects into a namespace.
    kustomizations: Kustomization,
    json_patches: JsonPatch,
    transformers: Transformer,
    skeletons: Skeleton,

    // What comes now does not make a file one about EKS.
    ;
    units: Unit,
    /// Where the custom resources of the file are made.
    made: Made,
    /// Strings that hold YAML which was read: the sections of `aws-auth`, manifests in a template.
    embedded: Text,
    /// Strings that hold a policy document which was read.
    policy_texts: Text,
    /// What was written so that findings are not shown, in the order of their places.
    directives: Directive,
    /// Files on which ekslint itself failed. They have no other facts.
    failed: FileId,
}
