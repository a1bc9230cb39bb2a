//! `history import`: events of the past as they were, once a second person approved them.

use std::collections::HashSet;

use serde_json::json;

use super::{
    Error,
    propose::propose,
    requests,
    rows::{RowPlace, each_row},
};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Concern, Fact},
        code::Code,
        event::{Approval, Event},
        history::{
            EventFrame, HistoryImport, ImportSummary, ImportTerms, ImportedEvent, ImportedRow,
            allocations, events_of, imported_event,
        },
        id::HolderRef,
        project::Project,
        proposal::{Proposal, ProposalContent, ProposalDetail, ProposalFacts},
        session::Session,
        time::Instant,
        user::Act,
    },
    intake::{self, SheetFile},
    store::{
        self, AsOf, Done, Ledger, NewImportedPayment, NewProposal, Noun, Request, Tx, WriteTx,
    },
};

/// A file of past events to be imported.
#[derive(Clone, Copy, Debug)]
pub struct HistoryFile<'a> {
    /// The project.
    pub project: &'a str,
    /// The file.
    pub file: &'a SheetFile,
}

/// Proposes to import past events: all of a file, or nothing. Nothing counts until a second person
/// approves the proposal.
///
/// # Errors
/// [`Refused::Forbidden`]; [`Error::BadLines`] with every bad line.
pub fn import(
    ledger: &mut Ledger,
    session: Session,
    input: HistoryFile<'_>,
) -> Result<Done<ProposalDetail>, Error> {
    let request = Request {
        command: "history import",
        activity: Activity::ProposalRecorded,
        input: &requests::HistoryImport {
            project: input.project,
            file: input.file,
        },
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Record)?;
        let number = write.resolve(Noun::Project, input.project)?;
        let project = write.project(number, AsOf::Now)?;
        write.concern = concern(&project);
        let rows = read(write, &project, input.file)?;
        let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let events = events_of(rows.clone())?;
        let summary = ImportSummary::of(project.currency, &events);
        let summary = summary.ok_or_else(too_large)?;
        let amount = summary.gross().ok_or_else(too_large)?;
        let content = ProposalContent::HistoryImport(HistoryImport {
            project: project.project.id,
            file_hash: input.file.hash().to_owned(),
            events: u64::try_from(events.len()).unwrap_or(u64::MAX),
            rows: count,
        });
        let facts = ProposalFacts {
            project: Some(project.project.id),
            subject: project.project.code.to_string(),
            amount: Some((amount, project.currency)),
            detail: summary.detail(),
        };
        let number = propose(write, &NewProposal { content, facts })?;
        let proposal = write.proposal(number)?;
        write.progress.begin("writing", count);
        for row in &rows {
            write.insert_history_row(proposal.number, row)?;
            write.progress.advance(1);
        }
        write.progress.end();
        let history = Some(summary);
        Ok((number, ProposalDetail { proposal, history }))
    })
}

/// Reads a file, finds its holders, and makes sure that its events are new.
fn read(
    write: &mut WriteTx<'_>,
    project: &Project,
    file: &SheetFile,
) -> Result<Vec<ImportedRow<HolderRef>>, Error> {
    let terms = ImportTerms {
        currency: project.currency,
        today: write.today,
    };
    let sheet = intake::history(file, terms)?;
    let place = RowPlace {
        line: |row: &ImportedRow<Code>| row.line,
        column: "holder",
    };
    let mut rows = Vec::with_capacity(sheet.rows.len());
    let mut events: HashSet<String> = HashSet::new();
    each_row(write, "reading", &sheet, &place, |write, row| {
        if events.insert(row.head.code.as_str().to_ascii_lowercase()) {
            must_be_new(write, &row.head.code)?;
        }
        let holder = match write.holder_by_code(&row.holder)? {
            Some(holder) => holder,
            None => {
                let number = write.resolve(Noun::Holder, row.holder.as_str())?;
                write.holder(number, AsOf::Now)?.holder
            }
        };
        rows.push(ImportedRow {
            line: row.line,
            head: row.head.clone(),
            holder,
            share: row.share.clone(),
        });
        Ok(())
    })?;
    Ok(rows)
}

/// Refuses an event that is in the ledger, or in a proposal that waits.
fn must_be_new(write: &mut WriteTx<'_>, code: &Code) -> Result<(), Error> {
    must_be_free(write, code)?;
    match write.waiting_history_of(code)? {
        Some(proposal) => {
            let event = code.clone();
            Err(Refused::HistoryWaits { event, proposal }.into())
        }
        None => Ok(()),
    }
}

fn must_be_free(write: &mut WriteTx<'_>, code: &Code) -> Result<(), Error> {
    if write.event_code_taken(code)? {
        let code = code.clone();
        return Err(Refused::Exists {
            noun: "event",
            code,
        }
        .into());
    }
    Ok(())
}

/// Reads a proposal to import past events as it was at an instant.
fn recall(tx: &mut Tx<'_>, number: i64, at: Instant) -> Result<ProposalDetail, Error> {
    let proposal = super::propose::recall(tx, number, at)?;
    detail(tx, proposal)
}

/// Adds the events and holders of an import to its proposal.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn detail(tx: &mut Tx<'_>, proposal: Proposal) -> Result<ProposalDetail, Error> {
    let history = match (&proposal.content, proposal.facts.amount) {
        (ProposalContent::HistoryImport(_), Some((_, currency))) => {
            let events = events_of(tx.history_rows(proposal.number)?)?;
            Some(ImportSummary::of(currency, &events).ok_or_else(too_large)?)
        }
        (
            ProposalContent::HistoryImport(_)
            | ProposalContent::BankRule(_)
            | ProposalContent::TaxCertificate(_)
            | ProposalContent::ForwardWriteOff(_),
            _,
        ) => None,
    };
    Ok(ProposalDetail { proposal, history })
}

/// Gives an approved proposal its effect: the events count from now on, with their own dates.
///
/// # Errors
/// [`Refused::Exists`] if another event has one of the codes by now.
pub(super) fn take_effect(
    write: &mut WriteTx<'_>,
    proposal: &Proposal,
    content: &HistoryImport,
) -> Result<(), Error> {
    let project = write.project_by_id(content.project)?;
    let events = events_of(write.history_rows(proposal.number)?)?;
    write.progress.begin("importing", content.rows);
    for event in &events {
        must_be_free(write, &event.head.code)?;
        record(write, proposal, &project, event)?;
    }
    write.progress.end();
    Ok(())
}

fn record(
    write: &mut WriteTx<'_>,
    proposal: &Proposal,
    project: &Project,
    imported: &ImportedEvent,
) -> Result<(), Error> {
    let frame = EventFrame {
        id: write.make_event_id(),
        project: project.project.clone(),
        currency: project.currency,
        proposal: proposal.number,
        proposed_by: proposal.proposed_by.clone(),
        approval: Approval {
            by: write.actor.user.clone(),
            at: write.now,
        },
    };
    let all = allocations(imported).ok_or_else(too_large)?;
    let event = imported_event(imported, &all, frame).ok_or_else(too_large)?;
    write.insert_imported_event(&event)?;
    let mut ids = Vec::with_capacity(all.len());
    for one in &all {
        ids.push(write.insert_imported_allocation(&event, &one.share, one.balance)?);
        write.progress.advance(1);
    }
    for (one, allocation) in all.iter().zip(ids) {
        let Some(payment) = &one.row.share.payment else {
            continue;
        };
        write.insert_imported_payment(NewImportedPayment {
            event: &event,
            allocation,
            holder: &one.share.holder,
            payment,
            proposed_by: &proposal.proposed_by,
        })?;
    }
    Ok(write.record(fact(proposal, &event, all.len()))?)
}

fn fact(proposal: &Proposal, event: &Event, holders: usize) -> Fact {
    let balance = event.balance;
    let changes = json!({
        "event": event.event.code,
        "project": event.project.code,
        "proposal": proposal.number.to_string(),
        "proposed_by": proposal.proposed_by.code,
        "calculation_hash": event.state.calculation().map(|known| &known.hash),
        "distribution_date": event.distribution_date,
        "holders": holders,
        "gross": balance.allocated(),
        "tax": balance.tax(),
        "paid": balance.withdrawn(),
        "available": balance.available(),
        "currency": event.currency,
    });
    let fact = Fact::new(Activity::HistoryImported, changes).about(super::about_event(event));
    fact.moved(None, event.status().as_str())
}

fn too_large() -> store::Error {
    store::Error::bug("the amounts of an imported event add up to too much")
}

fn concern(project: &Project) -> Concern {
    Concern {
        project: Some(project.project.id),
        ..Concern::default()
    }
}
