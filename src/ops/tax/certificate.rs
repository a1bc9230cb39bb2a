//! Certificates of holders: record, approve, reject, end, list.

use serde::Serialize;
use serde_json::json;

use crate::{
    domain::{
        activity::{Activity, Fact},
        component::Component,
        proposal::{Proposal, ProposalContent, ProposalFacts},
        session::Session,
        tax::{
            CountryCode, TaxRate,
            certificate::{
                self, Certificate, CertificateKind, CertificateStatus, CertificateTerms,
                CertificateWord, NewCertificate,
            },
        },
        time::{Date, Instant},
        user::Act,
    },
    ops::{
        Error, Sink, named,
        proposal::{Decided, approve_one, decide, reject_one},
        propose::propose,
        requests,
    },
    store::{self, AsOf, Done, Ledger, NewProposal, Noun, Request, Tx, WriteTx},
};

/// A certificate to be recorded, as given on the command line.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// The holder.
    pub holder: String,
    /// What it says.
    pub kind: CertificateWord,
    /// The rate; none for an exemption.
    pub rate: Option<TaxRate>,
    /// The certificate's own number.
    pub reference: String,
    /// The first distribution date that it is for.
    pub from: Date,
    /// The last.
    pub until: Date,
    /// The country of the treaty.
    pub country: Option<CountryCode>,
    /// The component that it is for; all of them if none is named.
    pub component: Option<Component>,
}

/// Which certificates are listed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this holder.
    pub holder: Option<String>,
    /// With this status.
    pub status: Option<CertificateStatus>,
}

/// The end of a certificate, as given on the command line.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct EndRequest<'a> {
    /// The certificate.
    pub certificate: &'a str,
    /// The last day on which it counts; today if none is given.
    pub on: Option<Date>,
    /// Why.
    pub reason: Option<&'a str>,
}

/// Records a certificate. It counts once a second person approved it.
///
/// # Errors
/// Those of [`CertificateKind::new`] and [`certificate::propose`].
pub fn add(
    ledger: &mut Ledger,
    session: Session,
    input: &Input,
) -> Result<Done<Certificate>, Error> {
    let request = Request {
        command: "tax certificate add",
        activity: Activity::ProposalRecorded,
        input,
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Record)?;
        let number = write.resolve(Noun::Holder, &input.holder)?;
        let holder = write.holder(number, AsOf::Now)?.holder;
        let terms = CertificateTerms {
            kind: CertificateKind::new(input.kind, input.rate)?,
            component: input.component.clone(),
            country: input.country.clone(),
            reference: input.reference.clone(),
            from: input.from,
            until: input.until,
        };
        let known = write.certificates(Some(holder.id), AsOf::Now)?;
        certificate::propose(&terms, &known, &write.actor)?;
        let new = NewCertificate {
            number: write.next_certificate()?,
            holder: holder.id,
            terms,
        };
        let facts = ProposalFacts {
            project: None,
            subject: new.number.to_string(),
            amount: None,
            detail: format!("holder {}: {}", holder.code, new.terms.detail()),
        };
        let content = ProposalContent::TaxCertificate(new.clone());
        let proposal = propose(write, &NewProposal { content, facts })?;
        let proposal = write.proposal(proposal)?.number;
        write.insert_certificate(&new, proposal)?;
        let number = new.number.number();
        Ok((number, write.certificate(number)?))
    })
}

/// Reads a certificate as it was at an instant.
fn recall(tx: &mut Tx<'_>, number: i64, at: Instant) -> Result<Certificate, Error> {
    let missing = || store::Error::bug(format!("certificate {number} is later than its result"));
    let then = tx.certificate(number)?.as_of(at);
    Ok(then.ok_or_else(missing)?)
}

/// Certificates by their codes, or by those of their proposals.
const CERTIFICATES: Decided<Certificate> = Decided {
    find: |tx, given| {
        let number = tx.resolve(Noun::Certificate, given)?;
        Ok(tx.certificate(number)?.proposal.number())
    },
    show: |tx, proposal, at| match tx.proposal(proposal)?.content {
        ProposalContent::TaxCertificate(new) => recall(tx, new.number.number(), at),
        ProposalContent::BankRule(_)
        | ProposalContent::ForwardWriteOff(_)
        | ProposalContent::HistoryImport(_) => {
            Err(store::Error::bug("a certificate's proposal is for something else").into())
        }
    },
};

/// Approves certificates: all of them, or none. It is the approval of their proposals.
///
/// # Errors
/// Those of [`Proposal::approve`]; for several as [`Error::Many`].
pub fn approve(
    ledger: &mut Ledger,
    session: Session,
    certificates: &[String],
) -> Result<Done<Vec<Certificate>>, Error> {
    let request = Request {
        command: "tax certificate approve",
        activity: Activity::ProposalApproved,
        input: &requests::CertificateApproval { certificates },
    };
    let given = (request, certificates);
    decide(ledger, session, given, CERTIFICATES, approve_one)
}

/// Rejects certificates: all of them, or none. They never count.
///
/// # Errors
/// Those of [`Proposal::reject`]; for several as [`Error::Many`].
pub fn reject(
    ledger: &mut Ledger,
    session: Session,
    (certificates, reason): (&[String], &str),
) -> Result<Done<Vec<Certificate>>, Error> {
    let request = Request {
        command: "tax certificate reject",
        activity: Activity::ProposalRejected,
        input: &requests::CertificateRejection {
            certificates,
            reason,
        },
    };
    let given = (request, certificates);
    let one = |write: &mut WriteTx<'_>, proposal: &Proposal| reject_one(write, proposal, reason);
    decide(ledger, session, given, CERTIFICATES, one)
}

/// Ends a certificate before its last day.
///
/// # Errors
/// Those of [`Certificate::end`].
pub fn end(
    ledger: &mut Ledger,
    session: Session,
    input: &EndRequest<'_>,
) -> Result<Done<Certificate>, Error> {
    let request = Request {
        command: "tax certificate end",
        activity: Activity::TaxCertificateEnded,
        input,
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Record)?;
        let number = write.resolve(Noun::Certificate, input.certificate)?;
        let certificate = write.certificate(number)?;
        let on = input.on.unwrap_or(write.today);
        certificate.end(&write.actor, on, write.today)?;
        write.end_certificate(&certificate, on, input.reason)?;
        let changes = json!({
            "certificate": certificate.number.to_string(),
            "holder": certificate.holder.code,
            "ended_on": on,
            "until_date": certificate.terms.until,
            "reason": input.reason,
        });
        let fact = Fact::new(Activity::TaxCertificateEnded, changes);
        let (was, is) = (certificate.state.status(), CertificateStatus::Ended);
        write.record(fact.moved(Some(was.as_str()), is.as_str()))?;
        Ok((number, write.certificate(number)?))
    })
}

/// Lists certificates, in order of their numbers.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the output fails.
pub fn list(
    ledger: &mut Ledger,
    filter: &Filter,
    as_of: AsOf,
    each: Sink<'_, Certificate>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let holder = named::holder(tx, filter.holder.as_deref(), as_of)?;
        let certificates = tx.certificates(holder, as_of)?.into_iter();
        certificates
            .filter(|of| {
                filter
                    .status
                    .is_none_or(|status| of.state.status() == status)
            })
            .try_for_each(|certificate| each(certificate).map_err(Error::Output))
    })
}

/// Reads one certificate.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn show(ledger: &mut Ledger, given: &str) -> Result<Certificate, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Certificate, given)?;
        Ok(tx.certificate(number)?)
    })
}
