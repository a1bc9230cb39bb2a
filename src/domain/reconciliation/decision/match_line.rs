//! A line that a user matches with payments.

use super::{
    Decision, DecisionError, MatchDetails, Moment, by_hand, ending::superseded, must_be_equal,
    must_be_open, sum,
};
use crate::domain::{
    Refused,
    bank::{BankLine, FundAccount},
    code::FileNumber,
    id::{BankAccountId, ProjectRef},
    matching::{Certainty, Line, Link, LinkKind, carries},
    payment::Payment,
    reconciliation::settlement::{LineSource, LinkedWithdrawal, settle},
    signed::Signed,
};

/// A payment that a user wants to match, and what may speak against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchCandidate {
    /// The payment.
    pub payment: Payment,
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
/// [`Refused::DebitOfReturned`].
pub fn match_line(
    account: &FundAccount,
    line: &BankLine,
    held_by: Option<&MatchDetails>,
    candidates: &[MatchCandidate],
    mut moment: Moment,
) -> Result<Decision, DecisionError> {
    must_be_matchable(line, held_by)?;
    let kind = kind_of_match(line);
    let paid = sum(candidates
        .iter()
        .map(|each| Signed::from(each.payment.facts.amount)));
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
    fn withdrawal(&self) -> LinkedWithdrawal {
        LinkedWithdrawal {
            number: self.payment.withdrawal,
            amount: self.payment.facts.amount,
            paid_on: Some(self.payment.facts.date),
            returned: self.payment.state.returned().is_some(),
            end_to_end: None,
        }
    }
}

/// Refuses a payment that the account cannot have paid, or that is matched already.
fn must_be_free(
    account: &FundAccount,
    line: &BankLine,
    candidate: &MatchCandidate,
) -> Result<(), Refused> {
    let payment = &candidate.payment;
    if payment.currency != line.currency {
        return Err(Refused::PaymentCurrency {
            payment: payment.number,
            account: line.account.code.clone(),
            own: line.currency,
            found: payment.currency,
        });
    }
    account.must_pay_for(&candidate.project, payment.currency)?;
    if let Some((file, pays_from)) = candidate.file
        && pays_from != account.account.id
    {
        return Err(Refused::InPaymentFile {
            withdrawal: payment.withdrawal,
            file,
        });
    }
    match &candidate.held_by {
        Some(held) if held.recorded.certainty == Certainty::Matched => {
            let first = held.recorded.link.lines.first().copied();
            Err(Refused::PaymentMatched {
                payment: payment.number,
                line: first.unwrap_or(line.number),
            })
        }
        Some(_) | None => Ok(()),
    }
}

/// Refuses a debit that does not carry the reference of a payment that came back: it may be another
/// transfer of the same amount.
fn must_be_its_debit(line: &BankLine, candidate: &MatchCandidate) -> Result<(), Refused> {
    let payment = &candidate.payment;
    let is_own = || {
        carries(
            &Line::from(line),
            &candidate.references,
            &payment.facts.reference,
        )
    };
    if payment.state.returned().is_none() || is_own() {
        return Ok(());
    }
    Err(Refused::DebitOfReturned {
        withdrawal: payment.withdrawal,
        line: line.number,
    })
}
