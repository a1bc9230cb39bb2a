//! The model's proposals: what waits for a second person, and what it does then.

use super::{
    act::Act,
    books::{Books, Refusal},
    net::WriteOff,
    picks::Picks,
    rules::Rule,
    units::canonical,
};

/// A proposal.
#[derive(Clone)]
pub(super) struct Proposal {
    pub(super) content: Content,
    pub(super) by: usize,
    pub(super) status: &'static str,
    pub(super) decided_by: Option<usize>,
}

/// What is proposed.
#[derive(Clone)]
pub(super) enum Content {
    Rule(Rule),
    WriteOff(WriteOff),
    /// The certificate of this place.
    Certificate(usize),
}

impl Books {
    pub(super) fn propose(&mut self, actor: usize, content: Content) {
        self.proposals.push(Proposal {
            content,
            by: actor,
            status: "proposed",
            decided_by: None,
        });
        self.note(actor, "proposal_recorded", ("", "proposed"));
    }

    /// Finds the proposal that a command names: by its own number, or by that of its certificate.
    pub(super) fn proposal_of(&self, verb: &str, number: usize) -> Result<usize, Refusal> {
        let at = number.checked_sub(1);
        if verb.starts_with("tax") {
            let certificate = at.and_then(|at| self.certificates.get(at));
            let found = certificate.map(|certificate| certificate.proposal);
            return found.ok_or(Refusal::Name("tax_certificate.unknown"));
        }
        let found = at.filter(|at| *at < self.proposals.len());
        found.ok_or(Refusal::Name("proposal.unknown"))
    }

    /// Decides about a proposal: only somebody who reviews and did not propose it approves it.
    pub(super) fn decide_proposal(
        &mut self,
        actor: usize,
        verb: &str,
        number: usize,
    ) -> Result<(), Refusal> {
        let at = self.proposal_of(verb, number)?;
        let Proposal {
            content,
            by,
            status,
            ..
        } = self.proposals[at].clone();
        let (decided, own) = match content {
            Content::Certificate(_) => ("tax.certificate_state", "tax.certificate_same_actor"),
            Content::Rule(_) | Content::WriteOff(_) => ("proposal.decided", "proposal.same_actor"),
        };
        self.must(actor, "review")?;
        if status != "proposed" {
            return Err(Refusal::Rule(decided));
        }
        self.proposals[at].decided_by = Some(actor);
        if verb.ends_with("reject") {
            self.proposals[at].status = "rejected";
            self.note(actor, "proposal_rejected", ("proposed", "rejected"));
            return Ok(());
        }
        self.must_be_second(actor, &[by], own)?;
        self.proposals[at].status = "approved";
        self.note(actor, "proposal_approved", ("proposed", "approved"));
        let activity = match content {
            Content::Rule(rule) => {
                self.must_be_new(rule.account, rule.text, at)?;
                "bank_rule_added"
            }
            Content::WriteOff(content) => {
                self.write_off_now(&content)?;
                "forward_written_off"
            }
            Content::Certificate(_) => "tax_certificate_approved",
        };
        self.note(actor, activity, ("", ""));
        Ok(())
    }
}

impl Picks<'_> {
    /// Picks a proposal, mostly one that waits; now and then a certificate by its own number.
    pub(super) fn proposal(&mut self, verb: &'static str) -> Act {
        let all = self.books.certificates.len();
        if all > 0 && self.dice.percent(30) {
            return self.decided_certificate(verb, all);
        }
        let number = self.numbered(|proposal| proposal.status == "proposed");
        Act::Proposal { verb, number }
    }

    fn decided_certificate(&mut self, verb: &str, all: usize) -> Act {
        let waits = |at: &usize| {
            let proposal = self.books.certificates[*at].proposal;
            self.books.proposals[proposal].status == "proposed"
        };
        let waiting: Vec<usize> = (0..all).filter(waits).collect();
        let picked = self.dice.pick(&waiting).copied();
        let picked = picked.filter(|_| self.dice.percent(70));
        let verb = if verb == "proposal approve" {
            "tax certificate approve"
        } else {
            "tax certificate reject"
        };
        let number = picked.unwrap_or_else(|| self.dice.below(all + 1)) + 1;
        Act::Proposal { verb, number }
    }

    pub(super) fn numbered(&mut self, fits: impl Fn(&Proposal) -> bool) -> usize {
        let all = self.books.proposals.len();
        let fitting: Vec<usize> = (0..all)
            .filter(|at| fits(&self.books.proposals[*at]))
            .collect();
        let picked = (self.dice.pick(&fitting).copied()).filter(|_| self.dice.percent(75));
        picked.unwrap_or_else(|| self.dice.below(all + 1)) + 1
    }
}

/// Whether something waits for `proposal approve` and `reject`.
pub(super) fn has_proposal(books: &Books) -> bool {
    let waits = |proposal: &Proposal| proposal.status == "proposed";
    books.proposals.iter().any(waits)
}

pub(super) fn lines(books: &Books) -> Vec<String> {
    let name = |user: Option<usize>| user.map_or("", |user| books.users[user].code.as_str());
    let line = |proposal: &Proposal| {
        let approved = proposal.status == "approved";
        let (of, rule) = match &proposal.content {
            Content::Rule(rule) => {
                let account = &books.accounts[rule.account];
                let at_most = canonical(rule.at_most);
                let made = if approved {
                    format!("{}|{}|{at_most}", rule.text, rule.kind)
                } else {
                    "||".to_owned()
                };
                let removed_by = name(rule.removed.map(|(by, _)| by));
                (
                    format!("{}|{}|{at_most}", account.code, account.currency),
                    format!("{made}|{removed_by}"),
                )
            }
            Content::WriteOff(content) => {
                let project = &books.projects[content.project];
                let amount = canonical(content.total());
                let of = format!("{}|{}|{amount}", project.code, project.currency);
                (of, "|||".to_owned())
            }
            Content::Certificate(at) => (format!("X-{:06}||", at + 1), "|||".to_owned()),
        };
        format!(
            "{of}|{}|{}|{}|{rule}",
            proposal.status,
            name(Some(proposal.by)),
            name(proposal.decided_by)
        )
    };
    books.proposals.iter().map(line).collect()
}
