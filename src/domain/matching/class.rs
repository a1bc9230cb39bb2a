//! The class into which the reconciliation puts a line or a payment.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::{
    code::{LineNumber, PaymentNumber, ProposalNumber, RemittanceNumber, WithdrawalNumber},
    status::Means,
};

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
    /// A payment file with it went to the bank days ago, and no line shows it.
    SentNotOnBank,
    /// Money went out that the ledger knows nothing of.
    OnBankNotInLedger,
    /// Money came in that the ledger knows nothing of.
    UnexpectedCredit,
    /// The same payment is on the bank more than once.
    DuplicatePayment,
    /// The bank sent it back, and the ledger says so.
    Returned,
    /// The ledger says that it came back, and the bank never had it.
    NeverSent,
    /// The ledger says that it came back, the bank may have paid it, and no credit shows the return.
    ReturnedUnproven,
    /// A cheque that no line shows yet.
    ChequeOutstanding,
    /// Cash, a set-off or a reinvestment: no line shows it.
    OffBank,
    /// A second person settled the payment by hand: no line will ever show it.
    Settled,
    /// A reversal whose payment is not found.
    UnlinkedReversal,
    /// The bank's fees, taxes and levies.
    FeeTaxLevy,
    /// A user explained it.
    Resolved,
    /// Tax that was remitted to an authority, and a second person confirmed it.
    TaxRemittance,
    /// Nothing is to be done yet: approved, and neither recorded as paid nor on the bank.
    Awaited,
    /// Of a statement that was taken back.
    Void,
}

/// What the ledger knows of a withdrawal whose debit is not matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own; any of them may go with any other"
)]
pub struct LedgerFacts {
    /// The payment, if it is recorded.
    pub payment: Option<PaymentNumber>,
    /// Whether the ledger says that the bank sent it back.
    pub returned: bool,
    /// Whether a credit on the bank proves that it came back.
    pub credit: bool,
    /// Of what is returned: whether the bank may have paid it. A debit was matched with it once, or
    /// a payment file holds it that was exported and not cancelled.
    pub maybe_sent: bool,
    /// Whether a second person settled it by hand.
    pub settled: bool,
    /// By what means it is paid.
    pub means: Means,
}

/// How many days a cheque may wait to be presented.
const CHEQUE_DAYS: i64 = 180;

/// The class of a line or a payment, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classification {
    /// The class.
    pub class: Class,
    /// The lines that it concerns other than itself, in ascending order.
    pub lines: Vec<LineNumber>,
    /// The withdrawals that it concerns other than itself, in ascending order.
    pub withdrawals: Vec<WithdrawalNumber>,
    /// The remittances that it concerns, in ascending order.
    pub remittances: Vec<RemittanceNumber>,
    /// Why, in words without account numbers.
    pub detail: Option<String>,
    /// The rule of the account that explains a line, by its proposal.
    pub rule: Option<ProposalNumber>,
}

impl Class {
    /// All, in the order of reports.
    pub const ALL: [Self; 23] = [
        Self::Matched,
        Self::MatchedGroup,
        Self::Proposed,
        Self::Ambiguous,
        Self::AmountDiffers,
        Self::DateOutOfWindow,
        Self::PaidNotOnBank,
        Self::SentNotOnBank,
        Self::OnBankNotInLedger,
        Self::UnexpectedCredit,
        Self::DuplicatePayment,
        Self::Returned,
        Self::NeverSent,
        Self::ReturnedUnproven,
        Self::ChequeOutstanding,
        Self::OffBank,
        Self::Settled,
        Self::UnlinkedReversal,
        Self::FeeTaxLevy,
        Self::Resolved,
        Self::TaxRemittance,
        Self::Awaited,
        Self::Void,
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
            Self::SentNotOnBank => "sent_not_on_bank",
            Self::OnBankNotInLedger => "on_bank_not_in_ledger",
            Self::UnexpectedCredit => "unexpected_credit",
            Self::DuplicatePayment => "duplicate_payment",
            Self::Returned => "returned",
            Self::NeverSent => "never_sent",
            Self::ReturnedUnproven => "returned_unproven",
            Self::ChequeOutstanding => "cheque_outstanding",
            Self::OffBank => "off_bank",
            Self::Settled => "settled",
            Self::UnlinkedReversal => "unlinked_reversal",
            Self::FeeTaxLevy => "fee_tax_levy",
            Self::Resolved => "resolved",
            Self::TaxRemittance => "tax_remittance",
            Self::Awaited => "awaited",
            Self::Void => "void",
        }
    }

    /// Checks whether something is still to be done.
    pub const fn is_left(self) -> bool {
        match self {
            Self::Matched
            | Self::MatchedGroup
            | Self::Returned
            | Self::NeverSent
            | Self::ChequeOutstanding
            | Self::OffBank
            | Self::Settled
            | Self::FeeTaxLevy
            | Self::Resolved
            | Self::TaxRemittance
            | Self::Awaited
            | Self::Void => false,
            Self::Proposed
            | Self::Ambiguous
            | Self::AmountDiffers
            | Self::DateOutOfWindow
            | Self::PaidNotOnBank
            | Self::SentNotOnBank
            | Self::OnBankNotInLedger
            | Self::UnexpectedCredit
            | Self::DuplicatePayment
            | Self::ReturnedUnproven
            | Self::UnlinkedReversal => true,
        }
    }

    /// Checks whether something is still to be done about a thing of an age: a cheque may wait.
    pub const fn is_left_after(self, days: i64) -> bool {
        if matches!(self, Self::ChequeOutstanding) {
            days > CHEQUE_DAYS
        } else {
            self.is_left()
        }
    }

    /// Returns the class of a withdrawal whose debit is not matched and that no line is about.
    pub const fn unmatched(facts: LedgerFacts) -> Self {
        let LedgerFacts {
            payment,
            returned,
            credit,
            maybe_sent,
            settled,
            means,
        } = facts;
        match payment {
            _ if credit => Self::Returned,
            Some(_) if settled => Self::Settled,
            _ if returned && maybe_sent => Self::ReturnedUnproven,
            _ if returned => Self::NeverSent,
            Some(_) if means.is_off_bank() => Self::OffBank,
            Some(_) if matches!(means, Means::Cheque) => Self::ChequeOutstanding,
            Some(_) => Self::PaidNotOnBank,
            None => Self::Awaited,
        }
    }

    /// Checks whether the facts of the ledger alone give the class, so that what a run found of it
    /// before ends with them.
    pub const fn is_of_ledger(self) -> bool {
        matches!(
            self,
            Self::Awaited
                | Self::PaidNotOnBank
                | Self::SentNotOnBank
                | Self::Returned
                | Self::NeverSent
                | Self::ReturnedUnproven
                | Self::ChequeOutstanding
                | Self::OffBank
                | Self::Settled
        )
    }

    /// Checks whether a decided match gives the class.
    pub const fn is_decided_match(self) -> bool {
        matches!(
            self,
            Self::Matched | Self::MatchedGroup | Self::Returned | Self::TaxRemittance
        )
    }
}

impl Classification {
    /// Returns a class that concerns nothing else and has no reason.
    pub const fn plain(class: Class) -> Self {
        Self {
            class,
            lines: Vec::new(),
            withdrawals: Vec::new(),
            remittances: Vec::new(),
            detail: None,
            rule: None,
        }
    }

    /// Checks whether a match or a proposal gives the class, so that it is not stored apart.
    pub fn is_of_match(&self) -> bool {
        // The debit is matched, and its credit is not.
        let without_credit = matches!(self.class, Class::ReturnedUnproven | Class::Settled);
        (without_credit && !self.lines.is_empty())
            || self.class.is_decided_match()
            || self.class == Class::Proposed
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cheque_is_left_from_the_181st_day() {
        for (days, is_left) in [(0, false), (180, false), (181, true)] {
            assert_eq!(
                Class::ChequeOutstanding.is_left_after(days),
                is_left,
                "{days}"
            );
            assert!(!Class::OffBank.is_left_after(days));
            assert!(Class::PaidNotOnBank.is_left_after(days));
        }
    }

    #[test]
    fn what_is_returned_is_settled_only_if_that_is_proven() {
        let payment = Some(PaymentNumber::new(1));
        let facts = LedgerFacts {
            payment,
            returned: true,
            credit: false,
            maybe_sent: false,
            settled: false,
            means: Means::Transfer,
        };
        #[rustfmt::skip]
        let cases = [
            (facts,                                             "never_sent",        false),
            (LedgerFacts { maybe_sent: true, ..facts },         "returned_unproven", true),
            (LedgerFacts { credit: true, ..facts },             "returned",          false),
            (LedgerFacts { credit: true, maybe_sent: true, ..facts }, "returned",    false),
            (LedgerFacts { returned: false, means: Means::Cheque, ..facts },       "cheque_outstanding", false),
            (LedgerFacts { returned: false, means: Means::Cash, ..facts },         "off_bank", false),
            (LedgerFacts { returned: false, means: Means::SetOff, ..facts },       "off_bank", false),
            (LedgerFacts { returned: false, means: Means::Reinvestment, ..facts }, "off_bank", false),
            (LedgerFacts { means: Means::Cheque, ..facts },     "never_sent",        false),
            (LedgerFacts { settled: true, maybe_sent: true, ..facts }, "settled",    false),
            (LedgerFacts { settled: true, returned: false, ..facts }, "settled",     false),
            (LedgerFacts { settled: true, credit: true, ..facts }, "returned",       false),
            (LedgerFacts { returned: false, ..facts },          "paid_not_on_bank",  true),
            (LedgerFacts { returned: false, payment: None, ..facts }, "awaited",     false),
        ];
        for (facts, expected, is_left) in cases {
            let class = Class::unmatched(facts);
            assert_eq!(
                (class.as_str(), class.is_left()),
                (expected, is_left),
                "{facts:?}"
            );
            assert!(class.is_of_ledger(), "{class}");
        }
    }
}
