//! What is odd about a payment: a user is asked about it before it is recorded, and it is marked in
//! the audit trail.

use std::fmt;

use crate::domain::{
    code::{FileNumber, WithdrawalNumber},
    event::{Approval, Event},
    time::Date,
};

/// How many days ago a value date may be without a question.
const USUAL_DAYS: i64 = 366;

/// One thing that is odd about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// The money left before anybody approved it.
    BeforeApproval {
        /// The value date.
        date: Date,
        /// The day of the approval.
        approved_on: Date,
    },
    /// The money left before it was known who receives it.
    BeforeRecordDate {
        /// The value date.
        date: Date,
        /// The record date of the event.
        record_date: Date,
    },
    /// It was more than 366 days ago.
    LongAgo {
        /// The value date.
        date: Date,
        /// How many days ago.
        days: i64,
    },
    /// The event is not to be distributed yet.
    BeforeDistribution {
        /// The distribution date of the event.
        distribution_date: Date,
    },
    /// A payment file that holds the withdrawal was exported: the bank may pay it too.
    InExportedFile {
        /// The file.
        file: FileNumber,
    },
}

/// A payment that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OddPayment {
    /// The withdrawal that it pays.
    pub withdrawal: WithdrawalNumber,
    /// What is odd about it, at least one thing.
    pub oddities: Vec<Oddity>,
}

impl Oddity {
    /// Returns the word that marks it in the audit trail.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BeforeApproval { .. } => "before_approval",
            Self::BeforeRecordDate { .. } => "before_record_date",
            Self::LongAgo { .. } => "long_ago",
            Self::BeforeDistribution { .. } => "before_distribution_date",
            Self::InExportedFile { .. } => "in_exported_file",
        }
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeforeApproval { date, approved_on } => {
                write!(
                    f,
                    "the value date {date} is before the approval on {approved_on}"
                )
            }
            Self::BeforeRecordDate { date, record_date } => {
                write!(
                    f,
                    "the value date {date} is before the record date {record_date}"
                )
            }
            Self::LongAgo { date, days } => write!(f, "the value date {date} is {days} days ago"),
            Self::BeforeDistribution { distribution_date } => {
                write!(
                    f,
                    "the distribution date {distribution_date} is still to come"
                )
            }
            Self::InExportedFile { file } => {
                write!(
                    f,
                    "payment file {file} was exported with it, so the bank may pay it too"
                )
            }
        }
    }
}

impl fmt::Display for OddPayment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.withdrawal)?;
        for (at, oddity) in self.oddities.iter().enumerate() {
            let joint = if at == 0 { "" } else { "; " };
            write!(f, "{joint}{oddity}")?;
        }
        Ok(())
    }
}

/// A payment of an approved withdrawal, as far as it may be odd.
#[derive(Clone, Copy, Debug)]
pub struct PaymentCheck<'a> {
    /// The approval of the withdrawal.
    pub approval: &'a Approval,
    /// The event.
    pub event: &'a Event,
    /// The value date of the payment.
    pub date: Date,
    /// The last day that is not in the future.
    pub today: Date,
    /// The payment file that holds the withdrawal, was exported and not cancelled.
    pub exported: Option<FileNumber>,
}

impl PaymentCheck<'_> {
    /// Finds what is odd.
    pub fn oddities(self) -> Vec<Oddity> {
        let Self { date, today, .. } = self;
        let approved_on = self.approval.at.date();
        let Event {
            record_date,
            distribution_date,
            ..
        } = *self.event;
        let days = (today - date).num_days();
        let found = [
            (date < approved_on).then_some(Oddity::BeforeApproval { date, approved_on }),
            (date < record_date).then_some(Oddity::BeforeRecordDate { date, record_date }),
            (days > USUAL_DAYS).then_some(Oddity::LongAgo { date, days }),
            (distribution_date > today).then_some(Oddity::BeforeDistribution { distribution_date }),
            self.exported.map(|file| Oddity::InExportedFile { file }),
        ];
        found.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::{
            EventStatus,
            tests::{day, event, named},
        },
        time::Instant,
    };

    /// Words for a payment of an event with record date 2026-03-01 and distribution date
    /// 2026-03-31 that was approved on 2026-04-10.
    fn found(date: &str, today: &str, exported: Option<FileNumber>) -> Vec<&'static str> {
        let event = Event {
            record_date: day("2026-03-01"),
            distribution_date: day("2026-03-31"),
            ..event(EventStatus::Active)
        };
        let approval = Approval {
            by: named("chi"),
            at: Instant::parse("2026-04-10T23:59:59.999999Z").unwrap(),
        };
        let check = PaymentCheck {
            approval: &approval,
            event: &event,
            date: day(date),
            today: day(today),
            exported,
        };
        check.oddities().into_iter().map(Oddity::as_str).collect()
    }

    #[test]
    fn each_odd_date_is_found_from_its_first_day() {
        #[rustfmt::skip]
        let cases: [(&str, &str, &[&str]); 8] = [
            ("2026-04-10", "2026-04-10", &[]),
            ("2026-04-30", "2026-05-01", &[]),
            ("2026-04-09", "2026-04-10", &["before_approval"]),
            ("2026-03-01", "2026-04-10", &["before_approval"]),
            ("2026-02-28", "2026-04-10", &["before_approval", "before_record_date"]),
            ("2026-04-10", "2027-04-11", &[]),
            ("2026-04-10", "2027-04-12", &["long_ago"]),
            ("2026-03-30", "2026-03-30", &["before_approval", "before_distribution_date"]),
        ];
        for (date, today, expected) in cases {
            assert_eq!(found(date, today, None), expected, "{date} on {today}");
        }
        let file = FileNumber::new(7);
        assert_eq!(
            found("2026-04-10", "2026-04-10", Some(file)),
            ["in_exported_file"]
        );
    }

    #[test]
    fn a_payment_of_1990_is_odd_in_three_ways_and_says_so() {
        let date = day("1990-01-01");
        let odd = OddPayment {
            withdrawal: WithdrawalNumber::new(1),
            oddities: vec![
                Oddity::LongAgo { date, days: 13_248 },
                Oddity::InExportedFile {
                    file: FileNumber::new(2),
                },
            ],
        };
        assert_eq!(
            odd.to_string(),
            "W-000001: the value date 1990-01-01 is 13248 days ago; payment file F-000002 was exported with it, so the bank may pay it too"
        );
        assert_eq!(
            found("1990-01-01", "2026-04-10", None),
            ["before_approval", "before_record_date", "long_ago"]
        );
    }
}
