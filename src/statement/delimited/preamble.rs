//! What is above and below the table: account, period, balances, currency.

use super::{
    super::{date_numbers, direction::Direction},
    dates::{DateKind, DateReader},
    labels::{NoteLabel, label},
    money::{DirectionWords, value, written},
};
use crate::domain::{currency::Currency, signed::Signed, time::DayRange};
use crate::tabular::DecimalMark;

/// The notes in the rows around the table, as texts. They are read when the decimal mark and the
/// order of dates are known.
#[derive(Clone, Debug, Default)]
pub(super) struct TableNotes {
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

impl TableNotes {
    /// Reads the notes in rows around the table.
    pub(super) fn read(&mut self, rows: &[Vec<String>]) {
        for (at, row) in rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let Some((name, rest)) = label(cell.trim()) else {
                    continue;
                };
                let mut after = row
                    .iter()
                    .skip(column + 1)
                    .map(|cell| cell.trim())
                    .filter(|cell| !cell.is_empty());
                let next = after.next().filter(|next| label(next).is_none());
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
                self.take(name, text, second);
            }
        }
    }

    fn take(&mut self, label: NoteLabel, text: &str, second: Option<&str>) {
        let keep = |slot: &mut Option<String>| {
            slot.get_or_insert_with(|| text.to_owned());
        };
        match label {
            NoteLabel::Opening => keep(&mut self.opening),
            // The last one counts, since pages may end with one each.
            NoteLabel::Closing => self.closing = Some(text.to_owned()),
            NoteLabel::Current(rank) => {
                if self.current.as_ref().is_none_or(|(known, _)| rank < *known) {
                    self.current = Some((rank, text.to_owned()));
                }
            }
            NoteLabel::Account => self.account = self.account.take().or_else(|| account(text)),
            NoteLabel::From => keep(&mut self.from),
            NoteLabel::To => keep(&mut self.to),
            NoteLabel::Period => {
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
            NoteLabel::Currency => self.currency = self.currency.or_else(|| currency(text)),
            NoteLabel::TotalDebit => keep(&mut self.total_debit),
            NoteLabel::TotalCredit => keep(&mut self.total_credit),
            NoteLabel::Other => {}
        }
    }

    /// Returns the balance of the day of the export, the best of those that are named.
    pub(super) fn current(&self) -> Option<&str> {
        self.current.as_ref().map(|(_, text)| text.as_str())
    }

    /// Returns the texts of the balances.
    pub(super) fn balances(&self) -> impl Iterator<Item = &str> {
        [
            self.opening.as_deref(),
            self.closing.as_deref(),
            self.current(),
        ]
        .into_iter()
        .flatten()
    }

    /// Returns the period.
    pub(super) fn period(&self, dates: &DateReader<'_>) -> Option<DayRange> {
        // A period may end after its last line.
        let read = |text: &Option<String>| {
            let text = text.as_deref()?.trim_end_matches(['.', ')', ']']);
            dates.read(text, DateKind::Value).ok()
        };
        DayRange::new(read(&self.from)?, read(&self.to)?)
    }
}

/// Reads an amount above or below the table.
pub(super) fn amount(
    text: Option<&str>,
    mark: DecimalMark,
    words: DirectionWords<'_>,
) -> Option<Signed> {
    let written = written(text?.trim(), words)?;
    let value = value(written.figure, mark).ok()?;
    let negative = written.negative || written.direction == Some(Direction::Out);
    Some(if negative { value.negated() } else { value })
}

/// Finds the account number in a text such as `FRANK Account 666-666666-666` or `BE11 1234 5678
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
            && date_numbers::numbers(word).is_none()
            && (digits(word) >= 6 || digits(word) >= 3 && word.contains(['*', 'X', 'x']))
    };
    let words =
        text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '\'' | '"'));
    words
        .filter(|word| !word.is_empty())
        .find(is_number)
        .map(str::to_owned)
}

/// Reads the code or the usual name of a currency.
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

    fn notes(rows: &[&[&str]]) -> TableNotes {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
            .collect();
        let mut notes = TableNotes::default();
        notes.read(&rows);
        notes
    }

    #[test]
    fn a_value_is_in_the_cell_of_its_label_next_to_it_or_below_it() {
        let inline = notes(&[
            &["Account No: 0123456785", "", "Currency: Nigerian Naira"],
            &["Opening Balance", "12,400.00", "Closing Balance", "(1.00)"],
            &["Period", "01-Oct-2026 to 31-Oct-2026"],
        ]);
        assert_eq!(inline.account.as_deref(), Some("0123456785"));
        assert_eq!(inline.currency.map(Currency::code), Some("NGN"));
        assert_eq!(
            (inline.opening.as_deref(), inline.closing.as_deref()),
            (Some("12,400.00"), Some("(1.00)"))
        );
        assert_eq!(
            (inline.from.as_deref(), inline.to.as_deref()),
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
    }

    #[test]
    fn accounts_periods_and_the_better_balance_are_read() {
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
}
