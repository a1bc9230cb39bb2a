//! The open work of a ledger: what waits for whom, and the command that does it.

use super::{
    code::Code,
    currency::Currency,
    event::Event,
    quantity::Total,
    reviewers::Reviewers,
    role::{Act, Role},
    time::{Date, Instant},
    user::UserStatus,
};

/// A count and the sum of what was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: i64,
    /// How much together.
    pub amount: Total,
}

/// What waits in an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventCounts {
    /// Allocations with money available.
    pub available: i64,
    /// Requests to approve.
    pub pending: Tally,
    /// Requests that are approved and not recorded as paid.
    pub approved: Tally,
    /// Those of them that are in a payment file.
    pub filed: Tally,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            count: 0,
            amount: Total::ZERO,
        }
    }
}

impl Tally {
    /// Returns this tally without another one; nothing if that is more.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        let count = self.count - other.count;
        let amount = Total::from_units(self.amount.units() - other.amount.units());
        match amount.filter(|amount| count > 0 && amount.units() > 0) {
            Some(amount) => Self { count, amount },
            None => Self::default(),
        }
    }

    /// Returns both tallies together; none if that has too many digits.
    pub fn and(self, other: Self) -> Option<Self> {
        let amount = Total::from_units(self.amount.units().checked_add(other.amount.units())?)?;
        Some(Self {
            count: self.count.checked_add(other.count)?,
            amount,
        })
    }
}

/// What kind of work waits, in the order in which a quarter comes to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WorkKind {
    /// A user was added or changed.
    AcknowledgeUser,
    /// An event is a draft.
    CalculateEvent,
    /// The register changed after an event was calculated.
    CalculateAgain,
    /// An event is calculated.
    ApproveEvent,
    /// Holders can request money.
    RequestMoney,
    /// The bank returned payments, and nobody requested them again.
    RequestAgain,
    /// Requests wait for their review.
    ApproveWithdrawals,
    /// Approved withdrawals are in no payment file.
    PayWithdrawals,
    /// A payment file was not exported.
    ExportFile,
    /// An exported payment file has payments that are not recorded.
    RecordPayments,
    /// An account has no statement of the last month.
    ImportStatement,
    /// No run has looked at lines.
    Reconcile,
    /// Matches are proposed.
    ConfirmMatches,
    /// A run left lines.
    SettleLines,
    /// A run left payments.
    SettlePayments,
    /// Tax is overdue.
    RemitOverdueTax,
    /// Tax is due soon.
    RemitTax,
    /// Proposals wait for a second person.
    DecideProposals,
    /// Holders have money and no account that takes it.
    AddAccounts,
    /// Blocked holders have money.
    LookAtBlocked,
    /// Forward balances reach the minimum.
    ReleaseForward,
    /// Nobody checked the ledger for long.
    Check,
    /// Nobody made a backup for long.
    BackUp,
}

impl WorkKind {
    /// Returns what waits, in words.
    pub const fn what(self) -> &'static str {
        match self {
            Self::AcknowledgeUser => "user to acknowledge",
            Self::CalculateEvent => "event to calculate",
            Self::CalculateAgain => "event to calculate again",
            Self::ApproveEvent => "event to approve",
            Self::RequestMoney => "holders with money to request",
            Self::RequestAgain => "returned payments to request again",
            Self::ApproveWithdrawals => "withdrawals to approve",
            Self::PayWithdrawals => "withdrawals to pay",
            Self::ExportFile => "payment file to export",
            Self::RecordPayments => "exported payments, not recorded",
            Self::ImportStatement => "bank statement to import",
            Self::Reconcile => "bank lines to reconcile",
            Self::ConfirmMatches => "matches to confirm",
            Self::SettleLines => "bank lines to settle",
            Self::SettlePayments => "payments to settle",
            Self::RemitOverdueTax => "taxes to remit that are overdue",
            Self::RemitTax => "taxes to remit soon",
            Self::DecideProposals => "proposals to approve",
            Self::AddAccounts => "holders with money and no account",
            Self::LookAtBlocked => "blocked holders with money",
            Self::ReleaseForward => "forward balances that can be paid",
            Self::Check => "check to run",
            Self::BackUp => "backup to make",
        }
    }

    /// Returns what a user must be allowed to do it.
    pub const fn act(self) -> Act {
        match self {
            Self::AcknowledgeUser
            | Self::ApproveEvent
            | Self::ApproveWithdrawals
            | Self::ConfirmMatches
            | Self::DecideProposals => Act::Review,
            Self::CalculateEvent
            | Self::CalculateAgain
            | Self::RequestMoney
            | Self::RequestAgain
            | Self::PayWithdrawals
            | Self::ExportFile
            | Self::RecordPayments
            | Self::ImportStatement
            | Self::Reconcile
            | Self::SettleLines
            | Self::SettlePayments
            | Self::RemitOverdueTax
            | Self::RemitTax
            | Self::AddAccounts
            | Self::LookAtBlocked
            | Self::ReleaseForward => Act::Record,
            Self::Check | Self::BackUp => Act::Read,
        }
    }

    /// Returns the role whose daily work it is; an admin may do it too.
    pub const fn role(self) -> Role {
        match self.act() {
            Act::Review => Role::Approver,
            Act::Record | Act::Read => Role::Operator,
            Act::ManageUsers => Role::Admin,
        }
    }

    /// Returns the command that does it or shows it.
    pub fn command(self, about: Option<&str>) -> String {
        let this = about.unwrap_or_default();
        match self {
            Self::AcknowledgeUser => format!("prorata user acknowledge {this}"),
            Self::CalculateEvent | Self::CalculateAgain => {
                format!("prorata event calculate {this}")
            }
            Self::ApproveEvent => format!("prorata event approve {this}"),
            Self::RequestMoney => {
                format!("prorata withdrawal request --event {this} --all-holders")
            }
            Self::RequestAgain => {
                format!("prorata withdrawal list --event {this} --status returned")
            }
            Self::ApproveWithdrawals => format!("prorata withdrawal approve --event {this} --all"),
            Self::PayWithdrawals => {
                format!(
                    "prorata payment file create --event {this} --account BANK --profile generic"
                )
            }
            Self::ExportFile => format!("prorata payment file export {this} -o {this}.csv"),
            Self::RecordPayments | Self::ImportStatement => {
                format!("prorata bank import {this} FILE")
            }
            Self::Reconcile => format!("prorata bank reconcile {this}"),
            Self::ConfirmMatches => format!("prorata bank proposals {this}"),
            Self::SettleLines | Self::SettlePayments => {
                format!("prorata report reconciliation --account {this}")
            }
            Self::RemitOverdueTax => "prorata tax due --overdue".to_owned(),
            Self::RemitTax => "prorata tax due".to_owned(),
            Self::DecideProposals => "prorata proposal list".to_owned(),
            Self::AddAccounts | Self::LookAtBlocked => "prorata report balances".to_owned(),
            Self::ReleaseForward => "prorata forward list".to_owned(),
            Self::Check => "prorata check".to_owned(),
            Self::BackUp => "prorata backup FILE".to_owned(),
        }
    }
}

/// Whether a count is all there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// It is.
    #[default]
    All,
    /// There may be more: nobody counted on.
    AtLeast,
}

/// Work that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenWork {
    /// What kind of work.
    pub kind: WorkKind,
    /// The event, payment file, account or user that it is about, if it is about one.
    pub about: Option<String>,
    /// The command that does it, if it is not the usual one of its kind.
    pub other_command: Option<String>,
    /// The project, if it is of one.
    pub project: Option<Code>,
    /// How many of them.
    pub count: i64,
    /// Whether there may be more of them.
    pub extent: Extent,
    /// How much money waits, if it is about money.
    pub amount: Option<(Total, Currency)>,
    /// Since when the oldest of them waits.
    pub since: Option<Date>,
    /// For how many days.
    pub oldest_days: Option<i64>,
    /// The active users who may do it.
    pub users: Vec<Code>,
}

impl OpenWork {
    /// Describes one piece of work.
    pub const fn new(kind: WorkKind) -> Self {
        Self {
            kind,
            about: None,
            other_command: None,
            project: None,
            count: 1,
            extent: Extent::All,
            amount: None,
            since: None,
            oldest_days: None,
            users: Vec::new(),
        }
    }

    /// Describes work that waits in an event.
    pub fn in_event(kind: WorkKind, event: &Event) -> Self {
        Self {
            about: Some(event.event.code.to_string()),
            project: Some(event.project.code.clone()),
            ..Self::new(kind)
        }
    }

    /// Adds how many wait and how much.
    #[must_use]
    pub fn counted(self, tally: Tally, currency: Currency) -> Self {
        Self {
            count: tally.count,
            amount: Some((tally.amount, currency)),
            ..self
        }
    }

    /// Adds since when the oldest waits.
    #[must_use]
    pub fn since(self, instant: Option<Instant>) -> Self {
        Self {
            since: instant.map(Instant::date),
            ..self
        }
    }

    /// Adds more of the same kind and currency.
    ///
    /// A sum with too many digits is left out.
    pub fn add(&mut self, more: &Self) {
        self.count += more.count;
        self.amount = self.amount.zip(more.amount).and_then(|(own, more)| {
            let units = own.0.units().checked_add(more.0.units())?;
            Some((Total::from_units(units)?, own.1))
        });
        self.since = match (self.since, more.since) {
            (Some(own), Some(more)) => Some(own.min(more)),
            (own, more) => own.or(more),
        };
    }

    /// Returns the command that does it or shows it.
    pub fn command(&self) -> String {
        let usual = || self.kind.command(self.about.as_deref());
        self.other_command.clone().unwrap_or_else(usual)
    }

    /// Returns whether a user may do it.
    pub fn is_for(&self, user: &Code) -> bool {
        self.users.contains(user)
    }
}

/// Puts work in order, that of a user first, and says who may do each and how long it waits.
pub fn assigned(
    work: Vec<OpenWork>,
    reviewers: &Reviewers,
    user: Option<&Code>,
    today: Date,
) -> Vec<OpenWork> {
    let may = |kind: WorkKind| {
        let users = reviewers.users.iter();
        let may = users.filter(|one| one.status == UserStatus::Active && one.role.may(kind.act()));
        may.map(|one| one.user.code.clone()).collect()
    };
    let mut work: Vec<OpenWork> = work
        .into_iter()
        .map(|one| OpenWork {
            users: if one.users.is_empty() {
                may(one.kind)
            } else {
                one.users
            },
            oldest_days: one
                .since
                .map(|since| today.signed_duration_since(since).num_days().max(0)),
            ..one
        })
        .collect();
    work.sort_by_key(|one| {
        let own = user.is_some_and(|user| one.is_for(user));
        (!own, one.kind, one.since, one.about.clone())
    });
    work
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::{UserId, UserRef},
        reviewers::Reviewer,
        user::FourEyes,
    };

    fn reviewer(code: &str, role: Role, status: UserStatus) -> Reviewer {
        Reviewer {
            user: UserRef {
                id: UserId::from(uuid::Uuid::new_v4()),
                code: Code::parse(code).unwrap(),
            },
            role,
            status,
            unacknowledged_of: None,
        }
    }

    fn tally(count: i64, units: i128) -> Tally {
        let amount = Total::from_units(units).unwrap();
        Tally { count, amount }
    }

    #[test]
    fn what_is_for_the_acting_user_comes_first_and_each_kind_in_its_order() {
        let reviewers = Reviewers {
            four_eyes: FourEyes::On,
            users: vec![
                reviewer("ada", Role::Admin, UserStatus::Active),
                reviewer("bola", Role::Operator, UserStatus::Active),
                reviewer("chi", Role::Approver, UserStatus::Active),
                reviewer("eve", Role::Approver, UserStatus::Inactive),
            ],
        };
        let day = |text: &str| crate::domain::time::parse_date(text).unwrap();
        let mut old = OpenWork::new(WorkKind::ApproveEvent);
        old.since = Some(day("2026-06-01"));
        let work = vec![
            OpenWork::new(WorkKind::BackUp),
            OpenWork::new(WorkKind::PayWithdrawals),
            old,
            OpenWork::new(WorkKind::CalculateEvent),
        ];
        let shown = |user: &str| {
            let user = Code::parse(user).ok();
            let work = assigned(work.clone(), &reviewers, user.as_ref(), day("2026-06-30"));
            work.iter().map(|one| one.kind).collect::<Vec<_>>()
        };
        let [calculate, approve, pay, backup] = [
            WorkKind::CalculateEvent,
            WorkKind::ApproveEvent,
            WorkKind::PayWithdrawals,
            WorkKind::BackUp,
        ];
        assert_eq!(shown("ada"), [calculate, approve, pay, backup]);
        assert_eq!(shown("bola"), [calculate, pay, backup, approve]);
        assert_eq!(shown("chi"), [approve, backup, calculate, pay]);
        let all = assigned(work.clone(), &reviewers, None, day("2026-06-30"));
        let users: Vec<&str> = all
            .iter()
            .flat_map(|one| &one.users)
            .map(Code::as_str)
            .collect();
        assert_eq!(users.join(" "), "ada bola ada chi ada bola ada bola chi");
        assert_eq!(all.iter().find_map(|one| one.oldest_days), Some(29));
    }

    #[test]
    fn a_tally_never_goes_below_nothing() {
        let (all, part) = (tally(3, 30), tally(1, 10));
        assert_eq!(all.without(part), tally(2, 20));
        assert_eq!(all.without(all), Tally::default());
        assert_eq!(part.without(all), Tally::default());
        assert_eq!(all.and(part), Some(tally(4, 40)));
    }

    #[test]
    fn each_kind_has_words_of_its_own() {
        use std::collections::BTreeSet;
        let kinds = [
            WorkKind::AcknowledgeUser,
            WorkKind::CalculateEvent,
            WorkKind::CalculateAgain,
            WorkKind::ApproveEvent,
            WorkKind::RequestMoney,
            WorkKind::RequestAgain,
            WorkKind::ApproveWithdrawals,
            WorkKind::PayWithdrawals,
            WorkKind::ExportFile,
            WorkKind::RecordPayments,
            WorkKind::ImportStatement,
            WorkKind::Reconcile,
            WorkKind::ConfirmMatches,
            WorkKind::SettleLines,
            WorkKind::SettlePayments,
            WorkKind::RemitOverdueTax,
            WorkKind::RemitTax,
            WorkKind::DecideProposals,
            WorkKind::AddAccounts,
            WorkKind::LookAtBlocked,
            WorkKind::ReleaseForward,
            WorkKind::Check,
            WorkKind::BackUp,
        ];
        let words: BTreeSet<&str> = kinds.iter().map(|kind| kind.what()).collect();
        assert_eq!(words.len(), kinds.len());
        for kind in kinds {
            assert!(kind.command(Some("E1")).starts_with("prorata "), "{kind:?}");
        }
    }
}
