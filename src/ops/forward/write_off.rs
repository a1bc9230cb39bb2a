//! `forward write-off`: forward balances that no bank can pay are given up, once a second person
//! approved it.

use serde::Serialize;
use serde_json::json;

use crate::{
    domain::{
        Refused,
        activity::{Activity, Concern, Fact},
        currency::Currency,
        forward::{self, ForwardBalance, ForwardKind, WriteOff},
        id::{HolderId, ProjectId, ProjectRef},
        proposal::{Proposal, ProposalContent, ProposalFacts},
        quantity::{Amount, Total},
        session::Session,
        user::Act,
    },
    ops::{
        Error,
        propose::{propose, recall},
    },
    store::{self, AsOf, Done, Ledger, NewForwardMovement, NewProposal, Noun, Request, WriteTx},
};

/// Forward balances to be given up.
#[derive(Clone, Debug, Serialize)]
pub struct NewWriteOff {
    /// The project.
    pub project: String,
    /// Those below this amount.
    pub below: Amount,
    /// Why.
    pub reason: String,
}

/// Proposes to give up the forward balances of a project that no bank can pay.
///
/// # Errors
/// [`Refused::ReasonMissing`]; those of [`forward::may_write_off`]; [`Refused::ForwardNothing`].
pub fn write_off(
    ledger: &mut Ledger,
    session: Session,
    input: &NewWriteOff,
) -> Result<Done<Proposal>, Error> {
    let request = Request {
        command: "forward write-off",
        activity: Activity::ProposalRecorded,
        input,
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Record)?;
        let number = write.resolve(Noun::Project, &input.project)?;
        let project = write.project(number, AsOf::Now)?;
        write.concern = concern(project.project.id);
        let reason = input.reason.trim();
        if reason.is_empty() {
            return Err(Refused::ReasonMissing { verb: "write off" }.into());
        }
        forward::may_write_off(project.currency, input.below)?;
        let found = Unpayable::read(write, project.project.id, input.below)?;
        if found.balances.is_empty() {
            return Err(Refused::ForwardNothing {
                holder: None,
                project: project.project.code,
            }
            .into());
        }
        let content = WriteOff {
            project: project.project.id,
            below: input.below,
            total: found.total,
            holders: found.holders(),
            reason: reason.to_owned(),
        };
        let facts = ProposalFacts {
            project: Some(project.project.id),
            subject: project.project.code.to_string(),
            amount: Some((found.total, project.currency)),
            detail: detail(&content, project.currency),
        };
        let content = ProposalContent::ForwardWriteOff(content);
        let number = propose(write, &NewProposal { content, facts })?;
        Ok((number, write.proposal(number)?))
    })
}

/// Gives an approved proposal its effect: the balances are given up, if they are still those that
/// were proposed.
///
/// # Errors
/// [`Refused::ForwardChanged`].
pub(in crate::ops) fn take_effect(
    write: &mut WriteTx<'_>,
    proposal: &Proposal,
    content: &WriteOff,
) -> Result<(), Error> {
    let project = write.project_by_id(content.project)?;
    let found = Unpayable::read(write, content.project, content.below)?;
    if (found.total, found.holders()) != (content.total, content.holders) {
        return Err(changed(&project.project).into());
    }
    for (holder, before) in found.balances {
        let allocation = write.allocation_of_movement(before.last)?;
        let new = NewForwardMovement {
            kind: ForwardKind::WrittenOff,
            project: content.project,
            amount: before.amount,
            before: Some(before),
            counterpart: None,
            reason: Some(&content.reason),
        };
        debug_assert_eq!(
            allocation.holder.id, holder,
            "a movement is of its own holder"
        );
        write.insert_forward(&allocation, new)?;
    }
    let changes = json!({
        "project": project.project.code,
        "proposal": proposal.number.to_string(),
        "holders": content.holders,
        "amount": content.total,
        "currency": project.currency,
        "reason": content.reason,
    });
    let fact = Fact::new(Activity::ForwardWrittenOff, changes).about(concern(content.project));
    Ok(write.record(fact)?)
}

/// The balances that are to be given up, in the order of the movements that left them.
struct Unpayable {
    balances: Vec<(HolderId, ForwardBalance)>,
    total: Amount,
}

impl Unpayable {
    fn read(write: &mut WriteTx<'_>, project: ProjectId, below: Amount) -> Result<Self, Error> {
        let all = write.forward_balances(project)?.into_iter();
        let mut balances: Vec<_> = all
            .filter(|(_, balance)| !balance.amount.is_zero() && balance.amount < below)
            .collect();
        balances.sort_by_key(|(_, balance)| balance.last);
        let total: Option<Total> = balances.iter().map(|(_, balance)| balance.amount).sum();
        let total = total.and_then(|total| Amount::from_units(total.units()));
        let total = total.ok_or_else(|| store::Error::bug("forward balances are too large"))?;
        Ok(Self { balances, total })
    }

    fn holders(&self) -> u64 {
        u64::try_from(self.balances.len()).unwrap_or(u64::MAX)
    }
}

fn detail(of: &WriteOff, currency: Currency) -> String {
    format!(
        "gives up {} forward balances below {currency} {}: {}",
        of.holders,
        of.below.plain(currency.decimals()),
        of.reason
    )
}

fn changed(project: &ProjectRef) -> Refused {
    Refused::ForwardChanged {
        project: project.code.clone(),
    }
}

fn concern(project: ProjectId) -> Concern {
    Concern {
        project: Some(project),
        ..Concern::default()
    }
}
