//! Tables that can be sorted and filtered exactly: cells carry their plain value and a key whose
//! text sorts as they do.

use std::io::Write;

use super::words::{capital, shown};
use crate::{
    render::{chart, error::Error, grid::Grid, html::escaped, style::Ink, text},
    report::{Cell, Column, Keep, Place, Table},
};

/// With how many rows a table has a filter.
const FILTERED: usize = 12;
/// How many signs of words stay on one line.
const LINE: usize = 28;
/// With how many rows a table scrolls in a window of its own.
const TALL: usize = 24;
/// The digits of a key: those of the largest total in ten-millionths, one more for the sign.
const DIGITS: usize = 30;

/// One column as the page shows it.
struct Lane {
    at: usize,
    column: Column,
    numbers: bool,
    /// The most decimals of a cell.
    decimals: usize,
    heads_row: bool,
}

/// Writes a table with its caption, its totals, and the controls that the script shows.
pub(super) fn table(caption: &str, table: &Table, out: &mut impl Write) -> Result<(), Error> {
    let (grid, lanes, name) = (Grid::of(table, Ink::Plain)?, lanes(table), table.name);
    let count = table.rows.len();
    writeln!(out, "<div class=\"table card\">")?;
    if count >= FILTERED {
        writeln!(
            out,
            "<div class=\"tools\" hidden>\n<label for=\"filter-{name}\">Filter rows <span>of {caption}</span></label>\n\
             <input id=\"filter-{name}\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\">\n\
             <p role=\"status\">{count} of {count} rows</p>\n</div>"
        )?;
    }
    let tall = if count >= TALL { " tall" } else { "" };
    writeln!(
        out,
        "<div class=\"scroll{tall}\" role=\"region\" aria-label=\"{caption}, table\" tabindex=\"0\">\n\
         <table data-table=\"{name}\">\n<caption>{caption}</caption>\n<thead>"
    )?;
    write!(out, "<tr>")?;
    for lane in &lanes {
        let class = if lane.numbers { " class=\"n\"" } else { "" };
        let (field, heading) = (lane.column.field, escaped(&capital(lane.column.heading)));
        let sorts = if lane.column.place == Place::Drawn {
            ""
        } else {
            " data-sorts"
        };
        write!(
            out,
            "<th scope=\"col\"{class} data-field=\"{field}\"{sorts}>{heading}</th>"
        )?;
    }
    writeln!(out, "</tr>\n</thead>\n<tbody>")?;
    for cells in &table.rows {
        write!(out, "<tr>")?;
        for lane in &lanes {
            cell(lane, cells.get(lane.at).unwrap_or(&Cell::Empty), out)?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>")?;
    totals(&grid, &lanes, out)?;
    writeln!(out, "</table>\n</div>\n</div>")?;
    Ok(())
}

fn lanes(table: &Table) -> Vec<Lane> {
    // A group of a quarter or a year has no course of its own.
    let periods = ["by_quarter", "by_year"].contains(&table.name);
    let is_used = |at: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(at));
        cells.any(Cell::is_used)
    };
    let visible = |at: usize, column: &Column| match column.place {
        Place::Everywhere => true,
        Place::Used => is_used(at),
        Place::Detail | Place::Data => false,
        Place::Drawn => !periods,
    };
    let named = |column: &&Column| column.keep == Keep::Always && column.field != "currency";
    let heads = table
        .columns
        .iter()
        .rev()
        .find(named)
        .or(table.columns.first())
        .map(|column| column.field);
    let lane = |(at, column): (usize, &Column)| {
        let cells = || table.rows.iter().filter_map(move |row| row.get(at));
        Lane {
            at,
            column: *column,
            numbers: cells().any(text::is_number),
            decimals: cells()
                .map(|cell| decimals(&text::shown(cell)))
                .max()
                .unwrap_or_default(),
            heads_row: Some(column.field) == heads,
        }
    };
    table
        .columns
        .iter()
        .enumerate()
        .filter(|(at, column)| visible(*at, column))
        .map(lane)
        .collect()
}

fn cell(lane: &Lane, cell: &Cell, out: &mut impl Write) -> Result<(), Error> {
    if let Cell::Series(amounts, currency) = cell {
        let (plain, words) = (text::plain(cell), text::shown(cell));
        let drawing = chart::spark(
            amounts,
            &format!(
                "{}, {currency}, the oldest first: {words}",
                lane.column.heading
            ),
        )?;
        write!(
            out,
            "<td class=\"drawn\" data-value=\"{}\">{drawing}</td>",
            escaped(&plain)
        )?;
        return Ok(());
    }
    let words = shown(&text::shown(cell));
    let tag = if lane.heads_row {
        "th scope=\"row\""
    } else {
        "td"
    };
    let end = if lane.heads_row { "th" } else { "td" };
    match key(cell) {
        Some(key) => {
            let (plain, pad) = (text::plain(cell), pad(lane, &words));
            write!(
                out,
                "<{tag} class=\"n\" data-value=\"{}\" data-key=\"{key}\"{pad}>{words}</{end}>",
                escaped(&plain)
            )?;
        }
        None if lane.column.field == "status" => {
            write!(
                out,
                "<{tag}><span class=\"status {words}\">{words}</span></{end}>"
            )?;
        }
        None if words.chars().count() > LINE => {
            write!(out, "<{tag} class=\"long\">{words}</{end}>")?;
        }
        None => write!(out, "<{tag}>{words}</{end}>")?,
    }
    Ok(())
}

/// Writes the totals of all rows; a filter does not change them, and they say so.
fn totals(grid: &Grid, lanes: &[Lane], out: &mut impl Write) -> Result<(), Error> {
    let totals = grid.totals();
    if totals.is_empty() {
        return Ok(());
    }
    writeln!(out, "<tfoot>")?;
    for words in &totals {
        let mut words = words.iter().map(String::as_str);
        let words = lanes.iter().map(|lane| match lane.column.place {
            Place::Everywhere | Place::Used => words.next().unwrap_or_default(),
            Place::Detail | Place::Data | Place::Drawn => "",
        });
        let words: Vec<&str> = words.collect();
        // The label takes the room up to the first number.
        let label = words.first().copied().unwrap_or_default();
        let span = 1 + words
            .iter()
            .skip(1)
            .take_while(|word| word.is_empty())
            .count();
        let label = capital(&escaped(label));
        write!(
            out,
            "<tr><th scope=\"row\" colspan=\"{span}\">{label} <span class=\"all\">of all rows</span></th>"
        )?;
        for (lane, word) in lanes.iter().zip(&words).skip(span) {
            if word.is_empty() {
                write!(out, "<td></td>")?;
            } else {
                let shown = escaped(word);
                write!(
                    out,
                    "<td class=\"n\" data-value=\"{}\"{}>{shown}</td>",
                    shown.replace(',', ""),
                    pad(lane, word)
                )?;
            }
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tfoot>")?;
    Ok(())
}

/// Returns what follows a number so that the points of its column are below each other; it is
/// not seen and not copied.
fn pad(lane: &Lane, words: &str) -> String {
    let own = decimals(words);
    let missing = lane.decimals.saturating_sub(own);
    if missing == 0 {
        return String::new();
    }
    let point = if own == 0 { "." } else { "" };
    format!(" data-pad=\"{point}{}\"", "0".repeat(missing))
}

fn decimals(words: &str) -> usize {
    words.rsplit_once('.').map_or(0, |(_, fraction)| {
        if is_digits(fraction) {
            fraction.len()
        } else {
            0
        }
    })
}

fn is_digits(words: &str) -> bool {
    !words.is_empty() && words.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes a number so that text and numbers sort alike: in ten-millionths, above every negative
/// one, with leading zeros.
fn key(cell: &Cell) -> Option<String> {
    let units = cell.number()?;
    // A total lies below 10^28 and a count of 2^63 in ten-millionths below 10^26, so that none is
    // below zero any more.
    let above = 10_i128.checked_pow(29)?.checked_add(units)?;
    Some(format!("{above:0DIGITS$}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{currency::Currency, quantity::Total, signed::Signed};

    fn units() -> impl Strategy<Value = i128> {
        prop_oneof![-Total::MAX.units()..=Total::MAX.units(), -1000_i128..1000]
    }

    proptest! {
        #[test]
        fn keys_sort_as_the_numbers_do(a in units(), b in units()) {
            let key = |units| key(&Cell::Money(Signed::from_units(units).unwrap(), Currency::parse("NGN").unwrap())).unwrap();
            prop_assert_eq!(key(a).cmp(&key(b)), a.cmp(&b));
            prop_assert_eq!(key(a).len(), DIGITS);
        }

        #[test]
        fn counts_sort_as_the_numbers_do(a in any::<i64>(), b in any::<i64>()) {
            let key = |count| key(&Cell::Count(count)).unwrap();
            prop_assert_eq!(key(a).cmp(&key(b)), a.cmp(&b));
        }
    }
}
