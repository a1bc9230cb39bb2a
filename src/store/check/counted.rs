//! Numbers with their nouns, as the checks print them.

/// Returns a number with its noun.
pub(super) fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    match number.try_into() {
        Ok(1) => format!("1 {noun}"),
        Ok(number) => format!("{number} {noun}s"),
        Err(_) => format!("{noun}s"),
    }
}
