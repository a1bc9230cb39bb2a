//! The ledger as a whole: create, look, check, copy.

use std::{path::Path, time::Duration};

use serde_json::json;

use super::{Error, requests, tax::remittance::all_due};
use crate::{
    domain::{
        activity::{Activity, Fact},
        check::Check,
        clock,
        code::Code,
        consent::Consent,
        id::UserRef,
        key::Key,
        session::Session,
        summary::{Introduction, LedgerSummary},
        tax::liability::{ANNOUNCED, TaxDue},
        time::{Date, Instant},
        user::{FourEyes, Role, User},
        work::{self, OpenWork, Tally, WorkKind},
    },
    store::{self, Access, AsOf, Done, How, IfThere, Ledger, Migrated, Noun, Request, Tx},
};

/// Creates a ledger with its first user, an admin: the one who claims to act.
///
/// # Errors
/// [`Error::Store`] if the file exists or cannot be written.
pub fn init(
    path: &Path,
    session: Session,
    name: Option<&str>,
    four_eyes: FourEyes,
) -> Result<Done<User>, Error> {
    let request = Request {
        command: "init",
        activity: Activity::LedgerCreated,
        input: &requests::Init { name, four_eyes },
    };
    if session.key.is_some() && path.exists() {
        let mut ledger = Ledger::open(path, Access::Read, Duration::from_secs(1))?;
        let recalled = match ledger.recall::<_, i64, Error>(&session, request) {
            // Somebody who is not a user of this ledger did not create it with this key.
            Err(Error::Store(store::Error::UnknownActor { .. })) => None,
            recalled => recalled?,
        };
        return match recalled {
            Some((number, at)) => {
                let value = ledger.read(|tx| tx.user(number, AsOf::At(at)))?;
                Ok(Done {
                    value,
                    how: How::Replayed,
                    at,
                })
            }
            None => Err(store::Error::AlreadyThere {
                path: path.to_path_buf(),
            }
            .into()),
        };
    }
    let done = Ledger::create(path, session, four_eyes, request, |write| {
        let user = UserRef {
            id: write.actor.user.id,
            code: write.actor.user.code.clone(),
        };
        let number = write.insert_user(&user, name, Role::Admin)?;
        let changes = json!({ "four_eyes": four_eyes, "first_user": user.code });
        write.record(Fact::new(Activity::LedgerCreated, changes))?;
        Ok((number, write.user(number, AsOf::Now)?))
    })?;
    Ok(done)
}

/// What of the open work is listed, and for whom.
#[derive(Clone, Debug, Default)]
pub struct StatusScope {
    /// Who asks: the work of this user comes first, if it is one.
    pub actor: Option<String>,
    /// Only what this user may do.
    pub only_for: Option<String>,
    /// Only what is about this project.
    pub project: Option<String>,
}

/// Reads how much is in the ledger, and which work is open.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn status(
    ledger: &mut Ledger,
    now: Instant,
    scope: &StatusScope,
) -> Result<LedgerSummary, Error> {
    let today = now.date();
    let mut summary = ledger.read::<_, Error>(|tx| {
        let dues = all_due(tx, AsOf::Now, today)?;
        let mut summary = tx.summary(today)?;
        summary.open_work.extend(tax_work(&dues, today));
        summary
            .open_work
            .extend(summary.introductions.iter().map(acknowledgement));
        assign(tx, &mut summary, scope, today)?;
        summary.clock = tx.entries_ahead(now)?.map(|ahead| ahead.words(now));
        Ok(summary)
    })?;
    let folder = store::folder(ledger.path());
    summary.leftovers = store::leftovers(&folder);
    if store::is_open_to_group(&folder) {
        summary.folder = Some("the group can write the folder of the ledger".to_owned());
    }
    Ok(summary)
}

/// Puts the work of a user first, and leaves out what is not asked for.
fn assign(
    tx: &mut Tx<'_>,
    summary: &mut LedgerSummary,
    scope: &StatusScope,
    today: Date,
) -> Result<(), Error> {
    let mut user_named = |name: &str| -> Result<Code, Error> {
        let number = tx.resolve(Noun::User, name)?;
        Ok(tx.user(number, AsOf::Now)?.user.code)
    };
    let only_for = scope.only_for.as_deref().map(&mut user_named).transpose()?;
    // Everybody may look, also somebody whom the ledger does not know.
    let actor = scope
        .actor
        .as_deref()
        .and_then(|name| user_named(name).ok());
    let first = only_for.as_ref().or(actor.as_ref());
    let work = std::mem::take(&mut summary.open_work);
    let mut work = work::assigned(work, &summary.reviewers, first, today);
    if let Some(user) = &only_for {
        work.retain(|one| one.is_for(user));
    }
    if let Some(name) = &scope.project {
        let number = tx.resolve(Noun::Project, name)?;
        let project = tx.project(number, AsOf::Now)?.project.code;
        work.retain(|one| one.project.as_ref() == Some(&project));
    }
    summary.open_work = work;
    Ok(())
}

fn acknowledgement(introduction: &Introduction) -> OpenWork {
    OpenWork {
        about: Some(introduction.user.to_string()),
        users: introduction.acknowledgers.clone(),
        ..OpenWork::new(WorkKind::AcknowledgeUser).since(Some(introduction.at))
    }
}

/// Lists the tax that must be remitted soon, and what is overdue, in each currency.
fn tax_work(dues: &[TaxDue], today: Date) -> Vec<OpenWork> {
    let mut work: Vec<OpenWork> = Vec::new();
    for due in dues
        .iter()
        .filter(|due| due.is_due_within(ANNOUNCED, today))
    {
        let kind = if due.overdue_days > 0 {
            WorkKind::RemitOverdueTax
        } else {
            WorkKind::RemitTax
        };
        let mut one = OpenWork::new(kind).counted(
            Tally {
                count: 1,
                amount: due.payable,
            },
            due.currency,
        );
        one.since = Some(due.due_date);
        let same = work.iter_mut().find(|known| {
            known.kind == kind && known.amount.is_some_and(|(_, of)| of == due.currency)
        });
        match same {
            Some(known) => known.add(&one),
            None => work.push(one),
        }
    }
    work
}

/// Notes that a check of the ledger found nothing.
///
/// # Errors
/// [`crate::domain::Refused::UserInactive`]; [`Error`] if the ledger cannot be written.
pub fn note_check(ledger: &mut Ledger, session: Session) -> Result<(), Error> {
    ledger.check_actor::<Error>(&session.claim)?;
    Ok(ledger.note(session, Fact::new(Activity::LedgerChecked, json!({})))?)
}

/// Derives everything again, and compares the times of the entries with the clock.
///
/// # Errors
/// [`Error`] if the ledger cannot be read; what does not add up is a finding.
pub fn check(ledger: &mut Ledger, now: Instant) -> Result<Vec<Check>, Error> {
    ledger.read(|tx| {
        let mut checks = tx.check()?;
        // A trail that cannot be read is a finding of its own check.
        if let Ok(ahead) = tx.entries_ahead(now) {
            checks.push(clock::check(ahead, now));
        }
        Ok(checks)
    })
}

/// Reads when the last entry was recorded.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn last_recorded_at(ledger: &mut Ledger) -> Result<Option<Instant>, Error> {
    ledger.read(|tx| Ok(tx.last_recorded_at()?))
}

/// Returns whether a key was used before.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn knows_key(ledger: &mut Ledger, key: &Key) -> Result<bool, Error> {
    ledger.read(|tx| Ok(tx.knows_key(key)?))
}

/// Copies the ledger to a new file and notes it in the trail. With a key that was used before
/// nothing is copied again, and an existing copy of the ledger as it is now, from a
/// command that was ended between copy and note, is accepted. A dry run copies and verifies too, and
/// keeps no copy.
///
/// Returns why the trail could not record the copy, if it could not: the copy exists anyway.
///
/// # Errors
/// [`crate::domain::Refused::UserInactive`]; what the disk refuses, or a copy that does not verify.
pub fn backup(
    ledger: &mut Ledger,
    session: Session,
    path: &Path,
) -> Result<Done<Option<store::Error>>, Error> {
    let file = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let target = path.to_string_lossy();
    let request = Request {
        command: "backup",
        activity: Activity::BackupMade,
        input: &requests::Backup { file: &target },
    };
    // Who may not act is refused before a file is made, since the trail could not note it.
    ledger.check_actor::<Error>(&session.claim)?;
    if let Some(((), at)) = ledger.recall::<_, (), Error>(&session, request)? {
        return Ok(Done {
            value: None,
            how: How::Replayed,
            at,
        });
    }
    let if_there = if session.key.is_some() {
        IfThere::TakeSame
    } else {
        IfThere::Refuse
    };
    ledger.backup(path, session.mode, if_there)?;
    let at = session.now;
    let noted = ledger.write(
        session,
        request,
        |_, (), _| Ok(None),
        |write| {
            write.record(Fact::new(Activity::BackupMade, json!({ "file": file })))?;
            Ok(((), None))
        },
    );
    match noted {
        Err(Error::Store(error)) => Ok(Done {
            value: Some(error),
            how: How::Written,
            at,
        }),
        noted => noted,
    }
}

/// Brings a ledger of an older version to the present one, after a verified copy.
///
/// # Errors
/// [`crate::domain::Refused::Forbidden`]; what the disk refuses.
pub fn migrate(
    path: &Path,
    wait: Duration,
    session: Session,
    (copy, consent): (&Path, &Consent),
) -> Result<Migrated, Error> {
    Ledger::migrate(path, wait, session, (copy, consent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            code::Code,
            session::{Claim, ClaimedBy, Mode, NoProgress, Origin, Randomness},
        },
        ops::user::{self, Change, NewUser},
    };

    fn session(mode: Mode, key: Option<&str>) -> Session {
        let now = Instant::parse("2026-06-30T09:00:00.000000Z").unwrap();
        Session {
            claim: Claim {
                code: "ada".to_owned(),
                by: ClaimedBy::Flag,
            },
            now,
            today: now.date(),
            key: key.map(|key| key.parse::<Key>().unwrap()),
            mode,
            origin: Origin::default(),
            progress: Box::new(NoProgress),
            randomness: Randomness::Fixed(1),
        }
    }

    fn bola() -> NewUser {
        NewUser {
            code: Code::parse("bola").unwrap(),
            role: Role::Operator,
            name: None,
        }
    }

    #[test]
    fn a_change_counts_as_written_once_it_is_committed_and_whatever_fails_after_that() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        init(&path, session(Mode::Commit, None), None, FourEyes::On).unwrap();
        let open = || Ledger::open(&path, Access::Write, Duration::from_secs(1)).unwrap();
        let written = |mode: Mode, key: Option<&str>| {
            let mut ledger = open();
            let aside = ledger.aside();
            let done = user::add(&mut ledger, session(mode, key), &bola());
            (aside.is_written(), done.map(|done| done.how).ok())
        };
        assert_eq!(written(Mode::DryRun, None), (false, Some(How::DryRun)));
        assert_eq!(
            written(Mode::Commit, Some("k1")),
            (true, Some(How::Written))
        );
        assert_eq!(
            written(Mode::Commit, Some("k1")),
            (false, Some(How::Replayed))
        );
        // The refusal is noted in the trail, which is not the change.
        assert_eq!(written(Mode::Commit, None), (false, None));
        let mut ledger = open();
        let aside = ledger.aside();
        let same = Change {
            user: "bola".to_owned(),
            role: Some(Role::Operator),
            name: None,
            status: None,
        };
        let done = user::set(&mut ledger, session(Mode::Commit, None), &same).unwrap();
        assert_eq!((aside.is_written(), done.how), (false, How::Unchanged));
        let other = Change {
            role: Some(Role::Approver),
            ..same
        };
        user::set(&mut ledger, session(Mode::Commit, None), &other).unwrap();
        // It stays so after the ledger is closed, and when something else is refused later.
        assert!(user::add(&mut ledger, session(Mode::Commit, None), &bola()).is_err());
        drop(ledger);
        assert!(aside.is_written());
    }
}
