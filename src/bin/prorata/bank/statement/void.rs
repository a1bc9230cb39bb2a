//! `prorata bank statement void`

use prorata::{
    domain::text::words,
    ops,
    report::{
        self,
        bank::{Again, StatementRow},
    },
};

use crate::{flags::WriteFlags, noun, open::Context, present::Outcome};

/// Take a statement back
///
/// Its lines are kept and become void, and come in again with a corrected file. A statement with a
/// line that is matched or explained stays, and so does one that a later statement needs. An
/// operator or an admin may run it. With four eyes on, once a reconciliation has run over it, an
/// approver or an admin who did not import it may.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank statement void S-000001 --reason 'Wrong account' --as bola
  prorata bank statement void S-000001 --reason 'Wrong account' --dry-run --as bola")]
pub(crate) struct Args {
    /// Statement code, for example S-000012
    statement: String,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let request = ops::bank::VoidRequest {
        statement: &args.statement,
        reason: &args.reason,
    };
    let done = ops::bank::void_statement(&mut ledger, writer.session()?, &request)?;
    let statement = &done.value;
    let said = format!(
        "took back {}: {} void; next: import the corrected file with `prorata bank import {} FILE`",
        statement.number,
        noun::LINE.count(statement.lines_new),
        statement.account.code
    );
    let record = report::bank::statement_record(&StatementRow {
        statement: statement.clone(),
        again: Again::Listed,
    });
    Ok(writer.wrote(&done, record, said))
}
