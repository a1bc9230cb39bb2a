//! The commands of the model: what is done, by whom, and how it is written on the command line.

use chrono::NaiveDate;

use super::{
    books::Share,
    sheets::{self, HolderRow, Row, TokenFile},
    units::{Units, plain},
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
    HolderAdd {
        code: String,
        bank: Bank,
    },
    HolderSet {
        code: String,
        bank: Bank,
    },
    HolderStand {
        verb: &'static str,
        code: String,
    },
    Token(Entry),
    EventCreate(Draft),
    EventCalculate(String),
    EventApprove {
        code: String,
        hash: Option<Hash>,
    },
    EventCancel(String),
    Request {
        event: String,
        whom: Whom,
    },
    Review {
        verb: &'static str,
        which: Which,
    },
    Pay(Paying),
    PayFile(Vec<Paying>),
    Return {
        payment: usize,
        date: NaiveDate,
    },
    FileCreate {
        account: String,
        which: Which,
        layout: &'static str,
    },
    FileCancel(usize),
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
    Reconcile(String),
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
    pub(super) of: (Vec<Share>, Option<Units>),
}

/// A bank account of the fund as a command gives it.
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

/// An event to be created.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) code: Option<String>,
    pub(super) project: String,
    pub(super) amount: Units,
    pub(super) date: NaiveDate,
    pub(super) record_date: Option<NaiveDate>,
    pub(super) unit: Option<Units>,
}

/// Who asks for money.
#[derive(Clone, Debug)]
pub(super) enum Whom {
    /// A holder, for an amount or for all there is; with bank details or with those on record.
    One(String, Option<Units>, Bank),
    /// Everybody, strictly or not.
    Everybody { strict: bool },
    /// The rows of a file.
    Rows(Vec<(String, Units)>),
}

/// Which withdrawals a command is about.
#[derive(Clone, Debug)]
pub(super) enum Which {
    These(Vec<usize>),
    AllOf(String),
}

/// A payment as a command gives it.
#[derive(Clone, Debug)]
pub(super) struct Paying {
    pub(super) withdrawal: usize,
    pub(super) reference: String,
    pub(super) date: NaiveDate,
    pub(super) amount: Option<Units>,
}

/// The bank of the accounts that are added.
pub(super) const BANK: &str = "UBA";

/// The name of the file that a command reads.
pub(super) const FILE: &str = "rows.csv";

impl Bank {
    pub(super) const fn of(
        name: &'static str,
        code: Option<&'static str>,
        number: &'static str,
    ) -> Self {
        Self {
            name: Some(name),
            code,
            number: Some(number),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn words(&self) -> Vec<String> {
        let flags = [
            ("--bank-name", self.name),
            ("--bank-code", self.code),
            ("--account-number", self.number),
        ];
        flags
            .into_iter()
            .flat_map(|(name, value)| flag(name, value))
            .collect()
    }
}

impl Which {
    fn words(&self, flag: &str) -> Vec<String> {
        match self {
            Self::These(numbers) => numbers.iter().map(|number| format!("W-{number}")).collect(),
            Self::AllOf(event) => format!("--event {event} {flag}")
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        }
    }
}

impl Act {
    /// Names the verb, under which commands are counted.
    pub(super) const fn verb(&self) -> &'static str {
        match self {
            Self::UserAdd { .. } => "user add",
            Self::UserSet { .. } => "user set",
            Self::HolderAdd { .. } => "holder add",
            Self::HolderSet { .. } => "holder set",
            Self::HolderStand { verb, .. }
            | Self::Review { verb, .. }
            | Self::Decide { verb, .. } => verb,
            Self::Token(entry) => entry.verb,
            Self::EventCreate(_) => "event create",
            Self::EventCalculate(_) => "event calculate",
            Self::EventApprove { .. } => "event approve",
            Self::EventCancel(_) => "event cancel",
            Self::Request { .. } => "withdrawal request",
            Self::Pay(_) | Self::PayFile(_) => "withdrawal pay",
            Self::Return { .. } => "payment return",
            Self::FileCreate { .. } => "payment file create",
            Self::FileCancel(_) => "payment file cancel",
            Self::HolderImport { .. } => "holder import",
            Self::TokenImport(_) => "token import",
            Self::Nav { .. } => "nav set",
            Self::BankAdd(_) => "bank add",
            Self::Import { .. } => "bank import",
            Self::Reconcile(_) => "bank reconcile",
        }
    }

    /// Names the entry that the verb leaves in the audit trail.
    pub(super) fn activity(&self) -> &'static str {
        match self.verb() {
            "user add" => "user_added",
            "user set" => "user_changed",
            "holder add" => "holder_added",
            "holder set" => "holder_changed",
            "holder block" => "holder_blocked",
            "holder unblock" => "holder_unblocked",
            "token issue" => "tokens_issued",
            "token transfer" => "tokens_transferred",
            "token redeem" => "tokens_redeemed",
            "event create" => "event_created",
            "event calculate" => "allocations_calculated",
            "event approve" => "event_approved",
            "event cancel" => "event_cancelled",
            "withdrawal request" => "withdrawal_requested",
            "withdrawal approve" => "withdrawal_approved",
            "withdrawal reject" => "withdrawal_rejected",
            "withdrawal cancel" => "withdrawal_cancelled",
            "withdrawal pay" => "payment_recorded",
            "payment return" => "payment_returned",
            "payment file create" => "payment_file_created",
            "payment file cancel" => "payment_file_cancelled",
            "holder import" => "holders_imported",
            "token import" => "tokens_imported",
            "nav set" => "nav_set",
            "bank add" => "bank_account_added",
            "bank import" => "statement_imported",
            "bank reconcile" => "bank_reconciled",
            "bank confirm" | "bank match" => "line_matched",
            "bank reject" => "line_rejected",
            "bank unmatch" => "line_unmatched",
            "bank resolve" => "line_resolved",
            other => panic!("`{other}` has no activity"),
        }
    }

    /// Returns whether a second delivery without a key must write nothing: it is refused, or there is
    /// nothing left to do.
    pub(super) fn happens_once(&self) -> bool {
        match self {
            Self::Token(entry) => entry.reference.is_some(),
            Self::EventCreate(draft) => draft.code.is_some(),
            Self::EventCalculate(_) | Self::Nav { .. } => false,
            Self::Request { whom, .. } => match whom {
                Whom::One(_, amount, _) => amount.is_none(),
                Whom::Everybody { .. } => true,
                Whom::Rows(_) => false,
            },
            Self::UserAdd { .. }
            | Self::UserSet { .. }
            | Self::HolderAdd { .. }
            | Self::HolderSet { .. }
            | Self::HolderStand { .. }
            | Self::EventApprove { .. }
            | Self::EventCancel(_)
            | Self::Review { .. }
            | Self::Pay(_)
            | Self::PayFile(_)
            | Self::Return { .. }
            | Self::FileCreate { .. }
            | Self::FileCancel(_)
            | Self::HolderImport { .. }
            | Self::TokenImport(_)
            | Self::BankAdd(_)
            | Self::Import { .. }
            | Self::Reconcile(_)
            | Self::Decide { .. } => true,
        }
    }

    /// Returns what stands in the file that the command reads, where it reads one.
    pub(super) fn file(&self) -> Option<String> {
        if let Self::Request {
            whom: Whom::Rows(rows),
            ..
        } = self
        {
            let rows = rows
                .iter()
                .map(|(holder, amount)| format!("{holder},{}\n", plain(*amount)));
            return Some(format!("holder,amount\n{}", rows.collect::<String>()));
        }
        if let Self::HolderImport { rows, spoilt, .. } = self {
            return Some(sheets::holders(rows, *spoilt));
        }
        if let Self::TokenImport(file) = self {
            return Some(file.content());
        }
        if let Self::Import { rows, spoilt, .. } = self {
            return Some(sheets::statement(rows, *spoilt));
        }
        let Self::PayFile(rows) = self else {
            return None;
        };
        let rows = rows.iter().map(|paying| {
            let amount = paying.amount.map(plain).unwrap_or_default();
            format!(
                "W-{},{},{},{amount}\n",
                paying.withdrawal, paying.reference, paying.date
            )
        });
        Some(format!(
            "withdrawal,reference,date,amount\n{}",
            rows.collect::<String>()
        ))
    }

    /// Writes the verb with its arguments.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = self.verb().split(' ').map(str::to_owned).collect();
        words.extend(self.arguments());
        words
    }

    fn arguments(&self) -> Vec<String> {
        let line = match self {
            Self::UserAdd { code, role } => format!("{code} --role {role}"),
            Self::UserSet { code, role, status } => {
                let set = [flag("--role", *role), flag("--status", *status)].concat();
                return [vec![code.clone()], set].concat();
            }
            Self::HolderAdd { code, bank } => {
                return [
                    vec![code.clone(), "--name".to_owned(), format!("Name {code}")],
                    bank.words(),
                ]
                .concat();
            }
            Self::HolderSet { code, bank } => return [vec![code.clone()], bank.words()].concat(),
            Self::HolderStand { code, .. } => format!("{code} --reason said"),
            Self::Token(entry) => entry.arguments(),
            Self::EventCreate(draft) => draft.arguments(),
            Self::EventCalculate(code) => code.clone(),
            Self::EventApprove { code, hash } => match hash {
                Some(hash) => format!("{code} --hash {}", hash.digits),
                None => code.clone(),
            },
            Self::EventCancel(code) => format!("{code} --reason off"),
            Self::Request { event, whom } => {
                return [vec!["--event".to_owned(), event.clone()], whom.words()].concat();
            }
            Self::Review { verb, which } => {
                let reason = flag("--reason", (*verb == "withdrawal reject").then_some("no"));
                return [which.words("--all"), reason].concat();
            }
            Self::Pay(paying) => {
                let Paying {
                    withdrawal,
                    reference,
                    date,
                    amount,
                } = paying;
                let amount = amount
                    .map(|amount| format!(" --amount {}", plain(amount)))
                    .unwrap_or_default();
                format!("W-{withdrawal} --reference {reference} --date {date}{amount}")
            }
            Self::PayFile(_) => format!("--from {FILE}"),
            Self::Return { payment, date } => format!("P-{payment} --date {date} --reason closed"),
            Self::FileCreate {
                account,
                which,
                layout,
            } => {
                let account = format!("--account {account} --profile {layout}");
                return [
                    which.words(""),
                    account.split(' ').map(str::to_owned).collect(),
                ]
                .concat();
            }
            Self::FileCancel(number) => format!("F-{number} --reason wrong"),
            Self::HolderImport { update, .. } => {
                format!("{FILE}{}", if *update { " --update" } else { "" })
            }
            Self::TokenImport(file) => format!("{FILE} {}", file.options()),
            Self::Nav {
                project,
                amount,
                date,
            } => format!("{project} {} --date {date}", plain(*amount)),
            Self::BankAdd(account) => account.arguments(),
            Self::Import { account, .. } => format!("{account} {FILE}"),
            Self::Reconcile(account) => account.clone(),
            Self::Decide {
                verb,
                line,
                payments,
            } => {
                let payments: Vec<String> = payments
                    .iter()
                    .map(|payment| format!(" P-{payment}"))
                    .collect();
                let why = match *verb {
                    "bank unmatch" => " --reason wrong",
                    "bank resolve" => " --kind other --reason known",
                    _ => "",
                };
                format!("L-{line}{}{why}", payments.concat())
            }
        };
        line.split(' ').map(str::to_owned).collect()
    }
}

impl NewAccount {
    fn arguments(&self) -> String {
        let Self {
            code,
            number,
            currency,
            project,
        } = self;
        let project = project
            .as_ref()
            .map(|project| format!(" --project {project}"))
            .unwrap_or_default();
        format!(
            "{code} --bank-name {BANK} --account-number {number} --currency {currency}{project}"
        )
    }
}

impl Whom {
    fn words(&self) -> Vec<String> {
        match self {
            Self::One(holder, amount, bank) => {
                let amount = match amount {
                    Some(amount) => vec!["--amount".to_owned(), plain(*amount)],
                    None => vec!["--all".to_owned()],
                };
                [
                    vec!["--holder".to_owned(), holder.clone()],
                    amount,
                    bank.words(),
                ]
                .concat()
            }
            Self::Everybody { strict } => [
                vec!["--all-holders".to_owned()],
                if *strict {
                    vec!["--strict".to_owned()]
                } else {
                    vec![]
                },
            ]
            .concat(),
            Self::Rows(_) => vec!["--from".to_owned(), FILE.to_owned()],
        }
    }
}

impl Entry {
    fn arguments(&self) -> String {
        let Self {
            holder,
            to,
            tokens,
            project,
            date,
            reference,
            ..
        } = self;
        let to = to.as_ref().map(|to| format!("{to} ")).unwrap_or_default();
        let reference = reference
            .as_ref()
            .map(|reference| format!(" --reference {reference}"))
            .unwrap_or_default();
        format!(
            "{holder} {to}{} --project {project} --date {date}{reference}",
            plain(*tokens)
        )
    }
}

impl Draft {
    fn arguments(&self) -> String {
        let Self {
            code,
            project,
            amount,
            date,
            record_date,
            unit,
        } = self;
        let code = code
            .as_ref()
            .map(|code| format!("{code} "))
            .unwrap_or_default();
        let record_date = record_date
            .map(|date| format!(" --record-date {date}"))
            .unwrap_or_default();
        let unit = unit
            .map(|unit| format!(" --unit {}", plain(unit)))
            .unwrap_or_default();
        let amount = plain(*amount);
        format!(
            "{code}--project {project} --type revenue --title T --amount {amount} --date {date}{record_date}{unit}"
        )
    }
}

impl Command {
    /// Returns all that a key is bound to: who acts, the command, its arguments, and the content of
    /// its file.
    pub(super) fn input(&self) -> String {
        format!(
            "{} {} {}",
            self.who,
            self.act.words().join(" "),
            self.act.file().unwrap_or_default()
        )
    }

    /// Writes the whole command line.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = self.act.words();
        words.extend([
            "--as".to_owned(),
            self.who.clone(),
            "-f".to_owned(),
            "json".to_owned(),
        ]);
        words.extend(self.yes.then(|| "--yes".to_owned()));
        words.extend(flag("--key", self.key.as_deref()));
        words
    }
}

fn flag(name: &str, value: Option<&str>) -> Vec<String> {
    value
        .map(|value| vec![name.to_owned(), value.to_owned()])
        .unwrap_or_default()
}
