//! Remittances of tax: the debits that carry the reference and the amount of one. A line is never
//! matched with a remittance by itself, since money that left does not prove who got it; and what
//! fits more than one way is named and left alone.

use std::collections::{BTreeMap, HashMap};

use super::{
    accounts::{self, AFTER, names_account},
    board::Board,
    claim::{Claim, Rival},
    class::{Class, Classification},
    files,
    graph::Graph,
    line::LineKind,
    link::{Certainty, Link, LinkKind, Match, Tier},
    names::Name,
    node::{ExpectedNode, LineNode, NAMED, others, window},
    reference::{Hit, References},
    remittance::ExpectedRemittance,
};
use crate::domain::code::{LineNumber, RemittanceNumber, WithdrawalNumber};

/// Which groups are decided.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decide {
    /// Those that a payment fits as well.
    Contested,
    /// All.
    All,
}

/// What hangs together.
struct Group<'b, 'a> {
    lines: Vec<&'b LineNode<'a>>,
    expected: Vec<&'b ExpectedNode<'a>>,
    remittances: Vec<&'a ExpectedRemittance>,
}

impl<'a> Board<'a> {
    /// Finds the debits that carry the reference and the amount of a remittance. They are transfers,
    /// whatever words they begin with: `WHT` and `TAX` begin what a fund remits too.
    pub(super) fn read_remittances(&mut self) {
        let mut open: HashMap<i128, Vec<usize>> = HashMap::new();
        for (at, remittance) in self.remittances.iter().enumerate() {
            if remittance.is_open() {
                open.entry(remittance.units()).or_default().push(at);
            }
        }
        let mut claims = Vec::new();
        for node in &mut self.lines {
            // What is linked is read like the rest, so that a later run counts the same transfers.
            if node.class() == Some(Class::TaxRemittance) {
                node.kind = LineKind::Principal;
            }
            let same = open.get(&node.units()).filter(|_| node.is_open());
            let found = claims.len();
            for at in same.into_iter().flatten().copied() {
                let claims_it = |remittance: &&ExpectedRemittance| {
                    node.line.amount.is_negative()
                        && remittance.is_in_time(node.days())
                        && remittance.is_named_by(node.line)
                        && !(self.rejected).has_remittance(node.line.number, remittance.number)
                };
                if self.remittances.get(at).is_some_and(claims_it) {
                    let line = node.id;
                    claims.push(Claim {
                        line,
                        remittance: at,
                    });
                }
            }
            if claims.len() > found {
                node.kind = LineKind::Principal;
                node.is_of_tax.set(true);
            }
        }
        self.claims = claims;
    }

    /// Returns the class of each remittance that is the account's: a line of the account is matched
    /// with it or proposed for it, or no line shows it and the account is to.
    pub(super) fn classes_of_remittances(
        &self,
        found: &[Match],
    ) -> BTreeMap<RemittanceNumber, Class> {
        let decided = (self.lines.iter()).filter(|line| line.class() == Some(Class::TaxRemittance));
        let matched = decided.flat_map(LineNode::remittances);
        let proposed = found.iter().filter_map(|found| found.link.remittance);
        let missing = (self.remittances.iter())
            .filter(|remittance| remittance.is_here && remittance.is_open())
            .map(|remittance| remittance.number);
        // What is stronger comes later and stays.
        let missing = missing.map(|number| (number, Class::PaidNotOnBank));
        let proposed = proposed.map(|number| (number, Class::Proposed));
        let matched = matched.map(|number| (number, Class::TaxRemittance));
        missing.chain(proposed).chain(matched).collect()
    }

    /// Proposes a remittance for a line.
    fn propose_remittance(&self, line: &LineNode<'a>, remittance: &ExpectedRemittance) {
        let when = if remittance.distance(line.days()) == 0 {
            "the same day"
        } else {
            "a day within the window"
        };
        let caution = remittance.caution.as_ref();
        let caution = caution.map_or_else(String::new, |caution| format!("; {caution}"));
        let evidence =
            format!("the reference and the amount of the remittance are the same, {when}{caution}");
        line.place_as(Classification {
            remittances: vec![remittance.number],
            detail: Some(evidence.clone()),
            ..Classification::plain(Class::Proposed)
        });
        self.matches.borrow_mut().push(Match {
            link: Link {
                kind: LinkKind::Remittance,
                lines: vec![line.line.number],
                withdrawals: Vec::new(),
                remittance: Some(remittance.number),
            },
            tier: Tier::Reference,
            certainty: Certainty::Proposed,
            evidence,
        });
    }

    /// Goes over the lines that carry the reference and the amount of a remittance and are open.
    fn lines_of_tax(&self) -> impl Iterator<Item = &LineNode<'a>> {
        let lines = self.lines.iter();
        lines.filter(|line| line.is_of_tax.get() && line.is_open())
    }
}

/// Leaves alone what a payment fits by its reference as well as a remittance does. It comes before
/// references decide about payments.
pub(super) fn place_contested(board: &Board<'_>, references: &References) {
    let mut rivals = Vec::new();
    for line in board.lines_of_tax() {
        let fits = |hit: &Hit| {
            let node = board.expected.get(hit.expected)?;
            let days = window(node.expected.date, node.expected.reference_days());
            let is_near = hit.ended || node.is_paid() || line.is_within(&days);
            let may_be = node.units() == line.units()
                && is_near
                && (node.is_open() || node.is_paid())
                && !is_rejected(board, line, node);
            may_be.then_some(Rival::of(line, node))
        };
        rivals.extend(references.find(line.line).iter().filter_map(fits));
    }
    decide(board, &rivals, Decide::Contested);
}

/// Proposes what is left, unless a payment fits it by its account, its name or its payment file.
pub(super) fn match_remittances(board: &Board<'_>) {
    let lines: Vec<&LineNode<'_>> = board.lines_of_tax().collect();
    let mut rivals = files::named_wholes(board, &lines);
    for line in lines {
        let numbers = accounts::numbers(line.line);
        let parts = Name::all_of(line.line);
        let fits = |node: &&ExpectedNode<'_>| {
            let names = || {
                let mut names = Name::all_of_expected(node.expected).into_iter();
                names.any(|name| parts.iter().any(|part| name.fits(part)))
            };
            node.is_looked_for()
                && node.units() == line.units()
                && line.is_within(&window(node.expected.date, AFTER))
                && (names_account(&numbers, node.expected) || names())
                && !is_rejected(board, line, node)
        };
        let payments = board.expected.iter().filter(fits);
        rivals.extend(payments.map(|node| Rival::of(line, node)));
    }
    decide(board, &rivals, Decide::All);
    place_same_amounts(board);
    place_other_amounts(board);
}

fn is_rejected(board: &Board<'_>, line: &LineNode<'_>, node: &ExpectedNode<'_>) -> bool {
    let (lines, withdrawals) = (&[line.line.number], &[node.number()]);
    board.rejected.has(LinkKind::Payment, lines, withdrawals)
}

/// Decides about lines and remittances that hang together.
fn decide(board: &Board<'_>, rivals: &[Rival], which: Decide) {
    for group in groups(board, rivals) {
        match (group.lines.as_slice(), group.remittances.as_slice()) {
            _ if !group.expected.is_empty() => {
                place_ambiguous(&group, "a payment and a remittance fit");
            }
            _ if which == Decide::Contested => {}
            ([line], [remittance]) => board.propose_remittance(line, remittance),
            _ => {
                let why = "the reference and the amount of a remittance fit more than one way";
                place_ambiguous(&group, why);
            }
        }
    }
}

/// Gathers the open lines, the remittances that they carry, and the payments that fit as well.
fn groups<'b, 'a>(board: &'b Board<'a>, rivals: &[Rival]) -> Vec<Group<'b, 'a>> {
    let (lines, expected) = (board.lines.len(), board.expected.len());
    let mut graph = Graph::new(lines + expected + board.remittances.len());
    let is_open = |claim: &&Claim| board.lines.get(claim.line).is_some_and(LineNode::is_open);
    for claim in board.claims.iter().filter(is_open) {
        graph.join(claim.line, lines + expected + claim.remittance);
    }
    for rival in rivals {
        graph.join(rival.line, lines + rival.payment);
    }
    let group = |nodes: Vec<usize>| {
        let (members, payments) = board.split(&nodes);
        let remitted = nodes.iter().filter_map(|node| {
            let at = node.checked_sub(lines + expected)?;
            board.remittances.get(at).copied()
        });
        Group {
            lines: members,
            expected: payments,
            remittances: remitted.collect(),
        }
    };
    graph.groups().into_iter().map(group).collect()
}

/// Places what fits more than one way; each names the others.
fn place_ambiguous(group: &Group<'_, '_>, why: &str) {
    let lines: Vec<LineNumber> = group.lines.iter().map(|line| line.line.number).collect();
    let withdrawals: Vec<WithdrawalNumber> =
        group.expected.iter().map(|node| node.number()).collect();
    let remittances = (group.remittances.iter()).map(|remittance| remittance.number);
    let remittances: Vec<RemittanceNumber> = remittances.take(NAMED).collect();
    let named: Vec<String> = remittances.iter().map(ToString::to_string).collect();
    let why = format!("{why}: {}", named.join(", "));
    for line in &group.lines {
        line.place_as(Classification {
            lines: others(&lines, Some(line.line.number)),
            withdrawals: others(&withdrawals, None),
            remittances: remittances.clone(),
            detail: Some(why.clone()),
            ..Classification::plain(Class::Ambiguous)
        });
    }
    for node in group.expected.iter().filter(|node| node.is_open()) {
        let others_of = others(&withdrawals, Some(node.number()));
        node.place(
            Class::Ambiguous,
            others(&lines, None),
            others_of,
            Some(why.clone()),
        );
    }
}

/// Places the open debits with the reference and the amount of a remittance that is on the bank
/// already, or on a day outside the window.
fn place_same_amounts(board: &Board<'_>) {
    let mut by_amount: HashMap<i128, Vec<&ExpectedRemittance>> = HashMap::new();
    for remittance in &board.remittances {
        let same = by_amount.entry(remittance.units()).or_default();
        same.push(remittance);
    }
    for line in open_debits(board) {
        let same = by_amount.get(&line.units()).into_iter().flatten();
        let named: Vec<&ExpectedRemittance> = same
            .copied()
            .filter(|remittance| remittance.is_named_by(line.line))
            .filter(|remittance| {
                !(board.rejected).has_remittance(line.line.number, remittance.number)
            })
            .collect();
        let Some(first) = named.first() else { continue };
        let away = first.distance(line.days());
        let side = if away < 0 { "before" } else { "after" };
        let (class, why) = match (named.as_slice(), first.line) {
            ([_], Some(_)) => (
                Class::DuplicatePayment,
                "the same reference and amount are on the bank already".to_owned(),
            ),
            ([_], None) => (
                Class::DateOutOfWindow,
                format!(
                    "the same reference and amount, {} days {side} the expected day",
                    away.abs()
                ),
            ),
            _ => (
                Class::Ambiguous,
                "the reference and the amount of a remittance fit more than one way".to_owned(),
            ),
        };
        let numbers: Vec<RemittanceNumber> = named.iter().map(|one| one.number).collect();
        let names: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        line.place_as(Classification {
            lines: named
                .iter()
                .filter_map(|one| one.line)
                .take(NAMED)
                .collect(),
            remittances: others(&numbers, None),
            detail: Some(format!("{why}: {}", names.join(", "))),
            ..Classification::plain(class)
        });
    }
}

/// Places the one open debit that carries the reference of a remittance with another amount; of
/// several a note says so.
fn place_other_amounts(board: &Board<'_>) {
    let is_missing = |(at, remittance): &(usize, &&ExpectedRemittance)| {
        remittance.is_open() && !board.claims.iter().any(|claim| claim.remittance == *at)
    };
    let missing = board.remittances.iter().enumerate().filter(is_missing);
    let mut references = References::default();
    let mut is_empty = true;
    for (at, remittance) in missing {
        references.add_recorded(&remittance.reference, at);
        is_empty = false;
    }
    if is_empty {
        return;
    }
    let mut pairs: Vec<(&LineNode<'_>, &ExpectedRemittance)> = Vec::new();
    for line in open_debits(board).filter(|line| line.kind == LineKind::Principal) {
        let hits = references.find(line.line);
        let named = hits
            .iter()
            .filter_map(|hit| board.remittances.get(hit.expected));
        let mut named: Vec<&ExpectedRemittance> = named
            .copied()
            .filter(|remittance| remittance.is_in_time(line.days()))
            .filter(|remittance| {
                !(board.rejected).has_remittance(line.line.number, remittance.number)
            })
            .collect();
        named.dedup_by_key(|remittance| remittance.number);
        pairs.extend(named.into_iter().map(|remittance| (line, remittance)));
    }
    for (line, remittance) in &pairs {
        let of_line = pairs.iter().filter(|(other, _)| other.id == line.id);
        let same = |other: &&(_, &ExpectedRemittance)| other.1.number == remittance.number;
        let is_alone = of_line.count() == 1 && pairs.iter().filter(same).count() == 1;
        let difference = line.units() - remittance.units();
        let side = if difference < 0 { "less" } else { "more" };
        let why = format!(
            "carries the reference of {}, and is {} {side}",
            remittance.number,
            board.shown(difference.abs())
        );
        if is_alone {
            line.place_as(Classification {
                remittances: vec![remittance.number],
                detail: Some(why),
                ..Classification::plain(Class::AmountDiffers)
            });
        } else {
            line.add_note(|| why);
        }
    }
}

fn open_debits<'b, 'a>(board: &'b Board<'a>) -> impl Iterator<Item = &'b LineNode<'a>> {
    let debits = board.lines.iter();
    debits.filter(|line| line.line.amount.is_negative() && line.is_open())
}
