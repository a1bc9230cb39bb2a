//! What the bank side shows of a withdrawal that is not paid yet.

use super::{
    Refused,
    code::{FileNumber, LineNumber, WithdrawalNumber},
    matching::Class,
};

/// What the bank side shows of a withdrawal. The default is a withdrawal that nothing of it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankTrace {
    /// The payment file that holds it.
    pub file: Option<FileNumber>,
    /// The bank line that is proposed for it.
    pub proposal: Option<LineNumber>,
    /// A bank line that carries a reference which a payment file gave it.
    pub reference: Option<LineNumber>,
    /// The class in which the last reconciliation put it.
    pub class: Option<TraceClass>,
}

/// The class of a withdrawal, and the first bank line that it was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceClass {
    /// The class.
    pub class: Class,
    /// The line.
    pub line: Option<LineNumber>,
}

impl BankTrace {
    /// Refuses to pay or to cancel what a payment file holds or the bank may have paid already.
    ///
    /// # Errors
    /// [`Refused::InPaymentFile`], [`Refused::MaybePaid`].
    pub fn must_be_free(&self, withdrawal: WithdrawalNumber) -> Result<(), Refused> {
        if let Some(file) = self.file {
            return Err(Refused::InPaymentFile { withdrawal, file });
        }
        match self.possible_payment() {
            Some(line) => Err(Refused::MaybePaid { withdrawal, line }),
            None => Ok(()),
        }
    }

    /// Returns the bank line that may have paid the withdrawal already.
    fn possible_payment(&self) -> Option<LineNumber> {
        self.proposal
            .or(self.reference)
            .or(self.class.and_then(TraceClass::possible_payment))
    }
}

impl TraceClass {
    /// Returns the bank line that may have paid the withdrawal, if the class leaves that open.
    pub fn possible_payment(self) -> Option<LineNumber> {
        self.line.filter(|_| is_undecided(self.class))
    }
}

/// Returns whether a class leaves open that the bank paid.
const fn is_undecided(class: Class) -> bool {
    match class {
        Class::Ambiguous
        | Class::AmountDiffers
        | Class::DateOutOfWindow
        | Class::DuplicatePayment => true,
        Class::Matched
        | Class::MatchedGroup
        | Class::Proposed
        | Class::PaidNotOnBank
        | Class::SentNotOnBank
        | Class::OnBankNotInLedger
        | Class::UnexpectedCredit
        | Class::Returned
        | Class::NeverSent
        | Class::ReturnedUnproven
        | Class::ChequeOutstanding
        | Class::OffBank
        | Class::Settled
        | Class::UnlinkedReversal
        | Class::FeeTaxLevy
        | Class::Resolved
        | Class::TaxRemittance
        | Class::Awaited
        | Class::Void => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withdrawal_is_free_unless_a_file_or_an_undecided_line_names_it() {
        let (file, line) = (FileNumber::new(1), LineNumber::new(7));
        let class = |class| BankTrace {
            class: Some(TraceClass {
                class,
                line: Some(line),
            }),
            ..BankTrace::default()
        };
        let in_file = BankTrace {
            file: Some(file),
            ..class(Class::Ambiguous)
        };
        let proposed = BankTrace {
            proposal: Some(line),
            ..class(Class::Proposed)
        };
        let referenced = BankTrace {
            reference: Some(line),
            ..BankTrace::default()
        };
        let cases = [
            (BankTrace::default(), "free"),
            (class(Class::PaidNotOnBank), "free"),
            (class(Class::Awaited), "free"),
            (class(Class::AmountDiffers), "payment_file.maybe_paid"),
            (class(Class::DuplicatePayment), "payment_file.maybe_paid"),
            (proposed, "payment_file.maybe_paid"),
            (referenced, "payment_file.maybe_paid"),
            (in_file, "withdrawal.in_payment_file"),
        ];
        for (trace, expected) in cases {
            let found = trace.must_be_free(WithdrawalNumber::new(3));
            let found = found.map_or_else(|refused| refused.code(), |()| "free");
            assert_eq!(found, expected, "{trace:?}");
        }
    }
}
