//! What stands above and below the table: account, period, balances, currency.

use super::{
    dates::{Limits, Reader},
    money::{Words, value, written},
    table::Which,
    words::plain,
};
use crate::{
    domain::{currency::Currency, signed::Signed, time::Date},
    statement::Mark,
};

/// What the rows around the table say, as texts; they are read once decimal mark and order of dates
/// are known.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) account: Option<String>,
    pub(super) opening: Option<String>,
    pub(super) closing: Option<String>,
    /// A balance of the day of the export, such as `Available Balance`, with its rank: the lower
    /// the better.
    current: Option<(usize, String)>,
    from: Option<String>,
    to: Option<String>,
    pub(super) currency: Option<Currency>,
    pub(super) total_debit: Option<String>,
    pub(super) total_credit: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
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
    /// A label that is known and not wanted, such as the account's name.
    Other,
}

/// Labels, as [`plain`] writes them; where one begins like another, the longer stands first.
const LABELS: [(Label, &[&str]); 11] = [
    (
        Label::Other,
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
        Label::Opening,
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
        Label::Closing,
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
    (Label::Current(0), &["ledger balance"]),
    (
        Label::Current(1),
        &[
            "book balance",
            "current balance",
            "account balance",
            "cleared balance",
        ],
    ),
    (
        Label::Current(2),
        &["available balance", "usable balance", "effective balance"],
    ),
    (
        Label::Account,
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
        Label::Period,
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
        Label::Currency,
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
        Label::TotalDebit,
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
        Label::TotalCredit,
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

/// The words with which the labels of balances begin.
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

/// Tells which balance a description or label names. A narration that only mentions one is longer.
pub(super) fn balance_label(text: &str) -> Option<Which> {
    // Most descriptions are told by their first word, without a copy of the text.
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
            Label::Opening => Some(Which::Opening),
            Label::Closing => Some(Which::Closing),
            Label::Current(_) => Some(Which::Unnamed),
            Label::Account
            | Label::From
            | Label::To
            | Label::Period
            | Label::Currency
            | Label::TotalDebit
            | Label::TotalCredit
            | Label::Other => None,
        })
}

/// Tells whether a cell begins a row of sums.
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

/// Finds a label at the start of a cell, and what stands in the same cell after it.
fn label(cell: &str) -> Option<(Label, &str)> {
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
    let single = [(Label::From, &FROM[..]), (Label::To, &TO[..])];
    let exact = single
        .into_iter()
        .find(|(_, texts)| texts.contains(&plain.as_str()))
        .map(|(label, _)| label);
    let found = exact.or_else(|| {
        LABELS
            .iter()
            .find(|(_, texts)| texts.iter().any(|text| begins(&text)))
            .map(|(label, _)| *label)
    })?;
    // `Accounts are insured` is no label, and neither is a sentence.
    (plain.split(' ').count() <= 6).then_some((found, rest))
}

impl Notes {
    /// Reads rows around the table.
    pub(super) fn read(&mut self, rows: &[Vec<String>]) {
        for (at, row) in rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let Some((label, rest)) = label(cell.trim()) else {
                    continue;
                };
                let mut after = row
                    .iter()
                    .skip(column + 1)
                    .map(|cell| cell.trim())
                    .filter(|cell| !cell.is_empty());
                let next = after.next().filter(|next| self::label(next).is_none());
                let beneath = rows
                    .get(at + 1)
                    .and_then(|row| row.get(column))
                    .map(|cell| cell.trim());
                let beneath = beneath.filter(|cell| cell.starts_with(|c: char| !c.is_alphabetic()));
                let text = if rest.is_empty() {
                    next.or(beneath)
                } else {
                    Some(rest)
                };
                let Some(text) = text else { continue };
                let second = if rest.is_empty() { after.next() } else { next };
                self.take(label, text, second);
            }
        }
    }

    fn take(&mut self, label: Label, text: &str, second: Option<&str>) {
        let keep = |slot: &mut Option<String>| {
            slot.get_or_insert_with(|| text.to_owned());
        };
        match label {
            Label::Opening => keep(&mut self.opening),
            // The last one counts, since pages may end with one each.
            Label::Closing => self.closing = Some(text.to_owned()),
            Label::Current(rank) => {
                if self.current.as_ref().is_none_or(|(known, _)| rank < *known) {
                    self.current = Some((rank, text.to_owned()));
                }
            }
            Label::Account => self.account = self.account.take().or_else(|| account(text)),
            Label::From => keep(&mut self.from),
            Label::To => keep(&mut self.to),
            Label::Period => {
                let separators = [
                    " to ",
                    " TO ",
                    " To ",
                    " - ",
                    " – ",
                    " and ",
                    " bis ",
                    " t/m ",
                    " through ",
                ];
                let pair = separators
                    .iter()
                    .find_map(|separator| text.split_once(separator));
                if let Some((from, to)) = pair.or_else(|| Some((text, second?))) {
                    let from = from
                        .trim_start_matches(|c: char| c.is_alphabetic() || c == ':' || c == ' ');
                    self.from.get_or_insert_with(|| from.to_owned());
                    self.to.get_or_insert_with(|| to.trim().to_owned());
                }
            }
            Label::Currency => self.currency = self.currency.or_else(|| currency(text)),
            Label::TotalDebit => keep(&mut self.total_debit),
            Label::TotalCredit => keep(&mut self.total_credit),
            Label::Other => {}
        }
    }

    /// Tells the balance of the day of the export, the best of those that are named.
    pub(super) fn current(&self) -> Option<&str> {
        self.current.as_ref().map(|(_, text)| text.as_str())
    }

    /// Lists the texts of balances.
    pub(super) fn balances(&self) -> impl Iterator<Item = &str> {
        [
            self.opening.as_deref(),
            self.closing.as_deref(),
            self.current(),
        ]
        .into_iter()
        .flatten()
    }

    /// Tells the period.
    pub(super) fn period(&self, dates: &Reader<'_>) -> Option<(Date, Date)> {
        // A period may be named that ends later than its last line.
        let read = |text: &Option<String>| {
            let text = text.as_deref()?.trim_end_matches(['.', ')', ']']);
            dates.read(text, Limits::Value).ok()
        };
        let (from, to) = (read(&self.from)?, read(&self.to)?);
        (from <= to).then_some((from, to))
    }
}

/// Reads an amount around the table.
pub(super) fn amount(text: Option<&str>, mark: Mark, words: Words<'_>) -> Option<Signed> {
    let found = written(text?.trim(), words)?;
    let value = value(found.figure, mark).ok()?;
    let negative = found.negative || found.direction == Some(super::money::Direction::Out);
    Some(if negative { value.negated() } else { value })
}

/// Finds the account's number in a text such as `FRANK Account 666-666666-666` or `BE11 1234 5678
/// 9012`.
fn account(text: &str) -> Option<String> {
    let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_iban = joined.len() >= 15
        && joined.len() <= 34
        && joined.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && joined.bytes().take(2).all(|byte| byte.is_ascii_uppercase())
        && joined
            .bytes()
            .skip(2)
            .take(2)
            .all(|byte| byte.is_ascii_digit());
    if is_iban {
        return Some(joined);
    }
    let digits = |word: &str| word.bytes().filter(u8::is_ascii_digit).count();
    let is_number = |word: &&str| {
        let plain = word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '*'));
        plain
            && super::dates::shape(word).is_none()
            && (digits(word) >= 6 || digits(word) >= 3 && word.contains(['*', 'X', 'x']))
    };
    let words =
        text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '\'' | '"'));
    words
        .filter(|word| !word.is_empty())
        .find(is_number)
        .map(str::to_owned)
}

/// Reads a currency's code or its usual name.
fn currency(text: &str) -> Option<Currency> {
    let lower = text.to_lowercase();
    let codes = text
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| word.len() == 3);
    let code = codes
        .filter(|word| word.bytes().all(|byte| byte.is_ascii_uppercase()))
        .find_map(|word| Currency::parse(word).ok());
    let names = [
        ("naira", "NGN"),
        ("us dollar", "USD"),
        ("united states dollar", "USD"),
        ("pound", "GBP"),
        ("euro", "EUR"),
    ];
    let by_name = || {
        names
            .iter()
            .find(|(name, _)| lower.contains(name))
            .and_then(|(_, code)| Currency::parse(code).ok())
    };
    code.or_else(by_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(rows: &[&[&str]]) -> Notes {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
            .collect();
        let mut notes = Notes::default();
        notes.read(&rows);
        notes
    }

    #[test]
    fn labels_and_values_are_found_in_one_cell_beside_each_other_and_below() {
        let found = notes(&[
            &["Account No: 0123456785", "", "Currency: Nigerian Naira"],
            &["Opening Balance", "12,400.00", "Closing Balance", "(1.00)"],
            &["Period", "01-Oct-2026 to 31-Oct-2026"],
        ]);
        assert_eq!(found.account.as_deref(), Some("0123456785"));
        assert_eq!(found.currency.map(Currency::code), Some("NGN"));
        assert_eq!(
            (found.opening.as_deref(), found.closing.as_deref()),
            (Some("12,400.00"), Some("(1.00)"))
        );
        assert_eq!(
            (found.from.as_deref(), found.to.as_deref()),
            (Some("01-Oct-2026"), Some("31-Oct-2026"))
        );
        let below = notes(&[
            &[
                "Opening Balance",
                "Total Debit",
                "Total Credit",
                "Closing Balance",
            ],
            &["1.00", "2.00", "3.00", "2.00"],
        ]);
        assert_eq!(
            (below.opening.as_deref(), below.closing.as_deref()),
            (Some("1.00"), Some("2.00"))
        );
        assert_eq!(
            (below.total_debit.as_deref(), below.total_credit.as_deref()),
            (Some("2.00"), Some("3.00"))
        );
        let ocbc = notes(&[
            &["Account details for:", "FRANK Account 666-666666-666"],
            &["Available Balance", "6.00"],
            &["Ledger Balance", "7.00"],
        ]);
        assert_eq!(
            (ocbc.account.as_deref(), ocbc.current()),
            (Some("666-666666-666"), Some("7.00"))
        );
        assert_eq!(
            notes(&[&["Opening balance NGN1,000.00"]])
                .opening
                .as_deref(),
            Some("1,000.00")
        );
        assert_eq!(notes(&[&["Account Name", "0123456 LTD"]]).account, None);
        assert_eq!(
            notes(&[&["IBAN", "BE11 1234 5678 9012"]])
                .account
                .as_deref(),
            Some("BE11123456789012")
        );
        let dates = notes(&[&["From:", "01/10/2026"], &["To:", "31/10/2026"]]);
        assert_eq!(
            (dates.from.as_deref(), dates.to.as_deref()),
            (Some("01/10/2026"), Some("31/10/2026"))
        );
    }

    #[test]
    fn every_label_of_a_balance_begins_with_a_word_that_is_looked_for() {
        let of_balances =
            |label: &Label| matches!(label, Label::Opening | Label::Closing | Label::Current(_));
        for text in LABELS
            .iter()
            .filter(|(label, _)| of_balances(label))
            .flat_map(|(_, texts)| texts.iter())
        {
            assert!(balance_label(text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_narration_that_mentions_a_balance_is_none() {
        assert_eq!(balance_label("Opening Balance"), Some(Which::Opening));
        assert_eq!(balance_label("BALANCE B/F"), Some(Which::Opening));
        assert_eq!(balance_label("***Closing Balance***"), Some(Which::Closing));
        assert_eq!(
            balance_label("Closing balance as at 31-Oct-2026"),
            Some(Which::Closing)
        );
        assert_eq!(balance_label("Opening balance transfer to Okoro"), None);
        assert_eq!(balance_label("NIP TRF opening balance"), None);
    }
}
