//! Questions on a terminal. Without one nothing is ever asked.

use dialoguer::{Input, console::Term};
use prorata::{
    domain::{code::Code, consent::Consent, payment::OddPayment, session::Session},
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
    odd.iter().for_each(|odd| message::line(odd));
    if agree(&format!("{verb} {what}, to {}?", holders(&preview))) {
        Ok(Some(preview.what))
    } else {
        Err(Usage::NotConfirmed.into())
    }
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
