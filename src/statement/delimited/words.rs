//! What the words of a header mean.

use super::column_roles::{ColumnRole, OTHER_MEANINGS, SINGLE_WORDS, WHOLE};
use crate::domain::currency::Currency;

/// The role of a column, and how well the words fit: the lower the rank, the better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ColumnHeading {
    pub(super) role: ColumnRole,
    pub(super) rank: usize,
    pub(super) currency: Option<Currency>,
}

/// Returns a heading in small letters, without punctuation and without what is in parentheses.
pub(super) fn plain(heading: &str) -> String {
    let (mut plain, mut depth) = (String::new(), 0_u32);
    for c in heading.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if c.is_alphanumeric() => plain.extend(c.to_lowercase()),
            _ if !plain.is_empty() && !plain.ends_with(' ') => plain.push(' '),
            _ => {}
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Returns the currency that a heading names, such as `Amount(NGN)` or `Paid in (£)`.
fn currency_in(heading: &str) -> Option<Currency> {
    let signs = [('\u{20a6}', "NGN"), ('£', "GBP"), ('€', "EUR")];
    if let Some((_, code)) = signs.iter().find(|(sign, _)| heading.contains(*sign)) {
        return Currency::parse(code).ok();
    }
    let words = heading.split(|c: char| !c.is_ascii_alphanumeric());
    let mut codes =
        words.filter(|word| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase()));
    // `ALL` and `TRY` are currencies and words; in a heading in capitals they are words.
    codes.find_map(|word| {
        Currency::parse(word)
            .ok()
            .filter(|_| !matches!(word, "ALL" | "TRY" | "TOP"))
    })
}

/// Reads a heading. Returns `None` if its role is not known.
pub(super) fn heading(text: &str) -> Option<ColumnHeading> {
    if text.is_empty() || text.len() > 80 {
        return None;
    }
    let mut plain = plain(text);
    if plain.is_empty() && text.starts_with(['(', '[']) {
        plain = self::plain(text.trim_matches(['(', ')', '[', ']']));
    }
    let money_currency = currency_in(text);
    if let Some((rest, last)) = plain.rsplit_once(' ')
        && money_currency.is_some_and(|currency| currency.code().eq_ignore_ascii_case(last))
    {
        plain.truncate(rest.trim_end_matches(" in").len());
    }
    let whole = WHOLE
        .iter()
        .find_map(|(role, texts)| Some((*role, texts.iter().position(|text| *text == plain)?)));
    let (role, rank) = match whole {
        Some(known) => known,
        None => (role_of_words(&plain)?, 1_000),
    };
    let is_money = matches!(
        role,
        ColumnRole::Amount | ColumnRole::Debit | ColumnRole::Credit | ColumnRole::Balance
    );
    Some(ColumnHeading {
        role,
        rank,
        currency: money_currency.filter(|_| is_money),
    })
}

/// Returns the role of a heading that is not known as a whole.
fn role_of_words(plain: &str) -> Option<ColumnRole> {
    let words: Vec<&str> = plain.split(' ').collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    if words.len() > 6 || has(&OTHER_MEANINGS) {
        return None;
    }
    if has(&["value"]) && has(&["date"]) {
        return Some(ColumnRole::ValueDate);
    }
    let both = |out: &[&str], back: &[&str]| has(out) && has(back);
    if both(&["debit", "dr", "debits"], &["credit", "cr", "credits"]) {
        return Some(ColumnRole::Direction);
    }
    SINGLE_WORDS
        .iter()
        .find(|(_, words)| has(words))
        .map(|(role, _)| *role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_their_words() {
        for (text, role) in [
            ("Trans Date", ColumnRole::Date),
            ("Trans. Date", ColumnRole::Date),
            ("TransDate", ColumnRole::Date),
            ("Value Date", ColumnRole::ValueDate),
            ("Withdrawals (SGD)", ColumnRole::Debit),
            ("Lodgements", ColumnRole::Credit),
            ("Paid In (£)", ColumnRole::Credit),
            ("DEBIT AMOUNT", ColumnRole::Debit),
            ("Amount(NGN)", ColumnRole::Amount),
            ("Amount NGN", ColumnRole::Amount),
            ("DR/CR", ColumnRole::Direction),
            ("Debit/Credit", ColumnRole::Direction),
            ("Running Balance", ColumnRole::Balance),
            ("Balance After (NGN)", ColumnRole::Balance),
            ("Chq. No.", ColumnRole::Reference),
            ("To / From", ColumnRole::CounterpartyName),
            ("Omschrijving", ColumnRole::Description),
            ("Remarks\n", ColumnRole::Description),
            ("Credit Amount in NGN", ColumnRole::Credit),
        ] {
            assert_eq!(
                heading(text).map(|heading| heading.role),
                Some(role),
                "{text}"
            );
        }
        for text in [
            "Balance Before (NGN)",
            "Originating Branch",
            "Charge (NGN)",
            "S/No",
            "Category",
            "",
            "Statement of Account",
        ] {
            assert_eq!(heading(text), None, "{text}");
        }
        let code = |text: &str| heading(text).unwrap().currency.map(Currency::code);
        assert_eq!(code("Amount(NGN)"), Some("NGN"));
        assert_eq!(code("Deposits (SGD)"), Some("SGD"));
        assert_eq!(code("Money In (\u{20a6})"), Some("NGN"));
        assert_eq!(code("DATE"), None);
    }
}
