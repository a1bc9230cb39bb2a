//! [`Tx`] reads, [`WriteTx`] writes; both live within a transaction of a [`super::Ledger`].

use std::{
    collections::HashMap,
    ops::{Deref, DerefMut},
    rc::Rc,
};

use rusqlite::Connection;
use uuid::Uuid;

use super::{
    Error,
    trail::{Touched, Trail},
};
use crate::domain::{
    Refused,
    activity::{AuditOutcome, Concern, Fact},
    id::{UserId, UserRef},
    session::{Ids, Progress, Session},
    time::{Date, Instant},
    user::{Actor, FourEyes, User, UserStatus},
};

/// A transaction that reads.
pub struct Tx<'l> {
    pub(super) conn: &'l Connection,
    users: Option<Rc<HashMap<UserId, UserRef>>>,
    /// Whether an unknown name is worth a look through all codes for one like it.
    pub(super) suggests: Suggests,
}

/// Whether a name like an unknown one is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggests {
    /// For a name on the command line.
    Yes,
    /// For the many names of a file.
    No,
}

/// A transaction that writes. It reads like [`Tx`] and knows who acts and when.
pub struct WriteTx<'l> {
    pub(super) tx: Tx<'l>,
    /// Who acts.
    pub actor: Actor,
    /// The transaction's instant: one for all that it writes, later than everything before it.
    pub now: Instant,
    /// The last day that is not in the future.
    pub today: Date,
    /// Whether a second person must approve.
    pub four_eyes: FourEyes,
    /// Makes ids.
    pub ids: Ids,
    /// Shows how far long work has come.
    pub progress: Box<dyn Progress>,
    /// What the command concerns, for the trail should a rule refuse it.
    pub concern: Concern,
    pub(super) trail: Trail,
    touched: Touched,
}

impl<'l> Tx<'l> {
    pub(super) fn over(conn: &'l Connection) -> Self {
        Self {
            conn,
            users: None,
            suggests: Suggests::Yes,
        }
    }

    /// Reads the codes of all users once; there are few.
    pub(super) fn user_names(&mut self) -> Result<Rc<HashMap<UserId, UserRef>>, Error> {
        if let Some(users) = &self.users {
            return Ok(Rc::clone(users));
        }
        const USERS: &str = "SELECT id, code FROM users ORDER BY number";
        let mut statement = self.conn.prepare_cached(USERS)?;
        let rows = statement.query_map([], |row| {
            let user = UserRef {
                id: row.get(0)?,
                code: row.get(1)?,
            };
            Ok((user.id, user))
        })?;
        let users = Rc::new(rows.collect::<Result<HashMap<_, _>, _>>()?);
        self.users = Some(Rc::clone(&users));
        Ok(users)
    }

    /// Says whether names like unknown ones are looked for.
    pub fn set_suggests(&mut self, suggests: Suggests) {
        self.suggests = suggests;
    }

    /// Tells whether a second person must approve.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn four_eyes(&mut self) -> Result<FourEyes, Error> {
        const FOUR_EYES: &str = "SELECT four_eyes FROM ledger WHERE number = 1";
        let word: String = self.conn.query_row(FOUR_EYES, [], |row| row.get(0))?;
        Ok(if word == "off" {
            FourEyes::Off
        } else {
            FourEyes::On
        })
    }
}

impl<'l> WriteTx<'l> {
    pub(super) fn begin(
        conn: &'l Connection,
        session: Session,
        touched: &Touched,
    ) -> Result<Self, Error> {
        touched.clear();
        let mut tx = Tx::over(conn);
        let user = tx.acting_user(&session.claim)?;
        let four_eyes = tx.four_eyes()?;
        let actor = Actor {
            user: user.user,
            role: user.role,
        };
        let trail = Trail::resume(&tx, &session)?;
        Self::over(tx, session, (actor, four_eyes), (trail, touched.clone()))
    }

    /// Begins the first transaction of a new ledger, whose first user is still to be written.
    pub(super) fn first(
        conn: &'l Connection,
        session: Session,
        four_eyes: FourEyes,
        touched: &Touched,
    ) -> Result<Self, Error> {
        touched.clear();
        let mut ids = Ids::at(session.now);
        let (ledger_id, user_id) = (ids.make::<Uuid>(), ids.make());
        let tx = Tx::over(conn);
        const LEDGER: &str =
            "INSERT INTO ledger (number, id, four_eyes, created_at) VALUES (1, ?1, ?2, ?3)";
        tx.conn.execute(
            LEDGER,
            (ledger_id.to_string(), four_eyes.as_str(), session.now),
        )?;
        let code = crate::domain::code::Code::parse(&session.claim.code)
            .map_err(|error| Error::bug(error.to_string()))?;
        let actor = Actor {
            user: UserRef { id: user_id, code },
            role: crate::domain::user::Role::Admin,
        };
        let trail = Trail::resume(&tx, &session)?;
        Self::over(tx, session, (actor, four_eyes), (trail, touched.clone()))
    }

    fn over(
        tx: Tx<'l>,
        session: Session,
        (actor, four_eyes): (Actor, FourEyes),
        (trail, touched): (Trail, Touched),
    ) -> Result<Self, Error> {
        let now = trail.clamp(session.now)?;
        let Session {
            today, progress, ..
        } = session;
        let concern = Concern::default();
        Ok(Self {
            tx,
            actor,
            now,
            today,
            four_eyes,
            ids: Ids::at(now),
            progress,
            concern,
            trail,
            touched,
        })
    }

    /// Keeps the hashes of the rows that are about to change for the first time in this
    /// transaction.
    pub(super) fn keep_before(
        &self,
        table: &str,
        which: &str,
        value: impl rusqlite::ToSql,
    ) -> Result<(), Error> {
        self.touched.keep_before(self.tx.conn, table, which, value)
    }

    pub(super) fn must_be_active<E: From<Error> + From<Refused>>(&mut self) -> Result<(), E> {
        active(self.tx.user_by_id(self.actor.user.id)?)
    }

    /// Records a step that was done. The last one of a transaction commits to the rows that it
    /// wrote.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn record(&mut self, fact: Fact) -> Result<(), Error> {
        self.trail
            .record(&self.tx, &self.actor, self.now, fact, AuditOutcome::Done)
    }

    /// Ends the trail's part of the transaction; answers the last entry's id, or `None` where
    /// nothing was done.
    pub(super) fn seal(mut self, touched: &Touched) -> Result<Option<Uuid>, Error> {
        self.trail.seal(&self.tx, touched)
    }
}

pub(super) fn active<E: From<Refused>>(user: User) -> Result<(), E> {
    match user.status {
        UserStatus::Active => Ok(()),
        UserStatus::Inactive => Err(Refused::UserInactive {
            user: user.user.code,
        }
        .into()),
    }
}

impl<'l> Deref for WriteTx<'l> {
    type Target = Tx<'l>;

    fn deref(&self) -> &Tx<'l> {
        &self.tx
    }
}

impl<'l> DerefMut for WriteTx<'l> {
    fn deref_mut(&mut self) -> &mut Tx<'l> {
        &mut self.tx
    }
}
