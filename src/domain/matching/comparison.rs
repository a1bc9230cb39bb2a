//! What an explanation shows: compared fields, and the alternatives of a line.

use serde::Serialize;

use super::link::Tier;
use crate::domain::code::{PaymentNumber, RemittanceNumber, WithdrawalNumber};

/// One field that was compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The field: `reference`, `amount`, `date`, `account`, `name`, `direction`, `file_total`,
    /// `sum`.
    pub field: &'static str,
    /// What the bank says.
    pub bank: String,
    /// What the ledger says.
    pub ledger: String,
    /// Whether they agree.
    pub agrees: bool,
}

/// A withdrawal or a remittance that a line was compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The withdrawal, if it is one.
    pub withdrawal: Option<WithdrawalNumber>,
    /// The payment, if it is recorded.
    pub payment: Option<PaymentNumber>,
    /// The remittance, if it is one.
    pub remittance: Option<RemittanceNumber>,
    /// The strongest tier whose evidence it has, if it has any.
    pub tier: Option<Tier>,
    /// The fields.
    pub compared: Vec<Comparison>,
    /// Why it is or is not the one, in words.
    pub verdict: String,
}
