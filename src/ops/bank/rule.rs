//! Rules about bank lines: propose, list, remove.

use serde_json::json;

use super::{RuleRemovalRequest, RuleRequest};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Concern, Fact},
        bank::FundAccount,
        bank_rule::{self, AccountRule, NewBankRule},
        id::BankAccountId,
        proposal::{Proposal, ProposalContent, ProposalFacts},
        session::Session,
    },
    ops::{
        Error, Sink,
        propose::{propose, recall},
    },
    store::{AsOf, Done, Ledger, NewProposal, Noun, Request, WriteTx},
};

/// Proposes a rule about the lines of an account. It counts once a second person approved it.
///
/// # Errors
/// Those of [`bank_rule::propose`]; [`Refused::RuleExists`].
pub fn add(
    ledger: &mut Ledger,
    session: Session,
    input: &RuleRequest<'_>,
) -> Result<Done<Proposal>, Error> {
    let request = Request {
        command: "bank rule add",
        activity: Activity::ProposalRecorded,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let number = write.resolve(Noun::BankAccount, input.account)?;
        let account = write.bank_account(number)?;
        write.concern = concern(&account);
        let amount = (input.at_most, account.currency);
        let text = bank_rule::propose(input.text, amount, &write.actor)?;
        let rule = NewBankRule {
            account: account.account.id,
            text,
            kind: input.kind,
            at_most: input.at_most,
        };
        must_be_new(write, &account, &rule)?;
        let facts = ProposalFacts {
            project: account.project.as_ref().map(|project| project.id),
            subject: account.account.code.to_string(),
            amount: Some(amount),
            detail: rule.detail(account.currency),
        };
        let content = ProposalContent::BankRule(rule);
        let number = propose(write, &NewProposal { content, facts })?;
        Ok((number, write.proposal(number)?))
    })
}

/// Gives an approved proposal its effect: the rule counts from now on.
///
/// # Errors
/// [`Refused::RuleExists`] if another rule took its place since it was proposed.
pub(in crate::ops) fn take_effect(
    write: &mut WriteTx<'_>,
    proposal: &Proposal,
    rule: &NewBankRule,
) -> Result<(), Error> {
    let account = write.bank_account_by_id(rule.account)?;
    must_be_new(write, &account, rule)?;
    write.insert_bank_rule(proposal.number, rule)?;
    let changes = json!({
        "account": account.account.code,
        "rule": proposal.number.to_string(),
        "text": rule.text,
        "kind": rule.kind,
        "at_most": rule.at_most,
        "currency": account.currency,
    });
    let fact = Fact::new(Activity::BankRuleAdded, changes).about(concern(&account));
    Ok(write.record(fact)?)
}

/// Removes a rule. What it explained stays explained, and so does what was booked up to today.
///
/// # Errors
/// Those of [`bank_rule::remove`]; [`Refused::NotARule`].
pub fn remove(
    ledger: &mut Ledger,
    session: Session,
    input: &RuleRemovalRequest<'_>,
) -> Result<Done<AccountRule>, Error> {
    let request = Request {
        command: "bank rule remove",
        activity: Activity::BankRuleRemoved,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, number, at| {
            let rule = tx.rule_of_proposal(number)?.and_then(|rule| rule.as_of(at));
            Ok(rule.ok_or_else(missing)?)
        },
        |write| {
            let number = write.resolve(Noun::Proposal, input.rule)?;
            let Some(rule) = write.rule_of_proposal(number)? else {
                let proposal = write.proposal(number)?;
                return Err(Refused::NotARule {
                    proposal: proposal.number,
                    status: proposal.state.status(),
                }
                .into());
            };
            let account = write.bank_account_by_id(rule.account.id)?;
            write.concern = concern(&account);
            bank_rule::remove(&rule, &write.actor)?;
            write.remove_bank_rule(&rule, input.reason)?;
            let changes = json!({
                "account": rule.account.code,
                "rule": rule.rule.proposal.to_string(),
                "text": rule.rule.text,
                "kind": rule.rule.kind,
                "at_most": rule.rule.at_most,
                "currency": rule.currency,
                "approved_by": rule.approved.by.code,
                "reason": input.reason,
            });
            let fact = Fact::new(Activity::BankRuleRemoved, changes).about(write.concern);
            write.record(fact)?;
            let removed = write.rule_of_proposal(number)?.ok_or_else(missing)?;
            Ok((number, removed))
        },
    )
}

/// Which rules are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleSelection {
    /// Those that count.
    Live,
    /// Those that were removed too.
    All,
}

/// Lists the rules of an account, in the order in which they came.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the output fails.
pub fn list(
    ledger: &mut Ledger,
    (account, selection): (&str, RuleSelection),
    as_of: AsOf,
    each: Sink<'_, AccountRule>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let number = tx.resolve_at(Noun::BankAccount, account, as_of)?;
        let account = tx.bank_account(number)?.account.id;
        let rules = tx.bank_rules(account, as_of)?.into_iter();
        rules
            .filter(|rule| selection == RuleSelection::All || rule.removed.is_none())
            .try_for_each(|rule| each(rule).map_err(Error::Output))
    })
}

fn missing() -> crate::store::Error {
    crate::store::Error::bug("a rule about bank lines is missing")
}

fn concern(account: &FundAccount) -> Concern {
    Concern {
        project: account.project.as_ref().map(|project| project.id),
        ..Concern::default()
    }
}

/// Refuses a rule if one with the same text counts now.
fn must_be_new(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    rule: &NewBankRule,
) -> Result<(), Error> {
    let id: BankAccountId = account.account.id;
    let rules = write.bank_rules(id, AsOf::Now)?;
    let mut live = rules.iter().filter(|other| other.removed.is_none());
    let same = live.find(|other| other.rule.text == rule.text);
    Ok(bank_rule::must_be_new(&account.account.code, same)?)
}
