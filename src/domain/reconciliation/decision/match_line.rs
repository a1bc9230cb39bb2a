//! A line that a user matches with payments, or with approved withdrawals that it pays.

use super::{
    Decision, DecisionError, MatchDetails, Moment, by_hand, ending::superseded, must_be_equal,
    must_be_open, sum,
};
use crate::domain::{
    Refused,
    bank::{BankLine, FundAccount},
    code::{FileNumber, WithdrawalNumber},
    id::{BankAccountId, ProjectRef},
    matching::{Certainty, Line, Link, LinkKind, carries},
    payment::Payment,
    quantity::Amount,
    reconciliation::settlement::{LineSource, LinkedWithdrawal, settle},
    signed::Signed,
    transfer::TransferNumber,
    withdrawal::{Means, Withdrawal, WithdrawalStatus},
};

/// What a user wants to match with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatchWith {
    /// A payment that is recorded.
    Payment(Box<Payment>),
    /// A withdrawal without a payment: the line is to record one.
    Withdrawal(Box<Withdrawal>),
}

/// A payment or a withdrawal that a user wants to match, and what may speak against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchCandidate {
    /// The payment, or the withdrawal.
    pub with: MatchWith,
    /// The end-to-end reference that its open payment file gave it.
    pub end_to_end: Option<String>,
    /// The project whose money it is.
    pub project: ProjectRef,
    /// The open payment file that holds it, and the account that pays the file.
    pub file: Option<(FileNumber, BankAccountId)>,
    /// The match or proposal that holds it already.
    pub held_by: Option<MatchDetails>,
    /// Every end-to-end reference that a payment file ever gave it.
    pub references: Vec<String>,
}

/// Matches a line with payments whose sum is its amount: money out pays them, money in sends them
/// back.
///
/// # Errors
/// [`Refused::LineState`], [`Refused::MatchAmount`], [`Refused::PaymentCurrency`],
/// [`Refused::BankProject`], [`Refused::InPaymentFile`], [`Refused::PaymentMatched`],
/// [`Refused::DebitOfReturned`], [`Refused::PaymentImported`]; of a withdrawal without a payment [`Refused::WithdrawalState`],
/// [`Refused::MeansDiffer`].
pub fn match_line(
    account: &FundAccount,
    line: &BankLine,
    held_by: Option<&MatchDetails>,
    candidates: &[MatchCandidate],
    mut moment: Moment,
) -> Result<Decision, DecisionError> {
    must_be_matchable(line, held_by)?;
    let kind = kind_of_match(line);
    for candidate in candidates {
        must_be_payable(kind, candidate)?;
    }
    let paid = sum(candidates.iter().map(|each| Signed::from(each.amount())));
    let amount = Signed::from(line.line.amount.magnitude());
    must_be_equal(line, Some(amount), (None, paid))?;
    for candidate in candidates {
        must_be_free(account, line, candidate)?;
        if kind == LinkKind::Payment {
            must_be_its_debit(line, candidate)?;
        }
    }
    let withdrawals: Vec<_> = candidates.iter().map(MatchCandidate::withdrawal).collect();
    let source = LineSource::from(line);
    let used = &mut moment.used_references;
    let settlement = settle(kind, source, &withdrawals, used, moment.today);
    let link = Link {
        kind,
        lines: vec![line.number],
        withdrawals: withdrawals.iter().map(|each| each.number).collect(),
        remittance: None,
    };
    let held = candidates.iter().filter_map(|each| each.held_by.as_ref());
    Ok(Decision {
        ended: superseded(held.chain(held_by)),
        made: Some(by_hand(&link, format!("{} said so", moment.user))),
        settlement,
        ..Decision::about(link, line)
    })
}

/// Refuses to match a line that is matched or explained already. It is asked before the payments
/// are looked up.
///
/// # Errors
/// [`Refused::LineState`].
pub fn must_be_matchable(line: &BankLine, held_by: Option<&MatchDetails>) -> Result<(), Refused> {
    must_be_open(line, held_by, "matched")
}

/// Returns the kind of a match with payments: money out pays them, money in sends them back.
pub const fn kind_of_match(line: &BankLine) -> LinkKind {
    if line.line.amount.is_negative() {
        LinkKind::Payment
    } else {
        LinkKind::Return
    }
}

impl MatchCandidate {
    /// Returns the number of the withdrawal.
    pub const fn number(&self) -> WithdrawalNumber {
        match &self.with {
            MatchWith::Payment(payment) => payment.withdrawal,
            MatchWith::Withdrawal(withdrawal) => withdrawal.number,
        }
    }

    /// Returns whether the line is to record its payment.
    pub const fn is_unpaid(&self) -> bool {
        matches!(self.with, MatchWith::Withdrawal(_))
    }

    /// Returns the transfer of several payments that its payment is in.
    pub fn shared_transfer(&self) -> Option<TransferNumber> {
        let transfer = self.payment()?.transfer?;
        (transfer.payments > 1).then_some(transfer.number)
    }

    const fn amount(&self) -> Amount {
        match &self.with {
            MatchWith::Payment(payment) => payment.facts.amount,
            MatchWith::Withdrawal(withdrawal) => withdrawal.amount,
        }
    }

    const fn payment(&self) -> Option<&Payment> {
        match &self.with {
            MatchWith::Payment(payment) => Some(payment),
            MatchWith::Withdrawal(_) => None,
        }
    }

    fn withdrawal(&self) -> LinkedWithdrawal {
        let payment = self.payment();
        LinkedWithdrawal {
            number: self.number(),
            amount: self.amount(),
            paid_on: payment.map(|payment| payment.facts.date),
            returned: payment.is_some_and(|payment| payment.state.returned().is_some()),
            end_to_end: self.end_to_end.clone(),
        }
    }
}

/// Refuses a withdrawal that no debit can pay: it is not approved, or approved to be paid by other
/// means than the bank's. A credit returns payments only. It is asked before the payees are looked
/// up: what was never approved is expected nowhere.
///
/// # Errors
/// [`Refused::WithdrawalState`], [`Refused::MeansDiffer`], [`Refused::PaymentImported`].
pub fn must_be_payable(kind: LinkKind, candidate: &MatchCandidate) -> Result<(), Refused> {
    let withdrawal = match &candidate.with {
        MatchWith::Payment(payment) => return payment.must_not_be_imported("matched"),
        MatchWith::Withdrawal(withdrawal) => withdrawal,
    };
    let is_debit = kind == LinkKind::Payment;
    if !is_debit || withdrawal.status() != WithdrawalStatus::Approved {
        return Err(Refused::WithdrawalState {
            withdrawal: withdrawal.number,
            status: withdrawal.status(),
            verb: if is_debit { "paid" } else { "returned" },
        });
    }
    match withdrawal.means {
        Means::Transfer | Means::Cheque => Ok(()),
        means @ (Means::Cash | Means::SetOff | Means::Reinvestment | Means::Imported) => {
            Err(Refused::MeansDiffer {
                withdrawal: withdrawal.number,
                means,
                given: Means::Transfer,
            })
        }
    }
}

/// Refuses a payment that the account cannot have paid, or that is matched already.
fn must_be_free(
    account: &FundAccount,
    line: &BankLine,
    candidate: &MatchCandidate,
) -> Result<(), Refused> {
    let currency = match &candidate.with {
        MatchWith::Payment(payment) if payment.currency != line.currency => {
            return Err(Refused::PaymentCurrency {
                payment: payment.number,
                account: line.account.code.clone(),
                own: line.currency,
                found: payment.currency,
            });
        }
        MatchWith::Payment(payment) => payment.currency,
        MatchWith::Withdrawal(withdrawal) => withdrawal.currency,
    };
    account.must_pay_for(&candidate.project, currency)?;
    if let Some((file, pays_from)) = candidate.file
        && pays_from != account.account.id
    {
        return Err(Refused::InPaymentFile {
            withdrawal: candidate.number(),
            file,
        });
    }
    let held = candidate.held_by.as_ref();
    let held = held.filter(|held| held.recorded.certainty == Certainty::Matched);
    // What is matched has a payment.
    match held.zip(candidate.payment()) {
        Some((held, payment)) => Err(Refused::PaymentMatched {
            payment: payment.number,
            line: held
                .recorded
                .link
                .lines
                .first()
                .copied()
                .unwrap_or(line.number),
        }),
        None => Ok(()),
    }
}

/// Refuses a debit that does not carry the reference of a payment that came back: it may be another
/// transfer of the same amount.
fn must_be_its_debit(line: &BankLine, candidate: &MatchCandidate) -> Result<(), Refused> {
    let Some(payment) = candidate
        .payment()
        .filter(|payment| payment.state.returned().is_some())
    else {
        return Ok(());
    };
    let (line_seen, reference) = (Line::from(line), &payment.facts.reference);
    if carries(&line_seen, &candidate.references, reference) {
        return Ok(());
    }
    Err(Refused::DebitOfReturned {
        withdrawal: payment.withdrawal,
        line: line.number,
    })
}
