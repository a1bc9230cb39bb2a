//! Payment files out: approved withdrawals as a bank's bulk upload takes them.

pub use crate::domain::payment_file::Layout;
use crate::domain::{
    account::BankAccount,
    code::{Code, FileNumber, WithdrawalNumber},
    currency::Currency,
    quantity::{Amount, Total},
    time::{Date, Instant},
};

/// What stands over all payments of a file. All of it is stored with the file, so that the same bytes are made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The number, shown as `F-000001`.
    pub number: FileNumber,
    /// A message id that no other file of any ledger has: at most 35 of the characters that ISO 20022 allows.
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
pub struct Item {
    /// The withdrawal.
    pub withdrawal: WithdrawalNumber,
    /// Our end-to-end reference.
    pub end_to_end: String,
    /// What is to be paid.
    pub amount: Amount,
    /// The holder's code.
    pub holder: Code,
    /// The holder's name: who is paid where the account has no name of its own.
    pub holder_name: String,
    /// The account that it goes to.
    pub bank: BankAccount,
    /// The event's code: told to the receiver.
    pub event: Code,
}
