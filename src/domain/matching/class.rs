//! The class into which the reconciliation puts a line or a payment.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::code::{LineNumber, PaymentNumber, WithdrawalNumber};

/// The class of a line or a payment; each is in exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// One line, one payment.
    Matched,
    /// Several lines or several payments, linked together.
    MatchedGroup,
    /// A user must confirm.
    Proposed,
    /// The evidence fits more than one way.
    Ambiguous,
    /// The same reference with another amount.
    AmountDiffers,
    /// The same reference and amount on a day outside the window.
    DateOutOfWindow,
    /// The ledger says paid, the bank does not.
    PaidNotOnBank,
    /// Money went out that the ledger knows nothing of.
    OnBankNotInLedger,
    /// Money came in that the ledger knows nothing of.
    UnexpectedCredit,
    /// The same payment is on the bank more than once.
    DuplicatePayment,
    /// The bank sent it back, and the ledger says so.
    Returned,
    /// A reversal whose payment is not found.
    UnlinkedReversal,
    /// The bank's fees, taxes and levies.
    FeeTaxLevy,
    /// A user explained it.
    Resolved,
    /// Nothing is to be done yet: approved, and neither recorded as paid nor on the bank.
    Awaited,
}

/// The class of a line or a payment, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classification {
    /// The class.
    pub class: Class,
    /// The lines that it concerns other than itself, in ascending order.
    pub lines: Vec<LineNumber>,
    /// The withdrawals that it concerns other than itself, in ascending order.
    pub withdrawals: Vec<WithdrawalNumber>,
    /// Why, in words without account numbers.
    pub detail: Option<String>,
}

impl Class {
    /// All, in the order of reports.
    pub const ALL: [Self; 15] = [
        Self::Matched,
        Self::MatchedGroup,
        Self::Proposed,
        Self::Ambiguous,
        Self::AmountDiffers,
        Self::DateOutOfWindow,
        Self::PaidNotOnBank,
        Self::OnBankNotInLedger,
        Self::UnexpectedCredit,
        Self::DuplicatePayment,
        Self::Returned,
        Self::UnlinkedReversal,
        Self::FeeTaxLevy,
        Self::Resolved,
        Self::Awaited,
    ];

    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::MatchedGroup => "matched_group",
            Self::Proposed => "proposed",
            Self::Ambiguous => "ambiguous",
            Self::AmountDiffers => "amount_differs",
            Self::DateOutOfWindow => "date_out_of_window",
            Self::PaidNotOnBank => "paid_not_on_bank",
            Self::OnBankNotInLedger => "on_bank_not_in_ledger",
            Self::UnexpectedCredit => "unexpected_credit",
            Self::DuplicatePayment => "duplicate_payment",
            Self::Returned => "returned",
            Self::UnlinkedReversal => "unlinked_reversal",
            Self::FeeTaxLevy => "fee_tax_levy",
            Self::Resolved => "resolved",
            Self::Awaited => "awaited",
        }
    }

    /// Checks whether something is still to be done.
    pub const fn is_left(self) -> bool {
        match self {
            Self::Matched
            | Self::MatchedGroup
            | Self::Returned
            | Self::FeeTaxLevy
            | Self::Resolved
            | Self::Awaited => false,
            Self::Proposed
            | Self::Ambiguous
            | Self::AmountDiffers
            | Self::DateOutOfWindow
            | Self::PaidNotOnBank
            | Self::OnBankNotInLedger
            | Self::UnexpectedCredit
            | Self::DuplicatePayment
            | Self::UnlinkedReversal => true,
        }
    }

    /// Returns the class of a withdrawal that nothing on the bank concerns.
    pub const fn unmatched(payment: Option<PaymentNumber>) -> Self {
        match payment {
            Some(_) => Self::PaidNotOnBank,
            None => Self::Awaited,
        }
    }

    /// Checks whether a match or a proposal gives the class, so that it is not stored apart.
    pub const fn is_of_match(self) -> bool {
        self.is_decided_match() || matches!(self, Self::Proposed)
    }

    /// Checks whether a decided match gives the class.
    pub const fn is_decided_match(self) -> bool {
        matches!(self, Self::Matched | Self::MatchedGroup | Self::Returned)
    }
}

impl Classification {
    /// Returns a class that concerns nothing else and has no reason.
    pub const fn plain(class: Class) -> Self {
        Self {
            class,
            lines: Vec::new(),
            withdrawals: Vec::new(),
            detail: None,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
