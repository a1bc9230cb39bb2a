//! Parts of the messages of refusals.

use crate::domain::code::{Code, FileNumber, WithdrawalNumber};

/// Says that there is no second person.
pub(super) fn nobody(may: &[Code]) -> &'static str {
    if may.is_empty() {
        "; nobody may: every user who reviews had a hand in it"
    } else {
        ""
    }
}

/// Says that no other user may.
pub(super) fn nobody_else(may: &[Code]) -> &'static str {
    if may.is_empty() {
        "; nobody else may"
    } else {
        ""
    }
}

/// Lists withdrawals, the first ones if there are many.
pub(super) fn listed(what: &str, withdrawals: &[WithdrawalNumber]) -> String {
    if withdrawals.is_empty() {
        return String::new();
    }
    let first: Vec<String> = withdrawals
        .iter()
        .take(20)
        .map(ToString::to_string)
        .collect();
    let more = if withdrawals.len() > 20 { ", …" } else { "" };
    format!("; {what}: {}{more}", first.join(", "))
}

/// Counts holders.
pub(super) fn holders(count: usize) -> String {
    match count {
        1 => "1 holder".to_owned(),
        count => format!("{count} holders"),
    }
}

/// Lists codes.
pub(super) fn codes(codes: &[Code]) -> String {
    let quoted: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    quoted.join(", ")
}

/// Says since when something counts: the approval of the last event.
pub(super) fn since_event(last: Option<&Code>) -> String {
    last.map_or_else(String::new, |last| {
        format!(" since event `{last}` was approved")
    })
}

/// Names the files that hold payments, and how many each.
pub(super) fn held_by(files: &[(FileNumber, u64)]) -> String {
    let files: Vec<String> = files
        .iter()
        .map(|(file, payments)| format!("{file} holds {payments}"))
        .collect();
    match files.as_slice() {
        [] => String::new(),
        _ => format!("; {}", files.join(", ")),
    }
}
