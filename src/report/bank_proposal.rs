//! Bank lines with what is proposed for them, side by side.

use super::{
    bank::hidden,
    cell::{Cell, Pii},
    field::{Field, data, date, detail, key, minor, money, names, row, summed, text},
};
use crate::domain::{
    bank::{ProposedLine, ProposedPayee},
    masking::Place,
    matching::{LinkKind, Tier},
    signed::Signed,
};

/// The fields of a line with a proposal.
pub const FIELDS: &[Field<ProposedLine>] = &[
    text("line", "line", |of, _| Cell::text(of.line.number)),
    data(text("account", "account", |of, _| {
        Cell::words(of.line.account.code.as_str())
    })),
    date("booking_date", "booked", |of, _| {
        Cell::Date(of.line.line.booking_date)
    }),
    key(summed(money("amount", "amount", |of, _| {
        Cell::Money(of.line.line.amount, of.line.currency)
    }))),
    detail(text("currency", "currency", |of, _| {
        Cell::text(of.line.currency)
    })),
    text("description", "text of the bank", |of, pii| {
        hidden(
            &of.line,
            Some(&of.line.line.description),
            (Place::Text, pii),
        )
    }),
    minor(text("reference", "reference", |of, pii| {
        let place = (of.line.reference_place, pii);
        hidden(&of.line, of.line.line.reference.as_deref(), place)
    })),
    data(text("proposal", "proposal", |of, _| {
        Cell::maybe(of.line.classification.link_kind.map(LinkKind::as_str))
    })),
    names("payments", "payments", |of, _| {
        Cell::names(of.payees.iter().map(|payee| match payee.payment {
            Some(payment) => payment.to_string(),
            None => payee.withdrawal.to_string(),
        }))
    }),
    minor(names("remittances", "tax", |of, _| {
        Cell::names(&of.line.classification.remittances)
    })),
    minor(text("holder", "holder", |of, _| {
        joined(&of.payees, |payee| payee.holder.to_string())
    })),
    text("holder_name", "name in the ledger", |of, _| {
        joined(&of.payees, |payee| payee.holder_name.clone())
    }),
    minor(text("account_number", "number", |of, pii| {
        joined(&of.payees, |payee| match (&payee.account_number, pii) {
            (None, _) => String::new(),
            (Some(number), Pii::Masked) => number.to_string(),
            (Some(number), Pii::Shown) => number.reveal().to_owned(),
        })
    })),
    key(money("ledger_amount", "in the ledger", |of, _| {
        let amounts = of.payees.iter().map(|payee| Signed::from(payee.amount));
        let sum = amounts.reduce(|sum, amount| sum.checked_add(amount).unwrap_or(sum));
        Cell::signed(sum, of.line.currency)
    })),
    minor(date("ledger_date", "on", |of, _| {
        Cell::on(of.payees.iter().map(|payee| payee.date).max())
    })),
    text("tier", "tier", |of, _| {
        Cell::maybe(of.line.classification.tier.map(Tier::as_str))
    }),
    minor(text("evidence", "evidence", |of, _| {
        Cell::maybe(of.line.classification.detail.as_ref())
    })),
    detail(names("lines", "other lines", |of, _| {
        Cell::names(&of.line.classification.lines)
    })),
];

/// Makes the row of a line with a proposal.
pub fn cells(proposed: &ProposedLine, pii: Pii) -> Vec<Cell> {
    row(FIELDS, proposed, pii)
}

/// Joins what is said of each payee; what is said of several is said once.
fn joined(payees: &[ProposedPayee], say: impl Fn(&ProposedPayee) -> String) -> Cell {
    let mut words: Vec<String> = Vec::new();
    for payee in payees {
        let word = say(payee);
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    Cell::maybe((!words.is_empty()).then(|| words.join(", ")))
}
