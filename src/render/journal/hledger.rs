//! The journal as hledger reads it. `hledger check --strict` passes.

use std::io::{self, Write};

use super::lines::{about, amount, one_line};
use crate::{
    domain::{currency::Currency, journal::Heading},
    report::journal::{Balances, Path, Transaction},
};

/// Writes what the journal is about, and declares its currencies with all decimals that occur, so
/// that no report rounds.
pub(super) fn heading(out: &mut impl Write, heading: &Heading) -> io::Result<()> {
    about(out, heading)?;
    writeln!(out, "\ndecimal-mark .\n")?;
    for (currency, decimals) in &heading.currencies {
        let zeros = "0".repeat(usize::try_from(*decimals).unwrap_or_default());
        writeln!(out, "commodity 1000.{zeros} {currency}")?;
    }
    Ok(())
}

/// Declares an account.
pub(super) fn account(out: &mut impl Write, account: &Path) -> io::Result<()> {
    writeln!(out, "account {account}")
}

/// Writes an entry. It always has a state and a code, so that no description can pass for one.
pub(super) fn transaction(
    out: &mut impl Write,
    transaction: &Transaction,
    decimals: &[(Currency, u32)],
) -> io::Result<()> {
    write!(out, "\n{}", transaction.date)?;
    if let Some(value_date) = transaction
        .value_date
        .filter(|value_date| *value_date != transaction.date)
    {
        write!(out, "={value_date}")?;
    }
    writeln!(
        out,
        " * ({}) {}",
        code(&transaction.code),
        words(&transaction.description)
    )?;
    let tags = transaction
        .tags
        .iter()
        .map(|(name, value)| format!("{name}:{}", value_of(value)));
    let tags: Vec<String> = tags.collect();
    if !tags.is_empty() {
        writeln!(out, "    ; {}", tags.join(", "))?;
    }
    for side in &transaction.sides {
        let amount = amount(side.amount, side.currency, decimals);
        writeln!(
            out,
            "    {:<56}  {amount:>18} {}",
            side.account.to_string(),
            side.currency
        )?;
    }
    Ok(())
}

/// Writes balances that must hold: an entry that moves nothing and asserts them.
pub(super) fn balances(
    out: &mut impl Write,
    balances: &Balances,
    decimals: &[(Currency, u32)],
) -> io::Result<()> {
    writeln!(
        out,
        "\n{} * (balances) {}",
        balances.date,
        words(&balances.description)
    )?;
    for side in &balances.sides {
        let (account, currency) = (side.account.to_string(), side.currency);
        let amount = amount(side.amount, currency, decimals);
        writeln!(
            out,
            "    {account:<56}  {:>18} {currency} = {amount} {currency}",
            "0"
        )?;
    }
    Ok(())
}

/// Makes words of a description: a semicolon would begin a comment, a bar would part payee and
/// note.
fn words(text: &str) -> String {
    one_line(text).replace(';', ",").replace('|', "/")
}

/// Makes a code: a parenthesis would end it.
fn code(text: &str) -> String {
    one_line(text).replace(['(', ')'], "")
}

/// Makes the value of a tag: a comma would end it, and brackets could be a date.
fn value_of(text: &str) -> String {
    one_line(
        &words(text)
            .replace(',', " ")
            .replace('[', "(")
            .replace(']', ")"),
    )
}
