//! What imports of files did.

use serde::{Deserialize, Serialize};

use super::{
    code::{Code, WithdrawalNumber},
    holdings::HoldingChange,
    quantity::Total,
};

/// What an import of holders did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderImport {
    /// How many rows the file has.
    pub rows: u64,
    /// How many holders were added.
    pub added: u64,
    /// How many holders were changed.
    pub updated: u64,
    /// The open withdrawals that keep the account of before. Only known the first time.
    #[serde(skip)]
    pub keep_old: Vec<WithdrawalNumber>,
    /// The holders of the file who have the account number of another holder. Only known the first
    /// time.
    #[serde(skip)]
    pub shared: Vec<Code>,
}

/// What an import of register entries did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterImport {
    /// Whether the file was imported before, so that nothing was written now.
    pub already_imported: bool,
    /// How many rows the file has.
    pub rows: u64,
    /// How many entries were added.
    pub added: u64,
    /// How many holders were added.
    pub holders_added: u64,
    /// The tokens of all entries.
    pub tokens: Total,
    /// How many rows were cut to seven decimals.
    pub rows_cut: u64,
    /// How many rows have no tokens, or were cut to nothing, and are not in the register.
    pub rows_left_out: u64,
    /// The tokens that were cut, a plain decimal.
    pub tokens_cut: String,
    /// The tokens that were issued.
    pub tokens_issued: Total,
    /// The tokens that were redeemed.
    pub tokens_redeemed: Total,
    /// What changed for whom, if the file replaced the register.
    pub changes: Option<Vec<HoldingChange>>,
}

impl RegisterImport {
    /// Returns it without what changed for whom: the audit trail names the entries.
    #[must_use]
    pub fn brief(&self) -> Self {
        Self {
            changes: None,
            ..self.clone()
        }
    }
}
