//! The next command after a refusal.

use prorata::{
    domain::{Refused, account::BadAccount, withdrawal::WithdrawalStatus},
    ops,
    statement::StatementError,
    store::{self, Noun},
};

use crate::{context::Context, output, prompt::Usage};

/// Tells what to do next, where that is known.
pub(crate) fn of(cx: &Context, error: &anyhow::Error) -> Option<String> {
    for cause in error.chain() {
        if let Some(error) = cause.downcast_ref::<ops::Error>() {
            return match error {
                ops::Error::Refused(refused) => after(refused),
                ops::Error::Many { .. } => Some("name the others without these, or settle these first".to_owned()),
                ops::Error::BadLines { .. } => Some("mend these lines and give the same command again".to_owned()),
                ops::Error::Unreadable(StatementError::Undecided { .. }) => {
                    Some("say it with `--profile NAME` or `--profile FILE.toml`; see `prorata bank profile list`".to_owned())
                }
                ops::Error::Unreadable(StatementError::Encoding { .. }) => {
                    Some("name it with `--encoding NAME`, such as `windows-1252`".to_owned())
                }
                ops::Error::Unreadable(_) => Some("export the statement again as CSV, OFX, CAMT.053 or MT940".to_owned()),
                ops::Error::Code(_) | ops::Error::Output(_) | ops::Error::Unfileable(_) => None,
                ops::Error::Store(error) => of_store(cx, error),
            };
        }
        if let Some(error) = cause.downcast_ref::<store::Error>() {
            return of_store(cx, error);
        }
        match cause.downcast_ref::<output::Error>() {
            Some(output::Error::Exists { .. }) => {
                return Some("give `--force` to overwrite it".to_owned());
            }
            Some(output::Error::FolderDiffers { .. }) => {
                return Some(
                    "look at it, then give `--force`: it is kept under another name".to_owned(),
                );
            }
            Some(output::Error::Unsynced { .. }) => {
                return Some("look at the disk, then make it again with `--force`".to_owned());
            }
            Some(output::Error::IsLedger { .. }) => return Some("choose another name".to_owned()),
            Some(
                output::Error::NoFormat { .. }
                | output::Error::Failed { .. }
                | output::Error::Input { .. },
            )
            | None => {}
        }
        match cause.downcast_ref::<Usage>() {
            Some(Usage::NeedsYes { .. }) => {
                return Some("look with `--dry-run` first, then give `--yes`".to_owned());
            }
            Some(
                Usage::NotConfirmed
                | Usage::WrongFlag { .. }
                | Usage::AsOfInFuture { .. }
                | Usage::NoActor
                | Usage::Invalid(_),
            )
            | None => {}
        }
    }
    None
}

fn of_store(cx: &Context, error: &store::Error) -> Option<String> {
    let ledger = cx.global.ledger.display();
    Some(match error {
        store::Error::Missing { .. } => {
            format!("name it with `--ledger FILE`, or create it with `prorata init --ledger {ledger}`")
        }
        store::Error::AlreadyThere { .. } => "choose another name; nothing is overwritten".to_owned(),
        store::Error::Older { .. } => {
            format!("bring it to this version with `prorata migrate --ledger {ledger}`; it copies it first")
        }
        store::Error::Unreleased { .. } => {
            "create a new ledger with `prorata init --ledger NEW.db` and enter its data there".to_owned()
        }
        store::Error::Newer { .. } => "install the newer version of prorata".to_owned(),
        store::Error::Damaged { .. } | store::Error::BadRow { .. } => {
            format!("look with `prorata check --ledger {ledger}`, and go back to the last backup that passes it")
        }
        store::Error::DiskFull => "make room and give the same command again".to_owned(),
        store::Error::Busy => "try again, or wait longer with `--wait SECONDS`".to_owned(),
        store::Error::CommitUnknown { .. } => match &cx.global.key {
            Some(key) => format!("give the same command again with `--key {key}`: it happens once"),
            None => {
                "look with `prorata audit log` whether it stands; give bulk commands a `--key` so that they can be repeated"
                    .to_owned()
            }
        },
        store::Error::UnknownActor { users, .. } => format!("name one with `--as`: {}", users.join(", ")),
        store::Error::Unknown { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
        store::Error::Unknown { noun: Noun::Line, .. } => "see `prorata bank lines ACCOUNT`".to_owned(),
        store::Error::Unknown { noun: Noun::BankAccount, .. } => "see `prorata bank list`".to_owned(),
        store::Error::Unknown { noun, .. } => format!("see `prorata {} list`", noun.as_str()),
        store::Error::Ambiguous { candidates, .. } => format!("name one of: {}", candidates.join(", ")),
        store::Error::NotALedger { .. }
        | store::Error::Unsafe { .. }
        | store::Error::Io { .. }
        | store::Error::Unusable { .. }
        | store::Error::Bug(_) => return None,
    })
}

/// Tells the next command after a refusal by a rule.
fn after(refused: &Refused) -> Option<String> {
    Some(match refused {
        Refused::Forbidden { .. } | Refused::UserInactive { .. } => {
            "let another user act: `--as USER`; see `prorata user list`".to_owned()
        }
        Refused::LastAdmin { .. } => "make another user an admin first: `prorata user set USER --role admin`".to_owned(),
        Refused::KeyConflict { .. } => "choose another key; one key stands for one command and its input".to_owned(),
        Refused::ReasonMissing { .. } => "give `--reason TEXT`".to_owned(),
        Refused::HolderBlocked { holder, .. } => {
            format!("open the holder with `prorata holder unblock {holder} --reason TEXT`")
        }
        Refused::NoBankDetails { holder } => {
            format!("record them with `prorata holder set {holder} --bank-name NAME --account-number NUMBER`")
        }
        Refused::BadAccount(BadAccount::Iban) => "compare the number with what the holder gave".to_owned(),
        Refused::BadAccount(BadAccount::NotTenDigits { .. } | BadAccount::Nuban { .. }) => {
            "compare the number and the bank's code with what the holder gave; for a bank outside Nigeria record the holder's country: `--country` of `prorata holder add` or `set`"
                .to_owned()
        }
        Refused::NegativeBalance { holder, .. } => format!("see `prorata token history PROJECT --holder {holder}`"),
        Refused::EventState { event, .. } | Refused::EventPaid { event, .. } | Refused::EventNotActive { event, .. } => {
            format!("see `prorata event show {event}`")
        }
        Refused::RecordDateInFuture { event, record_date } => format!("calculate {event} on or after {record_date}"),
        Refused::NoTokensOutstanding { project, date } => format!("see `prorata token register {project} --as-of {date}`"),
        Refused::EventSameActor { event, .. } => {
            format!("let another approver do it: `prorata event approve {event} --as USER`")
        }
        Refused::HashMismatch { event, .. } => {
            format!("look again with `prorata event allocations {event}` before you approve it")
        }
        Refused::StaleCalculation { event } => format!("calculate again: `prorata event calculate {event}`"),
        Refused::NoAllocation { event, .. } => format!("see `prorata event allocations {event}`"),
        Refused::NothingAvailable { holder, event } | Refused::AmountNotAvailable { holder, event, .. } => {
            format!("see `prorata event explain {event} {holder}`")
        }
        Refused::WithdrawalState { withdrawal, status: WithdrawalStatus::Pending, .. } => {
            format!("approve it first: `prorata withdrawal approve {withdrawal} --as USER`")
        }
        Refused::WithdrawalState { withdrawal, .. } => format!("see `prorata withdrawal show {withdrawal}`"),
        Refused::WithdrawalSameActor { withdrawal, .. } | Refused::WithdrawalBankChanger { withdrawal, .. } => {
            format!("let another approver do it: `prorata withdrawal approve {withdrawal} --as USER`")
        }
        Refused::ChangedMeanwhile { .. } => "look again and give the same command again".to_owned(),
        Refused::HoldersLeftOut { .. } => "settle them first, or leave `--strict` away to leave them out".to_owned(),
        Refused::AlreadyPaid { withdrawal, .. } => {
            format!(
                "see `prorata withdrawal show {withdrawal}`; if the bank sent it back, record that with `prorata payment return`"
            )
        }
        Refused::ReferenceUsed { payment, .. } | Refused::PaymentCurrency { payment, .. } => format!("see `prorata payment show {payment}`"),
        Refused::PaymentState { payment, .. } | Refused::ReturnDate { payment, .. } => {
            format!("see `prorata payment show {payment}`")
        }
        Refused::ImportDiffers { project, .. } | Refused::TokenReferenceUsed { project, .. } => {
            format!("see `prorata token history {project}`")
        }
        Refused::Exists { noun: "bank account", code } | Refused::BankAccountKnown { account: code } => {
            format!("see `prorata bank show {code}`")
        }
        Refused::Exists { noun, code } => format!("see `prorata {noun} show {code}`"),
        Refused::BankProject { account, .. } | Refused::BankCurrency { account, .. } => {
            format!("see `prorata bank show {account}`, and choose another account with `prorata bank list`")
        }
        Refused::BankProjectCurrency { project, .. } => format!("see `prorata project show {project}`"),
        Refused::BankOtherAccount { other, .. } => format!("import it there: `prorata bank import {other} FILE`"),
        Refused::LineState { line, .. } | Refused::NothingProposed { line, .. } | Refused::MatchAmount { line, .. } => {
            format!("see `prorata bank explain {line}`")
        }
        Refused::MaybePaid { line, .. } => {
            format!("see `prorata bank explain {line}`; settle it, and run `prorata bank reconcile` again")
        }
        Refused::PaymentMatched { line, .. } => {
            format!("see `prorata bank explain {line}`; `prorata bank unmatch {line} --reason TEXT` takes it back")
        }
        Refused::InPaymentFile { file, .. } => {
            format!("see `prorata payment file show {file}`; `prorata payment file cancel {file} --reason TEXT` frees it")
        }
        Refused::NoBankCode { holder, .. } => {
            format!(
                "record it with `prorata holder set {holder} --bank-code CODE`, then cancel the withdrawal and request it again"
            )
        }
        Refused::NothingToFile { event } => format!("see `prorata withdrawal list --event {event}`"),
        Refused::PaymentFileState { file, .. } => format!("see `prorata payment file show {file}`"),
        Refused::NoTokens
        | Refused::BankDetailsIncomplete { .. }
        | Refused::SelfTransfer { .. }
        | Refused::RegisterTooLarge { .. }
        | Refused::EventAmountZero
        | Refused::EventUnitZero
        | Refused::EventAmountNotPayable { .. }
        | Refused::EventDates { .. }
        | Refused::AmountZero
        | Refused::AmountNotPayable { .. }
        | Refused::ReferenceEmpty
        | Refused::PaymentDateInFuture { .. }
        | Refused::PaidTooMuch { .. } => return None,
    })
}
