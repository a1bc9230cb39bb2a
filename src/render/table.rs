//! Tables for terminals and plain text files: no borders, one line below the headings and one above the totals.

use std::io::Write;

use comfy_table::{
    Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Row, Table,
    TableStyle, Width,
};

use super::{
    Error, Style,
    grid::{Grid, Lane},
    text,
};
use crate::report::{self, Place, Record};

/// comfy-table lays its table out as a whole, so long lists go through it in blocks of this many rows.
const BLOCK: usize = 1000;
/// Longer words than this are cut in tables, with an ellipsis; comfy-table counts a column's width in sixteen bits.
const LONGEST: usize = 1000;
/// The space behind each column but the last, beside the one that comfy-table puts in place of a line between two.
const GAP: u16 = 1;

/// The measures of one column, the same for all blocks.
struct Measure {
    heading: &'static str,
    numbers: bool,
    /// How many characters stand before the decimal point, or in all where there is none.
    whole: usize,
    /// How many characters stand behind it, itself included.
    fraction: usize,
}

/// What stands at the head of a block.
#[derive(Clone, Copy)]
enum Head {
    Headings,
    Nothing,
    Line,
}

/// Writes a list.
pub(super) fn list<W: Write>(grid: &Grid, style: Style, out: &mut W) -> Result<(), Error> {
    if grid.count() == 0 {
        out.write_all(b"(none)\n")?;
        return Ok(());
    }
    let totals = grid.totals();
    let mut measures: Vec<Measure> = grid.lanes().map(Measure::new).collect();
    for row in grid.rows() {
        measures.iter_mut().zip(row).for_each(|(measure, words)| measure.take(words));
    }
    for row in &totals {
        measures.iter_mut().zip(row).for_each(|(measure, words)| measure.take(words));
    }
    let mut head = Head::Headings;
    let mut rows = grid.rows().map(|row| line(&measures, row)).peekable();
    while rows.peek().is_some() {
        block(&measures, head, style, rows.by_ref().take(BLOCK), out)?;
        head = Head::Nothing;
    }
    if totals.is_empty() {
        return Ok(());
    }
    let totals = totals.iter().map(|row| line(&measures, row.iter().map(String::as_str)));
    block(&measures, Head::Line, style, totals, out)
}

/// Writes a record: a line for each field that has a value, then its tables under their captions.
pub(super) fn record<W: Write>(record: &Record, style: Style, out: &mut W) -> Result<(), Error> {
    let mut table = Table::new();
    dress(&mut table, style, TableStyle::new());
    for (column, cell) in &record.fields {
        if column.place == Place::Everywhere && *cell != report::Cell::Empty {
            let label = Cell::new(column.heading).add_attribute(Attribute::Bold);
            table.add_row([label, Cell::new(shortened(&text::shown(cell)))]);
        }
    }
    pad(&mut table);
    let mut gap = if table.is_empty() { "" } else { "\n" };
    print(&table, out)?;
    for part in &record.tables {
        writeln!(out, "{gap}{}", bold(&text::caption(part.name), style))?;
        gap = "\n";
        list(&Grid::of(part)?, style, out)?;
    }
    Ok(())
}

impl Measure {
    fn new(lane: &Lane) -> Self {
        Self { heading: lane.heading(), numbers: lane.holds_numbers(), whole: 0, fraction: 0 }
    }

    fn take(&mut self, words: &str) {
        let fraction = if self.numbers { fraction(words) } else { 0 };
        self.fraction = self.fraction.max(fraction);
        self.whole = self.whole.max(width(&shortened(words)).saturating_sub(fraction));
    }

    /// Makes a cell, with spaces in place of the decimals that other numbers of the column have and this one has not.
    fn cell(&self, words: &str) -> Cell {
        if !self.numbers {
            return Cell::new(shortened(words));
        }
        if !is_number(words) {
            return Cell::new(shortened(words)).set_alignment(CellAlignment::Left);
        }
        let spaces = self.fraction.saturating_sub(fraction(words));
        Cell::new(format!("{words}{}", " ".repeat(spaces)))
    }

    fn width(&self) -> usize {
        width(self.heading).max(self.whole + self.fraction)
    }
}

/// Makes a row of words.
fn line<'a>(measures: &[Measure], words: impl Iterator<Item = &'a str>) -> Row {
    Row::from(measures.iter().zip(words).map(|(measure, words)| measure.cell(words)).collect::<Vec<_>>())
}

/// Lays some rows out and writes them.
fn block<W: Write>(
    measures: &[Measure],
    head: Head,
    style: Style,
    rows: impl Iterator<Item = Row>,
    out: &mut W,
) -> Result<(), Error> {
    let rule = LineStyle::none().fill('─').junction('─');
    let mut table = Table::new();
    match head {
        Head::Headings => {
            dress(&mut table, style, TableStyle::new().header_separator(rule));
            table.set_header(measures.iter().map(|measure| Cell::new(measure.heading).add_attribute(Attribute::Bold)));
        }
        Head::Nothing => dress(&mut table, style, TableStyle::new()),
        Head::Line => dress(&mut table, style, TableStyle::new().top_border(rule)),
    }
    table.add_rows(rows);
    pad(&mut table);
    for (column, measure) in table.column_iter_mut().zip(measures) {
        // Words are cut at `LONGEST` signs of at most two places each, so a width always fits.
        let width = u16::try_from(measure.width()).unwrap_or(u16::MAX);
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width.saturating_add(column.padding_width()))));
        if measure.numbers {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    print(&table, out)
}

fn dress(table: &mut Table, style: Style, lines: TableStyle) {
    let lines = lines.content_lines(ContentLineStyle::none().junction(' '));
    table.load_style(lines).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
    table.style_text_only();
    match style {
        Style::Plain => {}
        Style::Colored => {
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

fn bold(words: &str, style: Style) -> String {
    match style {
        Style::Plain => words.to_owned(),
        Style::Colored => format!("\u{1b}[1m{words}\u{1b}[0m"),
    }
}

/// Counts the characters from the decimal point on.
fn fraction(words: &str) -> usize {
    if is_number(words) { words.find('.').map_or(0, |at| words.len() - at) } else { 0 }
}

/// Tells numbers from the words that may stand in their column, such as a total's label.
fn is_number(words: &str) -> bool {
    words.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-'))
}

fn shortened(words: &str) -> String {
    match words.char_indices().nth(LONGEST) {
        None => words.to_owned(),
        Some((at, _)) => format!("{}…", words.get(..at).unwrap_or_default()),
    }
}

/// Measures words as the terminal shows them.
fn width(words: &str) -> usize {
    if words.is_ascii() {
        return words.len();
    }
    // comfy-table knows the widths of all scripts but measures only cells of tables.
    let mut probe = Table::new();
    probe.add_row([words]);
    probe.column_max_content_widths().first().copied().map_or(0, usize::from)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Error, Format, ListWriter, samples::*},
        *,
    };
    use crate::report::{Cell, Columns, column, summed};

    #[test]
    fn numbers_stand_on_their_decimal_point_and_totals_below_a_line() {
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
        let text = listed(Format::Table, PAYMENTS, &[payment(HOSTILE, "1", "1", "NGN")]);
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(!text.replace('\n', "").contains(text::is_hostile), "{text:?}");
    }

    #[test]
    fn huge_numbers_are_whole_and_so_is_their_total() {
        let text = listed(Format::Table, PAYMENTS, &[payment("a", HUGE, HUGE, "NGN"), payment("b", HUGE, HUGE, "NGN")]);
        assert_eq!(text.matches("9,999,999,999,999.9999999").count(), 4, "{text}");
        assert_eq!(text.matches("19,999,999,999,999.9999998").count(), 2, "{text}");
    }

    #[test]
    fn a_total_beyond_its_range_is_an_error() {
        const COLUMNS: Columns = &[summed("holders", "Holders")];
        let rows = [vec![Cell::Count(i64::MAX)], vec![Cell::Count(1)]];
        let error = bytes(Format::Table, COLUMNS, &rows).unwrap_err();
        assert!(matches!(error, Error::TotalTooLarge { column: "holders" }), "{error}");
    }

    #[test]
    fn an_empty_list_says_so() {
        assert_eq!(listed(Format::Table, PAYMENTS, &[]), "(none)\n");
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
        let mut writer = ListWriter::new(Format::Table, PAYMENTS, Style::Colored, Vec::new()).unwrap();
        writer.row(&row).unwrap();
        let text = String::from_utf8(writer.finish(None).unwrap()).unwrap();
        assert!(text.starts_with("\u{1b}[1mHolder\u{1b}[0m  "), "{text:?}");
        assert_eq!(text.matches('\u{1b}').count(), 10, "{text:?}");
    }

    #[test]
    fn columns_stay_aligned_across_blocks() {
        let mut rows: Vec<_> = (0..2 * BLOCK).map(|_| payment("a", "1", "1", "NGN")).collect();
        rows.push(payment(&"n".repeat(30), "1", "1234567.1234567", "NGN"));
        let text = listed(Format::Table, PAYMENTS, &rows);
        let points: Vec<_> = text.lines().filter(|line| line.contains("NGN ")).map(|line| line.find("NGN")).collect();
        assert_eq!(points.len(), rows.len() + 1);
        assert!(points[..rows.len()].iter().all(|point| *point == points[0]));
        assert_eq!(text.lines().count(), rows.len() + 4);
    }

    #[test]
    fn very_long_words_are_cut_with_an_ellipsis_and_never_wrapped() {
        let text = listed(Format::Table, PAYMENTS, &[payment(&"界".repeat(70_000), "1", "1", "NGN")]);
        assert_eq!(text.lines().count(), 3);
        assert_eq!(text.matches('界').count(), LONGEST);
        assert!(text.contains("界…  "));
    }
}
