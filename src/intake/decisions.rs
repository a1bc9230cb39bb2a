//! Files of decisions about bank lines: `line[,decision,kind,payment,reason]`. The list that
//! `bank proposals` writes is one too.

use std::collections::HashMap;

use serde::Serialize;

use super::{
    header::SheetColumns,
    sheet::{Sheet, SheetLine, SheetReader},
    sheet_file::SheetFile,
};
use crate::domain::{
    bad_line::BadLine,
    matching::LinkKind,
    reconciliation::decision::{DecisionVerb, LineDecision},
    text::words,
};

/// A row of a file of decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionRow {
    /// The number of the line of the file.
    pub line: u64,
    /// The bank line, as the file names it.
    pub bank_line: String,
    /// What is decided about it.
    pub decision: LineDecision,
}

/// What the rows of a file of decisions leave open: what the command says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionDefaults {
    /// What is decided if the file has no such column.
    pub verb: DecisionVerb,
    /// What a line is that is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<LinkKind>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

const SHAPE: SheetColumns = SheetColumns {
    required: &["line"],
    optional: &[
        "decision",
        "kind",
        "payment",
        "reason",
        // Taken by kinds to come; and what the list of proposals says of a line.
        "with",
        "book_account",
        "holder",
        "account",
        "booking_date",
        "amount",
        "currency",
        "description",
        "reference",
        "proposal",
        "payments",
        "remittances",
        "holder_name",
        "account_number",
        "ledger_amount",
        "ledger_date",
        "tier",
        "evidence",
        "lines",
    ],
};

/// Reads a file of decisions. Every bank line must be on one line only.
///
/// # Errors
/// The bad lines, if the header is not that of a file of decisions.
pub fn decisions(
    file: &SheetFile,
    defaults: &DecisionDefaults,
) -> Result<Sheet<DecisionRow>, Vec<BadLine>> {
    let mut seen: HashMap<String, u64> = HashMap::new();
    let reader = SheetReader::open(file, &SHAPE)?;
    let says_decision = reader.has("decision");
    Ok(reader.rows(|line| {
        let bank_line = line.read("line", words);
        let verb = if says_decision {
            line.read("decision", verb)
        } else {
            Some(defaults.verb)
        };
        let (bank_line, verb) = (bank_line?, verb?);
        let decision = decision(line, verb, defaults)?;
        if let Some(first) = seen.insert(bank_line.to_uppercase(), line.number) {
            line.refuse("line", format!("`{bank_line}` is already on line {first}"));
            return None;
        }
        Some(DecisionRow {
            line: line.number,
            bank_line,
            decision,
        })
    }))
}

/// Reads what a row decides.
fn decision(
    line: &mut SheetLine<'_>,
    verb: DecisionVerb,
    defaults: &DecisionDefaults,
) -> Option<LineDecision> {
    let (kind, with) = (
        line.read_maybe("kind", kind),
        line.read_maybe("payment", words),
    );
    let reason = line.maybe("reason");
    let (kind, with, reason) = (kind?, with?, reason?);
    let reason = reason.or_else(|| defaults.reason.clone());
    if kind.is_some() && verb != DecisionVerb::Resolve {
        line.refuse("kind", "only a line to resolve has a kind".to_owned());
        return None;
    }
    if with.is_some() && verb != DecisionVerb::Match {
        line.refuse("payment", "only a line to match takes payments".to_owned());
        return None;
    }
    for column in ["with", "book_account"] {
        if line.maybe(column)?.is_some() {
            line.refuse(column, "no decision takes this".to_owned());
            return None;
        }
    }
    match verb {
        DecisionVerb::Confirm => Some(LineDecision::Confirm { reason }),
        DecisionVerb::Reject => Some(LineDecision::Reject),
        DecisionVerb::Match => {
            let Some(with) = with else {
                line.refuse("payment", "name what the line is matched with".to_owned());
                return None;
            };
            let codes = with
                .split([' ', ',', ';', '+'])
                .filter(|code| !code.is_empty());
            Some(LineDecision::Match {
                with: codes.map(str::to_owned).collect(),
            })
        }
        DecisionVerb::Resolve => {
            let Some(kind) = kind.or(defaults.kind) else {
                line.refuse("kind", format!("say what the line is: {}", kinds()));
                return None;
            };
            let Some(reason) = reason else {
                line.refuse("reason", "a line is resolved with a reason".to_owned());
                return None;
            };
            Some(LineDecision::Resolve { kind, reason })
        }
    }
}

fn verb(cell: &str) -> Result<DecisionVerb, String> {
    let found = DecisionVerb::ALL
        .into_iter()
        .find(|verb| cell.eq_ignore_ascii_case(verb.as_str()));
    found.ok_or_else(|| "write confirm, reject, match or resolve".to_owned())
}

fn kind(cell: &str) -> Result<LinkKind, String> {
    let found = LinkKind::RESOLVED
        .into_iter()
        .find(|kind| cell.eq_ignore_ascii_case(kind.resolved_word()));
    found.ok_or_else(|| format!("write {}", kinds()))
}

fn kinds() -> String {
    LinkKind::RESOLVED.map(LinkKind::resolved_word).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, verb: DecisionVerb) -> Sheet<DecisionRow> {
        let defaults = DecisionDefaults {
            verb,
            kind: None,
            reason: None,
        };
        decisions(&SheetFile::of(file.as_bytes()), &defaults).unwrap()
    }

    #[test]
    fn each_row_says_its_decision() {
        let file = "line,decision,kind,payment,reason\nL-1,confirm,,,\nL-2,reject,,,\n\
            L-3,match,,W-1 W-2,\nL-4,resolve,fee,,SMS charge\n";
        let sheet = read(file, DecisionVerb::Confirm);
        assert_eq!(sheet.bad, []);
        let decisions: Vec<LineDecision> = sheet.rows.into_iter().map(|row| row.decision).collect();
        let with = vec!["W-1".to_owned(), "W-2".to_owned()];
        assert_eq!(
            decisions,
            [
                LineDecision::Confirm { reason: None },
                LineDecision::Reject,
                LineDecision::Match { with },
                LineDecision::Resolve {
                    kind: LinkKind::Charge,
                    reason: "SMS charge".to_owned()
                },
            ]
        );
    }

    #[test]
    fn a_list_of_lines_is_decided_as_the_command_says() {
        let sheet = read("line,holder\nL-1,ada\n", DecisionVerb::Reject);
        assert_eq!(sheet.rows[0].decision, LineDecision::Reject);
    }

    #[test]
    fn what_is_not_decided_is_named() {
        let file = "line,decision,kind,payment,reason\nL-1,,,,\nL-2,confirm,fee,,\n\
            L-3,resolve,,,x\nL-4,resolve,fee,,\nL-5,match,,,\nL-6,confirm,,,\nl-6,reject,,,\n";
        let bad: Vec<String> = read(file, DecisionVerb::Confirm)
            .bad
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            bad,
            [
                "2: decision: write confirm, reject, match or resolve",
                "3: kind: only a line to resolve has a kind",
                "4: kind: say what the line is: fee, interest, funding, other",
                "5: reason: a line is resolved with a reason",
                "6: payment: name what the line is matched with",
                "8: line: `l-6` is already on line 7",
            ]
        );
    }
}
