//! The arguments of projects and events.

use chrono::Days;

use super::Picks;
use crate::model::{
    act::{Act, EventDraft, Hash},
    calculation::Frozen,
    components::{Component, UNKNOWN},
    proceeds::{EventBasis, Rate},
    steps::spelled,
    units::{MOST, ONE, Units},
};

/// What the money of an event may be, and what it is less often.
const NAMES: [&str; 3] = ["income", "capital_gain", "return_of_capital"];

impl Picks<'_> {
    pub(super) fn draft(&mut self) -> Act {
        let project = self.project();
        let minor = self
            .books
            .project(&project)
            .map_or(ONE, |at| self.books.projects[at].minor);
        let unit = match self.dice.below(20) {
            0 => Some(0),
            1..4 => Some(1),
            4..6 => Some(minor * 5),
            _ => None,
        };
        let step = unit.unwrap_or(minor).max(1);
        let given = self.proceeds((&project, minor), step);
        let components = self.components(given, step);
        let date = self.day();
        let record_date = match self.dice.below(20) {
            0 => date.checked_add_days(Days::new(1)),
            1..8 => date.checked_sub_days(Days::new(self.dice.next() % 30)),
            _ => None,
        };
        let code = match self.dice.below(20) {
            0 => self
                .dice
                .pick(&self.books.events)
                .map(|event| event.code.to_ascii_lowercase()),
            1..5 => None,
            _ => Some(format!("E{}", self.count)),
        };
        let kind = if self.dice.percent(15) {
            "exit"
        } else {
            "revenue"
        };
        let minimum = self.dice.percent(12).then(|| self.minimum(minor));
        Act::EventCreate(EventDraft {
            code,
            project,
            kind,
            given,
            components,
            exempt: self.dice.percent(8),
            date,
            record_date,
            unit,
            minimum,
        })
    }

    /// Changes the tax profile of a project, or what a holder must be owed before it is paid: mostly
    /// there is no minimum.
    pub(super) fn project_change(&mut self) -> Act {
        let project = if self.dice.percent(6) {
            "NOWHERE".to_owned()
        } else {
            self.project()
        };
        let minor = self
            .books
            .project(&project)
            .map_or(ONE, |at| self.books.projects[at].minor);
        let of_minimum = self.dice.percent(50);
        let minimum = of_minimum.then(|| {
            if self.dice.percent(70) {
                0
            } else {
                self.minimum(minor)
            }
        });
        let of_tax = !of_minimum || self.dice.percent(15);
        let profile = of_tax.then(|| self.one(&["ng-2026", "ng-2026", "model.toml", "none"]));
        Act::ProjectSet {
            project,
            minimum,
            profile,
        }
    }

    /// Picks a minimum payout, which need not be an amount that a bank can pay.
    fn minimum(&mut self, minor: Units) -> Units {
        match self.dice.below(6) {
            0 => 0,
            1 => self.dice.units(minor * 150),
            _ => minor * self.dice.units(120),
        }
    }

    /// Goes over the calculated events, those that are stale or those that are not.
    pub(super) fn calculated(&self, stale: bool) -> impl Iterator<Item = usize> {
        let fits = move |at: &usize| {
            self.books.events[*at].status == "calculated" && self.books.is_stale(*at) == stale
        };
        (0..self.books.events.len()).filter(fits)
    }

    /// Goes over the events that can be calculated: drafts, and those whose register has changed
    /// since.
    pub(super) fn calculable(&self) -> impl Iterator<Item = usize> {
        let drafts = (0..self.books.events.len()).filter(|at| {
            self.books.events[*at].status == "draft" && self.books.calculation(*at).is_ok()
        });
        drafts.chain(self.calculated(true))
    }

    /// Picks an event to calculate, mostly one that can be.
    pub(super) fn event_to_calculate(&mut self) -> String {
        let calculable: Vec<usize> = self.calculable().collect();
        let picked = self.dice.pick(&calculable).copied();
        match picked.filter(|_| self.dice.percent(75)) {
            Some(event) => spelled(self.dice, &self.books.events[event].code),
            None => self.event(&["draft", "draft", "draft", "calculated"]),
        }
    }

    pub(super) fn event_approval(&mut self, hash: &dyn Fn(&str) -> Option<String>) -> Act {
        let fresh: Vec<usize> = self.calculated(false).collect();
        let code = match self.dice.pick(&fresh).filter(|_| self.dice.percent(85)) {
            Some(event) => spelled(self.dice, &self.books.events[*event].code),
            None => self.event(&["calculated"]),
        };
        let digits = match self.dice.below(10) {
            0 => Some(("0".repeat(8), (Vec::new(), Frozen::default()))),
            1..4 => self.books.event(&code).ok().and_then(|event| {
                let digits = hash(&code)?[..8 + self.dice.below(57)].to_owned();
                let event = &self.books.events[event];
                Some((digits, (event.shares.clone(), event.frozen.clone())))
            }),
            _ => None,
        };
        let hash = digits.map(|(digits, of)| Hash { digits, of });
        Act::EventApprove { code, hash }
    }

    /// Picks what an event distributes: mostly an amount.
    fn proceeds(&mut self, (project, minor): (&str, Units), step: Units) -> EventBasis {
        let amount = match self.dice.below(40) {
            0 => 0,
            1 => step * 100 + (step / 10).max(1),
            2 => MOST - MOST % step,
            3..8 => step * self.dice.units(4),
            8..12 => step * self.dice.units(10_000_000_000),
            _ => minor * 5 * self.dice.units(400),
        };
        match self.dice.below(20) {
            0..12 => EventBasis::Amount(amount),
            12..17 => EventBasis::Gross(amount),
            _ => EventBasis::Rate(self.rate((project, minor))),
        }
    }

    fn rate(&mut self, (project, minor): (&str, Units)) -> Rate {
        let per_token = match self.dice.below(12) {
            0 => 0,
            1..6 => self.dice.units(minor * 150),
            _ => minor * self.dice.units(150),
        };
        let tokens = self.books.project(project).map_or(0, |project| {
            let (issued, redeemed) = self.books.supply(project);
            issued - redeemed
        });
        // What about so many tokens give, or a little less.
        let near = per_token * (tokens / ONE).clamp(1, 100) + minor * self.dice.units(300);
        let gross = match self.dice.below(10) {
            0 => Some(near / 2),
            1..5 => Some(near),
            _ => None,
        };
        let rounding = self.one(&[None, None, Some("half-up"), Some("down"), Some("up")]);
        Rate {
            per_token,
            rounding,
            gross,
        }
    }

    /// Picks what the money is, mostly nothing: two or three components that add up.
    fn components(&mut self, given: EventBasis, step: Units) -> Vec<Component> {
        if self.dice.percent(68) {
            return Vec::new();
        }
        let (whole, step) = match given {
            EventBasis::Amount(amount) => (amount, step),
            EventBasis::Gross(gross) => (gross / 2, step),
            EventBasis::Rate(rate) => (rate.per_token, 1),
        };
        let mut names = NAMES.to_vec();
        let first = names.remove(self.dice.below(3));
        let second = names.remove(self.dice.below(2));
        let third = self.dice.percent(30).then(|| names.remove(0));
        let names = [Some(first), Some(second), third].into_iter().flatten();
        let mut left = whole - whole % step;
        let mut list: Vec<Component> = Vec::new();
        for name in names {
            let part = match self.dice.below(10) {
                0 => 0,
                1 => left,
                _ => step * self.dice.units((left / step).max(1)),
            };
            let amount = part.min(left);
            left -= amount;
            list.push(Component {
                name,
                amount: Some(amount),
            });
        }
        self.spoil(&mut list, left, matches!(given, EventBasis::Gross(_)));
        list
    }

    /// Makes the last component what is left, and now and then the list a wrong one.
    fn spoil(&mut self, list: &mut [Component], left: Units, must_rest: bool) {
        let last = list.len() - 1;
        if must_rest || self.dice.percent(60) {
            list[last].amount = None;
        } else {
            list[last].amount = list[last].amount.map(|amount| amount + left);
        }
        match self.dice.below(30) {
            0 => list[0].amount = None,
            1 => list[0].amount = list[0].amount.map(|amount| amount + 1),
            2 => list[0].name = UNKNOWN,
            3 => list[0].name = list[last].name,
            4 | 5 => list[0].name = "interest",
            _ => {}
        }
    }
}
