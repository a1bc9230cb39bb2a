//! The model's rules of what an event distributes: an amount, proceeds less deductions, or a rate
//! for each token.

use super::{
    act::EventDraft,
    books::{Books, Event, Refusal},
    units::{MOST, ONE, Units, canonical, plain},
};

/// What an event distributes, as it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EventBasis {
    Amount(Units),
    Gross(Units),
    Rate(Rate),
}

/// A declared rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    pub(super) per_token: Units,
    pub(super) rounding: Option<&'static str>,
    pub(super) gross: Option<Units>,
}

/// How much a deduction takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Term {
    Amount(Units),
    Percent(Units, &'static str),
}

/// A deduction as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Deduction {
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    pub(super) term: Term,
}

/// A deduction with what it takes, and what is left after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Deducted {
    pub(super) of: Deduction,
    pub(super) amount: Units,
    pub(super) rest: Units,
}

/// A change of the deductions of an event.
#[derive(Clone, Debug)]
pub(super) enum DeductionChange {
    Add(Deduction, Option<usize>),
    Remove(&'static str),
}

/// What a declared rate leaves of the proceeds.
pub(super) const UNDISTRIBUTED: &str = "undistributed";

/// Multiplies and divides once, and rounds to a multiple of a step. The products of the walks fit.
pub(super) fn rounded(
    (a, b): (Units, Units),
    divisor: Units,
    step: Units,
    rounding: &str,
) -> Units {
    let (product, divisor) = (a * b, divisor * step);
    let steps = match rounding {
        "down" => product / divisor,
        "up" => (product + divisor - 1) / divisor,
        _ => (2 * product + divisor) / (2 * divisor),
    };
    steps * step
}

/// Takes a percentage, half up to the smallest amount.
pub(super) fn percent_of(base: Units, percent: Units, minor: Units) -> Units {
    rounded((base, percent), 100 * ONE, minor, "half-up")
}

/// Takes deductions from proceeds, in their order.
fn deduct(gross: Units, list: &[Deduction], minor: Units) -> Result<Vec<Deducted>, Refusal> {
    let mut rest = gross;
    let mut deducted = Vec::new();
    for one in list {
        let amount = match one.term {
            Term::Amount(amount) => amount,
            Term::Percent(percent, "gross") => percent_of(gross, percent, minor),
            Term::Percent(percent, _) => percent_of(rest, percent, minor),
        };
        if amount == 0 {
            return Err(Refusal::Rule("event.deduction_zero"));
        }
        rest += if one.kind == "release" {
            amount
        } else {
            -amount
        };
        if rest > MOST {
            return Err(Refusal::Rule("event.too_large"));
        }
        if rest <= 0 {
            return Err(Refusal::Rule("event.nothing_left"));
        }
        let of = one.clone();
        deducted.push(Deducted { of, amount, rest });
    }
    Ok(deducted)
}

/// What each holder's tokens give.
pub(super) struct Whole {
    pub(super) total: Units,
    pub(super) deducted: Vec<Deducted>,
    pub(super) parts: Vec<Units>,
    /// The parts of each component, if a rate has components.
    pub(super) columns: Vec<Vec<Units>>,
}

impl EventBasis {
    pub(super) const fn gross(&self) -> Option<Units> {
        match self {
            Self::Amount(_) => None,
            Self::Gross(gross) => Some(*gross),
            Self::Rate(rate) => rate.gross,
        }
    }

    const fn rate(&self) -> Option<Units> {
        match self {
            Self::Amount(_) | Self::Gross(_) => None,
            Self::Rate(rate) => Some(rate.per_token),
        }
    }

    /// Returns the number that is never zero.
    const fn figure(&self) -> Units {
        match self {
            Self::Amount(figure) | Self::Gross(figure) => *figure,
            Self::Rate(rate) => rate.per_token,
        }
    }

    pub(super) fn arguments(&self) -> String {
        match self {
            Self::Amount(amount) => format!("--amount {}", plain(*amount)),
            Self::Gross(gross) => format!("--gross {}", plain(*gross)),
            Self::Rate(rate) => {
                let rounding = rate.rounding.map(|word| format!(" --rounding {word}"));
                let gross = rate.gross.map(|gross| format!(" --gross {}", plain(gross)));
                let [rounding, gross] = [rounding, gross].map(Option::unwrap_or_default);
                format!("--rate {}{rounding}{gross}", plain(rate.per_token))
            }
        }
    }
}

impl Event {
    /// Returns what is distributed, as far as it is known.
    pub(super) fn amount(&self) -> Option<Units> {
        match self.given {
            EventBasis::Amount(amount) => Some(amount),
            EventBasis::Gross(gross) => {
                let last = self.deducted.last();
                Some(last.map_or(gross, |last| last.rest))
            }
            EventBasis::Rate(_) => self.calculated_by.map(|_| self.frozen.total),
        }
    }
}

impl Books {
    /// Refuses what no event can distribute.
    pub(super) fn must_be_given(draft: &EventDraft, unit: Units) -> Result<(), Refusal> {
        if draft.given.figure() == 0 || draft.given.gross() == Some(0) {
            return Err(Refusal::Rule("event.amount_zero"));
        }
        if let EventBasis::Amount(amount) = draft.given
            && amount % unit != 0
        {
            return Err(Refusal::Rule("event.not_a_multiple"));
        }
        Ok(())
    }

    /// Finds an event that people would take for the same one.
    pub(super) fn has_like(&self, project: usize, draft: &EventDraft) -> bool {
        let like = |event: &Event| {
            let amount = match draft.given {
                EventBasis::Amount(amount) => event.amount() == Some(amount),
                EventBasis::Gross(_) | EventBasis::Rate(_) => true,
            };
            let figures = |given: &EventBasis| (given.gross(), given.rate());
            event.project == project
                && event.kind == draft.kind
                && amount
                && figures(&event.given) == figures(&draft.given)
                && event.date == draft.date
                && event.status != "cancelled"
        };
        self.events.iter().any(like)
    }

    pub(super) fn deduct(
        &mut self,
        actor: usize,
        code: &str,
        change: &DeductionChange,
    ) -> Result<(), Refusal> {
        let event = self.event(code)?;
        self.must_be_open(actor, event)?;
        let gross = self.events[event].given.gross();
        let gross = gross.ok_or(Refusal::Rule("event.no_proceeds"))?;
        let bad_name = Err(Refusal::Rule("event.deduction_name"));
        let mut list = self.events[event].deductions.clone();
        let named = |name: &str| list.iter().position(|one| one.name == name);
        match change {
            DeductionChange::Add(new, position) => {
                if new.name == UNDISTRIBUTED || named(new.name).is_some() {
                    return bad_name;
                }
                let at = position.unwrap_or(list.len() + 1);
                if at == 0 || at > list.len() + 1 {
                    return Err(Refusal::Rule("event.deduction_position"));
                }
                list.insert(at - 1, new.clone());
            }
            DeductionChange::Remove(name) => {
                let Some(at) = named(name) else {
                    return bad_name;
                };
                list.remove(at);
            }
        }
        let deducted = deduct(gross, &list, self.minor(event))?;
        self.must_cover(event, &deducted)?;
        self.events[event].deductions = list;
        self.changed(actor, event, "deductions_changed");
        Ok(())
    }

    /// Lists what the deductions of an event that is not calculated take.
    pub(super) fn deducted(&self, event: usize) -> Result<Vec<Deducted>, Refusal> {
        let Event {
            given,
            ref deductions,
            ..
        } = self.events[event];
        given.gross().map_or(Ok(Vec::new()), |gross| {
            deduct(gross, deductions, self.minor(event))
        })
    }

    /// Divides what an event distributes over tokens.
    pub(super) fn whole(&self, event: usize, tokens: &[Units]) -> Result<Whole, Refusal> {
        let deducted = self.deducted(event)?;
        let Event {
            given,
            unit,
            ref components,
            ..
        } = self.events[event];
        let left = deducted.last().map(|last| last.rest);
        let total = match given {
            EventBasis::Amount(amount) => amount,
            EventBasis::Gross(gross) => left.unwrap_or(gross),
            EventBasis::Rate(rate) => {
                let whole = rate.divide(unit, tokens, components)?;
                return whole.within(left.or(rate.gross), deducted);
            }
        };
        if total % unit != 0 {
            return Err(Refusal::Rule("event.not_a_multiple"));
        }
        let parts = super::calculation::largest_remainder(total / unit, tokens);
        Ok(Whole {
            total,
            deducted,
            parts: parts.into_iter().map(|units| units * unit).collect(),
            columns: Vec::new(),
        })
    }
}

impl Rate {
    fn divide(
        &self,
        unit: Units,
        tokens: &[Units],
        components: &[super::components::Component],
    ) -> Result<Whole, Refusal> {
        let column = |per_token: Units| -> Vec<Units> {
            let part = |tokens: &Units| {
                rounded(
                    (per_token, *tokens),
                    ONE,
                    unit,
                    self.rounding.unwrap_or("half-up"),
                )
            };
            tokens.iter().map(part).collect()
        };
        let mut columns = Vec::new();
        let parts = if components.is_empty() {
            column(self.per_token)
        } else {
            let amounts = super::components::amounts(self.per_token, components)?;
            columns = amounts.into_iter().map(column).collect();
            let sum = |at: usize| columns.iter().map(|column: &Vec<Units>| column[at]).sum();
            (0..tokens.len()).map(sum).collect()
        };
        let total: Units = parts.iter().sum();
        if total > MOST {
            return Err(Refusal::Rule("event.too_large"));
        }
        if total == 0 {
            return Err(Refusal::Rule("event.amount_zero"));
        }
        Ok(Whole {
            total,
            deducted: Vec::new(),
            parts,
            columns,
        })
    }
}

impl Whole {
    /// Keeps what a rate leaves of the proceeds as the last deduction.
    fn within(mut self, left: Option<Units>, deducted: Vec<Deducted>) -> Result<Self, Refusal> {
        self.deducted = deducted;
        let Some(left) = left else { return Ok(self) };
        if self.total > left {
            return Err(Refusal::Rule("event.rate_above_proceeds"));
        }
        let amount = left - self.total;
        if amount > 0 {
            let of = Deduction {
                kind: "other",
                name: UNDISTRIBUTED,
                term: Term::Amount(amount),
            };
            let rest = self.total;
            self.deducted.push(Deducted { of, amount, rest });
        }
        Ok(self)
    }
}

impl DeductionChange {
    pub(super) fn arguments(&self) -> String {
        match self {
            Self::Remove(name) => format!("--remove {name}"),
            Self::Add(Deduction { kind, name, term }, position) => {
                let term = match term {
                    Term::Amount(amount) => format!("--amount {}", plain(*amount)),
                    Term::Percent(percent, of) => {
                        format!("--percent {} --of {of}", plain(*percent))
                    }
                };
                let position = position.map(|at| format!(" --position {at}"));
                let position = position.unwrap_or_default();
                format!("--kind {kind} --name {name} {term}{position}")
            }
        }
    }
}

pub(super) fn deduction_lines(books: &Books) -> Vec<String> {
    let mut lines = Vec::new();
    for event in &books.events {
        for (at, one) in event.deducted.iter().enumerate() {
            let Deduction { kind, name, term } = one.of;
            let term = match term {
                Term::Amount(amount) => format!("{}||", canonical(amount)),
                Term::Percent(percent, of) => format!("|{}|{of}", canonical(percent)),
            };
            let sums = [one.amount, one.rest].map(canonical).join("|");
            lines.push(format!(
                "{}|{}|{kind}|{name}|{term}|{sums}",
                event.code,
                at + 1
            ));
        }
    }
    lines
}

#[test]
fn the_model_deducts_what_can_be_reckoned_by_hand() {
    use super::units::read;
    let minor = read("0.01");
    let steps = |gross: &str, terms: &[(&'static str, Term)]| {
        let named = terms.iter().zip(["a", "b", "c"]);
        let list: Vec<Deduction> = named
            .map(|((kind, term), name)| Deduction {
                kind,
                name,
                term: *term,
            })
            .collect();
        let deducted = deduct(read(gross), &list, minor)?;
        Ok(deducted.iter().map(|one| (one.amount, one.rest)).collect())
    };
    let wanted = |steps: &[(&str, &str)]| -> Result<Vec<(Units, Units)>, Refusal> {
        let steps = steps
            .iter()
            .map(|(amount, rest)| (read(amount), read(rest)));
        Ok(steps.collect())
    };
    let quarter = [
        ("expense", Term::Amount(read("350000"))),
        ("fee", Term::Percent(read("2"), "gross")),
        ("reserve", Term::Percent(read("5"), "rest")),
    ];
    assert_eq!(
        steps("12500000", &quarter),
        wanted(&[
            ("350000", "12150000"),
            ("250000", "11900000"),
            ("595000", "11305000")
        ])
    );
    let odd = [
        ("fee", Term::Percent(read("2.5"), "gross")),
        ("reserve", Term::Percent(read("33.3333333"), "rest")),
    ];
    assert_eq!(
        steps("1000.01", &odd),
        wanted(&[("25", "975.01"), ("325", "650.01")])
    );
    let all = [("expense", Term::Amount(read("1000")))];
    assert_eq!(
        steps("1000", &all),
        Err(Refusal::Rule("event.nothing_left"))
    );
    let third = (read("0.3333333"), 1_000 * ONE);
    let paid = ["half-up", "down", "up"].map(|rounding| rounded(third, ONE, minor, rounding));
    assert_eq!(paid, [read("333.33"), read("333.33"), read("333.34")]);
}
