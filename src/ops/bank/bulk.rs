//! Bulk: decide several lines at once, by their codes, as all proposals of an account, or from a
//! file. All of them, or none.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    decide::{DecisionRun, recall},
    requests::{ConfirmRequest, MatchRequest, ResolveRequest},
};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Concern},
        bank::BankLine,
        code::{Code, LineNumber},
        key::Key,
        matching::{Certainty, Class, LinkKind, RecordedMatch, Tier},
        reconciliation::decision::{DecisionVerb, LineDecision, LineTotals},
        session::Session,
        user::Act,
    },
    intake::{self, DecisionDefaults, DecisionRow, Sheet, SheetFile},
    ops::{
        Error,
        rows::{RowPlace, each_row},
    },
    store::{self, AsOf, Done, Ledger, LineFilter, Noun, Request, Tx, WriteTx},
};

/// Which lines are decided, and how.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionSource {
    /// Lines that are named.
    Lines {
        /// The lines.
        lines: Vec<String>,
        /// What is decided about each.
        decision: LineDecision,
    },
    /// Every proposal of an account, if it is confirmed or rejected; every line that nothing explains,
    /// if it is resolved.
    All {
        /// The account.
        account: String,
        /// Only proposals of this tier.
        #[serde(skip_serializing_if = "Option::is_none")]
        tier: Option<Tier>,
        /// What is decided about each.
        decision: LineDecision,
    },
    /// What a file says. A key is bound to the hash of its bytes.
    File {
        /// Its bytes.
        file: SheetFile,
        /// What its rows leave open.
        defaults: DecisionDefaults,
    },
}

/// The lines that were decided.
#[derive(Clone, Debug, Default)]
pub struct DecidedLines {
    /// The lines, in the order in which they were decided.
    pub lines: Vec<BankLine>,
    /// How many decisions there were of each kind. Only known the first time.
    pub verbs: Vec<VerbCount>,
}

/// How many decisions of a kind there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerbCount {
    /// The kind.
    pub verb: DecisionVerb,
    /// How many.
    pub count: u64,
}

/// The lines that are about to be decided, for the question that is asked before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinePreview {
    /// How many, and what they add up to.
    pub what: LineTotals,
    /// The first holders whose payments are concerned.
    pub holders: Vec<Code>,
}

/// How many holders a preview names.
const NAMED: usize = 5;

/// Decides lines: all, or none. `shown` is what a user was shown and agreed to; without it everything
/// is agreed to.
///
/// # Errors
/// Those of a decision about one line, of several as [`Error::Many`] or [`Error::BadLines`];
/// [`Refused::ChangedMeanwhile`].
pub fn decide(
    ledger: &mut Ledger,
    session: Session,
    verb: DecisionVerb,
    source: &DecisionSource,
    shown: Option<&LineTotals>,
) -> Result<Done<DecidedLines>, Error> {
    let sheet = sheet(source)?;
    let (command, activity) = match verb {
        DecisionVerb::Confirm => ("bank confirm", Activity::LineMatched),
        DecisionVerb::Reject => ("bank reject", Activity::LineRejected),
        DecisionVerb::Match => ("bank match", Activity::LineMatched),
        DecisionVerb::Resolve => ("bank resolve", Activity::LineResolved),
    };
    let request = Request {
        command,
        activity,
        input: source,
    };
    ledger.write(
        session,
        request,
        |tx, numbers: Vec<i64>, at| {
            let lines = numbers.into_iter().map(|number| recall(tx, number, at));
            Ok(DecidedLines {
                lines: lines.collect::<Result<_, Error>>()?,
                verbs: Vec::new(),
            })
        },
        |write| {
            // What a reviewer may confirm or match depends on the line.
            let by_line = matches!(verb, DecisionVerb::Confirm | DecisionVerb::Match);
            if !by_line || !write.actor.role.may(Act::Review) {
                write.actor.must(Act::Record)?;
            }
            let numbers = selected(write, source, &sheet)?;
            if let Some(shown) = shown {
                totals(write, &numbers)?.0.must_be(shown)?;
            }
            let mut bulk = Bulk::default();
            match source {
                DecisionSource::Lines { lines, decision } => bulk.each(write, lines, decision)?,
                DecisionSource::All { decision, .. } => {
                    let lines = numbers.iter().map(|number| LineNumber::new(*number));
                    let lines: Vec<String> = lines.map(|line| line.to_string()).collect();
                    bulk.each(write, &lines, decision)?;
                }
                DecisionSource::File { .. } => bulk.file(write, &sheet)?,
            }
            let mut lines = Vec::with_capacity(bulk.numbers.len());
            for number in &bulk.numbers {
                lines.push(write.bank_line(*number)?);
            }
            let verbs = bulk.verbs;
            Ok((bulk.numbers, DecidedLines { lines, verbs }))
        },
    )
}

/// Looks at the lines that a command is about. Returns `None` if the key was used before: the answer
/// to a key is known, and nothing is asked.
///
/// # Errors
/// [`Error::BadLines`], or [`Error::Store`] if the ledger cannot be read.
pub fn preview_decisions(
    ledger: &mut Ledger,
    key: Option<&Key>,
    source: &DecisionSource,
) -> Result<Option<LinePreview>, Error> {
    let sheet = sheet(source)?;
    ledger.read(|tx| {
        if let Some(key) = key
            && tx.knows_key(key)?
        {
            return Ok(None);
        }
        let numbers = selected(tx, source, &sheet)?;
        let (what, holders) = totals(tx, &numbers)?;
        Ok(Some(LinePreview { what, holders }))
    })
}

/// Reads the file, if there is one.
fn sheet(source: &DecisionSource) -> Result<Sheet<DecisionRow>, Error> {
    Ok(match source {
        DecisionSource::File { file, defaults } => intake::decisions(file, defaults)?,
        DecisionSource::Lines { .. } | DecisionSource::All { .. } => Sheet {
            rows: Vec::new(),
            bad: Vec::new(),
        },
    })
}

/// Finds the lines that a command is about, each once. What a file names and the ledger does not know
/// is left out: its row reports it.
fn selected(
    tx: &mut Tx<'_>,
    source: &DecisionSource,
    sheet: &Sheet<DecisionRow>,
) -> Result<Vec<i64>, Error> {
    let mut numbers = Vec::new();
    match source {
        DecisionSource::Lines { lines, .. } => {
            for given in lines {
                numbers.push(tx.resolve(Noun::Line, given)?);
            }
        }
        DecisionSource::All {
            account,
            tier,
            decision,
        } => {
            let number = tx.resolve(Noun::BankAccount, account)?;
            let account = tx.bank_account(number)?.account.id;
            numbers = match decision {
                LineDecision::Resolve { .. } => {
                    let mut numbers = Vec::new();
                    for class in [Class::OnBankNotInLedger, Class::UnexpectedCredit] {
                        let filter = LineFilter {
                            account: Some(account),
                            class: Some(class),
                            ..LineFilter::default()
                        };
                        tx.each_line(&filter, AsOf::Now, |line| {
                            numbers.push(line.number.number());
                            Ok::<_, Error>(())
                        })?;
                    }
                    numbers
                }
                LineDecision::Confirm { .. }
                | LineDecision::Reject
                | LineDecision::Match { .. } => {
                    let matches = tx.live_matches(account)?;
                    let fits = |of: &RecordedMatch| {
                        of.certainty == Certainty::Proposed
                            && tier.is_none_or(|tier| of.tier == tier)
                    };
                    let open = matches.into_iter().filter(fits);
                    open.flat_map(|of| of.link.lines)
                        .map(LineNumber::number)
                        .collect()
                }
            };
            numbers.sort_unstable();
        }
        DecisionSource::File { .. } => {
            for row in &sheet.rows {
                numbers.extend(tx.find(Noun::Line, &row.bank_line).ok().flatten());
            }
        }
    }
    let mut seen = BTreeSet::new();
    numbers.retain(|number| seen.insert(*number));
    Ok(numbers)
}

/// Adds lines up, and names the first holders whom they concern.
fn totals(tx: &mut Tx<'_>, numbers: &[i64]) -> Result<(LineTotals, Vec<Code>), Error> {
    let (mut totals, mut holders) = (LineTotals::default(), Vec::new());
    for number in numbers {
        let line = tx.bank_line(*number)?;
        let too_much = || store::Error::bug("the amounts of these lines add up to too much");
        totals.add(&line).ok_or_else(too_much)?;
        let payees = line.classification.payments.iter();
        for (withdrawal, _) in payees.filter(|_| line.classification.link_kind.is_some()) {
            if holders.len() == NAMED {
                break;
            }
            let holder = tx.withdrawal(withdrawal.number())?.holder.code;
            if !holders.contains(&holder) {
                holders.push(holder);
            }
        }
    }
    Ok((totals, holders))
}

/// The decisions of one command, and what they were about.
#[derive(Default)]
struct Bulk {
    run: DecisionRun,
    numbers: Vec<i64>,
    /// The lines of the proposals that were confirmed or rejected.
    decided: BTreeMap<LineNumber, DecisionVerb>,
    verbs: Vec<VerbCount>,
}

impl Bulk {
    /// Decides the same about each of some lines.
    fn each(
        &mut self,
        write: &mut WriteTx<'_>,
        lines: &[String],
        decision: &LineDecision,
    ) -> Result<(), Error> {
        let total = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        write.progress.begin("deciding", total);
        let mut refusals: Vec<(String, Refused)> = Vec::new();
        for line in lines {
            match self.one(write, line, decision) {
                Ok(()) => write.progress.advance(1),
                Err(Error::Refused(refused)) => refusals.push((line.clone(), refused)),
                Err(error) => return Err(error),
            }
        }
        write.progress.end();
        match (refusals.len(), lines.len()) {
            (0, _) => Ok(()),
            (1, 1) => Err(refusals.remove(0).1.into()),
            (_, of) => Err(Error::Many {
                refusals,
                of: u64::try_from(of).unwrap_or(u64::MAX),
            }),
        }
    }

    /// Decides what the rows of a file say.
    fn file(&mut self, write: &mut WriteTx<'_>, sheet: &Sheet<DecisionRow>) -> Result<(), Error> {
        let place = RowPlace {
            line: |row: &DecisionRow| row.line,
            column: "line",
        };
        each_row(write, "deciding", sheet, &place, |write, row| {
            self.one(write, &row.bank_line, &row.decision)
        })
    }

    /// Decides about one line, unless its match was decided with another line of it.
    fn one(
        &mut self,
        write: &mut WriteTx<'_>,
        given: &str,
        decision: &LineDecision,
    ) -> Result<(), Error> {
        write.concern = Concern::default();
        let number = write.resolve(Noun::Line, given)?;
        let verb = decision.verb();
        if self.decided.get(&LineNumber::new(number)) == Some(&verb) {
            if !self.numbers.contains(&number) {
                self.numbers.push(number);
            }
            return Ok(());
        }
        match decision {
            LineDecision::Confirm { reason } => {
                let reason = reason.as_deref();
                let input = ConfirmRequest {
                    line: given,
                    reason,
                };
                self.run.confirm(write, &input)?;
            }
            LineDecision::Reject => {
                self.run.reject(write, given)?;
            }
            LineDecision::Match { with } => {
                let input = MatchRequest {
                    line: given,
                    payments: with,
                };
                self.run.match_line(write, &input)?;
            }
            LineDecision::Resolve { kind, reason } => {
                let (kind, reason): (LinkKind, _) = (*kind, reason.as_str());
                let input = ResolveRequest {
                    line: given,
                    kind,
                    reason,
                };
                self.run.resolve(write, &input)?;
            }
        }
        self.numbers.push(number);
        match verb {
            DecisionVerb::Confirm | DecisionVerb::Reject => {
                let lines = self.run.last.iter();
                self.decided.extend(lines.map(|line| (*line, verb)));
            }
            // Each of them is about its own line, and no line is matched or explained twice.
            DecisionVerb::Match | DecisionVerb::Resolve => {}
        }
        match self.verbs.iter_mut().find(|of| of.verb == verb) {
            Some(of) => of.count += 1,
            None => self.verbs.push(VerbCount { verb, count: 1 }),
        }
        Ok(())
    }
}
