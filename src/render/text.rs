//! Cells as words: plain for programs, readable and harmless for people.

use std::borrow::Cow;

use crate::{
    domain::{account::AccountNumber, signed::Signed},
    report::{Cell, Pii},
};

/// Writes a cell for programs: plain decimals, stored forms, nothing left out.
pub(super) fn plain(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Money(total, currency) => total.plain(currency.decimals()).into(),
        Cell::Tokens(total) => total.plain(0).into(),
        Cell::Percent(percent) => percent.plain(0).into(),
        Cell::Ratio(ratio) => ratio.plain(0).into(),
        Cell::Series(amounts, currency) => {
            series(amounts, |amount| amount.plain(currency.decimals())).into()
        }
        Cell::Count(count) => count.to_string().into(),
        Cell::Flag(true) => Cow::Borrowed("true"),
        Cell::Flag(false) => Cow::Borrowed("false"),
        Cell::Date(date) => date.to_string().into(),
        Cell::Instant(instant) => instant.to_string().into(),
        Cell::Account(number, pii) => account(number, *pii),
        Cell::Names(names) => names.join(" ").into(),
        Cell::Json(value) => value.to_string().into(),
    }
}

/// Writes a cell for people: grouped decimals, times to the second in UTC, and no sign that moves
/// or hides others.
pub(super) fn shown(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => clean(text),
        Cell::Money(total, currency) => total.grouped(currency.decimals()).into(),
        Cell::Tokens(total) => total.grouped(0).into(),
        Cell::Percent(percent) => percent.grouped(0).into(),
        Cell::Ratio(ratio) => ratio.grouped(0).into(),
        Cell::Series(amounts, currency) => {
            series(amounts, |amount| amount.grouped(currency.decimals())).into()
        }
        Cell::Flag(true) => Cow::Borrowed("yes"),
        Cell::Flag(false) => Cow::Borrowed("no"),
        Cell::Instant(instant) => to_the_second(&instant.to_string()).into(),
        Cell::Names(names) => clean(&names.join(" ")).into_owned().into(),
        Cell::Json(value) => clean(&value.to_string()).into_owned().into(),
        Cell::Empty | Cell::Count(_) | Cell::Date(_) | Cell::Account(..) => plain(cell),
    }
}

fn series(amounts: &[Signed], shown: impl Fn(&Signed) -> String) -> String {
    amounts.iter().map(shown).collect::<Vec<_>>().join(" ")
}

/// Shortens `2026-01-31T16:05:09.000001Z` to `2026-01-31 16:05:09`.
pub(super) fn to_the_second(instant: &str) -> String {
    instant.get(..19).unwrap_or(instant).replacen('T', " ", 1)
}

/// Writes an account number as it may be shown.
pub(super) fn account(number: &AccountNumber, pii: Pii) -> Cow<'_, str> {
    match pii {
        Pii::Masked => number.masked().into(),
        Pii::Shown => Cow::Borrowed(number.reveal()),
    }
}

/// Returns whether a cell is a number, which is aligned right.
pub(super) fn is_number(cell: &Cell) -> bool {
    cell.number().is_some()
}

/// Replaces every hostile sign by U+FFFD, so that a name can neither drive a terminal nor pass for
/// another.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.contains(is_hostile) {
        text.replace(is_hostile, "\u{FFFD}").into()
    } else {
        Cow::Borrowed(text)
    }
}

/// Returns whether a sign controls a terminal, turns or breaks the line, or cannot be seen.
///
/// # Source
/// Unicode 17: general categories Cc, Zl and Zp, the `Bidi_Control` property, and of the default
/// ignorable signs those that no script needs (joiners and variation selectors stay), as well as
/// the two noncharacters that XML forbids.
pub(super) fn is_hostile(sign: char) -> bool {
    sign.is_control()
        || matches!(sign,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}'
            | '\u{E0000}'..='\u{E007F}')
}

/// Makes a caption of a table's name.
pub(super) fn caption(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_drives_a_terminal_or_hides_is_replaced_and_all_scripts_stay() {
        assert_eq!(
            clean("a\u{1b}[2Jb\nc\td\u{9b}e\u{7f}"),
            "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}"
        );
        assert_eq!(
            clean("\u{202e}drowssap\u{2066}\u{feff}\u{200b}"),
            "\u{FFFD}drowssap\u{FFFD}\u{FFFD}\u{FFFD}"
        );
        for name in [
            "Ọláwálé",
            "Łódź AG",
            "株式会社",
            "می\u{200c}خواهم",
            "👩\u{200d}🌾",
            "❤\u{fe0f}",
        ] {
            assert!(
                matches!(clean(name), Cow::Borrowed(same) if same == name),
                "{name}"
            );
        }
    }
}
