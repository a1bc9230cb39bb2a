//! A line that is matched with a remittance of tax: which one, and by whom.

use super::{
    Decision, DecisionError, MatchDetails, Moment, by_hand, ending::superseded, must_be_its_debit,
    must_be_matchable,
};
use crate::domain::{
    Refused,
    bank::{BankLine, FundAccount},
    id::ProjectRef,
    matching::{Certainty, Link, LinkKind},
    reviewers::{Reviewers, SecondPerson},
    tax::liability::Remittance,
    user::{Act, Actor, FourEyes},
};

/// A remittance that a user wants to match, and what may speak against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemittanceCandidate {
    /// The remittance.
    pub remittance: Remittance,
    /// The projects whose tax it paid.
    pub projects: Vec<ProjectRef>,
    /// The proposal that holds it already.
    pub held_by: Option<MatchDetails>,
}

/// What somebody does who links a remittance with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemittanceHand {
    /// Says yes to a proposal.
    Confirm,
    /// Matches it by hand.
    Match,
}

impl RemittanceHand {
    const fn verb(self) -> &'static str {
        match self {
            Self::Confirm => "confirm that a bank line shows it",
            Self::Match => "match it with a bank line",
        }
    }
}

/// Refuses whoever may not say that a line shows a remittance: amount and reference prove that money
/// left, and not that the authority got it, so a reviewer who did not record it says so.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::NotAcknowledged`]; [`Refused::Tax`] to who recorded it.
pub fn may_match_remittance(
    remittance: &Remittance,
    hand: RemittanceHand,
    actor: &Actor,
    reviewers: &Reviewers,
) -> Result<SecondPerson, Refused> {
    if reviewers.four_eyes == FourEyes::Off && actor.role.may(Act::Record) {
        return Ok(SecondPerson::default());
    }
    // Who recorded it hears that first, whatever the role.
    let second = remittance.second_person(actor, reviewers, hand.verb())?;
    actor.must(Act::Review)?;
    Ok(second)
}

/// Matches a line with a remittance of its very amount.
///
/// # Errors
/// [`Refused::LineState`], [`Refused::BankCurrency`], [`Refused::BankProject`],
/// [`Refused::MatchAmount`]; [`Refused::Tax`] if it is not recorded or not this debit.
pub fn match_remittance(
    account: &FundAccount,
    line: &BankLine,
    held_by: Option<&MatchDetails>,
    candidate: &RemittanceCandidate,
    moment: &Moment,
) -> Result<Decision, DecisionError> {
    must_be_matchable(line, held_by)?;
    let remittance = &candidate.remittance;
    account.must_be_in(remittance.currency)?;
    must_pay_for(account, &candidate.projects)?;
    must_be_its_debit(line, remittance)?;
    let held = candidate.held_by.as_ref();
    let held = held.filter(|held| held.recorded.certainty == Certainty::Proposed);
    let link = Link {
        kind: LinkKind::Remittance,
        lines: vec![line.number],
        withdrawals: Vec::new(),
        remittance: Some(remittance.number),
    };
    Ok(Decision {
        ended: superseded(held.into_iter().chain(held_by)),
        made: Some(by_hand(&link, format!("{} said so", moment.user))),
        ..Decision::about(link, line)
    })
}

/// Refuses an account that holds the money of a project with no part in the tax.
fn must_pay_for(account: &FundAccount, projects: &[ProjectRef]) -> Result<(), Refused> {
    let own = account.project.as_ref();
    let other = projects
        .first()
        .filter(|_| own.is_some_and(|own| !projects.iter().any(|project| project.id == own.id)));
    match (own, other) {
        (Some(own), Some(other)) => Err(Refused::BankProject {
            account: account.account.code.clone(),
            own: own.code.clone(),
            project: other.code.clone(),
        }),
        (Some(_) | None, _) => Ok(()),
    }
}
