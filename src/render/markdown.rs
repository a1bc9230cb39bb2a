//! Markdown as GitHub reads it: pipe tables with numbers to the right.

use std::io::Write;

use super::{
    error::Error,
    grid::{self, Grid},
    style::Ink,
    text,
};
use crate::report::{About, Record};

/// Writes a list.
pub(super) fn list<W: Write>(grid: &Grid, about: Option<&About>, out: &mut W) -> Result<(), Error> {
    open(about, out)?;
    table(grid, out)?;
    close(about, out)
}

fn open<W: Write>(about: Option<&About>, out: &mut W) -> Result<(), Error> {
    if let Some(about) = about {
        write!(out, "# {}\n\n", escaped(&text::clean(&about.title)))?;
    }
    Ok(())
}

fn close<W: Write>(about: Option<&About>, out: &mut W) -> Result<(), Error> {
    if let Some(about) = about {
        write!(out, "\n{}\n", escaped(&about.state()))?;
    }
    Ok(())
}

fn table<W: Write>(grid: &Grid, out: &mut W) -> Result<(), Error> {
    let headings = grid.lanes().into_iter().map(|lane| escaped(lane.heading()));
    writeln!(out, "| {} |", headings.collect::<Vec<_>>().join(" | "))?;
    let rules = grid
        .lanes()
        .into_iter()
        .map(|lane| if lane.holds_numbers() { "---:" } else { "---" });
    writeln!(out, "| {} |", rules.collect::<Vec<_>>().join(" | "))?;
    for row in grid.rows() {
        writeln!(
            out,
            "| {} |",
            row.map(escaped).collect::<Vec<_>>().join(" | ")
        )?;
    }
    for row in grid.totals() {
        let bold = |words: &String| {
            if words.is_empty() {
                String::new()
            } else {
                format!("**{}**", escaped(words))
            }
        };
        writeln!(
            out,
            "| {} |",
            row.iter().map(bold).collect::<Vec<_>>().join(" | ")
        )?;
    }
    if let Some(left_out) = grid.left_out() {
        write!(out, "\n{}\n", escaped(&left_out))?;
    }
    Ok(())
}

/// Writes a record: its fields as a table of two columns, then its tables under headings.
pub(super) fn record<W: Write>(
    record: &Record,
    about: Option<&About>,
    out: &mut W,
) -> Result<(), Error> {
    open(about, out)?;
    let shown = record
        .ordered()
        .into_iter()
        .filter(|(column, cell)| grid::is_seen(column, cell, Ink::Plain));
    let lines: Vec<String> = shown
        .map(|(column, cell)| {
            format!(
                "| {} | {} |\n",
                escaped(column.heading),
                escaped(&text::shown(cell))
            )
        })
        .collect();
    let mut gap = "";
    if !lines.is_empty() {
        write!(out, "| Field | Value |\n| --- | --- |\n{}", lines.concat())?;
        gap = "\n";
    }
    for part in record.seen() {
        let grid = Grid::of(part, Ink::Plain)?;
        if !grid.lanes().is_empty() {
            write!(out, "{gap}## {}\n\n", escaped(&text::caption(part.name)))?;
            gap = "\n";
            table(&grid, out)?;
        }
    }
    close(about, out)
}

/// Escapes what Markdown or the HTML inside it would read as markup.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for (at, sign) in words.char_indices() {
        let markup = matches!(
            sign,
            '\\' | '|'
                | '`'
                | '*'
                | '_'
                | '['
                | ']'
                | '<'
                | '>'
                | '&'
                | '~'
                | '#'
                | '!'
                | '$'
                | '@'
        );
        if markup || makes_a_link(words, at, sign) {
            text.push('\\');
        }
        text.push(sign);
    }
    text
}

/// Checks whether a sign makes a link of the words around it without any markup, as many readers
/// of Markdown do with addresses.
fn makes_a_link(words: &str, at: usize, sign: char) -> bool {
    let (before, after) = words.split_at_checked(at).unwrap_or_default();
    match sign {
        ':' => after.starts_with("://"),
        '.' => before
            .len()
            .checked_sub(3)
            .and_then(|from| before.get(from..))
            .is_some_and(|word| word.eq_ignore_ascii_case("www")),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{format::Format, samples::*};

    #[test]
    fn numbers_are_aligned_right_and_markup_is_escaped() {
        let rows = [
            payment(HOSTILE, "1", HUGE, "NGN"),
            payment("a*b_c", "2.5", "1", "NGN"),
        ];
        insta::assert_snapshot!(listed(Format::Markdown, PAYMENTS, &rows), @r#"
        | Holder | Tokens | Amount | Currency | Paid |
        | --- | ---: | ---: | --- | --- |
        | =cmd\|'/c'\!A1�\[2J�2J�\<script\>\|"x"�, | 1 | 9,999,999,999,999.9999999 | NGN | 2026-01-31 16:05:09 |
        | a\*b\_c | 2.5 | 1.00 | NGN | 2026-01-31 16:05:09 |
        | **total NGN** | **3.5** | **10,000,000,000,000.9999999** |  |  |
        "#);
    }

    #[test]
    fn no_text_becomes_a_link() {
        for (words, shown) in [
            ("[pay](http://x.y)", "\\[pay\\](http\\://x.y)"),
            ("https://x.y/z", "https\\://x.y/z"),
            ("see WWW.x.y", "see WWW\\.x.y"),
            ("ada@x.y", "ada\\@x.y"),
            ("mailto:ada@x.y", "mailto:ada\\@x.y"),
            ("![](x)", "\\!\\[\\](x)"),
            ("<http://x>", "\\<http\\://x\\>"),
            ("at 16:05. Ltd.", "at 16:05. Ltd."),
        ] {
            assert_eq!(super::escaped(words), shown);
        }
    }

    #[test]
    fn the_title_is_above_and_the_state_below() {
        let about = about("Events of *LAGOS*");
        let state = STATE.replace('_', "\\_");
        for text in [
            listed_about(Format::Markdown, &about),
            recorded_about(Format::Markdown, &event(), &about),
        ] {
            assert!(text.starts_with("# Events of \\*LAGOS\\*\n\n| "), "{text}");
            assert!(text.ends_with(&format!(" |\n\n{state}\n")), "{text}");
        }
    }

    #[test]
    fn an_empty_list_is_its_headings() {
        let text = listed(Format::Markdown, PAYMENTS, &[]);
        assert_eq!(
            text,
            "| Holder | Tokens | Amount | Currency | Paid |\n| --- | --- | --- | --- | --- |\n"
        );
    }

    #[test]
    fn a_record_is_a_table_of_fields_and_a_heading_for_each_table() {
        insta::assert_snapshot!(recorded(Format::Markdown, &event()), @r#"
        | Field | Value |
        | --- | --- |
        | Code | E-1 |
        | Net proceeds | 1,000.00 |

        ## per holder

        | Holder | Tokens | Amount | Currency | Paid |
        | --- | ---: | ---: | --- | --- |
        | H1 | 1 | 400.50 | NGN | 2026-01-31 16:05:09 |
        | H2 | 2 | 599.50 | NGN | 2026-01-31 16:05:09 |
        | **total NGN** | **3** | **1,000.00** |  |  |

        ## left over

        | Holder | Tokens | Amount | Currency | Paid |
        | --- | --- | --- | --- | --- |
        "#);
    }
}
