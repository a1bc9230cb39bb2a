//! The ledger as a whole: how much is in it, and which work is open.

use super::{activity::Head, time::Instant, user::FourEyes};

/// What is in a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerSummary {
    /// The ledger's id.
    pub ledger_id: String,
    /// When it was created.
    pub created_at: Instant,
    /// Whether a second person must approve.
    pub four_eyes: FourEyes,
    /// How many users may act.
    pub users: i64,
    /// How many projects there are.
    pub projects: i64,
    /// How many holders there are.
    pub holders: i64,
    /// How many events are neither completed nor cancelled.
    pub open_events: i64,
    /// How many payments there are.
    pub payments: i64,
    /// When the last backup was made.
    pub last_backup: Option<Instant>,
    /// The head of the audit trail.
    pub head: Head,
    /// The open work, and who does it next.
    pub open_work: Vec<OpenWork>,
    /// Which entries are in the future of the clock, if any are.
    pub clock: Option<String>,
    /// Who else can write the folder of the ledger, if anybody.
    pub folder: Option<String>,
    /// The files that runs which were killed left behind next to the ledger.
    pub leftovers: Vec<String>,
}

/// Work that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenWork {
    /// The event that it belongs to.
    pub event: String,
    /// What is to be done.
    pub what: &'static str,
    /// How many of them.
    pub count: i64,
    /// The role that may do it.
    pub role: &'static str,
}
