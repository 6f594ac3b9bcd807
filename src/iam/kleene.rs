//! Yes, no, and what cannot be known: the logic of Kleene, with `None` for the third value.
//!
//! | and | yes | unknown | no |   | or | yes | unknown | no |
//! |---|---|---|---|---|---|---|---|---|
//! | **yes** | yes | unknown | no |   | **yes** | yes | yes | yes |
//! | **unknown** | unknown | unknown | no |   | **unknown** | yes | unknown | unknown |
//! | **no** | no | no | no |   | **no** | yes | unknown | no |

/// Yes if both are; no if one is not, whatever the other is.
pub fn kleene_and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// Yes if one of them is, whatever the other is; no if neither is.
pub fn kleene_or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}
