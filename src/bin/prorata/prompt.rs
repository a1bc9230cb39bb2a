//! Questions on a terminal. Without one nothing is ever asked.

use dialoguer::{Input, console::Term};
use prorata::{
    domain::{
        code::Code,
        consent::Consent,
        payment::OddPayment,
        selection::{Agreed, Reviewed},
        session::Session,
    },
    ops::{
        self,
        withdrawal::{BatchTotals, Preview},
    },
    store::Done,
};

use crate::{flags::YesFlag, message, noun, open::Writer, question::agree, usage::Usage};

/// Asks for a text. Returns `None` if there was no answer.
pub(crate) fn text(label: &str) -> Option<String> {
    Input::<String>::new()
        .with_prompt(label)
        .interact_text_on(&Term::stderr())
        .ok()
}

/// How many odd payments a question names.
const NAMED: usize = 20;

/// Asks before a command does something to more than one thing or records an odd payment, and
/// returns what was agreed to. The preview is only made if it may be asked about; there is none for
/// a key that was used before.
pub(crate) fn confirm(
    writer: &Writer<'_>,
    flag: YesFlag,
    verb: &'static str,
    preview: impl FnOnce() -> Result<Option<Preview>, ops::Error>,
) -> anyhow::Result<Option<BatchTotals>> {
    if flag.yes || writer.is_dry_run() {
        return Ok(None);
    }
    let Some(preview) = preview()? else {
        return Ok(None);
    };
    let odd = odd(&preview.what.odd);
    if preview.what.count < 2 && odd.is_empty() {
        return Ok(Some(preview.what));
    }
    let what = total(&preview);
    if !writer.cx.may_ask() {
        let what = [vec![what], odd].concat().join("; ");
        return Err(Usage::NeedsYes { verb, what }.into());
    }
    for odd in &odd {
        message::line(odd);
    }
    if agree(&format!("{verb} {what}, to {}?", holders(&preview))) {
        Ok(Some(preview.what))
    } else {
        Err(Usage::NotConfirmed.into())
    }
}

/// What a bulk command is about to do, and to which selection.
#[derive(Clone, Copy)]
pub(crate) struct Bulk {
    pub(crate) verb: &'static str,
    pub(crate) selects: Selects,
}

/// How the withdrawals of a bulk command are chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selects {
    /// They are listed, or nothing is approved: a yes is enough.
    ByName,
    /// All of an event are approved: what came in after the review would be among them.
    Whole,
}

/// Asks before a command does something to more than one withdrawal, unless it was said what was
/// reviewed, and returns what was agreed to. A dry run prints what is to be reviewed.
pub(crate) fn reviewed(
    writer: &Writer<'_>,
    flag: YesFlag,
    reviewed: Reviewed,
    bulk: Bulk,
    preview: impl FnOnce() -> Result<Option<Preview>, ops::Error>,
) -> anyhow::Result<Agreed> {
    let agreed = Agreed {
        shown: None,
        reviewed,
    };
    if writer.is_dry_run() {
        say_selection(writer, preview()?.as_ref());
        return Ok(agreed);
    }
    if !agreed.reviewed.is_empty() {
        return Ok(agreed);
    }
    if bulk.selects == Selects::Whole && !writer.cx.may_ask() {
        return match preview()? {
            Some(preview) if preview.what.count > 0 => Err(Usage::NeedsReview {
                verb: bulk.verb,
                what: total(&preview),
                hash: preview.digest.hash.clone(),
                expect: preview.digest.expected(),
            }
            .into()),
            Some(_) | None => Ok(agreed),
        };
    }
    let mut hash = None;
    let shown = confirm(writer, flag, bulk.verb, || {
        let preview = preview()?;
        if let Some(preview) = preview.as_ref().filter(|of| of.what.count > 1) {
            if writer.cx.may_ask() {
                say_selection(writer, Some(preview));
            }
            hash = Some(preview.digest.hash.clone());
        }
        Ok(preview)
    })?;
    Ok(Agreed {
        shown,
        reviewed: Reviewed {
            hash,
            expected: None,
        },
    })
}

/// Prints the hash of a selection, and what is to be seen of its withdrawals.
pub(crate) fn say_selection(writer: &Writer<'_>, preview: Option<&Preview>) {
    let Some(preview) = preview else { return };
    for mark in &preview.marked {
        writer.cx.voice.say(mark);
    }
    writer.cx.voice.say(&format!(
        "selection of {}: hash {}",
        total(preview),
        preview.digest.hash
    ));
}

/// Runs a command that may ask about what is unusual: without a yes, and again after each question
/// that the user answers with yes.
pub(crate) fn asking<V>(
    writer: &Writer<'_>,
    flag: YesFlag,
    mut run: impl FnMut(Session, &Consent) -> Result<Done<V>, ops::Error>,
) -> anyhow::Result<Done<V>> {
    if flag.yes {
        return Ok(run(writer.session()?, &Consent::ToAll)?);
    }
    let mut agreed = Vec::new();
    loop {
        let question = match run(writer.session()?, &Consent::To(agreed.clone())) {
            Err(ops::Error::Refused(question)) if question.is_question() => question,
            done => return Ok(done?),
        };
        if writer.is_dry_run() {
            writer.cx.voice.say(&format!("will ask: {question}"));
        } else if !writer.cx.may_ask() {
            return Err(ops::Error::from(question).into());
        } else if !agree(&format!("{question}; go on?")) {
            return Err(Usage::NotConfirmed.into());
        }
        agreed.push(question);
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

/// Says what is odd about the first payments of which something is.
pub(crate) fn odd(payments: &[OddPayment]) -> Vec<String> {
    let named = payments.iter().take(NAMED).map(ToString::to_string);
    let more = payments.len().checked_sub(NAMED).filter(|more| *more > 0);
    let more = more.map(|more| format!("{more} more payments are odd"));
    named.chain(more).collect()
}

/// Names the first holders.
fn holders(preview: &Preview) -> String {
    let named: Vec<&str> = preview.holders.iter().map(Code::as_str).collect();
    let more = u64::try_from(named.len()).is_ok_and(|named| preview.what.count > named);
    format!("{}{}", named.join(", "), if more { ", …" } else { "" })
}
