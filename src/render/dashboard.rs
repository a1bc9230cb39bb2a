//! The dashboard as one page in a single file: no file next to it, no network, light and dark, on a
//! desk, a phone and paper.

mod figures;
mod tables;
#[cfg(test)]
mod tests;
mod words;

use std::io::{BufWriter, Write};

use sha2::{Digest as _, Sha256};

use words::shown;

use super::{error::Error, html::escaped};
use crate::report::dashboard::{Page, Section};

const STYLE: &str = include_str!("dashboard/style.css");
const SCRIPT: &str = include_str!("dashboard/script.js");

/// Writes a dashboard as a page.
///
/// # Errors
/// [`Error::Write`] if the output fails, [`Error::TotalTooLarge`] if a table adds up to too
/// many digits, [`Error::Chart`].
pub fn dashboard(page: &Page, out: &mut impl Write) -> Result<(), Error> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    head(page, &mut out)?;
    top(page, &mut out)?;
    writeln!(out, "<main id=\"main\" tabindex=\"-1\">")?;
    if let Some(empty) = &page.empty {
        writeln!(
            out,
            "<section class=\"empty card\" aria-labelledby=\"empty\">\n{EMPTY}<h2 id=\"empty\">No figures yet</h2>\n<p>{}</p>\n</section>",
            shown(empty)
        )?;
    }
    if !page.summaries.is_empty() {
        figures::summaries(&page.summaries, &mut out)?;
    }
    for section in &page.sections {
        part(section, &mut out)?;
    }
    writeln!(out, "</main>")?;
    foot(page, &mut out)?;
    write!(out, "<script>{SCRIPT}</script>\n</body>\n</html>\n")?;
    out.flush()?;
    Ok(())
}

/// An empty tray, for a page without figures.
const EMPTY: &str = "<svg class=\"tray\" aria-hidden=\"true\" viewBox=\"0 0 64 48\"><path d=\"M8 26 18 8h28l10 18v14H8z\"/><path d=\"M8 26h15c1 6 5 8 9 8s8-2 9-8h15\"/></svg>\n";

/// The stripes of pending money, for all drawings of the page.
const PATTERNS: &str = "<svg class=\"patterns\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs>\
    <pattern id=\"stripes\" patternUnits=\"userSpaceOnUse\" width=\"6\" height=\"6\" patternTransform=\"rotate(45)\">\
    <rect class=\"back\" width=\"6\" height=\"6\"/><rect class=\"stripe\" width=\"4\" height=\"6\"/></pattern></defs></svg>\n";

fn head(page: &Page, out: &mut impl Write) -> Result<(), Error> {
    // Only this script and this style run, and nothing is loaded from anywhere, should markup ever
    // slip through.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(STYLE)),
        base64(&Sha256::digest(SCRIPT))
    );
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}, {}, {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        shown(&page.about.title),
        shown(&page.scope),
        page.about.as_of
    )?;
    Ok(())
}

fn top(page: &Page, out: &mut impl Write) -> Result<(), Error> {
    let about = &page.about;
    write!(
        out,
        "<a class=\"skip\" href=\"#main\">Skip to the figures</a>\n{PATTERNS}<header>\n<div class=\"wide-row\">\n<div>\n\
         <p class=\"brand\">prorata</p>\n<h1>{}</h1>\n<p class=\"scope\">{}</p>\n</div>\n<dl class=\"facts\">\n\
         <div><dt>As of</dt><dd><time datetime=\"{as_of}\">{as_of}</time></dd></div>\n\
         <div><dt>Four eyes</dt><dd>{}</dd></div>\n<div><dt>Audit head</dt><dd>{}</dd></div>\n</dl>\n</div>\n",
        shown(&about.title),
        shown(&page.scope),
        about.four_eyes.as_str(),
        about.head.seq,
        as_of = about.as_of,
    )?;
    if page.sections.len() > 1 {
        writeln!(out, "<nav aria-label=\"Sections\">\n<ul>")?;
        let figures = (!page.summaries.is_empty()).then_some(("figures", "Key figures"));
        for (id, title) in figures.into_iter().chain(
            page.sections
                .iter()
                .map(|section| (section.id, section.title)),
        ) {
            writeln!(out, "<li><a href=\"#{id}\">{title}</a></li>")?;
        }
        writeln!(out, "</ul>\n</nav>")?;
    }
    writeln!(out, "</header>")?;
    Ok(())
}

fn part(section: &Section, out: &mut impl Write) -> Result<(), Error> {
    let Section {
        id,
        title,
        lead,
        charts,
        tables,
    } = section;
    writeln!(
        out,
        "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\" tabindex=\"-1\">{title}</h2>\n<p class=\"lead\">{lead}</p>"
    )?;
    for (place, drawn) in charts.iter().enumerate() {
        figures::chart(drawn, &format!("{id}-{place}"), out)?;
    }
    for (caption, table) in tables {
        tables::table(caption, table, out)?;
    }
    writeln!(out, "</section>")?;
    Ok(())
}

fn foot(page: &Page, out: &mut impl Write) -> Result<(), Error> {
    let about = &page.about;
    writeln!(
        out,
        "<footer>\n<p>The ledger at the end of <time datetime=\"{as_of}\">{as_of}</time>, four eyes {}. \
         Audit head {} <code>{}</code></p>\n<p>Made by prorata {}. This page is one file and loads nothing.</p>\n</footer>",
        about.four_eyes.as_str(),
        about.head.seq,
        escaped(&about.head.hash),
        env!("CARGO_PKG_VERSION"),
        as_of = about.as_of,
    )?;
    Ok(())
}

/// Writes bytes in base 64, as a policy names hashes.
///
/// # Source
/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0_u32, |group, at| {
            (group << 8) | u32::from(chunk.get(at).copied().unwrap_or_default())
        });
        for place in 0..4 {
            let sign = usize::try_from((group >> (18 - 6 * place)) & 63)
                .ok()
                .and_then(|at| SIGNS.get(at));
            // A chunk of n bytes has n + 1 signs; the rest is filled.
            let filled = usize::try_from(place).is_ok_and(|place| place > chunk.len());
            text.push(if filled {
                '='
            } else {
                char::from(sign.copied().unwrap_or(b'='))
            });
        }
    }
    text
}
