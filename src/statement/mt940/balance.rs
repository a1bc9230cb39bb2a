//! Fields 60 and 62: the balances of a block.

use super::{
    super::common::{self, Bad, Calendar, Mark},
    Field,
    entry::short_day,
};
use crate::domain::{currency::Currency, signed::Signed, statement::Balance};

/// Reads mark, day, currency and amount, or notes what is wrong with them.
pub(super) fn read(
    field: &Field,
    calendar: Calendar,
    bad: &mut Bad,
) -> Option<(Balance, Currency)> {
    let column = |part: &str| format!(":{}: {part}", field.tag);
    let text = field.first().trim();
    let Some(mark) = text.chars().next().filter(|mark| matches!(mark, 'C' | 'D')) else {
        bad.push(
            field.line,
            &column("mark"),
            "neither C nor D stands before the balance",
        );
        return None;
    };
    let rest = text.get(1..).unwrap_or_default();
    let (Some(date), Some(code), Some(amount)) = (rest.get(..6), rest.get(6..9), rest.get(9..))
    else {
        bad.push(
            field.line,
            &column("balance"),
            "it is shorter than a day, a currency and an amount",
        );
        return None;
    };
    // A first statement has no day before it, and some banks write zeros then.
    let date = if date == "000000" {
        Some(None)
    } else {
        let day = short_day(date).and_then(|day| calendar.value(day.date));
        bad.take(field.line, &column("date"), day).map(Some)
    };
    let currency = bad.take(field.line, &column("currency"), common::currency(code));
    let amount = bad.take(
        field.line,
        &column("amount"),
        common::amount(amount, Mark::Comma),
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
