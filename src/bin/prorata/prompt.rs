//! Questions on a terminal. Without one nothing is ever asked.

use std::cell::RefCell;

use prorata::{
    domain::{
        code::Code,
        consent::Consent,
        payment::OddPayment,
        reconciliation::decision::{DecisionVerb, LineTotals},
        selection::{Agreed, Reviewed},
        session::Session,
    },
    ops::{
        self,
        bank::LinePreview,
        withdrawal::{BatchTotals, Preview},
    },
    store::{Done, Ledger},
};

use crate::{
    flags::{YesFlag, withdrawals::Source},
    message, noun,
    open::Writer,
    question::agree,
    usage::Usage,
};

/// How many odd payments a question names.
const NAMED: usize = 20;

/// What a bulk command is about to do, and to which selection.
#[derive(Clone, Copy)]
pub(crate) struct Bulk<'a> {
    pub(crate) verb: &'static str,
    pub(crate) selects: Selects,
    pub(crate) source: Source<'a>,
}

/// How the withdrawals of a bulk command are chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selects {
    /// They are listed, or nothing is approved: a yes is enough.
    ByName,
    /// All of an event are approved: what came in after the review would be among them.
    Whole,
}

impl Source<'_> {
    /// Words the question: `approve all 12 of E1, NGN 100.00, to ada, ben?`.
    fn question(self, verb: &str, preview: &Preview) -> String {
        let what = total(preview);
        let (count, sums) = (preview.what.count, sums(preview));
        let holders = holders(preview);
        match self {
            Self::Names => format!("{verb} {what}, to {holders}?"),
            Self::AllOf(event) | Self::Event(event) => {
                format!("{verb} all {count} of {event}, {sums}, to {holders}?")
            }
            Self::With(event) => format!("{verb} {event} with {what}, to {holders}?"),
            Self::File(file) => {
                let count = noun::WITHDRAWAL.count(count);
                format!(
                    "{verb} {count} of {}, {sums}, to {holders}?",
                    file.display()
                )
            }
        }
    }

    const fn is_always_asked(self) -> bool {
        matches!(self, Self::Event(_))
    }
}

/// Looks at the withdrawals of a bulk command. Returns `None` if its key was used before.
pub(crate) type Look<'a> = &'a dyn Fn(&mut Ledger) -> Result<Option<Preview>, ops::Error>;

/// Runs a bulk command.
pub(crate) type Rehearse<'a> = &'a dyn Fn(&mut Ledger, Session) -> Result<(), ops::Error>;

/// Asks before a command does something to more than one thing or records an odd payment, and
/// returns what was agreed to. The preview is only made if it may be asked about; there is none for
/// a key that was used before. What a rule refuses is refused before the question.
pub(crate) fn confirm(
    writer: &Writer<'_>,
    ledger: &mut Ledger,
    flag: YesFlag,
    bulk: Bulk<'_>,
    (look, rehearse): (Look<'_>, Rehearse<'_>),
) -> anyhow::Result<Option<BatchTotals>> {
    if flag.yes || writer.is_dry_run() {
        return Ok(None);
    }
    let Some(preview) = look(ledger)? else {
        return Ok(None);
    };
    let odd = odd(&preview.what.odd);
    let few = preview.what.count < 2 && !(bulk.source.is_always_asked() && preview.what.count > 0);
    if few && odd.is_empty() {
        return Ok(Some(preview.what));
    }
    if !writer.cx.may_ask() {
        let what = [vec![total(&preview)], odd].concat().join("; ");
        let verb = bulk.verb;
        return Err(Usage::NeedsYes { verb, what }.into());
    }
    rehearse(ledger, writer.rehearsal()?)?;
    if preview.what.count > 1 {
        say_selection(writer, Some(&preview));
    }
    for odd in &odd {
        message::line(odd);
    }
    if agree(&bulk.source.question(bulk.verb, &preview)) {
        Ok(Some(preview.what))
    } else {
        Err(Usage::NotConfirmed.into())
    }
}

/// Asks before a command does something to more than one withdrawal, unless it was said what was
/// reviewed, and returns what was agreed to. A dry run prints what is to be reviewed.
pub(crate) fn reviewed(
    writer: &Writer<'_>,
    ledger: &mut Ledger,
    flag: YesFlag,
    reviewed: Reviewed,
    bulk: Bulk<'_>,
    (look, rehearse): (Look<'_>, Rehearse<'_>),
) -> anyhow::Result<Agreed> {
    let agreed = Agreed {
        shown: None,
        reviewed,
    };
    if writer.is_dry_run() {
        say_selection(writer, look(ledger)?.as_ref());
        return Ok(agreed);
    }
    if !agreed.reviewed.is_empty() {
        return Ok(agreed);
    }
    if bulk.selects == Selects::Whole && !writer.cx.may_ask() {
        return match look(ledger)? {
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
    let hash = RefCell::new(None);
    let noted = |ledger: &mut Ledger| {
        let preview = look(ledger)?;
        if let Some(preview) = preview.as_ref().filter(|of| of.what.count > 1) {
            *hash.borrow_mut() = Some(preview.digest.hash.clone());
        }
        Ok(preview)
    };
    let shown = confirm(writer, ledger, flag, bulk, (&noted, rehearse))?;
    Ok(Agreed {
        shown,
        reviewed: Reviewed {
            hash: hash.into_inner(),
            expected: None,
        },
    })
}

/// When a decision about bank lines is asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// Without a terminal it needs a yes: the lines were not named.
    Always,
    /// Whoever names the lines has chosen them; on a terminal their sum is shown all the same.
    OnTerminal,
}

/// Asks before more than one bank line is decided, and returns what was agreed to.
pub(crate) fn lines(
    writer: &Writer<'_>,
    flag: YesFlag,
    (verb, asks): (DecisionVerb, Asks),
    preview: impl FnOnce() -> Result<Option<LinePreview>, ops::Error>,
) -> anyhow::Result<Option<LineTotals>> {
    if flag.yes || writer.is_dry_run() || (asks == Asks::OnTerminal && !writer.cx.may_ask()) {
        return Ok(None);
    }
    let Some(preview) = preview()? else {
        return Ok(None);
    };
    let needs_question = match asks {
        Asks::Always => preview.what.count > 0,
        Asks::OnTerminal => preview.what.count > 1,
    };
    if !needs_question {
        return Ok(Some(preview.what));
    }
    let (verb, what) = (verb.as_str(), preview.what.words());
    if !writer.cx.may_ask() {
        return Err(Usage::NeedsYes { verb, what }.into());
    }
    let named: Vec<&str> = preview.holders.iter().map(Code::as_str).collect();
    let holders = if named.is_empty() {
        String::new()
    } else {
        format!(", of {}, …", named.join(", "))
    };
    if agree(&format!("{verb} {what}{holders}?")) {
        Ok(Some(preview.what))
    } else {
        Err(Usage::NotConfirmed.into())
    }
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
    let count = noun::WITHDRAWAL.count(preview.what.count);
    format!("{count}, {}", sums(preview))
}

/// Says what withdrawals add up to.
fn sums(preview: &Preview) -> String {
    let totals = preview.what.totals.iter();
    let totals: Vec<String> = totals
        .map(|(currency, total)| format!("{currency} {}", total.grouped(currency.decimals())))
        .collect();
    totals.join(" and ")
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
