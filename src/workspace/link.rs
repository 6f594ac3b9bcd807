//! Works out once what each role is for, and which policies are attached to it.
//!
//! What refers to a role says what it is for. Where nothing does, the policies on it or its name may suggest it; that is
//! weaker evidence, and rules say which they ask for.

use std::sync::Arc;

use crate::collections::{HashMap, HashSet};
use crate::facts::{
    Branch, Deployment, Evidence, Field, Mapping, NodeClass, Origin, Purpose, Role, RoleMention, RoleUse,
};
use crate::iam::{Arn, CAPABILITY_SERVICE, EC2_PRINCIPALS, HYBRID_SERVICES, PolicyDocument, managed_policy_of};
use crate::source::{FileId, ResourceId, Span, Text};

use super::{RoleLinks, Workspace};

impl Workspace {
    pub(super) fn link_roles(&mut self) {
        let Uses { found, by_default, beyond, .. } = self.all_uses();
        self.links.mentions = found;
        self.links.limits.extend(beyond.map(Self::compared_limit));
        let roles = self.inventory.facts.roles.iter();
        self.links.role_at = roles.clone().zip(0..).map(|(it, at)| (it.origin.key(), at)).collect();
        self.links.roles = roles.map(RoleLinks::of_declaration).collect();
        for mention in &self.links.mentions {
            if let Some(role) = mention.role {
                self.links.roles[role].uses.push(mention.role_use.clone());
            }
        }
        for (role, role_use) in by_default {
            self.links.roles[role].uses.push(role_use);
        }
        self.attach_policies();
        let guesses: Vec<_> = self.facts.roles.iter().map(|it| guesses(self, it)).collect();
        for (links, guesses) in self.links.roles.iter_mut().zip(guesses) {
            links.uses.extend(guesses);
            links.finish(&self.inventory.files);
        }
    }

    /// Every place that says what a role is for, and the uses of roles that are found by the defaults of their names.
    fn all_uses(&self) -> Uses<'_> {
        let mut uses = Uses {
            workspace: self,
            found: Vec::new(),
            by_default: Vec::new(),
            on_fargate: HashSet::default(),
            beyond: None,
        };
        let facts = &self.facts;
        for cluster in &facts.clusters {
            let by = Party::new("cluster", &cluster.origin);
            uses.add(Purpose::Cluster, &cluster.role, &by);
            uses.add(Purpose::AutoModeNode, &cluster.auto_node_role, &by);
        }
        for group in &facts.node_groups {
            uses.add(Purpose::ManagedNode, &group.role, &Party::new("node group", &group.origin));
        }
        for class in &facts.node_classes {
            let by = Party::new("node class", &class.origin);
            // A role that was made for a pod does not become one of nodes by a slip.
            if self.nodes().role_of_another(class).is_none() {
                uses.add(class.purpose(), &class.role_meant(), &by);
            }
            uses.add_profile_of(class, &by);
        }
        for user in &facts.role_users {
            uses.add(user.purpose, &user.role, &Party::new(user.noun, &user.origin));
        }
        for profile in &facts.fargate_profiles {
            let by = Party::new("Fargate profile", &profile.origin);
            uses.add(Purpose::FargatePodExecution, &profile.role, &by);
        }
        for association in &facts.pod_identity_associations {
            let by = Party::new("pod identity association", &association.origin);
            uses.add(Purpose::PodIdentity, &association.role, &by);
        }
        for addon in &facts.addons {
            uses.add(Purpose::ServiceAccount, &addon.role, &Party::new("add-on", &addon.origin));
        }
        for capability in &facts.capabilities {
            let by = Party::new("capability", &capability.origin);
            uses.add(Purpose::Capability, &capability.role, &by);
        }
        for entry in &facts.access_entries {
            let purpose = match entry.kind_name() {
                Some("EC2_LINUX" | "EC2_WINDOWS") => Purpose::SelfManagedNode,
                Some("EC2") => Purpose::AutoModeNode,
                Some("FARGATE_LINUX") => Purpose::FargatePodExecution,
                Some("HYBRID_LINUX") => Purpose::HybridNode,
                Some("STANDARD") => Purpose::Principal,
                _ => continue,
            };
            let by = Party { is_assertion: true, ..Party::new("access entry", &entry.origin) };
            uses.add(purpose, &entry.principal, &by);
        }
        for mapping in self.aws_auth().possible_maps().flat_map(|it| it.mappings()) {
            let Some(purpose) = uses.purpose_of(mapping) else { continue };
            let by = Party::without_resource("mapping of `aws-auth`", true);
            uses.add(purpose, &mapping.arn, &by);
        }
        for account in &facts.service_accounts {
            let Some(text) = account.meta.role_arn() else {
                continue;
            };
            let name = account.meta.name.known().next().map(Text::shown).unwrap_or_default();
            let by = Party::without_resource(format!("service account `{name}`"), false);
            uses.add(Purpose::ServiceAccount, &Field::of(text.clone()), &by);
        }
        uses.add_instance_profiles();
        uses
    }

    /// Hangs each policy that is a resource of its own on the roles that it names.
    fn attach_policies(&mut self) {
        let mut attached: Vec<(usize, usize)> = Vec::new();
        // The files of the policies that name roles, where it is not known which role of the name is meant.
        let mut unclear: HashMap<&str, Vec<FileId>> = HashMap::default();
        let mut doubtful: HashSet<Deployment> = HashSet::default();
        let mut loose = Vec::new();
        for (at, policy) in self.inventory.facts.policies.iter().enumerate() {
            let mut complete = policy.roles.complete;
            for name in policy.roles.iter() {
                match self.roles().index_of(name).or_else(|| self.roles().index_by_default(name)) {
                    Some(role) => attached.push((role, at)),
                    None => match name.as_str() {
                        Some(name) => unclear.entry(name).or_default().push(policy.origin.name.file),
                        None => complete = false,
                    },
                }
            }
            if !complete {
                doubtful.extend(self.deployments.of_fact(&self.facts.policies, at, policy.origin.name.file));
                loose.push(at);
            }
        }
        self.links.loose_policies.all = loose;
        for (role, policy) in attached {
            self.links.roles[role].attached.push(policy);
        }
        let environments = self.environments();
        let is_known = |(at, role): (usize, &Role)| {
            let file = role.origin.name.file;
            let may_be_meant = |files: &Vec<FileId>| {
                files.len() > MOST_UNCLEAR || files.iter().any(|it| !environments.are_apart(*it, file))
            };
            let is_unclear = role.name.strings().filter_map(|(name, _)| unclear.get(name)).any(may_be_meant);
            !is_unclear && !self.deployments.of_fact(&self.facts.roles, at, file).any(|it| doubtful.contains(&it))
        };
        let known: Vec<bool> = self.facts.roles.iter().enumerate().map(is_known).collect();
        for (links, is_known) in self.links.roles.iter_mut().zip(known) {
            links.attachments_known = is_known;
        }
    }
}

/// If more policies than this name a role of which there are several, it is not asked where each of them stands.
const MOST_UNCLEAR: usize = 20;

/// Who refers to a role.
struct Party {
    words: Arc<str>,
    resource: Option<ResourceId>,
    is_assertion: bool,
    /// True if it is there under all conditions.
    is_always: bool,
}

impl Party {
    fn new(noun: &str, origin: &Origin) -> Self {
        let words = match &origin.resource {
            Some(resource) => format!("{noun} `{resource}`").into(),
            None => noun.into(),
        };
        let is_always = origin.branch.is_always();
        Self { words, resource: origin.resource.clone(), is_assertion: false, is_always }
    }

    fn without_resource(words: impl Into<Arc<str>>, is_assertion: bool) -> Self {
        Self { words: words.into(), resource: None, is_assertion, is_always: true }
    }
}

struct Uses<'w> {
    workspace: &'w Workspace,
    found: Vec<RoleMention>,
    by_default: Vec<(usize, RoleUse)>,
    /// The roles that start pods on Fargate.
    on_fargate: HashSet<usize>,
    /// The first value of a parameter that is not compared, because there are too many.
    beyond: Option<Span>,
}

impl Uses<'_> {
    /// What a mapping says its role is for. `{{SessionName}}` names nodes on Fargate and hybrid ones alike.
    fn purpose_of(&self, mapping: &Mapping) -> Option<Purpose> {
        let has = |group: &str| mapping.groups.iter().any(|it| it.as_str() == Some(group));
        // People are put into the groups of nodes too; they are no nodes for that.
        let is_machine = has("system:bootstrappers") && !has("system:masters");
        if has("system:node-proxier") {
            return Some(Purpose::FargatePodExecution);
        }
        if !has("system:nodes") || !is_machine {
            return Some(Purpose::Principal);
        }
        let role = mapping.arn.only().and_then(|arn| self.workspace.roles().index_of(arn));
        if role.is_some_and(|it| self.on_fargate.contains(&it)) {
            return Some(Purpose::FargatePodExecution);
        }
        let is_session = |name: &Text| name.bytes().to_ascii_lowercase().contains("{{sessionname");
        (!mapping.username.known().any(is_session)).then_some(Purpose::SelfManagedNode)
    }

    fn add(&mut self, purpose: Purpose, role: &Field<Text>, by: &Party) {
        for (text, branch) in role.known_under() {
            self.add_text(purpose, text, branch, text.span(), by);
        }
    }

    fn add_text(&mut self, purpose: Purpose, text: &Text, branch: &Branch, span: Span, by: &Party) {
        let role_use = |span, branch: &Branch, evidence| RoleUse {
            purpose,
            evidence,
            span,
            branch: branch.clone(),
            by: by.words.clone(),
            user: by.resource.clone(),
            is_assertion: by.is_assertion,
        };
        let roles = self.workspace.roles();
        let role = roles.index_of(text);
        if purpose == Purpose::FargatePodExecution {
            self.on_fargate.extend(role);
        }
        if let Some(at) = roles.index_by_default(text).filter(|_| role.is_none()) {
            self.by_default.push((at, role_use(span, branch, Evidence::Default)));
        }
        self.found.push(RoleMention {
            text: text.clone(),
            role,
            role_use: role_use(span, branch, Evidence::Reference),
        });
        if !by.is_always || !branch.is_always() {
            return;
        }
        let (values, beyond) = self.workspace.compared_values(text);
        self.beyond = self.beyond.or(beyond);
        for value in values {
            let role = roles.index_of(value).or_else(|| roles.index_by_default(value));
            let role_use = role_use(value.span(), branch, Evidence::Default);
            self.found.push(RoleMention { text: value.clone(), role, role_use });
        }
    }

    /// The role in the instance profile that a node class names.
    fn add_profile_of(&mut self, class: &NodeClass, by: &Party) {
        for (text, branch) in class.instance_profile.known_under() {
            let Some(profile) = self.workspace.nodes().profile_named(text) else { continue };
            for item in &profile.roles.items {
                let branch = branch.join(&item.branch).unwrap_or_else(|| branch.clone());
                self.add_text(class.purpose(), &item.value, &branch, text.span(), by);
            }
        }
    }

    /// An instance profile makes its role a node role where the machines that have it become nodes: their user data
    /// says so, their scaling group is tagged for a cluster, or a node group launches them.
    fn add_instance_profiles(&mut self) {
        let facts = &self.workspace.facts;
        let is_cluster_tag = |group: &&crate::facts::AutoScalingGroup| {
            group.tags.iter().flat_map(|tag| tag.key.known()).any(|key| {
                key.starts_with("kubernetes.io/cluster/") == Some(true)
                    || key.starts_with("k8s.io/cluster-autoscaler/") == Some(true)
            })
        };
        let templates_of = |texts: Vec<&Text>| -> HashSet<ResourceId> {
            texts.into_iter().filter_map(Text::reference).map(|reference| reference.resource.clone()).collect()
        };
        let scaling = facts.auto_scaling_groups.iter().filter(is_cluster_tag);
        let tagged = templates_of(scaling.flat_map(|group| group.launch_template.known()).collect());
        let grouped = templates_of(facts.node_groups.iter().flat_map(|group| group.launch_template.known()).collect());
        for template in &facts.launch_templates {
            let is_in =
                |ids: &HashSet<ResourceId>| template.origin.resource.as_ref().is_some_and(|id| ids.contains(id));
            // The tag is that of every Kubernetes on EC2. It speaks of EKS where nothing says how the machines start.
            let is_tagged = is_in(&tagged) && !template.shows_how_it_starts();
            if !template.joins_a_cluster() && !is_tagged && !is_in(&grouped) {
                continue;
            }
            for profile in template.profile_arn.known().chain(template.profile_name.known()) {
                let Some(profile) = self.workspace.nodes().instance_profile(profile) else { continue };
                let by = Party::new("instance profile", &profile.origin);
                for item in &profile.roles.items {
                    self.add_text(Purpose::SelfManagedNode, &item.value, &item.branch, item.value.span(), &by);
                }
            }
        }
    }
}

/// What the trust policy of a role shows, where it lets in no EC2 instances: a capability, or hybrid nodes.
///
/// Systems Manager assumes roles of all sorts of machines. Those of hybrid nodes may describe a cluster or pull images.
fn by_trust(workspace: &Workspace, role: &Role) -> Option<(Purpose, Span)> {
    let trust = role.trust.only()?;
    let trusts = |services: &[&str]| trust.may_be_assumed_by(services);
    if trusts(&EC2_PRINCIPALS) != Some(false) {
        return None;
    }
    if trusts(&[CAPABILITY_SERVICE]) == Some(true) {
        return Some((Purpose::Capability, trust.blame()));
    }
    let pulls = |arn: Arn| arn.name().is_some_and(|it| it.starts_with("AmazonEC2ContainerRegistry") == Some(true));
    let is_node = || {
        role.managed_policies.iter().filter_map(Arn::parse).any(pulls)
            || workspace.documents().of(role).iter().any(|it| it.grants("eks:DescribeCluster") == Some(true))
    };
    (trusts(&HYBRID_SERVICES) == Some(true) && is_node()).then(|| (Purpose::HybridNode, trust.blame()))
}

/// What the policies on a role and its name suggest.
fn guesses(workspace: &Workspace, role: &Role) -> Vec<RoleUse> {
    let mut guesses = Vec::new();
    let mut guess = |purpose, evidence, span: Span, by: String| {
        guesses.push(RoleUse {
            purpose,
            evidence,
            span,
            branch: Branch::always(),
            by: by.into(),
            user: None,
            is_assertion: false,
        });
    };
    for arn in role.managed_policies.iter() {
        let Some(policy) = Arn::parse(arn).and_then(|arn| managed_policy_of(&arn)) else { continue };
        let purpose = match policy.name {
            "AmazonEKSWorkerNodePolicy" | "AmazonEKSWorkerNodeMinimalPolicy" if !role.may_be_assumed_by_nodes() => {
                continue;
            }
            "AmazonEKSWorkerNodePolicy" => Purpose::SelfManagedNode,
            "AmazonEKSWorkerNodeMinimalPolicy" => Purpose::AutoModeNode,
            "AmazonEKSClusterPolicy" => Purpose::Cluster,
            "AmazonEKSFargatePodExecutionRolePolicy" => Purpose::FargatePodExecution,
            _ => continue,
        };
        guess(purpose, Evidence::Policy, arn.span(), format!("policy `{}`", policy.name));
    }
    if let Some(action) = workspace.documents().of(role).into_iter().find_map(PolicyDocument::connector_channel) {
        guess(Purpose::ConnectorAgent, Evidence::Policy, action.span(), "its policy".to_owned());
    } else if let Some((purpose, span)) = by_trust(workspace, role) {
        guess(purpose, Evidence::Policy, span, "its trust policy".to_owned());
    }
    let logical = role.origin.resource.as_ref().map(|id| (&*id.name, role.origin.name));
    // What a deploy puts into the name does not hide what stands before it.
    let whole = role.name.known().map(|text| (text.bytes(), text.span()));
    for (name, span) in whole.chain(logical) {
        let folded = crate::names::folded(name);
        let purpose = if folded.contains("eksconnectoragentrole") || folded == "eksconnectoragent" {
            Purpose::ConnectorAgent
        } else if folded.ends_with("eksnoderole")
            || folded == "nodeinstancerole"
            || folded.starts_with("karpenternoderole")
        {
            Purpose::SelfManagedNode
        } else {
            continue;
        };
        guess(purpose, Evidence::Name, span, "its name".to_owned());
        break;
    }
    guesses
}
