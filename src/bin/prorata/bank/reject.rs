//! `prorata bank reject`

use prorata::{
    domain::{
        matching::Tier,
        reconciliation::decision::{DecisionVerb, LineDecision},
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

/// Reject the matches that are proposed for lines
///
/// The same match is never proposed again; the next reconciliation looks at the lines anew. All of
/// them are rejected, or none; --all asks before it rejects every proposal of the account. In a file
/// the column decision says confirm, reject, match or resolve. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank reject L-000002 --as bola
  prorata bank reject --account RENT --all --tier 4 --dry-run --as bola")]
pub(crate) struct Args {
    #[command(flatten)]
    lines: LineSelection,
    /// Only proposals of this tier, with --all
    #[arg(long, value_name = "TIER", value_parser = tier(), requires = "all")]
    tier: Option<Tier>,
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
        let command = LineCommand {
            lines: args.lines,
            tier: args.tier,
            decision: Some(LineDecision::Reject),
            defaults: DecisionDefaults {
                verb: DecisionVerb::Reject,
                kind: None,
                reason: None,
            },
        };
        return command.run(writer, &mut ledger, (args.pii, args.yes));
    };
    let pii = writer.pii(args.pii);
    let done = ops::bank::reject(&mut ledger, writer.session()?, line)?;
    let said = format!(
        "rejected what was proposed for {}; the next `prorata bank reconcile` looks at it again",
        done.value.number
    );
    Ok(writer.wrote(&done, report::bank::line_record(&done.value, pii), said))
}
