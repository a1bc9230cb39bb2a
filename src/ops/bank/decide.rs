//! Decide: confirm, reject, match, unmatch and resolve, each by a person.

use serde_json::json;

use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        bank::{BankLine, Ending},
        code::{LineNumber, WithdrawalNumber},
        matching::{Certainty, Class, Classification, Line, Link, LinkKind, Match, Tier},
        payment::{self, Payment, PaymentDecision, PaymentInput, PaymentState},
        session::Session,
        signed::Signed,
        statement::StatementLine,
        time::Date,
        user::Act,
    },
    ops::{Error, books::Books, payment as payment_ops},
    store::{self, AsOf, Done, Ledger, Member, NewMatch, Noun, RecordedMatch, Request, WriteTx},
};

/// What followed from links that were made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Settled {
    /// Payments that were recorded from bank lines.
    pub(super) recorded: u64,
    /// Payments that the bank sent back.
    pub(super) returned: u64,
}

/// What a payment or its return takes from a bank line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    number: LineNumber,
    booking_date: Date,
    value_date: Option<Date>,
    reference: Option<&'a str>,
}

impl Source<'_> {
    /// Tells what the last line of a payment is found by.
    pub(super) fn when(&self) -> (Date, Date, LineNumber) {
        (
            self.value_date.unwrap_or(self.booking_date),
            self.booking_date,
            self.number,
        )
    }
}

impl<'a> From<&'a BankLine> for Source<'a> {
    fn from(line: &'a BankLine) -> Self {
        let StatementLine {
            booking_date,
            value_date,
            reference,
            ..
        } = &line.line;
        let (booking_date, value_date, reference) =
            (*booking_date, *value_date, reference.as_deref());
        Self {
            number: line.number,
            booking_date,
            value_date,
            reference,
        }
    }
}

impl<'a> From<&'a Line> for Source<'a> {
    fn from(line: &'a Line) -> Self {
        let Line {
            number,
            date,
            value_date,
            reference,
            ..
        } = line;
        Self {
            number: *number,
            booking_date: *date,
            value_date: *value_date,
            reference: reference.as_deref(),
        }
    }
}

/// Does what a link says that a user decided.
fn settle_one(write: &mut WriteTx<'_>, link: &Link) -> Result<(), Error> {
    let mut lines = Vec::with_capacity(link.lines.len());
    for number in &link.lines {
        lines.push(write.bank_line(number.number())?);
    }
    let Some(last) = lines.iter().map(Source::from).max_by_key(Source::when) else {
        return Ok(());
    };
    let (mut books, mut settled) = (Books::default(), Settled::default());
    settle(write, &mut books, (last, link), &mut settled)?;
    books.close(write)
}

/// Does what a link says: records payments that are not recorded yet, or notes that the bank sent
/// payments back. `source` is the last of its lines.
pub(super) fn settle(
    write: &mut WriteTx<'_>,
    books: &mut Books,
    (source, link): (Source<'_>, &Link),
    settled: &mut Settled,
) -> Result<(), Error> {
    for number in &link.withdrawals {
        match link.kind {
            LinkKind::Payment => {
                settled.recorded += u64::from(pay(write, books, (source, link), *number)?)
            }
            LinkKind::Return => {
                settled.returned += u64::from(give_back(write, books, source, *number)?)
            }
            LinkKind::Charge | LinkKind::Interest | LinkKind::Funding | LinkKind::Other => {}
        }
    }
    Ok(())
}

/// Records a payment from its bank line, unless it is recorded already.
fn pay(
    write: &mut WriteTx<'_>,
    books: &mut Books,
    (line, link): (Source<'_>, &Link),
    number: WithdrawalNumber,
) -> Result<bool, Error> {
    let (withdrawal, standing) = write.withdrawal_and_holder_status(number.number())?;
    if withdrawal.state.payment().is_some() {
        return Ok(false);
    }
    write.concern = crate::ops::about_withdrawal(&withdrawal);
    let date = line
        .value_date
        .filter(|date| *date <= write.today)
        .unwrap_or(line.booking_date)
        .min(write.today);
    let reference = reference(write, (line, link), number)?;
    let notes = Some(format!("recorded from bank line {}", line.number));
    let input = PaymentInput {
        reference,
        date,
        amount: None,
        notes,
    };
    match payment::pay(
        &withdrawal,
        &standing,
        &write.actor,
        &input,
        write.today,
        write.now,
    )? {
        PaymentDecision::New(new) => {
            payment_ops::record(write, books, &withdrawal, &new).map(|_| true)
        }
        PaymentDecision::AlreadyRecorded => Ok(false),
    }
}

/// Tells the reference of a payment that is recorded from a bank line: the line's own where it is
/// this payment's alone and was not used before; else our end-to-end reference; else the names of
/// the line and the withdrawal.
fn reference(
    write: &mut WriteTx<'_>,
    (line, link): (Source<'_>, &Link),
    number: WithdrawalNumber,
) -> Result<String, Error> {
    let own = line
        .reference
        .map(str::to_owned)
        .filter(|_| link.withdrawals.len() == 1);
    for candidate in [own, write.end_to_end_of(number)?].into_iter().flatten() {
        if !write.has_payment_reference(&candidate)? {
            return Ok(candidate);
        }
    }
    Ok(format!("{}/{number}", line.number))
}

/// Notes that the bank sent a payment back, unless the ledger says so already.
fn give_back(
    write: &mut WriteTx<'_>,
    books: &mut Books,
    line: Source<'_>,
    number: WithdrawalNumber,
) -> Result<bool, Error> {
    let withdrawal = write.withdrawal(number.number())?;
    let missing = || store::Error::bug(format!("{number} was sent back and never paid"));
    let facts = withdrawal.state.payment().ok_or_else(missing)?;
    let payment = write
        .payment_by_reference(&facts.reference)?
        .ok_or_else(missing)?;
    if let PaymentState::Returned { .. } = payment.state {
        return Ok(false);
    }
    let reason = format!("sent back by the bank, line {}", line.number);
    let date = line
        .booking_date
        .clamp(payment.facts.date, write.today.max(payment.facts.date));
    payment_ops::send_back(write, books, &payment, (date, &reason))?;
    Ok(true)
}

/// Confirms what is proposed for a line.
///
/// # Errors
/// [`Refused::NothingProposed`]; those of a payment or its return.
pub fn confirm(
    ledger: &mut Ledger,
    session: Session,
    given: &str,
) -> Result<Done<BankLine>, Error> {
    let request = Request {
        command: "bank confirm",
        activity: Activity::LineMatched,
        input: &given,
    };
    ledger.write(session, request, recall, |write| {
        let (line, proposal) = proposal(write, given)?;
        must_add_up(write, &line, &proposal.link)?;
        write.confirm_match(proposal.number)?;
        settle_one(write, &proposal.link)?;
        record(
            write,
            Activity::LineMatched,
            &proposal.link,
            (Class::Proposed, None),
        )?;
        done(write, line.number)
    })
}

/// Rejects what is proposed for a line; it is never proposed again.
///
/// # Errors
/// [`Refused::NothingProposed`].
pub fn reject(ledger: &mut Ledger, session: Session, given: &str) -> Result<Done<BankLine>, Error> {
    let request = Request {
        command: "bank reject",
        activity: Activity::LineRejected,
        input: &given,
    };
    ledger.write(session, request, recall, |write| {
        let (line, proposal) = proposal(write, given)?;
        write.end_match(proposal.number, Ending::Rejected, None)?;
        free(write, &proposal.link, "the proposal was rejected")?;
        record(
            write,
            Activity::LineRejected,
            &proposal.link,
            (Class::Proposed, None),
        )?;
        done(write, line.number)
    })
}

/// Matches a line with payments whose sum is its amount: money out pays them, money in sends them
/// back.
///
/// # Errors
/// [`Refused::LineState`], [`Refused::MatchAmount`], [`Refused::PaymentMatched`],
/// [`Refused::PaymentCurrency`]; those of a return.
pub fn match_line(
    ledger: &mut Ledger,
    session: Session,
    (given, payments): (&str, &[String]),
) -> Result<Done<BankLine>, Error> {
    let input = &(given, payments);
    let request = Request {
        command: "bank match",
        activity: Activity::LineMatched,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let line = open_line(write, given, "matched")?;
        let kind = if line.line.amount.is_negative() {
            LinkKind::Payment
        } else {
            LinkKind::Return
        };
        let payments = named(write, payments)?;
        add_up(&line, &payments)?;
        for payment in &payments {
            may_link(write, (&line, kind), payment)?;
        }
        let proposed = write.match_of_line(line.number)?;
        end_proposal(write, proposed)?;
        let withdrawals = payments.iter().map(|payment| payment.withdrawal).collect();
        let link = Link {
            kind,
            lines: vec![line.number],
            withdrawals,
        };
        let found = Match {
            link,
            tier: Tier::Manual,
            certainty: Certainty::Matched,
            evidence: said(write),
        };
        write.insert_match(NewMatch {
            account: line.account.id,
            found: &found,
        })?;
        settle_one(write, &found.link)?;
        record(
            write,
            Activity::LineMatched,
            &found.link,
            (line.classification.class, None),
        )?;
        done(write, line.number)
    })
}

/// Takes back what a line was matched with or explained by. Payments stay recorded, and returns
/// stay noted.
///
/// # Errors
/// [`Refused::LineState`], [`Refused::ReasonMissing`].
pub fn unmatch(
    ledger: &mut Ledger,
    session: Session,
    (given, reason): (&str, &str),
) -> Result<Done<BankLine>, Error> {
    let input = &(given, reason);
    let request = Request {
        command: "bank unmatch",
        activity: Activity::LineUnmatched,
        input,
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Record)?;
        let line = line(write, given)?;
        let link = write
            .match_of_line(line.number)?
            .filter(|link| link.certainty == Certainty::Matched);
        let Some(link) = link else {
            let class = line.classification.class;
            return Err(Refused::LineState {
                line: line.number,
                class,
                verb: "unmatched",
            }
            .into());
        };
        if reason.trim().is_empty() {
            return Err(Refused::ReasonMissing { verb: "unmatch" }.into());
        }
        write.end_match(link.number, Ending::Unmatched, Some(reason.trim()))?;
        free(write, &link.link, "the match was taken back")?;
        record(
            write,
            Activity::LineUnmatched,
            &link.link,
            (line.classification.class, Some(reason.trim())),
        )?;
        done(write, line.number)
    })
}

/// Explains a line that has nothing to do with payments.
///
/// # Errors
/// [`Refused::LineState`], [`Refused::ReasonMissing`].
pub fn resolve(
    ledger: &mut Ledger,
    session: Session,
    (given, kind, reason): (&str, LinkKind, &str),
) -> Result<Done<BankLine>, Error> {
    let input = &(given, kind, reason);
    let request = Request {
        command: "bank resolve",
        activity: Activity::LineResolved,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let line = open_line(write, given, "resolved")?;
        if reason.trim().is_empty() {
            return Err(Refused::ReasonMissing { verb: "resolve" }.into());
        }
        let proposed = write.match_of_line(line.number)?;
        end_proposal(write, proposed)?;
        let link = Link {
            kind,
            lines: vec![line.number],
            withdrawals: Vec::new(),
        };
        let evidence = reason.trim().to_owned();
        let found = Match {
            link,
            tier: Tier::Manual,
            certainty: Certainty::Matched,
            evidence,
        };
        write.insert_match(NewMatch {
            account: line.account.id,
            found: &found,
        })?;
        record(
            write,
            Activity::LineResolved,
            &found.link,
            (line.classification.class, Some(reason.trim())),
        )?;
        done(write, line.number)
    })
}

fn recall(
    tx: &mut store::Tx<'_>,
    number: i64,
    at: crate::domain::time::Instant,
) -> Result<BankLine, Error> {
    Ok(tx.bank_line_at(number, AsOf::At(at))?)
}

fn done(write: &mut WriteTx<'_>, line: LineNumber) -> Result<(i64, BankLine), Error> {
    Ok((line.number(), write.bank_line(line.number())?))
}

fn line(write: &mut WriteTx<'_>, given: &str) -> Result<BankLine, Error> {
    let number = write.resolve(Noun::Line, given)?;
    Ok(write.bank_line(number)?)
}

/// Reads a line and the proposal that holds it.
fn proposal(write: &mut WriteTx<'_>, given: &str) -> Result<(BankLine, RecordedMatch), Error> {
    write.actor.must(Act::Record)?;
    let line = line(write, given)?;
    match write.match_of_line(line.number)? {
        Some(link) if link.certainty == Certainty::Proposed => Ok((line, link)),
        Some(_) | None => Err(Refused::NothingProposed {
            line: line.number,
            class: line.classification.class,
        }
        .into()),
    }
}

/// Reads a line that nothing decided holds yet.
fn open_line(write: &mut WriteTx<'_>, given: &str, verb: &'static str) -> Result<BankLine, Error> {
    write.actor.must(Act::Record)?;
    let line = line(write, given)?;
    let decided = write
        .match_of_line(line.number)?
        .is_some_and(|link| link.certainty == Certainty::Matched);
    if decided {
        return Err(Refused::LineState {
            line: line.number,
            class: line.classification.class,
            verb,
        }
        .into());
    }
    Ok(line)
}

fn named(write: &mut WriteTx<'_>, given: &[String]) -> Result<Vec<Payment>, Error> {
    let mut payments: Vec<Payment> = Vec::with_capacity(given.len());
    for given in given {
        let number = write.resolve(Noun::Payment, given)?;
        if !payments.iter().any(|known| known.number.number() == number) {
            payments.push(write.payment(number)?);
        }
    }
    Ok(payments)
}

/// Refuses payments that do not add up to the line, exactly.
fn add_up(line: &BankLine, payments: &[Payment]) -> Result<(), Error> {
    let too_much = || store::Error::bug("the payments add up to too much");
    let sum = payments.iter().try_fold(Signed::ZERO, |sum, payment| {
        sum.checked_add(payment.facts.amount.into())
    });
    must_be_equal(
        line,
        Signed::from(line.line.amount.magnitude()),
        sum.ok_or_else(too_much)?,
    )
}

/// Refuses a proposal whose payments no longer add up to its lines: one may have been recorded with
/// another amount since.
fn must_add_up(write: &mut WriteTx<'_>, line: &BankLine, link: &Link) -> Result<(), Error> {
    let too_much = || store::Error::bug("the payments add up to too much");
    let (mut amount, mut paid) = (Signed::ZERO, Signed::ZERO);
    for number in &link.lines {
        let magnitude = write.bank_line(number.number())?.line.amount.magnitude();
        amount = amount.checked_add(magnitude.into()).ok_or_else(too_much)?;
    }
    for number in &link.withdrawals {
        let withdrawal = write.withdrawal(number.number())?;
        let each = withdrawal
            .state
            .payment()
            .map_or(withdrawal.amount, |payment| payment.amount);
        paid = paid.checked_add(each.into()).ok_or_else(too_much)?;
    }
    must_be_equal(line, amount, paid)
}

fn must_be_equal(line: &BankLine, amount: Signed, sum: Signed) -> Result<(), Error> {
    let too_much = || store::Error::bug("the payments add up to too much");
    let difference = amount.checked_sub(sum).ok_or_else(too_much)?;
    if difference.is_zero() && !amount.is_zero() {
        return Ok(());
    }
    let (line, currency) = (line.number, line.currency);
    Err(Refused::MatchAmount {
        line,
        amount,
        payments: sum,
        difference,
        currency,
    }
    .into())
}

/// Refuses a payment in another currency, and one that is matched already; a proposal for it ends.
fn may_link(
    write: &mut WriteTx<'_>,
    (line, kind): (&BankLine, LinkKind),
    payment: &Payment,
) -> Result<(), Error> {
    if payment.currency != line.currency {
        let (account, own, found) = (line.account.code.clone(), line.currency, payment.currency);
        return Err(Refused::PaymentCurrency {
            payment: payment.number,
            account,
            own,
            found,
        }
        .into());
    }
    let withdrawal = write.withdrawal(payment.withdrawal.number())?;
    let account = write.bank_account_by_id(line.account.id)?;
    account.must_pay_for(&withdrawal.project, payment.currency)?;
    if let Some(file) = write.file_of(payment.withdrawal)?
        && write.payment_file(file.number(), AsOf::Now)?.account.id != account.account.id
    {
        return Err(Refused::InPaymentFile {
            withdrawal: payment.withdrawal,
            file,
        }
        .into());
    }
    let link = write.match_of_withdrawal(payment.withdrawal, kind)?;
    match link {
        Some(link) if link.certainty == Certainty::Matched => {
            let with = link.link.lines.first().copied().unwrap_or(line.number);
            Err(Refused::PaymentMatched {
                payment: payment.number,
                line: with,
            }
            .into())
        }
        proposed => end_proposal(write, proposed),
    }
}

fn end_proposal(write: &mut WriteTx<'_>, link: Option<RecordedMatch>) -> Result<(), Error> {
    match link {
        Some(link) if link.certainty == Certainty::Proposed => {
            write.end_match(link.number, Ending::Superseded, Some("a user decided"))?;
            free(write, &link.link, "a user decided otherwise")
        }
        Some(_) | None => Ok(()),
    }
}

fn said(write: &WriteTx<'_>) -> String {
    format!("{} said so", write.actor.user.code)
}

/// Says of lines and withdrawals that were held by a link that nothing holds them now; the next run
/// looks at them again.
fn free(write: &mut WriteTx<'_>, link: &Link, why: &str) -> Result<(), Error> {
    let classification = |class| {
        let detail = Some(format!("{why}; the next reconciliation looks again"));
        Classification {
            class,
            lines: Vec::new(),
            withdrawals: Vec::new(),
            detail,
        }
    };
    let mut account = None;
    for number in &link.lines {
        let line = write.bank_line(number.number())?;
        let class = crate::domain::bank::class_before_run(line.line.amount, line.kind);
        write.insert_class(
            line.account.id,
            Member::Line(*number),
            &classification(class),
        )?;
        account = Some(line.account.id);
    }
    let Some(account) = account else {
        return Ok(());
    };
    for number in link
        .withdrawals
        .iter()
        .filter(|_| link.kind == LinkKind::Payment)
    {
        let paid = write.withdrawal(number.number())?.state.payment().is_some();
        let class = if paid {
            Class::PaidNotOnBank
        } else {
            Class::Awaited
        };
        write.insert_class(account, Member::Withdrawal(*number), &classification(class))?;
    }
    Ok(())
}

/// Records a decision about a link with its entry.
fn record(
    write: &mut WriteTx<'_>,
    activity: Activity,
    link: &Link,
    (before, reason): (Class, Option<&str>),
) -> Result<(), Error> {
    let Some(first) = link.lines.first() else {
        return Ok(());
    };
    let after = write.bank_line(first.number())?;
    let changes = json!({
        "lines": link.lines.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "withdrawals": link.withdrawals.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "as": link.kind,
        "amount": after.line.amount,
        "currency": after.currency,
        "reason": reason,
    });
    if let [withdrawal] = link.withdrawals.as_slice() {
        let withdrawal = write.withdrawal(withdrawal.number())?;
        write.concern = crate::ops::about_withdrawal(&withdrawal);
    }
    let fact = Fact::new(activity, changes).about(write.concern);
    Ok(write.record(fact.moved(Some(before.as_str()), after.classification.class.as_str()))?)
}
