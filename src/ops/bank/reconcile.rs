//! Reconcile: links what is certain, proposes what is not, and tells what is left.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::decide::{Settled, Source, settle};
use crate::{
    domain::{
        activity::{Activity, Concern, Fact},
        bank::{Ending, FundAccount, class_before_run},
        code::{Code, LineNumber, WithdrawalNumber},
        currency::Currency,
        matching::{
            self, Certainty, Class, Classification, Expected, Input, Line, Link, LinkKind, Match,
            Outcome,
        },
        reconciliation::span,
        session::Session,
        signed::Signed,
        time::Date,
        user::Act,
    },
    ops::{Error, books::Books},
    store::{self, AsOf, Done, Ledger, Member, NewMatch, Noun, RecordedMatch, Request, WriteTx},
};

/// What a run found, and what is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciled {
    /// The account.
    pub account: Code,
    /// Its currency.
    pub currency: Currency,
    /// The last day that was looked at.
    pub through: Option<Date>,
    /// How many links were made now.
    pub matched: u64,
    /// How many links are proposed now and were not before.
    pub proposed: u64,
    /// How many payments were recorded from bank lines.
    pub recorded: u64,
    /// How many payments the bank was found to have sent back.
    pub returned: u64,
    /// Each class that has something in it.
    pub classes: Vec<ClassTotal>,
    /// By how much the bank's balances and lines do not add up.
    pub balance_break: Option<Signed>,
    /// How many lines and payments are still to be settled.
    pub left: u64,
}

/// What is in a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassTotal {
    /// The class.
    pub class: Class,
    /// How many bank lines.
    pub lines: u64,
    /// Their sum.
    pub lines_total: Signed,
    /// How many payments.
    pub payments: u64,
    /// Their sum.
    pub payments_total: Signed,
}

/// Reconciles the lines of an account with what the ledger paid and approved. Running again changes
/// nothing.
///
/// # Errors
/// [`crate::domain::Refused::Forbidden`], or what the file refuses.
pub fn reconcile(
    ledger: &mut Ledger,
    session: Session,
    (given, through): (&str, Option<Date>),
) -> Result<Done<Reconciled>, Error> {
    let input = &(given, through);
    let request = Request {
        command: "bank reconcile",
        activity: Activity::BankReconciled,
        input,
    };
    ledger.write(
        session,
        request,
        |_, reconciled: Reconciled, _| Ok(reconciled),
        |write| {
            write.actor.must(Act::Record)?;
            let number = write.resolve(Noun::BankAccount, given)?;
            let account = write.bank_account(number)?;
            write.concern = Concern {
                project: account.project.as_ref().map(|project| project.id),
                ..Concern::default()
            };
            let reconciled = Run::over(write, account, through)?.finish(write)?;
            Ok((reconciled.clone(), reconciled))
        },
    )
}

/// A link told by what it links, in ascending order: two of the same name say the same.
type Name = (LinkKind, Vec<LineNumber>, Vec<WithdrawalNumber>);

fn name(link: &Link) -> Name {
    let (mut lines, mut withdrawals) = (link.lines.clone(), link.withdrawals.clone());
    lines.sort_unstable();
    withdrawals.sort_unstable();
    (link.kind, lines, withdrawals)
}

/// Finds the last line of a link: it completes the payment, and its value date and reference are
/// the payment's.
fn source<'a>(lines: &'a [Line], link: &Link) -> Result<Source<'a>, Error> {
    let find = |number: &LineNumber| {
        lines
            .binary_search_by_key(number, |line| line.number)
            .ok()
            .and_then(|at| lines.get(at))
    };
    let last = link
        .lines
        .iter()
        .filter_map(find)
        .map(Source::from)
        .max_by_key(Source::when);
    Ok(last.ok_or_else(|| store::Error::bug("a link was found of a line that was not looked at"))?)
}

/// Goes over what a run looked at and where each stands; both are in the order of their numbers, so
/// that nothing is searched.
fn classified<'a, T, K: Ord>(
    all: &'a [T],
    stands: &'a BTreeMap<K, Classification>,
    number: impl Fn(&T) -> K,
) -> impl Iterator<Item = (&'a T, &'a Classification)> {
    let mut stands = stands.iter().peekable();
    all.iter().filter_map(move |item| {
        let number = number(item);
        while stands.next_if(|(other, _)| **other < number).is_some() {}
        stands
            .next_if(|(other, _)| **other == number)
            .map(|(_, placed)| (item, placed))
    })
}

/// The proposals of earlier runs by what they link.
#[derive(Default)]
struct Proposals(BTreeMap<Name, RecordedMatch>);

impl Proposals {
    fn get(&self, link: &Link) -> Option<i64> {
        // Most runs find no proposal, and then no key is built.
        if self.0.is_empty() {
            None
        } else {
            self.0.get(&name(link)).map(|proposal| proposal.number)
        }
    }
}

/// Tells whether a proposal reaches beyond the last day of a run: the run does not see all that it
/// links, though all is still expected. `lines` are those of the run, `all` what is expected on any
/// day; both are in the order of their numbers.
fn reaches_beyond(
    link: &Link,
    lines: &[Line],
    (all, through): (&[Expected], Option<Date>),
) -> bool {
    let is_line = |number: &LineNumber| {
        lines
            .binary_search_by_key(number, |line| line.number)
            .is_ok()
    };
    let find = |number: &WithdrawalNumber| {
        all.binary_search_by_key(number, |expected| expected.withdrawal)
            .ok()
            .and_then(|at| all.get(at))
    };
    let expected: Vec<_> = link.withdrawals.iter().filter_map(find).collect();
    let is_there = expected.len() == link.withdrawals.len();
    is_there
        && !(link.lines.iter().all(is_line)
            && expected.iter().all(|expected| is_within(expected, through)))
}

fn is_within(expected: &Expected, through: Option<Date>) -> bool {
    through.is_none_or(|through| expected.date <= through)
}

/// What proposals hold that this run does not look at.
struct Held {
    lines: Vec<Line>,
    expected: Vec<Expected>,
}

impl Held {
    /// Takes what the proposals hold out of what the run sees.
    fn by(
        proposals: &[RecordedMatch],
        lines: &mut Vec<Line>,
        expected: &mut Vec<Expected>,
    ) -> Self {
        let held_lines: BTreeSet<_> = proposals
            .iter()
            .flat_map(|proposal| &proposal.link.lines)
            .copied()
            .collect();
        let held: BTreeSet<_> = proposals
            .iter()
            .flat_map(|proposal| &proposal.link.withdrawals)
            .copied()
            .collect();
        Self {
            lines: lines
                .extract_if(.., |line| held_lines.contains(&line.number))
                .collect(),
            expected: expected
                .extract_if(.., |expected| held.contains(&expected.withdrawal))
                .collect(),
        }
    }

    /// Puts it back as what it is: proposed.
    fn place(self, outcome: &mut Outcome, lines: &mut Vec<Line>, expected: &mut Vec<Expected>) {
        let proposed = || Classification {
            class: Class::Proposed,
            lines: Vec::new(),
            withdrawals: Vec::new(),
            detail: None,
        };
        outcome
            .lines
            .extend(self.lines.iter().map(|line| (line.number, proposed())));
        outcome.expected.extend(
            self.expected
                .iter()
                .map(|expected| (expected.withdrawal, proposed())),
        );
        lines.extend(self.lines);
        expected.extend(self.expected);
        lines.sort_by_key(|line| line.number);
        expected.sort_by_key(|expected| expected.withdrawal);
    }
}

struct Run {
    account: FundAccount,
    through: Option<Date>,
    lines: Vec<Line>,
    expected: Vec<Expected>,
    /// Those of the expected withdrawals that had no payment when the run began.
    unrecorded: HashSet<WithdrawalNumber>,
    outcome: Outcome,
    books: Books,
    settled: Settled,
    matched: u64,
    proposed: u64,
    changed: bool,
}

impl Run {
    fn over(
        write: &mut WriteTx<'_>,
        account: FundAccount,
        through: Option<Date>,
    ) -> Result<Self, Error> {
        let id = account.account.id;
        let mut lines = write.lines_to_match(id, through)?;
        let mut expected = write.expected(&account, None)?;
        let (decided, proposals): (Vec<RecordedMatch>, Vec<RecordedMatch>) = write
            .live_matches(id)?
            .into_iter()
            .partition(|recorded| recorded.certainty == Certainty::Matched);
        // A proposal that reaches beyond the last day of this run is not looked at: what it holds
        // takes part in nothing else.
        let (beyond, proposals): (Vec<RecordedMatch>, Vec<RecordedMatch>) = proposals
            .into_iter()
            .partition(|proposal| reaches_beyond(&proposal.link, &lines, (&expected, through)));
        expected.retain(|expected| is_within(expected, through));
        let held = Held::by(&beyond, &mut lines, &mut expected);
        let decided: Vec<Link> = decided.into_iter().map(|recorded| recorded.link).collect();
        let rejected = write.rejected_links(id)?;
        let currency = account.currency;
        let input = Input {
            currency,
            lines: &lines,
            expected: &expected,
            decided: &decided,
            rejected: &rejected,
        };
        let mut outcome = matching::run(input);
        drop((decided, rejected));
        held.place(&mut outcome, &mut lines, &mut expected);
        let unrecorded = expected
            .iter()
            .filter(|expected| expected.payment.is_none());
        let unrecorded = unrecorded.map(|expected| expected.withdrawal).collect();
        let (books, settled) = (Books::default(), Settled::default());
        let mut run = Self {
            account,
            through,
            unrecorded,
            lines,
            expected,
            outcome,
            books,
            settled,
            matched: 0,
            proposed: 0,
            changed: false,
        };
        run.link(write, proposals)?;
        run.place(write)?;
        Ok(run)
    }

    /// Makes the links that were found; a proposal that is no longer found ends.
    fn link(
        &mut self,
        write: &mut WriteTx<'_>,
        proposals: Vec<RecordedMatch>,
    ) -> Result<(), Error> {
        let mut found = std::mem::take(&mut self.outcome.found);
        let mut held = BTreeSet::new();
        // Where nobody is blocked, as is usual, no withdrawal is asked for its holder.
        if !self.unrecorded.is_empty() && write.has_blocked_holders()? {
            for found in &mut found {
                self.hold_back(write, found, &mut held)?;
            }
        }
        // What is not recorded as paid cannot be recorded as sent back.
        found
            .retain(|found| found.link.kind != LinkKind::Return || !self.waits(&found.link, &held));
        if write.others_propose(self.account.account.id)? {
            let mut free = Vec::with_capacity(found.len());
            for found in found {
                if self.is_free_elsewhere(write, &found)? {
                    free.push(found);
                }
            }
            found = free;
        }
        let mut kept = Proposals(
            proposals
                .into_iter()
                .map(|proposal| (name(&proposal.link), proposal))
                .collect(),
        );
        let wanted: BTreeSet<i64> = found
            .iter()
            .filter_map(|found| kept.get(&found.link))
            .collect();
        let gone = kept
            .0
            .extract_if(.., |_, known| !wanted.contains(&known.number));
        for (_, proposal) in gone.collect::<Vec<_>>() {
            write.end_match(proposal.number, Ending::Superseded, None)?;
            self.changed = true;
        }
        write
            .progress
            .begin("matching", u64::try_from(found.len()).unwrap_or(u64::MAX));
        for found in found {
            self.make(write, &found, kept.get(&found.link))?;
            write.progress.advance(1);
        }
        write.progress.end();
        Ok(())
    }

    /// Tells whether a return waits for payments that are held back; its credits then placed alone.
    fn waits(&mut self, link: &Link, held: &BTreeSet<WithdrawalNumber>) -> bool {
        if !link
            .withdrawals
            .iter()
            .any(|withdrawal| held.contains(withdrawal))
        {
            return false;
        }
        let detail = || Some("the payment that it may send back waits for a person".to_owned());
        for line in &link.lines {
            let withdrawals = link.withdrawals.clone();
            let placed = Classification {
                class: Class::UnlinkedReversal,
                lines: Vec::new(),
                withdrawals,
                detail: detail(),
            };
            self.outcome.lines.insert(*line, placed);
        }
        true
    }

    /// Ends weaker proposals of other accounts for what is certain here; where both only propose,
    /// nothing is proposed, since the evidence fits two ways.
    fn is_free_elsewhere(&mut self, write: &mut WriteTx<'_>, found: &Match) -> Result<bool, Error> {
        for number in &found.link.withdrawals {
            let Some(other) = write.match_of_withdrawal(*number, found.link.kind)? else {
                continue;
            };
            if name(&other.link) == name(&found.link)
                || other
                    .link
                    .lines
                    .iter()
                    .any(|line| self.outcome.lines.contains_key(line))
            {
                continue;
            }
            if found.certainty == Certainty::Matched && other.certainty == Certainty::Proposed {
                write.end_match(other.number, Ending::Superseded, None)?;
                self.changed = true;
                continue;
            }
            let detail = Some("it is proposed on another account".to_owned());
            for line in &found.link.lines {
                let (withdrawals, detail) = (found.link.withdrawals.clone(), detail.clone());
                let placed = Classification {
                    class: Class::Ambiguous,
                    lines: Vec::new(),
                    withdrawals,
                    detail,
                };
                self.outcome.lines.insert(*line, placed);
            }
            return Ok(false);
        }
        Ok(true)
    }

    /// Only proposes what would record a payment to a holder who is blocked: that is for a person
    /// to settle.
    fn hold_back(
        &mut self,
        write: &mut WriteTx<'_>,
        found: &mut Match,
        held: &mut BTreeSet<WithdrawalNumber>,
    ) -> Result<(), Error> {
        if found.certainty == Certainty::Proposed || found.link.kind != LinkKind::Payment {
            return Ok(());
        }
        for number in &found.link.withdrawals {
            if !self.unrecorded.contains(number) {
                continue;
            }
            if let Some(holder) = write.blocked_holder_of(*number)? {
                found.certainty = Certainty::Proposed;
                found.evidence = format!("{}; holder {holder} is blocked", found.evidence);
                let place = |placed: &mut Classification| placed.class = Class::Proposed;
                found
                    .link
                    .lines
                    .iter()
                    .for_each(|line| self.outcome.lines.get_mut(line).into_iter().for_each(place));
                held.extend(&found.link.withdrawals);
                let withdrawals = found.link.withdrawals.iter();
                withdrawals.for_each(|number| {
                    self.outcome
                        .expected
                        .get_mut(number)
                        .into_iter()
                        .for_each(place)
                });
                return Ok(());
            }
        }
        Ok(())
    }

    fn make(
        &mut self,
        write: &mut WriteTx<'_>,
        found: &Match,
        proposal: Option<i64>,
    ) -> Result<(), Error> {
        match (found.certainty, proposal) {
            (Certainty::Proposed, Some(_)) => return Ok(()),
            (Certainty::Proposed, None) => {
                write.insert_match(NewMatch {
                    account: self.account.account.id,
                    found,
                })?;
                self.proposed += 1;
            }
            (Certainty::Matched, proposal) => {
                match proposal {
                    Some(number) => write.confirm_match(number)?,
                    None => {
                        write.insert_match(NewMatch {
                            account: self.account.account.id,
                            found,
                        })?;
                    }
                }
                if self.changes_payments(&found.link) {
                    let source = source(&self.lines, &found.link)?;
                    settle(
                        write,
                        &mut self.books,
                        (source, &found.link),
                        &mut self.settled,
                    )?;
                }
                self.matched += 1;
            }
        }
        self.changed = true;
        Ok(())
    }

    /// Tells whether a link may record a payment or its return. What is recorded already needs no
    /// look.
    fn changes_payments(&self, link: &Link) -> bool {
        match link.kind {
            LinkKind::Payment => link
                .withdrawals
                .iter()
                .any(|number| self.unrecorded.contains(number)),
            LinkKind::Return => true,
            LinkKind::Charge | LinkKind::Interest | LinkKind::Funding | LinkKind::Other => false,
        }
    }

    /// Records where each line and each withdrawal stands that no link holds, where that is news.
    fn place(&mut self, write: &mut WriteTx<'_>) -> Result<(), Error> {
        let account = self.account.account.id;
        for (line, placed) in classified(&self.lines, &self.outcome.lines, |line| line.number) {
            if is_linked(placed.class) {
                continue;
            }
            let known = write.class_of(Member::Line(line.number), Some(account))?;
            let default = class_before_run(line.amount, matching::kind_of(line));
            if news(known.as_ref(), placed, default) {
                write.insert_class(account, Member::Line(line.number), placed)?;
                self.changed = true;
            }
        }
        for (expected, placed) in classified(&self.expected, &self.outcome.expected, |expected| {
            expected.withdrawal
        }) {
            if is_linked(placed.class) {
                continue;
            }
            let number = expected.withdrawal;
            let known = write.class_of(Member::Withdrawal(number), Some(account))?;
            let default = if expected.payment.is_some() {
                Class::PaidNotOnBank
            } else {
                Class::Awaited
            };
            if news(known.as_ref(), placed, default) {
                write.insert_class(account, Member::Withdrawal(number), placed)?;
                self.changed = true;
            }
        }
        Ok(())
    }

    fn finish(self, write: &mut WriteTx<'_>) -> Result<Reconciled, Error> {
        let Self {
            account, through, ..
        } = &self;
        let statements = write.statements(account.account.id, AsOf::Now)?;
        let balance_break = match span(&statements, *through) {
            Some(span) => {
                let sum = write.line_sum(account.account.id, span.days, AsOf::Now)?;
                span.difference(sum)
                    .filter(|difference| !difference.is_zero())
            }
            None => None,
        };
        let classes = self.classes()?;
        let mut left = classes
            .iter()
            .filter(|class| class.class.is_left())
            .map(|class| class.lines + class.payments)
            .sum();
        left += u64::from(balance_break.is_some());
        let reconciled = Reconciled {
            account: account.account.code.clone(),
            currency: account.currency,
            through: *through,
            matched: self.matched,
            proposed: self.proposed,
            recorded: self.settled.recorded,
            returned: self.settled.returned,
            classes,
            balance_break,
            left,
        };
        self.close(write, &reconciled)?;
        Ok(reconciled)
    }

    /// Records the run, where it changed something or saw lines that no run saw before.
    fn close(self, write: &mut WriteTx<'_>, reconciled: &Reconciled) -> Result<(), Error> {
        let id = self.account.account.id;
        let unseen = self.through.is_none() && write.has_lines_after_last_run(id, AsOf::Now)?;
        if !self.changed && !unseen {
            return Ok(());
        }
        write.insert_reconciliation(id, self.through)?;
        self.books.close(write)?;
        let changes = json!({
            "account": reconciled.account,
            "through": reconciled.through,
            "matched": reconciled.matched,
            "proposed": reconciled.proposed,
            "payments_recorded": reconciled.recorded,
            "payments_returned": reconciled.returned,
            "left": reconciled.left,
        });
        Ok(write.record(Fact::new(Activity::BankReconciled, changes).about(write.concern))?)
    }

    fn classes(&self) -> Result<Vec<ClassTotal>, Error> {
        let too_much = || store::Error::bug("the amounts of a class add up to too much");
        let mut totals: BTreeMap<Class, ClassTotal> = BTreeMap::new();
        for (line, placed) in classified(&self.lines, &self.outcome.lines, |line| line.number) {
            let total = totals
                .entry(placed.class)
                .or_insert_with(|| ClassTotal::empty(placed.class));
            total.lines += 1;
            total.lines_total = total
                .lines_total
                .checked_add(line.amount)
                .ok_or_else(too_much)?;
        }
        for (expected, placed) in classified(&self.expected, &self.outcome.expected, |expected| {
            expected.withdrawal
        }) {
            // What is approved and neither recorded nor matched is no payment yet; the line that
            // may be it counts.
            let linked = matches!(
                placed.class,
                Class::Matched | Class::MatchedGroup | Class::Returned
            );
            if expected.payment.is_none() && !linked {
                continue;
            }
            let total = totals
                .entry(placed.class)
                .or_insert_with(|| ClassTotal::empty(placed.class));
            total.payments += 1;
            total.payments_total = total
                .payments_total
                .checked_add(expected.amount.into())
                .ok_or_else(too_much)?;
        }
        Ok(totals.into_values().collect())
    }
}

impl ClassTotal {
    const fn empty(class: Class) -> Self {
        Self {
            class,
            lines: 0,
            lines_total: Signed::ZERO,
            payments: 0,
            payments_total: Signed::ZERO,
        }
    }
}

/// Tells the classes that a link gives; they are read from it.
const fn is_linked(class: Class) -> bool {
    match class {
        Class::Matched | Class::MatchedGroup | Class::Proposed | Class::Returned => true,
        Class::Ambiguous
        | Class::AmountDiffers
        | Class::DateOutOfWindow
        | Class::PaidNotOnBank
        | Class::OnBankNotInLedger
        | Class::UnexpectedCredit
        | Class::DuplicatePayment
        | Class::UnlinkedReversal
        | Class::FeeTaxLevy
        | Class::Resolved
        | Class::Awaited => false,
    }
}

/// Tells whether where something stands is not what the ledger says already.
fn news(known: Option<&Classification>, found: &Classification, default: Class) -> bool {
    match known {
        Some(known) => known != found,
        None => {
            *found
                != Classification {
                    class: default,
                    lines: Vec::new(),
                    withdrawals: Vec::new(),
                    detail: None,
                }
        }
    }
}
