//! The model's rules of tax that is remitted, and of remittances that are taken back; and the
//! arguments of both.

use chrono::{Days, NaiveDate};

use super::{
    act::Act,
    books::{Books, Payment, Refusal},
    picks::Picks,
    steps::spelled,
    tax::{TaxData, TaxItem},
    units::{Units, canonical, plain},
};

/// A remittance to be recorded.
#[derive(Clone, Debug)]
pub(super) struct NewRemittance {
    authority: String,
    period: String,
    reference: String,
    date: NaiveDate,
    amount: Option<Units>,
    event: Option<String>,
    currency: Option<&'static str>,
}

/// Tax that was remitted.
#[derive(Clone)]
pub(super) struct Remittance {
    authority: String,
    period: String,
    currency: &'static str,
    amount: Units,
    reference: String,
    date: NaiveDate,
    pub(super) by: usize,
    items: Vec<usize>,
    reversed_by: Option<usize>,
}

impl NewRemittance {
    pub(super) fn arguments(&self) -> String {
        let Self {
            authority,
            period,
            reference,
            date,
            amount,
            event,
            currency,
        } = self;
        let amount = amount.map(|amount| format!(" --amount {}", plain(amount)));
        let event = event.as_ref().map(|event| format!(" --event {event}"));
        let currency = currency.map(|currency| format!(" --currency {currency}"));
        let more = [amount, event, currency].map(Option::unwrap_or_default);
        format!(
            "--authority {authority} --period {period} --reference {reference} --date {date}{}",
            more.concat()
        )
    }
}

impl Books {
    /// Returns the remittance that paid an item and was not taken back.
    pub(super) fn remitted_by(&self, item: usize) -> Option<usize> {
        let pays = |one: &Remittance| one.reversed_by.is_none() && one.items.contains(&item);
        self.remittances.iter().position(pays)
    }

    fn currency_of(&self, item: usize) -> &'static str {
        let event = &self.events[self.tax_items[item].event];
        self.projects[event.project].currency
    }

    fn open_items(&self) -> impl Iterator<Item = usize> {
        let is_open =
            |at: &usize| !self.tax_items[*at].cancelled && self.remitted_by(*at).is_none();
        (0..self.tax_items.len()).filter(is_open)
    }

    pub(super) fn has_open_items(&self) -> bool {
        self.open_items().next().is_some()
    }

    pub(super) fn remit(&mut self, actor: usize, new: &NewRemittance) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let event = new
            .event
            .as_ref()
            .map(|code| self.event(code))
            .transpose()?;
        let is_meant = |at: &usize| {
            let item: &TaxItem = &self.tax_items[*at];
            (&item.authority, &item.period) == (&new.authority, &new.period)
                && event.is_none_or(|event| event == item.event)
                && new
                    .currency
                    .is_none_or(|only| only == self.currency_of(*at))
        };
        let items: Vec<usize> = self.open_items().filter(is_meant).collect();
        if new.date > self.today {
            return Err(Refusal::Rule("payment.date_in_future"));
        }
        let Some(first) = items.first() else {
            return Err(Refusal::Rule("tax.nothing_due"));
        };
        let currency = self.currency_of(*first);
        if items.iter().any(|at| self.currency_of(*at) != currency) {
            return Err(Refusal::Rule("tax.several_currencies"));
        }
        let amount: Units = items.iter().map(|at| self.tax_items[*at].tax).sum();
        if new.amount.is_some_and(|given| given != amount) {
            return Err(Refusal::Rule("tax.amount_differs"));
        }
        let used = |one: &Remittance| {
            one.reversed_by.is_none() && one.reference.eq_ignore_ascii_case(&new.reference)
        };
        let paid = |one: &Payment| one.reference.eq_ignore_ascii_case(&new.reference);
        if self.remittances.iter().any(used) || self.payments.iter().any(paid) {
            return Err(Refusal::Rule("tax.reference_used"));
        }
        self.remittances.push(Remittance {
            authority: new.authority.clone(),
            period: new.period.clone(),
            currency,
            amount,
            reference: new.reference.clone(),
            date: new.date,
            by: actor,
            items,
            reversed_by: None,
        });
        self.note(actor, "tax_remitted", ("", "recorded"));
        Ok(())
    }

    pub(super) fn reverse_remittance(
        &mut self,
        actor: usize,
        number: usize,
    ) -> Result<(), Refusal> {
        self.must(actor, "review")?;
        if !(1..=self.remittances.len()).contains(&number) {
            return Err(Refusal::Name("tax_remittance.unknown"));
        }
        let Remittance {
            by, reversed_by, ..
        } = self.remittances[number - 1];
        if reversed_by.is_some() {
            return Err(Refusal::Rule("tax.remittance_state"));
        }
        self.must_be_second(actor, &[by], "tax.same_actor")?;
        self.remittances[number - 1].reversed_by = Some(actor);
        self.note(actor, "tax_remittance_reversed", ("recorded", "reversed"));
        Ok(())
    }
}

impl Picks<'_> {
    pub(super) fn remittance(&mut self) -> Act {
        let open: Vec<usize> = self.books.open_items().collect();
        let picked = self.dice.pick(&open).copied();
        let item = picked.filter(|_| self.dice.percent(90));
        let (authority, period) = item.map_or_else(
            || ("NRS".to_owned(), "2026-02".to_owned()),
            |at| {
                let item = &self.books.tax_items[at];
                (item.authority.clone(), item.period.clone())
            },
        );
        let currency = item.map(|at| self.books.currency_of(at));
        let event = item.map(|at| {
            let event = self.books.tax_items[at].event;
            spelled(self.dice, &self.books.events[event].code)
        });
        let same = |at: &&usize| {
            let item = &self.books.tax_items[**at];
            (&item.authority, &item.period) == (&authority, &period)
                && currency.is_none_or(|only| only == self.books.currency_of(**at))
        };
        let all: Units = open
            .iter()
            .filter(same)
            .map(|at| self.books.tax_items[*at].tax)
            .sum();
        let amount = match self.dice.below(10) {
            0 => Some(all + 1),
            1..5 => Some(all),
            _ => None,
        };
        let used = if self.dice.percent(30) {
            let paid = self.dice.pick(&self.books.payments);
            paid.map(|one| one.reference.clone())
        } else {
            let used = self.dice.pick(&self.books.remittances);
            used.map(|one| one.reference.clone())
        };
        let reference = used.filter(|_| self.dice.percent(16));
        let date = match self.dice.below(20) {
            0 => self.books.today.succ_opt().unwrap(),
            _ => self.books.today - Days::new(self.dice.next() % 4),
        };
        Act::Remit(NewRemittance {
            authority,
            period,
            reference: reference.unwrap_or_else(|| format!("TR{}", self.count)),
            date,
            amount,
            event: event.filter(|_| amount.is_none() && self.dice.percent(40)),
            currency: currency.filter(|_| self.dice.percent(80)),
        })
    }

    pub(super) fn remittance_reversal(&mut self) -> Act {
        let all = self.books.remittances.len();
        let live = |at: &usize| self.books.remittances[*at].reversed_by.is_none();
        let live: Vec<usize> = (0..all).filter(live).collect();
        let picked = self.dice.pick(&live).copied();
        let picked = picked.filter(|_| self.dice.percent(85));
        Act::RemittanceReverse(picked.unwrap_or_else(|| self.dice.below(all + 1)) + 1)
    }

    pub(super) fn has_remittance(&self) -> bool {
        (self.books.remittances.iter()).any(|one| one.reversed_by.is_none())
    }

    /// Picks what is known of a holder for tax: mostly enough to say to whom the tax is owed.
    pub(super) fn tax_data(&mut self) -> TaxData {
        match self.dice.below(24) {
            0 => TaxData::default(),
            1 => TaxData {
                kind: Some("individual"),
                ..TaxData::default()
            },
            2..8 => TaxData {
                kind: Some("company"),
                residence: Some(self.one(&["NG", "GB"])),
                state: None,
            },
            8..12 => TaxData {
                kind: Some("fund"),
                residence: Some(self.one(&["NG", "GB"])),
                state: Some("FC"),
            },
            _ => TaxData {
                kind: Some("individual"),
                residence: Some("NG"),
                state: Some(self.one(&["LA", "FC"])),
            },
        }
    }
}

pub(super) fn lines(books: &Books) -> Vec<String> {
    let line = |one: &Remittance| {
        let items: Vec<String> = one.items.iter().map(|at| (at + 1).to_string()).collect();
        let by = |user: usize| books.users[user].code.as_str();
        format!(
            "{}|{}|{}|{}|{}|{}|{}|{}|{}",
            one.authority,
            one.period,
            one.currency,
            canonical(one.amount),
            one.reference,
            one.date,
            by(one.by),
            one.reversed_by.map_or("", by),
            items.join(" ")
        )
    };
    books.remittances.iter().map(line).collect()
}
