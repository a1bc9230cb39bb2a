//! The commands of the model: what is done, by whom, and how it is written on the command line.

mod words;

use chrono::NaiveDate;

use super::{
    books::Share,
    calculation::Frozen,
    certificates::NewCertificate,
    components::Component,
    participation::Policy,
    proceeds::{DeductionChange, EventBasis},
    remittances::NewRemittance,
    rules::NewRule,
    sheets::{HolderRow, Row, TokenFile},
    tax::TaxData,
    units::Units,
};

/// A command as it is given.
#[derive(Clone, Debug)]
pub(super) struct Command {
    pub(super) who: String,
    pub(super) act: Act,
    /// Whether `--yes` is given.
    pub(super) yes: bool,
    pub(super) key: Option<String>,
}

/// What a command does. The words of verbs, roles and layouts are those of the command line.
#[derive(Clone, Debug)]
pub(super) enum Act {
    UserAdd {
        code: String,
        role: &'static str,
    },
    UserSet {
        code: String,
        role: Option<&'static str>,
        status: Option<&'static str>,
    },
    UserAcknowledge(String),
    HolderAdd {
        code: String,
        bank: Bank,
        tax: TaxData,
    },
    HolderSet {
        code: String,
        bank: Bank,
        tax: TaxData,
    },
    HolderStatus {
        verb: &'static str,
        code: String,
    },
    Token(Entry),
    ProjectSet {
        project: String,
        minimum: Option<Units>,
        profile: Option<&'static str>,
    },
    EventCreate(EventDraft),
    ProjectExclude(NewStanding),
    ProjectInclude {
        holder: String,
        project: String,
        until: NaiveDate,
    },
    EventExclude {
        event: String,
        holders: Vec<String>,
        policy: Policy<String>,
        reason: &'static str,
    },
    EventInclude {
        event: String,
        holders: Vec<String>,
    },
    Deduct {
        event: String,
        change: DeductionChange,
    },
    EventCalculate(String),
    EventApprove {
        code: String,
        hash: Option<Hash>,
    },
    EventCancel(String),
    Request {
        event: String,
        whom: HolderSelection,
        means: &'static str,
    },
    Review {
        verb: &'static str,
        which: WithdrawalSelection,
    },
    Pay(PaymentInput),
    PayFile(Vec<PaymentInput>),
    Return {
        payment: usize,
        date: NaiveDate,
    },
    Correct {
        payment: usize,
        reference: Option<String>,
        date: Option<NaiveDate>,
    },
    Settle(usize),
    UndoSettlement(usize),
    FileCreate {
        account: String,
        which: WithdrawalSelection,
        layout: &'static str,
    },
    FileExport(usize),
    FileCancel(usize),
    FileDrop {
        file: usize,
        withdrawal: usize,
    },
    HolderImport {
        rows: Vec<HolderRow>,
        update: bool,
        spoilt: bool,
    },
    TokenImport(TokenFile),
    Nav {
        project: String,
        amount: Units,
        date: NaiveDate,
    },
    BankAdd(NewAccount),
    Import {
        account: String,
        rows: Vec<Row>,
        spoilt: bool,
    },
    StatementVoid(usize),
    Reconcile(String),
    Release {
        holder: String,
        project: String,
        event: String,
    },
    WriteOff {
        project: String,
        below: Units,
    },
    CertificateAdd(NewCertificate),
    Remit(NewRemittance),
    RemittanceReverse(usize),
    RuleAdd(NewRule),
    RuleRemove(usize),
    /// Decides about a proposal: `proposal approve` or `reject`; by the number of its certificate
    /// `tax certificate approve` or `reject`.
    Proposal {
        verb: &'static str,
        number: usize,
    },
    /// Decides about a line of the bank: `bank confirm`, `reject`, `match`, `unmatch` or `resolve`.
    Decide {
        verb: &'static str,
        line: usize,
        payments: Vec<usize>,
    },
}

/// Bank details as they are given, each or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bank {
    pub(super) name: Option<&'static str>,
    pub(super) code: Option<&'static str>,
    pub(super) number: Option<&'static str>,
}

/// The first digits of a calculation's hash, and the calculation: a hash is right while its event
/// is calculated so.
#[derive(Clone, Debug)]
pub(super) struct Hash {
    pub(super) digits: String,
    pub(super) of: (Vec<Share>, Frozen),
}

/// A bank account of the fund, as in the arguments.
#[derive(Clone, Debug)]
pub(super) struct NewAccount {
    pub(super) code: String,
    pub(super) number: String,
    pub(super) currency: &'static str,
    pub(super) project: Option<String>,
}

/// An entry of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) verb: &'static str,
    pub(super) holder: String,
    pub(super) to: Option<String>,
    pub(super) tokens: Units,
    pub(super) project: String,
    pub(super) date: NaiveDate,
    pub(super) reference: Option<String>,
}

/// A standing exclusion to be recorded.
#[derive(Clone, Debug)]
pub(super) struct NewStanding {
    pub(super) holder: String,
    pub(super) project: String,
    pub(super) policy: Policy<String>,
    pub(super) reason: &'static str,
    pub(super) from: NaiveDate,
    pub(super) until: Option<NaiveDate>,
}

/// An event to be created.
#[derive(Clone, Debug)]
pub(super) struct EventDraft {
    pub(super) code: Option<String>,
    pub(super) project: String,
    pub(super) kind: &'static str,
    pub(super) given: EventBasis,
    pub(super) components: Vec<Component>,
    pub(super) exempt: bool,
    pub(super) date: NaiveDate,
    pub(super) record_date: Option<NaiveDate>,
    pub(super) unit: Option<Units>,
    pub(super) minimum: Option<Units>,
}

/// Who asks for money.
#[derive(Clone, Debug)]
pub(super) enum HolderSelection {
    /// A holder, for an amount or for all there is; with bank details or with those on record.
    One(String, Option<Units>, Bank),
    /// Everybody, strictly or not.
    Everybody { strict: bool },
    /// The rows of a file.
    Rows(Vec<(String, Units)>),
}

/// Which withdrawals a command is about.
#[derive(Clone, Debug)]
pub(super) enum WithdrawalSelection {
    These(Vec<usize>),
    AllOf(String),
}

/// A payment, as in the arguments.
#[derive(Clone, Debug)]
pub(super) struct PaymentInput {
    pub(super) withdrawal: usize,
    pub(super) reference: String,
    pub(super) date: NaiveDate,
    pub(super) amount: Option<Units>,
    pub(super) means: Option<&'static str>,
}

/// The means by which a withdrawal is paid, the usual one first.
pub(super) const MEANS: [&str; 5] = ["transfer", "cheque", "cash", "set-off", "reinvestment"];

/// The bank of the accounts that are added.
pub(super) const BANK: &str = "UBA";

/// The name of the file that a payment file is exported to.
pub(super) const SENT: &str = "sent.csv";

/// The name of the file that a command reads.
pub(super) const FILE: &str = "rows.csv";
