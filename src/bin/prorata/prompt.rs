//! Questions on a terminal. Without one nothing is ever asked.

use dialoguer::{Confirm, Input, console::Term};
use prorata::{
    domain::code::Code,
    ops::{
        self,
        withdrawal::{BatchTotals, Preview},
    },
};

use crate::{flags::YesFlag, noun, open::Writer, usage::Usage};

/// Asks for a text. Returns `None` if there was no answer.
pub(crate) fn text(label: &str) -> Option<String> {
    Input::<String>::new()
        .with_prompt(label)
        .interact_text_on(&Term::stderr())
        .ok()
}

/// Asks before a command does something to more than one thing, and returns what was agreed to.
/// The preview is only made if it may be asked about.
pub(crate) fn confirm(
    writer: &Writer<'_>,
    flag: YesFlag,
    verb: &'static str,
    preview: impl FnOnce() -> Result<Preview, ops::Error>,
) -> anyhow::Result<Option<BatchTotals>> {
    if flag.yes || writer.is_dry_run() {
        return Ok(None);
    }
    let preview = preview()?;
    if preview.what.count < 2 {
        return Ok(Some(preview.what));
    }
    let what = total(&preview);
    if !writer.cx.may_ask() {
        return Err(Usage::NeedsYes { verb, what }.into());
    }
    let agreed = Confirm::new()
        .with_prompt(format!("{verb} {what}, to {}?", holders(&preview)))
        .default(false)
        .interact_on(&Term::stderr())
        .unwrap_or(false);
    if agreed {
        Ok(Some(preview.what))
    } else {
        Err(Usage::NotConfirmed.into())
    }
}

/// Says how many withdrawals there are, and their totals.
fn total(preview: &Preview) -> String {
    let totals = preview.what.totals.iter();
    let totals: Vec<String> = totals
        .map(|(currency, total)| format!("{currency} {}", total.grouped(currency.decimals())))
        .collect();
    let count = noun::WITHDRAWAL.count(preview.what.count);
    format!("{count}, {}", totals.join(" and "))
}

/// Names the first holders.
fn holders(preview: &Preview) -> String {
    let named: Vec<&str> = preview.holders.iter().map(Code::as_str).collect();
    let more = u64::try_from(named.len()).is_ok_and(|named| preview.what.count > named);
    format!("{}{}", named.join(", "), if more { ", …" } else { "" })
}
