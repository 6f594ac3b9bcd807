//! Whether one name is another one misspelt: several questions, because names differ in what makes them two.
//!
//! Short words tell names apart (`-a` and `-b`, `east` and `west`), numbers count up, and separators are forgotten. So a
//! rule asks the question that fits its names, and all of them are here.

use super::{distance, folded};

/// Of words of this many letters or fewer each letter counts: `-a` and `-b`, `east` and `west`.
const SHORT_WORD: usize = 4;
/// Names that are shorter than this are near each other without being slips: `app-sa` and `api-sa`.
const SHORTEST: usize = 10;

/// Whether two names are the same but for case and separators: `EC2_Linux` and `EC2-LINUX`.
pub fn is_spelling(name: &str, meant: &str) -> bool {
    folded(name) == folded(meant)
}

/// Whether they are the same but for case, separators and one letter. For names of which there is a list.
pub fn is_slip(name: &str, meant: &str) -> bool {
    distance(&folded(name), &folded(meant), 1).is_some()
}

/// Whether one name of somebody's own is the other with a letter too many, too few, or out of order. Another letter in its
/// place makes another name as a rule: `team-a`, `team-b`. So do other numbers. For names that are near each other.
pub fn is_letter_lost(name: &str, meant: &str) -> bool {
    let letters = |name: &str| {
        let mut letters: Vec<char> = name.chars().collect();
        letters.sort_unstable();
        letters
    };
    let numbers = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    numbers(name) == numbers(meant) && (name.len() != meant.len() || letters(name) == letters(meant))
}

/// Whether two names of somebody's own differ in long words only: `shop-reder` and `shop-reader`. For names that are near
/// each other.
pub fn is_long_word_misspelt(name: &str, meant: &str) -> bool {
    let words = |it| str::split(it, ['-', '.']).collect::<Vec<_>>();
    let (own, other) = (words(name), words(meant));
    let mut differ = own.iter().zip(&other).filter(|(own, other)| own != other);
    let is_in_long_words =
        own.len() == other.len() && differ.all(|(own, other)| own.len().min(other.len()) > SHORT_WORD);
    meant.len() >= SHORTEST && (is_in_long_words || is_spelling(name, meant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_about_two_names() {
        // Only spelling, a slip, a letter lost, a long word misspelt.
        let table = [
            ("EC2_Linux", "EC2-LINUX", [true, true, false, false], "case and separator"),
            ("AmazonEKSClusterPolcy", "AmazonEKSClusterPolicy", [false, true, true, true], "a letter too few"),
            ("amazoneks-clusterpolcy", "AmazonEKSClusterPolicy", [false, true, false, false], "both"),
            ("team-a", "team-b", [false, true, false, false], "another letter"),
            ("team-1", "team-12", [false, true, false, false], "another number"),
            ("shop-raeder", "shop-reader", [false, true, true, true], "letters out of order"),
            ("shop-reader-a", "shop-reader-b", [false, true, false, false], "a short word"),
            ("shop.reader", "shop-reader", [true, true, false, true], "a separator"),
            ("writer", "shop-reader", [false, false, true, false], "two names"),
        ];
        for (name, meant, wanted, why) in table {
            let found = [
                is_spelling(name, meant),
                is_slip(name, meant),
                is_letter_lost(name, meant),
                is_long_word_misspelt(name, meant),
            ];
            assert_eq!(found, wanted, "{name} {meant}: {why}");
        }
    }
}
