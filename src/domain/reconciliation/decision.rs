//! What a user decides about a bank line: confirm, reject, match, unmatch, resolve. Each rule
//! returns what changes, or why it refuses.

use std::collections::BTreeSet;

use thiserror::Error;

use self::ending::{end, superseded};
use super::settlement::{LineSource, Settlement, settle};
use crate::domain::{
    Refused,
    bank::{BankLine, Ending},
    code::{Code, RemittanceNumber, WithdrawalNumber},
    matching::{Certainty, Class, Link, LinkKind, Match, Tier},
    reviewers::SecondPerson,
    signed::Signed,
    tax::{
        NotItsLine, TaxRefused,
        liability::{Remittance, RemittanceStatus},
    },
    time::Date,
};

mod creditor;
mod details;
mod ending;
mod line_decision;
mod match_line;
mod remittance;
#[cfg(test)]
mod tests;

pub use creditor::{OtherCreditor, may_match};
pub use details::MatchDetails;
pub use ending::{EndedMatch, reversed, taken_back};
pub use line_decision::{DecisionVerb, LineDecision, LineTotals};
pub use match_line::{
    MatchCandidate, MatchWith, kind_of_match, match_line, must_be_matchable, must_be_payable,
};
pub use remittance::{RemittanceCandidate, RemittanceHand, match_remittance, may_match_remittance};

/// Why a decision is not made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecisionError {
    /// A rule refuses it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A sum has too many digits.
    #[error("the amounts of a match add up to too much")]
    SumTooLarge,
}

/// What the ledger knows at the moment of a decision.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The user who decides.
    pub user: Code,
    /// The day.
    pub today: Date,
    /// Which references of the lines and payment files concerned a payment already has.
    pub used_references: BTreeSet<String>,
}

/// What a decision changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What it is about.
    pub link: Link,
    /// The class of the line before.
    pub before: Class,
    /// Why, if the user gave a reason.
    pub reason: Option<String>,
    /// The proposal that becomes a match, by its row number.
    pub confirmed: Option<i64>,
    /// Matches and proposals that end.
    pub ended: Vec<EndedMatch>,
    /// The match that is new.
    pub made: Option<Match>,
    /// The payments and returns to be recorded.
    pub settlement: Settlement,
    /// The withdrawals whose return no credit proves any more: it is taken back.
    pub taken_back: Vec<WithdrawalNumber>,
    /// Whom the line names other than the payees, if it does: it was matched all the same.
    pub other_creditor: Option<String>,
    /// Who matches such a line.
    pub second: SecondPerson,
}

/// Confirms the proposal for a line.
///
/// # Errors
/// [`Refused::NothingProposed`]; [`Refused::MatchAmount`] if the payments no longer add up to the
/// lines: one may have been recorded with another amount since; [`Refused::DebitOfReturned`] if one
/// was returned since and the evidence is not its reference. Of a remittance those of
/// [`match_remittance`].
pub fn confirm(
    line: &BankLine,
    held_by: Option<&MatchDetails>,
    mut moment: Moment,
) -> Result<Decision, DecisionError> {
    let proposal = proposal(line, held_by)?;
    if let Some(remittance) = &proposal.remittance {
        must_be_its_debit(line, remittance)?;
        return Ok(Decision {
            confirmed: Some(proposal.recorded.number),
            ..Decision::about(proposal.recorded.link.clone(), line)
        });
    }
    let lines = sum(proposal
        .lines
        .iter()
        .map(|line| Signed::from(line.line.amount.magnitude())));
    let paid = sum(proposal
        .withdrawals
        .iter()
        .map(|each| Signed::from(each.amount)));
    must_be_equal(line, lines, (None, paid))?;
    let link = &proposal.recorded.link;
    let by_reference = matches!(proposal.recorded.tier, Tier::Reference | Tier::FileTotal);
    if link.kind == LinkKind::Payment
        && !by_reference
        && let Some(returned) = proposal.withdrawals.iter().find(|each| each.returned)
    {
        return Err(Refused::DebitOfReturned {
            withdrawal: returned.number,
            line: line.number,
        }
        .into());
    }
    let settlement = LineSource::last(proposal.lines.iter().map(LineSource::from)).map(|source| {
        let used = &mut moment.used_references;
        settle(link.kind, source, &proposal.withdrawals, used, moment.today)
    });
    Ok(Decision {
        confirmed: Some(proposal.recorded.number),
        settlement: settlement.unwrap_or_default(),
        ..Decision::about(link.clone(), line)
    })
}

/// Rejects the proposal for a line; it is never proposed again.
///
/// # Errors
/// [`Refused::NothingProposed`].
pub fn reject(line: &BankLine, held_by: Option<&MatchDetails>) -> Result<Decision, Refused> {
    let proposal = proposal(line, held_by)?;
    let ended = end(proposal, Ending::Rejected, "the proposal was rejected");
    Ok(Decision {
        ended: vec![ended],
        ..Decision::about(proposal.recorded.link.clone(), line)
    })
}

/// Ends the match or explanation of a line. Payments stay recorded; a return that the line proved is
/// taken back.
///
/// # Errors
/// [`Refused::LineState`], [`Refused::ReasonMissing`].
pub fn unmatch(
    line: &BankLine,
    held_by: Option<&MatchDetails>,
    reason: &str,
) -> Result<Decision, Refused> {
    let decided = held_by.filter(|held| held.recorded.certainty == Certainty::Matched);
    let Some(decided) = decided else {
        return Err(wrong_class(line, "unmatched"));
    };
    let reason = must_give_reason(reason, "unmatch")?;
    let why = "the match was taken back";
    let ended = end(decided, Ending::Unmatched, why);
    let link = &decided.recorded.link;
    let taken_back = match link.kind {
        LinkKind::Return => link.withdrawals.clone(),
        LinkKind::Payment
        | LinkKind::Remittance
        | LinkKind::Charge
        | LinkKind::Interest
        | LinkKind::Funding
        | LinkKind::Other => Vec::new(),
    };
    Ok(Decision {
        ended: vec![ended],
        reason: Some(reason),
        taken_back,
        ..Decision::about(decided.recorded.link.clone(), line)
    })
}

/// Explains a line that has nothing to do with payments.
///
/// # Errors
/// [`Refused::LineState`], [`Refused::ReasonMissing`].
pub fn resolve(
    line: &BankLine,
    held_by: Option<&MatchDetails>,
    kind: LinkKind,
    reason: &str,
) -> Result<Decision, Refused> {
    must_be_open(line, held_by, "resolved")?;
    let reason = must_give_reason(reason, "resolve")?;
    let link = Link {
        kind,
        lines: vec![line.number],
        withdrawals: Vec::new(),
        remittance: None,
    };
    Ok(Decision {
        ended: superseded(held_by),
        made: Some(by_hand(&link, reason.clone())),
        reason: Some(reason),
        ..Decision::about(link, line)
    })
}

impl Decision {
    fn about(link: Link, line: &BankLine) -> Self {
        Self {
            link,
            before: line.classification.class,
            reason: None,
            confirmed: None,
            ended: Vec::new(),
            made: None,
            settlement: Settlement::default(),
            taken_back: Vec::new(),
            other_creditor: None,
            second: SecondPerson::default(),
        }
    }
}

fn proposal<'a>(
    line: &BankLine,
    held_by: Option<&'a MatchDetails>,
) -> Result<&'a MatchDetails, Refused> {
    let proposal = held_by.filter(|held| held.recorded.certainty == Certainty::Proposed);
    proposal.ok_or(Refused::NothingProposed {
        line: line.number,
        class: line.classification.class,
    })
}

/// Refuses a line that is matched or explained already.
fn must_be_open(
    line: &BankLine,
    held_by: Option<&MatchDetails>,
    verb: &'static str,
) -> Result<(), Refused> {
    match held_by.map(|held| held.recorded.certainty) {
        _ if line.classification.class == Class::Void => Err(wrong_class(line, verb)),
        Some(Certainty::Matched) => Err(wrong_class(line, verb)),
        Some(Certainty::Proposed) | None => Ok(()),
    }
}

const fn wrong_class(line: &BankLine, verb: &'static str) -> Refused {
    Refused::LineState {
        line: line.number,
        class: line.classification.class,
        verb,
    }
}

fn must_give_reason(reason: &str, verb: &'static str) -> Result<String, Refused> {
    match reason.trim() {
        "" => Err(Refused::ReasonMissing { verb }),
        reason => Ok(reason.to_owned()),
    }
}

/// Adds amounts up, or returns `None` if the sum has too many digits.
fn sum(amounts: impl IntoIterator<Item = Signed>) -> Option<Signed> {
    amounts
        .into_iter()
        .try_fold(Signed::ZERO, Signed::checked_add)
}

/// Refuses payments or a remittance that do not add up to the lines exactly.
fn must_be_equal(
    line: &BankLine,
    lines: Option<Signed>,
    (remittance, payments): (Option<RemittanceNumber>, Option<Signed>),
) -> Result<(), DecisionError> {
    let sums = lines.zip(payments);
    let difference = sums.and_then(|(lines, payments)| lines.checked_sub(payments));
    let ((amount, payments), difference) =
        sums.zip(difference).ok_or(DecisionError::SumTooLarge)?;
    if difference.is_zero() && !amount.is_zero() {
        return Ok(());
    }
    let refused = Refused::MatchAmount {
        line: line.number,
        amount,
        remittance,
        payments,
        difference,
        currency: line.currency,
    };
    Err(refused.into())
}

fn by_hand(link: &Link, evidence: String) -> Match {
    Match {
        link: link.clone(),
        tier: Tier::Manual,
        certainty: Certainty::Matched,
        evidence,
    }
}

/// Refuses a remittance that is not recorded, or that is not exactly the money that went out.
fn must_be_its_debit(line: &BankLine, remittance: &Remittance) -> Result<(), DecisionError> {
    match remittance.status() {
        RemittanceStatus::Recorded => {}
        RemittanceStatus::Reconciled | RemittanceStatus::Reversed => {
            return Err(Refused::from(TaxRefused::RemittanceState {
                remittance: remittance.number,
                status: remittance.status(),
                line: remittance.line,
                verb: "matched",
            })
            .into());
        }
    }
    if !line.line.amount.is_negative() {
        return Err(Refused::from(TaxRefused::RemittanceLine {
            remittance: remittance.number,
            line: line.number,
            why: NotItsLine::Credit,
        })
        .into());
    }
    let paid = Some(Signed::from(remittance.amount));
    let amount = Some(Signed::from(line.line.amount.magnitude()));
    must_be_equal(line, amount, (Some(remittance.number), paid))
}
