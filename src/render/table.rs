//! Tables for terminals and plain text files: no borders, one line below the headings and one above
//! the totals.

use std::io::Write;

use comfy_table::{
    Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle,
    LineStyle, Table, TableStyle, Width,
};

use super::{
    error::Error,
    grid::{self, Grid},
    layout::{Layout, Measure, shortened},
    style::Hidden,
    style::Ink,
    style::Style,
    text,
};
use crate::report::Record;

/// comfy-table lays its table out as a whole, so long lists go through it in blocks of this many
/// rows.
const BLOCK: usize = 1000;
/// The space behind each column but the last, in addition to the one that comfy-table puts in place
/// of a line between two.
const GAP: u16 = 1;

/// What is at the head of a block.
#[derive(Clone, Copy)]
enum Head {
    Headings,
    Nothing,
    Line,
}

/// Writes a list, and returns what a narrow terminal hides.
pub(super) fn list<W: Write>(grid: &Grid, style: Style, out: &mut W) -> Result<Hidden, Error> {
    if grid.count() == 0 {
        out.write_all(b"(none)\n")?;
        return Ok(Hidden::default());
    }
    let layout = Layout::of(grid, style);
    let mut head = Head::Headings;
    let mut rows = layout.rows().peekable();
    while rows.peek().is_some() {
        block(
            layout.columns(),
            head,
            style.ink,
            rows.by_ref().take(BLOCK),
            out,
        )?;
        head = Head::Nothing;
    }
    if layout.totals().len() > 0 {
        block(
            layout.columns(),
            Head::Line,
            style.ink,
            layout.totals(),
            out,
        )?;
    }
    if let Some(left_out) = grid.left_out() {
        writeln!(out, "{left_out}")?;
    }
    Ok(layout.hidden())
}

/// Writes a record: a line for each field that has a value, then its tables under their captions.
pub(super) fn record<W: Write>(
    record: &Record,
    style: Style,
    out: &mut W,
) -> Result<Hidden, Error> {
    let mut table = Table::new();
    dress(&mut table, style.ink, TableStyle::new());
    for (column, cell) in record.ordered() {
        if grid::is_seen(column, cell, style.ink) {
            let label = Cell::new(column.heading).add_attribute(Attribute::Bold);
            table.add_row([label, Cell::new(shortened(&grid::words(*column, cell)))]);
        }
    }
    pad(&mut table);
    let mut gap = if table.is_empty() { "" } else { "\n" };
    print(&table, out)?;
    let mut hidden = Hidden::default();
    for part in record.seen() {
        let grid = Grid::of(part, style.ink)?;
        if grid.lanes().is_empty() {
            continue;
        }
        writeln!(out, "{gap}{}", bold(&text::caption(part.name), style.ink))?;
        gap = "\n";
        hidden.add(list(&grid, style, out)?);
    }
    Ok(hidden)
}

/// Lays some rows out and writes them.
fn block<W: Write>(
    columns: &[Measure],
    head: Head,
    ink: Ink,
    rows: impl Iterator<Item = Vec<Cell>>,
    out: &mut W,
) -> Result<(), Error> {
    let rule = LineStyle::none().fill('─').junction('─');
    let mut table = Table::new();
    match head {
        Head::Headings => {
            dress(&mut table, ink, TableStyle::new().header_separator(rule));
            table.set_header(
                columns
                    .iter()
                    .map(|column| Cell::new(column.heading()).add_attribute(Attribute::Bold)),
            );
        }
        Head::Nothing => dress(&mut table, ink, TableStyle::new()),
        Head::Line => dress(&mut table, ink, TableStyle::new().top_border(rule)),
    }
    table.add_rows(rows);
    pad(&mut table);
    for (column, measure) in table.column_iter_mut().zip(columns) {
        // Words are cut at `LONGEST` signs of at most two places each, so a width always fits.
        let width = u16::try_from(measure.width()).unwrap_or(u16::MAX);
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(
            width.saturating_add(column.padding_width()),
        )));
        if measure.holds_numbers() {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    print(&table, out)
}

fn dress(table: &mut Table, ink: Ink, lines: TableStyle) {
    let lines = lines.content_lines(ContentLineStyle::none().junction(' '));
    table
        .load_style(lines)
        .set_content_arrangement(ContentArrangement::Disabled)
        .force_no_tty();
    table.style_text_only();
    match ink {
        Ink::Plain => {}
        Ink::Colored => {
            table.enforce_styling();
        }
    }
}

fn pad(table: &mut Table) {
    let last = table.column_count().saturating_sub(1);
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if at == last { 0 } else { GAP }));
    }
}

fn print<W: Write>(table: &Table, out: &mut W) -> Result<(), Error> {
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end_matches(' '))?;
    }
    Ok(())
}

fn bold(words: &str, ink: Ink) -> String {
    match ink {
        Ink::Plain => words.to_owned(),
        Ink::Colored => format!("\u{1b}[1m{words}\u{1b}[0m"),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{error::Error, format::Format, layout::LONGEST, list::ListWriter, samples::*},
        *,
    };
    use crate::report::Cell;

    #[test]
    fn numbers_are_aligned_on_their_decimal_point_and_totals_below_a_line() {
        let rows = [
            payment("Ada", "1500.5", "1250000", "NGN"),
            payment("株式会社", "2", "0.1234567", "NGN"),
            payment("Łukasz", "30", "99.5", "NGN"),
        ];
        insta::assert_snapshot!(listed(Format::Table, PAYMENTS, &rows), @r#"
        Holder      Tokens             Amount  Currency  Paid
        ────────────────────────────────────────────────────────────────────
        Ada        1,500.5  1,250,000.00       NGN       2026-01-31 16:05:09
        株式会社       2            0.1234567  NGN       2026-01-31 16:05:09
        Łukasz        30           99.50       NGN       2026-01-31 16:05:09
        ────────────────────────────────────────────────────────────────────
        total NGN  1,532.5  1,250,099.6234567
        "#);
    }

    #[test]
    fn totals_are_per_currency_and_tokens_are_totalled_over_all_rows() {
        let rows = [
            payment("a", "1", "0.10", "USD"),
            payment("b", "2", "1000", "JPY"),
            payment("c", "3.5", "0.20", "USD"),
            payment("d", "4", "234", "JPY"),
        ];
        insta::assert_snapshot!(listed(Format::Table, PAYMENTS, &rows), @r#"
        Holder     Tokens    Amount  Currency  Paid
        ──────────────────────────────────────────────────────────
        a             1        0.10  USD       2026-01-31 16:05:09
        b             2    1,000     JPY       2026-01-31 16:05:09
        c             3.5      0.20  USD       2026-01-31 16:05:09
        d             4      234     JPY       2026-01-31 16:05:09
        ──────────────────────────────────────────────────────────
        total JPY          1,234
        total USD              0.30
        total        10.5
        "#);
    }

    #[test]
    fn counts_without_money_have_one_total_and_a_single_row_has_none() {
        const COLUMNS: Columns = &[column("project", "Project"), summed("holders", "Holders")];
        let row = |code, count| vec![Cell::text(code), Cell::Count(count)];
        insta::assert_snapshot!(listed(Format::Table, COLUMNS, &[row("P", 9), row("Q", 110)]), @r#"
        Project  Holders
        ────────────────
        P              9
        Q            110
        ────────────────
        total        119
        "#);
        insta::assert_snapshot!(listed(Format::Table, COLUMNS, &[row("P", 9)]), @r#"
        Project  Holders
        ────────────────
        P              9
        "#);
    }

    #[test]
    fn every_kind_of_cell_has_its_form() {
        insta::assert_snapshot!(listed(Format::Table, KINDS, &[kinds()]), @r#"
        Text               Money   Tokens     Percent  Count  Flag  Date        Instant              Masked      Shown       JSON                    Empty
        ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        Ada, "Ltd"  1,250,000.00  1,500.5  33.3333333    -12  yes   2026-03-31  2026-01-31 16:05:09  ******6785  0123456785  {"b":[1,null],"a":"x"}
        "#);
    }

    #[test]
    fn a_hostile_name_stays_on_its_line_without_its_signs() {
        let text = listed(
            Format::Table,
            PAYMENTS,
            &[payment(HOSTILE, "1", "1", "NGN")],
        );
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(
            !text.replace('\n', "").contains(text::is_hostile),
            "{text:?}"
        );
    }

    #[test]
    fn huge_numbers_are_whole_and_so_is_their_total() {
        let text = listed(
            Format::Table,
            PAYMENTS,
            &[
                payment("a", HUGE, HUGE, "NGN"),
                payment("b", HUGE, HUGE, "NGN"),
            ],
        );
        assert_eq!(
            text.matches("9,999,999,999,999.9999999").count(),
            4,
            "{text}"
        );
        assert_eq!(
            text.matches("19,999,999,999,999.9999998").count(),
            2,
            "{text}"
        );
    }

    #[test]
    fn a_total_beyond_its_range_is_an_error() {
        const COLUMNS: Columns = &[summed("holders", "Holders")];
        let rows = [vec![Cell::Count(i64::MAX)], vec![Cell::Count(1)]];
        let error = bytes(Format::Table, COLUMNS, &rows).unwrap_err();
        assert!(
            matches!(error, Error::TotalTooLarge { column: "holders" }),
            "{error}"
        );
    }

    #[test]
    fn an_empty_list_says_so() {
        assert_eq!(listed(Format::Table, PAYMENTS, &[]), "(none)\n");
    }

    #[test]
    fn a_column_that_no_row_uses_takes_no_room() {
        const COLUMNS: Columns = &[
            column("holder", "Holder"),
            used(column("tax", "Tax")),
            used(column("note", "Note")),
            summed("amount", "Amount"),
        ];
        let row = |tax: &str, note: &str| {
            let note = if note.is_empty() {
                Cell::Empty
            } else {
                Cell::text(note)
            };
            vec![Cell::text("a"), money(tax, "NGN"), note, money("1", "NGN")]
        };
        insta::assert_snapshot!(listed(Format::Table, COLUMNS, &[row("0", ""), row("0", "")]), @r#"
        Holder     Amount
        ─────────────────
        a            1.00
        a            1.00
        ─────────────────
        total NGN    2.00
        "#);
        insta::assert_snapshot!(listed(Format::Table, COLUMNS, &[row("0", ""), row("0.1", "")]), @r#"
        Holder      Tax  Amount
        ───────────────────────
        a          0.00    1.00
        a          0.10    1.00
        ───────────────────────
        total NGN          2.00
        "#);
        // Programs always get all of them.
        assert_eq!(
            listed(Format::Csv, COLUMNS, &[row("0", "")]),
            "holder,tax,note,amount\na,0.00,,1.00\n"
        );
        let record = Record {
            fields: vec![
                (used(column("tax", "Tax")), money("0", "NGN")),
                (column("code", "Code"), Cell::text("E-1")),
                (used(column("held", "Held")), money("1", "NGN")),
            ],
            order: &["held", "tax", "code"],
            ..event()
        };
        insta::assert_snapshot!(recorded(Format::Table, &Record { tables: Vec::new(), ..record.clone() }), @r#"
        Held  1.00
        Code  E-1
        "#);
        let json = recorded(Format::Json, &record);
        let places = ["tax", "code", "held"].map(|name| json.find(name).unwrap());
        assert!(places.is_sorted(), "{json}");
    }

    #[test]
    fn a_record_aligns_its_labels_and_leaves_out_what_is_empty_or_for_programs() {
        insta::assert_snapshot!(recorded(Format::Table, &event()), @r#"
        Code          E-1
        Net proceeds  1,000.00

        per holder
        Holder     Tokens    Amount  Currency  Paid
        ──────────────────────────────────────────────────────────
        H1              1    400.50  NGN       2026-01-31 16:05:09
        H2              2    599.50  NGN       2026-01-31 16:05:09
        ──────────────────────────────────────────────────────────
        total NGN       3  1,000.00

        left over
        (none)
        "#);
    }

    #[test]
    fn only_a_coloured_table_has_escapes() {
        let row = payment("a", "1", "1", "NGN");
        assert!(!listed(Format::Table, PAYMENTS, std::slice::from_ref(&row)).contains('\u{1b}'));
        let mut writer = ListWriter::new(
            Format::Table,
            PAYMENTS,
            Style {
                ink: Ink::Colored,
                width: None,
            },
            Vec::new(),
        )
        .unwrap();
        writer.row(&row).unwrap();
        let text = String::from_utf8(writer.finish(None).unwrap().0).unwrap();
        assert!(text.starts_with("\u{1b}[1mHolder\u{1b}[0m  "), "{text:?}");
        assert_eq!(text.matches('\u{1b}').count(), 10, "{text:?}");
    }

    #[test]
    fn columns_stay_aligned_across_blocks() {
        let mut rows: Vec<_> = (0..2 * BLOCK)
            .map(|_| payment("a", "1", "1", "NGN"))
            .collect();
        rows.push(payment(&"n".repeat(30), "1", "1234567.1234567", "NGN"));
        let text = listed(Format::Table, PAYMENTS, &rows);
        let points: Vec<_> = text
            .lines()
            .filter(|line| line.contains("NGN "))
            .map(|line| line.find("NGN"))
            .collect();
        assert_eq!(points.len(), rows.len() + 1);
        assert!(points[..rows.len()].iter().all(|point| *point == points[0]));
        assert_eq!(text.lines().count(), rows.len() + 4);
    }

    #[test]
    fn very_long_words_are_cut_with_an_ellipsis_and_never_wrapped() {
        let text = listed(
            Format::Table,
            PAYMENTS,
            &[payment(&"界".repeat(70_000), "1", "1", "NGN")],
        );
        assert_eq!(text.lines().count(), 3);
        assert_eq!(text.matches('界').count(), LONGEST);
        assert!(text.contains("界…  "));
    }
}
