//! Payment files: approved withdrawals that go to the bank together.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{
    Refused,
    account::BankAccount,
    code::{Code, FileNumber, WithdrawalNumber},
    currency::Currency,
    event::Approval,
    id::{AccountRef, PaymentFileId, UserRef},
    quantity::{Amount, Total},
    status::WithdrawalStatus,
    time::{Date, Instant},
    user::{Act, Actor},
    words::words,
};

mod plan;

pub use plan::{Candidate, NoPlan, Plan, PlanInput, plan};

/// The layout of a payment file.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
pub enum Layout {
    /// CSV with documented columns.
    #[serde(rename = "generic")]
    #[strum(serialize = "generic")]
    Generic,
    /// ISO 20022 customer credit transfer, version 3.
    #[serde(rename = "pain.001.001.03")]
    #[strum(serialize = "pain.001.001.03")]
    Pain00103,
    /// ISO 20022 customer credit transfer, version 9.
    #[serde(rename = "pain.001.001.09")]
    #[strum(serialize = "pain.001.001.09")]
    Pain00109,
}

words!(Layout);

/// A payment file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentFile {
    /// The number, shown as `F-000001`.
    pub number: FileNumber,
    /// The id.
    pub id: PaymentFileId,
    /// The account that pays.
    pub account: AccountRef,
    /// The bank and the number of that account.
    pub bank: BankAccount,
    /// The layout.
    pub layout: Layout,
    /// The message id in the file.
    pub message_id: String,
    /// When the bank is to pay.
    pub execution_date: Date,
    /// The currency.
    pub currency: Currency,
    /// Who pays, as the file says it.
    pub debtor: String,
    /// How many payments it holds.
    pub payments: u64,
    /// Their total.
    pub total: Total,
    /// The SHA-256 hash of the file's bytes.
    pub content_hash: String,
    /// Who created it.
    pub created_by: UserRef,
    /// When.
    pub created_at: Instant,
    /// Who cancelled it, when, and why.
    pub cancelled: Option<(Approval, String)>,
    /// How many of its payments are recorded.
    pub paid: u64,
}

/// What applies to all payments of a file. All of it is stored with the file, so that the same
/// bytes are made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHeader {
    /// The number, shown as `F-000001`.
    pub number: FileNumber,
    /// A message id that no other file of any ledger has: at most 35 of the characters that ISO
    /// 20022 allows.
    pub message_id: String,
    /// When the file was created.
    pub created_at: Instant,
    /// When the bank is to pay.
    pub execution_date: Date,
    /// The currency.
    pub currency: Currency,
    /// Who pays: the name.
    pub debtor: String,
    /// The account that pays.
    pub account: BankAccount,
    /// How many payments follow.
    pub count: u64,
    /// Their total.
    pub total: Total,
}

/// One payment of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentItem {
    /// The withdrawal.
    pub withdrawal: WithdrawalNumber,
    /// Our end-to-end reference.
    pub end_to_end: String,
    /// What is to be paid.
    pub amount: Amount,
    /// The holder's code.
    pub holder: Code,
    /// The holder's name when the file was created: who is paid if the account has no name.
    pub holder_name: String,
    /// The account that it goes to.
    pub bank: BankAccount,
    /// The event's code, for the receiver.
    pub event: Code,
}

/// One payment of a file, as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileItem {
    /// The withdrawal.
    pub withdrawal: WithdrawalNumber,
    /// Our end-to-end reference.
    pub end_to_end: String,
    /// What is to be paid.
    pub amount: Amount,
    /// The holder's code.
    pub holder: Code,
    /// The holder's name when the file was created.
    pub holder_name: String,
    /// The account that it goes to.
    pub bank: BankAccount,
    /// The event's code.
    pub event: Code,
    /// The status of the withdrawal now.
    pub status: WithdrawalStatus,
}

/// A payment file and its payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentFileDetail {
    /// The file.
    pub file: PaymentFile,
    /// Its payments, in order of their withdrawals.
    pub items: Vec<FileItem>,
}

impl From<FileItem> for PaymentItem {
    fn from(item: FileItem) -> Self {
        Self {
            withdrawal: item.withdrawal,
            end_to_end: item.end_to_end,
            amount: item.amount,
            holder: item.holder,
            holder_name: item.holder_name,
            bank: item.bank,
            event: item.event,
        }
    }
}

impl PaymentFile {
    /// Returns the status of the file: `open`, `paid` once all of its payments are recorded,
    /// `cancelled`.
    pub const fn status(&self) -> &'static str {
        match self.cancelled {
            Some(_) => "cancelled",
            None if self.paid == self.payments => "paid",
            None => "open",
        }
    }

    /// Decides a cancellation.
    ///
    /// # Errors
    /// [`Refused::PaymentFileState`], [`Refused::ReasonMissing`].
    pub fn cancel(
        &self,
        actor: &Actor,
        reason: &str,
        now: Instant,
    ) -> Result<(Approval, String), Refused> {
        actor.must(Act::Record)?;
        if self.status() != "open" {
            return Err(self.refuse("cancelled"));
        }
        if reason.trim().is_empty() {
            return Err(Refused::ReasonMissing { verb: "cancel" });
        }
        Ok((
            Approval {
                by: actor.user.clone(),
                at: now,
            },
            reason.trim().to_owned(),
        ))
    }

    /// Refuses to export a cancelled file.
    ///
    /// # Errors
    /// [`Refused::PaymentFileState`].
    pub fn must_be_exportable(&self) -> Result<(), Refused> {
        if self.cancelled.is_some() {
            Err(self.refuse("exported"))
        } else {
            Ok(())
        }
    }

    /// Returns what applies to all of its payments.
    pub fn header(&self) -> FileHeader {
        FileHeader {
            number: self.number,
            message_id: self.message_id.clone(),
            created_at: self.created_at,
            execution_date: self.execution_date,
            currency: self.currency,
            debtor: self.debtor.clone(),
            account: self.bank.clone(),
            count: self.payments,
            total: self.total,
        }
    }

    fn refuse(&self, verb: &'static str) -> Refused {
        Refused::PaymentFileState {
            file: self.number,
            status: self.status(),
            verb,
        }
    }
}
