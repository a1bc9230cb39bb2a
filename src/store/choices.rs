//! The names that complete what somebody began to type: of one kind, in the state that a command
//! needs. No table is read in full.

use std::ops::Range;

use super::{Error, Noun, Tx};
use crate::domain::status::{EventStatus, WithdrawalStatus};

/// How many are offered at most.
const MOST: usize = 50;

/// The names that a command takes at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choices {
    /// All of a noun.
    Any(Noun),
    /// Holders that are blocked.
    BlockedHolders,
    /// Users that nobody acknowledged.
    NewUsers,
    /// Events in one of these states.
    Events(&'static [EventStatus]),
    /// Withdrawals in this state, which is an open one.
    Withdrawals(WithdrawalStatus),
    /// Payments that were not returned.
    PaymentsNotReturned,
    /// Bank lines whose match is proposed.
    ProposedLines,
    /// Bank lines that the last run left to settle.
    LinesLeft,
    /// Payment files that can be exported, or cancelled.
    OpenFiles,
    /// Proposals that wait.
    Proposals,
    /// Certificates that wait.
    Certificates,
}

/// A name, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The code or the number, as a command takes it.
    pub name: String,
    /// What a list shows next to it; may be empty.
    pub about: String,
}

impl Tx<'_> {
    /// Finds the names that begin with what was typed: at most 50, of numbered things the newest.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn choices(&mut self, choices: Choices, typed: &str) -> Result<Vec<Choice>, Error> {
        let noun = choices.noun();
        if noun.has_code() {
            self.coded(noun, choices, typed)
        } else {
            self.numbered(noun, choices, typed)
        }
    }

    fn coded(&self, noun: Noun, choices: Choices, typed: &str) -> Result<Vec<Choice>, Error> {
        let about = match noun {
            Noun::BankAccount => "bank_name",
            Noun::User | Noun::Project | Noun::Holder => "name",
            Noun::Event
            | Noun::Withdrawal
            | Noun::Payment
            | Noun::Line
            | Noun::PaymentFile
            | Noun::Statement
            | Noun::Import
            | Noun::Proposal
            | Noun::Certificate
            | Noun::Remittance => "title",
        };
        let state = match choices {
            Choices::BlockedHolders => {
                "INDEXED BY lp_token_holders_blocked WHERE status = 'blocked' AND".to_owned()
            }
            Choices::NewUsers => {
                "WHERE status = 'active' AND acknowledged_by IS NULL AND introduced_by <> id AND"
                    .to_owned()
            }
            Choices::Events(states) => {
                let states: Vec<String> = states.iter().map(|state| format!("'{state}'")).collect();
                format!("WHERE status IN ({}) AND", states.join(", "))
            }
            Choices::Any(_)
            | Choices::Withdrawals(_)
            | Choices::PaymentsNotReturned
            | Choices::ProposedLines
            | Choices::LinesLeft
            | Choices::OpenFiles
            | Choices::Proposals
            | Choices::Certificates => "WHERE".to_owned(),
        };
        let sql = format!(
            "SELECT code, {about} FROM {} {state} code >= ?1 AND code < ?2 ORDER BY code LIMIT {MOST}",
            noun.table()
        );
        // From what was typed to behind all that begins with it.
        let end = format!("{typed}{}", char::MAX);
        self.db.query(&sql, (typed, end.as_str()), |row| {
            Ok(Choice {
                name: row.next()?,
                about: row.next()?,
            })
        })
    }

    fn numbered(&self, noun: Noun, choices: Choices, typed: &str) -> Result<Vec<Choice>, Error> {
        let sql = choices.numbered(noun);
        let mut found: Vec<Choice> = Vec::new();
        for range in ranges(noun, typed) {
            let rows: Vec<(i64, String)> =
                self.db.query(&sql, (range.start, range.end), |row| {
                    Ok((row.next()?, row.next()?))
                })?;
            let left = MOST.saturating_sub(found.len());
            let rows = rows.into_iter().take(left);
            found.extend(rows.map(|(number, about)| Choice {
                name: noun.show(number, String::new()),
                about,
            }));
        }
        Ok(found)
    }
}

impl Choices {
    const fn noun(self) -> Noun {
        match self {
            Self::Any(noun) => noun,
            Self::BlockedHolders => Noun::Holder,
            Self::NewUsers => Noun::User,
            Self::Events(_) => Noun::Event,
            Self::Withdrawals(_) => Noun::Withdrawal,
            Self::PaymentsNotReturned => Noun::Payment,
            Self::ProposedLines | Self::LinesLeft => Noun::Line,
            Self::OpenFiles => Noun::PaymentFile,
            Self::Proposals => Noun::Proposal,
            Self::Certificates => Noun::Certificate,
        }
    }

    /// Writes the query of a numbered noun, over `?1 <= number < ?2`: the number, and what it is about.
    fn numbered(self, noun: Noun) -> String {
        const OF_HOLDER: &str = "JOIN lp_token_holders h ON h.id = x.lp_token_holder_id";
        let table = noun.table();
        let (about, from) = match (self, noun) {
            // The events that count such withdrawals lead to them.
            (Self::Withdrawals(status), _) => (
                "h.code".to_owned(),
                format!(
                    "event_counts c JOIN {table} x ON x.distribution_event_id = c.distribution_event_id
                       AND x.status = '{status}' {OF_HOLDER} WHERE c.{status} > 0"
                ),
            ),
            (Self::PaymentsNotReturned, _) => (
                "h.code".to_owned(),
                format!("{table} x {OF_HOLDER} WHERE x.status = 'recorded'"),
            ),
            (Self::ProposedLines, _) => (
                "x.booking_date".to_owned(),
                format!(
                    "bank_matches m JOIN bank_match_lines l ON l.match_number = m.number AND l.live = 1
                     JOIN {table} x ON x.number = l.line_number WHERE m.matched_at IS NULL AND m.ended_at IS NULL"
                ),
            ),
            (Self::LinesLeft, _) => (
                "x.booking_date".to_owned(),
                format!(
                    "bank_classes c JOIN {table} x ON x.number = c.line_number
                     WHERE c.class <> 'awaited' AND c.class <> 'fee_tax_levy' AND c.class <> 'resolved' AND c.class <> 'void'
                       AND c.class <> 'off_bank' AND c.class <> 'settled' AND c.class <> 'never_sent'
                       AND c.class <> 'returned' AND c.class <> 'cheque_outstanding'
                       AND NOT EXISTS (SELECT 1 FROM bank_classes l WHERE l.line_number = c.line_number AND l.number > c.number)
                       AND NOT EXISTS (SELECT 1 FROM bank_match_lines m WHERE m.line_number = c.line_number AND m.live = 1)"
                ),
            ),
            (Self::OpenFiles, _) => (
                "x.execution_date".to_owned(),
                format!("{table} x WHERE x.cancelled_at IS NULL"),
            ),
            (Self::Proposals, _) => (
                "x.kind".to_owned(),
                format!("{table} x WHERE x.status = 'proposed'"),
            ),
            (Self::Certificates, _) => (
                "h.code".to_owned(),
                format!(
                    "{table} x JOIN proposals p ON p.number = x.proposal_number {OF_HOLDER} WHERE p.status = 'proposed'"
                ),
            ),
            (_, Noun::Withdrawal | Noun::Payment | Noun::Certificate) => {
                ("h.code".to_owned(), format!("{table} x {OF_HOLDER} WHERE 1"))
            }
            (_, Noun::Line) => ("x.booking_date".to_owned(), format!("{table} x WHERE 1")),
            (_, Noun::Proposal) => ("x.kind".to_owned(), format!("{table} x WHERE 1")),
            (_, _) => ("''".to_owned(), format!("{table} x WHERE 1")),
        };
        format!(
            "SELECT x.number, {about} FROM {from} AND x.number >= ?1 AND x.number < ?2 ORDER BY x.number DESC LIMIT {MOST}"
        )
    }
}

/// The numbers whose names begin with what was typed: `W-00012` begins 120 to 129, and `W-12` what
/// has more than six digits.
fn ranges(noun: Noun, typed: &str) -> Vec<Range<i64>> {
    /// Names have at least as many digits.
    const DIGITS: usize = 6;
    /// No ledger has more.
    const MOST_DIGITS: usize = 15;

    let typed = typed.to_ascii_uppercase();
    let name = noun.show(0, String::new());
    let letters = name.trim_end_matches('0');
    if letters.starts_with(&typed) {
        return Vec::from([Range {
            start: 0,
            end: i64::MAX,
        }]);
    }
    let Some(digits) = typed.strip_prefix(letters) else {
        return Vec::new();
    };
    let Ok(begun) = digits.parse::<i64>() else {
        return Vec::new();
    };
    let padded = std::iter::once(DIGITS).filter(|_| digits.len() <= DIGITS);
    let longer = (DIGITS + 1..=MOST_DIGITS)
        .filter(|width| !digits.starts_with('0') && digits.len() <= *width);
    let range = |width: usize| {
        let left = u32::try_from(width.checked_sub(digits.len())?).ok()?;
        let unit = 10_i64.checked_pow(left)?;
        Some(begun.checked_mul(unit)?..begun.checked_add(1)?.checked_mul(unit)?)
    };
    padded.chain(longer).filter_map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_was_begun_is_a_range_of_each_length() {
        let first = |typed: &str| ranges(Noun::Withdrawal, typed).into_iter().next();
        assert_eq!(first(""), Some(0..i64::MAX));
        assert_eq!(first("w"), Some(0..i64::MAX));
        assert_eq!(first("W-"), Some(0..i64::MAX));
        assert_eq!(first("W-0"), Some(0..100_000));
        assert_eq!(first("W-00012"), Some(120..130));
        assert_eq!(first("w-000012"), Some(12..13));
        assert_eq!(first("W-0000012"), None);
        assert_eq!(first("P-1"), None);
        assert_eq!(first("W-x"), None);
        let all = ranges(Noun::Withdrawal, "W-12");
        assert_eq!(all.first(), Some(&(120_000..130_000)));
        assert_eq!(all.get(1), Some(&(1_200_000..1_300_000)));
        assert_eq!(
            ranges(Noun::Withdrawal, "W-1234567").first(),
            Some(&(1_234_567..1_234_568))
        );
    }
}
