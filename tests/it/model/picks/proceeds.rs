//! The arguments of deductions.

use super::Picks;
use crate::model::{
    act::Act,
    proceeds::{Deduction, DeductionChange, Term, UNDISTRIBUTED},
    units::{ONE, Units},
};

const RESERVES: [&str; 2] = ["roof", "lift"];
const CHARGES: [&str; 4] = ["agent", "audit", "bank", "roof"];

impl Picks<'_> {
    /// Lists the events with proceeds that can still be changed.
    fn with_proceeds(&self) -> Vec<usize> {
        let fits = |at: &usize| {
            let event = &self.books.events[*at];
            event.given.gross().is_some() && ["draft", "calculated"].contains(&event.status)
        };
        (0..self.books.events.len()).filter(fits).collect()
    }

    pub(in crate::model) fn has_proceeds(&self) -> bool {
        !self.with_proceeds().is_empty()
    }

    pub(super) fn deduction(&mut self) -> Act {
        let mut events = self.with_proceeds();
        if self.dice.percent(80) {
            events.retain(|at| self.books.events[*at].status == "draft");
        }
        let picked = self.dice.pick(&events).copied();
        let picked = picked.filter(|_| self.dice.percent(93));
        let code = picked.map(|event| self.books.events[event].code.clone());
        let code = code.unwrap_or_else(|| self.event(&["draft", "calculated", "active"]));
        let event = self.books.event(&code).ok();
        let known: Vec<&'static str> = event.map_or_else(Vec::new, |event| {
            let list = self.books.events[event].deductions.iter();
            list.map(|one| one.name).collect()
        });
        let removed = self.dice.pick(&known).copied();
        let change = if self.dice.percent(18) {
            DeductionChange::Remove(removed.unwrap_or("none"))
        } else {
            self.added_deduction(event)
        };
        Act::Deduct {
            event: code,
            change,
        }
    }

    fn added_deduction(&mut self, event: Option<usize>) -> DeductionChange {
        let (project, rest) = event.map_or((0, ONE), |event| {
            let event = &self.books.events[event];
            let before = event.deducted.last().map(|last| last.rest);
            (event.project, before.or(event.given.gross()).unwrap_or(ONE))
        });
        let minor = self.books.projects[project].minor;
        let held: Vec<(&'static str, Units)> = RESERVES
            .iter()
            .map(|name| (*name, self.books.reserve(project, name)))
            .filter(|(_, balance)| *balance > 0)
            .collect();
        let held = self.dice.pick(&held).copied();
        let (kind, name, most) = match (self.dice.below(10), held) {
            (0..4, Some((name, balance))) => ("release", name, balance),
            (0, None) => ("release", RESERVES[0], rest),
            (1..8, _) => ("reserve", self.one(&RESERVES), rest / 3),
            _ => (
                self.one(&["fee", "expense", "other"]),
                self.one(&CHARGES),
                rest / 4,
            ),
        };
        let name = if self.dice.percent(2) {
            UNDISTRIBUTED
        } else {
            name
        };
        let term = match self.dice.below(30) {
            0 => Term::Amount(0),
            1 => Term::Amount(most * 4 + minor),
            2 => Term::Amount(self.dice.units(most)),
            3..12 if kind != "release" => {
                let base = self.one(&["gross", "rest"]);
                Term::Percent(self.dice.units(40 * ONE), base)
            }
            3..8 => Term::Amount(most),
            8 => Term::Amount(most + minor),
            _ => Term::Amount(minor * self.dice.units(most / minor)),
        };
        let position = match self.dice.below(12) {
            0 => Some(9),
            1 | 2 => Some(1),
            _ => None,
        };
        DeductionChange::Add(Deduction { kind, name, term }, position)
    }
}
