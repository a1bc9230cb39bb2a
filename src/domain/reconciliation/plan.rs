//! What a run of the reconciliation changes: which matches are made, proposed or ended, which
//! payments follow, and the class of everything else. Pure: the run reads its input first and
//! writes the plan afterwards.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use thiserror::Error;

use super::{
    Span,
    earlier::EarlierMatches,
    reservation::{Reservation, is_within, reaches_beyond},
    settlement::{LineSource, LinkedWithdrawal, Settlement, settle},
    summary::{self, FirstLeft, Ledger, RunSummary},
};
use crate::domain::{
    bank::class_before_run,
    code::{Code, LineNumber, RemittanceNumber, WithdrawalNumber},
    currency::Currency,
    matching::{
        self, Certainty, Class, Classification, Expected, ExpectedRemittance, Line, Link, LinkKind,
        Match, Outcome, RecordedMatch, Setting, Sides, classify_lines,
    },
    signed::Signed,
    time::Date,
};

/// All that a run over one account needs.
#[derive(Clone, Debug)]
pub struct Input {
    /// The account.
    pub account: Code,
    /// Its currency.
    pub currency: Currency,
    /// What else is known of it.
    pub setting: Setting,
    /// The last day that the run looks at; every day if there is none.
    pub through: Option<Date>,
    /// The day of the run.
    pub today: Date,
    /// The account's lines up to that day, in the order of their numbers.
    pub lines: Vec<Line>,
    /// What the ledger expects on the account on any day, in the order of the withdrawals.
    pub expected: Vec<Expected>,
    /// The remittances that the account may have paid on any day, those that a line shows already
    /// too.
    pub remittances: Vec<ExpectedRemittance>,
    /// The account's matches and proposals that have not ended.
    pub matches: Vec<RecordedMatch>,
    /// What a user rejected or took back: it is never proposed again.
    pub rejected: Vec<Link>,
    /// The proposals of other accounts.
    pub elsewhere: Vec<RecordedMatch>,
    /// The holders who are blocked, by their approved withdrawals.
    pub blocked: BTreeMap<WithdrawalNumber, Code>,
    /// Which of the [`open_references`] a payment already has.
    pub used_references: BTreeSet<String>,
    /// The class of lines that no decided match holds, as the last run over the account left it.
    pub line_classes: BTreeMap<LineNumber, Classification>,
    /// The class of withdrawals that no decided match holds, as that run left it.
    pub payment_classes: BTreeMap<WithdrawalNumber, Classification>,
    /// What the statements give of the bank's balances.
    pub span: Option<Span>,
    /// Whether the account has lines that no run over every day has looked at.
    pub has_new_lines: bool,
}

/// A match or a proposal to be recorded, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedMatch {
    /// The match.
    pub found: Match,
    /// The recorded proposal that it confirms, by its row number.
    pub proposal: Option<i64>,
    /// The payments and returns to be recorded.
    pub settlement: Settlement,
}

/// What a run changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Proposals that end, by their row numbers.
    pub ended: Vec<i64>,
    /// New matches and proposals, and confirmed proposals, in the order of their strength.
    pub matches: Vec<PlannedMatch>,
    /// Lines that no match holds and whose class is new.
    pub line_classes: Vec<(LineNumber, Classification)>,
    /// Withdrawals that no match holds and whose class is new.
    pub payment_classes: Vec<(WithdrawalNumber, Classification)>,
    /// Where what is left to settle begins.
    pub first_left: FirstLeft,
    /// Whether the run is recorded: it changes something, or looks at new lines.
    pub is_recorded: bool,
    /// What the run found, and what is left to settle.
    pub summary: RunSummary,
}

/// Why there is no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PlanError {
    /// A sum has too many digits.
    #[error("the amounts of a class add up to too much")]
    SumTooLarge,
    /// A match names a line that the run has not read.
    #[error("a match names a bank line that the run has not read")]
    UnknownLine,
}

/// Returns by how much the bank's closing balance differs from the opening one and the lines
/// between, if the statements give both and the sums do not have too many digits.
fn difference(span: Option<Span>, lines: &[Line]) -> Option<Signed> {
    let span = span?;
    let within = lines.iter().filter(|line| span.days.contains(line.date));
    let sum = within
        .map(|line| line.amount)
        .try_fold(Signed::ZERO, Signed::checked_add)?;
    span.difference(sum)
}

/// Returns the references that payments to be recorded by a run may take: those of lines that no
/// decided match holds, and of withdrawals that are not paid.
pub fn open_references<'a>(
    lines: &'a [Line],
    expected: &'a [Expected],
    matches: &[RecordedMatch],
) -> impl Iterator<Item = &'a str> {
    let held: HashSet<LineNumber> = matches
        .iter()
        .filter(|recorded| recorded.certainty == Certainty::Matched)
        .flat_map(|recorded| recorded.link.lines.iter().copied())
        .collect();
    let of_lines = lines
        .iter()
        .filter(move |line| !held.contains(&line.number))
        .filter_map(|line| line.reference.as_deref());
    let unpaid = expected.iter().filter(|each| each.payment.is_none());
    let of_files = unpaid.flat_map(|each| each.end_to_end.iter().map(String::as_str));
    of_lines.chain(of_files)
}

impl Plan {
    /// Returns whether it changes anything.
    fn has_changes(&self) -> bool {
        !self.ended.is_empty()
            || !self.matches.is_empty()
            || !self.line_classes.is_empty()
            || !self.payment_classes.is_empty()
    }
}

/// Plans a run over an account. Planning again after the plan was carried out gives no changes.
///
/// # Errors
/// [`PlanError`] if the input contradicts itself or has sums with too many digits.
pub fn plan(input: Input) -> Result<Plan, PlanError> {
    let Input {
        mut lines,
        mut expected,
        mut remittances,
        through,
        ..
    } = input;
    let EarlierMatches {
        decided,
        beyond,
        proposals,
    } = EarlierMatches::of(input.matches, |link| {
        let all = (expected.as_slice(), remittances.as_slice());
        reaches_beyond(link, &lines, all, through)
    });
    expected.retain(|expected| is_within(expected.date, through));
    remittances.retain(|remittance| is_within(remittance.date, through));
    let reservation = Reservation::take(&beyond, &mut lines, (&mut expected, &mut remittances));
    let mut outcome = matching::run(Sides {
        currency: input.currency,
        setting: &input.setting,
        lines: &lines,
        expected: &expected,
        remittances: &remittances,
        decided: &decided,
        rejected: &input.rejected,
    });
    drop((decided, input.rejected));
    reservation.put_back(&mut outcome, &mut lines, (&mut expected, &mut remittances));
    let mut run = Run {
        unrecorded: unrecorded(&expected),
        paid_now: HashMap::new(),
        used_references: input.used_references,
        today: input.today,
        lines: &lines,
        expected: &expected,
        ended: Vec::new(),
        matches: Vec::new(),
        summary: RunSummary::new(input.account, input.currency, through),
    };
    run.propose_for_blocked(&input.blocked, &mut outcome);
    let found = std::mem::take(&mut outcome.matches);
    let found = run.leave_to_others(found, input.elsewhere, &mut outcome);
    run.add_all(found, &proposals)?;
    let Run {
        ended,
        matches,
        mut summary,
        ..
    } = run;
    let ledger = Ledger {
        expected: &expected,
        remittances: &remittances,
    };
    let totals = summary::totals(input.currency, input.today, (&lines, ledger), &outcome)
        .ok_or(PlanError::SumTooLarge)?;
    summary.close(totals, difference(input.span, &lines));
    let mut plan = Plan {
        first_left: FirstLeft::of(&outcome),
        is_recorded: through.is_none() && input.has_new_lines,
        ended,
        matches,
        line_classes: new_line_classes(&lines, outcome.lines, &input.line_classes),
        payment_classes: new_payment_classes(&expected, outcome.expected, &input.payment_classes),
        summary,
    };
    plan.is_recorded |= plan.has_changes();
    Ok(plan)
}

/// Returns the expected withdrawals that have no payment.
fn unrecorded(expected: &[Expected]) -> HashSet<WithdrawalNumber> {
    let unrecorded = expected.iter().filter(|each| each.payment.is_none());
    unrecorded.map(|each| each.withdrawal).collect()
}

/// What a run has planned so far.
struct Run<'a> {
    /// The expected withdrawals that have no payment.
    unrecorded: HashSet<WithdrawalNumber>,
    /// The value dates of the payments that the run records.
    paid_now: HashMap<WithdrawalNumber, Date>,
    used_references: BTreeSet<String>,
    today: Date,
    lines: &'a [Line],
    expected: &'a [Expected],
    ended: Vec<i64>,
    matches: Vec<PlannedMatch>,
    summary: RunSummary,
}

impl<'a> Run<'a> {
    /// Only proposes what would record a payment to a blocked holder: a person settles that.
    fn propose_for_blocked(
        &self,
        blocked: &BTreeMap<WithdrawalNumber, Code>,
        outcome: &mut Outcome,
    ) {
        if blocked.is_empty() {
            return;
        }
        outcome.only_propose(|found| {
            let mut unrecorded = found.link.withdrawals.iter();
            let number = unrecorded
                .find(|number| self.unrecorded.contains(number) && blocked.contains_key(number));
            let holder = number.and_then(|number| blocked.get(number));
            holder.map(|holder| format!("holder {holder} is blocked"))
        });
    }

    /// Ends weaker proposals of other accounts for what is certain here. If both accounts only
    /// propose, the evidence fits two ways and nothing is proposed here.
    fn leave_to_others(
        &mut self,
        mut found: Vec<Match>,
        elsewhere: Vec<RecordedMatch>,
        outcome: &mut Outcome,
    ) -> Vec<Match> {
        if elsewhere.is_empty() {
            return found;
        }
        let mut open: HashMap<(LinkKind, WithdrawalNumber), i64> = HashMap::new();
        let mut taxes: HashSet<RemittanceNumber> = HashSet::new();
        for proposal in elsewhere {
            taxes.extend(proposal.link.remittance);
            let kind = proposal.link.kind;
            let withdrawals = proposal.link.withdrawals.into_iter();
            open.extend(withdrawals.map(|withdrawal| ((kind, withdrawal), proposal.number)));
        }
        let mut ended = HashSet::new();
        for proposal in &taxes {
            // It has its class on the account where it is proposed.
            outcome.remittances.remove(proposal);
        }
        found.retain(|found| {
            if found
                .link
                .remittance
                .is_some_and(|number| taxes.contains(&number))
            {
                let why = "it is proposed on another account";
                classify_lines(&mut outcome.lines, &found.link, Class::Ambiguous, why);
                return false;
            }
            for withdrawal in &found.link.withdrawals {
                let proposal = open.get(&(found.link.kind, *withdrawal));
                let Some(number) = proposal.filter(|number| !ended.contains(*number)) else {
                    continue;
                };
                match found.certainty {
                    Certainty::Matched => {
                        self.ended.push(*number);
                        ended.insert(*number);
                    }
                    Certainty::Proposed => {
                        let why = "it is proposed on another account";
                        classify_lines(&mut outcome.lines, &found.link, Class::Ambiguous, why);
                        return false;
                    }
                }
            }
            true
        });
        found
    }

    /// Plans the matches that were found; a proposal that is no longer found ends.
    fn add_all(&mut self, found: Vec<Match>, proposals: &[RecordedMatch]) -> Result<(), PlanError> {
        let proposals: BTreeMap<LinkKey, i64> = proposals
            .iter()
            .map(|proposal| (LinkKey::of(&proposal.link), proposal.number))
            .collect();
        // Most runs find no proposal, and then no key is built.
        let find = |found: &Match| {
            if proposals.is_empty() {
                None
            } else {
                proposals.get(&LinkKey::of(&found.link)).copied()
            }
        };
        let kept: BTreeSet<i64> = found.iter().filter_map(find).collect();
        let gone = proposals.values().filter(|number| !kept.contains(number));
        self.ended.extend(gone);
        for found in found {
            let proposal = find(&found);
            self.add(found, proposal)?;
        }
        Ok(())
    }

    fn add(&mut self, found: Match, proposal: Option<i64>) -> Result<(), PlanError> {
        let settlement = match found.certainty {
            Certainty::Proposed if proposal.is_some() => return Ok(()),
            Certainty::Proposed => {
                self.summary.proposed += 1;
                Settlement::default()
            }
            Certainty::Matched => {
                self.summary.matched += 1;
                self.settle(&found.link)?
            }
        };
        self.matches.push(PlannedMatch {
            found,
            proposal,
            settlement,
        });
        Ok(())
    }

    /// Plans what follows from a certain match. Most payments are recorded already and need no
    /// look.
    fn settle(&mut self, link: &Link) -> Result<Settlement, PlanError> {
        let changes_payments = match link.kind {
            LinkKind::Payment => link
                .withdrawals
                .iter()
                .any(|number| self.unrecorded.contains(number)),
            LinkKind::Return => true,
            LinkKind::Remittance
            | LinkKind::Charge
            | LinkKind::Interest
            | LinkKind::Funding
            | LinkKind::Other => false,
        };
        if !changes_payments {
            return Ok(Settlement::default());
        }
        let sources = link.lines.iter().filter_map(|number| self.line(*number));
        let source =
            LineSource::last(sources.map(LineSource::from)).ok_or(PlanError::UnknownLine)?;
        let withdrawals: Vec<LinkedWithdrawal> = link
            .withdrawals
            .iter()
            .filter_map(|number| self.withdrawal(*number))
            .collect();
        let used = &mut self.used_references;
        let settlement = settle(link.kind, source, &withdrawals, used, self.today);
        for payment in &settlement.payments {
            self.unrecorded.remove(&payment.withdrawal);
            self.paid_now.insert(payment.withdrawal, payment.input.date);
            self.summary.recorded += 1;
        }
        for _ in &settlement.returns {
            self.summary.returned += 1;
        }
        Ok(settlement)
    }

    fn line(&self, number: LineNumber) -> Option<&'a Line> {
        let at = self.lines.binary_search_by_key(&number, |line| line.number);
        at.ok().and_then(|at| self.lines.get(at))
    }

    fn withdrawal(&self, number: WithdrawalNumber) -> Option<LinkedWithdrawal> {
        let at = self
            .expected
            .binary_search_by_key(&number, |expected| expected.withdrawal);
        let expected = self.expected.get(at.ok()?)?;
        let recorded = expected.payment.map(|_| expected.date);
        Some(LinkedWithdrawal {
            number,
            amount: expected.amount,
            paid_on: recorded.or_else(|| self.paid_now.get(&number).copied()),
            returned: expected.returned,
            end_to_end: expected.open_reference().map(str::to_owned),
        })
    }
}

/// What a link joins, in ascending order: two links with the same key are the same.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct LinkKey {
    kind: LinkKind,
    lines: Vec<LineNumber>,
    withdrawals: Vec<WithdrawalNumber>,
    remittance: Option<RemittanceNumber>,
}

impl LinkKey {
    fn of(link: &Link) -> Self {
        let (mut lines, mut withdrawals) = (link.lines.clone(), link.withdrawals.clone());
        lines.sort_unstable();
        withdrawals.sort_unstable();
        Self {
            kind: link.kind,
            lines,
            withdrawals,
            remittance: link.remittance,
        }
    }
}

/// Returns the lines that no match holds and whose class the ledger does not have yet.
fn new_line_classes(
    lines: &[Line],
    found: BTreeMap<LineNumber, Classification>,
    recorded: &BTreeMap<LineNumber, Classification>,
) -> Vec<(LineNumber, Classification)> {
    let mut lines = lines.iter().peekable();
    let mut news = Vec::new();
    for (number, found) in found {
        while lines.next_if(|line| line.number < number).is_some() {}
        let Some(line) = lines.next_if(|line| line.number == number) else {
            continue;
        };
        let before_run = || class_before_run(line.amount, matching::kind_of(line));
        if !found.is_of_match() && is_news(&found, recorded.get(&number), before_run) {
            news.push((number, found));
        }
    }
    news
}

/// Returns the withdrawals that no match holds and whose class the ledger does not have yet.
fn new_payment_classes(
    expected: &[Expected],
    found: BTreeMap<WithdrawalNumber, Classification>,
    recorded: &BTreeMap<WithdrawalNumber, Classification>,
) -> Vec<(WithdrawalNumber, Classification)> {
    let mut expected = expected.iter().peekable();
    let mut news = Vec::new();
    for (number, found) in found {
        while expected.next_if(|each| each.withdrawal < number).is_some() {}
        let Some(expected) = expected.next_if(|each| each.withdrawal == number) else {
            continue;
        };
        let before_run = || Class::unmatched(expected.facts());
        if !found.is_of_match() && is_news(&found, recorded.get(&number), before_run) {
            news.push((number, found));
        }
    }
    news
}

/// Checks whether a class is not what the ledger has already.
fn is_news(
    found: &Classification,
    recorded: Option<&Classification>,
    before_run: impl FnOnce() -> Class,
) -> bool {
    match recorded {
        Some(recorded) => recorded != found,
        None => *found != Classification::plain(before_run()),
    }
}
