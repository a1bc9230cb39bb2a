//! The ledger as a whole: how much is in it, and which work is open.

use super::{
    activity::Head,
    code::Code,
    reviewers::Reviewers,
    role::Role,
    time::Instant,
    user::{FourEyes, User, UserStatus},
    work::OpenWork,
};

impl Introduction {
    /// Returns the introductions that wait for somebody, in the order of the users.
    pub fn waiting(users: Vec<User>, reviewers: &Reviewers) -> Vec<Self> {
        let waits = |user: &User| {
            reviewers.four_eyes == FourEyes::On
                && user.status == UserStatus::Active
                && user.acknowledged_by.is_none()
                && user.introduced_by.id != user.user.id
        };
        let introduced = users.into_iter().filter(waits).map(|user| Self {
            acknowledgers: reviewers.others(user.user.id, user.introduced_by.id),
            user: user.user.code,
            role: user.role,
            by: user.introduced_by.code,
            at: user.introduced_at,
        });
        introduced
            .filter(|introduction| !introduction.acknowledgers.is_empty())
            .collect()
    }
}

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
    /// When the ledger was last checked, and nothing was found.
    pub last_check: Option<Instant>,
    /// The head of the audit trail.
    pub head: Head,
    /// Who reviews, and whether a second person must approve.
    pub reviewers: Reviewers,
    /// The users whom somebody is to acknowledge.
    pub introductions: Vec<Introduction>,
    /// The open work, and who does it next.
    pub open_work: Vec<OpenWork>,
    /// Which entries are in the future of the clock, if any are.
    pub clock: Option<String>,
    /// Who else can write the folder of the ledger, if anybody.
    pub folder: Option<String>,
    /// The files that runs which were killed left behind next to the ledger.
    pub leftovers: Vec<String>,
}

/// A user who was added, took another role or is active again, and whom nobody has acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduction {
    /// The user.
    pub user: Code,
    /// The role.
    pub role: Role,
    /// By whom.
    pub by: Code,
    /// When.
    pub at: Instant,
    /// Who can acknowledge the user.
    pub acknowledgers: Vec<Code>,
}
