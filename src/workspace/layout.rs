//! What the names of folders and files say of deployments: which files are of one, and which are of two.
//!
//! Names are hints and no facts: what rests on them is likely at most, and the configuration comes before them.

use std::iter::successors;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::collections::{HashMap, HashSet};
use crate::iam::{is_account_id, partition_of_region};
use crate::source::places::{folder, is_below, parent};
use crate::source::{FileId, Files, Source};

/// Words that are looked up.
struct Words {
    /// With spaces between them.
    written: &'static str,
    all: OnceLock<HashSet<&'static str>>,
}

impl Words {
    const fn new(written: &'static str) -> Self {
        Self { written, all: OnceLock::new() }
    }
}

/// Words that make a name that of an environment, or of one of two versions. `prod2` and `v2` are such words, too.
static ENVIRONMENTS: Words = Words::new(
    "acc acceptance alpha backup beta blue canary ci demo dev develop development dr example examples \
    gamma green homolog int integration lab live local new nonprod npd old perf performance pre preprod preproduction preview \
    primary prd prod production qa sample samples sandbox sbx secondary sit stage staging stg test testing tests uat v",
);

/// Those of them that make a file one that nobody deploys.
static UNUSED: Words = Words::new("example examples old sample samples");

/// Words for those who have a deployment of their own each: `team-a` and `team-shop` are of two, and so are the folders of
/// `clusters/` and `tenants/`.
static OWNERS: Words =
    Words::new("account client cluster customer env environment org project region squad team tenant");

/// Words for the parts of one deployment that are in an order: `step1`, `layer2`.
static ORDERS: Words = Words::new("layer part phase stack step tier");

/// Words that names of files have besides those of [`PARTS`].
static DUTIES: Words = Words::new("admins apps bootstrap create developers grant ng setup team teams users workloads");

/// Words that say what a part of one deployment is for. Folders side by side with other names (`team-a`, `customer1`, `v2`,
/// `examples`) may be of two deployments.
static PARTS: Words = Words::new(
    "access addon addons auth authentication aws base cfn cloudformation cluster control core eks entries \
    entry fargate foundation group groups iam identity infra infrastructure irsa k8s kubernetes main network networking node \
    nodegroup nodegroups nodes permissions plane platform pod policies policy rbac role roles security service stack stacks \
    template templates vpc worker workers",
);

/// Words at the end of the names of files.
static ENDINGS: Words = Words::new("cfg config json manifest manifests yaml yml");

/// Words of names that stand for any cluster, as examples have them.
static EXAMPLES: Words = Words::new(
    "a any change cluster clustername default demo eks ekscluster example examples foo me my mycluster name \
    quickstart sample samples temp test the your yourcluster",
);

/// Whether the places of two files say that they are of two deployments: of two environments (`dev`, `prod`; a file that is of
/// none may be for all), an example and none, or in folders or files that are called alike but for a word (`team-a`, `team-b`).
/// `of_regions`: whether two regions are two environments. For roles they are not, because IAM has none.
fn are_of_two(files: &Files, a: FileId, b: FileId, of_regions: bool) -> bool {
    let are_apart = || {
        let (a, b) = (place(files, a)?, place(files, b)?);
        let common = common(folder(&a), folder(&b));
        let (below_a, below_b) = (below(&a, common), below(&b, common));
        let words = |place: &str| -> Vec<String> {
            environments(place).into_iter().filter(|it| of_regions || !is_region(it)).collect()
        };
        let (words_a, words_b) = (words(below_a), words(below_b));
        let is_within = |a: &[String], b: &[String]| a.iter().all(|it| b.contains(it));
        let are_environments = !is_within(&words_a, &words_b) && !is_within(&words_b, &words_a);
        let is_unused =
            |place: &str| successors(Some(folder(place)), |it| parent(it)).any(|it| is_all_of(last(it), &UNUSED));
        let first = |it: &str| folder(it).split('/').next().unwrap_or_default().to_owned();
        let (first_a, first_b) = (first(below_a), first(below_b));
        let are_owned = is_all_of(last(common).trim_end_matches('s'), &OWNERS)
            && first_a != first_b
            && unknown_words(&first_a).count() > 0
            && unknown_words(&first_b).count() > 0;
        Some(
            are_environments
                || is_unused(below_a) != is_unused(below_b)
                || are_owned
                || are_siblings(&first_a, &first_b)
                || are_siblings(last(&a), last(&b)),
        )
    };
    a != b && are_apart() == Some(true)
}

/// Answers for two files, and whether two regions are two environments.
type Answers = HashMap<(u32, u32, bool), bool>;

/// What is known of [`are_of_two`]: many rules ask the same of the same files.
#[derive(Default)]
pub(super) struct Layouts {
    /// In several parts, so that rules that run at once seldom wait.
    known: [Mutex<Answers>; 16],
}

impl Layouts {
    /// How many answers each part keeps.
    const MOST_KNOWN: usize = 1 << 16;

    pub(super) fn are_of_two(&self, files: &Files, a: FileId, b: FileId, of_regions: bool) -> bool {
        let key = (a.number().min(b.number()), a.number().max(b.number()), of_regions);
        let part = &self.known[(key.0 ^ key.1) as usize % self.known.len()];
        let known = || part.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known().get(&key) {
            return *answer;
        }
        let answer = are_of_two(files, a, b, of_regions);
        let mut all = known();
        if all.len() < Self::MOST_KNOWN {
            all.insert(key, answer);
        }
        answer
    }
}

/// Whether something says that two files are of two deployments: an environment in the words of their names, or of a folder
/// below the one that both are in, or what is asked of those folders (of the second file: true).
pub(super) fn apart(files: &Files, a: FileId, b: FileId, is_another: impl Fn(&str, bool) -> bool) -> Option<bool> {
    let (a, b) = (place(files, a)?, place(files, b)?);
    let common = common(folder(&a), folder(&b));
    let speaks = |place: &str, is_second: bool| {
        let below = successors(Some(folder(place)), |it| parent(it));
        let mut below = below.take_while(|it| it.len() > common.len());
        below.any(|it| is_environment(last(it)) || is_another(it, is_second))
    };
    Some(environments(last(&a)) != environments(last(&b)) || speaks(&a, false) || speaks(&b, true))
}

/// Where a file is.
pub(super) fn place(files: &Files, file: FileId) -> Option<String> {
    files.get(file).map(Source::location)
}

/// Whether two files are in one folder.
pub(super) fn is_beside(files: &Files, a: FileId, b: FileId) -> bool {
    place(files, a).zip(place(files, b)).is_some_and(|(a, b)| folder(&a) == folder(&b))
}

pub(super) fn last(place: &str) -> &str {
    place.rsplit('/').next().unwrap_or_default()
}

/// The folder that two folders are in, or that one of them is.
fn common<'a>(a: &'a str, b: &str) -> &'a str {
    let is_around = |it: &&str| b == *it || is_below(b, it);
    successors(Some(a), |it| parent(it)).find(is_around).unwrap_or_default()
}

/// The words of a name, in lowercase: those of `clusterProd-euw1.yaml` are `cluster`, `prod`, `euw1`, `yaml`.
fn words(name: &str) -> impl Iterator<Item = String> {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = parts.flat_map(humps).map(str::to_ascii_lowercase).collect();
    words.into_iter()
}

/// The words of a name that do not say what a part of a deployment is for. Digits at the end of one that does are such a word;
/// digits alone are those of a list: `01-cluster.yaml`.
fn unknown_words(name: &str) -> impl Iterator<Item = String> {
    let words = words(name).filter(|it| !it.bytes().all(|byte| byte.is_ascii_digit()));
    let unknown = words.filter_map(|word| {
        let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_known = |it: &str| holds(&PARTS, it) || holds(&DUTIES, it) || holds(&ENDINGS, it);
        match is_known(&word) || holds(&ORDERS, stem) {
            true => None,
            false if is_known(stem) => Some(word[stem.len()..].to_owned()),
            false => Some(word),
        }
    });
    unknown.collect::<Vec<_>>().into_iter()
}

/// True for names of two deployments: each has a word that the other one has not, and that is not what a part of one is for.
pub(super) fn are_variants(a: &str, b: &str) -> bool {
    let has_own = |a: &str, b: &str| unknown_words(a).any(|it| unknown_words(b).all(|other| other != it));
    has_own(a, b) && has_own(b, a)
}

/// True for names of two deployments that are called alike: they differ in a letter or a number (`stack-a`, `customer2`), or share
/// the word for an owner (`team-shop`).
fn are_siblings(a: &str, b: &str) -> bool {
    let own = |a: &str, b: &str| -> Vec<String> {
        unknown_words(a).filter(|it| unknown_words(b).all(|other| other != *it)).collect()
    };
    let (own_a, own_b) = (own(a, b), own(b, a));
    if own_a.is_empty() || own_b.is_empty() {
        return false;
    }
    let shared = || words(a).filter(|it| !holds(&ENDINGS, it) && words(b).any(|other| other == *it));
    let is_short = |it: &String| it.len() == 1 || it.bytes().all(|byte| byte.is_ascii_digit());
    let stem = |it: &String| it.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let are_numbered = own_a.iter().any(|it| stem(it) != *it && own_b.iter().any(|other| stem(other) == stem(it)));
    are_numbered
        || shared().any(|it| holds(&OWNERS, &it))
        || shared().next().is_some() && own_a.iter().chain(&own_b).all(is_short)
}

/// True for a name all of whose words are in a list.
fn is_all_of(name: &str, list: &Words) -> bool {
    let mut words = words(name).peekable();
    words.peek().is_some() && words.all(|it| holds(list, &it))
}

/// A place from the folder that it is below.
fn below<'a>(place: &'a str, common: &str) -> &'a str {
    place[common.len()..].trim_start_matches('/')
}

/// True for a word of [`environments`] that is a region.
fn is_region(word: &str) -> bool {
    is_short_region(word) || partition_of_region(word).is_some()
}

/// Cuts a word before each capital that follows a small letter, or that a small letter follows: `EKS`, `Dev`.
fn humps(word: &str) -> impl Iterator<Item = &str> {
    let bytes = word.as_bytes();
    let is_start = |at: &usize| {
        bytes[*at].is_ascii_uppercase()
            && (bytes[at - 1].is_ascii_lowercase()
                || bytes[at - 1].is_ascii_uppercase() && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase))
    };
    let starts = (1..word.len()).filter(is_start);
    let starts: Vec<usize> = [0].into_iter().chain(starts).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([word.len()]).collect();
    starts.into_iter().zip(ends).map(|(start, end)| &word[start..end]).filter(|it| !it.is_empty())
}

/// True for a region in the short form that names have: `euw1`, `use1`, `apse2`.
fn is_short_region(word: &str) -> bool {
    const AREAS: [&str; 11] = ["af", "ap", "ca", "cn", "eu", "il", "me", "mx", "sa", "us", "usgov"];
    const SIDES: [&str; 9] = ["c", "e", "n", "ne", "nw", "s", "se", "sw", "w"];
    let rest = |area: &str| word.strip_prefix(area).map(|it| it.trim_end_matches(|c: char| c.is_ascii_digit()));
    word.ends_with(|c: char| c.is_ascii_digit()) && AREAS.iter().filter_map(|it| rest(it)).any(|it| SIDES.contains(&it))
}

fn holds(list: &Words, word: &str) -> bool {
    list.all.get_or_init(|| list.written.split_ascii_whitespace().collect()).contains(word)
}

/// The words of a name that are those of an environment, an account or a region. `prod2` is one, too.
fn environments(name: &str) -> Vec<String> {
    let words: Vec<String> = words(name).collect();
    let regions = words.windows(3).map(|it| it.join("-")).filter(|it| partition_of_region(it).is_some());
    let stem = |it: &str| it.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let is_one = |it: &&String| holds(&ENVIRONMENTS, &stem(it)) || is_account_id(it) || is_short_region(it);
    let others = words.iter().filter(is_one).cloned();
    others.chain(regions).collect()
}

/// True for a folder that is called like an environment, an account or a region.
fn is_environment(folder: &str) -> bool {
    !environments(folder).is_empty()
}

/// True for a folder that is called like a part of one deployment: `eks`, `02-access`.
pub(super) fn is_part(folder: &str) -> bool {
    let mut words = words(folder).filter(|it| !it.bytes().all(|byte| byte.is_ascii_digit())).peekable();
    words.peek().is_some() && words.all(|it| holds(&PARTS, &it))
}

/// True for the name of a cluster that is nobody's: a placeholder, or a name that examples have.
pub(super) fn is_example(name: &str) -> bool {
    words(name).all(|it| holds(&EXAMPLES, &it)) || name.contains(['<', '>', '$', '{', '}'])
}

#[cfg(test)]
mod tests {
    use super::{are_siblings, are_variants, common, environments, is_environment, is_example, is_part};

    #[test]
    fn folders_of_environments() {
        for folder in ["dev", "prod-eu", "Staging", "111122223333", "eu-west-1", "eks-eu-west-1", "test2"] {
            assert!(is_environment(folder), "{folder}");
        }
        for folder in ["", "infra", "iam", "cluster", "developers", "eks-entries", "latest"] {
            assert!(!is_environment(folder), "{folder}");
        }
        let table = [
            ("cluster-dev.yaml", "access-prod.yaml", false),
            ("cluster-dev.yaml", "access.dev.yaml", true),
            ("cluster.yaml", "access.dev.yaml", false),
            ("cluster.yaml", "access.yaml", true),
            ("eks-eu-west-1.yaml", "access-us-east-1.yaml", false),
            ("eks-eu-west-1.yaml", "access_eu-west-1.json", true),
            ("EKSDev.template.yaml", "EKSProdAccess.template.yaml", false),
        ];
        for (a, b, same) in table {
            assert_eq!(environments(a) == environments(b), same, "{a} {b}");
        }
    }

    #[test]
    fn names_of_two_deployments() {
        let table = [
            ("team-a.yaml", "team-b.yaml", true),
            ("customer-a-eks.yaml", "customer-b-access.yaml", true),
            ("cluster1.yaml", "access2.yaml", true),
            ("01-cluster.yaml", "02-access.yaml", false),
            ("cluster.yaml", "developers.yaml", false),
            ("shop-eks.yaml", "shop-access-entries.yaml", false),
            ("ShopClusterStack.template.json", "ShopAccessStack.template.json", false),
        ];
        for (a, b, wanted) in table {
            assert_eq!(are_variants(a, b), wanted, "{a} {b}");
            assert_eq!(are_variants(b, a), wanted, "{b} {a}");
        }
    }

    #[test]
    fn names_that_are_alike_but_for_a_word() {
        let table = [
            ("team-a", "team-b", true),
            ("customer1", "customer2", true),
            ("tenant-acme", "tenant-globex", true),
            ("stack-a", "stack-b", true),
            ("team-a-eks.yaml", "team-b-aws-auth.yaml", true),
            ("shop-iac", "shop-deploy", false),
            ("layer1-network", "layer2-eks", false),
            ("step1-iam", "step2-app", false),
            ("stack1", "stack2", false),
            ("eks-setup", "eks-workloads", false),
            ("orders-service", "payments-service", false),
            ("backup-role.yaml", "velero-sa.yaml", false),
        ];
        for (a, b, wanted) in table {
            assert_eq!(are_siblings(a, b), wanted, "{a} {b}");
            assert_eq!(are_siblings(b, a), wanted, "{b} {a}");
        }
    }

    #[test]
    fn folders_of_parts() {
        for folder in ["eks", "02-access", "iam", "node-groups", "EKS_Cluster", "templates"] {
            assert!(is_part(folder), "{folder}");
        }
        for folder in ["", "team-a", "cluster-b", "customer1", "v2", "examples", "blue", "euw1", "old", "01"] {
            assert!(!is_part(folder), "{folder}");
        }
    }

    #[test]
    fn names_of_examples() {
        for name in ["my-cluster", "eks", "eks-cluster", "CLUSTER_NAME", "YOUR_CLUSTER_NAME", "<cluster>", "demo", ""] {
            assert!(is_example(name), "{name}");
        }
        for name in ["shop", "eks-shop", "platform", "my-shop"] {
            assert!(!is_example(name), "{name}");
        }
    }

    #[test]
    fn the_folder_above_two() {
        let cases = [("a/b", "a/c", "a"), ("a", "a/c", "a"), ("a/b", "a", "a"), ("a", "b", ""), ("a/b", "a/bc", "a")];
        for (a, b, wanted) in cases {
            assert_eq!(common(a, b), wanted, "{a} {b}");
        }
    }
}
