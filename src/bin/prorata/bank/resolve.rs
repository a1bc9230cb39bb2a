//! `prorata bank resolve`

use prorata::{
    domain::{
        matching::LinkKind,
        reconciliation::decision::{DecisionVerb, LineDecision},
        text,
    },
    intake::DecisionDefaults,
    ops, report,
};

use crate::{
    flags::{
        PiiFlag, WriteFlags, YesFlag,
        lines::{LineCommand, LineSelection},
        words,
    },
    open::Context,
    present::Outcome,
};

/// Explain lines that have nothing to do with payments
///
/// Records what the lines are, with a reason, so that they are no longer left to settle: all of
/// them, or none. --all asks before it explains every line of the account that nothing in the ledger
/// explains and for which no match is proposed. In a file the column decision says confirm, reject,
/// match or resolve. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank resolve L-000004 --kind fee --reason 'Transfer fee' --as bola
  prorata bank resolve L-000003 --kind funding --reason 'Rent collected' --as bola")]
pub(crate) struct Args {
    #[command(flatten)]
    lines: LineSelection,
    /// What the lines are
    #[arg(long, value_name = "KIND", value_parser = words::resolved_kind(), required_unless_present = "from")]
    kind: Option<LinkKind>,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = text::words, required_unless_present = "from")]
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
    let decided = args.kind.zip(args.reason.as_deref());
    let (Some(line), Some((kind, reason))) = (args.lines.single(), decided) else {
        let decision = decided.map(|(kind, reason)| LineDecision::Resolve {
            kind,
            reason: reason.to_owned(),
        });
        let command = LineCommand {
            lines: args.lines,
            tier: None,
            decision,
            defaults: DecisionDefaults {
                verb: DecisionVerb::Resolve,
                kind: args.kind,
                reason: args.reason,
            },
        };
        return command.run(writer, &mut ledger, (args.pii, args.yes));
    };
    let pii = writer.pii(args.pii);
    let request = ops::bank::ResolveRequest { line, kind, reason };
    let done = ops::bank::resolve(&mut ledger, writer.session()?, &request)?;
    let said = format!(
        "explained {} as {}",
        done.value.number,
        kind.resolved_word()
    );
    Ok(writer.wrote(&done, report::bank::line_record(&done.value, pii), said))
}
