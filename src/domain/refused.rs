//! Every refusal of a rule, with its stable code.

use thiserror::Error;

use self::phrases::{codes, held_by, holders, listed, nobody, nobody_else, since_event};
use super::{
    account::BadAccount,
    code::{
        Code, FileNumber, ImportNumber, LineNumber, PaymentNumber, ProposalNumber,
        RemittanceNumber, StatementNumber, WithdrawalNumber,
    },
    currency::Currency,
    file_item::{self, ItemChange},
    holdings::{HoldingChange, RegisterTotal},
    matching::{BadRuleText, Class},
    quantity::{Amount, Tokens},
    role::{Act, Role},
    signed::Signed,
    status::{EventStatus, Means, PaymentStatus, ProposalStatus, WithdrawalStatus},
    tax::TaxRefused,
    text,
    time::{Date, Instant},
    transfer::TransferDifference,
};

mod code;
mod phrases;
mod proceeds;

pub use proceeds::ProceedsRefusal;

/// Why a rule refused a command. Nothing was changed; the attempt is in the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(
    missing_docs,
    reason = "the message of each variant says what it is and what its fields hold"
)]
pub enum Refused {
    #[error("`{actor}` is {role} and may not {act}")]
    Forbidden { actor: Code, role: Role, act: Act },
    #[error("user `{user}` is inactive and may not act")]
    UserInactive { user: Code },
    #[error("`{user}` is the last active admin; nobody would be left to manage users")]
    LastAdmin { user: Code },
    #[error(
        "`{actor}` may not acknowledge user `{user}`: somebody else must, who neither is the user nor is behind the addition or change"
    )]
    AcknowledgeSameActor {
        user: Code,
        actor: Code,
        may: Vec<Code>,
    },
    #[error(
        "`{actor}` was added or changed by `{by}`, nobody else has acknowledged that, and `{by}` had a hand in {what} (four eyes)"
    )]
    NotAcknowledged {
        actor: Code,
        by: Code,
        what: String,
        acknowledgers: Vec<Code>,
    },
    #[error("{noun} `{code}` already exists")]
    Exists { noun: &'static str, code: Code },
    #[error(
        "the clock says {now}, which is {days} days after the last entry of the ledger, of {last}; everything that is recorded later will be dated after it"
    )]
    ClockAhead {
        last: Instant,
        now: Instant,
        days: i64,
    },
    #[error("key `{key}` was used before for `{command}` with other input")]
    KeyConflict { key: String, command: String },
    #[error("a reason is needed to {verb}")]
    ReasonMissing { verb: &'static str },

    #[error("holder `{holder}` is blocked: {reason}")]
    HolderBlocked { holder: Code, reason: String },
    #[error(
        "an event, an exclusion or a tax certificate is about holder `{holder}`, whose code cannot change any more"
    )]
    HolderInUse { holder: Code },
    #[error("holder `{holder}` has no bank name and account number")]
    NoBankDetails { holder: Code },
    #[error("holder `{holder}` has no account in {currency}")]
    NoAccountInCurrency { holder: Code, currency: Currency },
    #[error("holder `{holder}` has another account in {currency} already")]
    AccountExists { holder: Code, currency: Currency },
    #[error("holder `{holder}` has several accounts, in {currencies}; say which one")]
    SeveralAccounts { holder: Code, currencies: String },

    #[error(transparent)]
    BadAccount(#[from] BadAccount),
    #[error(
        "the bank details given with the request for `{holder}` lack the bank's name or the account number; give both"
    )]
    BankDetailsIncomplete { holder: Code },

    #[error("the tokens must be above zero")]
    NoTokens,
    #[error("`{holder}` cannot transfer tokens to itself")]
    SelfTransfer { holder: Code },
    #[error("`{holder}` would lack {} tokens on {date}", missing.grouped(0))]
    NegativeBalance {
        holder: Code,
        date: Date,
        missing: Tokens,
    },
    #[error("reference `{reference}` is already in the register of `{project}`")]
    TokenReferenceUsed { reference: String, project: Code },
    #[error("more than 9999999999999.9999999 tokens would be outstanding in `{project}` on {date}")]
    RegisterTooLarge { project: Code, date: Date },
    #[error("this file was imported into `{project}` on {on} with other options")]
    ImportDiffers { project: Code, on: Date },
    #[error("import {import} of `{project}` was taken back already")]
    ImportUndone { import: ImportNumber, project: Code },
    #[error("import {import} is not the last one of `{project}`: {last} is")]
    ImportNotLast {
        import: ImportNumber,
        project: Code,
        last: ImportNumber,
    },
    #[error(
        "import {import} cannot be taken back: approved events were calculated from it: {}",
        text::listed(events)
    )]
    ImportUsed {
        import: ImportNumber,
        events: Vec<Code>,
    },
    #[error(
        "`{project}` already has holdings {when} {date}: {before}; the file has {file}; on top of them it would make {after}"
    )]
    RegisterNotEmpty {
        project: Code,
        when: &'static str,
        date: Date,
        before: RegisterTotal,
        file: RegisterTotal,
        after: RegisterTotal,
        holders: Vec<HoldingChange>,
    },
    #[error(
        "the last row of the file (line {line}, `{holder}`) has {} tokens, the sum of all rows above; it may be a row of totals",
        tokens.grouped(0)
    )]
    LastRowIsSum {
        line: u64,
        holder: Code,
        tokens: Tokens,
    },

    #[error("the amount must be above zero")]
    EventAmountZero,
    #[error("the unit must be above zero")]
    EventUnitZero,
    #[error("the amount {} is not a multiple of the allocation unit {}", amount.plain(2), unit.plain(0))]
    EventAmountNotPayable { amount: Amount, unit: Amount },
    #[error("the record date {record_date} lies after the distribution date {distribution_date}")]
    EventDates {
        record_date: Date,
        distribution_date: Date,
    },
    #[error(
        "event `{event}` of `{project}` has the same type, amount and distribution date: {event_type}, {currency} {}, {date}",
        amount.grouped(currency.decimals())
    )]
    EventDuplicate {
        event: Code,
        project: Code,
        event_type: &'static str,
        currency: Currency,
        amount: Amount,
        date: Date,
    },
    #[error("event `{event}` is {status} and cannot be {verb}")]
    EventState {
        event: Code,
        status: EventStatus,
        verb: &'static str,
    },
    #[error("the record date {record_date} of event `{event}` is in the future")]
    RecordDateInFuture { event: Code, record_date: Date },
    #[error("no tokens of `{project}` were outstanding on {date}")]
    NoTokensOutstanding { project: Code, date: Date },
    #[error(
        "`{actor}` {did} event `{event}` and may not approve it (four eyes){}",
        nobody(may)
    )]
    EventSameActor {
        event: Code,
        actor: Code,
        did: &'static str,
        may: Vec<Code>,
    },
    #[error(
        "`{actor}` {did} event `{event}`{} and may not approve it (four eyes){}",
        since_event(last.as_ref()), nobody(may)
    )]
    EventSameRegisterActor {
        event: Code,
        actor: Code,
        did: &'static str,
        last: Option<Code>,
        may: Vec<Code>,
    },
    #[error("event `{event}` is calculated with hash {actual}, not {given}")]
    HashMismatch {
        event: Code,
        given: String,
        actual: String,
    },
    #[error("what event `{event}` is calculated from has changed since: the calculation is stale")]
    StaleCalculation { event: Code },
    #[error("no holder takes part in event `{event}`: all are excluded, and it stays as it was")]
    NoParticipants { event: Code },
    #[error("nothing of event `{event}` is allocated: what is not redistributed is retained")]
    NothingAllocated { event: Code },
    #[error("the part of `{holder}` cannot be assigned to `{assign_to}`, who is excluded too")]
    AssignExcluded { holder: Code, assign_to: Code },
    #[error("a holder under sanctions is not excluded: the money stays the holder's, and is held")]
    SanctionedExcluded,
    #[error("an exclusion cannot end on {until}, before it begins on {from}")]
    ExclusionDates { from: Date, until: Date },
    #[error(
        "`{holder}` is already excluded from {from}{}",
        until.map_or_else(String::new, |until| format!(" until {until}"))
    )]
    ExclusionOverlaps {
        holder: Code,
        from: Date,
        until: Option<Date>,
    },
    #[error("`{holder}` has no exclusion that ends after {until}")]
    NotExcluded { holder: Code, until: Date },
    #[error("{currency} {} of event `{event}` is already paid; it can no longer be cancelled", paid.grouped(currency.decimals()))]
    EventPaid {
        event: Code,
        paid: Amount,
        currency: Currency,
    },
    #[error(
        "event `{event}` carried money forward that {} took since; it cannot be cancelled before them",
        codes(taken_by)
    )]
    EventForwardTaken { event: Code, taken_by: Vec<Code> },
    #[error(
        "event `{event}` carried money forward that was written off since; it cannot be cancelled"
    )]
    EventForwardWrittenOff { event: Code },
    #[error(
        "event `{event}` is not of project `{project}`: a forward balance is paid by its own project"
    )]
    ForwardOtherProject { event: Code, project: Code },
    #[error(
        "{} a forward balance of project `{project}` for this",
        holder.as_ref().map_or_else(|| "no holder has".to_owned(), |holder| format!("`{holder}` does not have"))
    )]
    ForwardNothing { holder: Option<Code>, project: Code },
    #[error("{currency} {} is more than the smallest amount that a bank pays, {}: what can be paid is not written off", below.plain(2), step.plain(0))]
    ForwardPayable {
        below: Amount,
        step: Amount,
        currency: Currency,
    },
    #[error(
        "the forward balances of project `{project}` changed since their write-off was proposed"
    )]
    ForwardChanged { project: Code },

    #[error("event `{event}` is {status}, not active, and takes no withdrawals")]
    EventNotActive { event: Code, status: EventStatus },
    #[error("holder `{holder}` has no allocation in event `{event}`")]
    NoAllocation { holder: Code, event: Code },
    #[error("holder `{holder}` has nothing left to withdraw from event `{event}`")]
    NothingAvailable { holder: Code, event: Code },
    #[error("the amount must be above zero")]
    AmountZero,
    #[error("{currency} {} is not a multiple of {}, the smallest amount a bank pays", amount.plain(currency.decimals()), unit.plain(0))]
    AmountNotPayable {
        amount: Amount,
        unit: Amount,
        currency: Currency,
    },
    #[error(
        "`{holder}` asks for {currency} {} and has {} available",
        amount.grouped(currency.decimals()), available.grouped(currency.decimals())
    )]
    AmountNotAvailable {
        holder: Code,
        event: Code,
        amount: Amount,
        available: Amount,
        currency: Currency,
    },
    #[error("withdrawal {withdrawal} is {status} and cannot be {verb}")]
    WithdrawalState {
        withdrawal: WithdrawalNumber,
        status: WithdrawalStatus,
        verb: &'static str,
    },
    #[error(
        "`{actor}` requested {withdrawal} and may not approve it (four eyes){}",
        nobody(may)
    )]
    WithdrawalSameActor {
        withdrawal: WithdrawalNumber,
        actor: Code,
        may: Vec<Code>,
    },
    #[error(
        "`{actor}` set or changed the bank details of {withdrawal} and may not approve it (four eyes){}",
        nobody(may)
    )]
    WithdrawalBankChanger {
        withdrawal: WithdrawalNumber,
        holder: Code,
        actor: Code,
        may: Vec<Code>,
    },
    #[error(
        "`{actor}` unblocked holder `{holder}` less than 90 days ago and may not approve {withdrawal} (four eyes){}",
        nobody(may)
    )]
    WithdrawalUnblocker {
        withdrawal: WithdrawalNumber,
        holder: Code,
        actor: Code,
        may: Vec<Code>,
    },
    #[error(
        "the request for `{holder}` is paid by {means} and takes no bank details; only a transfer needs them"
    )]
    AccountNotNeeded { holder: Code, means: Means },
    #[error("withdrawal {withdrawal} was approved to be paid by {means}, not by {given}")]
    MeansDiffer {
        withdrawal: WithdrawalNumber,
        means: Means,
        given: Means,
    },
    #[error("withdrawal {withdrawal} is paid by {means}; only transfers go into a payment file")]
    NotATransfer {
        withdrawal: WithdrawalNumber,
        means: Means,
    },
    #[error(
        "`{actor}` approved {withdrawal} and may not record its payment (four eyes){}",
        nobody_else(may)
    )]
    WithdrawalSameApprover {
        withdrawal: WithdrawalNumber,
        actor: Code,
        may: Vec<Code>,
    },
    #[error(
        "the ledger changed since the question was asked: {shown} were shown, {found} are found now"
    )]
    ChangedMeanwhile { shown: String, found: String },
    #[error(
        "{reviewed} was reviewed, and {count} {} with hash {hash} {} found{}{}",
        if *count == 1 { "withdrawal" } else { "withdrawals" },
        if *count == 1 { "is" } else { "are" },
        listed("added", added), listed("gone", gone)
    )]
    SelectionChanged {
        reviewed: String,
        count: u64,
        hash: String,
        added: Vec<WithdrawalNumber>,
        gone: Vec<WithdrawalNumber>,
    },
    #[error(
        "{} cannot be paid and `--strict` was given: {first}",
        holders(*left_out)
    )]
    HoldersLeftOut { left_out: usize, first: String },

    #[error("withdrawal {withdrawal} is already paid: {currency} {} on {date} with reference `{reference}`", amount.grouped(currency.decimals()))]
    AlreadyPaid {
        withdrawal: WithdrawalNumber,
        reference: String,
        date: Date,
        amount: Amount,
        currency: Currency,
    },
    #[error("a payment needs the bank's reference")]
    ReferenceEmpty,
    #[error("reference `{reference}` was already used for payment {payment} of {withdrawal}")]
    ReferenceUsed {
        reference: String,
        payment: PaymentNumber,
        withdrawal: WithdrawalNumber,
    },
    #[error("the payment date {date} is in the future; today is {today}")]
    PaymentDateInFuture { date: Date, today: Date },
    #[error(
        "{currency} {} is more than the {} that {withdrawal} asks for",
        amount.grouped(currency.decimals()), requested.grouped(currency.decimals())
    )]
    PaidTooMuch {
        withdrawal: WithdrawalNumber,
        amount: Amount,
        requested: Amount,
        currency: Currency,
    },
    #[error(
        "{withdrawal} has {difference} than {others}: one transfer pays one account, in one currency, on one date, so reference `{reference}` cannot be of both"
    )]
    TransferDiffers {
        withdrawal: WithdrawalNumber,
        reference: String,
        difference: TransferDifference,
        others: WithdrawalNumber,
    },
    #[error(
        "{withdrawal} is not paid by transfer, so reference `{reference}` cannot be of several payments"
    )]
    TransferMeans {
        withdrawal: WithdrawalNumber,
        reference: String,
    },
    #[error(
        "`{actor}` recorded payment {payment} and may not {verb} (four eyes){}",
        nobody_else(may)
    )]
    PaymentSameActor {
        payment: PaymentNumber,
        actor: Code,
        verb: &'static str,
        may: Vec<Code>,
    },
    #[error(
        "`{actor}` recorded the return of payment {payment} and may not {verb} (four eyes){}",
        nobody_else(may)
    )]
    ReturnSameActor {
        payment: PaymentNumber,
        actor: Code,
        verb: &'static str,
        may: Vec<Code>,
    },
    #[error("payment {payment} is {class} and not left for a second person to settle")]
    NotOutstanding {
        payment: PaymentNumber,
        class: Class,
    },
    #[error("payment {payment} was not settled by hand")]
    NotSettled { payment: PaymentNumber },
    #[error("the payment of {withdrawal} is odd: {odd}")]
    OddPayment {
        withdrawal: WithdrawalNumber,
        odd: String,
    },
    #[error(
        "payment {payment} is in payment file {file}, which was exported, and no bank line shows it: the bank may still pay it"
    )]
    MaybeInFlight {
        payment: PaymentNumber,
        withdrawal: WithdrawalNumber,
        file: FileNumber,
    },
    #[error(
        "the money of payment {payment} was requested again with {withdrawal}, so its return cannot be taken back"
    )]
    RequestedAgain {
        payment: PaymentNumber,
        withdrawal: WithdrawalNumber,
    },
    #[error(
        "event `{event}` was cancelled after payment {payment} came back, so its return cannot be taken back"
    )]
    ReturnOfCancelled { payment: PaymentNumber, event: Code },
    #[error(
        "the payment of {withdrawal} came back, and line {line} does not carry its reference: it may be another transfer"
    )]
    DebitOfReturned {
        withdrawal: WithdrawalNumber,
        line: LineNumber,
    },
    #[error(
        "payment {payment} was made before this ledger and imported with its event: it takes no part in payment files and reconciliation, and cannot be {verb}"
    )]
    PaymentImported {
        payment: PaymentNumber,
        verb: &'static str,
    },
    #[error("payment {payment} is {status} and cannot be {verb}")]
    PaymentState {
        payment: PaymentNumber,
        status: PaymentStatus,
        verb: &'static str,
    },
    #[error(
        "the return of {payment} on {date} must lie between its payment on {paid_on} and today, {today}"
    )]
    ReturnDate {
        payment: PaymentNumber,
        date: Date,
        paid_on: Date,
        today: Date,
    },

    #[error(transparent)]
    Proceeds(#[from] ProceedsRefusal),

    #[error("this account is in the ledger as `{account}` already")]
    BankAccountKnown { account: Code },
    #[error(
        "bank account `{account}` holds the money of project `{own}` alone, not of `{project}`"
    )]
    BankProject {
        account: Code,
        own: Code,
        project: Code,
    },
    #[error("project `{project}` is in {own}, not in {found}")]
    BankProjectCurrency {
        project: Code,
        own: Currency,
        found: Currency,
    },
    #[error("bank account `{account}` is in {own}, not in {found}")]
    BankCurrency {
        account: Code,
        own: Currency,
        found: Currency,
    },
    #[error("the file is a statement of bank account `{other}`, not of `{account}`")]
    BankOtherAccount { account: Code, other: Code },
    #[error("line {line} is {class} and cannot be {verb}")]
    LineState {
        line: LineNumber,
        class: Class,
        verb: &'static str,
    },
    #[error(
        "the file has statements of {}, and none is an account of the ledger",
        text::listed(named)
    )]
    BankNotInFile { named: Vec<String> },
    #[error("statement {position} of the file does not name its account")]
    StatementUnnamed { position: u64 },
    #[error(
        "`{account}` has lines of the same days and amounts, and nothing proves whether these are new: {}",
        text::listed(lines)
    )]
    BankOverlap { account: Code, lines: Vec<String> },
    #[error("statement {statement} was taken back already")]
    StatementVoid { statement: StatementNumber },
    #[error(
        "statement {statement} cannot be taken back: matched or explained: {}",
        text::listed(lines)
    )]
    StatementDecided {
        statement: StatementNumber,
        lines: Vec<LineNumber>,
    },
    #[error(
        "statement {statement} cannot be taken back: later statements brought lines of its days again and have them through it: {}",
        text::listed(later)
    )]
    StatementNeeded {
        statement: StatementNumber,
        later: Vec<StatementNumber>,
    },
    #[error(
        "`{actor}` imported statement {statement}, and a reconciliation has run over it; a reviewer who did not import it takes it back (four eyes){}",
        nobody_else(may)
    )]
    StatementSameActor {
        actor: Code,
        statement: StatementNumber,
        may: Vec<Code>,
    },
    #[error("nothing is proposed for line {line}: it is {class}")]
    NothingProposed { line: LineNumber, class: Class },
    #[error(
        "line {line} is {currency} {} and {} {}: they differ by {}",
        amount.grouped(currency.decimals()),
        remittance.map_or_else(
            || "the payments are".to_owned(),
            |remittance| format!("remittance {remittance} is"),
        ),
        payments.grouped(currency.decimals()), difference.grouped(currency.decimals())
    )]
    MatchAmount {
        line: LineNumber,
        amount: Signed,
        remittance: Option<RemittanceNumber>,
        payments: Signed,
        difference: Signed,
        currency: Currency,
    },
    #[error(
        "line {line} carries the reference of its payment or its file and names {named}; `{actor}` had a hand in the payment and may not match it (four eyes){}",
        nobody_else(may)
    )]
    LineOtherCreditor {
        line: LineNumber,
        named: String,
        actor: Code,
        may: Vec<Code>,
    },
    #[error(
        "line {line} carries the reference of its payment or its file and names {named}; `{actor}` is {role}, and only a reviewer may match it (four eyes){}",
        nobody_else(may)
    )]
    LineOtherCreditorRole {
        line: LineNumber,
        named: String,
        actor: Code,
        role: Role,
        may: Vec<Code>,
    },
    #[error("payment {payment} is matched already, with line {line}")]
    PaymentMatched {
        payment: PaymentNumber,
        line: LineNumber,
    },
    #[error("payment {payment} is in {found} and bank account `{account}` in {own}")]
    PaymentCurrency {
        payment: PaymentNumber,
        account: Code,
        own: Currency,
        found: Currency,
    },
    #[error("withdrawal {withdrawal} is in payment file {file}, which was not cancelled")]
    InPaymentFile {
        withdrawal: WithdrawalNumber,
        file: FileNumber,
    },
    #[error(
        "withdrawal {withdrawal} may already be paid: bank line {line} points to it and is not settled"
    )]
    MaybePaid {
        withdrawal: WithdrawalNumber,
        line: LineNumber,
    },
    #[error(
        "withdrawal {withdrawal} of holder `{holder}` has no bank code and no IBAN, so the bank would not know where to send it"
    )]
    NoBankCode {
        withdrawal: WithdrawalNumber,
        holder: Code,
    },
    #[error(
        "event `{event}` has no approved withdrawal that no payment file holds{}",
        held_by(files)
    )]
    NothingToFile {
        event: Code,
        files: Vec<(FileNumber, u64)>,
    },
    #[error("payment file {file} is {status} and cannot be {verb}")]
    PaymentFileState {
        file: FileNumber,
        status: &'static str,
        verb: &'static str,
    },
    #[error(
        "the execution date {date} is in the past; today is {today}, and a bank does not pay on an earlier day"
    )]
    ExecutionDatePast { date: Date, today: Date },
    #[error(
        "the execution date {date} is more than {} days after today, {today}",
        file_item::LATEST_EXECUTION
    )]
    ExecutionDateFar { date: Date, today: Date },
    #[error("payment file {file} is out of date: {}", file_item::list(changes))]
    PaymentFileChanged {
        file: FileNumber,
        changes: Vec<ItemChange>,
    },
    #[error("payment file {file} changed while it was exported")]
    PaymentFileMeanwhile { file: FileNumber },
    #[error(
        "`{actor}` exported {file} first and may not {verb} it (four eyes){}",
        nobody_else(may)
    )]
    PaymentFileSameActor {
        file: FileNumber,
        actor: Code,
        verb: &'static str,
        may: Vec<Code>,
    },
    #[error(
        "nothing of payment file {file} can be cancelled: bank lines show or may show every item, or payments are recorded for them"
    )]
    PaymentFileSettled { file: FileNumber },
    #[error("withdrawal {withdrawal} is not an item of payment file {file}")]
    PaymentFileNoItem {
        file: FileNumber,
        withdrawal: WithdrawalNumber,
    },
    #[error("withdrawal {withdrawal} stays in payment file {file}, which was exported: {why}")]
    PaymentFileItemSettled {
        file: FileNumber,
        withdrawal: WithdrawalNumber,
        why: String,
    },
    #[error("no item would be left in payment file {file}")]
    PaymentFileEmpty { file: FileNumber },

    #[error("proposal {proposal} was {status} by `{by}` on {on} and cannot be {verb}")]
    ProposalDecided {
        proposal: ProposalNumber,
        status: ProposalStatus,
        by: Code,
        on: Date,
        verb: &'static str,
    },
    #[error(
        "`{actor}` proposed {proposal} and may not approve it (four eyes){}",
        nobody(may)
    )]
    ProposalSameActor {
        proposal: ProposalNumber,
        actor: Code,
        may: Vec<Code>,
    },
    #[error("the text `{text}` does not make a rule: {why}")]
    RuleText { text: String, why: BadRuleText },
    #[error("the most that a rule explains must be above zero and have at most {} decimals", currency.decimals())]
    RuleAmount { currency: Currency },
    #[error("rule {rule} of `{account}` already has the text `{text}`")]
    RuleExists {
        rule: ProposalNumber,
        account: Code,
        text: String,
    },
    #[error(
        "event `{event}` is in the history that {proposal} proposes, which waits for a second person"
    )]
    HistoryWaits {
        event: Code,
        proposal: ProposalNumber,
    },
    #[error("rule {rule} of `{account}` was removed by `{by}` on {on}")]
    RuleRemoved {
        rule: ProposalNumber,
        account: Code,
        by: Code,
        on: Date,
    },
    #[error("proposal {proposal} is {status} and there is no rule by it")]
    NotARule {
        proposal: ProposalNumber,
        status: ProposalStatus,
    },

    #[error(transparent)]
    Tax(#[from] TaxRefused),
}

impl Refused {
    /// Returns the users who may do what four eyes keep the acting user from.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other refusals do not depend on who had a hand in it"
    )]
    pub fn may(&self) -> Option<&[Code]> {
        match self {
            Self::EventSameActor { may, .. }
            | Self::EventSameRegisterActor { may, .. }
            | Self::WithdrawalSameActor { may, .. }
            | Self::WithdrawalBankChanger { may, .. }
            | Self::WithdrawalUnblocker { may, .. }
            | Self::WithdrawalSameApprover { may, .. }
            | Self::PaymentSameActor { may, .. }
            | Self::ReturnSameActor { may, .. }
            | Self::StatementSameActor { may, .. }
            | Self::LineOtherCreditor { may, .. }
            | Self::LineOtherCreditorRole { may, .. }
            | Self::PaymentFileSameActor { may, .. }
            | Self::ProposalSameActor { may, .. } => Some(may),
            Self::Tax(refused) => refused.may(),
            _ => None,
        }
    }

    /// Returns whether it is a question: the user may go on if that is meant.
    pub const fn is_question(&self) -> bool {
        matches!(
            self,
            Self::ClockAhead { .. }
                | Self::LastRowIsSum { .. }
                | Self::OddPayment { .. }
                | Self::EventDuplicate { .. }
        )
    }
}
