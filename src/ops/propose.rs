//! Recording a proposal: the first of the two steps of what needs a second person.

use serde_json::json;

use super::Error;
use crate::{
    domain::{
        activity::{Activity, Concern, Fact},
        proposal::{Proposal, ProposalStatus},
        time::Instant,
    },
    store::{self, NewProposal, Tx, WriteTx},
};

/// Records a proposal, which waits for a second person and has no effect until then; returns its row
/// number.
///
/// # Errors
/// [`Error`] if the ledger cannot be written.
pub(in crate::ops) fn propose(write: &mut WriteTx<'_>, new: &NewProposal) -> Result<i64, Error> {
    let number = write.insert_proposal(new)?;
    let proposal = write.proposal(number)?;
    let (amount, currency) = new.facts.amount.unzip();
    let changes = json!({
        "proposal": proposal.number.to_string(),
        "kind": new.content.kind(),
        "subject": new.facts.subject,
        "amount": amount,
        "currency": currency,
        "detail": new.facts.detail,
    });
    let concern = Concern {
        project: new.facts.project,
        ..Concern::default()
    };
    let fact = Fact::new(Activity::ProposalRecorded, changes).about(concern);
    write.record(fact.moved(None, ProposalStatus::Proposed.as_str()))?;
    Ok(number)
}

/// Reads a proposal as it was at an instant: the result of a command that is repeated.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(in crate::ops) fn recall(tx: &mut Tx<'_>, number: i64, at: Instant) -> Result<Proposal, Error> {
    let missing = || store::Error::bug(format!("proposal {number} is later than its result"));
    let then = tx.proposal(number)?.as_of(at);
    Ok(then.ok_or_else(missing)?)
}
