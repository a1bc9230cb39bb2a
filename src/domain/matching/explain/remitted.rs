//! A line compared with the remittances that come near it.

use std::collections::HashSet;

use super::super::{
    comparison::{Alternative, Comparison},
    line::Line,
    link::{Link, Tier},
    node::day,
    remittance::ExpectedRemittance,
    sides::Sides,
};
use crate::domain::{
    code::{LineNumber, RemittanceNumber},
    signed::Signed,
};

/// The days within which an equal amount alone is worth a look.
const NEAR: i64 = 30;

/// What an explanation knows of remittances.
pub(super) struct Remitted<'a> {
    input: Sides<'a>,
    linked: HashSet<(LineNumber, RemittanceNumber)>,
    rejected: HashSet<(LineNumber, RemittanceNumber)>,
    /// The lines that any decided link holds.
    decided: HashSet<LineNumber>,
}

impl<'a> Remitted<'a> {
    pub(super) fn new(input: Sides<'a>) -> Self {
        let pairs = |links: &[Link]| -> HashSet<(LineNumber, RemittanceNumber)> {
            let pair = |link: &Link| Some((*link.lines.first()?, link.remittance?));
            links.iter().filter_map(pair).collect()
        };
        let decided = input.decided.iter().flat_map(|link| &link.lines);
        Self {
            input,
            linked: pairs(input.decided),
            rejected: pairs(input.rejected),
            decided: decided.copied().collect(),
        }
    }

    /// Returns the remittances that a debit fits: by the reference, the amount and the day.
    pub(super) fn fitting(&self, line: &Line) -> Vec<&'a ExpectedRemittance> {
        let all = self.input.remittances.iter();
        all.filter(|remittance| self.fits(line, remittance))
            .collect()
    }

    fn fits(&self, line: &Line, remittance: &ExpectedRemittance) -> bool {
        let key = (line.number, remittance.number);
        line.amount.is_negative()
            && remittance.is_open()
            && !self.decided.contains(&line.number)
            && !self.rejected.contains(&key)
            && units(line) == remittance.units()
            && remittance.is_in_time(days(line))
            && remittance.is_named_by(line)
    }

    /// Explains a line: every remittance that comes near it, what is linked or fits first. `rival` is
    /// a payment that fits the line as well.
    pub(super) fn alternatives(&self, line: &Line, rival: Option<String>) -> Vec<Alternative> {
        let is_near = |remittance: &&ExpectedRemittance| {
            let away = remittance.distance(days(line)).abs();
            let same = units(line) == remittance.units() && away <= NEAR;
            let key = (line.number, remittance.number);
            same || remittance.is_named_by(line) || self.linked.contains(&key)
        };
        let mut near: Vec<&ExpectedRemittance> =
            self.input.remittances.iter().filter(is_near).collect();
        near.sort_by_key(|remittance| {
            let key = (line.number, remittance.number);
            (
                !self.linked.contains(&key),
                !self.fits(line, remittance),
                !remittance.is_named_by(line),
                (units(line) - remittance.units()).abs(),
                remittance.number,
            )
        });
        let tell = |remittance: &ExpectedRemittance| Alternative {
            withdrawal: None,
            payment: None,
            remittance: Some(remittance.number),
            tier: (self.fits(line, remittance)).then_some(Tier::Reference),
            compared: self.compare(line, remittance),
            verdict: self.verdict(line, remittance, rival.as_deref()),
        };
        near.into_iter().map(tell).collect()
    }

    fn compare(&self, line: &Line, remittance: &ExpectedRemittance) -> Vec<Comparison> {
        let named = remittance.is_named_by(line);
        let out = line.amount.is_negative();
        let field = |field, bank: String, ledger: String, agrees| Comparison {
            field,
            bank,
            ledger,
            agrees,
        };
        let found = if named {
            "found in the line"
        } else {
            "not found in the line"
        };
        let date = match line.value_date.filter(|value| *value != line.date) {
            Some(value) => format!("{}, value {value}", line.date),
            None => line.date.to_string(),
        };
        vec![
            field(
                "direction",
                if out { "out" } else { "in" }.to_owned(),
                "out".to_owned(),
                out,
            ),
            field(
                "reference",
                found.to_owned(),
                remittance.reference.clone(),
                named,
            ),
            field(
                "amount",
                self.shown(units(line)),
                self.shown(remittance.units()),
                units(line) == remittance.units(),
            ),
            field(
                "date",
                date,
                remittance.date.to_string(),
                remittance.is_in_time(days(line)),
            ),
        ]
    }

    fn verdict(&self, line: &Line, remittance: &ExpectedRemittance, rival: Option<&str>) -> String {
        let key = (line.number, remittance.number);
        if self.linked.contains(&key) {
            return "linked: this match is in the ledger".to_owned();
        }
        if self.rejected.contains(&key) {
            return "rejected before".to_owned();
        }
        if let Some(other) = remittance.line {
            let same = units(line) == remittance.units() && remittance.is_named_by(line);
            let twice = if same && line.amount.is_negative() {
                "; the reference and the amount are the same: a second payment"
            } else {
                ""
            };
            return format!("matched already with {other}{twice}");
        }
        if !self.fits(line, remittance) {
            return self.lack(line, remittance);
        }
        let mut others = self.fitting(line).into_iter();
        if let Some(other) = others.find(|other| other.number != remittance.number) {
            return format!("fits as well as {}: ambiguous", other.number);
        }
        if let Some(rival) = rival {
            return format!("fits as well as {rival}: ambiguous");
        }
        let lines = self.input.lines.iter();
        let mut others = lines.filter(|other| other.number != line.number);
        match others.find(|other| self.fits(other, remittance)) {
            Some(other) => format!("{} fits as well: ambiguous", other.number),
            None => "the same reference, amount and day: a reviewer who did not record it confirms"
                .to_owned(),
        }
    }

    /// Returns what a remittance lacks.
    fn lack(&self, line: &Line, remittance: &ExpectedRemittance) -> String {
        let mut lacks = Vec::new();
        if !line.amount.is_negative() {
            lacks.push("money came in".to_owned());
        }
        let difference = units(line) - remittance.units();
        if difference != 0 {
            let side = if difference < 0 { "less" } else { "more" };
            lacks.push(format!(
                "another amount: {} {side}",
                self.shown(difference.abs())
            ));
        }
        if !remittance.is_in_time(days(line)) {
            let away = remittance.distance(days(line)).abs();
            lacks.push(format!("{away} days from the day of the payment"));
        }
        if !remittance.is_named_by(line) {
            lacks.push("no reference that is the same".to_owned());
        }
        if lacks.is_empty() {
            lacks.push("the line is matched or explained already".to_owned());
        }
        lacks.join("; ")
    }

    fn shown(&self, units: i128) -> String {
        let decimals = self.input.currency.decimals();
        Signed::from_units(units).map_or_else(String::new, |amount| amount.grouped(decimals))
    }
}

fn units(line: &Line) -> i128 {
    line.amount.units().abs()
}

fn days(line: &Line) -> impl Iterator<Item = i64> {
    std::iter::once(line.date).chain(line.value_date).map(day)
}
