//! The number that people mean who wrote it in another form.

/// Returns the number that a text most likely means, in the form in which it is read: `18,500,000`,
/// `NGN100` and `18.5m` are clear to a person and never taken in silence.
pub(super) fn meant(text: &str) -> Option<String> {
    let bare = without_currency(text.trim());
    let (bare, zeros) = without_word(bare);
    let (whole, fraction) = match bare.split_once('.') {
        Some((whole, fraction)) => (whole, fraction),
        None => (bare, ""),
    };
    let whole = without_groups(whole)?;
    if !is_digits(fraction) {
        return None;
    }
    let shifted = fraction.get(..zeros.min(fraction.len()))?;
    let missing = zeros - shifted.len();
    let rest = fraction.get(shifted.len()..)?.trim_end_matches('0');
    let whole = format!("{whole}{shifted}{}", "0".repeat(missing));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let meant = if rest.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{rest}")
    };
    // More digits than any amount has mean nothing.
    (meant != text && meant.len() <= 30).then_some(meant)
}

/// Takes a currency away that is written before or after a number.
fn without_currency(text: &str) -> &str {
    const SIGNS: [char; 4] = ['₦', '$', '€', '£'];
    let is_code =
        |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let text = text.trim_start_matches(SIGNS);
    let text = match text.split_at_checked(3) {
        Some((code, rest)) if is_code(code) => rest,
        Some(_) | None => text,
    };
    let end = text.len().saturating_sub(3);
    let text = match text.split_at_checked(end) {
        Some((rest, code)) if is_code(code) => rest,
        Some(_) | None => text,
    };
    text.trim()
}

/// Takes a word for thousands, millions or billions away; returns how many zeros it stands for.
fn without_word(text: &str) -> (&str, usize) {
    const WORDS: [(&str, usize); 5] = [("bn", 9), ("mn", 6), ("k", 3), ("m", 6), ("b", 9)];
    let lower = text.to_ascii_lowercase();
    let found = WORDS.iter().find(|(word, _)| lower.ends_with(word));
    let Some((word, zeros)) = found else {
        return (text, 0);
    };
    let bare = text.get(..text.len().saturating_sub(word.len()));
    (bare.unwrap_or(text).trim_end(), *zeros)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Takes the commas between groups of three digits away.
fn without_groups(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups
        .next()
        .filter(|first| !first.is_empty() && is_digits(first))?;
    let others: Vec<&str> = groups.collect();
    let grouped = others
        .iter()
        .all(|group| group.len() == 3 && is_digits(group));
    let fits = others.is_empty() || first.len() <= 3;
    (grouped && fits).then(|| format!("{first}{}", others.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_means_is_written_as_a_number() {
        for (text, number) in [
            ("18,500,000", "18500000"),
            ("1,250.50", "1250.5"),
            ("NGN100", "100"),
            ("NGN 1,000", "1000"),
            ("100 USD", "100"),
            ("₦2,500", "2500"),
            ("18.5m", "18500000"),
            ("1.25bn", "1250000000"),
            ("2k", "2000"),
            ("0.0005k", "0.5"),
        ] {
            assert_eq!(meant(text).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn what_may_mean_two_things_has_no_meaning() {
        for text in [
            "1250,50",
            "1,25",
            "12,34,567",
            "1.250,50",
            "0x1F",
            "1.2.3",
            "m",
            "",
            "٣",
            "NGN",
            "--5",
        ] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
