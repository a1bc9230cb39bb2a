//! What a clock may say next to a ledger. An entry is never dated before the one before it, so one
//! command under a clock that is far ahead would date everything after it.

use super::{Refused, check::Check, time::Instant};

/// After this many days without an entry a write is remarked on.
const REMARKED: i64 = 45;

/// After this many days without an entry a write is asked about.
const ASKED: i64 = 400;

/// Entries of one moment are dated one microsecond after the other, and clocks of several machines
/// differ a little: so many seconds are not a fault.
const TOLERANCE: i64 = 60;

const DAY: i64 = 24 * 60 * 60;

/// How a write goes on after the last entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// As usual.
    Usual,
    /// With a remark: nothing was recorded for so many days.
    Long {
        /// The days.
        days: i64,
    },
    /// Only after this question.
    Question(Refused),
}

/// Judges the time between the last entry and a write.
pub fn gap(last: Instant, now: Instant) -> Gap {
    match remarkable_days(last, now) {
        Some(days) if days > ASKED => Gap::Question(Refused::ClockAhead { last, now, days }),
        Some(days) => Gap::Long { days },
        None => Gap::Usual,
    }
}

/// Returns the days between the last entry and a write if they are so many that its entry names
/// them.
pub fn remarkable_days(last: Instant, now: Instant) -> Option<i64> {
    Some(last.seconds_behind(now) / DAY).filter(|days| *days > REMARKED)
}

/// Returns whether an entry is in the future of the clock.
pub fn is_ahead(entry: Instant, now: Instant) -> bool {
    now.seconds_behind(entry) > TOLERANCE
}

/// Returns whether a clock was never set: no ledger is so old.
pub fn is_unset(now: Instant) -> bool {
    now.since_epoch().is_none()
}

/// The entries that are in the future of the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// How many they are.
    pub entries: i64,
    /// The sequence number of the first of them.
    pub first: i64,
    /// When the last one was recorded.
    pub last_at: Instant,
}

impl Ahead {
    /// Words it as a finding.
    pub fn words(&self, now: Instant) -> String {
        let entries = match self.entries {
            1 => "1 entry of the audit trail is".to_owned(),
            many => format!("{many} entries of the audit trail are"),
        };
        format!(
            "{entries} in the future of the clock: from entry {} on, up to {}, and the clock says {now}",
            self.first, self.last_at
        )
    }
}

/// Makes the check of the clock.
pub fn check(ahead: Option<Ahead>, now: Instant) -> Check {
    Check {
        name: "clock",
        looked_at: "no entry is in the future of the clock".to_owned(),
        findings: ahead.iter().map(|ahead| ahead.words(now)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(&format!("{text}T09:00:00.000000Z")).unwrap()
    }

    #[test]
    fn a_long_time_without_an_entry_is_remarked_on_and_a_very_long_one_is_asked_about() {
        let last = at("2026-06-30");
        for (now, expected) in [
            ("2026-06-29", Gap::Usual),
            ("2026-06-30", Gap::Usual),
            ("2026-08-14", Gap::Usual),
            ("2026-08-15", Gap::Long { days: 46 }),
            ("2027-08-04", Gap::Long { days: 400 }),
            (
                "2027-08-05",
                Gap::Question(Refused::ClockAhead {
                    last,
                    now: at("2027-08-05"),
                    days: 401,
                }),
            ),
        ] {
            assert_eq!(gap(last, at(now)), expected, "{now}");
        }
    }

    #[test]
    fn an_entry_is_ahead_of_the_clock_by_more_than_a_minute() {
        let now = at("2026-06-30");
        let entry =
            |seconds: &str| Instant::parse(&format!("2026-06-30T{seconds}.000000Z")).unwrap();
        assert!(!is_ahead(entry("09:01:00"), now));
        assert!(is_ahead(entry("09:01:01"), now));
        assert!(!is_ahead(at("2026-06-29"), now));
        assert!(is_unset(at("1969-12-31")) && !is_unset(at("1970-01-01")));
    }
}
