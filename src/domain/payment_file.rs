//! Payment files: approved withdrawals that go to the bank together.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{
    Refused,
    account::BankAccount,
    code::{Code, FileNumber, WithdrawalNumber},
    currency::Currency,
    event::Approval,
    file_item::{ItemEnd, Mark},
    id::{AccountRef, PaymentFileId, UserRef},
    quantity::{Amount, Total},
    status::WithdrawalStatus,
    time::{Date, Instant},
    words::words,
};

mod changes;
mod ending;
mod plan;

pub use changes::{AccountNow, ItemNow, OnBank};
pub use ending::{DropError, DropPlan, Removal};
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
    /// The SHA-256 hash of the file's bytes; a dry run, which makes no file, has none.
    pub content_hash: Option<String>,
    /// Who created it.
    pub created_by: UserRef,
    /// When.
    pub created_at: Instant,
    /// Who exported it first, and when.
    pub exported: Option<Approval>,
    /// Who cancelled it, when, and why.
    pub cancelled: Option<(Approval, String)>,
    /// How many of its payments are recorded.
    pub paid: u64,
    /// How many of its payments are on the bank, or came back.
    pub settled: u64,
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
    /// The holder's code when the file was created.
    pub holder: Code,
    /// The holder's name when the file was created.
    pub holder_name: String,
    /// The account that it goes to.
    pub bank: BankAccount,
    /// The event's code when the file was created.
    pub event: Code,
    /// The status of the withdrawal now.
    pub status: WithdrawalStatus,
    /// How it ended, if it did, and who ended it, when and why.
    pub ended: Option<ItemEnding>,
    /// What earlier files say about its withdrawal.
    pub marks: Vec<Mark>,
}

/// How an item ended, who ended it, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemEnding {
    /// How.
    pub how: ItemEnd,
    /// Who, and when.
    pub by: Approval,
    /// Why.
    pub reason: String,
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
    /// Returns the status of the file: `open`, `done` once all of its payments are on the bank or
    /// came back, `cancelled`.
    pub const fn status(&self) -> &'static str {
        match self.cancelled {
            Some(_) => "cancelled",
            None if self.settled >= self.payments => "done",
            None => "open",
        }
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

#[cfg(test)]
pub(in crate::domain) mod tests {
    use super::*;
    use crate::domain::{
        event::tests::{amount, day, named, now},
        withdrawal::tests::bank,
    };

    /// Makes an open file of three payments of 40.00.
    pub(super) fn file() -> PaymentFile {
        PaymentFile {
            number: FileNumber::new(1),
            id: PaymentFileId(uuid::Uuid::nil()),
            account: named("OPS"),
            bank: bank().account().unwrap(),
            layout: Layout::Generic,
            message_id: "F-000001-x".to_owned(),
            execution_date: day("2026-07-01"),
            currency: Currency::parse("NGN").unwrap(),
            debtor: "Lagos Tower".to_owned(),
            payments: 3,
            total: amount("120").widen(),
            content_hash: Some("0".repeat(64)),
            created_by: named("bola"),
            created_at: now(),
            exported: None,
            cancelled: None,
            paid: 0,
            settled: 0,
        }
    }

    /// Makes the file as somebody exported it.
    pub(super) fn exported(by: &str) -> PaymentFile {
        let by = Approval {
            by: named(by),
            at: now(),
        };
        PaymentFile {
            exported: Some(by),
            ..file()
        }
    }

    /// Makes an item of 40.00 for h1.
    pub(super) fn item(number: i64) -> FileItem {
        FileItem {
            withdrawal: WithdrawalNumber::new(number),
            end_to_end: "PB6H1XMAE0".to_owned(),
            amount: amount("40"),
            holder: Code::parse("h1").unwrap(),
            holder_name: "Adaeze".to_owned(),
            bank: bank().account().unwrap(),
            event: Code::parse("E1").unwrap(),
            status: WithdrawalStatus::Approved,
            ended: None,
            marks: Vec::new(),
        }
    }

    #[test]
    fn a_file_is_done_once_all_of_it_is_on_the_bank_or_came_back() {
        let recorded = PaymentFile { paid: 3, ..file() };
        assert_eq!(recorded.status(), "open", "recorded is not seen");
        let done = PaymentFile {
            settled: 3,
            ..recorded
        };
        assert_eq!(done.status(), "done");
        let why = "why".to_owned();
        let cancelled = PaymentFile {
            cancelled: exported("chi").exported.map(|by| (by, why)),
            ..done
        };
        assert_eq!(cancelled.status(), "cancelled");
    }
}
