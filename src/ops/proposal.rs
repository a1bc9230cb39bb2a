//! Proposals: approve, reject, list, show. What a proposal is about records it with
//! [`super::propose`].

use serde_json::json;

use super::{Error, Sink, bank, forward, history, propose::recall, requests, tax};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Concern, Fact},
        proposal::{
            Proposal, ProposalContent, ProposalDetail, ProposalKind, ProposalState, ProposalStatus,
        },
        reviewers::SecondPerson,
        session::Session,
        time::Instant,
    },
    store::{self, AsOf, Done, Ledger, Noun, Request, Tx, WriteTx},
};

/// Which proposals are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// With this status.
    pub status: Option<ProposalStatus>,
    /// Of this kind.
    pub kind: Option<ProposalKind>,
}

/// Approves proposals: all of them, or none. Each has its effect from then on.
///
/// # Errors
/// Those of [`Proposal::approve`] and of the effect, for several as [`Error::Many`].
pub fn approve(
    ledger: &mut Ledger,
    session: Session,
    proposals: &[String],
) -> Result<Done<Vec<Proposal>>, Error> {
    let request = Request {
        command: "proposal approve",
        activity: Activity::ProposalApproved,
        input: &requests::ProposalApproval { proposals },
    };
    decide(
        ledger,
        session,
        (request, proposals),
        PROPOSALS,
        approve_one,
    )
}

/// Approves one proposal, which then has its effect.
pub(super) fn approve_one(write: &mut WriteTx<'_>, proposal: &Proposal) -> Result<(), Error> {
    let reviewers = write.reviewers()?;
    let approved = proposal.approve(&write.actor, &reviewers, write.now)?;
    let decision = Decision {
        state: approved.state,
        activity: Activity::ProposalApproved,
        second: approved.second,
    };
    record(write, proposal, &decision)?;
    take_effect(write, proposal)
}

/// Rejects proposals: all of them, or none. They never have an effect.
///
/// # Errors
/// Those of [`Proposal::reject`], for several as [`Error::Many`].
pub fn reject(
    ledger: &mut Ledger,
    session: Session,
    (proposals, reason): (&[String], &str),
) -> Result<Done<Vec<Proposal>>, Error> {
    let request = Request {
        command: "proposal reject",
        activity: Activity::ProposalRejected,
        input: &requests::ProposalRejection { proposals, reason },
    };
    let one = |write: &mut WriteTx<'_>, proposal: &Proposal| reject_one(write, proposal, reason);
    decide(ledger, session, (request, proposals), PROPOSALS, one)
}

/// Rejects one proposal.
pub(super) fn reject_one(
    write: &mut WriteTx<'_>,
    proposal: &Proposal,
    reason: &str,
) -> Result<(), Error> {
    let decision = Decision {
        state: proposal.reject(&write.actor, reason, write.now)?,
        activity: Activity::ProposalRejected,
        second: SecondPerson::default(),
    };
    record(write, proposal, &decision)
}

/// Gives an approved proposal its effect: the one place where a kind says what it makes.
fn take_effect(write: &mut WriteTx<'_>, proposal: &Proposal) -> Result<(), Error> {
    match &proposal.content {
        ProposalContent::BankRule(rule) => bank::rule::take_effect(write, proposal, rule),
        ProposalContent::TaxCertificate(new) => tax::effect::take_effect(write, new),
        ProposalContent::ForwardWriteOff(content) => forward::take_effect(write, proposal, content),
        ProposalContent::HistoryImport(content) => history::take_effect(write, proposal, content),
    }
}

/// A decision about a proposal.
struct Decision {
    state: ProposalState,
    activity: Activity,
    second: SecondPerson,
}

/// How proposals are named on the command line, and what is shown of them.
#[derive(Clone, Copy)]
pub(super) struct Decided<T> {
    /// Finds the number of the proposal that is given.
    pub(super) find: fn(&mut Tx<'_>, &str) -> Result<i64, Error>,
    /// Reads what is shown of a proposal as it was at an instant.
    pub(super) show: fn(&mut Tx<'_>, i64, Instant) -> Result<T, Error>,
}

/// Proposals by their own codes.
const PROPOSALS: Decided<Proposal> = Decided {
    find: |tx, given| Ok(tx.resolve(Noun::Proposal, given)?),
    show: recall,
};

/// Decides each of the proposals; all that are refused are named.
pub(super) fn decide<I: serde::Serialize, T>(
    ledger: &mut Ledger,
    session: Session,
    (request, given): (Request<'_, I>, &[String]),
    Decided { find, show }: Decided<T>,
    one: impl Fn(&mut WriteTx<'_>, &Proposal) -> Result<(), Error>,
) -> Result<Done<Vec<T>>, Error> {
    ledger.write(
        session,
        request,
        |tx, numbers: Vec<i64>, at| {
            numbers
                .into_iter()
                .map(|number| show(tx, number, at))
                .collect()
        },
        |write| {
            let mut numbers: Vec<i64> = Vec::with_capacity(given.len());
            for name in given {
                let number = find(write, name)?;
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            let mut refusals: Vec<(String, Refused)> = Vec::new();
            for number in &numbers {
                let proposal = write.proposal(*number)?;
                write.concern = concern(&proposal);
                match one(write, &proposal) {
                    Ok(()) => {}
                    Err(Error::Refused(refused)) => {
                        refusals.push((proposal.number.to_string(), refused));
                    }
                    Err(error) => return Err(error),
                }
            }
            match (refusals.len(), numbers.len()) {
                (0, _) => {}
                (1, 1) => {
                    return Err(refusals.remove(0).1.into());
                }
                (_, of) => {
                    let of =
                        u64::try_from(of).map_err(|error| store::Error::bug(error.to_string()))?;
                    return Err(Error::Many { refusals, of });
                }
            }
            let now = write.now;
            let decided = numbers.iter().map(|number| show(write, *number, now));
            let decided: Vec<T> = decided.collect::<Result<_, Error>>()?;
            Ok((numbers, decided))
        },
    )
}

/// Names what a step about a proposal concerns.
fn concern(proposal: &Proposal) -> Concern {
    Concern {
        project: proposal.facts.project,
        ..Concern::default()
    }
}

/// Writes a decision with its entry.
fn record(write: &mut WriteTx<'_>, before: &Proposal, decision: &Decision) -> Result<(), Error> {
    write.decide_proposal(before, &decision.state)?;
    let (amount, currency) = before.facts.amount.unzip();
    let mut changes = json!({
        "proposal": before.number.to_string(),
        "kind": before.content.kind(),
        "subject": before.facts.subject,
        "amount": amount,
        "currency": currency,
        "proposed_by": before.proposed_by.code,
    });
    if let (Some(reason), Some(fields)) = (decision.state.reason(), changes.as_object_mut()) {
        fields.insert("reason".to_owned(), reason.into());
    }
    decision.second.mark(&mut changes);
    let fact = Fact::new(decision.activity, changes).about(concern(before));
    let (was, is) = (before.state.status(), decision.state.status());
    Ok(write.record(fact.moved(Some(was.as_str()), is.as_str()))?)
}

/// Lists proposals, in order of their numbers.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the output fails.
pub fn list(
    ledger: &mut Ledger,
    filter: Filter,
    as_of: AsOf,
    each: Sink<'_, Proposal>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let proposals = tx.proposals(as_of)?.into_iter();
        let of_status = |of: &Proposal| {
            filter
                .status
                .is_none_or(|status| of.state.status() == status)
        };
        let of_kind = |of: &Proposal| filter.kind.is_none_or(|kind| of.content.kind() == kind);
        proposals
            .filter(|proposal| of_status(proposal) && of_kind(proposal))
            .try_for_each(|proposal| each(proposal).map_err(Error::Output))
    })
}

/// Reads one proposal; one to import past events with its events and holders.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn show(ledger: &mut Ledger, given: &str) -> Result<ProposalDetail, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Proposal, given)?;
        let proposal = tx.proposal(number)?;
        history::detail(tx, proposal)
    })
}
