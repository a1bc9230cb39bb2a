//! HTML: one page in a single file, without scripts, and follows the reader's light or dark theme.

use std::io::Write;

use super::{
    error::Error,
    grid::{self, Grid},
    style::Ink,
    text,
};
use crate::report::{About, Cell, Column, Record};

/// The title of a page that is about nothing in particular.
const TITLE: &str = "prorata report";
const STYLE: &str = "\
:root{color-scheme:light dark;--line:#d0d7de;--head:#f6f8fa}
@media (prefers-color-scheme:dark){:root{--line:#3d444d;--head:#151b23}}
body{font:14px/1.5 system-ui,sans-serif;margin:2rem}
table{border-collapse:collapse;margin-bottom:2rem}
caption{text-align:left;font-weight:600;padding-bottom:.5rem}
th,td{padding:.3rem .75rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{background:var(--head);position:sticky;top:0}
tfoot td{font-weight:600;border-top:2px solid var(--line)}
footer{border-top:1px solid var(--line);padding-top:.5rem;overflow-wrap:anywhere}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
";

/// Writes a list as a page.
pub(super) fn list<W: Write>(grid: &Grid, about: Option<&About>, out: &mut W) -> Result<(), Error> {
    open(about, out)?;
    let caption = match grid.count() {
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    };
    table(grid, &caption, out)?;
    close(about, out)
}

/// Writes a record as a page: a table of its fields, then its tables.
pub(super) fn record<W: Write>(
    record: &Record,
    about: Option<&About>,
    out: &mut W,
) -> Result<(), Error> {
    open(about, out)?;
    let shown = |(column, cell): &&(Column, Cell)| grid::is_seen(column, cell, Ink::Plain);
    let mut fields = record.ordered().into_iter().filter(shown).peekable();
    if fields.peek().is_some() {
        writeln!(out, "<table>\n<caption>details</caption>\n<tbody>")?;
        for (column, cell) in fields {
            let (label, value) = (escaped(column.heading), escaped(&text::shown(cell)));
            writeln!(
                out,
                "<tr><th scope=\"row\">{label}</th><td>{value}</td></tr>"
            )?;
        }
        writeln!(out, "</tbody>\n</table>")?;
    }
    for part in record.seen() {
        let grid = Grid::of(part, Ink::Plain)?;
        if !grid.lanes().is_empty() {
            table(&grid, &text::caption(part.name), out)?;
        }
    }
    close(about, out)
}

fn open<W: Write>(about: Option<&About>, out: &mut W) -> Result<(), Error> {
    let title = escaped(&text::clean(about.map_or(TITLE, |about| &about.title)));
    // The policy forbids scripts and anything from elsewhere, should markup ever slip through.
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    )?;
    Ok(())
}

fn close<W: Write>(about: Option<&About>, out: &mut W) -> Result<(), Error> {
    writeln!(out, "</main>")?;
    if let Some(about) = about {
        writeln!(out, "<footer>{}</footer>", escaped(&about.state()))?;
    }
    writeln!(out, "</body>\n</html>")?;
    Ok(())
}

fn table<W: Write>(grid: &Grid, caption: &str, out: &mut W) -> Result<(), Error> {
    let classes: Vec<&str> = grid
        .lanes()
        .iter()
        .map(|lane| {
            if lane.holds_numbers() {
                " class=\"n\""
            } else {
                ""
            }
        })
        .collect();
    writeln!(
        out,
        "<table>\n<caption>{}</caption>\n<thead>",
        escaped(caption)
    )?;
    write!(out, "<tr>")?;
    for (lane, class) in grid.lanes().iter().zip(&classes) {
        write!(
            out,
            "<th scope=\"col\"{class}>{}</th>",
            escaped(lane.heading())
        )?;
    }
    writeln!(out, "</tr>\n</thead>\n<tbody>")?;
    for words in grid.rows() {
        row(&classes, words, out)?;
    }
    writeln!(out, "</tbody>")?;
    let totals = grid.totals();
    if !totals.is_empty() {
        writeln!(out, "<tfoot>")?;
        for words in &totals {
            row(&classes, words.iter().map(String::as_str), out)?;
        }
        writeln!(out, "</tfoot>")?;
    }
    writeln!(out, "</table>")?;
    if let Some(left_out) = grid.left_out() {
        writeln!(out, "<p>{}</p>", escaped(&left_out))?;
    }
    Ok(())
}

fn row<'a, W: Write>(
    classes: &[&str],
    cells: impl Iterator<Item = &'a str>,
    out: &mut W,
) -> Result<(), Error> {
    write!(out, "<tr>")?;
    for (class, words) in classes.iter().zip(cells) {
        write!(out, "<td{class}>{}</td>", escaped(words))?;
    }
    writeln!(out, "</tr>")?;
    Ok(())
}

/// Writes words so that they are words on a page, between tags and in quoted attributes.
pub(super) fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for sign in words.chars() {
        match sign {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&#39;"),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{format::Format, samples::*};

    fn body(page: &str) -> &str {
        page.split_once("<h1>prorata report</h1>\n").unwrap().1
    }

    #[test]
    fn a_list_is_a_table_with_a_caption_and_scoped_headings() {
        let rows = [
            payment("a", "1", HUGE, "NGN"),
            payment("b", "2.5", "1", "NGN"),
        ];
        insta::assert_snapshot!(body(&listed(Format::Html, PAYMENTS, &rows)), @r#"
        <table>
        <caption>2 rows</caption>
        <thead>
        <tr><th scope="col">Holder</th><th scope="col" class="n">Tokens</th><th scope="col" class="n">Amount</th><th scope="col">Currency</th><th scope="col">Paid</th></tr>
        </thead>
        <tbody>
        <tr><td>a</td><td class="n">1</td><td class="n">9,999,999,999,999.9999999</td><td>NGN</td><td>2026-01-31 16:05:09</td></tr>
        <tr><td>b</td><td class="n">2.5</td><td class="n">1.00</td><td>NGN</td><td>2026-01-31 16:05:09</td></tr>
        </tbody>
        <tfoot>
        <tr><td>total NGN</td><td class="n">3.5</td><td class="n">10,000,000,000,000.9999999</td><td></td><td></td></tr>
        </tfoot>
        </table>
        </main>
        </body>
        </html>
        "#);
    }

    #[test]
    fn a_hostile_name_is_text() {
        let page = listed(Format::Html, PAYMENTS, &[payment(HOSTILE, "1", "1", "NGN")]);
        let shown = "=cmd|&#39;/c&#39;!A1\u{FFFD}[2J\u{FFFD}2J\u{FFFD}&lt;script&gt;|&quot;x&quot;\u{FFFD},";
        assert!(page.contains(&format!("<td>{shown}</td>")), "{page}");
        assert!(!page.contains("<script"));
    }

    #[test]
    fn an_empty_list_is_its_headings() {
        let page = listed(Format::Html, PAYMENTS, &[]);
        assert!(page.contains("<caption>0 rows</caption>"), "{page}");
        assert!(
            page.ends_with("<tbody>\n</tbody>\n</table>\n</main>\n</body>\n</html>\n"),
            "{page}"
        );
    }

    #[test]
    fn a_page_has_the_title_of_what_it_is_about_and_says_which_state_it_shows() {
        let about = about("Events <of> R&D");
        let title = "Events &lt;of&gt; R&amp;D";
        let footer = format!("</main>\n<footer>{STATE}</footer>\n</body>\n</html>\n");
        for page in [
            listed_about(Format::Html, &about),
            recorded_about(Format::Html, &event(), &about),
        ] {
            assert!(page.contains(&format!("<title>{title}</title>")), "{page}");
            assert!(
                page.contains(&format!("<main>\n<h1>{title}</h1>\n<table>")),
                "{page}"
            );
            assert!(page.ends_with(&footer), "{page}");
        }
    }

    #[test]
    fn a_record_is_a_table_of_fields_and_its_tables() {
        let page = recorded(Format::Html, &event());
        let fields = "<table>\n<caption>details</caption>\n<tbody>\n<tr><th scope=\"row\">Code</th><td>E-1</td></tr>\n\
                      <tr><th scope=\"row\">Net proceeds</th><td>1,000.00</td></tr>\n</tbody>\n</table>\n\
                      <table>\n<caption>per holder</caption>\n";
        assert!(body(&page).starts_with(fields), "{page}");
        assert!(page.contains("<caption>left over</caption>"));
    }
}
