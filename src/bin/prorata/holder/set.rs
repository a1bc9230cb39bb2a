//! `prorata holder set`

use prorata::{
    domain::{holder::HolderField, text::name},
    ops, report,
};

use crate::{
    flags::{
        PiiFlag, WriteFlags, bank_details::BankFlags, tax_details::TaxFlags, words::holder_field,
    },
    open::Context,
    people::warn_of_account,
    present::Outcome,
    usage::Usage,
};

/// Change a holder's name, contact or bank details
///
/// Only the flags that are given change something; --clear empties a field that a holder need not
/// have. Who changes bank details may not approve the
/// withdrawals that are paid to them; open withdrawals keep the account of before and are named. An
/// operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata holder set eze --email chiamaka.eze@example.com --as bola
  prorata holder set musa --bank-name 'Union Bank' --clear bank-code,email --as bola")]
pub(crate) struct Args {
    /// Holder code, for example musa
    holder: String,
    /// Name of the holder
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: Option<String>,
    /// E-mail address, for example musa@example.com
    #[arg(long, value_name = "EMAIL", value_parser = name)]
    email: Option<String>,
    /// Country, for example NG
    #[arg(long, value_name = "COUNTRY", value_parser = name)]
    country: Option<String>,
    #[command(flatten)]
    bank: BankFlags,
    #[command(flatten)]
    tax: TaxFlags,
    /// Fields to clear, with commas
    #[arg(long, value_name = "FIELD", value_delimiter = ',', value_parser = holder_field())]
    clear: Vec<HolderField>,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let Args {
        holder,
        name,
        email,
        country,
        bank,
        tax,
        clear,
        ..
    } = args;
    let input = ops::holder::Input {
        code: holder,
        name,
        email,
        country,
        tax: tax.into(),
        bank: bank.into(),
        clear,
    };
    input.must_not_contradict().map_err(Usage::Invalid)?;
    let done = ops::holder::set(&mut ledger, writer.session()?, &input)?;
    warn_of_account(cx, &done.value);
    let holder = &done.value.holder;
    let record = report::holder::record(holder, writer.pii(args.pii));
    let said = format!("changed holder {}", holder.holder.code);
    Ok(writer.wrote(&done, record, said))
}
