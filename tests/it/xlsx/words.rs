//! What a cell of a workbook and a field of CSV or JSON say.

use serde_json::Value;

/// Lists the number formats of a workbook by the style of a cell.
pub(super) fn formats(styles: &str) -> Vec<String> {
    let attribute = |tag: &str, name: &str| {
        tag.split_once(&format!("{name}=\""))?
            .1
            .split_once('"')
            .map(|(value, _)| value.to_owned())
    };
    let own: Vec<(String, String)> = styles
        .split("<numFmt ")
        .skip(1)
        .map(|tag| {
            (
                attribute(tag, "numFmtId").unwrap(),
                attribute(tag, "formatCode").unwrap(),
            )
        })
        .collect();
    let built_in = [
        ("0", "General"),
        ("1", "0"),
        ("3", "#,##0"),
        ("4", "#,##0.00"),
        ("49", "@"),
    ];
    let code = |id: String| {
        let known = built_in
            .iter()
            .find(|(built_in, _)| *built_in == id)
            .map(|(_, code)| (*code).to_owned());
        known
            .or_else(|| {
                own.iter()
                    .find(|(own, _)| *own == id)
                    .map(|(_, code)| code.clone())
            })
            .unwrap()
    };
    let cells = styles
        .split_once("<cellXfs")
        .unwrap()
        .1
        .split_once("</cellXfs>")
        .unwrap()
        .0;
    cells
        .split("<xf ")
        .skip(1)
        .map(|tag| code(attribute(tag, "numFmtId").unwrap()))
        .collect()
}

/// Names a column as spreadsheets do: A to Z, then AA.
pub(super) fn letters(column: u32) -> String {
    let letter = |at: u32| char::from(b'A' + u8::try_from(at).unwrap());
    if column < 26 {
        letter(column).to_string()
    } else {
        format!("{}{}", letter(column / 26 - 1), letter(column % 26))
    }
}

/// Writes a JSON value as CSV does.
pub(super) fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(names) if names.iter().all(Value::is_string) => {
            names.iter().map(words).collect::<Vec<_>>().join(" ")
        }
        Value::Array(_) | Value::Object(_) | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// Takes off the mark that keeps a CSV reader from taking a text for a formula.
pub(super) fn disarmed(words: &str) -> &str {
    words
        .strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']))
        .unwrap_or(words)
}

/// Counts the digits that count.
pub(super) fn digits(words: &str) -> usize {
    words
        .bytes()
        .filter(u8::is_ascii_digit)
        .skip_while(|digit| *digit == b'0')
        .count()
}

/// Writes a plain decimal without the zeros at its end.
pub(super) fn shortest(words: &str) -> String {
    if words.contains('.') {
        words.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        words.to_owned()
    }
}

pub(super) fn is_decimal(words: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    words
        .trim_start_matches('-')
        .split_once('.')
        .is_some_and(|(whole, decimals)| digits(whole) && digits(decimals))
}

pub(super) fn is_day(words: &str) -> bool {
    words.len() == 10
        && words.bytes().enumerate().all(|(at, byte)| {
            if at == 4 || at == 7 {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        })
}

pub(super) fn is_moment(words: &str) -> bool {
    words.len() == 27
        && words.ends_with('Z')
        && words.get(..10).is_some_and(is_day)
        && words[10..].starts_with('T')
}
