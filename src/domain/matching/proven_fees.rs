//! A fee is proven, not read: what a bank charges is known, or it is next to the transfer that it
//! belongs to, says the same and is small. Words alone prove nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::Datelike as _;

use super::{
    kind,
    line::{Line, LineKind},
    node::LineNode,
    rules::{self, Bank, Banks, KnownCharge},
    setting::ChargingBank,
    text,
};
use crate::domain::{currency::Currency, time::Date};

/// The shortest text by which a fee is taken to belong to a transfer.
const SHORTEST_TEXT: usize = 8;

/// The fees of a day that carry one text, and what the transfers with that text allow.
#[derive(Default)]
struct FeeGroup {
    fees: Vec<Charge>,
    /// For each kind of a charge, the sum of what each transfer allows.
    allowed: HashMap<LineKind, i128>,
}

/// A line that reads like a fee.
struct Charge {
    id: usize,
    kind: LineKind,
    units: i128,
}

/// The fees of a day by the text that they carry.
#[derive(Default)]
struct FeesOfDay {
    lengths: BTreeSet<usize>,
    groups: HashMap<String, FeeGroup>,
}

/// Checks whether a line reads like a charge of the bank.
pub(super) const fn reads_like_a_fee(kind: LineKind) -> bool {
    matches!(kind, LineKind::Fee | LineKind::Tax | LineKind::Levy)
}

/// Finds the lines that are charges of the bank for certain, by their places. Only debits are.
pub(super) fn proven(
    lines: &[LineNode<'_>],
    currency: Currency,
    bank: &ChargingBank,
) -> HashSet<usize> {
    let name = text::fold(&bank.name);
    let mut proven = HashSet::new();
    let mut days: HashMap<Date, FeesOfDay> = HashMap::new();
    for node in lines {
        if !reads_like_a_fee(node.kind) || !node.line.amount.is_negative() {
            continue;
        }
        if is_known(node.line, currency, (&name, bank.code.as_deref())) {
            proven.insert(node.id);
            continue;
        }
        let (_, rest) = kind::read(node.line);
        let carried = text::reference(&rest);
        if carried.len() >= SHORTEST_TEXT {
            let day = days.entry(node.line.date).or_default();
            day.lengths.insert(carried.len());
            let group = day.groups.entry(carried).or_default();
            group.fees.push(Charge {
                id: node.id,
                kind: node.kind,
                units: node.units(),
            });
        }
    }
    if days.is_empty() {
        return proven;
    }
    for node in lines.iter().filter(|node| node.kind == LineKind::Principal) {
        if let Some(day) = days.get_mut(&node.line.date) {
            day.allow(node);
        }
    }
    let groups = days.values().flat_map(|day| day.groups.values());
    for group in groups {
        proven.extend(group.proven());
    }
    proven
}

impl FeesOfDay {
    /// Adds what a transfer allows to the fees whose text it begins with.
    fn allow(&mut self, node: &LineNode<'_>) {
        let whole = text::reference(&text::fold(&node.line.description));
        for length in &self.lengths {
            let group = whole
                .get(..*length)
                .and_then(|begin| self.groups.get_mut(begin));
            let Some(group) = group else { continue };
            for bound in &rules::FEE_BOUNDS {
                // Amounts are below 10^20 ten-millionths, so a hundredth and their sum stay in range.
                let part = node.units() * bound.of_thousand / 1000;
                *group.allowed.entry(bound.kind).or_default() += part.min(bound.at_most);
            }
        }
    }
}

impl FeeGroup {
    /// Returns the charges that are together at most what the transfers allow, kind by kind.
    fn proven(&self) -> impl Iterator<Item = usize> {
        let sum = |kind: LineKind| -> i128 {
            let of_kind = self.fees.iter().filter(|fee| fee.kind == kind);
            of_kind.map(|fee| fee.units).sum()
        };
        let fits = move |fee: &&Charge| {
            self.allowed
                .get(&fee.kind)
                .is_some_and(|allowed| sum(fee.kind) <= *allowed)
        };
        self.fees.iter().filter(fits).map(|fee| fee.id)
    }
}

/// Checks whether the bank is known to charge this very amount on the day of the line.
fn is_known(line: &Line, currency: Currency, (name, code): (&str, Option<&str>)) -> bool {
    let units = line.amount.units().abs();
    let day = u32::try_from(line.date.year()).map_or(0, |year| {
        rules::on(year, line.date.month(), line.date.day())
    });
    let is_one = |banks: &[Bank]| banks.iter().any(|bank| is_bank(bank, name, code));
    let charges = |known: &KnownCharge| match known.banks {
        Banks::Only(banks) => is_one(banks),
        Banks::AllBut(banks) => !is_one(banks),
    };
    currency.code() == rules::FEES_CURRENCY
        && rules::KNOWN_CHARGES
            .iter()
            .any(|known| known.units == units && known.days.contains(&day) && charges(known))
}

/// Checks whether an account is at a bank, by its code or a word of its name.
fn is_bank(bank: &Bank, name: &str, code: Option<&str>) -> bool {
    let named = || {
        name.split(|c: char| !c.is_alphanumeric())
            .any(|word| word == bank.name)
    };
    code.is_some_and(|code| bank.codes.contains(&code)) || named()
}
