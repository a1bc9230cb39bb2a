//! The model's rules of components: what the money of an event is, and how each holder's gross
//! splits into it.

use super::{
    books::{Books, Event, Refusal, Share},
    calculation::{Frozen, largest_remainder},
    participation::Policy,
    proceeds::EventBasis,
    units::{MOST, Units, canonical, plain},
};

/// A component as it was given; without an amount it is the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) name: &'static str,
    pub(super) amount: Option<Units>,
}

/// A component of a calculated event: how much it is, and the part of each share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) amount: Units,
    pub(super) parts: Vec<Units>,
}

/// A word that does not name a component.
pub(super) const UNKNOWN: &str = "salary";

impl Component {
    pub(super) fn arguments(&self) -> String {
        let amount = self.amount.map_or_else(|| "rest".to_owned(), plain);
        format!(" --component {}={amount}", self.name)
    }
}

/// Refuses a list that names something twice.
fn check(list: &[Component]) -> Result<(), Refusal> {
    if list.iter().filter(|one| one.amount.is_none()).count() > 1 {
        return Err(Refusal::Rule("event.components_sum"));
    }
    let is_twice = |at: usize| list[..at].iter().any(|other| other.name == list[at].name);
    if (0..list.len()).any(is_twice) {
        return Err(Refusal::Rule("event.component_twice"));
    }
    Ok(())
}

/// Returns how much each component is of the whole.
pub(super) fn amounts(whole: Units, list: &[Component]) -> Result<Vec<Units>, Refusal> {
    check(list)?;
    let sum: Units = list.iter().filter_map(|one| one.amount).sum();
    if sum > MOST {
        return Err(Refusal::Rule("event.too_large"));
    }
    let has_rest = list.iter().any(|one| one.amount.is_none());
    let rest = whole - sum;
    if rest < 0 || (rest > 0 && !has_rest && !list.is_empty()) {
        return Err(Refusal::Rule("event.components_sum"));
    }
    let amounts = list.iter().map(|one| one.amount.unwrap_or(rest));
    Ok(amounts.collect())
}

fn must_be_multiples(amounts: &[Units], unit: Units) -> Result<(), Refusal> {
    if amounts.iter().any(|amount| amount % unit != 0) {
        return Err(Refusal::Rule("event.not_a_multiple"));
    }
    Ok(())
}

/// Refuses components that an event cannot have.
pub(super) fn must_fit(given: &EventBasis, list: &[Component], unit: Units) -> Result<(), Refusal> {
    match given {
        EventBasis::Amount(amount) => must_be_multiples(&amounts(*amount, list)?, unit),
        EventBasis::Gross(_) => check(list),
        EventBasis::Rate(rate) => amounts(rate.per_token, list).map(|_| ()),
    }
}

/// Splits gross shares into components: each over what is left of them, and the last takes what is
/// left.
fn split(gross: &[Units], amounts: &[Units], unit: Units) -> Vec<Vec<Units>> {
    let mut left: Vec<Units> = gross.iter().map(|amount| amount / unit).collect();
    let mut columns = Vec::new();
    for (at, amount) in amounts.iter().enumerate() {
        let steps = amount / unit;
        let parts = if at + 1 == amounts.len() {
            left.clone()
        } else if steps == 0 {
            vec![0; left.len()]
        } else {
            largest_remainder(steps, &left)
        };
        for (left, part) in left.iter_mut().zip(&parts) {
            *left -= part;
        }
        columns.push(parts.into_iter().map(|steps| steps * unit).collect());
    }
    columns
}

impl Books {
    /// Splits the shares of an event into its components. What the fund retains is split as shares
    /// are, in the order of all holders' codes.
    pub(super) fn columns(
        &self,
        event: usize,
        shares: &[Share],
        frozen: &Frozen,
    ) -> Result<Vec<Column>, Refusal> {
        let Event {
            unit,
            ref components,
            ..
        } = self.events[event];
        if components.is_empty() {
            return Ok(Vec::new());
        }
        let amounts = amounts(frozen.total, components)?;
        must_be_multiples(&amounts, unit)?;
        let own = shares
            .iter()
            .map(|share| (share.holder, share.allocated, true));
        let retained = frozen.excluded.iter();
        let retained = retained
            .filter(|one| one.policy == Policy::Retain)
            .map(|one| (one.holder, one.part, false));
        let mut rows: Vec<(usize, Units, bool)> = own.chain(retained).collect();
        rows.sort_by_key(|(holder, _, _)| self.holders[*holder].code.as_bytes());
        let gross: Vec<Units> = rows.iter().map(|(_, amount, _)| *amount).collect();
        let columns = split(&gross, &amounts, unit);
        let kept = |column: Vec<Units>| {
            let parts = column.into_iter().zip(&rows);
            parts
                .filter_map(|(part, (_, _, is_share))| is_share.then_some(part))
                .collect()
        };
        Ok(named(components, &amounts, columns.into_iter().map(kept)))
    }

    /// Moves the components of a rate with the parts of excluded holders. `counted` are the holders
    /// of the columns.
    pub(super) fn columns_of_rate(
        components: &[Component],
        columns: &[Vec<Units>],
        counted: &[usize],
        (shares, excluded): (&[Share], &[(usize, Policy)]),
    ) -> Vec<Column> {
        let amounts: Vec<Units> = columns.iter().map(|column| column.iter().sum()).collect();
        let receiver = |holder: usize| {
            let policy = excluded.iter().find(|(other, _)| *other == holder);
            match policy {
                None => Some(holder),
                Some((_, Policy::Assign(to))) => Some(*to),
                Some(_) => None,
            }
        };
        let moved = |column: &Vec<Units>| {
            let of = |share: &Share| {
                let parts = counted.iter().zip(column);
                let own = parts.filter(|(holder, _)| receiver(**holder) == Some(share.holder));
                own.map(|(_, part)| *part).sum()
            };
            shares.iter().map(of).collect()
        };
        named(components, &amounts, columns.iter().map(moved))
    }
}

fn named(
    components: &[Component],
    amounts: &[Units],
    columns: impl Iterator<Item = Vec<Units>>,
) -> Vec<Column> {
    let all = components.iter().zip(amounts).zip(columns);
    let column = |((component, amount), parts): ((&Component, &Units), Vec<Units>)| Column {
        name: component.name,
        amount: *amount,
        parts,
    };
    all.map(column).collect()
}

pub(super) fn lines(books: &Books) -> Vec<String> {
    let mut lines = Vec::new();
    for event in &books.events {
        for (at, one) in event.components.iter().enumerate() {
            let given = one.amount.map(canonical).unwrap_or_default();
            let amount = event
                .frozen
                .columns
                .get(at)
                .map(|one| canonical(one.amount));
            let amount = amount.unwrap_or_default();
            let code = &event.code;
            lines.push(format!("{code}|{}|{}|{given}|{amount}", at + 1, one.name));
        }
    }
    lines
}

/// The parts of shares; of one component the part is the whole share and is not written.
pub(super) fn part_lines(books: &Books) -> Vec<String> {
    let mut lines = Vec::new();
    for event in &books.events {
        let columns = &event.frozen.columns;
        if columns.len() < 2 {
            continue;
        }
        for (at, share) in event.shares.iter().enumerate() {
            let parts: Vec<String> = columns.iter().map(|one| canonical(one.parts[at])).collect();
            let holder = &books.holders[share.holder].code;
            lines.push(format!("{}|{holder}|{}", event.code, parts.join(" ")));
        }
    }
    lines
}

#[test]
fn the_model_splits_what_can_be_reckoned_by_hand() {
    assert_eq!(
        split(&[3_334, 3_333, 3_333], &[5_000, 5_000], 1),
        [[1_667, 1_667, 1_666], [1_667, 1_666, 1_667]]
    );
    assert_eq!(
        split(&[50, 30], &[0, 80, 0], 10),
        [[0, 0], [50, 30], [0, 0]]
    );
    let rest = |name, amount| Component { name, amount };
    let list = [rest("income", Some(40)), rest("capital_gain", None)];
    assert_eq!(amounts(100, &list), Ok(vec![40, 60]));
    assert_eq!(amounts(40, &list), Ok(vec![40, 0]));
    let sum = Err(Refusal::Rule("event.components_sum"));
    assert_eq!(amounts(39, &list), sum);
    assert_eq!(amounts(41, &list[..1]), sum);
}
