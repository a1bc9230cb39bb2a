//! The command that most likely helps after a refusal.

use prorata::{
    domain::{
        Refused, account::BadAccount, code::FileNumber, file_item::ItemChange,
        refused::ProceedsRefusal,
    },
    intake::FileError,
    ops,
    report::SelectionError,
    statement::StatementError,
    store,
};

use crate::{
    causes,
    failure::Failure,
    next_step::{next_of_event, next_of_withdrawal},
    output,
    suggestion::{in_place_of, nearest},
    tax_hint,
    usage::Usage,
    who_may::{about_hands, approvers, who_may},
};

/// Returns what to do next, if that is known.
pub(crate) fn of(failure: &Failure<'_>) -> Option<String> {
    for cause in failure.error.chain() {
        if let Some(error) = cause.downcast_ref::<ops::Error>() {
            return after_operation(failure, error);
        }
        if let Some(error) = cause.downcast_ref::<store::Error>() {
            return after_store(failure, error);
        }
        if let Some(error) = cause.downcast_ref::<FileError>() {
            return after_file(error);
        }
        if let Some(error) = cause.downcast_ref::<output::Error>() {
            return after_output(error);
        }
        if let Some(Usage::NoTopic { nearest, .. }) = cause.downcast_ref::<Usage>() {
            return Some(match nearest {
                Some(name) => format!("did you mean `prorata help {name}`?"),
                None => "`prorata help` lists the commands and the topics".to_owned(),
            });
        }
        if let Some(Usage::NeedsReview { .. }) = cause.downcast_ref::<Usage>() {
            return Some("look at it with `--dry-run` first".to_owned());
        }
        if let Some(Usage::Rows(SelectionError::UnknownField {
            field,
            known,
            headed,
        })) = cause.downcast_ref::<Usage>()
        {
            return headed
                .or_else(|| nearest(field, known))
                .map(|field| format!("did you mean `{field}`?"));
        }
        if let Some(Usage::NeedsYes { .. }) = cause.downcast_ref::<Usage>() {
            return Some("look at it with `--dry-run`, then run it with `--yes`".to_owned());
        }
    }
    None
}

fn after_operation(failure: &Failure<'_>, error: &ops::Error) -> Option<String> {
    let hint = match error {
        ops::Error::Refused(refused) => return after_refusal(failure, refused),
        ops::Error::Store(error) => return after_store(failure, error),
        ops::Error::Code(_)
        | ops::Error::Output(_)
        | ops::Error::Unfileable(_)
        | ops::Error::Unreadable(StatementError::NoSheet { .. }) => return None,
        ops::Error::Many { refusals, .. } => {
            // One cause is fixed once.
            let mut hints = refusals
                .iter()
                .map(|(_, refused)| after_refusal(failure, refused));
            if let Some(Some(first)) = hints.next()
                && hints.all(|hint| hint.as_ref() == Some(&first))
            {
                return Some(first);
            }
            let may = refusals.iter().find_map(|(_, refused)| refused.may());
            return Some(match may.filter(|may| !may.is_empty()) {
                Some(may) => format!("{}; or name the others without these", approvers(may, "")),
                None => "settle these first, or name the others without these".to_owned(),
            });
        }
        ops::Error::BadLines { lines, .. } if let Some(hint) = causes::hint(lines) => {
            return Some(hint);
        }
        ops::Error::BadLines { .. } => "fix these lines and run the command again",
        ops::Error::Unreadable(StatementError::Undecided { .. }) => {
            "name the columns, for example `--columns date=1,description=2,debit=3`, or a profile of `prorata bank profile list` with `--profile`"
        }
        ops::Error::Unreadable(StatementError::Encoding { .. }) => {
            "name the encoding, for example `--encoding windows-1252`"
        }
        ops::Error::Unreadable(_) => {
            "export the statement again as Excel, CSV, OFX, CAMT.053 or MT940"
        }
    };
    Some(hint.to_owned())
}

fn after_file(error: &FileError) -> Option<String> {
    match error {
        FileError::Encoding { .. } => {
            Some("name the encoding, for example `--encoding windows-1252`".to_owned())
        }
        FileError::NotATable { .. } => {
            Some("save it as .xlsx or CSV and run the command again".to_owned())
        }
        FileError::NoSheet { .. } => None,
    }
}

fn after_output(error: &output::Error) -> Option<String> {
    let hint = match error {
        output::Error::Input { path, why } if why.kind() == std::io::ErrorKind::NotFound => {
            let nearest = output::nearest(path)?;
            return Some(format!("did you mean `{}`?", nearest.display()));
        }
        output::Error::Exists { .. } => Some("use `--force` to overwrite it"),
        output::Error::FolderDiffers { .. } => {
            Some("look at it, then use `--force`: it is kept under another name")
        }
        output::Error::Unsynced { .. } => {
            Some("check the disk, then write it again with `--force`")
        }
        output::Error::Reserved { .. } => Some("choose another name"),
        output::Error::IsFolder { .. }
        | output::Error::NoFormat { .. }
        | output::Error::Failed { .. }
        | output::Error::Input { .. } => None,
    };
    hint.map(str::to_owned)
}

fn after_store(failure: &Failure<'_>, error: &store::Error) -> Option<String> {
    let ledger = output::quoted(&failure.ledger.display().to_string());
    Some(match error {
        store::Error::Missing { .. } => {
            format!("name it with `--ledger FILE`, or create it: `prorata init --ledger {ledger}`")
        }
        store::Error::AlreadyThere { .. } => {
            "choose another name; nothing is overwritten".to_owned()
        }
        store::Error::Reserved { .. } => "choose another name".to_owned(),
        store::Error::OfAnother { owner, .. } => {
            format!("run it as that user: `sudo -u {owner} prorata …`")
        }
        store::Error::Older { .. } => {
            format!("update it, after a copy: `prorata migrate --ledger {ledger}`")
        }
        store::Error::Unreleased { .. } => {
            "create a new ledger with `prorata init --ledger NEW.db` and enter its data there".to_owned()
        }
        store::Error::Newer { .. } => "install the newer version of prorata".to_owned(),
        store::Error::Damaged { .. } | store::Error::BadRow { .. } => format!(
            "see `prorata check --ledger {ledger}`, and go back to the last backup that passes it"
        ),
        store::Error::DiskFull => "make room and run the command again".to_owned(),
        store::Error::Busy => "run it again, or wait longer, for example `--wait 60`".to_owned(),
        store::Error::CommitUnknown { .. } => match failure.key {
            Some(key) => format!("run the command again with `--key {key}`: it is done once"),
            None => {
                "see in `prorata audit log` whether it was kept; give bulk commands a `--key`, so that they can be repeated"
                    .to_owned()
            }
        },
        store::Error::UnknownActor { users, .. } => {
            format!("name one with `--as`: {}", users.join(", "))
        }
        store::Error::Unknown {
            noun,
            given,
            suggestion,
        } => in_place_of(*noun, given, suggestion),
        store::Error::Ambiguous { candidates, .. } => {
            format!("name one of: {}", candidates.join(", "))
        }
        store::Error::NotALedger { .. }
        | store::Error::Unsafe { .. }
        | store::Error::Io { .. }
        | store::Error::Unusable { .. }
        | store::Error::Bug(_) => return None,
    })
}

/// Returns what to do after a refusal by a rule.
fn after_refusal(failure: &Failure<'_>, refused: &Refused) -> Option<String> {
    if let Refused::Tax(refused) = refused {
        return tax_hint::of(refused);
    }
    about_hands(refused)
        .or_else(|| about_users(failure, refused))
        .or_else(|| about_account(failure, refused))
        .or_else(|| about_records(refused))
        .or_else(|| about_events(refused))
        .or_else(|| about_proceeds(refused))
        .or_else(|| about_payments(refused))
        .or_else(|| about_proposals(refused))
}

/// Returns who may do it, or how to run the command.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other refusals have their hint in another of these functions, or none"
)]
fn about_users(failure: &Failure<'_>, refused: &Refused) -> Option<String> {
    let words = |words: &str| Some(words.to_owned());
    match refused {
        Refused::Forbidden { act, .. } => Some(who_may(failure, *act, None)),
        Refused::ClockAhead { .. } => words(
            "compare the clock with another one; if it is right, run the command with `--yes`",
        ),
        Refused::UserInactive { .. } => words("see `prorata user list`"),
        Refused::LastAdmin { .. } => {
            words("make another user an admin first: `prorata user set USER --role admin`")
        }
        Refused::KeyConflict { .. } => {
            words("choose another key; a key is for one command and its input")
        }
        Refused::ReasonMissing { .. } => words("give a reason: `--reason TEXT`"),
        Refused::SelectionChanged { .. } => {
            words("look at it with `--dry-run`, then use the hash that it prints")
        }
        Refused::ChangedMeanwhile { .. } => words("look again and run the command again"),
        Refused::HoldersLeftOut { .. } => {
            words("settle them first, or drop `--strict` to leave them out")
        }
        _ => None,
    }
}

/// Returns what to do about a user, project, holder, bank account or register.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other refusals have their hint in another of these functions, or none"
)]
fn about_records(refused: &Refused) -> Option<String> {
    let see = |command: String| Some(format!("see `prorata {command}`"));
    match refused {
        Refused::Exists {
            noun: "bank account",
            code,
        }
        | Refused::BankAccountKnown { account: code }
        | Refused::BankProject { account: code, .. }
        | Refused::BankCurrency { account: code, .. } => see(format!("bank show {code}")),
        Refused::Exists { noun, code } => see(format!("{noun} show {code}")),
        Refused::BankProjectCurrency { project, .. } => see(format!("project show {project}")),
        Refused::BankOtherAccount { other, .. } => Some(format!(
            "import it there: `prorata bank import {other} FILE`"
        )),
        Refused::HolderInUse { holder } => Some(format!(
            "change the name: `prorata holder set {holder} --name NAME`"
        )),
        Refused::HolderBlocked { holder, .. } => Some(format!(
            "unblock the holder: `prorata holder unblock {holder} --reason TEXT`"
        )),
        Refused::NoAccountInCurrency { holder, currency } => Some(format!(
            "record one: `prorata holder account set {holder} --currency {currency} --bank-name NAME --account-number NUMBER`"
        )),
        Refused::AccountExists { holder, .. } => see(format!("holder account list {holder}")),
        Refused::SeveralAccounts { .. } => Some("name its currency: `--currency USD`".to_owned()),
        Refused::NoBankDetails { holder } => Some(format!(
            "record them: `prorata holder set {holder} --bank-name NAME --account-number NUMBER`"
        )),
        Refused::NoBankCode { holder, .. } => Some(format!(
            "record it: `prorata holder set {holder} --bank-code CODE`; then cancel the withdrawal and request it again"
        )),
        Refused::NegativeBalance { holder, .. } => {
            see(format!("token history PROJECT --holder {holder}"))
        }
        Refused::ImportUndone { project, .. } => see(format!("token imports {project}")),
        Refused::ImportNotLast { last, .. } => Some(format!(
            "take that one back first: `prorata token undo {last}`"
        )),
        Refused::ImportUsed { .. } => Some(
            "if nothing of them is paid, cancel these events with `prorata event cancel`; else correct the register with entries of a later date"
                .to_owned(),
        ),
        Refused::RegisterNotEmpty { when: "after", .. } => Some(
            "name the date of the file; tokens on top of the later ones are issued with `--add`"
                .to_owned(),
        ),
        Refused::RegisterNotEmpty { .. } => Some(
            "if the file is the whole register, use `--replace`; if it lists more tokens, `--add`"
                .to_owned(),
        ),
        Refused::LastRowIsSum { .. } => Some(
            "remove the row if it is a total; if it is a holder, run the command with `--yes`"
                .to_owned(),
        ),
        Refused::ImportDiffers { project, .. } | Refused::TokenReferenceUsed { project, .. } => {
            see(format!("token history {project}"))
        }
        Refused::NoTokensOutstanding { project, date } => {
            see(format!("token register {project} --as-of {date}"))
        }
        _ => None,
    }
}

/// Returns what to do about what an event distributes.
fn about_proceeds(refused: &Refused) -> Option<String> {
    let Refused::Proceeds(refusal) = refused else {
        return None;
    };
    let see = |command: String| Some(format!("see `prorata {command}`"));
    match refusal {
        ProceedsRefusal::DeductionNameUsed { event, .. }
        | ProceedsRefusal::DeductionUnknown { event, .. }
        | ProceedsRefusal::DeductionPosition { event, .. } => see(format!("event show {event}")),
        ProceedsRefusal::NoProceeds { event } => Some(format!(
            "give the proceeds: `prorata event set {event} --gross AMOUNT`"
        )),
        ProceedsRefusal::HasDeductions { event, .. } => Some(format!(
            "remove them first: `prorata event deduct {event} --remove NAME`"
        )),
        ProceedsRefusal::ReserveShort { project, .. } => {
            see(format!("reserve list --project {project}"))
        }
        ProceedsRefusal::ReserveReleased { released_by, .. } => released_by.last().map(|last| {
            format!("cancel the last one first: `prorata event cancel {last} --reason …`")
        }),
        ProceedsRefusal::AmountAndRate => {
            Some("give `--amount` alone, or `--gross`, `--rate` or both of them".to_owned())
        }
        ProceedsRefusal::NoRate => Some("give the rate: `--rate RATE`".to_owned()),
        ProceedsRefusal::ComponentsSum { .. } => {
            Some("let the last one be what the others leave: `--component NAME=rest`".to_owned())
        }
        ProceedsRefusal::DeductionZero { .. }
        | ProceedsRefusal::DeductionNameBad { .. }
        | ProceedsRefusal::DeductionNameReserved
        | ProceedsRefusal::NothingLeft { .. }
        | ProceedsRefusal::TooLarge
        | ProceedsRefusal::ComponentsRestTwice
        | ProceedsRefusal::ComponentTwice { .. }
        | ProceedsRefusal::ComponentNotAMultiple { .. }
        | ProceedsRefusal::ComponentUnknown(_)
        | ProceedsRefusal::RateAboveProceeds { .. }
        | ProceedsRefusal::RateGivesNothing => None,
    }
}

/// Returns what to do about an event or its withdrawals.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other refusals have their hint in another of these functions, or none"
)]
fn about_events(refused: &Refused) -> Option<String> {
    let see = |command: String| Some(format!("see `prorata {command}`"));
    match refused {
        Refused::EventState { event, status, .. } | Refused::EventNotActive { event, status } => {
            Some(next_of_event(event, *status))
        }
        Refused::EventDuplicate { event, .. } => Some(format!(
            "see `prorata event show {event}`; if this is another event, run the command with `--yes`"
        )),
        Refused::EventForwardTaken { taken_by, .. } => taken_by.last().map(|last| {
            format!("cancel the last one first: `prorata event cancel {last} --reason …`")
        }),
        Refused::ForwardNothing { project, .. } => see(format!("forward list --project {project}")),
        Refused::ForwardPayable { .. } => {
            Some("release it: `prorata forward release HOLDER …`".to_owned())
        }
        Refused::ForwardChanged { .. } => Some("reject it, and propose it again".to_owned()),
        Refused::NoParticipants { event } | Refused::NothingAllocated { event } => Some(format!(
            "let somebody take part: `prorata event include {event} HOLDER`"
        )),
        Refused::SanctionedExcluded => {
            Some("block the holder: `prorata holder block HOLDER --reason TEXT`".to_owned())
        }
        Refused::EventPaid { event, .. } => see(format!("payment list --event {event}")),
        Refused::RecordDateInFuture { event, record_date } => {
            Some(format!("calculate {event} on or after {record_date}"))
        }
        Refused::HashMismatch { event, .. } | Refused::NoAllocation { event, .. } => {
            see(format!("event allocations {event}"))
        }
        Refused::StaleCalculation { event } => Some(format!(
            "calculate it again: `prorata event calculate {event}`"
        )),
        Refused::NothingAvailable { holder, event }
        | Refused::AmountNotAvailable { holder, event, .. } => {
            see(format!("event explain {event} {holder}"))
        }
        Refused::NothingToFile { event, files } => match files.as_slice() {
            [] => see(format!("withdrawal list --event {event}")),
            [(file, _), ..] => see(format!("payment file show {file}")),
        },
        Refused::WithdrawalState {
            withdrawal,
            status,
            verb,
        } => Some(next_of_withdrawal(*withdrawal, *status, verb)),
        Refused::AlreadyPaid { withdrawal, .. } => Some(format!(
            "see `prorata withdrawal show {withdrawal}`; if the bank sent it back, record that with `prorata payment return`"
        )),
        _ => None,
    }
}

/// Returns what to do about a payment, a payment file or a bank line.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other refusals have their hint in another of these functions, or none"
)]
fn about_payments(refused: &Refused) -> Option<String> {
    let see = |command: String| Some(format!("see `prorata {command}`"));
    match refused {
        Refused::MaybeInFlight { file, .. } => Some(format!(
            "import the statement that shows it; if the bank never makes it, a reviewer cancels the file: `prorata payment file cancel {file} --reason TEXT`"
        )),
        Refused::RequestedAgain { withdrawal, .. } => see(format!("withdrawal show {withdrawal}")),
        Refused::ReturnOfCancelled { event, .. } => see(format!("event show {event}")),
        Refused::AccountNotNeeded { .. } => {
            Some("drop the bank details, or request a transfer".to_owned())
        }
        Refused::MeansDiffer { withdrawal, .. } | Refused::NotATransfer { withdrawal, .. } => {
            see(format!("withdrawal show {withdrawal}"))
        }
        Refused::OddPayment { .. } => Some(
            "compare it with the bank's statement; if it is right, run the command with `--yes`"
                .to_owned(),
        ),
        Refused::TransferDiffers { .. } | Refused::TransferMeans { .. } => Some(
            "what the bank paid in another transfer has a reference of its own: fix the file"
                .to_owned(),
        ),
        Refused::NotOutstanding { payment, .. }
        | Refused::NotSettled { payment }
        | Refused::ReferenceUsed { payment, .. }
        | Refused::PaymentCurrency { payment, .. }
        | Refused::PaymentImported { payment, .. }
        | Refused::PaymentState { payment, .. }
        | Refused::ReturnDate { payment, .. } => see(format!("payment show {payment}")),
        Refused::BankOverlap { account, .. } => Some(format!(
            "compare them with `prorata bank lines {account}`; if they are other lines, import the file with `--new-lines`"
        )),
        Refused::StatementUnnamed { .. } => Some(
            "name the account instead of `--all`: `prorata bank import ACCOUNT FILE`".to_owned(),
        ),
        Refused::BankNotInFile { .. } => Some("see `prorata bank list`".to_owned()),
        Refused::StatementDecided { lines, .. } => lines.first().map(|line| {
            format!("take the matches back first: `prorata bank unmatch {line} --reason TEXT`")
        }),
        Refused::StatementNeeded { later, .. } => later.last().map(|later| {
            format!(
                "take the later one back first: `prorata bank statement void {later} --reason TEXT`"
            )
        }),
        Refused::LineState { line, .. }
        | Refused::DebitOfReturned { line, .. }
        | Refused::NothingProposed { line, .. }
        | Refused::MatchAmount { line, .. }
        | Refused::MaybePaid { line, .. } => see(format!("bank explain {line}")),
        Refused::PaymentMatched { line, .. } => Some(format!(
            "undo that match: `prorata bank unmatch {line} --reason TEXT`"
        )),
        Refused::InPaymentFile { file, .. } => Some(format!(
            "cancel the file first: `prorata payment file cancel {file} --reason TEXT`"
        )),
        Refused::PaymentFileState { file, .. }
        | Refused::PaymentFileNoItem { file, .. }
        | Refused::PaymentFileItemSettled { file, .. }
        | Refused::PaymentFileSettled { file } => see(format!("payment file show {file}")),
        Refused::PaymentFileMeanwhile { .. } => Some("run the command again".to_owned()),
        Refused::PaymentFileChanged { file, changes } => Some(drop_changed(*file, changes)),
        Refused::PaymentFileEmpty { file } => Some(format!(
            "cancel the file: `prorata payment file cancel {file} --reason TEXT`"
        )),
        Refused::ExecutionDatePast { today, .. } | Refused::ExecutionDateFar { today, .. } => Some(
            format!("give a day from {today} on, for example `--execution-date {today}`"),
        ),
        _ => None,
    }
}

/// Returns what to do about a proposal or a rule about bank lines.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other refusals have their hint in another of these functions, or none"
)]
fn about_proposals(refused: &Refused) -> Option<String> {
    let see = |command: String| Some(format!("see `prorata {command}`"));
    match refused {
        Refused::ProposalDecided { proposal, .. }
        | Refused::NotARule { proposal, .. }
        | Refused::HistoryWaits { proposal, .. } => {
            see(format!("proposal show {proposal}"))
        }
        Refused::RuleText { .. } => Some(
            "write the words with which the bank begins the charge, for example `--text 'SWIFT CHARGE'`"
                .to_owned(),
        ),
        Refused::RuleAmount { .. } => Some("for example `--at-most 5000`".to_owned()),
        Refused::RuleExists { rule, .. } => Some(format!(
            "remove that one first, if another is meant: `prorata bank rule remove {rule}`"
        )),
        Refused::RuleRemoved { account, .. } => see(format!("bank rule list {account} --all")),
        _ => None,
    }
}

/// Names the command that takes the items out that speak against an export.
fn drop_changed(file: FileNumber, changes: &[ItemChange]) -> String {
    let names: Vec<String> = changes
        .iter()
        .map(|change| change.withdrawal.to_string())
        .collect();
    format!(
        "take them out of the file: `prorata payment file drop {file} {} --reason TEXT`",
        names.join(" ")
    )
}

/// Says with what an account number is to be compared: it is a holder's or the fund's own.
fn about_account(failure: &Failure<'_>, refused: &Refused) -> Option<String> {
    let Refused::BadAccount(account) = refused else {
        return None;
    };
    let hint = match account {
        _ if failure.command.starts_with("bank ") => {
            "it is the fund's own account: compare the number and the bank's code with its statement"
        }
        BadAccount::Iban => "compare the number with the document that it comes from",
        BadAccount::NotTenDigits { .. } | BadAccount::Nuban { .. } => {
            "compare the number and the bank's code with what the holder gave; for a holder outside Nigeria give `--country`"
        }
    };
    Some(hint.to_owned())
}
