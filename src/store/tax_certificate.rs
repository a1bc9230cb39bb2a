//! Tax certificates in the ledger.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, FromRow as _, Row, columns, insert, update},
};
use crate::domain::{
    code::{CertificateNumber, ProposalNumber},
    decision::Approval,
    id::{CertificateId, HolderId, HolderRef},
    proposal::ProposalStatus,
    tax::{
        TaxRate,
        certificate::{
            Certificate, CertificateEnd, CertificateKind, CertificateState, CertificateTerms,
            CertificateWord, NewCertificate,
        },
    },
    time::Date,
};

columns! {
    const COLUMNS, fn read: Certificate {
        number: "x.number",
        proposal: "x.proposal_number",
        holder: (HolderRef { id: "x.lp_token_holder_id", code: "h.code" }),
        terms: (CertificateTerms {
            kind: ("x.kind, x.rate" => read_kind),
            component: "x.component",
            country: "x.country",
            reference: "x.reference",
            from: "x.from_date",
            until: "x.until_date",
        }),
        proposed_by: "x.created_by",
        proposed_at: "x.created_at",
        state: ("q.status, q.decided_by, q.decided_at, q.reason, x.ended_on, x.ended_by, x.ended_at, x.end_reason"
            => read_state),
    }
}

const FROM: &str = "FROM tax_certificates x JOIN proposals q ON q.number = x.proposal_number
    JOIN lp_token_holders h ON h.id = x.lp_token_holder_id";

fn read_kind(row: &mut Row<'_>, _codes: &Codes) -> Result<CertificateKind, Error> {
    let (word, rate): (CertificateWord, TaxRate) = (row.next()?, row.next()?);
    CertificateKind::new(word, Some(rate)).map_err(|_| contradiction())
}

fn read_state(row: &mut Row<'_>, codes: &Codes) -> Result<CertificateState, Error> {
    let status: ProposalStatus = row.next()?;
    let decision = Option::<Approval>::from_row(row, codes)?;
    let reason: Option<String> = row.next()?;
    let on: Option<Date> = row.next()?;
    let ended = Option::<Approval>::from_row(row, codes)?;
    let end_reason = row.next()?;
    let end = on
        .zip(ended)
        .map(|(on, Approval { by, at })| CertificateEnd {
            on,
            by,
            at,
            reason: end_reason,
        });
    match (status, decision, reason, end) {
        (ProposalStatus::Proposed, None, None, None) => Ok(CertificateState::Proposed),
        (ProposalStatus::Approved, Some(approval), None, None) => {
            Ok(CertificateState::Approved(approval))
        }
        (ProposalStatus::Approved, Some(approval), None, Some(end)) => {
            Ok(CertificateState::Ended(approval, end))
        }
        (ProposalStatus::Rejected, Some(decision), Some(reason), None) => {
            Ok(CertificateState::Rejected(decision, reason))
        }
        (ProposalStatus::Proposed | ProposalStatus::Approved | ProposalStatus::Rejected, ..) => {
            Err(contradiction())
        }
    }
}

fn contradiction() -> Error {
    Error::Damaged {
        detail: "a row of `tax_certificates` contradicts itself".to_owned(),
    }
}

impl Tx<'_> {
    /// Reads a certificate by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn certificate(&mut self, number: i64) -> Result<Certificate, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE x.number = ?1");
        self.db.query_one(&sql, [number], |row| read(row, &codes))
    }

    /// Reads the certificates of a holder, or of all, as of a day, in order of their numbers.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn certificates(
        &mut self,
        holder: Option<HolderId>,
        as_of: AsOf,
    ) -> Result<Vec<Certificate>, Error> {
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {COLUMNS} {FROM} WHERE ?1 IS NULL OR x.lp_token_holder_id = ?1 ORDER BY x.number"
        );
        let certificates = self.db.query(&sql, [holder], |row| read(row, &codes))?;
        Ok(match as_of {
            AsOf::Now => certificates,
            AsOf::At(at) => certificates
                .into_iter()
                .filter_map(|certificate| certificate.as_of(at))
                .collect(),
        })
    }

    /// Returns the number that the next certificate has.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn next_certificate(&mut self) -> Result<CertificateNumber, Error> {
        const NEXT: &str = "SELECT coalesce(max(number), 0) + 1 FROM tax_certificates";
        self.db.value(NEXT, ())
    }
}

impl WriteTx<'_> {
    /// Records a certificate, which waits with its proposal.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_certificate(
        &mut self,
        new: &NewCertificate,
        proposal: ProposalNumber,
    ) -> Result<(), Error> {
        let terms = &new.terms;
        insert!(self.db, "tax_certificates" {
            "number": new.number,
            "id": self.ids.make::<CertificateId>(),
            "proposal_number": proposal,
            "lp_token_holder_id": new.holder,
            "kind": terms.kind.word(),
            "component": terms.component,
            "country": terms.country,
            "rate": terms.kind.rate(),
            "reference": terms.reference,
            "from_date": terms.from,
            "until_date": terms.until,
            "created_by": self.actor.user.id,
            "created_at": self.now,
        })
        .map(|_| ())
    }

    /// Ends a certificate: it counts until that day.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn end_certificate(
        &mut self,
        certificate: &Certificate,
        on: Date,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        let number = certificate.number.number();
        self.keep_before("tax_certificates", "number", number)?;
        update!(self.db, "tax_certificates" set {
            "ended_on": on,
            "ended_by": self.actor.user.id,
            "ended_at": self.now,
            "end_reason": reason,
        } where { "number": number })
    }
}
