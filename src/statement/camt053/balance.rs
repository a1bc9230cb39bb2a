//! The balances of a `Stmt`.

use super::{
    super::common::{self, BadLines, DateLimits},
    entry,
    xml::Element,
};
use crate::domain::{
    currency::Currency,
    statement::{Balance, FindingKind, Statement, StatementFinding},
};

/// A balance, its currency and its line.
#[derive(Clone, Copy)]
struct CamtBalance {
    balance: Balance,
    currency: Currency,
    line: u64,
}

/// The balances of a `Stmt`, in the order of the file.
#[derive(Default)]
pub(super) struct CamtBalances {
    opening: Vec<CamtBalance>,
    previous: Vec<CamtBalance>,
    closing: Vec<CamtBalance>,
}

/// Whether the balances are in the currency of the lines; if not, they prove nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BalanceCurrencies {
    Agree,
    Differ,
}

impl CamtBalances {
    /// Takes a `Bal` if it is a booked balance. Interim and available balances prove nothing about
    /// the lines.
    pub(super) fn add(&mut self, element: Element<'_>, limits: DateLimits, bad: &mut BadLines) {
        let code = element
            .text_at(&["Tp", "CdOrPrtry", "Cd"])
            .or_else(|| element.text_at(&["Tp", "CdOrPrtry", "Prtry"]));
        let balances = match code {
            Some("OPBD") => &mut self.opening,
            Some("PRCD") => &mut self.previous,
            Some("CLBD") => &mut self.closing,
            Some(_) | None => return,
        };
        let money = entry::money(element, "Bal", bad);
        let date = element
            .child("Dt")
            .and_then(|date| date.text_at(&["Dt"]).or_else(|| date.text_at(&["DtTm"])));
        let date = date.map(|date| entry::iso_day(date).and_then(|date| limits.value(date)));
        let date = date.map(|date| bad.take(element.line(), "Bal/Dt", date));
        if let (Some((amount, currency, _)), false) = (money, date == Some(None)) {
            balances.push(CamtBalance {
                balance: Balance {
                    amount,
                    date: date.flatten(),
                },
                currency,
                line: element.line(),
            });
        }
    }

    /// Returns the currency of the first balance.
    pub(super) fn currency(&self) -> Option<Currency> {
        self.opening
            .iter()
            .chain(&self.previous)
            .chain(&self.closing)
            .next()
            .map(|balance| balance.currency)
    }

    /// Gives a statement its balances: the first opening and the last closing one, since pages
    /// repeat them in between. A balance in another currency is left out, with a finding.
    pub(super) fn choose(
        &self,
        statement: &mut Statement,
        currency: Option<Currency>,
    ) -> BalanceCurrencies {
        let own = |balance: &&CamtBalance| Some(balance.currency) == currency;
        let openings = if self.opening.is_empty() {
            &self.previous
        } else {
            &self.opening
        };
        let opening = openings.iter().find(own);
        let closing = self.closing.iter().rfind(own);
        statement.opening = opening.map(|balance| balance.balance);
        statement.closing = closing.map(|balance| balance.balance);
        let foreign_opening = openings
            .first()
            .filter(|_| opening.is_none())
            .map(|balance| ("opening", balance));
        let foreign_closing = self
            .closing
            .last()
            .filter(|_| closing.is_none())
            .map(|balance| ("closing", balance));
        let before = statement.findings.len();
        for (which, balance) in foreign_opening.into_iter().chain(foreign_closing) {
            let lines = currency.map_or("", Currency::code);
            let detail = format!(
                "the {which} balance of {} is in {}, and the lines are in {lines}",
                common::shown(&balance.balance.amount.plain(balance.currency.decimals())),
                balance.currency.code()
            );
            let finding = StatementFinding::new(FindingKind::BalanceCurrency, detail);
            statement.findings.push(StatementFinding {
                line: Some(balance.line),
                ..finding
            });
        }
        if statement.findings.len() > before {
            BalanceCurrencies::Differ
        } else {
            BalanceCurrencies::Agree
        }
    }
}
