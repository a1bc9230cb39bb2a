//! Why a line is or is not an expectation's: each compared field, and the alternatives.

mod verdict;

use std::collections::{HashMap, HashSet};

use super::{
    Alternative, Compared, Expected, Input, Line, LineClass, Link, LinkKind, Tier,
    accounts::{self, AFTER, names_account},
    classify,
    code::{FileNumber, LineNumber, WithdrawalNumber},
    first::AFTER_REFERENCE,
    names::Name,
    node::{day, window},
    reference::References,
    returns::AFTER_DEBIT,
    signed::Signed,
    sums,
};

/// The most alternatives that are told.
const SHOWN: usize = 10;
/// The days within which an equal amount alone is worth a look.
const NEAR: i64 = 30;
/// The most candidates that are searched for a sum.
const POOL: usize = 40;

/// What an explanation knows of the whole input.
struct Scene<'a> {
    input: Input<'a>,
    references: References,
    payments: HashMap<WithdrawalNumber, &'a Link>,
    linked: HashSet<LineNumber>,
    rejected: HashSet<(LinkKind, LineNumber, WithdrawalNumber)>,
    /// What is open of each file: how many payments, and their total.
    rests: HashMap<FileNumber, (usize, i128)>,
}

/// What a line says, read once.
struct Reading<'a> {
    line: &'a Line,
    class: LineClass,
    references: HashSet<usize>,
    numbers: Vec<String>,
    parts: Vec<Name>,
}

/// An expectation held against the line.
struct Evidence<'a> {
    expected: &'a Expected,
    reference: bool,
    account: bool,
    name: bool,
    file_total: Option<i128>,
    tier: Option<Tier>,
}

/// Explains a line.
pub(super) fn explain(input: Input<'_>, number: LineNumber) -> Vec<Alternative> {
    let Some(line) = input.lines.iter().find(|line| line.number == number) else {
        return Vec::new();
    };
    let scene = Scene::new(input);
    let reading = scene.read(line);
    let mut near: Vec<Evidence<'_>> = input
        .expected
        .iter()
        .enumerate()
        .filter_map(|(at, expected)| scene.hold(&reading, at, expected))
        .collect();
    if !near
        .iter()
        .any(|evidence| evidence.tier.is_some() && scene.is_open(evidence.expected))
    {
        scene.add_sum(&reading, &mut near);
    }
    near.sort_by_cached_key(|evidence| scene.rank(&reading, evidence));
    near.truncate(SHOWN);
    let verdicts = verdict::verdicts(&scene, &reading, &near);
    let tell = |(evidence, verdict): (&Evidence<'_>, String)| Alternative {
        withdrawal: evidence.expected.withdrawal,
        payment: evidence.expected.payment,
        tier: evidence.tier,
        compared: scene.compare(&reading, evidence),
        verdict,
    };
    near.iter().zip(verdicts).map(tell).collect()
}

impl<'a> Scene<'a> {
    fn new(input: Input<'a>) -> Self {
        let mut payments = HashMap::new();
        for link in input
            .standing
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
                .standing
                .iter()
                .flat_map(|link| &link.lines)
                .copied()
                .collect(),
            rejected: pairs.collect(),
            rests,
        }
    }

    fn read(&self, line: &'a Line) -> Reading<'a> {
        Reading {
            line,
            class: classify(line),
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

    fn is_open(&self, expected: &Expected) -> bool {
        !self.payments.contains_key(&expected.withdrawal)
    }

    fn is_rejected(&self, line: &Line, expected: &Expected) -> bool {
        let kind = if line.amount.is_negative() {
            LinkKind::Payment
        } else {
            LinkKind::Return
        };
        self.rejected
            .contains(&(kind, line.number, expected.withdrawal))
    }

    /// Holds an expectation against a line, or tells that it does not come near.
    fn hold(
        &self,
        reading: &Reading<'_>,
        at: usize,
        expected: &'a Expected,
    ) -> Option<Evidence<'a>> {
        let same_amount = reading.units() == expected.amount.units();
        let near = reading.distance(expected) <= NEAR;
        let rest = expected
            .file
            .filter(|_| self.is_open(expected))
            .and_then(|file| self.rests.get(&file));
        let file_total = rest
            .filter(|(count, total)| *count >= 2 && *total == reading.units())
            .map(|(_, total)| *total);
        let names = || {
            Name::all_of_expected(expected)
                .iter()
                .any(|name| reading.parts.iter().any(|part| name.fits(part)))
        };
        let mut evidence = Evidence {
            expected,
            reference: reading.references.contains(&at),
            account: names_account(&reading.numbers, expected),
            name: near && names(),
            file_total: file_total.filter(|_| near),
            tier: None,
        };
        evidence.tier = self.tier(reading, &evidence);
        let told = evidence.reference
            || evidence.account
            || evidence.name
            || evidence.file_total.is_some();
        (told || (same_amount && near) || self.is_of(reading.line, expected)).then_some(evidence)
    }

    /// Tells whether the line is linked to the expectation already.
    fn is_of(&self, line: &Line, expected: &Expected) -> bool {
        self.payments
            .get(&expected.withdrawal)
            .is_some_and(|link| link.lines.contains(&line.number))
    }

    fn tier(&self, reading: &Reading<'_>, evidence: &Evidence<'_>) -> Option<Tier> {
        let expected = evidence.expected;
        let same = reading.units() == expected.amount.units();
        let by = |after: i64| {
            reading
                .days()
                .any(|on| window(expected.date, after).contains(&on))
        };
        if self.is_rejected(reading.line, expected) || reading.line.amount.is_zero() {
            return None;
        }
        if !reading.line.amount.is_negative() {
            let told = evidence.reference || reading.class == LineClass::Reversal;
            return (same && told && self.may_return(reading, expected)).then_some(Tier::Reversal);
        }
        if reading.class != LineClass::Principal {
            return None;
        }
        if same && evidence.reference && by(AFTER_REFERENCE) {
            Some(Tier::Reference)
        } else if evidence.file_total.is_some() && by(AFTER_REFERENCE) {
            Some(Tier::FileTotal)
        } else if same && evidence.account && by(AFTER) {
            Some(Tier::Account)
        } else {
            (same && evidence.name && by(AFTER)).then_some(Tier::Name)
        }
    }

    /// Tells whether a credit lies within the days in which the expectation may come back.
    fn may_return(&self, reading: &Reading<'_>, expected: &Expected) -> bool {
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
        (link.is_some() || expected.returned)
            && reading.days().any(|on| (first..=last).contains(&on))
    }

    /// Where nothing else fits, looks for the one sum of open expectations that is the line.
    fn add_sum(&self, reading: &Reading<'_>, near: &mut Vec<Evidence<'a>>) {
        let fits = |expected: &&Expected| {
            let by = reading
                .days()
                .any(|on| window(expected.date, AFTER).contains(&on));
            by && self.is_open(expected) && expected.amount.units() < reading.units()
        };
        let pool: Vec<&Expected> = self
            .input
            .expected
            .iter()
            .filter(fits)
            .take(POOL + 1)
            .collect();
        if pool.len() > POOL
            || reading.class != LineClass::Principal
            || !reading.line.amount.is_negative()
        {
            return;
        }
        let values: Vec<i128> = pool
            .iter()
            .map(|expected| expected.amount.units())
            .collect();
        if let [sum] = sums::exact_sums(&values, reading.units(), 2).as_slice() {
            for expected in sum.iter().filter_map(|at| pool.get(*at)) {
                near.retain(|evidence| evidence.expected.withdrawal != expected.withdrawal);
                let (account, tier) = (names_account(&reading.numbers, expected), Some(Tier::Sum));
                near.push(Evidence {
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

    /// Tells the place of an alternative: what stands first, then the strongest evidence, then the
    /// nearest.
    fn rank(&self, reading: &Reading<'_>, evidence: &Evidence<'_>) -> impl Ord + use<> {
        let strength = evidence.tier.map_or(Tier::ALL.len(), |tier| {
            Tier::ALL.iter().take_while(|each| **each < tier).count()
        });
        (
            !self.is_of(reading.line, evidence.expected),
            strength,
            !evidence.reference,
            (reading.units() - evidence.expected.amount.units()).abs(),
            reading.distance(evidence.expected),
            evidence.expected.withdrawal,
        )
    }

    fn compare(&self, reading: &Reading<'_>, evidence: &Evidence<'_>) -> Vec<Compared> {
        let (line, expected) = (reading.line, evidence.expected);
        let field = |field, bank: String, ledger: String, agrees| Compared {
            field,
            bank,
            ledger,
            agrees,
        };
        let out = line.amount.is_negative();
        let direction = if out { "out" } else { "in" };
        let awaited = if self.is_open(expected) && !expected.returned {
            "out"
        } else {
            "out, or in where it comes back"
        };
        let mut compared = vec![
            field(
                "direction",
                direction.to_owned(),
                awaited.to_owned(),
                out || awaited != "out",
            ),
            field(
                "reference",
                stands(evidence.reference),
                references_of(expected),
                evidence.reference,
            ),
            field(
                "amount",
                self.shown(reading.units()),
                self.shown(expected.amount.units()),
                reading.units() == expected.amount.units(),
            ),
        ];
        let after = if evidence.reference || evidence.file_total.is_some() {
            AFTER_REFERENCE
        } else {
            AFTER
        };
        let by = if out {
            reading
                .days()
                .any(|on| window(expected.date, after).contains(&on))
        } else {
            self.may_return(reading, expected)
        };
        let value = line.value_date.filter(|value| *value != line.date);
        let dates = value.map_or_else(
            || line.date.to_string(),
            |value| format!("{}, value {value}", line.date),
        );
        compared.push(field("date", dates, expected.date.to_string(), by));
        let masked = || expected.account_number.masked();
        let account = if evidence.account {
            masked()
        } else {
            "not named".to_owned()
        };
        compared.push(field("account", account, masked(), evidence.account));
        compared.push(field(
            "name",
            reading.name(expected),
            expected.names.join(" / "),
            evidence.name,
        ));
        if let Some(total) = evidence.file_total {
            compared.push(field(
                "file_total",
                self.shown(reading.units()),
                self.shown(total),
                true,
            ));
        }
        if evidence.tier == Some(Tier::Sum) {
            let ledger = format!("{} and others", self.shown(expected.amount.units()));
            compared.push(field("sum", self.shown(reading.units()), ledger, true));
        }
        compared
    }

    fn shown(&self, units: i128) -> String {
        let decimals = self.input.currency.decimals();
        Signed::from_units(units).map_or_else(String::new, |amount| amount.grouped(decimals))
    }
}

impl Reading<'_> {
    fn units(&self) -> i128 {
        self.line.amount.units().abs()
    }

    fn days(&self) -> impl Iterator<Item = i64> {
        std::iter::once(self.line.date)
            .chain(self.line.value_date)
            .map(day)
    }

    fn distance(&self, expected: &Expected) -> i64 {
        let date = day(expected.date);
        self.days()
            .map(|on| (on - date).abs())
            .min()
            .unwrap_or(i64::MAX)
    }

    /// Tells what of the line may be the name: the part that fits, or what the bank says in a field
    /// of its own.
    fn name(&self, expected: &Expected) -> String {
        let names = Name::all_of_expected(expected);
        let part = self
            .parts
            .iter()
            .find(|part| names.iter().any(|name| name.fits(part)));
        // Only words are told: a field of the bank may hold an account number beside the name.
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

fn stands(found: bool) -> String {
    (if found {
        "stands in the line"
    } else {
        "not found in the line"
    })
    .to_owned()
}

/// Tells the references of an expectation; one that holds its account number is not told.
fn references_of(expected: &Expected) -> String {
    let all = expected.end_to_end.iter().chain(&expected.reference);
    let told: Vec<&str> = all
        .map(String::as_str)
        .filter(|reference| !reference.contains(expected.account_number.reveal()))
        .collect();
    if told.is_empty() {
        "none".to_owned()
    } else {
        told.join(", ")
    }
}
