//! The model's rules about bank lines, which proposals make.

use chrono::NaiveDate;

use super::{
    act::Act,
    books::{Books, Refusal},
    picks::Picks,
    proposals::{Content, Proposal},
    units::Units,
};

/// A rule as it is proposed, and once it is approved.
#[derive(Clone)]
pub(super) struct Rule {
    pub(super) account: usize,
    pub(super) text: &'static str,
    pub(super) kind: &'static str,
    pub(super) at_most: Units,
    /// Who removed the rule, and on which day.
    pub(super) removed: Option<(usize, NaiveDate)>,
}

/// What a rule is about, as in the arguments.
#[derive(Clone, Debug)]
pub(super) struct NewRule {
    pub(super) account: String,
    pub(super) text: &'static str,
    pub(super) kind: &'static str,
    pub(super) at_most: Units,
}

/// By which words banks begin the charges that no rule of the program knows.
pub(super) const CHARGES: [&str; 2] = ["CHQBOOK", "LEDGERFEE"];
/// Texts of rules; banks begin transfers with the last one.
const TEXTS: [&str; 6] = [
    "CHQBOOK",
    "LEDGERFEE",
    "CHQBOOK",
    "LEDGERFEE",
    "CHQBOOK 1",
    "NIP TRANSFER",
];
const KINDS: [&str; 3] = ["fee", "tax", "levy"];
/// Up to so many of the smallest amounts are charged, and allowed.
const LARGEST: Units = 40;

impl Proposal {
    /// Returns the rule that it made, if it made one.
    const fn rule(&self) -> Option<&Rule> {
        match (&self.content, self.decided_by) {
            (Content::Rule(rule), Some(_)) => Some(rule),
            _ => None,
        }
    }

    fn counts(&self) -> bool {
        let is_there = |rule: &Rule| rule.removed.is_none();
        self.status == "approved" && self.rule().is_some_and(is_there)
    }
}

impl Books {
    /// Returns the smallest amount in the currency of an account.
    pub(super) fn minor_of(&self, account: usize) -> Units {
        let currency = self.accounts[account].currency;
        let mut projects = self.projects.iter();
        let same = projects.find(|project| project.currency == currency);
        same.map(|project| project.minor).unwrap()
    }

    pub(super) fn propose_rule(&mut self, actor: usize, new: &NewRule) -> Result<(), Refusal> {
        let account = self.account(&new.account)?;
        self.must(actor, "record")?;
        if new.text == "NIP TRANSFER" {
            return Err(Refusal::Rule("bank_rule.text"));
        }
        if new.at_most == 0 || new.at_most % self.minor_of(account) != 0 {
            return Err(Refusal::Rule("bank_rule.amount"));
        }
        self.must_be_new(account, new.text, self.proposals.len())?;
        let rule = Rule {
            account,
            text: new.text,
            kind: new.kind,
            at_most: new.at_most,
            removed: None,
        };
        self.propose(actor, Content::Rule(rule));
        Ok(())
    }

    /// Refuses a second rule with one text; `own` is the place of the one that is to count.
    pub(super) fn must_be_new(
        &self,
        account: usize,
        text: &str,
        own: usize,
    ) -> Result<(), Refusal> {
        let same = |(at, other): (usize, &Proposal)| {
            let rule = other.rule().filter(|_| other.counts());
            at != own && rule.is_some_and(|rule| (rule.account, rule.text) == (account, text))
        };
        if self.proposals.iter().enumerate().any(same) {
            return Err(Refusal::Rule("bank_rule.exists"));
        }
        Ok(())
    }

    pub(super) fn remove_rule(&mut self, actor: usize, number: usize) -> Result<(), Refusal> {
        let at = self.proposal_of("bank rule remove", number)?;
        let approved = self.proposals[at].status == "approved";
        let removed_on = self.today;
        let may = self.must(actor, "record");
        let Content::Rule(rule) = &mut self.proposals[at].content else {
            return Err(Refusal::Rule("bank_rule.none"));
        };
        if !approved {
            return Err(Refusal::Rule("bank_rule.none"));
        }
        may?;
        if rule.removed.is_some() {
            return Err(Refusal::Rule("bank_rule.removed"));
        }
        rule.removed = Some((actor, removed_on));
        self.note(actor, "bank_rule_removed", ("", ""));
        Ok(())
    }

    /// Checks whether a run takes a line for a charge of the bank, since a rule says so: a debit that
    /// no match or proposal holds, up to the rule's limit, and booked while the rule counted.
    pub(super) fn is_explained(&self, line: usize) -> bool {
        let held = |link: &super::matching::Link| link.is_live() && link.lines.contains(&line);
        let line = &self.lines[line];
        let row = &line.row;
        let explains = |proposal: &Proposal| {
            let Some(rule) = proposal.rule() else {
                return false;
            };
            let begins = row.text.strip_prefix(rule.text);
            proposal.status == "approved"
                && rule.account == line.account
                && row.amount < 0
                && -row.amount <= rule.at_most
                && begins.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
                && rule.removed.is_none_or(|(_, on)| row.date <= on)
        };
        !self.is_void(line) && !self.links.iter().any(held) && self.proposals.iter().any(explains)
    }
}

impl Picks<'_> {
    pub(super) fn new_rule(&mut self) -> Act {
        let account = self.dice.below(self.books.accounts.len());
        let minor = self.books.minor_of(account);
        let at_most = match self.dice.below(12) {
            0 => 0,
            1 => minor / 2,
            _ => minor * (LARGEST - self.dice.units(LARGEST / 4)),
        };
        let account = if self.dice.percent(4) {
            "NONE".to_owned()
        } else {
            self.books.accounts[account].code.clone()
        };
        Act::RuleAdd(NewRule {
            account,
            text: self.one(&TEXTS),
            kind: self.one(&KINDS),
            at_most,
        })
    }

    /// Picks a rule to remove, mostly one that counts.
    pub(super) fn rule_removal(&mut self) -> Act {
        // Now and then one that was removed already.
        let again = self.dice.percent(20);
        Act::RuleRemove(self.numbered(|proposal| match proposal.rule() {
            Some(rule) if again => rule.removed.is_some(),
            _ => proposal.counts(),
        }))
    }

    /// Makes a charge that only a rule explains. No bank pays such an amount.
    pub(super) fn charge(&mut self, account: usize) -> (Units, String) {
        let minor = self.books.minor_of(account);
        let amount = minor * self.dice.units(LARGEST);
        (
            amount,
            format!("{} {}", self.one(&CHARGES), self.dice.below(3)),
        )
    }
}

/// Whether a rule can be removed.
pub(super) fn has_rule(books: &Books) -> bool {
    books.proposals.iter().any(Proposal::counts)
}
