//! `prorata holder account set`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags, bank_details::BankFlags},
    open::Context,
    people::warn_of_account,
    present::Outcome,
};

/// Set the bank account of a holder
///
/// Changes what is given of the holder's account, or begins a new one if there is none. With four
/// eyes on, nobody who set or changed anything of an account may approve a withdrawal to it. An
/// operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata holder account set musa --bank-name GTBank --bank-code 058 --as bola
  prorata holder account set musa --account-name 'Danjuma Musa' --as bola")]
pub(crate) struct Args {
    /// Holder code, for example musa
    holder: String,
    #[command(flatten)]
    bank: BankFlags,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let (bank, session) = (args.bank.into(), writer.session()?);
    let done = ops::holder::account::set(&mut ledger, session, &args.holder, &bank)?;
    warn_of_account(cx, &done.value);
    let holder = &done.value.holder;
    let record = report::holder::record(holder, writer.pii(args.pii));
    let said = format!("set the account of holder {}", holder.holder.code);
    Ok(writer.wrote(&done, record, said))
}
