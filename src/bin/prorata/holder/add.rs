//! `prorata holder add`

use prorata::{
    domain::{code::Code, text::name},
    ops, report,
};

use crate::{
    flags::{PiiFlag, WriteFlags, bank_details::BankFlags, tax_details::TaxFlags},
    open::Context,
    people::warn_of_account,
    present::Outcome,
};

/// Add a holder
///
/// A holder owns tokens and receives money. Bank details can follow later; without them nothing can
/// be requested. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata holder add musa --name 'Danjuma Musa' --country NG --as bola
  prorata holder add musa --name 'Danjuma Musa' --bank-name 'Union Bank' --as bola")]
pub(crate) struct Args {
    /// Code of the holder: letters, digits and -._, for example musa
    code: Code,
    /// Name of the holder
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: String,
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
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let Args {
        code,
        name,
        email,
        country,
        bank,
        tax,
        ..
    } = args;
    let input = ops::holder::Input {
        code: code.to_string(),
        name: Some(name),
        email,
        country,
        tax: tax.into(),
        bank: bank.into(),
        clear: Vec::new(),
    };
    let done = ops::holder::add(&mut ledger, writer.session()?, &code, &input)?;
    warn_of_account(cx, &done.value);
    let holder = &done.value.holder;
    let record = report::holder::record(holder, writer.pii(args.pii));
    let said = format!("added holder {}", holder.holder.code);
    Ok(writer.wrote(&done, record, said))
}
