//! Amounts as banks write them, and what a cell proves about the decimal mark of the file.

use super::super::direction::Direction;
use crate::domain::{
    currency::Currency,
    quantity::{Amount, DECIMALS},
    signed::Signed,
};
use crate::tabular::DecimalMark;

/// The words that mark a direction, apart from the usual ones.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DirectionWords<'p> {
    pub(super) credit: &'p [String],
    pub(super) debit: &'p [String],
}

const CREDIT: [&str; 14] = [
    "cr",
    "credit",
    "c",
    "in",
    "money in",
    "deposit",
    "lodgement",
    "+",
    "bij",
    "haben",
    "h",
    "credited",
    "inflow",
    "cr.",
];
const DEBIT: [&str; 14] = [
    "dr",
    "debit",
    "d",
    "out",
    "money out",
    "withdrawal",
    "payment",
    "-",
    "af",
    "soll",
    "s",
    "debited",
    "outflow",
    "dr.",
];

impl DirectionWords<'_> {
    /// Reads a cell that has only a direction.
    pub(super) fn direction(self, cell: &str) -> Option<Direction> {
        let among = |usual: &[&str], own: &[String]| {
            usual.iter().any(|word| word.eq_ignore_ascii_case(cell))
                || own.iter().any(|word| word.eq_ignore_ascii_case(cell))
        };
        if cell.is_empty() || cell.len() > 40 {
            None
        } else if among(&CREDIT, self.credit) {
            Some(Direction::In)
        } else if among(&DEBIT, self.debit) {
            Some(Direction::Out)
        } else {
            None
        }
    }

    /// Reads a mark before or after a figure: fewer words than in a cell of their own.
    fn mark(self, letters: &str) -> Option<Direction> {
        let letters = letters.strip_suffix('.').unwrap_or(letters);
        let is = |words: &[&str], own: &[String]| {
            words.iter().any(|word| word.eq_ignore_ascii_case(letters))
                || own.iter().any(|word| word.eq_ignore_ascii_case(letters))
        };
        if is(&["cr", "c", "credit"], self.credit) {
            Some(Direction::In)
        } else if is(&["dr", "d", "db", "debit"], self.debit) {
            Some(Direction::Out)
        } else {
            None
        }
    }
}

/// The figure in a cell, and what is around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AmountCell<'c> {
    /// Digits and marks only.
    pub(super) figure: &'c str,
    pub(super) negative: bool,
    pub(super) plus: bool,
    pub(super) direction: Option<Direction>,
    /// The currency that a sign or code next to the figure names. `$` names none, since many
    /// currencies have it.
    pub(super) currency: Option<Currency>,
}

/// Returns whether a cell says that there is no amount.
pub(super) fn is_none(cell: &str) -> bool {
    cell.is_empty()
        || matches!(cell, "-" | "--" | "---" | "–" | "—")
        || cell.eq_ignore_ascii_case("nil")
        || cell.eq_ignore_ascii_case("n/a")
}

/// Separates the figure of a cell from what is around it. Returns `None` if the cell is not an
/// amount.
pub(super) fn written<'c>(cell: &'c str, words: DirectionWords<'_>) -> Option<AmountCell<'c>> {
    let mut amount = AmountCell {
        figure: cell,
        ..AmountCell::default()
    };
    if !is_figure(cell) {
        while amount.strip(words)? == Strip::More {}
    }
    (is_figure(amount.figure) && !(amount.negative && amount.plus)).then_some(amount)
}

/// Returns whether a text has digits, and apart from them only marks between groups and decimals.
fn is_figure(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
        && text.ends_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',') || is_space_or_apostrophe(c))
}

fn is_space_or_apostrophe(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' | '\'' | '\u{2019}'
    )
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '\u{20a6}' | '£' | '€' | '$')
}

/// Whether a cell may have more marks around its figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strip {
    More,
    Done,
}

impl AmountCell<'_> {
    /// Removes one mark at either end. Returns `None` if an amount cannot have it.
    fn strip(&mut self, words: DirectionWords<'_>) -> Option<Strip> {
        let text = self.figure.trim_matches(|c: char| c.is_whitespace());
        self.figure = text;
        if let Some(inner) = text
            .strip_prefix('(')
            .and_then(|text| text.strip_suffix(')'))
        {
            self.figure = inner;
            return self.minus();
        }
        let minus = ['-', '\u{2212}', '\u{2013}'];
        if let Some(rest) = text
            .strip_prefix(minus)
            .or_else(|| text.strip_suffix(minus))
        {
            self.figure = rest;
            return self.minus();
        }
        if let Some(rest) = text.strip_prefix('+') {
            self.figure = rest;
            return (!std::mem::replace(&mut self.plus, true)).then_some(Strip::More);
        }
        let before = text.find(|c: char| !is_letter(c)).filter(|at| *at > 0);
        if let Some((letters, rest)) = before.and_then(|at| text.split_at_checked(at)) {
            // The full stop of `Cr. 5` belongs to the letters, and that of `N.50` to the figure.
            self.figure = if letters.len() > 1 {
                rest.trim_start_matches('.')
            } else {
                rest
            };
            return self.letters(letters, words);
        }
        let tail = text
            .strip_suffix('.')
            .filter(|text| text.ends_with(is_letter))
            .unwrap_or(text);
        let kept = tail.trim_end_matches(is_letter);
        if kept.len() < tail.len() {
            self.figure = kept;
            return self.letters(tail.get(kept.len()..)?, words);
        }
        Some(Strip::Done)
    }

    fn minus(&mut self) -> Option<Strip> {
        (!std::mem::replace(&mut self.negative, true)).then_some(Strip::More)
    }

    fn letters(&mut self, letters: &str, words: DirectionWords<'_>) -> Option<Strip> {
        if let Some(direction) = words.mark(letters) {
            return self
                .direction
                .replace(direction)
                .is_none()
                .then_some(Strip::More);
        }
        let code = match letters {
            "\u{20a6}" | "N" | "n" => "NGN",
            "£" => "GBP",
            "€" => "EUR",
            "$" | "US$" | "A$" | "C$" | "R" | "S$" | "HK$" | "NZ$" => return Some(Strip::More),
            other => other,
        };
        self.currency = Some(Currency::parse(code).ok()?);
        Some(Strip::More)
    }
}

/// What a figure proves about the decimal mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkProof {
    /// Nothing: it has no mark.
    Whole,
    /// This is its decimal mark, or the other one groups its thousands.
    Mark(DecimalMark),
    /// It has one mark that may be either.
    Open,
    /// It is not a well-formed number.
    Malformed,
}

/// Returns what a figure proves.
pub(super) fn proof(figure: &str) -> MarkProof {
    let (dots, commas) = (figure.matches('.').count(), figure.matches(',').count());
    let mark = match (dots, commas) {
        (0, 0) => {
            return if units(figure, DecimalMark::Point).is_ok() {
                MarkProof::Whole
            } else {
                MarkProof::Malformed
            };
        }
        (1, 0) | (0, 1) => {
            let (mark, character) = if dots == 1 {
                (DecimalMark::Point, '.')
            } else {
                (DecimalMark::Comma, ',')
            };
            let (whole, fraction) = figure.split_once(character).unwrap_or_default();
            let grouped = whole.chars().any(is_space_or_apostrophe);
            // A group has three digits; before the first mark there are one to three digits, and the
            // first is not zero.
            let may_group =
                fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            if may_group && !grouped {
                return MarkProof::Open;
            }
            mark
        }
        (_, 0) => DecimalMark::Comma,
        (0, _) => DecimalMark::Point,
        (_, _) => {
            if figure.rfind('.') > figure.rfind(',') {
                DecimalMark::Point
            } else {
                DecimalMark::Comma
            }
        }
    };
    if matches!(units(figure, mark), Err(AmountError::Shape)) {
        MarkProof::Malformed
    } else {
        MarkProof::Mark(mark)
    }
}

/// Why a cell is not an amount of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AmountError {
    /// It is not a number, or its groups are not of three digits.
    Shape,
    /// It has more than 7 decimals.
    Decimals,
    /// It has more than 13 digits before the decimal mark.
    TooLarge,
}

impl AmountError {
    /// Returns the reason, without the cell, which may be an account number in the wrong column.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Shape => {
                "this is not an amount; check its decimal mark and its groups of three digits"
            }
            Self::Decimals => "the amount has more than 7 decimals",
            Self::TooLarge => "the amount has more than 13 digits before the decimal mark",
        }
    }
}

/// Returns whether digits are in groups of three, or as in India of two before the last three, with
/// the same mark between them. Digits without a mark are one group.
fn is_grouped(whole: &str) -> bool {
    let Some(mark) = whole.chars().find(|c| !c.is_ascii_digit()) else {
        return true;
    };
    let groups: Vec<&str> = whole.split(mark).collect();
    let are_digits = groups
        .iter()
        .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    let (Some((last, others)), true) = (groups.split_last(), are_digits) else {
        return false;
    };
    let Some((first, middle)) = others.split_first() else {
        return true;
    };
    let of = |size: usize| {
        (1..=size).contains(&first.len()) && middle.iter().all(|group| group.len() == size)
    };
    last.len() == 3 && (of(3) || of(2))
}

/// Reads a figure in ten-millionths.
fn units(figure: &str, mark: DecimalMark) -> Result<i128, AmountError> {
    let decimal = mark.character();
    let (whole, fraction) = figure.split_once(decimal).unwrap_or((figure, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit())
        || whole.is_empty() && fraction.is_empty()
    {
        return Err(AmountError::Shape);
    }
    if !is_grouped(whole) {
        return Err(AmountError::Shape);
    }
    let (mut value, mut digits) = (0_i128, 0_u32);
    for c in whole.chars() {
        if let Some(digit) = c.to_digit(10) {
            // At most 13 digits are taken, so the value stays below 10^14.
            digits += u32::from(digits > 0 || digit > 0);
            if digits > 13 {
                return Err(AmountError::TooLarge);
            }
            value = value * 10 + i128::from(digit);
        }
    }
    let mut places = 0;
    for digit in fraction.chars().filter_map(|c| c.to_digit(10)) {
        places += 1;
        if places > DECIMALS {
            return Err(AmountError::Decimals);
        }
        value = value * 10 + i128::from(digit);
    }
    // The value has at most 20 digits, so the product is below 10^21.
    let scale = 10_i128
        .checked_pow(DECIMALS - places)
        .ok_or(AmountError::Decimals)?;
    Ok(value * scale)
}

/// Reads a figure as a value without a sign.
pub(super) fn value(figure: &str, mark: DecimalMark) -> Result<Signed, AmountError> {
    Amount::from_units(units(figure, mark)?)
        .map(Signed::credit)
        .ok_or(AmountError::TooLarge)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(cell: &str, mark: DecimalMark) -> String {
        match written(cell, DirectionWords::default()) {
            None => "none".to_owned(),
            Some(found) => {
                let value = value(found.figure, mark)
                    .map_or_else(|bad| format!("{bad:?}"), |value| value.plain(2));
                let sign = if found.negative { "-" } else { "" };
                let direction = found
                    .direction
                    .map_or(String::new(), |direction| format!(" {direction:?}"));
                format!("{sign}{value}{direction}")
            }
        }
    }

    #[test]
    fn amounts_are_read_with_all_that_banks_put_around_them() {
        for (cell, expected) in [
            ("1,250,000.00", "1250000.00"),
            ("\u{20a6}750\u{a0}000.50", "750000.50"),
            ("\u{20a6}-20\u{a0}000.00", "-20000.00"),
            ("-\u{20a6}20,000.00", "-20000.00"),
            ("NGN 1,000.5", "1000.50"),
            ("N1,000.00", "1000.00"),
            ("N .50", "0.50"),
            ("(1,000.00)", "-1000.00"),
            ("(NGN1,000.00)", "-1000.00"),
            ("1,000.00-", "-1000.00"),
            ("+ £1,100.00", "1100.00"),
            ("1'000.00", "1000.00"),
            ("1000.00 CR", "1000.00 In"),
            ("1000.00Dr.", "1000.00 Out"),
            ("CR 7", "7.00 In"),
            ("7 C", "7.00 In"),
            ("500.00 NGN", "500.00"),
            ("\u{2212}5", "-5.00"),
            ("$5.00", "5.00"),
            ("0.0000001", "0.0000001"),
            ("9,999,999,999,999.9999999", "9999999999999.9999999"),
            ("0000000000000001", "1.00"),
            ("1,00,000.00", "100000.00"),
            ("12,34,56,789.50", "123456789.50"),
            ("123,45,678.00", "Shape"),
            ("1,00,00.00", "Shape"),
            ("1,0000.00", "Shape"),
            ("1000,000.00", "Shape"),
            ("1 000,000.00", "Shape"),
            ("1.000.00", "Shape"),
            ("1.00000000", "Decimals"),
            ("10,000,000,000,000", "TooLarge"),
            ("--5", "none"),
            ("-5-", "none"),
            ("+-5", "none"),
            ("abc", "none"),
            ("12 XYZ", "none"),
            ("1e5", "none"),
            ("", "none"),
            ("5%", "none"),
            ("1\u{fffd}000", "none"),
            ("5 CR DR", "none"),
        ] {
            assert_eq!(read(cell, DecimalMark::Point), expected, "{cell}");
        }
        assert_eq!(read("1.250.000,00", DecimalMark::Comma), "1250000.00");
        assert_eq!(read("-3,40", DecimalMark::Comma), "-3.40");
        assert_eq!(read("1.250,000.00", DecimalMark::Comma), "Shape");
    }

    #[test]
    fn signs_name_their_currency_but_for_the_dollar() {
        let currency = |cell: &str| {
            written(cell, DirectionWords::default())
                .unwrap()
                .currency
                .map(Currency::code)
        };
        assert_eq!(currency("\u{20a6}5"), Some("NGN"));
        assert_eq!(currency("5 EUR"), Some("EUR"));
        assert_eq!(currency("£5"), Some("GBP"));
        assert_eq!(currency("$5"), None);
    }

    #[test]
    fn a_figure_proves_its_mark_or_leaves_it_open() {
        for (figure, expected) in [
            ("1000", MarkProof::Whole),
            ("1 000", MarkProof::Whole),
            ("1,234.50", MarkProof::Mark(DecimalMark::Point)),
            ("1.234,50", MarkProof::Mark(DecimalMark::Comma)),
            ("1,234,567", MarkProof::Mark(DecimalMark::Point)),
            ("1.234.567", MarkProof::Mark(DecimalMark::Comma)),
            ("12.5", MarkProof::Mark(DecimalMark::Point)),
            ("12,5", MarkProof::Mark(DecimalMark::Comma)),
            ("0.750", MarkProof::Mark(DecimalMark::Point)),
            ("1234.567", MarkProof::Mark(DecimalMark::Point)),
            ("1 234.567", MarkProof::Mark(DecimalMark::Point)),
            (".500", MarkProof::Mark(DecimalMark::Point)),
            ("1.234", MarkProof::Open),
            ("123,456", MarkProof::Open),
            ("1,23,456", MarkProof::Mark(DecimalMark::Point)),
            ("1,2,3456", MarkProof::Malformed),
            ("1.2.3", MarkProof::Malformed),
            ("1,234,567.891.2", MarkProof::Malformed),
            ("10 00", MarkProof::Malformed),
        ] {
            assert_eq!(proof(figure), expected, "{figure}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_survives_being_written(units in 0..=Amount::MAX.units(), comma: bool) {
            let amount = Signed::credit(Amount::from_units(units).unwrap());
            let (mark, text) = if comma {
                (DecimalMark::Comma, amount.grouped(2).replace(',', " ").replace('.', ","))
            } else {
                (DecimalMark::Point, amount.grouped(2))
            };
            let found = written(&text, DirectionWords::default()).unwrap();
            prop_assert_eq!(value(found.figure, mark), Ok(amount));
            prop_assert!(!matches!(proof(found.figure), MarkProof::Malformed));
        }

        #[test]
        fn no_cell_makes_the_reader_panic(cell in "\\PC{0,24}|[0-9.,' ()+NGCRDr-]{0,16}") {
            if let Some(found) = written(&cell, DirectionWords::default()) {
                let _ = (proof(found.figure), value(found.figure, DecimalMark::Point), value(found.figure, DecimalMark::Comma));
            }
        }
    }
}
