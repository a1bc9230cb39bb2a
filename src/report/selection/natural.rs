//! The order of words with numbers in them, as people expect it.

/// Writes the length of every number before it, so that `P-9` comes before `P-10`.
pub(super) fn in_natural_order(words: &str) -> String {
    let mut natural = String::with_capacity(words.len() + 4);
    let mut rest = words;
    while !rest.is_empty() {
        let end = rest.find(|sign: char| !sign.is_ascii_digit());
        let (digits, behind) = rest.split_at(end.unwrap_or(rest.len()));
        if !digits.is_empty() {
            let digits = digits.trim_start_matches('0');
            let length = digits.len().to_string();
            natural.extend(std::iter::repeat_n(
                '0',
                4_usize.saturating_sub(length.len()),
            ));
            natural.push_str(&length);
            natural.push_str(digits);
        }
        let next = behind.find(|sign: char| sign.is_ascii_digit());
        let (between, behind) = behind.split_at(next.unwrap_or(behind.len()));
        natural.push_str(between);
        rest = behind;
    }
    natural
}
