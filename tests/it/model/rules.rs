//! The model's proposals, and the rules about bank lines that they make.

use chrono::NaiveDate;

use super::{
    act::Act,
    books::{Books, Refusal},
    picks::Picks,
    units::Units,
};

/// A proposal of a rule, and the rule once it is approved.
#[derive(Clone)]
pub(super) struct Rule {
    pub(super) account: usize,
    pub(super) text: &'static str,
    pub(super) kind: &'static str,
    pub(super) at_most: Units,
    pub(super) by: usize,
    pub(super) status: &'static str,
    pub(super) decided_by: Option<usize>,
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

impl Rule {
    fn counts(&self) -> bool {
        self.status == "approved" && self.removed.is_none()
    }
}

impl Books {
    fn rule(&self, number: usize) -> Result<usize, Refusal> {
        if (1..=self.rules.len()).contains(&number) {
            Ok(number - 1)
        } else {
            Err(Refusal::Name("proposal.unknown"))
        }
    }

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
        self.must_be_new(account, new.text)?;
        self.rules.push(Rule {
            account,
            text: new.text,
            kind: new.kind,
            at_most: new.at_most,
            by: actor,
            status: "proposed",
            decided_by: None,
            removed: None,
        });
        self.note(actor, "proposal_recorded", ("", "proposed"));
        Ok(())
    }

    /// Refuses a second rule with one text.
    fn must_be_new(&self, account: usize, text: &str) -> Result<(), Refusal> {
        let same = |rule: &Rule| rule.counts() && (rule.account, rule.text) == (account, text);
        if self.rules.iter().any(same) {
            return Err(Refusal::Rule("bank_rule.exists"));
        }
        Ok(())
    }

    /// Decides about a proposal: only somebody who reviews and did not propose it approves it.
    pub(super) fn decide_proposal(
        &mut self,
        actor: usize,
        verb: &str,
        number: usize,
    ) -> Result<(), Refusal> {
        let at = self.rule(number)?;
        let (by, account, text) = (
            self.rules[at].by,
            self.rules[at].account,
            self.rules[at].text,
        );
        self.must(actor, "review")?;
        if self.rules[at].status != "proposed" {
            return Err(Refusal::Rule("proposal.decided"));
        }
        self.rules[at].decided_by = Some(actor);
        if verb == "proposal reject" {
            self.rules[at].status = "rejected";
            self.note(actor, "proposal_rejected", ("proposed", "rejected"));
            return Ok(());
        }
        self.must_be_second(actor, &[by], "proposal.same_actor")?;
        self.must_be_new(account, text)?;
        self.rules[at].status = "approved";
        self.note(actor, "proposal_approved", ("proposed", "approved"));
        self.note(actor, "bank_rule_added", ("", ""));
        Ok(())
    }

    pub(super) fn remove_rule(&mut self, actor: usize, number: usize) -> Result<(), Refusal> {
        let at = self.rule(number)?;
        if self.rules[at].status != "approved" {
            return Err(Refusal::Rule("bank_rule.none"));
        }
        self.must(actor, "record")?;
        if self.rules[at].removed.is_some() {
            return Err(Refusal::Rule("bank_rule.removed"));
        }
        self.rules[at].removed = Some((actor, self.today));
        self.note(actor, "bank_rule_removed", ("", ""));
        Ok(())
    }

    /// Checks whether a run takes a line for a charge of the bank, since a rule says so: a debit that
    /// no match or proposal holds, up to the rule's limit, and booked while the rule counted.
    pub(super) fn is_explained(&self, line: usize) -> bool {
        let held = |link: &super::matching::Link| link.is_live() && link.lines.contains(&line);
        let line = &self.lines[line];
        let row = &line.row;
        let explains = |rule: &Rule| {
            let begins = row.text.strip_prefix(rule.text);
            rule.status == "approved"
                && rule.account == line.account
                && row.amount < 0
                && -row.amount <= rule.at_most
                && begins.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
                && rule.removed.is_none_or(|(_, on)| row.date <= on)
        };
        !self.is_void(line) && !self.links.iter().any(held) && self.rules.iter().any(explains)
    }
}

impl Picks<'_> {
    pub(super) fn new_rule(&mut self) -> Act {
        let account = self.dice.below(self.books.accounts.len());
        let minor = self.books.minor_of(account);
        let at_most = match self.dice.below(12) {
            0 => 0,
            1 => minor / 2,
            _ => minor * self.dice.units(LARGEST),
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

    /// Picks a proposal, mostly one that waits.
    pub(super) fn proposal(&mut self, verb: &'static str) -> Act {
        Act::Proposal {
            verb,
            number: self.numbered(|rule| rule.status == "proposed"),
        }
    }

    /// Picks a rule to remove, mostly one that counts.
    pub(super) fn rule_removal(&mut self) -> Act {
        Act::RuleRemove(self.numbered(Rule::counts))
    }

    fn numbered(&mut self, fits: impl Fn(&Rule) -> bool) -> usize {
        let all = self.books.rules.len();
        let fitting: Vec<usize> = (0..all).filter(|at| fits(&self.books.rules[*at])).collect();
        let picked = (self.dice.pick(&fitting).copied()).filter(|_| self.dice.percent(75));
        picked.unwrap_or_else(|| self.dice.below(all + 1)) + 1
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

/// Whether something waits for `proposal approve` and `reject`, or can be removed.
pub(super) fn has_rule(books: &Books, verb: &str) -> bool {
    let fits = |rule: &Rule| {
        if verb == "bank rule remove" {
            rule.counts()
        } else {
            rule.status == "proposed"
        }
    };
    books.rules.iter().any(fits)
}

pub(super) fn lines(books: &Books) -> Vec<String> {
    use super::units::canonical;
    let name = |user: Option<usize>| user.map_or("", |user| books.users[user].code.as_str());
    let line = |rule: &Rule| {
        let account = &books.accounts[rule.account];
        let at_most = canonical(rule.at_most);
        let made = if rule.status == "approved" {
            format!("{}|{}|{at_most}", rule.text, rule.kind)
        } else {
            "||".to_owned()
        };
        format!(
            "{}|{}|{at_most}|{}|{}|{}|{made}|{}",
            account.code,
            account.currency,
            rule.status,
            name(Some(rule.by)),
            name(rule.decided_by),
            name(rule.removed.map(|(by, _)| by)),
        )
    };
    books.rules.iter().map(line).collect()
}
