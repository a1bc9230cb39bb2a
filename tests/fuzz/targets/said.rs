//! Messages for people: no character that a terminal obeys, no account number, always a place.

use prorata::intake::BadLine;

/// How many digits in a row could be an account number.
const ACCOUNT: usize = 10;

/// Returns what a terminal obeys, and what turns the direction of a line.
fn is_hostile(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// Asserts that a text can be shown as it is.
pub(crate) fn harmless(text: &str) {
    assert!(
        !text.contains(is_hostile),
        "a control character in {text:?}"
    );
}

/// Asserts that many lines can be shown as they are.
pub(crate) fn harmless_lines(text: &str) {
    text.split('\n').for_each(harmless);
}

/// Asserts that a message repeats no number of the input that could be an account's.
pub(crate) fn repeats_no_account(input: &[u8], message: &str) {
    // Text of two bytes a sign has zeros between its digits.
    let narrow: Vec<u8> = input.iter().copied().filter(|byte| *byte != 0).collect();
    for run in message
        .split(|sign: char| !sign.is_ascii_digit())
        .filter(|run| run.len() >= ACCOUNT)
    {
        let found = narrow
            .windows(run.len())
            .any(|window| window == run.as_bytes());
        assert!(
            !found,
            "the message repeats `{run}` of the file: {message:?}"
        );
    }
}

/// Asserts that every bad line has a place in the file, and a reason that can be shown.
pub(crate) fn placed(input: &[u8], bad: &[BadLine]) {
    // A line ends with LF or CR; text of two bytes a sign has no more of them.
    let most = input
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count()
        + 1;
    for bad in bad {
        let line = usize::try_from(bad.line).unwrap_or(usize::MAX);
        // Line 0 is the file as a whole.
        assert!((0..=most).contains(&line), "line {line} of {most}: {bad}");
        assert!(!bad.reason.is_empty());
        let said = bad.to_string();
        harmless(&said);
        repeats_no_account(input, &said);
        assert!(said.len() < 4_000, "a reason of {} bytes", said.len());
    }
}
