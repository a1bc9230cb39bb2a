//! `prorata bank add`

use prorata::{
    domain::{
        account::{AccountNumber, BankDetails},
        code::Code,
        currency::Currency,
        text::{name, reference},
    },
    ops, report,
};

use crate::{
    flags::{PiiFlag, WriteFlags},
    open::Context,
    present::Outcome,
};

/// Add a bank account of the fund
///
/// Statements are imported into it and payment files are paid from it. Its number and currency
/// never change. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank add RENT --bank-name GTBank --bank-code 058 --account-number 0044172656 --as bola
  prorata bank add RENT --bank-name GTBank --account-number 0044172656 --project MARINA --as bola")]
pub(crate) struct Args {
    /// Code of the account: letters, digits and -._, for example RENT
    code: Code,
    /// Name of the bank, for example GTBank
    #[arg(long, value_name = "NAME", value_parser = name)]
    bank_name: String,
    /// Account number with its zeros; a NUBAN or an IBAN is checked
    #[arg(long, value_name = "NUMBER")]
    account_number: AccountNumber,
    /// Code of the bank, for example 058
    #[arg(long, value_name = "CODE", value_parser = reference)]
    bank_code: Option<String>,
    /// Currency, ISO 4217, for example NGN; it never changes
    #[arg(long, value_name = "CURRENCY", default_value = "NGN")]
    currency: Currency,
    /// Code of the only project whose money it holds, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let bank = BankDetails {
        bank_name: Some(args.bank_name),
        bank_code: args.bank_code,
        account_number: Some(args.account_number),
        account_name: None,
        currency: None,
    };
    let input = ops::bank::AccountRequest {
        code: args.code,
        bank,
        currency: args.currency,
        project: args.project,
    };
    let pii = writer.pii(args.pii);
    let done = ops::bank::add(&mut ledger, writer.session()?, &input)?;
    let code = &done.value.account.code;
    let said = format!(
        "added bank account {code}, in {}; next: `prorata bank import {code} FILE`",
        done.value.currency
    );
    let record = report::bank::account_record(&done.value, pii);
    Ok(writer.wrote(&done, record, said))
}
