//! What the approval of a certificate does.

use serde_json::json;

use crate::{
    domain::{
        activity::{Activity, Fact},
        tax::certificate::{NewCertificate, must_not_overlap},
    },
    ops::Error,
    store::{AsOf, WriteTx},
};

/// Lets an approved certificate count from now on.
///
/// # Errors
/// [`crate::domain::tax::TaxRefused::CertificateOverlap`] if another one came between.
pub(in crate::ops) fn take_effect(
    write: &mut WriteTx<'_>,
    new: &NewCertificate,
) -> Result<(), Error> {
    let known = write.certificates(Some(new.holder), AsOf::Now)?;
    let others = known.iter().filter(|other| other.number != new.number);
    must_not_overlap(&new.terms, others)?;
    let holder = write.holder_by_id(new.holder)?.holder;
    let changes = json!({
        "certificate": new.number.to_string(),
        "holder": holder.code,
        "kind": new.terms.kind.word(),
        "rate": new.terms.kind.rate(),
        "component": new.terms.component,
        "country": new.terms.country,
        "reference": new.terms.reference,
        "from_date": new.terms.from,
        "until_date": new.terms.until,
    });
    Ok(write.record(Fact::new(Activity::TaxCertificateApproved, changes))?)
}
