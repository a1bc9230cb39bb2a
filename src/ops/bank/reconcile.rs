//! Reconcile: reads what a run over an account needs, lets the rules plan, and writes the plan.

use serde_json::json;

use super::{requests::ReconcileRequest, settle::settle};
use crate::{
    domain::{
        activity::{Activity, Concern, Fact},
        bank::{Ending, FundAccount},
        reconciliation::{self, Input, Plan, RunSummary, covered_to, span},
        session::Session,
        time::Date,
        user::Act,
    },
    ops::{Error, books::Books},
    store::{self, AsOf, Done, Ledger, Member, Noun, Request, WriteTx},
};

/// Reconciles the lines of an account with what the ledger paid and approved. Running again changes
/// nothing.
///
/// # Errors
/// [`crate::domain::Refused::Forbidden`]; [`Error`] if the ledger cannot be read or written.
pub fn reconcile(
    ledger: &mut Ledger,
    session: Session,
    (given, through): (&str, Option<Date>),
) -> Result<Done<RunSummary>, Error> {
    let input = &ReconcileRequest {
        account: given,
        through,
    };
    let request = Request {
        command: "bank reconcile",
        activity: Activity::BankReconciled,
        input,
    };
    ledger.write(
        session,
        request,
        |_, summary: RunSummary, _| Ok(summary),
        |write| {
            write.actor.must(Act::Record)?;
            let number = write.resolve(Noun::BankAccount, given)?;
            let account = write.bank_account(number)?;
            write.concern = Concern {
                project: account.project.as_ref().map(|project| project.id),
                ..Concern::default()
            };
            let input = gather(write, &account, through)?;
            let plan = reconciliation::plan(input)
                .map_err(|error| store::Error::bug(error.to_string()))?;
            apply(write, &account, &plan)?;
            Ok((plan.summary.clone(), plan.summary))
        },
    )
}

/// Reads what a run over an account needs.
fn gather(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    through: Option<Date>,
) -> Result<Input, Error> {
    let id = account.account.id;
    let lines = write.lines_to_match(id, through)?;
    let expected = write.expected(account, None)?;
    let accounts = write.bank_accounts(AsOf::Now)?;
    let remittances = write.remittances_on_bank(AsOf::Now)?;
    let remittances = remittances.iter();
    let remittances = remittances.filter_map(|of| of.expected_on(account, &accounts));
    let remittances = remittances.collect();
    let matches = write.live_matches(id)?;
    let rejected = write.rejected_links(id)?;
    let elsewhere = write.proposals_elsewhere(id)?;
    let blocked = write.blocked_withdrawals()?;
    let references = reconciliation::open_references(&lines, &expected, &matches);
    let used_references = write.used_references(references)?;
    let line_classes = write.line_classes(id)?;
    let payment_classes = write.payment_classes(id)?;
    let statements = write.statements(id, AsOf::Now)?;
    let mut setting = write.setting(account)?;
    setting.covered_to = covered_to(&statements, through);
    setting.day = Some(through.map_or(write.today, |through| through.min(write.today)));
    Ok(Input {
        account: account.account.code.clone(),
        currency: account.currency,
        setting,
        through,
        today: write.today,
        lines,
        expected,
        remittances,
        matches,
        rejected,
        elsewhere,
        blocked,
        used_references,
        line_classes,
        payment_classes,
        span: span(&statements, through),
        has_new_lines: write.has_lines_after_last_run(id, AsOf::Now)?,
    })
}

/// Writes a plan, and records the run if it changes something or looks at new lines.
fn apply(write: &mut WriteTx<'_>, account: &FundAccount, plan: &Plan) -> Result<(), Error> {
    let id = account.account.id;
    for number in &plan.ended {
        write.end_match(*number, Ending::Superseded)?;
    }
    let total = u64::try_from(plan.matches.len()).unwrap_or(u64::MAX);
    write.progress.begin("matching", total);
    let mut books = Books::default();
    for planned in &plan.matches {
        match planned.proposal {
            Some(number) => write.confirm_match(number)?,
            None => {
                write.insert_match(id, &planned.found)?;
            }
        }
        settle(write, &mut books, &planned.settlement)?;
        write.progress.advance(1);
    }
    write.progress.end();
    for (line, class) in &plan.line_classes {
        write.insert_class(id, Member::Line(*line), class)?;
    }
    for (withdrawal, class) in &plan.payment_classes {
        write.insert_class(id, Member::Withdrawal(*withdrawal), class)?;
    }
    if !plan.is_recorded {
        return Ok(());
    }
    let summary = &plan.summary;
    write.insert_reconciliation(id, summary.through, plan.first_left)?;
    books.close(write)?;
    let changes = json!({
        "account": summary.account,
        "through": summary.through,
        "matched": summary.matched,
        "proposed": summary.proposed,
        "payments_recorded": summary.recorded,
        "payments_returned": summary.returned,
        "left": summary.left,
    });
    Ok(write.record(Fact::new(Activity::BankReconciled, changes).about(write.concern))?)
}
