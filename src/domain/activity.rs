//! The audit trail: what is noted of each step, and the chain of hashes that holds it together.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::{
    account::masked_within,
    hash::sha256_hex,
    id::{EventId, ProjectId, WithdrawalId},
    session::ClaimedBy,
    time::Instant,
    user::FourEyes,
    words::words,
};

/// What a step of the audit trail did, or tried.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Activity {
    /// The ledger was created.
    LedgerCreated,
    /// A backup was made.
    BackupMade,
    /// The ledger was checked, and nothing was found.
    LedgerChecked,
    /// A key was used for a command that had nothing to do.
    KeyUsed,
    /// Account numbers were shown whole.
    PiiShown,
    /// A user was added.
    UserAdded,
    /// A user changed.
    UserChanged,
    /// A new or changed user was acknowledged by somebody else.
    UserAcknowledged,
    /// A project was added.
    ProjectAdded,
    /// A project changed.
    ProjectChanged,
    /// A net asset value was recorded.
    NavSet,
    /// A holder was added.
    HolderAdded,
    /// A holder changed.
    HolderChanged,
    /// A holder got another code.
    HolderRenamed,
    /// A holder was blocked.
    HolderBlocked,
    /// A holder was unblocked.
    HolderUnblocked,
    /// A holder's bank account was set or changed.
    HolderAccountSet,
    /// A holder's bank account was removed.
    HolderAccountRemoved,
    /// Holders were imported.
    HoldersImported,
    /// Tokens were issued.
    TokensIssued,
    /// Tokens changed hands.
    TokensTransferred,
    /// Tokens were redeemed.
    TokensRedeemed,
    /// Register entries were imported.
    TokensImported,
    /// An import of register entries was taken back.
    TokenImportUndone,
    /// An event was created.
    EventCreated,
    /// An event was changed before its approval.
    EventChanged,
    /// Who takes part in an event was changed.
    ParticipationChanged,
    /// A holder takes no part in the events of a project from a day on.
    ExclusionAdded,
    /// A standing exclusion got its last day.
    ExclusionEnded,
    /// The deductions from the proceeds of an event changed.
    DeductionsChanged,
    /// An event was calculated.
    AllocationsCalculated,
    /// An event was approved.
    EventApproved,
    /// An event of the past was imported.
    HistoryImported,
    /// The last of an event was paid.
    EventCompleted,
    /// A completed event is active again.
    EventReopened,
    /// An event was cancelled.
    EventCancelled,
    /// A withdrawal was requested.
    WithdrawalRequested,
    /// The notes of a withdrawal were corrected before its approval.
    WithdrawalChanged,
    /// A withdrawal was approved.
    WithdrawalApproved,
    /// A withdrawal was rejected.
    WithdrawalRejected,
    /// A withdrawal was cancelled.
    WithdrawalCancelled,
    /// A payment was recorded.
    PaymentRecorded,
    /// A payment was returned by the bank.
    PaymentReturned,
    /// A payment that no bank line will ever show was settled by hand.
    PaymentSettled,
    /// Such a settlement was taken back.
    SettlementUndone,
    /// A typing error in a payment was corrected.
    PaymentCorrected,
    /// The return of a payment was taken back: the credit that proved it is not its own.
    ReturnTakenBack,
    /// A bank account was added.
    BankAccountAdded,
    /// The bank's name or the project of a bank account changed.
    BankAccountChanged,
    /// A bank statement was imported.
    StatementImported,
    /// A bank statement was taken back.
    StatementVoided,
    /// Bank lines and payments were reconciled.
    BankReconciled,
    /// A bank line was matched.
    LineMatched,
    /// A proposed match was rejected.
    LineRejected,
    /// A match was taken back.
    LineUnmatched,
    /// A bank line was explained.
    LineResolved,
    /// A payment file was created.
    PaymentFileCreated,
    /// A payment file was exported.
    PaymentFileExported,
    /// Items were taken out of a payment file.
    PaymentFileItemsDropped,
    /// A payment file was cancelled.
    PaymentFileCancelled,
    /// A part of a holder's forward balance was released into an event.
    ForwardReleased,
    /// Forward balances that no bank can pay were given up.
    ForwardWrittenOff,
    /// Something that needs a second person was proposed.
    ProposalRecorded,
    /// A proposal was approved, and has its effect.
    ProposalApproved,
    /// A proposal was rejected.
    ProposalRejected,
    /// A rule about bank lines counts from now on.
    BankRuleAdded,
    /// A rule about bank lines was removed.
    BankRuleRemoved,
    /// A tax certificate counts from now on.
    TaxCertificateApproved,
    /// A tax certificate was ended.
    TaxCertificateEnded,
    /// Tax was remitted to an authority.
    TaxRemitted,
    /// A remittance of tax was taken back.
    TaxRemittanceReversed,
    /// The ledger was brought to a newer version.
    LedgerMigrated,
}

words!(Activity, AuditOutcome);

impl std::str::FromStr for Activity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let activity = Self::ALL.iter().find(|activity| activity.as_str() == text);
        activity
            .copied()
            .ok_or_else(|| format!("`{text}` is not an activity type"))
    }
}

/// Whether a step was done or refused.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// A rule refused it and nothing was changed.
    Refused,
}

/// What a step concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Concern {
    /// The project.
    pub project: Option<ProjectId>,
    /// The event.
    pub event: Option<EventId>,
    /// The withdrawal.
    pub withdrawal: Option<WithdrawalId>,
}

/// A step as an operation reports it. It never has an account number in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What was done.
    pub activity: Activity,
    /// What it concerns.
    pub concern: Concern,
    /// The state before, if there is one.
    pub previous: Option<&'static str>,
    /// The state after, if there is one.
    pub new: Option<&'static str>,
    /// What changed, as a JSON object.
    pub changes: Value,
}

impl Fact {
    /// Begins a fact without states. What looks like an account number in the words that people
    /// wrote is masked.
    pub fn new(activity: Activity, mut changes: Value) -> Self {
        const WORDS: [&str; 6] = ["reason", "reference", "name", "title", "message", "notes"];
        for (_, words) in changes
            .as_object_mut()
            .into_iter()
            .flatten()
            .filter(|(key, _)| WORDS.contains(&key.as_str()))
        {
            mask(words);
        }
        Self {
            activity,
            concern: Concern::default(),
            previous: None,
            new: None,
            changes,
        }
    }

    /// Names what it concerns.
    #[must_use]
    pub fn about(mut self, concern: Concern) -> Self {
        self.concern = concern;
        self
    }

    /// Names the states before and after.
    #[must_use]
    pub fn moved(mut self, previous: Option<&'static str>, new: &'static str) -> Self {
        self.previous = previous;
        self.new = Some(new);
        self
    }
}

/// Masks what looks like an account number in a text, or in the texts before and after a change.
fn mask(words: &mut Value) {
    match words {
        Value::String(text) => *text = masked_within(text).into_owned(),
        Value::Array(texts) => texts.iter_mut().for_each(mask),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {}
    }
}

/// An entry of the trail with everything that its hash covers; its texts are its own, or
/// borrowed from the writer.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry<T = String> {
    /// The sequence number; entries count from 1 without a gap.
    pub seq: i64,
    /// The id.
    pub id: Uuid,
    /// The event's id.
    pub event_id: Option<T>,
    /// The withdrawal's id.
    pub withdrawal_id: Option<T>,
    /// The project's id.
    pub project_id: Option<T>,
    /// What was done.
    pub activity: T,
    /// Whether it was done.
    pub outcome: T,
    /// The acting user's id.
    pub performed_by: T,
    /// How the user was named.
    pub claimed_by: T,
    /// The state before.
    pub previous_status: Option<T>,
    /// The state after.
    pub new_status: Option<T>,
    /// What changed, JSON.
    pub changes_summary: T,
    /// Host, user, terminal, JSON.
    pub metadata: T,
    /// The remote address.
    pub ip_address: Option<T>,
    /// The program.
    pub user_agent: T,
    /// When.
    pub created_at: T,
    /// The digest of the rows that the transaction wrote.
    pub rows_hash: Option<T>,
}

/// The position of the trail: the last entry's number and hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The last entry's number; 0 before the first.
    pub seq: i64,
    /// Its hash, in hexadecimal.
    pub hash: String,
}

/// What every list shows at its foot: the state of the ledger that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footing {
    /// The head of the trail.
    pub head: Head,
    /// Whether four eyes are on.
    pub four_eyes: FourEyes,
}

impl Head {
    /// Returns the head of an empty trail: the hash of the ledger's id.
    pub fn genesis(ledger_id: &str) -> Self {
        Self {
            seq: 0,
            hash: sha256_hex(format!("prorata ledger 1\n{ledger_id}\n").as_bytes()),
        }
    }
}

impl<T: AsRef<str>> AuditEntry<T> {
    /// Hashes the entry onto the hash before it.
    pub fn hash(&self, previous: &str) -> String {
        self.hash_in(previous, &mut Vec::new())
    }

    /// Hashes the entry onto the hash before it; what is hashed is written down in `written`, which
    /// is used again.
    pub fn hash_in(&self, previous: &str, written: &mut Vec<u8>) -> String {
        fn maybe<T: AsRef<str>>(text: Option<&T>) -> Option<&str> {
            text.map(AsRef::as_ref)
        }
        let (mut seq, mut id) = (itoa::Buffer::new(), Uuid::encode_buffer());
        let fields = [
            Some(previous),
            Some(seq.format(self.seq)),
            Some(&*self.id.hyphenated().encode_lower(&mut id)),
            maybe(self.event_id.as_ref()),
            maybe(self.withdrawal_id.as_ref()),
            maybe(self.project_id.as_ref()),
            Some(self.activity.as_ref()),
            Some(self.outcome.as_ref()),
            Some(self.performed_by.as_ref()),
            Some(self.claimed_by.as_ref()),
            maybe(self.previous_status.as_ref()),
            maybe(self.new_status.as_ref()),
            Some(self.changes_summary.as_ref()),
            Some(self.metadata.as_ref()),
            maybe(self.ip_address.as_ref()),
            Some(self.user_agent.as_ref()),
            Some(self.created_at.as_ref()),
            maybe(self.rows_hash.as_ref()),
        ];
        hash_fields(fields, written)
    }
}

/// Hashes the fields of an entry, after the hash before it, in the order of [`AuditEntry`].
///
/// Each field is written as a tag (0 absent, 1 present), its length in eight bytes and its bytes,
/// so that no two different entries are written alike.
pub fn hash_fields(fields: [Option<&str>; 18], written: &mut Vec<u8>) -> String {
    // The hash is faster over one piece, and a piece that is used again costs no memory for each
    // entry.
    written.clear();
    for field in fields {
        let bytes = field.unwrap_or_default().as_bytes();
        written.push(u8::from(field.is_some()));
        written.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        written.extend_from_slice(bytes);
    }
    sha256_hex(written)
}

/// Shows how the acting user was named, as the trail stores it.
pub const fn claimed_by(claim: ClaimedBy) -> &'static str {
    match claim {
        ClaimedBy::Flag => "flag",
        ClaimedBy::Environment => "environment",
        ClaimedBy::Config => "config",
        ClaimedBy::OsUser => "os_user",
    }
}

/// An entry as people read it: names instead of ids.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntryView {
    /// The sequence number.
    pub seq: i64,
    /// When.
    pub created_at: Instant,
    /// What was done.
    pub activity: String,
    /// The acting user's code.
    pub performed_by: String,
    /// Whether it was done.
    pub outcome: String,
    /// The project's code.
    pub project: Option<String>,
    /// The event's code.
    pub event: Option<String>,
    /// The withdrawal's number.
    pub withdrawal: Option<super::code::WithdrawalNumber>,
    /// The state before.
    pub previous_status: Option<String>,
    /// The state after.
    pub new_status: Option<String>,
    /// What changed.
    pub changes_summary: Value,
    /// Host, user, terminal.
    pub metadata: Value,
    /// The remote address.
    pub ip_address: Option<String>,
    /// The program.
    pub user_agent: String,
    /// The entry's hash.
    pub hash: String,
    /// How the acting user was named.
    pub claimed_by: String,
}

/// Something that does not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFinding {
    /// The entry it concerns, or that last wrote the row.
    pub seq: Option<i64>,
    /// The table.
    pub table: Option<String>,
    /// The row's number, or its id if there is one.
    pub row: Option<String>,
    /// What is wrong.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_account_number_in_the_words_of_a_fact_is_masked() {
        let changes = serde_json::json!({ "reason": "to 0123456785", "name": ["0123456785", null], "holder": "0123456785" });
        let masked = serde_json::json!({ "reason": "to ******6785", "name": ["******6785", null], "holder": "0123456785" });
        assert_eq!(Fact::new(Activity::HolderBlocked, changes).changes, masked);
    }

    fn entry() -> AuditEntry {
        AuditEntry {
            seq: 1,
            id: Uuid::nil(),
            event_id: None,
            withdrawal_id: None,
            project_id: None,
            activity: "event_created".into(),
            outcome: "done".into(),
            performed_by: "u".into(),
            claimed_by: "flag".into(),
            previous_status: None,
            new_status: Some("draft".into()),
            changes_summary: "{}".into(),
            metadata: "{}".into(),
            ip_address: None,
            user_agent: "prorata".into(),
            created_at: "2026-01-31T16:05:09.000001Z".into(),
            rows_hash: None,
        }
    }

    #[test]
    fn absent_and_empty_are_two_things() {
        let with_empty = AuditEntry {
            previous_status: Some(String::new()),
            ..entry()
        };
        assert_ne!(entry().hash("x"), with_empty.hash("x"));
    }

    #[test]
    fn the_hash_of_bytes_is_the_published_one() {
        assert_eq!(
            sha256_hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    proptest! {
        #[test]
        fn text_moved_between_two_fields_changes_the_hash(a in "[a-z]{0,6}", b in "[a-z]{0,6}", cut in 0_usize..6) {
            let moved = format!("{a}{b}");
            let cut = cut.min(moved.len());
            let (left, right) = moved.split_at(cut);
            let one = AuditEntry { changes_summary: a.clone(), metadata: b.clone(), ..entry() };
            let two = AuditEntry { changes_summary: left.into(), metadata: right.into(), ..entry() };
            prop_assert_eq!(one.hash("x") == two.hash("x"), left == a);
        }
    }
}
