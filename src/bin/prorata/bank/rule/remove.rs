//! `prorata bank rule remove`

use prorata::{domain::text::words, ops, report};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Remove a rule about the lines of an account
///
/// The rule no longer counts for lines that are booked later. What it explained stays explained; a
/// line that it should not have explained is explained or matched by hand. An operator or an admin
/// may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank rule remove Q-000001 --reason 'The bank has no such charge any more' --as bola
  prorata bank rule remove Q-000001 --dry-run --as bola")]
pub(crate) struct Args {
    /// Code of the proposal by which the rule came, for example Q-000001
    rule: String,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: Option<String>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::bank::RuleRemovalRequest {
        rule: &args.rule,
        reason: args.reason.as_deref(),
    };
    let done = ops::bank::rule::remove(&mut ledger, writer.session()?, &input)?;
    let rule = &done.value;
    let said = format!(
        "removed rule {} of {}; lines that are booked from tomorrow on are left to settle",
        rule.rule.proposal, rule.account.code
    );
    Ok(writer.wrote(&done, report::bank_rule::record(rule), said))
}
