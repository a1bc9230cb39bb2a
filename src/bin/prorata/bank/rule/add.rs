//! `prorata bank rule add`

use prorata::{
    domain::{matching::ChargeKind, quantity::Amount, text::words},
    ops, report,
};

use crate::{
    flags::{WriteFlags, words::charge_kind},
    open::Context,
    present::Outcome,
};

/// Propose a rule by which debits are charges of the bank
///
/// Proposes that debits of the account which begin with the text, as whole words, and are at most so
/// much, are a fee, a tax or a levy. The rule counts once it is approved, also for lines that are in
/// the ledger. It never explains a credit, a reversal, what may be a payment, or a line whose own
/// fields name a payee. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank rule add RENT --text 'SWIFT CHARGE' --kind fee --at-most 5000 --as bola
  prorata bank rule add RENT --text 'TOKEN VAT' --kind tax --at-most 375 --dry-run --as bola")]
pub(crate) struct Args {
    /// Bank account code, for example RENT
    account: String,
    /// Words with which a line begins, for example 'SWIFT CHARGE'
    #[arg(long, value_name = "TEXT", value_parser = words)]
    text: String,
    /// What the line is
    #[arg(long, value_name = "KIND", value_parser = charge_kind())]
    kind: ChargeKind,
    /// Most that the rule explains in the account's currency, for example 5000
    #[arg(long, value_name = "AMOUNT", value_parser = Amount::parse)]
    at_most: Amount,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::bank::RuleRequest {
        account: &args.account,
        text: &args.text,
        kind: args.kind,
        at_most: args.at_most,
    };
    let done = ops::bank::rule::add(&mut ledger, writer.session()?, &input)?;
    let proposal = &done.value;
    let said = format!(
        "proposed {}: {}; it has no effect yet; next, by somebody who reviews: `prorata proposal approve {}`",
        proposal.number, proposal.facts.detail, proposal.number
    );
    Ok(writer.wrote(&done, report::proposal::record(proposal), said))
}
