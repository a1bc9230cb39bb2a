//! The ledger as a whole: create, look, check, copy.

use std::path::Path;

use serde_json::json;

use super::Error;
use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        id::UserRef,
        session::{Mode, Session},
        user::{FourEyes, Role, User, UserStatus},
    },
    store::{self, AsOf, Check, Done, Ledger, Standing},
};

/// Creates a ledger with its first user, an admin: the one who claims to act.
///
/// # Errors
/// [`Error::Store`] where the file exists or cannot be written.
pub fn init(path: &Path, session: Session, name: Option<&str>, four_eyes: FourEyes) -> Result<Done<User>, Error> {
    let done = Ledger::create(path, session, four_eyes, |write| {
        let user = UserRef { id: write.actor.user.id, code: write.actor.user.code.clone() };
        let number = write.insert_user(&user, name, Role::Admin)?;
        let changes = json!({ "four_eyes": four_eyes, "first_user": user.code });
        write.record(Fact::new(Activity::LedgerCreated, changes))?;
        write.user(number, AsOf::Now)
    })?;
    Ok(done)
}

/// Reads what stands in the ledger.
///
/// # Errors
/// What the file refuses.
pub fn status(ledger: &mut Ledger) -> Result<Standing, Error> {
    ledger.read(|tx| Ok(tx.standing()?))
}

/// Re-derives everything.
///
/// # Errors
/// What the file refuses; what does not add up is a finding.
pub fn check(ledger: &mut Ledger) -> Result<Vec<Check>, Error> {
    ledger.read(|tx| Ok(tx.check()?))
}

/// Copies the ledger to a new file and notes it in the trail. A dry run copies and verifies too, and keeps no copy.
///
/// Answers why the trail could not note the copy, where it could not: the copy stands all the same.
///
/// # Errors
/// Who may not act, what the disk refuses, or a copy that does not verify.
pub fn backup(ledger: &mut Ledger, session: Session, path: &Path) -> Result<Option<store::Error>, Error> {
    let user = ledger.read(|tx| Ok::<_, Error>(tx.acting_user(&session.claim)?))?;
    if user.status == UserStatus::Inactive {
        return Err(Refused::UserInactive { user: user.user.code }.into());
    }
    ledger.backup(path, session.mode)?;
    if session.mode == Mode::DryRun {
        return Ok(None);
    }
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(ledger.note(session, Fact::new(Activity::BackupMade, json!({ "file": file }))).err())
}
