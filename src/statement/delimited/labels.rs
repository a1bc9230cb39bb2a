//! The labels of balances, accounts, periods and sums above, in and below the table.

use super::words::plain;

/// Which balance a row or label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BalanceKind {
    Opening,
    Closing,
    Unnamed,
}

/// What a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoteLabel {
    Opening,
    Closing,
    Current(usize),
    Account,
    From,
    To,
    Period,
    Currency,
    TotalDebit,
    TotalCredit,
    /// A known label that is not needed, such as the name of the account.
    Other,
}

/// The labels, as [`plain`] returns them. If one begins like another, the longer one comes first.
const LABELS: [(NoteLabel, &[&str]); 11] = [
    (
        NoteLabel::Other,
        &[
            "account name",
            "account type",
            "account officer",
            "account holder",
            "account branch",
            "account status",
            "account class",
            "opening date",
        ],
    ),
    (
        NoteLabel::Opening,
        &[
            "opening balance",
            "open balance",
            "balance brought forward",
            "brought forward",
            "balance b f",
            "balance b d",
            "b f",
            "bal b f",
            "previous balance",
            "starting balance",
            "start balance",
            "beginning balance",
            "balance at start",
            "opening ledger balance",
            "opening book balance",
            "beginsaldo",
            "anfangssaldo",
            "solde initial",
            "balance before",
        ],
    ),
    (
        NoteLabel::Closing,
        &[
            "closing balance",
            "close balance",
            "balance carried forward",
            "carried forward",
            "balance c f",
            "balance c d",
            "c f",
            "bal c f",
            "ending balance",
            "end balance",
            "final balance",
            "balance at end",
            "closing ledger balance",
            "closing book balance",
            "eindsaldo",
            "endsaldo",
            "schlusssaldo",
            "solde final",
        ],
    ),
    (NoteLabel::Current(0), &["ledger balance"]),
    (
        NoteLabel::Current(1),
        &[
            "book balance",
            "current balance",
            "account balance",
            "cleared balance",
        ],
    ),
    (
        NoteLabel::Current(2),
        &["available balance", "usable balance", "effective balance"],
    ),
    (
        NoteLabel::Account,
        &[
            "account number",
            "account no",
            "acct number",
            "acct no",
            "a c number",
            "a c no",
            "account details for",
            "account details",
            "account id",
            "nuban",
            "iban",
            "rekeningnummer",
            "kontonummer",
            "account",
        ],
    ),
    (
        NoteLabel::Period,
        &[
            "statement period",
            "period covered",
            "period",
            "date range",
            "transaction period",
            "statement date range",
            "zeitraum",
            "periode",
        ],
    ),
    (
        NoteLabel::Currency,
        &[
            "account currency",
            "currency code",
            "currency",
            "ccy",
            "munt",
            "währung",
            "devise",
        ],
    ),
    (
        NoteLabel::TotalDebit,
        &[
            "total debits",
            "total debit",
            "total withdrawals",
            "total withdrawal",
            "debit total",
            "total paid out",
            "total money out",
        ],
    ),
    (
        NoteLabel::TotalCredit,
        &[
            "total credits",
            "total credit",
            "total lodgements",
            "total lodgement",
            "total deposits",
            "total deposit",
            "credit total",
            "total paid in",
            "total money in",
        ],
    ),
];

const FROM: [&str; 7] = [
    "start date",
    "from date",
    "date from",
    "period from",
    "from",
    "begin date",
    "von",
];
const TO: [&str; 6] = ["end date", "to date", "date to", "period to", "to", "bis"];

/// The first words of the labels of balances.
const BALANCE_WORDS: [&str; 32] = [
    "opening",
    "open",
    "balance",
    "brought",
    "b",
    "bal",
    "previous",
    "starting",
    "start",
    "beginning",
    "beginsaldo",
    "anfangssaldo",
    "solde",
    "closing",
    "close",
    "carried",
    "c",
    "ending",
    "end",
    "final",
    "eindsaldo",
    "endsaldo",
    "schlusssaldo",
    "ledger",
    "book",
    "current",
    "account",
    "cleared",
    "available",
    "usable",
    "effective",
    "saldo",
];

/// Returns which balance a description or label names. A narration that only mentions one is longer.
pub(super) fn balance_label(text: &str) -> Option<BalanceKind> {
    // The first word rules out most descriptions without a copy of the text.
    let first = text
        .trim_start_matches(['*', '-', '=', '.', ' '])
        .split(|c: char| !c.is_alphabetic())
        .next()?;
    if text.len() > 60
        || !BALANCE_WORDS
            .iter()
            .any(|word| word.eq_ignore_ascii_case(first))
    {
        return None;
    }
    let plain = plain(text);
    let words = |label: &str| {
        let rest = plain.strip_prefix(label)?;
        let dated = rest.chars().any(|c| c.is_ascii_digit())
            || rest.starts_with(" as ")
            || rest.starts_with(" on ")
            || rest.starts_with(" at ");
        (rest.is_empty() || dated && rest.starts_with(' ')).then_some(())
    };
    LABELS
        .iter()
        .filter(|(_, texts)| texts.iter().any(|text| words(text).is_some()))
        .find_map(|(label, _)| match label {
            NoteLabel::Opening => Some(BalanceKind::Opening),
            NoteLabel::Closing => Some(BalanceKind::Closing),
            NoteLabel::Current(_) => Some(BalanceKind::Unnamed),
            NoteLabel::Account
            | NoteLabel::From
            | NoteLabel::To
            | NoteLabel::Period
            | NoteLabel::Currency
            | NoteLabel::TotalDebit
            | NoteLabel::TotalCredit
            | NoteLabel::Other => None,
        })
}

/// Returns whether a cell is the first of a row of sums.
pub(super) fn is_total(text: &str) -> bool {
    let mut words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    const SUMS: [&str; 10] = [
        "total", "totals", "subtotal", "grand", "sum", "page", "totaal", "summe", "gesamt",
        "turnover",
    ];
    text.len() <= 60
        && words
            .next()
            .is_some_and(|word| SUMS.iter().any(|sum| sum.eq_ignore_ascii_case(word)))
}

/// Finds a label at the start of a cell, and what comes after it in the same cell.
pub(super) fn label(cell: &str) -> Option<(NoteLabel, &str)> {
    if cell.len() > 200 || !cell.contains(|c: char| c.is_alphabetic()) {
        return None;
    }
    let (head, rest) = match cell.split_once(':') {
        Some((head, rest)) if !head.contains(|c: char| c.is_ascii_digit()) => (head, rest.trim()),
        _ => {
            // A minus or an opening parenthesis before the first digit belongs to the value.
            let digit = cell
                .find(|c: char| c.is_ascii_digit())
                .unwrap_or(cell.len());
            let (head, _) = cell.split_at_checked(digit)?;
            let head = head.trim_end_matches(['-', '(', '+', '\u{20a6}', '£', '€', '$', ' ']);
            (head, cell.get(head.len()..)?.trim())
        }
    };
    let plain = plain(head);
    let begins = |text: &&&str| {
        plain
            .strip_prefix(**text)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let single = [(NoteLabel::From, &FROM[..]), (NoteLabel::To, &TO[..])];
    let exact = single
        .into_iter()
        .find(|(_, texts)| texts.contains(&plain.as_str()))
        .map(|(label, _)| label);
    let name = exact.or_else(|| {
        LABELS
            .iter()
            .find(|(_, texts)| texts.iter().any(|text| begins(&text)))
            .map(|(label, _)| *label)
    })?;
    // A sentence is not a label.
    (plain.split(' ').count() <= 6).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_of_a_balance_begins_with_a_word_that_is_looked_for() {
        let of_balances = |label: &NoteLabel| {
            matches!(
                label,
                NoteLabel::Opening | NoteLabel::Closing | NoteLabel::Current(_)
            )
        };
        for text in LABELS
            .iter()
            .filter(|(label, _)| of_balances(label))
            .flat_map(|(_, texts)| texts.iter())
        {
            assert!(balance_label(text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_narration_that_mentions_a_balance_is_not_a_label() {
        assert_eq!(balance_label("Opening Balance"), Some(BalanceKind::Opening));
        assert_eq!(balance_label("BALANCE B/F"), Some(BalanceKind::Opening));
        assert_eq!(
            balance_label("***Closing Balance***"),
            Some(BalanceKind::Closing)
        );
        assert_eq!(
            balance_label("Closing balance as at 31-Oct-2026"),
            Some(BalanceKind::Closing)
        );
        assert_eq!(balance_label("Opening balance transfer to Okoro"), None);
        assert_eq!(balance_label("NIP TRF opening balance"), None);
    }
}
