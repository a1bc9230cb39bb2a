//! Questions on a terminal. Without one nothing is ever asked.

use dialoguer::{Confirm, Input, console::Term};
use prorata::{
    domain::time::Date,
    ops::{
        self,
        withdrawal::{BatchTotals, Preview},
    },
};
use thiserror::Error;

use crate::context::Context;

/// A command line that cannot be run as it stands.
#[derive(Debug, Error)]
pub(crate) enum Usage {
    /// A bulk command needs a yes.
    #[error("this would {verb} {what}; without a terminal that needs `--yes`")]
    NeedsYes {
        /// What would be done.
        verb: &'static str,
        /// To what.
        what: String,
    },
    /// The user said no.
    #[error("not confirmed; nothing was written")]
    NotConfirmed,
    /// A flag that this kind of command does not take.
    #[error("`{flag}` is for {wanted}")]
    WrongFlag {
        /// The flag.
        flag: &'static str,
        /// What it is for.
        wanted: &'static str,
    },
    /// A date that has not come.
    #[error("`--as-of {date}` is in the future; a report for it would change")]
    AsOfInFuture {
        /// The date.
        date: Date,
    },
    /// The system's user has no usable name.
    #[error("the operating system tells no user name; name a user with `--as`")]
    NoActor,
    /// An argument that only the command can judge.
    #[error("{0}")]
    Invalid(String),
}

impl Usage {
    /// The stable code.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NeedsYes { .. } => "usage.needs_yes",
            Self::NotConfirmed => "usage.not_confirmed",
            Self::WrongFlag { .. } => "usage.wrong_flag",
            Self::AsOfInFuture { .. } => "usage.as_of_in_future",
            Self::NoActor => "usage.no_actor",
            Self::Invalid(_) => "usage.invalid",
        }
    }
}

/// Refuses days of which the last one comes before the first: an empty answer would look like one
/// that found nothing.
pub(crate) fn check_days(from: Option<Date>, to: Option<Date>) -> Result<(), Usage> {
    match from.zip(to).filter(|(from, to)| from > to) {
        Some((from, to)) => Err(Usage::Invalid(format!(
            "the days end on {to}, before they begin on {from}"
        ))),
        None => Ok(()),
    }
}

/// Asks for words; `None` where there was no answer.
pub(crate) fn text(label: &str) -> Option<String> {
    Input::<String>::new()
        .with_prompt(label)
        .interact_text_on(&Term::stderr())
        .ok()
}

/// Asks before a command does something to more than one thing; answers what was agreed to.
/// `preview` is only looked at where it matters.
pub(crate) fn confirm(
    cx: &Context,
    verb: &'static str,
    preview: impl FnOnce() -> Result<Preview, ops::Error>,
) -> anyhow::Result<Option<BatchTotals>> {
    if cx.global.yes || cx.global.dry_run {
        return Ok(None);
    }
    let preview = preview()?;
    if preview.what.count < 2 {
        return Ok(Some(preview.what));
    }
    let (what, whom) = describe(&preview);
    if !cx.may_ask() {
        return Err(Usage::NeedsYes { verb, what }.into());
    }
    ask(&format!("{verb} {what}, to {whom}?"))?;
    Ok(Some(preview.what))
}

fn ask(question: &str) -> anyhow::Result<()> {
    if Confirm::new()
        .with_prompt(question)
        .default(false)
        .interact_on(&Term::stderr())
        .unwrap_or(false)
    {
        return Ok(());
    }
    Err(Usage::NotConfirmed.into())
}

/// Says how many withdrawals there are with their totals, and the first holders.
fn describe(preview: &Preview) -> (String, String) {
    let totals = preview.what.totals.iter();
    let totals: Vec<String> = totals
        .map(|(currency, total)| format!("{currency} {}", total.grouped(currency.decimals())))
        .collect();
    let noun = if preview.what.count == 1 {
        "withdrawal"
    } else {
        "withdrawals"
    };
    let named: Vec<&str> = preview
        .holders
        .iter()
        .map(prorata::domain::code::Code::as_str)
        .collect();
    let more = if preview.what.count > u64::try_from(named.len()).unwrap_or(u64::MAX) {
        ", …"
    } else {
        ""
    };
    (
        format!("{} {noun}, {}", preview.what.count, totals.join(" and ")),
        format!("{}{more}", named.join(", ")),
    )
}
