//! Set: correct the notes of a withdrawal before its approval.

use serde::Serialize;
use serde_json::json;

use crate::{
    domain::{
        activity::{Activity, Fact},
        session::Session,
        time::Instant,
        withdrawal::{self, Withdrawal},
    },
    ops::{Error, about_withdrawal},
    store::{self, Done, Ledger, Noun, Request, Tx},
};

/// The notes of a withdrawal, as they are to be.
#[derive(Clone, Debug, Serialize)]
pub struct NotesChange {
    /// The withdrawal.
    pub withdrawal: String,
    /// The notes; none to clear them.
    pub notes: Option<String>,
}

/// Corrects the notes of a withdrawal that is not reviewed yet.
///
/// # Errors
/// Those of [`withdrawal::must_be_correctable`].
pub fn set(
    ledger: &mut Ledger,
    session: Session,
    input: &NotesChange,
) -> Result<Done<Withdrawal>, Error> {
    let request = Request {
        command: "withdrawal set",
        activity: Activity::WithdrawalChanged,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let number = write.resolve(Noun::Withdrawal, &input.withdrawal)?;
        let before = write.withdrawal(number)?;
        write.concern = about_withdrawal(&before);
        withdrawal::must_be_correctable(&before, &write.actor)?;
        if before.notes == input.notes {
            return Ok((number, before));
        }
        write.keep_withdrawal(&before)?;
        write.set_request_notes(&before, input.notes.as_deref())?;
        let changes = json!({
            "withdrawal": before.number.to_string(),
            "notes": [before.notes, input.notes],
        });
        let fact = Fact::new(Activity::WithdrawalChanged, changes).about(write.concern);
        write.record(fact)?;
        Ok((number, write.withdrawal(number)?))
    })
}

fn recall(tx: &mut Tx<'_>, number: i64, at: Instant) -> Result<Withdrawal, Error> {
    let mut found = None;
    tx.each_numbered(&[(number, number)], at, |withdrawal| {
        found = Some(withdrawal);
        Ok::<_, Error>(())
    })?;
    let missing = || store::Error::bug("the withdrawal of a key was not there yet");
    Ok(found.ok_or_else(missing)?)
}
