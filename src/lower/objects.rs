//! How Kubernetes objects are identified that stand for something at AWS, and that others refer to by name.

use crate::facts::{Branch, ObjectMeta, Origin};
use crate::source::{FileId, ResourceId, UnitId};

/// APIs whose objects refer to one another. The names of objects are no logical IDs of a template, so each API has a unit of its own
/// in every file, none of which is the number of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ObjectApi {
    NodeClasses,
    Ack,
    Upbound,
    /// `aws.m.upbound.io`, whose objects are namespaced.
    UpboundNamespaced,
    Crossplane,
    CrossplaneNamespaced,
    ClusterApi,
    /// What the AWS CLI prints: no objects, but named alike.
    AwsCli,
}

impl ObjectApi {
    /// The unit of an API in a file.
    pub fn unit(self, file: FileId) -> UnitId {
        UnitId { file, document: u32::MAX - self as u32 }
    }

    /// The namespace that identifies an object. Objects of the older Crossplane APIs are cluster-scoped.
    pub fn namespace(self, meta: &ObjectMeta) -> String {
        match self {
            Self::Upbound | Self::Crossplane | Self::NodeClasses => String::new(),
            _ => meta.namespace.only().map(crate::source::Text::shown).unwrap_or_default(),
        }
    }

    /// The identity of an object: API, namespace, kind and name.
    pub fn id(self, file: FileId, namespace: &str, kind: &str, name: &str) -> ResourceId {
        ResourceId::of_object(self.unit(file), namespace, kind, name)
    }

    /// Where an object is declared, and its identity if its name is known.
    pub fn origin(self, meta: &ObjectMeta) -> Origin {
        let kind = meta.kind.shown();
        let id = |name: &str| self.id(meta.whole.file, &self.namespace(meta), &kind, name);
        Origin {
            name: meta.span(),
            whole: meta.whole,
            resource: meta.name.string().map(id),
            branch: Branch::always(),
            depends_on: Box::default(),
        }
    }
}
