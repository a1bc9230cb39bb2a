//! Rename: another code for a holder that nothing was allocated to yet.

use serde::Serialize;
use serde_json::json;

use super::changed::{ChangedHolder, recall, to_change};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        code::Code,
        session::Session,
    },
    ops::Error,
    store::{AsOf, Done, Ledger, Request},
};

/// A new code for a holder.
#[derive(Clone, Debug, Serialize)]
pub struct Renaming {
    /// The holder.
    pub holder: String,
    /// The code.
    pub code: Code,
}

/// Gives a holder another code. Calculations are made and proven in the order of the codes, and files
/// and documents name them, so it is only for a holder that no event is about.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::Exists`], [`Refused::HolderInUse`].
pub fn rename(
    ledger: &mut Ledger,
    session: Session,
    input: &Renaming,
) -> Result<Done<ChangedHolder>, Error> {
    let request = Request {
        command: "holder rename",
        activity: Activity::HolderRenamed,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let before = to_change(write, &input.holder)?;
        let code = &before.holder.code;
        if code.as_str() == input.code.as_str() {
            return Ok((before.number, ChangedHolder::only(before)));
        }
        let other = write.holder_number(&input.code)?;
        if other.is_some_and(|other| other != before.number) {
            return Err(Refused::Exists {
                noun: "holder",
                code: input.code.clone(),
            }
            .into());
        }
        if write.is_holder_in_use(before.holder.id)? {
            let holder = code.clone();
            return Err(Refused::HolderInUse { holder }.into());
        }
        write.rename_holder(before.number, &input.code)?;
        let changes = json!({ "holder": input.code, "code": [code, input.code] });
        write.record(Fact::new(Activity::HolderRenamed, changes))?;
        let after = write.holder(before.number, AsOf::Now)?;
        Ok((before.number, ChangedHolder::only(after)))
    })
}
