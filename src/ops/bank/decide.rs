//! Decide: confirm, reject, match, unmatch and resolve, each by a person. Every command reads what
//! its rule needs, and writes what the rule decides.

use std::collections::BTreeSet;

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
        bank::{BankLine, FundAccount},
        code::{LineNumber, WithdrawalNumber},
        id::BankAccountId,
        matching::{self, LinkKind, Setting, Tier},
        payment,
        reconciliation::decision::{
            self, Decision, DecisionError, EndedMatch, MatchCandidate, MatchDetails, MatchWith,
            OtherCreditor,
        },
        reviewers::Hand,
        session::Session,
        time::Instant,
        transfer::TransferNumber,
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
        DecisionRun::default().confirm(write, input)
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
        DecisionRun::default().reject(write, given)
    })
}

/// Matches a line with payments whose sum is its amount: money out pays them, money in sends them
/// back. Of approved withdrawals without a payment it records the payment. Or with one remittance of
/// its amount.
///
/// # Errors
/// Those of [`decision::match_line`], of [`decision::match_remittance`], of a payment and of a return;
/// [`crate::domain::Refused::WithdrawalSameApprover`].
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
        DecisionRun::default().match_line(write, input)
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
        DecisionRun::default().apply(write, Activity::LineUnmatched, &line, &decision)
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
        DecisionRun::default().resolve(write, input)
    })
}

/// The decisions of one command.
#[derive(Default)]
pub(super) struct DecisionRun {
    /// What the lines of an account are compared with, read once.
    settings: Vec<AccountSetting>,
    /// The lines of the match that was decided last.
    pub(super) last: Vec<LineNumber>,
}

/// An account, and what its lines are compared with.
struct AccountSetting {
    account: FundAccount,
    setting: Setting,
}

impl DecisionRun {
    /// Confirms the proposal for a line.
    pub(super) fn confirm(
        &mut self,
        write: &mut WriteTx<'_>,
        input: &ConfirmRequest<'_>,
    ) -> Result<(i64, BankLine), Error> {
        let (line, held_by) = line_and_match(write, input.line)?;
        if let Some(held) = &held_by
            && let Some(tax) = &held.remittance
        {
            let decision = remittance::confirm(write, &line, (held, tax), input.reason)?;
            return self.apply(write, Activity::LineMatched, &line, &decision);
        }
        let link = held_by.as_ref().map(|held| &held.recorded);
        let other = match link.filter(|recorded| recorded.link.kind == LinkKind::Payment) {
            Some(recorded) => {
                let evidence = Evidence::Proposed(recorded.tier);
                self.other_creditor(write, &line, &recorded.link.withdrawals, evidence)?
            }
            None => None,
        };
        let (actor, reviewers) = (&write.actor, &write.reviewers);
        let second = decision::may_match(line.number, other.as_ref(), actor, reviewers)?;
        let references = held_by.iter().flat_map(MatchDetails::references);
        let moment = moment(write, references)?;
        let mut decision = decision::confirm(&line, held_by.as_ref(), moment)?;
        decision.other_creditor = other.map(|other| other.named);
        decision.second = second;
        decision.reason = input.reason.map(str::to_owned);
        self.apply(write, Activity::LineMatched, &line, &decision)
    }

    /// Rejects the proposal for a line.
    pub(super) fn reject(
        &mut self,
        write: &mut WriteTx<'_>,
        given: &str,
    ) -> Result<(i64, BankLine), Error> {
        let (line, held_by) = line_and_match(write, given)?;
        write.actor.must(Act::Record)?;
        let decision = decision::reject(&line, held_by.as_ref())?;
        self.apply(write, Activity::LineRejected, &line, &decision)
    }

    /// Matches a line by hand.
    pub(super) fn match_line(
        &mut self,
        write: &mut WriteTx<'_>,
        input: &MatchRequest<'_>,
    ) -> Result<(i64, BankLine), Error> {
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
            return self.apply(write, Activity::LineMatched, &line, &decision);
        }
        let account = write.bank_account_by_id(line.account.id)?;
        let kind = decision::kind_of_match(&line);
        let named = named(write, input.payments);
        if named.is_err() {
            write.actor.must(Act::Record)?;
        }
        let candidates = candidates(write, &named?, kind)?;
        let mut each = candidates.iter();
        let payable = each.try_for_each(|each| decision::must_be_payable(kind, each));
        if payable.is_err() {
            write.actor.must(Act::Record)?;
        }
        payable?;
        let withdrawals: Vec<_> = candidates.iter().map(MatchCandidate::number).collect();
        let evidence = if candidates.iter().any(MatchCandidate::is_unpaid) {
            Evidence::Claimed
        } else {
            Evidence::Recorded
        };
        let other = self.other_creditor(write, &line, &withdrawals, evidence)?;
        let (actor, reviewers) = (&write.actor, &write.reviewers);
        let mut second = decision::may_match(line.number, other.as_ref(), actor, reviewers)?;
        for candidate in &candidates {
            if let MatchWith::Withdrawal(withdrawal) = &candidate.with {
                let claim = payment::may_claim_line(withdrawal, payment_ops::recording(write))?;
                second.unacknowledged_of = second.unacknowledged_of.or(claim.unacknowledged_of);
            }
        }
        let given = candidates
            .iter()
            .filter_map(|each| each.end_to_end.as_deref());
        let moment = moment(
            write,
            line.line.reference.as_deref().into_iter().chain(given),
        )?;
        let held_by = held_by.as_ref();
        let mut decision = decision::match_line(&account, &line, held_by, &candidates, moment)?;
        decision.other_creditor = other.map(|other| other.named);
        decision.second = second;
        self.apply(write, Activity::LineMatched, &line, &decision)
    }

    /// Explains a line.
    pub(super) fn resolve(
        &mut self,
        write: &mut WriteTx<'_>,
        input: &ResolveRequest<'_>,
    ) -> Result<(i64, BankLine), Error> {
        let (line, held_by) = line_and_match(write, input.line)?;
        write.actor.must(Act::Record)?;
        let (kind, reason) = (input.kind, input.reason);
        let decision = decision::resolve(&line, held_by.as_ref(), kind, reason)?;
        self.apply(write, Activity::LineResolved, &line, &decision)
    }

    /// Reads whom a line names other than the payees of withdrawals, and who had a hand in the
    /// payments.
    fn other_creditor(
        &mut self,
        write: &mut WriteTx<'_>,
        line: &BankLine,
        withdrawals: &[WithdrawalNumber],
        evidence: Evidence,
    ) -> Result<Option<OtherCreditor>, Error> {
        let mut payees = Vec::with_capacity(withdrawals.len());
        for withdrawal in withdrawals {
            payees.push(write.expected_one(*withdrawal)?);
        }
        let (seen, setting) = (line.to_match(), self.setting(write, line.account.id)?);
        let named = match evidence {
            Evidence::Proposed(tier) => {
                matching::names_other_creditor(&seen, &payees, setting, Some(tier))
            }
            Evidence::Recorded => matching::names_other_creditor(&seen, &payees, setting, None),
            Evidence::Claimed => matching::claims_other_creditor(&seen, &payees, setting),
        };
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

    /// Returns what the lines of an account are compared with.
    fn setting(
        &mut self,
        write: &mut WriteTx<'_>,
        account: BankAccountId,
    ) -> Result<&Setting, Error> {
        let is_its = |of: &AccountSetting| of.account.account.id == account;
        if !self.settings.iter().any(is_its) {
            let account = write.bank_account_by_id(account)?;
            let setting = write.setting(&account)?;
            self.settings.push(AccountSetting { account, setting });
        }
        let found = self.settings.iter().find(|of| is_its(of));
        let missing = || store::Error::bug("the setting of an account was read and is missing");
        Ok(found.map(|of| &of.setting).ok_or_else(missing)?)
    }

    /// Writes a decision and its entry in the trail.
    fn apply(
        &mut self,
        write: &mut WriteTx<'_>,
        activity: Activity,
        line: &BankLine,
        decision: &Decision,
    ) -> Result<(i64, BankLine), Error> {
        self.last.clone_from(&decision.link.lines);
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
}

/// What ties a line to withdrawals.
#[derive(Clone, Copy)]
enum Evidence {
    /// A run proposed them.
    Proposed(Tier),
    /// Their payments are recorded.
    Recorded,
    /// A user says that it pays them.
    Claimed,
}

impl From<DecisionError> for Error {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::Refused(refused) => refused.into(),
            DecisionError::SumTooLarge => store::Error::bug(error.to_string()).into(),
        }
    }
}

pub(super) fn recall(tx: &mut store::Tx<'_>, number: i64, at: Instant) -> Result<BankLine, Error> {
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

/// Finds the withdrawals whose payments a user names, or that a user names themselves, each once.
fn named(write: &mut WriteTx<'_>, given: &[String]) -> Result<Vec<MatchNumber>, Error> {
    let mut numbers: Vec<MatchNumber> = Vec::with_capacity(given.len());
    for given in given {
        let number = match WithdrawalNumber::parse(given) {
            Some(_) => MatchNumber::Withdrawal(write.resolve(Noun::Withdrawal, given)?),
            None => MatchNumber::Payment(write.resolve(Noun::Payment, given)?),
        };
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    Ok(numbers)
}

/// The row number of what a user matches with a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MatchNumber {
    Payment(i64),
    Withdrawal(i64),
}

/// Reads all that a user wants to match with a line. A debit shows whole transfers: with a payment
/// come the others of its transfer. A credit sends back the payments that are named.
fn candidates(
    write: &mut WriteTx<'_>,
    numbers: &[MatchNumber],
    kind: LinkKind,
) -> Result<Vec<MatchCandidate>, Error> {
    let mut candidates = Vec::with_capacity(numbers.len());
    for number in numbers {
        candidates.push(candidate(write, *number, kind)?);
    }
    if kind != LinkKind::Payment {
        return Ok(candidates);
    }
    let transfers: BTreeSet<TransferNumber> = candidates
        .iter()
        .filter_map(MatchCandidate::shared_transfer)
        .collect();
    for transfer in transfers {
        for other in write.payments_of_transfer(transfer)? {
            let is_other = |each: &MatchCandidate| each.number() != other.withdrawal;
            if candidates.iter().all(is_other) {
                let number = MatchNumber::Payment(other.payment.number());
                candidates.push(candidate(write, number, kind)?);
            }
        }
    }
    Ok(candidates)
}

/// Reads what a user wants to match with a line. A withdrawal that is paid means its payment.
fn candidate(
    write: &mut WriteTx<'_>,
    number: MatchNumber,
    kind: LinkKind,
) -> Result<MatchCandidate, Error> {
    let (withdrawal, payment) = match number {
        MatchNumber::Payment(number) => {
            let payment = write.payment(number)?;
            (
                write.withdrawal(payment.withdrawal.number())?,
                Some(payment),
            )
        }
        MatchNumber::Withdrawal(number) => {
            let withdrawal = write.withdrawal(number)?;
            let payment = write.payment_of_withdrawal(withdrawal.id)?;
            (withdrawal, payment)
        }
    };
    let number = withdrawal.number;
    let file = match write.file_of(number)? {
        Some(file) => {
            let pays_from = write.payment_file(file.number(), AsOf::Now)?.account.id;
            Some((file, pays_from))
        }
        None => None,
    };
    let held_by = write.match_of_withdrawal(number, kind)?;
    let held_by = held_by.map(|recorded| details(write, recorded));
    Ok(MatchCandidate {
        project: withdrawal.project.clone(),
        file,
        held_by: held_by.transpose()?,
        references: write.references_of(number)?,
        end_to_end: match payment {
            Some(_) => None,
            None => write.end_to_end_of(number)?,
        },
        with: match payment {
            Some(payment) => MatchWith::Payment(Box::new(payment)),
            None => MatchWith::Withdrawal(Box::new(withdrawal)),
        },
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
