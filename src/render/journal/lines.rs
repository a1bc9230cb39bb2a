//! What both layouts share.

use std::io::Write;

use crate::{
    domain::{currency::Currency, journal::Heading, signed::Signed},
    render::text::clean,
};

/// Writes an amount with all decimals of its currency.
pub(super) fn amount(amount: Signed, currency: Currency, decimals: &[(Currency, u32)]) -> String {
    let known = decimals.iter().find(|(known, _)| *known == currency);
    amount.plain(known.map_or(currency.decimals(), |(_, decimals)| *decimals))
}

/// Says what a journal is about, in comments that both programs skip.
pub(super) fn about(out: &mut impl Write, heading: &Heading) -> std::io::Result<()> {
    let Heading {
        ledger,
        as_of,
        head,
        ..
    } = heading;
    writeln!(out, "; Journal of the prorata ledger {ledger}")?;
    writeln!(
        out,
        "; as of the end of {as_of} (UTC), audit head {} {}",
        head.seq, head.hash
    )?;
    writeln!(out, ";")?;
    writeln!(
        out,
        "; Each entry has the day on which it was recorded, so that what is owed at the end of a day is what the ledger"
    )?;
    writeln!(
        out,
        "; showed on that day. Payments and bank lines carry their value date in addition."
    )
}

/// Makes one line of words: no sign that moves or hides others, no run of spaces.
pub(super) fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
