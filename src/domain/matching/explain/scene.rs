//! A line compared with every expectation that comes near it.

use std::collections::{HashMap, HashSet};

use super::super::{
    accounts::{self, AFTER, names_account},
    comparison::Comparison,
    creditor::other_creditor,
    expected::{AFTER_REFERENCE, Expected},
    kind::kind_of,
    line::{Line, LineKind},
    link::{Link, LinkKind, Tier},
    names::Name,
    node::{day, window},
    reference::References,
    returns::AFTER_DEBIT,
    sides::Sides,
    sums,
};
use crate::domain::{
    code::{FileNumber, LineNumber, WithdrawalNumber},
    signed::Signed,
    status::Means,
};

/// The days within which an equal amount alone is worth a look.
const NEAR: i64 = 30;
/// The most candidates that are searched for a sum.
const POOL: usize = 40;

/// What an explanation knows of the whole input.
pub(super) struct Scene<'a> {
    pub(super) input: Sides<'a>,
    pub(super) references: References,
    pub(super) payments: HashMap<WithdrawalNumber, &'a Link>,
    pub(super) linked: HashSet<LineNumber>,
    pub(super) rejected: HashSet<(LinkKind, LineNumber, WithdrawalNumber)>,
    /// What is open of each file: how many payments, and their total.
    pub(super) rests: HashMap<FileNumber, (usize, i128)>,
}

/// What a line says, read once.
pub(super) struct LineFacts<'a> {
    pub(super) line: &'a Line,
    pub(super) kind: LineKind,
    pub(super) references: HashSet<usize>,
    pub(super) numbers: Vec<String>,
    pub(super) parts: Vec<Name>,
}

/// An expectation compared with the line.
pub(super) struct Candidate<'a> {
    pub(super) expected: &'a Expected,
    pub(super) reference: bool,
    pub(super) account: bool,
    pub(super) name: bool,
    pub(super) file_total: Option<i128>,
    pub(super) tier: Option<Tier>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(input: Sides<'a>) -> Self {
        let mut payments = HashMap::new();
        for link in input
            .decided
            .iter()
            .filter(|link| link.kind == LinkKind::Payment)
        {
            payments.extend(
                link.withdrawals
                    .iter()
                    .map(|withdrawal| (*withdrawal, link)),
            );
        }
        let mut rests: HashMap<FileNumber, (usize, i128)> = HashMap::new();
        for expected in input
            .expected
            .iter()
            .filter(|expected| !payments.contains_key(&expected.withdrawal))
        {
            if let Some(file) = expected.file {
                let (count, total) = rests.entry(file).or_default();
                *count += 1;
                *total += expected.amount.units();
            }
        }
        let pairs = input.rejected.iter().filter_map(|link| {
            match (link.lines.as_slice(), link.withdrawals.as_slice()) {
                ([line], [withdrawal]) => Some((link.kind, *line, *withdrawal)),
                _ => None,
            }
        });
        Self {
            input,
            references: References::of(input.expected.iter().enumerate()),
            payments,
            linked: input
                .decided
                .iter()
                .flat_map(|link| &link.lines)
                .copied()
                .collect(),
            rejected: pairs.collect(),
            rests,
        }
    }

    pub(super) fn read(&self, line: &'a Line) -> LineFacts<'a> {
        LineFacts {
            line,
            kind: kind_of(line),
            references: self
                .references
                .find(line)
                .into_iter()
                .map(|hit| hit.expected)
                .collect(),
            numbers: accounts::numbers(line),
            parts: Name::all_of(line),
        }
    }

    pub(super) fn is_open(&self, expected: &Expected) -> bool {
        !self.payments.contains_key(&expected.withdrawal)
    }

    pub(super) fn is_rejected(&self, line: &Line, expected: &Expected) -> bool {
        let kind = if line.amount.is_negative() {
            LinkKind::Payment
        } else {
            LinkKind::Return
        };
        self.rejected
            .contains(&(kind, line.number, expected.withdrawal))
    }

    /// Compares an expectation with a line, or returns `None` if it does not come near.
    pub(super) fn compare_with(
        &self,
        facts: &LineFacts<'_>,
        at: usize,
        expected: &'a Expected,
    ) -> Option<Candidate<'a>> {
        if !expected.is_here() && !facts.references.contains(&at) {
            return None;
        }
        let same_amount = facts.units() == expected.amount.units();
        let near = facts.distance(expected) <= NEAR;
        let rest = expected
            .file
            .filter(|_| self.is_open(expected))
            .and_then(|file| self.rests.get(&file));
        let file_total = rest
            .filter(|(count, total)| *count >= 2 && *total == facts.units())
            .map(|(_, total)| *total);
        let names = || {
            Name::all_of_expected(expected)
                .iter()
                .any(|name| facts.parts.iter().any(|part| name.fits(part)))
        };
        let mut candidate = Candidate {
            expected,
            reference: facts.references.contains(&at),
            account: names_account(&facts.numbers, expected),
            name: near && names(),
            file_total: file_total.filter(|_| near),
            tier: None,
        };
        candidate.tier = self.tier(facts, &candidate);
        let told = candidate.reference
            || candidate.account
            || candidate.name
            || candidate.file_total.is_some();
        (told || (same_amount && near) || self.is_of(facts.line, expected)).then_some(candidate)
    }

    /// Checks whether the line is linked to the expectation already.
    pub(super) fn is_of(&self, line: &Line, expected: &Expected) -> bool {
        self.payments
            .get(&expected.withdrawal)
            .is_some_and(|link| link.lines.contains(&line.number))
    }

    fn tier(&self, facts: &LineFacts<'_>, candidate: &Candidate<'_>) -> Option<Tier> {
        let expected = candidate.expected;
        let same = facts.units() == expected.amount.units();
        let by = |after: i64| {
            facts
                .days()
                .any(|on| window(expected.date, after).contains(&on))
        };
        if self.is_rejected(facts.line, expected) || facts.line.amount.is_zero() {
            return None;
        }
        if !facts.line.amount.is_negative() {
            let told = candidate.reference || facts.kind == LineKind::Reversal;
            return (same && told && self.may_return(facts, expected)).then_some(Tier::Reversal);
        }
        if facts.kind != LineKind::Principal {
            return None;
        }
        if same && candidate.reference && by(expected.reference_days()) {
            Some(Tier::Reference)
        } else if candidate.file_total.is_some() && by(AFTER_REFERENCE) {
            Some(Tier::FileTotal)
        } else if expected.returned || expected.means != Means::Transfer {
            None
        } else if same && candidate.account && by(AFTER) {
            Some(Tier::Account)
        } else {
            (same && candidate.name && by(AFTER)).then_some(Tier::Name)
        }
    }

    /// Checks whether a credit lies within the days in which the expectation may come back.
    pub(super) fn may_return(&self, facts: &LineFacts<'_>, expected: &Expected) -> bool {
        let link = self.payments.get(&expected.withdrawal);
        let debits = self
            .input
            .lines
            .iter()
            .filter(|line| link.is_some_and(|link| link.lines.contains(&line.number)));
        let days: Vec<i64> = debits
            .flat_map(|line| [Some(line.date), line.value_date])
            .flatten()
            .map(day)
            .collect();
        let date = day(expected.date);
        let first = days.iter().min().copied().unwrap_or(date);
        let last = days.iter().max().copied().unwrap_or(date) + AFTER_DEBIT;
        (link.is_some() || expected.returned) && facts.days().any(|on| (first..=last).contains(&on))
    }

    /// If nothing else fits, looks for the one sum of open expectations that is the line.
    pub(super) fn add_sum(&self, facts: &LineFacts<'_>, near: &mut Vec<Candidate<'a>>) {
        let fits = |expected: &&Expected| {
            let by = facts
                .days()
                .any(|on| window(expected.date, AFTER).contains(&on));
            by && self.is_open(expected)
                && expected.is_here()
                && !expected.returned
                && expected.means == Means::Transfer
                && expected.amount.units() < facts.units()
        };
        let pool: Vec<&Expected> = self
            .input
            .expected
            .iter()
            .filter(fits)
            .take(POOL + 1)
            .collect();
        if pool.len() > POOL
            || facts.kind != LineKind::Principal
            || !facts.line.amount.is_negative()
        {
            return;
        }
        let values: Vec<i128> = pool
            .iter()
            .map(|expected| expected.amount.units())
            .collect();
        if let [sum] = sums::exact_sums(&values, facts.units(), 2).as_slice() {
            for expected in sum.iter().filter_map(|at| pool.get(*at)) {
                near.retain(|candidate| candidate.expected.withdrawal != expected.withdrawal);
                let (account, tier) = (names_account(&facts.numbers, expected), Some(Tier::Sum));
                near.push(Candidate {
                    expected,
                    reference: false,
                    account,
                    name: false,
                    file_total: None,
                    tier,
                });
            }
        }
    }

    /// Returns the place of an alternative: what is linked first, then the strongest evidence, then
    /// the nearest.
    pub(super) fn rank(
        &self,
        facts: &LineFacts<'_>,
        candidate: &Candidate<'_>,
    ) -> impl Ord + use<> {
        let strength = candidate.tier.map_or(Tier::ALL.len(), |tier| {
            Tier::ALL.iter().take_while(|each| **each < tier).count()
        });
        (
            !self.is_of(facts.line, candidate.expected),
            strength,
            !candidate.reference,
            (facts.units() - candidate.expected.amount.units()).abs(),
            facts.distance(candidate.expected),
            candidate.expected.withdrawal,
        )
    }

    pub(super) fn compare(
        &self,
        facts: &LineFacts<'_>,
        candidate: &Candidate<'_>,
    ) -> Vec<Comparison> {
        let (line, expected) = (facts.line, candidate.expected);
        let field = |field, bank: String, ledger: String, agrees| Comparison {
            field,
            bank,
            ledger,
            agrees,
        };
        let (out, awaited) = (line.amount.is_negative(), self.awaited(expected));
        let mut compared = vec![
            field(
                "direction",
                if out { "out" } else { "in" }.to_owned(),
                awaited.to_owned(),
                out || awaited != "out",
            ),
            field(
                "reference",
                is_found(candidate.reference),
                references_of(expected),
                candidate.reference,
            ),
            field(
                "amount",
                self.shown(facts.units()),
                self.shown(expected.amount.units()),
                facts.units() == expected.amount.units(),
            ),
            field(
                "date",
                dates_of(line),
                expected.date.to_string(),
                self.is_in_time(facts, candidate),
            ),
        ];
        let own = account_of(expected);
        let named = if candidate.account {
            own.clone()
        } else {
            "not named".to_owned()
        };
        compared.push(field("account", named, own, candidate.account));
        compared.push(field(
            "name",
            facts.name(expected),
            expected.names.join(" / "),
            candidate.name,
        ));
        if let Some(total) = candidate.file_total {
            compared.push(field(
                "file_total",
                self.shown(facts.units()),
                self.shown(total),
                true,
            ));
        }
        if let Some(other) = self.other_creditor(facts, candidate) {
            compared.push(field("creditor", other, expected.names.join(" / "), false));
        }
        if candidate.tier == Some(Tier::Sum) {
            let ledger = format!("{} and others", self.shown(expected.amount.units()));
            compared.push(field("sum", self.shown(facts.units()), ledger, true));
        }
        compared
    }

    /// Says in which direction the money of an expectation may go.
    fn awaited(&self, expected: &Expected) -> &'static str {
        if self.is_open(expected) && !expected.returned {
            "out"
        } else {
            "out, or in if it comes back"
        }
    }

    /// Checks whether a line lies within the days in which the expectation may be paid or come back.
    fn is_in_time(&self, facts: &LineFacts<'_>, candidate: &Candidate<'_>) -> bool {
        let expected = candidate.expected;
        if !facts.line.amount.is_negative() {
            return self.may_return(facts, expected);
        }
        let after = if candidate.reference || candidate.file_total.is_some() {
            expected.reference_days()
        } else {
            AFTER
        };
        let mut days = facts.days();
        days.any(|on| window(expected.date, after).contains(&on))
    }

    /// Checks whether the line carries no other reference of the expectation than those whose items
    /// left their payment files.
    pub(super) fn has_ended_reference_only(
        &self,
        facts: &LineFacts<'_>,
        candidate: &Candidate<'_>,
    ) -> bool {
        let found = self.references.find(facts.line);
        let expected = |at: usize| {
            self.input
                .expected
                .get(at)
                .is_some_and(|other| other.withdrawal == candidate.expected.withdrawal)
        };
        let mut hits = found.iter().filter(|hit| expected(hit.expected)).peekable();
        hits.peek().is_some() && hits.all(|hit| hit.ended)
    }

    /// Returns who else the line names, if it carries the reference of the expectation or may be its
    /// whole file.
    pub(super) fn other_creditor(
        &self,
        facts: &LineFacts<'_>,
        candidate: &Candidate<'_>,
    ) -> Option<String> {
        let out = facts.line.amount.is_negative();
        let payees: Vec<&Expected> = match (candidate.reference, candidate.file_total) {
            (true, _) => vec![candidate.expected],
            (false, Some(_)) => self
                .input
                .expected
                .iter()
                .filter(|other| other.file == candidate.expected.file)
                .collect(),
            (false, None) => return None,
        };
        other_creditor(facts.line, &payees, self.input.setting).filter(|_| out)
    }

    pub(super) fn shown(&self, units: i128) -> String {
        let decimals = self.input.currency.decimals();
        Signed::from_units(units).map_or_else(String::new, |amount| amount.grouped(decimals))
    }
}

impl LineFacts<'_> {
    pub(super) fn units(&self) -> i128 {
        self.line.amount.units().abs()
    }

    pub(super) fn days(&self) -> impl Iterator<Item = i64> {
        std::iter::once(self.line.date)
            .chain(self.line.value_date)
            .map(day)
    }

    pub(super) fn distance(&self, expected: &Expected) -> i64 {
        let date = day(expected.date);
        self.days()
            .map(|on| (on - date).abs())
            .min()
            .unwrap_or(i64::MAX)
    }

    /// Returns what of the line may be the name: the part that fits, or what the bank says in a
    /// field of its own.
    fn name(&self, expected: &Expected) -> String {
        let names = Name::all_of_expected(expected);
        let part = self
            .parts
            .iter()
            .find(|part| names.iter().any(|name| name.fits(part)));
        // Only words are shown: a field of the bank may hold an account number next to the name.
        let field = || {
            self.line
                .counterparty_name
                .as_deref()
                .and_then(Name::of_ledger)
        };
        part.cloned()
            .or_else(field)
            .map_or_else(|| "not named".to_owned(), |name| name.tokens.join(" "))
    }
}

fn dates_of(line: &Line) -> String {
    match line.value_date.filter(|value| *value != line.date) {
        Some(value) => format!("{}, value {value}", line.date),
        None => line.date.to_string(),
    }
}

/// Shows the account of an expectation masked, or by what other means it is paid.
fn account_of(expected: &Expected) -> String {
    match &expected.account_number {
        Some(account) => account.masked(),
        None => expected.means.to_string(),
    }
}

fn is_found(found: bool) -> String {
    (if found {
        "found in the line"
    } else {
        "not found in the line"
    })
    .to_owned()
}

/// Returns the references of an expectation; one that holds its account number is not shown.
fn references_of(expected: &Expected) -> String {
    let ours = expected.end_to_end.iter().chain(&expected.ended_references);
    let all = ours.chain(&expected.reference);
    let told: Vec<&str> = all
        .map(String::as_str)
        .filter(|reference| {
            let account = expected.account_number.as_ref();
            account.is_none_or(|account| !reference.contains(account.reveal()))
        })
        .collect();
    if told.is_empty() {
        "none".to_owned()
    } else {
        told.join(", ")
    }
}
