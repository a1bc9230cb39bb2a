//! What the books hold.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::{
    act::Bank,
    calculation::Frozen,
    components::Component,
    participation::Policy,
    proceeds::{Deducted, Deduction, EventBasis},
    tax::TaxData,
    units::Units,
};

#[derive(Clone)]
pub(in crate::model) struct User {
    pub(in crate::model) code: String,
    pub(in crate::model) role: &'static str,
    pub(in crate::model) active: bool,
    /// Who added the user, or last changed the role or made the user active again.
    pub(in crate::model) introduced_by: usize,
    /// Who has acknowledged that since.
    pub(in crate::model) acknowledged_by: Option<usize>,
}

#[derive(Clone)]
pub(in crate::model) struct Project {
    pub(in crate::model) code: &'static str,
    pub(in crate::model) currency: &'static str,
    /// The smallest amount that a bank pays.
    pub(in crate::model) minor: Units,
    /// What a holder must be owed by an event that does not say so itself.
    pub(in crate::model) minimum: Units,
    /// The tax profile, and who chose or removed it last, after how many commands.
    pub(in crate::model) profile: Option<&'static str>,
    pub(in crate::model) profile_set: Option<(usize, usize)>,
}

#[derive(Clone)]
pub(in crate::model) struct Holder {
    pub(in crate::model) code: String,
    pub(in crate::model) name: String,
    pub(in crate::model) blocked: bool,
    pub(in crate::model) tax: TaxData,
    pub(in crate::model) bank: Bank,
    pub(in crate::model) bank_by: Option<usize>,
    /// Everybody who set or changed anything of the account.
    pub(in crate::model) hands: Vec<usize>,
    /// Who last unblocked the holder, and on which day.
    pub(in crate::model) unblocked: Option<(usize, NaiveDate)>,
}

/// An entry of the register.
#[derive(Clone)]
pub(in crate::model) struct Flow {
    pub(in crate::model) project: usize,
    pub(in crate::model) from: Option<usize>,
    pub(in crate::model) to: Option<usize>,
    pub(in crate::model) tokens: Units,
    pub(in crate::model) date: NaiveDate,
    pub(in crate::model) reference: Option<String>,
    pub(in crate::model) by: usize,
}

#[derive(Clone)]
pub(in crate::model) struct Event {
    pub(in crate::model) code: String,
    pub(in crate::model) project: usize,
    /// The type.
    pub(in crate::model) kind: &'static str,
    /// What it distributes, as it was given.
    pub(in crate::model) given: EventBasis,
    pub(in crate::model) components: Vec<Component>,
    /// Whether nothing is withheld from it.
    pub(in crate::model) exempt: bool,
    pub(in crate::model) unit: Units,
    pub(in crate::model) date: NaiveDate,
    pub(in crate::model) record_date: NaiveDate,
    /// What a holder must be owed before it is paid.
    pub(in crate::model) minimum: Units,
    pub(in crate::model) status: &'static str,
    pub(in crate::model) created_by: usize,
    pub(in crate::model) calculated_by: Option<usize>,
    /// How many entries the register had when it was approved.
    pub(in crate::model) approved_after: Option<usize>,
    /// When it was approved: how many commands had been done.
    pub(in crate::model) turn: Option<usize>,
    pub(in crate::model) approved_by: Option<usize>,
    pub(in crate::model) cancelled_by: Option<usize>,
    /// The users who changed it later.
    pub(in crate::model) changed_by: Vec<usize>,
    /// What it says about holders whatever the project says: how they are excluded, or that they take
    /// part.
    pub(in crate::model) choices: BTreeMap<usize, Option<Policy>>,
    /// What is to be taken from the proceeds, and what that comes to.
    pub(in crate::model) deductions: Vec<Deduction>,
    pub(in crate::model) deducted: Vec<Deducted>,
    pub(in crate::model) shares: Vec<Share>,
    pub(in crate::model) frozen: Frozen,
}

/// A net asset value of a project.
#[derive(Clone)]
pub(in crate::model) struct Nav {
    pub(in crate::model) project: usize,
    pub(in crate::model) date: NaiveDate,
    pub(in crate::model) amount: Units,
    pub(in crate::model) by: usize,
}

/// A holder's part of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::model) struct Share {
    pub(in crate::model) holder: usize,
    pub(in crate::model) tokens: Units,
    pub(in crate::model) percentage: Units,
    pub(in crate::model) allocated: Units,
    /// What of it others' parts were.
    pub(in crate::model) assigned: Units,
    pub(in crate::model) tax: Units,
    pub(in crate::model) brought: Units,
    pub(in crate::model) carried: Units,
    pub(in crate::model) withdrawn: Units,
    pub(in crate::model) pending: Units,
}

impl Share {
    /// Returns the share of a holder who gets nothing.
    pub(in crate::model) const fn of(holder: usize) -> Self {
        Self {
            holder,
            tokens: 0,
            percentage: 0,
            allocated: 0,
            assigned: 0,
            tax: 0,
            brought: 0,
            carried: 0,
            withdrawn: 0,
            pending: 0,
        }
    }
}

#[derive(Clone)]
pub(in crate::model) struct Withdrawal {
    pub(in crate::model) event: usize,
    pub(in crate::model) holder: usize,
    pub(in crate::model) amount: Units,
    pub(in crate::model) status: &'static str,
    /// By what means it is to be paid; only a transfer has bank details.
    pub(in crate::model) means: &'static str,
    pub(in crate::model) bank: Bank,
    pub(in crate::model) bank_by: Option<usize>,
    /// What was on the holder's record when it was requested.
    pub(in crate::model) on_record: Bank,
    /// Who had set or changed anything of the account when it was requested.
    pub(in crate::model) hands: Vec<usize>,
    pub(in crate::model) requested_by: usize,
    pub(in crate::model) approved_by: Option<usize>,
    pub(in crate::model) approved_on: Option<NaiveDate>,
    pub(in crate::model) rejected_by: Option<usize>,
    pub(in crate::model) cancelled_by: Option<usize>,
    /// The payment, returned or not.
    pub(in crate::model) payment: Option<usize>,
}

/// What a payment is recorded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::model) enum Basis {
    /// A user typed it.
    Typed,
    /// A line of the bank shows it.
    Line(usize),
}

#[derive(Clone)]
pub(in crate::model) struct Payment {
    pub(in crate::model) withdrawal: usize,
    pub(in crate::model) amount: Units,
    pub(in crate::model) reference: String,
    pub(in crate::model) date: NaiveDate,
    pub(in crate::model) by: usize,
    pub(in crate::model) basis: Basis,
    /// Whether the match from which it was recorded has not ended.
    pub(in crate::model) by_match: bool,
    /// Who settled it by hand.
    pub(in crate::model) settled: Option<usize>,
    pub(in crate::model) replaces: Option<usize>,
    pub(in crate::model) returned: Option<(NaiveDate, usize)>,
}

/// A bank account of the fund.
#[derive(Clone)]
pub(in crate::model) struct Account {
    pub(in crate::model) code: String,
    pub(in crate::model) bank: &'static str,
    pub(in crate::model) number: String,
    pub(in crate::model) currency: &'static str,
    pub(in crate::model) project: Option<usize>,
}

/// A file of requests that was taken.
#[derive(Clone)]
pub(in crate::model) struct RequestFile {
    pub(in crate::model) event: usize,
    pub(in crate::model) rows: Vec<(String, Units)>,
    pub(in crate::model) withdrawals: std::ops::Range<usize>,
}

/// An end-to-end reference that a payment file gave a withdrawal.
#[derive(Clone)]
pub(in crate::model) struct EndToEnd {
    pub(in crate::model) reference: String,
    pub(in crate::model) withdrawal: usize,
    pub(in crate::model) file: usize,
}

/// A payment file.
#[derive(Clone)]
pub(in crate::model) struct File {
    pub(in crate::model) account: usize,
    pub(in crate::model) date: NaiveDate,
    pub(in crate::model) layout: &'static str,
    /// All items that it ever had.
    pub(in crate::model) withdrawals: Vec<usize>,
    /// Those that were taken out.
    pub(in crate::model) dropped: Vec<usize>,
    /// Those that its cancellation freed.
    pub(in crate::model) freed: Vec<usize>,
    /// Who exported it first.
    pub(in crate::model) exported: Option<usize>,
    pub(in crate::model) cancelled_by: Option<usize>,
}

/// Why a command is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::model) enum Refusal {
    /// A question that nobody answered with yes.
    Question(&'static str),
    /// A rule refuses it, and the attempt is noted in the trail.
    Rule(&'static str),
    /// It names what is not there.
    Name(&'static str),
    /// It needs `--yes`.
    Yes,
    /// Rows of its file are bad; the first refusal by a rule among them is noted.
    Rows(Option<&'static str>),
}

/// What a command should do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::model) enum Answer {
    /// It is done.
    Done,
    /// There is nothing to do.
    Unchanged,
    /// The key was used for it before.
    Replayed,
    /// It is refused with this exit code and error code.
    Refused(i32, &'static str),
}

/// What a command should do, and what it should leave in the trail.
#[derive(Debug)]
pub(in crate::model) struct Outcome {
    pub(in crate::model) answer: Answer,
    pub(in crate::model) entries: Vec<String>,
}
