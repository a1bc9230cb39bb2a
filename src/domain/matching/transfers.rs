//! Transfers of several payments: the bank shows each as one debit, so a run looks for one
//! expectation of their total instead of one for each payment.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
};

use super::{
    class::{Class, Classification},
    expected::Expected,
    link::{Certainty, Link, LinkKind, Match},
    node::NAMED,
    sides::{Outcome, Sides},
};
use crate::domain::{
    code::{LineNumber, WithdrawalNumber},
    quantity::Amount,
    transfer::TransferNumber,
};

/// The transfers of several payments among what a run sees.
#[derive(Default)]
pub(super) struct Transfers {
    /// In the order of their first withdrawals.
    all: Vec<Transfer>,
    /// The transfer of each payment that is looked for together with others, by its withdrawal.
    by_member: HashMap<WithdrawalNumber, usize>,
    /// The transfers of which a run does not see all payments, or not in one state, by their
    /// withdrawals, and how many payments each has.
    incomplete: HashMap<WithdrawalNumber, (TransferNumber, u64)>,
    /// Returns of single payments of transfers that were rejected.
    rejected: HashSet<(LineNumber, WithdrawalNumber)>,
}

/// A transfer: what a run looks for instead of its payments.
struct Transfer {
    /// What is looked for; it has the number of the first withdrawal.
    expected: Expected,
    /// Its payments, in the order of their withdrawals.
    members: Vec<TransferMember>,
}

/// A payment of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TransferMember {
    /// The withdrawal.
    pub(super) withdrawal: WithdrawalNumber,
    /// What was paid for it.
    pub(super) amount: Amount,
}

/// What payments of a transfer must have in common to be looked for together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct TransferState {
    transfer: TransferNumber,
    debit: Option<usize>,
    credit: Option<usize>,
    facts: [bool; 4],
}

impl Transfers {
    /// Gathers the payments of each transfer that are in one state.
    pub(super) fn of(input: &Sides<'_>) -> Self {
        let mut members: Vec<&Expected> = input.expected.iter().collect();
        members.retain(|each| each.transfer.is_some() && each.is_here());
        // Most ledgers have none.
        if members.is_empty() {
            return Self::default();
        }
        members.sort_by_key(|each| each.withdrawal);
        members.dedup_by_key(|each| each.withdrawal);
        let (debits, credits) = (
            places(input.decided, LinkKind::Payment),
            places(input.decided, LinkKind::Return),
        );
        let mut states: BTreeMap<TransferState, Vec<&Expected>> = BTreeMap::new();
        for each in members {
            let Some((transfer, _)) = each.transfer else {
                continue;
            };
            let state = TransferState {
                transfer,
                debit: debits.get(&each.withdrawal).copied(),
                credit: credits.get(&each.withdrawal).copied(),
                facts: [
                    each.returned,
                    each.return_linked,
                    each.maybe_sent,
                    each.settled,
                ],
            };
            states.entry(state).or_default().push(each);
        }
        let mut transfers = Self::default();
        for members in states.into_values() {
            transfers.add(&members);
        }
        transfers.index();
        transfers.reject_returns(input.rejected);
        transfers
    }

    fn add(&mut self, members: &[&Expected]) {
        let seen = u64::try_from(members.len()).unwrap_or(u64::MAX);
        let is_whole = |each: &&Expected| each.transfer.is_some_and(|(_, all)| all == seen);
        if !members.iter().all(is_whole) {
            let parts = members
                .iter()
                .filter_map(|each| Some((each.withdrawal, each.transfer?)));
            self.incomplete.extend(parts);
        }
        if members.len() > 1 {
            self.all.extend(Transfer::of(members));
        }
    }

    fn index(&mut self) {
        self.all.sort_by_key(|each| each.expected.withdrawal);
        for (at, transfer) in self.all.iter().enumerate() {
            let members = transfer.members.iter();
            self.by_member
                .extend(members.map(|member| (member.withdrawal, at)));
        }
    }

    /// Notes which single payments were rejected as what a credit sends back.
    fn reject_returns(&mut self, rejected: &[Link]) {
        let returns = rejected.iter().filter(|link| link.kind == LinkKind::Return);
        for link in returns {
            if let ([line], [withdrawal]) = (link.lines.as_slice(), link.withdrawals.as_slice())
                && self.by_member.contains_key(withdrawal)
            {
                self.rejected.insert((*line, *withdrawal));
            }
        }
    }

    /// Returns whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns what a run looks for: transfers instead of their payments.
    pub(super) fn looked_for<'a>(&'a self, expected: &'a [Expected]) -> Vec<&'a Expected> {
        let single = expected
            .iter()
            .filter(|each| self.is_empty() || !self.by_member.contains_key(&each.withdrawal));
        let transfers = self.all.iter().map(|transfer| &transfer.expected);
        single.chain(transfers).collect()
    }

    /// Returns the withdrawals of a decided link as a run names them.
    pub(super) fn named<'l>(
        &self,
        withdrawals: &'l [WithdrawalNumber],
    ) -> Cow<'l, [WithdrawalNumber]> {
        if self.is_empty() {
            return Cow::Borrowed(withdrawals);
        }
        let first = |number: &WithdrawalNumber| {
            self.transfer_of(*number)
                .map_or(*number, |transfer| transfer.expected.withdrawal)
        };
        let named: BTreeSet<_> = withdrawals.iter().map(first).collect();
        Cow::Owned(named.into_iter().collect())
    }

    /// Returns links as a run names them; without those that name only some payments of a transfer.
    pub(super) fn links<'l>(&self, links: &'l [Link]) -> Cow<'l, [Link]> {
        if self.is_empty() {
            return Cow::Borrowed(links);
        }
        let names_all = |link: &&Link| {
            let transfers = link.withdrawals.iter();
            transfers
                .filter_map(|number| self.transfer_of(*number))
                .all(|transfer| transfer.is_all_in(&link.withdrawals))
        };
        let links = links.iter().filter(names_all).map(|link| Link {
            withdrawals: self.named(&link.withdrawals).into_owned(),
            ..link.clone()
        });
        Cow::Owned(links.collect())
    }

    /// Returns the payments of a transfer by what a run looks for; none if that is a single payment.
    pub(super) fn members_of(&self, expected: &Expected) -> &[TransferMember] {
        match self.transfer_of(expected.withdrawal) {
            Some(transfer) => &transfer.members,
            None => &[],
        }
    }

    /// Returns whether a user rejected a credit as the return of a single payment of a transfer.
    pub(super) fn has_rejected(&self, line: LineNumber, member: TransferMember) -> bool {
        self.rejected.contains(&(line, member.withdrawal))
    }

    /// Puts the payments of transfers in the place of what was looked for. `returns` are those of
    /// single payments of transfers.
    pub(super) fn spread(&self, outcome: &mut Outcome, returns: Vec<Match>) {
        if !self.is_empty() {
            for found in &mut outcome.matches {
                found.link.withdrawals = self.spread_numbers(&found.link.withdrawals);
            }
            for placed in outcome.lines.values_mut() {
                self.spread_line(placed);
            }
            for transfer in &self.all {
                transfer.spread(&mut outcome.expected);
            }
            // What else names a transfer has the number of its first withdrawal.
            for (number, placed) in &mut outcome.expected {
                if !self.by_member.contains_key(number) {
                    placed.withdrawals = self.spread_numbers(&placed.withdrawals);
                    placed.withdrawals.truncate(NAMED);
                }
            }
            for found in &returns {
                place_return(outcome, found);
            }
            self.turn_returned(outcome);
            outcome.matches.extend(returns);
        }
        if !self.incomplete.is_empty() {
            let lacks = |found: &Match| {
                let is_whole = self.are_whole(&found.link.withdrawals);
                (!is_whole).then(|| "it is not all of its transfer".to_owned())
            };
            outcome.only_propose(lacks);
        }
    }

    /// Returns which other payments are in the transfer of a withdrawal.
    pub(super) fn others(&self, number: WithdrawalNumber) -> Vec<WithdrawalNumber> {
        let transfer = self.transfer_of(number);
        let members = transfer.into_iter().flat_map(|transfer| &transfer.members);
        members
            .map(|member| member.withdrawal)
            .filter(|other| *other != number)
            .collect()
    }

    /// Checks whether withdrawals are all those of their transfers.
    fn are_whole(&self, withdrawals: &[WithdrawalNumber]) -> bool {
        let mut missing: BTreeMap<TransferNumber, u64> = BTreeMap::new();
        let parts = withdrawals
            .iter()
            .filter_map(|number| self.incomplete.get(number));
        for (transfer, payments) in parts {
            let missing = missing.entry(*transfer).or_insert(*payments);
            *missing = missing.saturating_sub(1);
        }
        missing.values().all(|missing| *missing == 0)
    }

    /// Checks whether expectations in several states are together one transfer and all of it.
    pub(super) fn are_one(&self, expected: &[&Expected]) -> bool {
        let one = expected.first().and_then(|first| first.transfer);
        let same = expected.iter().all(|each| each.transfer == one);
        let numbers: Vec<_> = expected.iter().map(|each| each.withdrawal).collect();
        one.is_some() && same && self.are_whole(&self.spread_numbers(&numbers))
    }

    fn transfer_of(&self, number: WithdrawalNumber) -> Option<&Transfer> {
        let at = self.by_member.get(&number)?;
        self.all.get(*at)
    }

    fn spread_numbers(&self, numbers: &[WithdrawalNumber]) -> Vec<WithdrawalNumber> {
        let mut all = Vec::with_capacity(numbers.len());
        for number in numbers {
            match self.transfer_of(*number) {
                Some(transfer) => {
                    all.extend(transfer.members.iter().map(|member| member.withdrawal));
                }
                None => all.push(*number),
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    fn spread_line(&self, placed: &mut Classification) {
        let before = placed.withdrawals.len();
        placed.withdrawals = self.spread_numbers(&placed.withdrawals);
        let has_more = placed.withdrawals.len() > before;
        if placed.class == Class::Matched && has_more {
            placed.class = Class::MatchedGroup;
        }
        let is_linked = matches!(
            placed.class,
            Class::MatchedGroup | Class::Matched | Class::Proposed | Class::Returned
        );
        if !is_linked {
            placed.withdrawals.truncate(NAMED);
        }
    }

    /// The debit of a transfer came back once every payment of it did.
    fn turn_returned(&self, outcome: &mut Outcome) {
        for transfer in &self.all {
            let placed: Vec<&Classification> = transfer
                .members
                .iter()
                .filter_map(|member| outcome.expected.get(&member.withdrawal))
                .collect();
            let all_returned = placed.iter().all(|placed| placed.class == Class::Returned);
            let lines: BTreeSet<LineNumber> = placed
                .iter()
                .flat_map(|placed| placed.lines.iter().copied())
                .collect();
            for line in lines.iter().filter(|_| all_returned) {
                if let Some(placed) = outcome.lines.get_mut(line)
                    && placed.class == Class::MatchedGroup
                    && transfer.is_all_of(&placed.withdrawals)
                {
                    placed.class = Class::Returned;
                }
            }
        }
    }
}

impl Transfer {
    /// Makes what is looked for of the payments of a transfer, or `None` if there are none or their
    /// total has too many digits.
    fn of(all: &[&Expected]) -> Option<Self> {
        let (first, rest) = all.split_first()?;
        let mut expected = (*first).clone();
        for each in rest {
            expected.amount = expected.amount.checked_add(each.amount)?;
            expected.end_to_end.extend(each.end_to_end.iter().cloned());
            let ended = each.ended_references.iter().cloned();
            expected.ended_references.extend(ended);
            for name in &each.names {
                if !expected.names.contains(name) {
                    expected.names.push(name.clone());
                }
            }
            expected.file = expected.file.filter(|file| each.file == Some(*file));
        }
        let members = all.iter().map(|each| TransferMember {
            withdrawal: each.withdrawal,
            amount: each.amount,
        });
        Some(Self {
            members: members.collect(),
            expected,
        })
    }

    /// Checks whether withdrawals are all of its own, and maybe others.
    fn is_all_in(&self, withdrawals: &[WithdrawalNumber]) -> bool {
        let mut members = self.members.iter();
        members.all(|member| withdrawals.contains(&member.withdrawal))
    }

    /// Checks whether withdrawals are its own and no others.
    fn is_all_of(&self, withdrawals: &[WithdrawalNumber]) -> bool {
        withdrawals.len() == self.members.len() && self.is_all_in(withdrawals)
    }

    /// Gives its class to each of its payments.
    fn spread(&self, expected: &mut BTreeMap<WithdrawalNumber, Classification>) {
        let Some(placed) = expected.remove(&self.expected.withdrawal) else {
            return;
        };
        let is_plain = placed.lines.is_empty() && placed.withdrawals.is_empty();
        let is_matched = placed.class == Class::Matched;
        let class = if is_matched {
            Class::MatchedGroup
        } else {
            placed.class
        };
        for member in &self.members {
            let own = self.members.iter().map(|other| other.withdrawal);
            let others = own.chain(placed.withdrawals.iter().copied());
            let others: BTreeSet<_> = others
                .filter(|other| *other != member.withdrawal && !is_plain)
                .collect();
            let classification = Classification {
                class,
                withdrawals: others.into_iter().take(NAMED).collect(),
                ..placed.clone()
            };
            expected.insert(member.withdrawal, classification);
        }
    }
}

/// Returns by which link of a kind each withdrawal is held.
fn places(decided: &[Link], kind: LinkKind) -> HashMap<WithdrawalNumber, usize> {
    let links = decided.iter().enumerate();
    let links = links.filter(|(_, link)| link.kind == kind);
    let held = links.flat_map(|(at, link)| link.withdrawals.iter().map(move |held| (*held, at)));
    held.collect()
}

/// Places a credit and the payment of a transfer that it sends back.
fn place_return(outcome: &mut Outcome, found: &Match) {
    let mut debits = Vec::new();
    for withdrawal in &found.link.withdrawals {
        if let Some(placed) = outcome.expected.get_mut(withdrawal)
            && found.certainty == Certainty::Matched
        {
            debits.extend(placed.lines.iter().copied());
            placed.class = Class::Returned;
            placed.lines.extend(found.link.lines.iter().copied());
            placed.lines.sort_unstable();
        }
    }
    for line in &found.link.lines {
        if let Some(placed) = outcome.lines.get_mut(line) {
            placed.withdrawals.clone_from(&found.link.withdrawals);
            placed.lines.clone_from(&debits);
        }
    }
}
