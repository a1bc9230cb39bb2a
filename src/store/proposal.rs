//! Proposals in the ledger.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, FromRow as _, Row, columns, insert, update},
};
use crate::domain::{
    currency::Currency,
    event::Approval,
    id::ProposalId,
    proposal::{Proposal, ProposalContent, ProposalFacts, ProposalState, ProposalStatus},
    quantity::Amount,
};

columns! {
    const COLUMNS, fn read: Proposal {
        number: "q.number",
        id: "q.id",
        content: ("q.content" => read_content),
        facts: (ProposalFacts {
            project: "q.project_id",
            subject: "q.subject",
            amount: ("q.amount, q.currency" => read_amount),
            detail: "q.detail",
        }),
        proposed_by: "q.proposed_by",
        proposed_at: "q.proposed_at",
        state: ("q.status, q.decided_by, q.decided_at, q.reason" => read_state),
    }
}

fn read_content(row: &mut Row<'_>, _codes: &Codes) -> Result<ProposalContent, Error> {
    let content: String = row.next()?;
    serde_json::from_str(&content).map_err(|error| Error::Damaged {
        detail: format!("what a row of `proposals` makes cannot be read: {error}"),
    })
}

fn read_amount(row: &mut Row<'_>, _codes: &Codes) -> Result<Option<(Amount, Currency)>, Error> {
    let (amount, currency): (Option<Amount>, Option<Currency>) = (row.next()?, row.next()?);
    Ok(amount.zip(currency))
}

fn read_state(row: &mut Row<'_>, codes: &Codes) -> Result<ProposalState, Error> {
    let status: ProposalStatus = row.next()?;
    let decision = Option::<Approval>::from_row(row, codes)?;
    ProposalState::from_stored(status, decision, row.next()?).ok_or_else(|| Error::Damaged {
        detail: "a row of `proposals` contradicts itself".to_owned(),
    })
}

/// A proposal to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProposal {
    /// What it makes.
    pub content: ProposalContent,
    /// What it says for people.
    pub facts: ProposalFacts,
}

impl Tx<'_> {
    /// Reads a proposal by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn proposal(&mut self, number: i64) -> Result<Proposal, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} FROM proposals q WHERE q.number = ?1");
        self.db.query_one(&sql, [number], |row| read(row, &codes))
    }

    /// Reads the proposals as of a day, in order of their numbers; there are few.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn proposals(&mut self, as_of: AsOf) -> Result<Vec<Proposal>, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} FROM proposals q ORDER BY q.number");
        let proposals = self.db.query(&sql, (), |row| read(row, &codes))?;
        Ok(match as_of {
            AsOf::Now => proposals,
            AsOf::At(at) => proposals
                .into_iter()
                .filter_map(|proposal| proposal.as_of(at))
                .collect(),
        })
    }
}

impl WriteTx<'_> {
    /// Records a proposal, which waits; returns the row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_proposal(&mut self, new: &NewProposal) -> Result<i64, Error> {
        let content =
            serde_json::to_string(&new.content).map_err(|error| Error::bug(error.to_string()))?;
        let (amount, currency) = new.facts.amount.unzip();
        insert!(self.db, "proposals" {
            "id": self.ids.make::<ProposalId>(),
            "kind": new.content.kind(),
            "content": content,
            "project_id": new.facts.project,
            "subject": new.facts.subject,
            "amount": amount,
            "currency": currency,
            "detail": new.facts.detail,
            "proposed_by": self.actor.user.id,
            "proposed_at": self.now,
            "status": ProposalStatus::Proposed,
        })
    }

    /// Records the decision about a proposal that waits.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn decide_proposal(
        &mut self,
        before: &Proposal,
        after: &ProposalState,
    ) -> Result<(), Error> {
        let number = before.number.number();
        self.keep_before("proposals", "number", number)?;
        let decision = after.decision();
        update!(self.db, "proposals" set {
            "status": after.status(),
            "decided_by": decision.map(|decision| decision.by.id),
            "decided_at": decision.map(|decision| decision.at),
            "reason": after.reason(),
        } where { "number": number, "status": ProposalStatus::Proposed })
    }
}
