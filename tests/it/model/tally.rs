//! What the walks did: counted, so that a generator that never gets anywhere fails.

use std::collections::{BTreeMap, BTreeSet};

use super::books::{Answer, Outcome};
use crate::figures::sized;

/// Counts of one walk or of several. A step counts by its first delivery.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) steps: usize,
    pub(super) deliveries: usize,
    /// Per verb how often it was done (or had nothing to do) and how often it was refused.
    pub(super) verbs: BTreeMap<&'static str, (usize, usize)>,
    /// Per error code how many steps were refused with it.
    pub(super) codes: BTreeMap<&'static str, usize>,
    /// Per activity how often it was done.
    pub(super) activities: BTreeMap<String, usize>,
    /// Lines that a run took for a charge of the bank, since a rule says so.
    pub(super) explained: usize,
    /// Steps whose key had been used for them before.
    pub(super) replayed: usize,
}

/// What each verb must have been: done and refused.
const VERBS: [&str; 56] = [
    "user add",
    "user set",
    "user acknowledge",
    "holder add",
    "holder set",
    "holder block",
    "holder unblock",
    "token issue",
    "token transfer",
    "token redeem",
    "project set",
    "event create",
    "project exclude",
    "project include",
    "event deduct",
    "event exclude",
    "event include",
    "event calculate",
    "event approve",
    "event cancel",
    "withdrawal request",
    "withdrawal approve",
    "withdrawal reject",
    "withdrawal cancel",
    "withdrawal pay",
    "payment return",
    "payment correct",
    "payment settle",
    "payment settle --undo",
    "payment file create",
    "payment file export",
    "payment file cancel",
    "payment file drop",
    "holder import",
    "token import",
    "nav set",
    "bank add",
    "bank import",
    "bank statement void",
    "bank reconcile",
    "bank confirm",
    "bank reject",
    "bank match",
    "bank unmatch",
    "bank resolve",
    "forward release",
    "forward write-off",
    "tax certificate add",
    "tax certificate approve",
    "tax certificate reject",
    "tax remit",
    "tax remittance reverse",
    "bank rule add",
    "bank rule remove",
    "proposal approve",
    "proposal reject",
];

/// What must have come about next to the verbs.
const ACTIVITIES: [&str; 5] = [
    "event_completed",
    "event_reopened",
    "tax_certificate_approved",
    "return_taken_back",
    "key_used",
];

impl Tally {
    /// Counts a step by its first delivery.
    pub(super) fn count(&mut self, verb: &'static str, outcome: &Outcome) {
        let (done, refused) = self.verbs.entry(verb).or_default();
        match outcome.answer {
            Answer::Done | Answer::Unchanged => *done += 1,
            Answer::Replayed => self.replayed += 1,
            Answer::Refused(_, code) => {
                *refused += 1;
                *self.codes.entry(code).or_default() += 1;
            }
        }
        for entry in outcome
            .entries
            .iter()
            .filter(|entry| entry.contains("|done|"))
        {
            let activity = entry.split('|').next().unwrap().to_owned();
            *self.activities.entry(activity).or_default() += 1;
        }
    }

    /// Adds the counts of another walk.
    pub(super) fn add(&mut self, other: Self) {
        self.steps += other.steps;
        self.deliveries += other.deliveries;
        self.replayed += other.replayed;
        self.explained += other.explained;
        for (verb, (done, refused)) in other.verbs {
            let sums = self.verbs.entry(verb).or_default();
            *sums = (sums.0 + done, sums.1 + refused);
        }
        for (code, count) in other.codes {
            *self.codes.entry(code).or_default() += count;
        }
        for (activity, count) in other.activities {
            *self.activities.entry(activity).or_default() += count;
        }
    }

    pub(super) fn done(&self) -> usize {
        self.verbs.values().map(|(done, _)| done).sum()
    }

    pub(super) fn refused(&self) -> usize {
        self.codes.values().sum()
    }

    /// Fails where the walks did not get everywhere: each verb done and refused at least so many
    /// times, each of the codes met.
    pub(super) fn must_have_met(
        &self,
        (least_done, least_refused): (usize, usize),
        rare: &[(&str, usize)],
        codes: &[&str],
    ) {
        let least = |name: &str| {
            rare.iter()
                .find(|(seldom, _)| *seldom == name)
                .map_or(least_done, |(_, least)| *least)
        };
        for verb in VERBS {
            let (done, refused) = self.verbs.get(verb).copied().unwrap_or_default();
            assert!(
                done >= least(verb) && refused >= least_refused,
                "`{verb}` was done {done} times and refused {refused}"
            );
        }
        for activity in ACTIVITIES {
            let count = self.activities.get(activity).copied().unwrap_or_default();
            assert!(
                count >= least(activity),
                "`{activity}` came about {count} times"
            );
        }
        assert!(
            self.explained >= least("line explained by a rule"),
            "rules explained {} lines",
            self.explained
        );
        let met: BTreeSet<&str> = self.codes.keys().copied().collect();
        let missing: Vec<&&str> = codes.iter().filter(|code| !met.contains(**code)).collect();
        // A change of the walks moves what is rare; the long version meets all of them.
        assert!(
            missing.len() <= sized(3, 0),
            "never refused with {missing:?}"
        );
        assert!(
            self.done() > self.refused(),
            "fewer steps were done than refused"
        );
        assert!(
            self.replayed >= least_done,
            "only {} steps came again",
            self.replayed
        );
    }
}
