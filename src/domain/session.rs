//! The session: who claims to act, when, from where, and with which idempotency key. Clock and ids
//! enter here.

use serde::Serialize;
use uuid::{ContextV7, Timestamp, Uuid};

use super::{
    key::Key,
    time::{Date, Instant},
};

/// How the acting user was named. It is a claim; the operating system does not prove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimedBy {
    /// By `--as`.
    Flag,
    /// By `PRORATA_AS`.
    Environment,
    /// By the operating system's user name.
    OsUser,
}

/// The acting user's code and how it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The code as it was given.
    pub code: String,
    /// How it was given.
    pub by: ClaimedBy,
}

/// Where a command was run, as far as the operating system knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The machine's name.
    pub host: Option<String>,
    /// The operating system's user.
    pub os_user: Option<String>,
    /// The user before `sudo`, if the command was run through it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sudo_user: Option<String>,
    /// The terminal, if there is one.
    pub terminal: Option<String>,
    /// The remote address of an SSH connection.
    #[serde(skip)]
    pub ip_address: Option<String>,
    /// The program and its version.
    #[serde(skip)]
    pub user_agent: String,
}

/// Whether a command keeps what it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Commits.
    Commit,
    /// Does all of it, then rolls back.
    DryRun,
}

/// Shows how far long work has come.
pub trait Progress {
    /// Begins a piece of work of `total` steps.
    fn begin(&mut self, what: &'static str, total: u64);
    /// Counts further steps.
    fn advance(&mut self, steps: u64);
    /// Ends it.
    fn end(&mut self);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&mut self, _what: &'static str, _total: u64) {}
    fn advance(&mut self, _steps: u64) {}
    fn end(&mut self) {}
}

/// What a writing command brings in addition to its input.
pub struct Session {
    /// Who claims to act.
    pub claim: Claim,
    /// The clock's reading.
    pub now: Instant,
    /// The day that is not in the future: the later of the local and the UTC day.
    pub today: Date,
    /// The idempotency key, if one was given.
    pub key: Option<Key>,
    /// Whether to commit.
    pub mode: Mode,
    /// Where the command runs.
    pub origin: Origin,
    /// Where progress is shown.
    pub progress: Box<dyn Progress>,
}

/// Makes ids: UUIDs of version 7 in ascending order, dated with the transaction's instant.
#[derive(Debug)]
pub struct Ids {
    context: ContextV7,
    seconds: u64,
    nanos: u32,
}

impl Ids {
    /// Makes ids of the given instant; instants before 1970 count as 1970.
    pub fn at(now: Instant) -> Self {
        let (seconds, nanos) = now.since_epoch().unwrap_or_default();
        Self {
            context: ContextV7::new(),
            seconds,
            nanos,
        }
    }

    /// Makes the next id.
    pub fn make<I: From<Uuid>>(&mut self) -> I {
        Uuid::new_v7(Timestamp::from_unix(
            &self.context,
            self.seconds,
            self.nanos,
        ))
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend() {
        let mut ids = Ids::at(Instant::parse("2026-01-31T16:05:09.000001Z").unwrap());
        let made: Vec<Uuid> = (0..100_000).map(|_| ids.make()).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
