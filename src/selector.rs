//! Names for one rule or many: an id, an area, or `all`.

use crate::former::FormerId;
use crate::names;
use crate::rules::RULES;

/// Which rules a name means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Selector {
    /// `all`.
    All,
    /// What stands before the `/` in the ids of several rules: `aws-auth`.
    Area(&'static str),
    /// One id: `aws-auth/role-path`.
    Rule(&'static str),
    /// One id that the rule had before.
    Former(FormerId),
}

impl Selector {
    /// Reads a name. The error says what was surely meant.
    pub fn parse(name: &str) -> Result<Self, String> {
        if name == "all" {
            return Ok(Self::All);
        }
        if let Some(rule) = RULES.iter().find(|it| it.id == name) {
            return Ok(Self::Rule(rule.id));
        }
        if let Some(area) = areas().find(|it| *it == name) {
            return Ok(Self::Area(area));
        }
        if let Some(former) = FormerId::find(name) {
            return Ok(Self::Former(former));
        }
        let known = areas().chain(RULES.iter().map(|it| it.id)).chain(["all"]);
        Err(match closest(name, known) {
            Some(near) => format!("there is no rule or area `{name}`; did you mean `{near}`?"),
            None => format!("there is no rule or area `{name}`; `ekslint rules` lists them all"),
        })
    }

    /// How closely the name means a rule, if it does: an id more than an area, an area more than `all`.
    pub fn closeness(&self, rule: &str) -> Option<u8> {
        match self {
            Self::All => Some(0),
            Self::Area(area) => (area_of(rule) == Some(area)).then_some(1),
            Self::Rule(id) | Self::Former(FormerId { rule: id, .. }) => (*id == rule).then_some(2),
        }
    }
}

/// The areas of all rules, in order.
pub fn areas() -> impl Iterator<Item = &'static str> + Clone {
    let mut last = None;
    RULES.iter().filter_map(move |it| {
        let area = area_of(it.id)?;
        (last.replace(area) != Some(area)).then_some(area)
    })
}

fn area_of(rule: &str) -> Option<&str> {
    rule.split_once('/').map(|(area, _)| area)
}

/// The id that `name` was probably meant to be: the same name without its area, or the same but for a few letters.
pub fn closest<'a>(name: &str, ids: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let last = |id: &'a str| id.rsplit('/').next().unwrap_or(id);
    let by_last = |wanted: &str| ids.clone().find(|id| last(id) == wanted);
    by_last(name)
        .or_else(|| names::nearest(name, ids.clone()))
        .or_else(|| names::nearest(name, ids.clone().map(last)).and_then(by_last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_guessed() {
        let ids = ["aws-auth/role-path", "irsa/audience", "iam/node-policy"];
        let table = [
            ("aws-auth/role-pth", Some("aws-auth/role-path"), "a letter is missing"),
            ("role-path", Some("aws-auth/role-path"), "the area is missing"),
            ("irsa/audiance", Some("irsa/audience"), "a letter is wrong"),
            ("something-else", None, "nothing like it"),
            ("", None, "nothing at all"),
        ];
        for (name, expected, reason) in table {
            assert_eq!(closest(name, ids.into_iter()), expected, "{reason}");
        }
    }

    #[test]
    fn closer_names_mean_fewer_rules() {
        let rule = RULES.iter().find(|it| it.id.contains('/')).unwrap().id;
        let area = area_of(rule).unwrap();
        let table = [("all", Some(0)), (area, Some(1)), (rule, Some(2))];
        for (name, expected) in table {
            assert_eq!(Selector::parse(name).unwrap().closeness(rule), expected, "{name}");
        }
        assert_eq!(Selector::parse(area).unwrap().closeness("other/rule"), None);
        let former = Selector::parse("aws-auth/path").unwrap();
        assert_eq!(former.closeness("aws-auth/role-path"), Some(2), "an id of before is as close as that of today");
        assert_eq!(former.closeness("aws-auth/shape"), None);
        // A rule without an area is named by its id alone.
        assert!(areas().all(|it| !it.is_empty()));
    }
}
