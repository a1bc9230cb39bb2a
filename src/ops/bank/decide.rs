//! Decide: confirm, reject, match, unmatch and resolve, each by a person. Every command reads what
//! its rule needs, and writes what the rule decides.

use serde_json::json;

use super::{
    gather::{details, moment},
    remittance,
    requests::{ConfirmRequest, LineRequest, MatchRequest, ResolveRequest, UnmatchRequest},
    settle::settle,
};
use crate::{
    domain::{
        activity::{Activity, Fact},
        bank::BankLine,
        code::{LineNumber, WithdrawalNumber},
        matching::{self, LinkKind, Tier},
        payment::Payment,
        reconciliation::decision::{
            self, Decision, DecisionError, EndedMatch, MatchCandidate, MatchDetails, OtherCreditor,
        },
        reviewers::Hand,
        session::Session,
        time::Instant,
        user::Act,
    },
    ops::{Error, about_withdrawal, books::Books, payment as payment_ops},
    store::{self, AsOf, Done, Ledger, Member, Noun, Request, WriteTx},
};

/// Confirms the proposal for a line.
///
/// # Errors
/// Those of [`decision::confirm`], of a payment and of its return.
pub fn confirm(
    ledger: &mut Ledger,
    session: Session,
    input: &ConfirmRequest<'_>,
) -> Result<Done<BankLine>, Error> {
    let request = Request {
        command: "bank confirm",
        activity: Activity::LineMatched,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let (line, held_by) = line_and_match(write, input.line)?;
        if let Some(held) = &held_by
            && let Some(tax) = &held.remittance
        {
            let decision = remittance::confirm(write, &line, (held, tax), input.reason)?;
            return apply(write, Activity::LineMatched, &line, &decision);
        }
        let link = held_by.as_ref().map(|held| &held.recorded);
        let other = match link.filter(|recorded| recorded.link.kind == LinkKind::Payment) {
            Some(recorded) => {
                let tier = Some(recorded.tier);
                other_creditor(write, &line, &recorded.link.withdrawals, tier)?
            }
            None => None,
        };
        let (actor, reviewers) = (&write.actor, &write.reviewers);
        let second = decision::may_match(line.number, other.as_ref(), actor, reviewers)?;
        let moment = moment(write, held_by.as_ref())?;
        let mut decision = decision::confirm(&line, held_by.as_ref(), moment)?;
        decision.other_creditor = other.map(|other| other.named);
        decision.second = second;
        decision.reason = input.reason.map(str::to_owned);
        apply(write, Activity::LineMatched, &line, &decision)
    })
}

/// Rejects the proposal for a line; it is never proposed again.
///
/// # Errors
/// Those of [`decision::reject`].
pub fn reject(ledger: &mut Ledger, session: Session, given: &str) -> Result<Done<BankLine>, Error> {
    let request = Request {
        command: "bank reject",
        activity: Activity::LineRejected,
        input: &LineRequest { line: given },
    };
    ledger.write(session, request, recall, |write| {
        let (line, held_by) = line_and_match(write, given)?;
        write.actor.must(Act::Record)?;
        let decision = decision::reject(&line, held_by.as_ref())?;
        apply(write, Activity::LineRejected, &line, &decision)
    })
}

/// Matches a line with payments whose sum is its amount: money out pays them, money in sends them
/// back; or with one remittance of its amount.
///
/// # Errors
/// Those of [`decision::match_line`], of [`decision::match_remittance`] and of a return.
pub fn match_line(
    ledger: &mut Ledger,
    session: Session,
    input: &MatchRequest<'_>,
) -> Result<Done<BankLine>, Error> {
    let request = Request {
        command: "bank match",
        activity: Activity::LineMatched,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let (line, held_by) = line_and_match(write, input.line)?;
        let tax = remittance::named(write, input.payments)?;
        let matchable = decision::must_be_matchable(&line, held_by.as_ref());
        // A reviewer may match a remittance, whatever the line.
        if matchable.is_err() && tax.is_none() {
            write.actor.must(Act::Record)?;
        }
        matchable?;
        if let Some(tax) = tax {
            let line_and_match = (&line, held_by.as_ref());
            let decision =
                remittance::match_line(write, line_and_match, (tax, input.payments.len()))?;
            return apply(write, Activity::LineMatched, &line, &decision);
        }
        let account = write.bank_account_by_id(line.account.id)?;
        let kind = decision::kind_of_match(&line);
        let mut candidates = Vec::with_capacity(input.payments.len());
        let payments = named(write, input.payments);
        if payments.is_err() {
            write.actor.must(Act::Record)?;
        }
        for payment in payments? {
            candidates.push(candidate(write, payment, kind)?);
        }
        let withdrawals: Vec<_> = candidates
            .iter()
            .map(|candidate| candidate.payment.withdrawal)
            .collect();
        let other = other_creditor(write, &line, &withdrawals, None)?;
        let (actor, reviewers) = (&write.actor, &write.reviewers);
        let second = decision::may_match(line.number, other.as_ref(), actor, reviewers)?;
        let (held_by, moment) = (held_by.as_ref(), moment(write, None)?);
        let mut decision = decision::match_line(&account, &line, held_by, &candidates, moment)?;
        decision.other_creditor = other.map(|other| other.named);
        decision.second = second;
        apply(write, Activity::LineMatched, &line, &decision)
    })
}

/// Ends the match or explanation of a line. Payments stay recorded; a return that the line proved is
/// taken back.
///
/// # Errors
/// Those of [`decision::unmatch`].
pub fn unmatch(
    ledger: &mut Ledger,
    session: Session,
    input: &UnmatchRequest<'_>,
) -> Result<Done<BankLine>, Error> {
    let request = Request {
        command: "bank unmatch",
        activity: Activity::LineUnmatched,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let (line, held_by) = line_and_match(write, input.line)?;
        write.actor.must(Act::Record)?;
        let decision = decision::unmatch(&line, held_by.as_ref(), input.reason)?;
        apply(write, Activity::LineUnmatched, &line, &decision)
    })
}

/// Explains a line that has nothing to do with payments.
///
/// # Errors
/// Those of [`decision::resolve`].
pub fn resolve(
    ledger: &mut Ledger,
    session: Session,
    input: &ResolveRequest<'_>,
) -> Result<Done<BankLine>, Error> {
    let request = Request {
        command: "bank resolve",
        activity: Activity::LineResolved,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let (line, held_by) = line_and_match(write, input.line)?;
        write.actor.must(Act::Record)?;
        let (kind, reason) = (input.kind, input.reason);
        let decision = decision::resolve(&line, held_by.as_ref(), kind, reason)?;
        apply(write, Activity::LineResolved, &line, &decision)
    })
}

impl From<DecisionError> for Error {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::Refused(refused) => refused.into(),
            DecisionError::SumTooLarge => store::Error::bug(error.to_string()).into(),
        }
    }
}

fn recall(tx: &mut store::Tx<'_>, number: i64, at: Instant) -> Result<BankLine, Error> {
    Ok(tx.bank_line_at(number, AsOf::At(at))?)
}

/// Reads a line, and the match or proposal that holds it.
fn line_and_match(
    write: &mut WriteTx<'_>,
    given: &str,
) -> Result<(BankLine, Option<MatchDetails>), Error> {
    // What a reviewer may do here depends on the line, which must be there.
    let number = write.resolve(Noun::Line, given);
    if number.is_err() || !write.actor.role.may(Act::Review) {
        write.actor.must(Act::Record)?;
    }
    let number = number?;
    let line = write.bank_line(number)?;
    let held_by = write.match_of_line(line.number)?;
    let held_by = held_by.map(|recorded| details(write, recorded));
    Ok((line, held_by.transpose()?))
}

/// Reads whom a line names other than the payees of withdrawals, and who had a hand in the payments.
fn other_creditor(
    write: &mut WriteTx<'_>,
    line: &BankLine,
    withdrawals: &[WithdrawalNumber],
    tier: Option<Tier>,
) -> Result<Option<OtherCreditor>, Error> {
    let account = write.bank_account_by_id(line.account.id)?;
    let setting = write.setting(&account)?;
    let mut payees = Vec::with_capacity(withdrawals.len());
    for withdrawal in withdrawals {
        payees.push(write.expected_one(*withdrawal)?);
    }
    let named = matching::names_other_creditor(&line.to_match(), &payees, &setting, tier);
    let Some(named) = named else {
        return Ok(None);
    };
    let mut hands = Vec::new();
    for withdrawal in withdrawals {
        let users = write.hands_in_payment(*withdrawal)?;
        hands.extend(users.into_iter().map(|user| Hand {
            user: user.id,
            did: "had a hand in",
        }));
    }
    Ok(Some(OtherCreditor { named, hands }))
}

/// Reads the payments that a user names, each once.
fn named(write: &mut WriteTx<'_>, given: &[String]) -> Result<Vec<Payment>, Error> {
    let mut payments: Vec<Payment> = Vec::with_capacity(given.len());
    for given in given {
        let number = write.resolve(Noun::Payment, given)?;
        if !payments
            .iter()
            .any(|payment| payment.number.number() == number)
        {
            payments.push(write.payment(number)?);
        }
    }
    Ok(payments)
}

fn candidate(
    write: &mut WriteTx<'_>,
    payment: Payment,
    kind: LinkKind,
) -> Result<MatchCandidate, Error> {
    let withdrawal = write.withdrawal(payment.withdrawal.number())?;
    let file = match write.file_of(payment.withdrawal)? {
        Some(file) => {
            let pays_from = write.payment_file(file.number(), AsOf::Now)?.account.id;
            Some((file, pays_from))
        }
        None => None,
    };
    let held_by = write.match_of_withdrawal(payment.withdrawal, kind)?;
    let held_by = held_by.map(|recorded| details(write, recorded));
    Ok(MatchCandidate {
        project: withdrawal.project,
        file,
        held_by: held_by.transpose()?,
        references: write.references_of(payment.withdrawal)?,
        payment,
    })
}

/// Ends a match or a proposal, and classes its members until the next run.
pub(in crate::ops) fn end(write: &mut WriteTx<'_>, ended: &EndedMatch) -> Result<(), Error> {
    write.end_match(ended.number, ended.ending)?;
    for (line, class) in &ended.lines {
        write.insert_class(ended.account, Member::Line(*line), class)?;
    }
    for (withdrawal, class) in &ended.payments {
        write.insert_class(ended.account, Member::Withdrawal(*withdrawal), class)?;
    }
    Ok(())
}

/// Writes a decision and its entry in the trail.
fn apply(
    write: &mut WriteTx<'_>,
    activity: Activity,
    line: &BankLine,
    decision: &Decision,
) -> Result<(i64, BankLine), Error> {
    for ended in &decision.ended {
        end(write, ended)?;
    }
    if let Some(number) = decision.confirmed {
        write.confirm_match(number)?;
    }
    if let Some(made) = &decision.made {
        write.insert_match(line.account.id, made)?;
    }
    let mut books = Books::default();
    settle(write, &mut books, &decision.settlement)?;
    let reason = decision.reason.as_deref().unwrap_or_default();
    for withdrawal in &decision.taken_back {
        payment_ops::take_return_back(write, &mut books, *withdrawal, reason)?;
    }
    books.close(write)?;
    record(write, activity, line.number, decision)?;
    Ok((line.number.number(), write.bank_line(line.number.number())?))
}

fn record(
    write: &mut WriteTx<'_>,
    activity: Activity,
    line: LineNumber,
    decision: &Decision,
) -> Result<(), Error> {
    let link = &decision.link;
    let first = link.lines.first().copied().unwrap_or(line);
    let after = write.bank_line(first.number())?;
    let mut changes = json!({
        "lines": link.lines.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "withdrawals": link.withdrawals.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "remittance": link.remittance.map(|remittance| remittance.to_string()),
        "as": link.kind,
        "amount": after.line.amount,
        "currency": after.currency,
        "reason": decision.reason,
        "other_creditor": decision.other_creditor,
    });
    decision.second.mark(&mut changes);
    if let [withdrawal] = link.withdrawals.as_slice() {
        let withdrawal = write.withdrawal(withdrawal.number())?;
        write.concern = about_withdrawal(&withdrawal);
    }
    let fact = Fact::new(activity, changes).about(write.concern);
    let after = after.classification.class.as_str();
    Ok(write.record(fact.moved(Some(decision.before.as_str()), after))?)
}
