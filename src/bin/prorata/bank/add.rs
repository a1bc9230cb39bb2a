//! `prorata bank add`

use prorata::{
    domain::{
        account::{AccountNumber, BankDetails},
        code::Code,
        currency::Currency,
        text::words,
    },
    ops, report,
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Code of the account
    code: Code,
    /// Name of the bank
    #[arg(long, value_name = "NAME", value_parser = words)]
    bank_name: String,
    /// Account number, with its zeros; NUBAN or IBAN is checked
    #[arg(long, value_name = "NUMBER")]
    account_number: AccountNumber,
    /// Code of the bank, such as 058
    #[arg(long, value_name = "CODE", value_parser = words)]
    bank_code: Option<String>,
    /// Currency, ISO 4217; it never changes
    #[arg(long, value_name = "CURRENCY", default_value = "NGN")]
    currency: Currency,
    /// The one project whose money it holds
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let bank = BankDetails {
        bank_name: Some(args.bank_name),
        bank_code: args.bank_code,
        account_number: Some(args.account_number),
        account_name: None,
    };
    let input = ops::bank::AccountRequest {
        code: args.code,
        bank,
        currency: args.currency,
        project: args.project,
    };
    let pii = cx.pii("bank add");
    let done = ops::bank::add(&mut ledger, cx.session()?, &input)?;
    let code = &done.value.account.code;
    let said = format!(
        "added bank account {code}, in {}; next: `prorata bank import {code} FILE`",
        done.value.currency
    );
    let record = report::bank::account_record(&done.value, pii);
    cx.wrote(ledger, &done, &record, &said)
}
