//! `!Select [1, !Split ["//", !GetAtt Cluster.OpenIdConnectIssuerUrl]]`: how templates get the name of an OIDC provider.

use smallvec::smallvec;

use crate::source::{Attribute, HoleKind, ISSUER, ISSUER_URL, Reference, Text};

use super::value::{Cases, Shape, Value};

/// What `Fn::Split` makes of a cluster's issuer: the scheme, and what trust policies call the provider. `None` if the
/// value is something else.
pub fn split<'t>(separator: &str, value: &Value<'t>) -> Option<Cases<'t>> {
    let scheme = match separator {
        "//" => "https:",
        "https://" => "",
        _ => return None,
    };
    let [(Shape::Text(text, _), branch)] = value.cases.as_slice() else { return None };
    let issuer = issuer_of(text)?;
    let part = |text: Text| Value {
        cases: smallvec![(Shape::Text(text, None), branch.clone())],
        dialect: value.dialect,
        key: None,
    };
    let parts = vec![part(Text::written(scheme, text.span())), part(issuer)];
    Some(smallvec![(Shape::Items(parts), branch.clone())])
}

/// What follows the `//` of a cluster's `OpenIdConnectIssuerUrl`.
fn issuer_of(text: &Text) -> Option<Text> {
    let reference = text.reference()?;
    if reference.attribute != Attribute::Other(ISSUER_URL.into()) {
        return None;
    }
    let attribute = Attribute::Other(ISSUER.into());
    let kind = HoleKind::Resource(Reference { resource: reference.resource.clone(), attribute });
    Some(Text::hole(kind, &text.shown(), text.span()))
}
