//! Texts, references and ids.

use crate::domain::statement::{FindingKind, Statement, StatementFinding};

/// Returns the start of a text for a message, without long runs of digits, which could be an account
/// number.
pub(in crate::statement) fn shown(text: &str) -> String {
    let mut shown = String::new();
    let mut digits = String::new();
    for c in one_line(text).chars().take(24).chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if digits.len() > 8 {
            shown.push_str(digits.get(..2).unwrap_or_default());
            shown.push('…');
        } else {
            shown.push_str(&digits);
        }
        digits.clear();
        if c != '\0' {
            shown.push(c);
        }
    }
    shown
}

/// Makes one line of a text: white space and control characters become single spaces, and none are
/// at its ends.
pub(in crate::statement) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || is_control(c) {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
        } else {
            line.push(c);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Returns whether a terminal could obey a character: control characters, and the marks that turn
/// the direction of what follows.
pub(in crate::statement) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The most letters that the text of a line may have. No bank writes more about one line; a file that
/// does could fill a ledger.
const LONGEST: usize = 4_000;

/// Cuts the texts of a statement's lines to their greatest length, and reports those that were cut.
pub(in crate::statement) fn cut_texts(statement: &mut Statement) {
    for line in &mut statement.lines {
        if let Some(letters) = cut(&mut line.description) {
            statement.findings.push(StatementFinding {
                line: Some(line.place),
                ..StatementFinding::new(
                    FindingKind::Note,
                    format!("the text has {letters} letters; the first {LONGEST} were kept"),
                )
            });
        }
    }
    for row in &mut statement.skipped {
        cut(&mut row.description);
    }
}

/// Cuts a text, and returns how many letters it had if that was too many.
fn cut(text: &mut String) -> Option<usize> {
    let (end, _) = text.char_indices().nth(LONGEST)?;
    let letters = text.chars().count();
    text.truncate(end);
    Some(letters)
}

/// Reads a text as one line, or returns `None` if it is empty.
pub(in crate::statement) fn filled(text: &str) -> Option<String> {
    Some(one_line(text)).filter(|text| !text.is_empty())
}

/// Reads a reference, or returns `None` if it is a placeholder such as `NONREF`.
pub(in crate::statement) fn reference(text: &str) -> Option<String> {
    let reference = filled(text)?;
    let letters: String = reference
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_uppercase();
    let placeholder = matches!(
        letters.as_str(),
        "NONREF"
            | "NOREF"
            | "NOTPROVIDED"
            | "NOTAVAILABLE"
            | "NONE"
            | "NA"
            | "NULL"
            | "UNKNOWN"
            | "NOREFERENCE"
            | "KEINEREF"
    );
    // A text with neither a letter of any script nor a digit other than 0 names nothing.
    let names = reference.chars().any(|c| c.is_alphanumeric() && c != '0');
    (names && !placeholder).then_some(reference)
}

/// Reads the bank's own id of a line.
///
/// A number of up to four digits is a counter that starts again in the next file, so it would make
/// one line of two.
pub(in crate::statement) fn bank_id(text: &str) -> Option<String> {
    reference(text).filter(|id| id.len() > 4 || !id.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Joins texts to one line, without those that another one contains.
pub(in crate::statement) fn joined<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut kept: Vec<String> = Vec::new();
    for text in texts.into_iter().filter_map(filled) {
        let lower = text.to_lowercase();
        if kept
            .iter()
            .any(|other| other.to_lowercase().contains(&lower))
        {
            continue;
        }
        kept.retain(|other| !lower.contains(&other.to_lowercase()));
        kept.push(text);
    }
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tabular::DecimalMark;

    #[test]
    fn an_account_number_is_not_repeated_in_an_error() {
        assert_eq!(shown("IBAN 0123456789 x"), "IBAN 01… x");
        assert_eq!(shown("$120"), "$120");
        let error = super::super::amount("1234567890123456", DecimalMark::Point);
        assert!(!error.unwrap_err().contains("123456"));
    }

    #[test]
    fn a_placeholder_is_not_a_reference_and_a_counter_not_an_id() {
        for text in [
            "NONREF",
            "nonref",
            "NOT PROVIDED",
            "0",
            "00000000000000000000",
            "-",
            "",
            "  ",
            "N/A",
        ] {
            assert_eq!(reference(text), None, "{text}");
        }
        assert_eq!(reference(" RF18  539 "), Some("RF18 539".to_owned()));
        assert_eq!(reference("報酬"), Some("報酬".to_owned()));
        assert_eq!(bank_id("17"), None);
        assert_eq!(bank_id("0000486"), Some("0000486".to_owned()));
    }

    #[test]
    fn a_text_is_cut_after_four_thousand_letters_and_that_is_reported() {
        let line = |letters: usize| crate::domain::statement::StatementLine {
            place: 7,
            description: "é".repeat(letters),
            booking_date: super::super::samples::date("2026-01-05"),
            value_date: None,
            amount: super::super::samples::signed("1.00"),
            balance: None,
            reference: None,
            bank_id: None,
            end_to_end: None,
            counterparty_name: None,
            counterparty_account: None,
            reversal: false,
        };
        let mut statement = Statement {
            lines: vec![line(4_000), line(4_001)],
            ..Statement::default()
        };
        cut_texts(&mut statement);
        assert!(
            statement
                .lines
                .iter()
                .all(|line| line.description.chars().count() == 4_000)
        );
        let said: Vec<_> = statement
            .findings
            .iter()
            .map(|finding| (finding.line, finding.detail.as_str()))
            .collect();
        assert_eq!(
            said,
            [(
                Some(7),
                "the text has 4001 letters; the first 4000 were kept"
            )]
        );
    }

    #[test]
    fn a_text_that_another_contains_is_not_repeated() {
        assert_eq!(
            joined(["ALDI  STORE", "aldi store Geelong\u{1}"]),
            "aldi store Geelong"
        );
        assert_eq!(joined(["fee for march", "FEE", "x"]), "fee for march x");
    }
}
