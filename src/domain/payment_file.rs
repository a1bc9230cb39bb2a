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
    /// The message id that stands in the file.
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
    /// Where the withdrawal stands now.
    pub status: WithdrawalStatus,
}

impl PaymentFile {
    /// Names where the file stands: `open`, `paid` once all of its payments are recorded,
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

    fn refuse(&self, verb: &'static str) -> Refused {
        Refused::PaymentFileState {
            file: self.number,
            status: self.status(),
            verb,
        }
    }
}
