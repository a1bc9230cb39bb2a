//! The step from an older version of the ledger to the current one: a verified copy first, then one
//! transaction.

use std::{path::Path, time::Duration};

use crate::domain::{
    Refused,
    activity::{Activity, Fact},
    clock::{self, Gap},
    consent::{Consent, Questions},
    session::{Mode, Session},
    user::Act,
};
use crate::store::{
    Error, IfThere, Ledger, WriteTx,
    file::{open, versions},
};

/// The versions before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// Before.
    pub from: i64,
    /// After.
    pub to: i64,
}

impl Ledger {
    /// Brings a ledger of an older version to the current one. Its copy is verified and durable
    /// before anything changes; a ledger of the current version is not changed and not copied.
    ///
    /// # Errors
    /// [`Refused::Forbidden`] for anyone but an admin; [`Refused::ClockAhead`] as a question;
    /// [`Error::AlreadyThere`] if the copy exists;
    /// [`Error`] if the ledger cannot be read or written.
    pub fn migrate<E: From<Error> + From<Refused>>(
        path: &Path,
        wait: Duration,
        session: Session,
        (copy, consent): (&Path, &Consent),
    ) -> Result<Migrated, E> {
        let (conn, from) = open::open_older(path, wait)?;
        let mut ledger = Self::over(conn, path, wait)?;
        let steps = versions::steps_after(from);
        let Some((to, _)) = steps.last().copied() else {
            return Ok(Migrated { from, to: from });
        };
        // Users with another role are refused before a copy is made.
        let (user, last) = ledger
            .read(|tx| Ok::<_, Error>((tx.acting_user(&session.claim)?, tx.last_recorded_at()?)))?;
        crate::domain::user::Actor {
            user: user.user.clone(),
            role: user.role,
        }
        .must(Act::ManageUsers)?;
        crate::store::tx::active::<E>(user)?;
        if let Some(last) = last
            && let Gap::Question(question) = clock::gap(last, session.now)
        {
            Questions::new(consent).ask(question)?;
        }
        let mode = session.mode;
        // A migration that was killed after it had copied is run again.
        ledger.backup(copy, mode, IfThere::TakeSame)?;
        ledger.begin()?;
        match ledger.take_steps(session, &steps, Migrated { from, to }) {
            Ok(Some(entry)) if mode == Mode::Commit => ledger.commit(entry)?,
            Ok(_) => ledger.rollback()?,
            Err(error) => {
                ledger.rollback()?;
                return Err(error.into());
            }
        }
        Ok(Migrated { from, to })
    }

    fn take_steps(
        &self,
        session: Session,
        steps: &[(i64, &str)],
        migrated: Migrated,
    ) -> Result<Option<uuid::Uuid>, Error> {
        let db = self.db();
        // Another process may have been first.
        let found = db.version()?;
        if found != migrated.from {
            return Ok(None);
        }
        for (version, sql) in steps {
            db.take_step(*version, sql)?;
        }
        let mut write = WriteTx::begin(db, session, self.touched())?;
        let changes =
            serde_json::json!({ "from_version": migrated.from, "to_version": migrated.to });
        write.record(Fact::new(Activity::LedgerMigrated, changes))?;
        write.seal(self.touched())
    }
}
