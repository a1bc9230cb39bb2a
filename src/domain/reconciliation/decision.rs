//! What a user decides about a bank line: confirm, reject, match, unmatch, resolve. Each rule
//! returns what changes, or why it refuses.

use std::collections::BTreeSet;

use thiserror::Error;

use super::settlement::{LineSource, LinkedWithdrawal, Settlement, settle};
use crate::domain::{
    Refused,
    bank::{BankLine, Ending, FundAccount, class_before_run},
    code::{Code, FileNumber, LineNumber, WithdrawalNumber},
    id::{BankAccountId, ProjectRef, UserRef},
    matching::{
        Certainty, Class, Classification, Line, Link, LinkKind, Match, RecordedMatch, Tier, carries,
    },
    payment::Payment,
    signed::Signed,
    time::Date,
    user::{Act, Actor, FourEyes},
};

/// A match or a proposal with all that it joins, as the ledger has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchDetails {
    /// The match.
    pub recorded: RecordedMatch,
    /// The account of its lines.
    pub account: BankAccountId,
    /// Its lines.
    pub lines: Vec<BankLine>,
    /// Its withdrawals.
    pub withdrawals: Vec<LinkedWithdrawal>,
}

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

/// Who else a line names than the payees of a match, and who had a hand in the payments: who
/// created or exported their payment files, or recorded them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherCreditor {
    /// Whom it names, in words without account numbers.
    pub named: String,
    /// Who had a hand in the payments.
    pub hands: Vec<UserRef>,
}

/// Refuses whoever may not match a line with payments. A line that names another creditor may show
/// that a bank file was changed after its export: a reviewer without a hand in it decides.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::LineOtherCreditor`], [`Refused::LineOtherCreditorRole`].
pub fn may_match(
    line: LineNumber,
    other: Option<&OtherCreditor>,
    actor: &Actor,
    four_eyes: FourEyes,
) -> Result<(), Refused> {
    let Some(other) = other.filter(|_| four_eyes == FourEyes::On) else {
        return actor.must(Act::Record);
    };
    let (named, code) = (other.named.clone(), actor.user.code.clone());
    if !actor.role.may(Act::Review) {
        return Err(Refused::LineOtherCreditorRole {
            line,
            named,
            actor: code,
            role: actor.role,
        });
    }
    if other.hands.iter().any(|hand| hand.id == actor.user.id) {
        return Err(Refused::LineOtherCreditor {
            line,
            named,
            actor: code,
        });
    }
    Ok(())
}

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

/// A match or a proposal that ends, and what its members become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedMatch {
    /// Its row number.
    pub number: i64,
    /// How it ends.
    pub ending: Ending,
    /// The account whose reconciliation places the members.
    pub account: BankAccountId,
    /// The class of its lines until the next run.
    pub lines: Vec<(LineNumber, Classification)>,
    /// The class of its withdrawals until the next run.
    pub payments: Vec<(WithdrawalNumber, Classification)>,
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
}

/// Confirms the proposal for a line.
///
/// # Errors
/// [`Refused::NothingProposed`]; [`Refused::MatchAmount`] if the payments no longer add up to the
/// lines: one may have been recorded with another amount since; [`Refused::DebitOfReturned`] if one
/// was returned since and the evidence is not its reference.
pub fn confirm(
    line: &BankLine,
    held_by: Option<&MatchDetails>,
    mut moment: Moment,
) -> Result<Decision, DecisionError> {
    let proposal = proposal(line, held_by)?;
    let lines = sum(proposal
        .lines
        .iter()
        .map(|line| Signed::from(line.line.amount.magnitude())));
    let paid = sum(proposal
        .withdrawals
        .iter()
        .map(|each| Signed::from(each.amount)));
    must_be_equal(line, lines, paid)?;
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
    must_be_equal(line, Some(line.line.amount.magnitude().into()), paid)?;
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
    };
    Ok(Decision {
        ended: superseded(held_by),
        made: Some(by_hand(&link, reason.clone())),
        reason: Some(reason),
        ..Decision::about(link, line)
    })
}

/// Returns the kind of a match with payments: money out pays them, money in sends them back.
pub const fn kind_of_match(line: &BankLine) -> LinkKind {
    if line.line.amount.is_negative() {
        LinkKind::Payment
    } else {
        LinkKind::Return
    }
}

impl MatchDetails {
    /// Returns the references that payments to be recorded from the match may take.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        let of_lines = self
            .lines
            .iter()
            .filter_map(|line| line.line.reference.as_deref());
        let unpaid = self
            .withdrawals
            .iter()
            .filter(|each| each.paid_on.is_none());
        of_lines.chain(unpaid.filter_map(|each| each.end_to_end.as_deref()))
    }
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
        }
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

/// Adds amounts up, or returns `None` if the sum has too many digits.
fn sum(amounts: impl IntoIterator<Item = Signed>) -> Option<Signed> {
    amounts
        .into_iter()
        .try_fold(Signed::ZERO, Signed::checked_add)
}

/// Refuses payments that do not add up to the lines exactly.
fn must_be_equal(
    line: &BankLine,
    lines: Option<Signed>,
    payments: Option<Signed>,
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

/// Ends the proposals for the lines of a statement that is taken back.
pub fn taken_back(held: &[MatchDetails]) -> Vec<EndedMatch> {
    let why = "the statement was taken back";
    held.iter()
        .map(|held| end(held, Ending::Superseded, why))
        .collect()
}

/// Ends proposals that a user decided against, each once.
fn superseded<'a>(held: impl IntoIterator<Item = &'a MatchDetails>) -> Vec<EndedMatch> {
    let mut ended: Vec<EndedMatch> = Vec::new();
    for held in held {
        if !ended
            .iter()
            .any(|ended| ended.number == held.recorded.number)
        {
            ended.push(end(held, Ending::Superseded, "a user decided otherwise"));
        }
    }
    ended
}

/// Ends a match or a proposal. Nothing holds its members until the next run places them.
fn end(held: &MatchDetails, ending: Ending, why: &str) -> EndedMatch {
    let place = |class| Classification {
        detail: Some(format!("{why}; the next reconciliation looks again")),
        ..Classification::plain(class)
    };
    let lines = held.lines.iter().map(|line| {
        let class = class_before_run(line.line.amount, line.kind);
        (line.number, place(class))
    });
    let payments = held.withdrawals.iter().map(|withdrawal| {
        let class = match withdrawal.paid_on {
            Some(_) => Class::PaidNotOnBank,
            None => Class::Awaited,
        };
        (withdrawal.number, place(class))
    });
    EndedMatch {
        number: held.recorded.number,
        ending,
        account: held.account,
        lines: lines.collect(),
        payments: match held.recorded.link.kind {
            LinkKind::Payment => payments.collect(),
            LinkKind::Return
            | LinkKind::Charge
            | LinkKind::Interest
            | LinkKind::Funding
            | LinkKind::Other => Vec::new(),
        },
    }
}

#[cfg(test)]
mod tests;
