//! Texts, references and ids.

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
    use crate::statement::decimal_mark::DecimalMark;

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
    fn a_text_that_another_contains_is_not_repeated() {
        assert_eq!(
            joined(["ALDI  STORE", "aldi store Geelong\u{1}"]),
            "aldi store Geelong"
        );
        assert_eq!(joined(["fee for march", "FEE", "x"]), "fee for march x");
    }
}
