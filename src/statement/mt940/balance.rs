//! Fields 60 and 62: the balances of a block.

use super::{
    super::common::{self, BadLines, DateLimits},
    field::Field,
    field61::short_day,
};
use crate::domain::{currency::Currency, signed::Signed, statement::Balance};
use crate::tabular::DecimalMark;

/// Reads mark, date, currency and amount; a balance without a currency has that of the opening one. Or
/// notes what is wrong with them.
pub(super) fn read(
    field: &Field,
    limits: DateLimits,
    opening: Option<Currency>,
    bad: &mut BadLines,
) -> Option<(Balance, Currency)> {
    let column = |name: &str| format!(":{}: {name}", field.tag);
    let text = field.first().trim();
    let Some(mark) = text.chars().next().filter(|mark| matches!(mark, 'C' | 'D')) else {
        bad.push(
            field.line,
            &column("mark"),
            "the balance does not begin with C or D",
        );
        return None;
    };
    let rest = text.get(1..).unwrap_or_default();
    let has_no_code = rest
        .get(6..7)
        .is_some_and(|c| c.starts_with(|c: char| c.is_ascii_digit()));
    let (code, amount) = match opening {
        Some(currency) if has_no_code => (Some(currency.code()), rest.get(6..)),
        Some(_) | None => (rest.get(6..9), rest.get(9..)),
    };
    let (Some(date), Some(code), Some(amount)) = (rest.get(..6), code, amount) else {
        bad.push(
            field.line,
            &column("balance"),
            "it is shorter than a date, a currency and an amount",
        );
        return None;
    };
    // Some banks write zeros for the date of a first opening balance.
    let date = if date == "000000" {
        Some(None)
    } else {
        let day = short_day(date).and_then(|day| limits.value(day.date));
        bad.take(field.line, &column("date"), day).map(Some)
    };
    let currency = bad.take(field.line, &column("currency"), common::currency(code));
    let amount = bad.take(
        field.line,
        &column("amount"),
        common::amount(amount, DecimalMark::Comma),
    );
    let amount = amount.map(|amount| {
        if mark == 'D' {
            Signed::debit(amount)
        } else {
            Signed::credit(amount)
        }
    })?;
    Some((
        Balance {
            amount,
            date: date?,
        },
        currency?,
    ))
}
