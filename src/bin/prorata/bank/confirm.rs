//! `prorata bank confirm`

use prorata::{
    domain::{
        matching::Tier,
        reconciliation::decision::{DecisionVerb, LineDecision},
        text::words,
    },
    intake::DecisionDefaults,
    ops, report,
};

use crate::{
    flags::{
        PiiFlag, WriteFlags, YesFlag,
        lines::{LineCommand, LineSelection},
        words::tier,
    },
    open::Context,
    present::Outcome,
};

/// Confirm the matches that are proposed for lines
///
/// The lines are matched, and payments that the ledger did not have are recorded: all of them, or
/// none. --all asks before it confirms every proposal of the account. In a file the column decision
/// says confirm, reject, match or resolve. An operator or an admin may run it; with four eyes on, a
/// line that names another creditor than the payee is for an approver or an admin who had no hand in
/// the payment, and a remittance of tax for one who did not record it: a line shows that money left,
/// the receipt that the authority got it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank confirm --from proposals.csv --as bola
  prorata bank confirm L-000002 --reason 'Seen with the bank' --as bola")]
pub(crate) struct Args {
    #[command(flatten)]
    lines: LineSelection,
    /// Only proposals of this tier, with --all
    #[arg(long, value_name = "TIER", value_parser = tier(), requires = "all")]
    tier: Option<Tier>,
    /// Reason, which the audit trail keeps; of tax the number of the authority's receipt
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: Option<String>,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    yes: YesFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let Some(line) = args.lines.single() else {
        let reason = args.reason;
        let command = LineCommand {
            lines: args.lines,
            tier: args.tier,
            decision: Some(LineDecision::Confirm {
                reason: reason.clone(),
            }),
            defaults: DecisionDefaults {
                verb: DecisionVerb::Confirm,
                kind: None,
                reason,
            },
        };
        return command.run(writer, &mut ledger, (args.pii, args.yes));
    };
    let pii = writer.pii(args.pii);
    let request = ops::bank::ConfirmRequest {
        line,
        reason: args.reason.as_deref(),
    };
    let done = ops::bank::confirm(&mut ledger, writer.session()?, &request)?;
    let said = format!("confirmed what was proposed for {}", done.value.number);
    Ok(writer.wrote(&done, report::bank::line_record(&done.value, pii), said))
}
