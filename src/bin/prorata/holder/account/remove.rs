//! `prorata holder account remove`

use prorata::{domain::currency::Currency, ops, report};

use crate::{
    flags::{WriteFlags, bank_details::currency},
    open::Context,
    people::warn_of_account,
    present::Outcome,
};

/// Remove the bank account of a holder
///
/// The account stays in the history and with the withdrawals that were requested to it. The next
/// account that is set begins without the people who had a hand in this one. An operator or an
/// admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata holder account remove musa --as bola
  prorata holder account remove musa --dry-run --as bola")]
pub(crate) struct Args {
    /// Holder code, for example musa
    holder: String,
    /// Currency of the account, if the holder has several
    #[arg(long, value_name = "CURRENCY", value_parser = currency)]
    currency: Option<Currency>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let done =
        ops::holder::account::remove(&mut ledger, writer.session()?, &args.holder, args.currency)?;
    warn_of_account(cx, &done.value);
    let holder = &done.value.holder;
    let record = report::holder::record(holder, report::Pii::Masked);
    let code = &holder.holder.code;
    let said =
        format!("removed the account of holder {code}; next: `prorata holder account set {code}`");
    Ok(writer.wrote(&done, record, said))
}
