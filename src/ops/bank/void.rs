//! Taking a statement back.

use serde_json::json;

use super::{decide::end, gather::details, requests::VoidRequest};
use crate::{
    domain::{
        activity::{Activity, Concern, Fact},
        bank::ImportedStatement,
        code::LineNumber,
        matching::{Certainty, Class, Classification},
        reconciliation::decision::{MatchDetails, taken_back},
        session::Session,
        statement_void::{self, Run, Void, Voiding},
    },
    ops::Error,
    store::{AsOf, Done, Ledger, Member, Noun, Request, WriteTx},
};

/// Takes a statement back: its lines stay in the ledger as void, and come in again with a corrected
/// file. Proposals for them end.
///
/// # Errors
/// Those of [`statement_void::void`].
pub fn void(
    ledger: &mut Ledger,
    session: Session,
    input: &VoidRequest<'_>,
) -> Result<Done<ImportedStatement>, Error> {
    let request = Request {
        command: "bank statement void",
        activity: Activity::StatementVoided,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, number, _| Ok(tx.statement(number)?),
        |write| {
            let number = write.resolve(Noun::Statement, input.statement)?;
            let statement = write.statement(number)?;
            let account = write.bank_account_by_id(statement.account.id)?;
            write.concern = Concern {
                project: account.project.as_ref().map(|project| project.id),
                ..Concern::default()
            };
            let lines = write.lines_of_statement(statement.number)?;
            let held = matches_of(write, &lines)?;
            let decided: Vec<LineNumber> = decided(&held, &lines);
            let run = if write.has_run_since(statement.account.id, statement.imported_at)? {
                Run::Over
            } else {
                Run::None
            };
            let later = later(write, &statement)?;
            let voiding = Voiding {
                statement: &statement,
                reason: input.reason,
                reviewers: &write.reviewers,
                run,
                decided: &decided,
                later: &later,
            };
            let void = statement_void::void(voiding, &write.actor)?;
            apply(write, &statement, &lines, (&held, &void))?;
            Ok((number, write.statement(number)?))
        },
    )
}

/// Reads the matches and proposals that hold lines, each once.
fn matches_of(write: &mut WriteTx<'_>, lines: &[LineNumber]) -> Result<Vec<MatchDetails>, Error> {
    let mut held: Vec<MatchDetails> = Vec::new();
    for line in lines {
        if let Some(recorded) = write.match_of_line(*line)?
            && !held
                .iter()
                .any(|other| other.recorded.number == recorded.number)
        {
            held.push(details(write, recorded)?);
        }
    }
    Ok(held)
}

/// Lists the lines that a decided match holds.
fn decided(held: &[MatchDetails], lines: &[LineNumber]) -> Vec<LineNumber> {
    let matched = held
        .iter()
        .filter(|held| held.recorded.certainty == Certainty::Matched);
    let mut decided: Vec<LineNumber> = matched
        .flat_map(|held| &held.recorded.link.lines)
        .copied()
        .filter(|line| lines.contains(line))
        .collect();
    decided.sort_unstable();
    decided
}

/// Lists the later statements of the account that knew lines of the days of this one.
fn later(
    write: &mut WriteTx<'_>,
    statement: &ImportedStatement,
) -> Result<Vec<crate::domain::code::StatementNumber>, Error> {
    let others = write.statements(statement.account.id, AsOf::Now)?;
    Ok(others
        .iter()
        .filter(|other| other.number > statement.number && other.lines_known > 0)
        .filter(|other| other.shares_days_with(statement))
        .map(|other| other.number)
        .collect())
}

fn apply(
    write: &mut WriteTx<'_>,
    statement: &ImportedStatement,
    lines: &[LineNumber],
    (held, Void { reason, second }): (&[MatchDetails], &Void),
) -> Result<(), Error> {
    for ended in &taken_back(held) {
        end(write, ended)?;
    }
    let void = Classification {
        detail: Some(reason.clone()),
        ..Classification::plain(Class::Void)
    };
    for line in lines {
        write.insert_class(statement.account.id, Member::Line(*line), &void)?;
    }
    write.void_statement(statement.number, reason)?;
    let mut changes = json!({
        "account": statement.account.code,
        "statement": statement.number.to_string(),
        "lines": lines.len(),
        "imported_by": statement.imported_by.code,
        "reason": reason,
    });
    second.mark(&mut changes);
    let fact = Fact::new(Activity::StatementVoided, changes).about(write.concern);
    Ok(write.record(fact)?)
}
