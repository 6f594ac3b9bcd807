//! Days of the calendar.

use std::fmt;

/// A day, in UTC. Later days are greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// No day is earlier.
    pub const FIRST: Self = Self { year: 0, month: 1, day: 1 };

    /// Reads `2027-01-31`, and nothing that only looks like it.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut number = |length: usize| {
            let part = parts.next().filter(|it| it.len() == length && it.bytes().all(|b| b.is_ascii_digit()))?;
            part.parse::<u16>().ok()
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let is_whole = parts.next().is_none();
        let exists = (1..=12).contains(&month) && (1..=days(year, month)).contains(&day);
        (is_whole && exists).then_some(Self { year, month: month as u8, day: day as u8 })
    }

    /// The day of a time that is given in seconds since 1970. The last day there is, for what comes after the year 9999.
    ///
    /// The counting is that of Howard Hinnant's `civil_from_days`: years begin in March, so that the leap day is last.
    pub fn from_unix(seconds: u64) -> Self {
        const LAST: Date = Date { year: 9999, month: 12, day: 31 };
        let days = seconds / 86_400 + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
        let year = year + era * 400 + u64::from(month <= 2);
        match u16::try_from(year) {
            Ok(year) if year <= LAST.year => Self { year, month: month as u8, day: day as u8 },
            _ => LAST,
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn days(year: u16, month: u16) -> u16 {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_exist_are_read() {
        let table = [
            ("2027-01-31", true, "a day"),
            ("2028-02-29", true, "a leap day"),
            ("2100-02-29", false, "no leap year, for it is a century"),
            ("2000-02-29", true, "a leap year all the same"),
            ("2027-02-30", false, "no month has it"),
            ("2027-13-01", false, "no such month"),
            ("2027-1-1", false, "digits are missing"),
            ("27-01-01", false, "the century is missing"),
            ("2027-01-01T00:00", false, "more than a day"),
            ("2027-01-01-01", false, "a part too many"),
            ("+027-01-01", false, "a sign is no digit"),
        ];
        for (text, wanted, why) in table {
            assert_eq!(Date::parse(text).map(|it| it.to_string()), wanted.then(|| text.to_owned()), "{text}: {why}");
        }
    }

    #[test]
    fn seconds_are_days() {
        let table = [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_709_164_800, "2024-02-29"),
            (1_735_689_599, "2024-12-31"),
            (1_735_689_600, "2025-01-01"),
            (4_107_542_400, "2100-03-01"),
            (u64::MAX / 2, "9999-12-31"),
        ];
        for (seconds, wanted) in table {
            assert_eq!(Date::from_unix(seconds).to_string(), wanted, "{seconds}");
        }
        assert!(Date::parse("2026-09-30") < Date::parse("2026-10-01"));
    }
}
