//! The balances of a `Stmt`.

use super::{
    super::common::{self, Bad, Calendar},
    entry,
    xml::Element,
};
use crate::domain::{
    currency::Currency,
    statement::{Balance, FindingKind, Statement, StatementFinding},
};

/// A balance, its currency and its place.
#[derive(Clone, Copy)]
struct Stated {
    balance: Balance,
    currency: Currency,
    line: u64,
}

/// The balances that were read, in the order of the file.
#[derive(Default)]
pub(super) struct Balances {
    opening: Vec<Stated>,
    previous: Vec<Stated>,
    closing: Vec<Stated>,
}

impl Balances {
    /// Takes a `Bal`: the booked ones, since interim and available balances prove nothing about the
    /// lines.
    pub(super) fn add(&mut self, element: Element<'_>, calendar: Calendar, bad: &mut Bad) {
        let code = element
            .text_at(&["Tp", "CdOrPrtry", "Cd"])
            .or_else(|| element.text_at(&["Tp", "CdOrPrtry", "Prtry"]));
        let kept = match code {
            Some("OPBD") => &mut self.opening,
            Some("PRCD") => &mut self.previous,
            Some("CLBD") => &mut self.closing,
            Some(_) | None => return,
        };
        let money = entry::money(element, "Bal", bad);
        let date = element
            .child("Dt")
            .and_then(|date| date.text_at(&["Dt"]).or_else(|| date.text_at(&["DtTm"])));
        let date = date.map(|date| entry::iso_day(date).and_then(|date| calendar.value(date)));
        let date = date.map(|date| bad.take(element.line(), "Bal/Dt", date));
        if let (Some((amount, currency, _)), false) = (money, date == Some(None)) {
            kept.push(Stated {
                balance: Balance {
                    amount,
                    date: date.flatten(),
                },
                currency,
                line: element.line(),
            });
        }
    }

    /// Tells the currency of the first balance.
    pub(super) fn currency(&self) -> Option<Currency> {
        self.opening
            .iter()
            .chain(&self.previous)
            .chain(&self.closing)
            .next()
            .map(|stated| stated.currency)
    }

    /// Gives a statement its balances: the first opening and the last closing one, since pages
    /// repeat them between. Tells whether one is left out because it is in another currency, so
    /// that the balances cannot hold.
    pub(super) fn choose(&self, statement: &mut Statement, currency: Option<Currency>) -> bool {
        let own = |stated: &&Stated| Some(stated.currency) == currency;
        let openings = if self.opening.is_empty() {
            &self.previous
        } else {
            &self.opening
        };
        let opening = openings.iter().find(own);
        let closing = self.closing.iter().rfind(own);
        statement.opening = opening.map(|stated| stated.balance);
        statement.closing = closing.map(|stated| stated.balance);
        let foreign_opening = openings
            .first()
            .filter(|_| opening.is_none())
            .map(|stated| ("opening", stated));
        let foreign_closing = self
            .closing
            .last()
            .filter(|_| closing.is_none())
            .map(|stated| ("closing", stated));
        let before = statement.findings.len();
        for (which, stated) in foreign_opening.into_iter().chain(foreign_closing) {
            let lines = currency.map_or("", Currency::code);
            let detail = format!(
                "the {which} balance of {} is in {}, the lines are in {lines}",
                common::shown(&stated.balance.amount.plain(stated.currency.decimals())),
                stated.currency.code()
            );
            let finding = StatementFinding::new(FindingKind::BalanceCurrency, detail);
            statement.findings.push(StatementFinding {
                line: Some(stated.line),
                ..finding
            });
        }
        statement.findings.len() > before
    }
}
