//! Which columns of a table are shown, and how wide each is: all of them, or as many as the
//! terminal has room for.
//!
//! Where a table is wider than its terminal, its bars go first, then whole columns as [`Keep`]
//! says, the last ones first. What is added up stays longest. The first column always stays, for it
//! names the row, and so does the currency as long as money is shown. Where that is not enough, the
//! widest texts that are left are shortened. Figures, dates and account numbers never are: a table
//! that is still too wide then runs over, and the terminal breaks its lines.

use std::{borrow::Cow, cmp::Reverse};

use comfy_table::{Cell, CellAlignment};
use unicode_width::UnicodeWidthStr;

use super::{
    grid::{Grid, Lane},
    style::Hidden,
    style::Style,
};
use crate::report::{Keep, Sum};

/// Longer words than this are cut in tables, with an ellipsis; comfy-table counts a column's width
/// in sixteen bits.
pub(super) const LONGEST: usize = 1000;
/// The spaces between two columns.
const BETWEEN: usize = 2;
/// The cells of a bar, at most and at least: shorter ones tell nothing.
const BAR: usize = 20;
const SHORTEST_BAR: usize = 8;
/// No text is shortened to less than this, nor to less than its heading.
const SHORTEST_TEXT: usize = 12;

/// The columns of a table as they are shown.
pub(super) struct Layout<'a> {
    grid: &'a Grid,
    /// For each visible column of the grid whether it is shown.
    kept: Vec<bool>,
    /// The measures of the columns that are shown, with those of the bars.
    columns: Vec<Measure<'a>>,
    /// The totals of the columns that are shown.
    totals: Vec<Vec<String>>,
}

/// The measures of one column, the same for all rows.
#[derive(Clone)]
pub(super) struct Measure<'a> {
    lane: &'a Lane,
    kind: Kind,
    /// How many characters stand before the decimal point, or in all where there is none.
    whole: usize,
    /// How many characters stand behind it, itself included.
    fraction: usize,
}

/// What a column shows.
#[derive(Clone, Copy)]
enum Kind {
    /// Numbers on their decimal point.
    Numbers,
    /// Words, cut to a width where one is given.
    Words(Option<usize>),
    /// Bars beside the numbers of the column before it.
    Bars(usize),
}

impl<'a> Layout<'a> {
    /// Measures the columns of a grid and chooses those that are shown.
    pub(super) fn of(grid: &'a Grid, style: Style) -> Self {
        let lanes = grid.lanes();
        let mut measures: Vec<Measure> = lanes.iter().map(Measure::new).collect();
        for row in grid.rows() {
            measures
                .iter_mut()
                .zip(row)
                .for_each(|(measure, words)| measure.take(words));
        }
        let mut layout = Self {
            grid,
            kept: vec![true; lanes.len()],
            columns: Vec::new(),
            totals: Vec::new(),
        };
        layout.measure(&measures);
        let room = style.width.map(usize::from);
        let mut drawn = true;
        while room.is_some_and(|room| layout.width() > room)
            && let Some(at) = layout.next_to_leave()
        {
            if let Some(kept) = layout.kept.get_mut(at) {
                *kept = false;
            }
            drawn = false;
            layout.measure(&measures);
        }
        if let Some(room) = room {
            layout.shorten(room);
        }
        if drawn {
            layout.draw(room);
        }
        layout
    }

    /// Measures the columns that are shown, their totals included.
    fn measure(&mut self, measures: &[Measure<'a>]) {
        self.columns = measures
            .iter()
            .zip(&self.kept)
            .filter(|(_, kept)| **kept)
            .map(|(measure, _)| measure.clone())
            .collect();
        self.totals = self.grid.totals_of(
            &self
                .columns
                .iter()
                .map(|column| column.lane)
                .collect::<Vec<_>>(),
        );
        for row in &self.totals {
            self.columns
                .iter_mut()
                .zip(row)
                .for_each(|(column, words)| column.take(words));
        }
    }

    /// Tells how wide the table is.
    fn width(&self) -> usize {
        let between = self.columns.len().saturating_sub(1) * BETWEEN;
        self.columns.iter().map(Measure::width).sum::<usize>() + between
    }

    /// Tells which column is the next to leave a table that is too wide.
    fn next_to_leave(&self) -> Option<usize> {
        let lanes = || {
            self.grid
                .lanes()
                .iter()
                .zip(&self.kept)
                .enumerate()
                .filter(|(_, (_, kept))| **kept)
        };
        let money = lanes().any(|(_, (lane, _))| lane.holds_money());
        let rank = |lane: &Lane| match (lane.keep(), lane.sum()) {
            _ if lane.field() == "currency" && money => None,
            (Keep::Last, _) => Some(0),
            (Keep::Usual, Sum::No) => Some(1),
            (Keep::Usual, Sum::Yes) => Some(2),
            (Keep::Always, _) => None,
        };
        let may_leave = lanes()
            .skip(1)
            .filter_map(|(at, (lane, _))| Some((rank(lane)?, Reverse(at))));
        may_leave.min().map(|(_, Reverse(at))| at)
    }

    /// Shortens the widest texts until the table fits, as far as that may be.
    fn shorten(&mut self, room: usize) {
        let mut width = self.width();
        while width > room {
            let widest = self
                .columns
                .iter_mut()
                .filter(|column| column.can_be_shortened())
                .max_by_key(|column| column.width());
            let Some(widest) = widest else { return };
            let shorter = widest.width() - 1;
            widest.kind = Kind::Words(Some(shorter));
            width -= 1;
        }
    }

    /// Puts bars beside the columns that have them, as many as there is room for.
    fn draw(&mut self, room: Option<usize>) {
        let mut beside: Vec<usize> = (0..)
            .zip(&self.columns)
            .filter(|(_, column)| column.lane.has_bars())
            .map(|(at, _)| at)
            .collect();
        let free = room.map(|room| room.saturating_sub(self.width()));
        let cells = |count: usize| {
            free.map_or(BAR, |free| {
                (free / count.max(1)).saturating_sub(BETWEEN).min(BAR)
            })
        };
        while !beside.is_empty() && cells(beside.len()) < SHORTEST_BAR {
            beside.pop();
        }
        let cells = cells(beside.len());
        // From the right, so that what is put in moves no place that is still to come.
        for at in beside.into_iter().rev() {
            if let Some(column) = self.columns.get(at).cloned() {
                self.columns.insert(
                    at + 1,
                    Measure {
                        kind: Kind::Bars(cells),
                        ..column
                    },
                );
            }
        }
    }

    /// Lists the columns that are shown.
    pub(super) fn columns(&self) -> &[Measure<'a>] {
        &self.columns
    }

    /// Lists the rows, each with a cell for each column that is shown.
    pub(super) fn rows(&self) -> impl Iterator<Item = Vec<Cell>> {
        self.grid.rows().enumerate().map(|(at, row)| {
            let kept = row
                .zip(&self.kept)
                .filter(|(_, kept)| **kept)
                .map(|(words, _)| words);
            self.row(kept, |column, cells| self.grid.bar(column.lane, at, cells))
        })
    }

    /// Lists the totals rows. They have no bars: a total is longer than all that it adds up.
    pub(super) fn totals(&self) -> impl ExactSizeIterator<Item = Vec<Cell>> {
        self.totals
            .iter()
            .map(|row| self.row(row.iter().map(String::as_str), |_, _| String::new()))
    }

    fn row<'b>(
        &self,
        mut words: impl Iterator<Item = &'b str>,
        bar: impl Fn(&Measure, usize) -> String,
    ) -> Vec<Cell> {
        let cell = |column: &Measure| match column.kind {
            Kind::Bars(cells) => Cell::new(bar(column, cells)),
            Kind::Numbers | Kind::Words(_) => column.cell(words.next().unwrap_or_default()),
        };
        self.columns.iter().map(cell).collect()
    }

    /// Tells what is not shown.
    pub(super) fn hidden(&self) -> Hidden {
        let left = self
            .grid
            .lanes()
            .iter()
            .zip(&self.kept)
            .filter(|(_, kept)| !**kept);
        let short = self
            .columns
            .iter()
            .filter(|column| matches!(column.kind, Kind::Words(Some(_))));
        Hidden {
            left_out: left.map(|(lane, _)| lane.heading()).collect(),
            shortened: short.map(Measure::heading).collect(),
        }
    }
}

impl<'a> Measure<'a> {
    fn new(lane: &'a Lane) -> Self {
        let kind = if lane.holds_numbers() {
            Kind::Numbers
        } else {
            Kind::Words(None)
        };
        Self {
            lane,
            kind,
            whole: 0,
            fraction: 0,
        }
    }

    fn take(&mut self, words: &str) {
        let fraction = if self.holds_numbers() {
            fraction(words)
        } else {
            0
        };
        self.fraction = self.fraction.max(fraction);
        self.whole = self
            .whole
            .max(width(&shortened(words)).saturating_sub(fraction));
    }

    /// Tells its heading; bars have none.
    pub(super) fn heading(&self) -> &'static str {
        match self.kind {
            Kind::Bars(_) => "",
            Kind::Numbers | Kind::Words(_) => self.lane.heading(),
        }
    }

    /// Tells whether it holds numbers, which stand to the right.
    pub(super) fn holds_numbers(&self) -> bool {
        matches!(self.kind, Kind::Numbers)
    }

    /// Tells how wide it is.
    pub(super) fn width(&self) -> usize {
        let whole = width(self.lane.heading()).max(self.whole + self.fraction);
        match self.kind {
            Kind::Numbers | Kind::Words(None) => whole,
            Kind::Words(Some(shorter)) => shorter,
            Kind::Bars(cells) => cells,
        }
    }

    fn can_be_shortened(&self) -> bool {
        let shortest = width(self.lane.heading()).max(SHORTEST_TEXT);
        matches!(self.kind, Kind::Words(_)) && self.lane.holds_texts() && self.width() > shortest
    }

    /// Makes a cell, with spaces in place of the decimals that other numbers of the column have and
    /// this one has not.
    fn cell(&self, words: &str) -> Cell {
        match self.kind {
            Kind::Words(Some(room)) => Cell::new(cut(&shortened(words), room)),
            Kind::Words(None) | Kind::Bars(_) => Cell::new(shortened(words)),
            Kind::Numbers if is_number(words) => {
                let spaces = self.fraction.saturating_sub(fraction(words));
                Cell::new(format!("{words}{}", " ".repeat(spaces)))
            }
            Kind::Numbers => Cell::new(shortened(words)).set_alignment(CellAlignment::Left),
        }
    }
}

/// Counts the characters from the decimal point on.
fn fraction(words: &str) -> usize {
    if is_number(words) {
        words.find('.').map_or(0, |at| words.len() - at)
    } else {
        0
    }
}

/// Tells numbers from the words that may stand in their column, such as a total's label.
fn is_number(words: &str) -> bool {
    words
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-'))
}

/// Cuts words that no table can hold.
pub(super) fn shortened(words: &str) -> Cow<'_, str> {
    match words.char_indices().nth(LONGEST) {
        None => Cow::Borrowed(words),
        Some((at, _)) => format!("{}…", words.get(..at).unwrap_or_default()).into(),
    }
}

/// Cuts words to a width, with an ellipsis where something is missing.
fn cut(words: &str, room: usize) -> Cow<'_, str> {
    if width(words) <= room {
        return Cow::Borrowed(words);
    }
    // No sign is more narrow than nothing, so as many signs as there are places are enough to begin
    // with.
    let mut kept: String = words.chars().take(room).collect();
    while width(&kept) >= room && kept.pop().is_some() {}
    format!("{}…", kept.trim_end()).into()
}

/// Measures words as the terminal shows them.
fn width(words: &str) -> usize {
    UnicodeWidthStr::width(words)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{format::Format, samples::*, single::record, style::Ink},
        *,
    };
    use crate::{
        domain::{currency::Currency, signed::Signed},
        report::{self, Record},
    };

    const EVENTS: Columns = &[
        column("code", "event"),
        minor(column("type", "type")),
        column("project", "project"),
        column("currency", "currency"),
        summed("total", "total"),
        minor(column("date", "date")),
        key(column("status", "status")),
        summed("paid", "paid"),
    ];

    fn event(code: &str, total: &str, paid: &str) -> Vec<report::Cell> {
        let text = report::Cell::text;
        let (total, paid) = (money(total, "NGN"), money(paid, "NGN"));
        vec![
            text(code),
            text("revenue"),
            text("LAGOS"),
            text("NGN"),
            total,
            text("2026-06-30"),
            text("active"),
            paid,
        ]
    }

    fn events() -> [Vec<report::Cell>; 2] {
        [event("E-1", "1250000.5", "99"), event("E-2", "7", "0")]
    }

    fn wide(width: u16) -> Style {
        Style {
            ink: Ink::Plain,
            width: Some(width),
        }
    }

    #[track_caller]
    fn left_out(width: u16, rows: &[Vec<report::Cell>]) -> Vec<&'static str> {
        let (text, hidden) = styled(wide(width), EVENTS, rows);
        assert!(
            text.lines()
                .all(|line| line.chars().count() <= usize::from(width)),
            "{text}"
        );
        assert_eq!(hidden.shortened, [""; 0]);
        hidden.left_out
    }

    #[test]
    fn a_table_that_fits_is_the_same_as_without_a_terminal() {
        let (whole, hidden) = styled(Style::PLAIN, EVENTS, &events());
        assert_eq!(hidden, Hidden::default());
        assert_eq!(styled(wide(78), EVENTS, &events()), (whole.clone(), hidden));
        assert_eq!(whole.lines().nth(1).unwrap().chars().count(), 78);
    }

    #[test]
    fn what_counts_least_leaves_first_and_from_the_right() {
        assert_eq!(left_out(77, &events()), ["date"]);
        assert_eq!(left_out(65, &events()), ["type", "date"]);
        assert_eq!(left_out(56, &events()), ["type", "project", "date"]);
        assert_eq!(left_out(47, &events()), ["type", "project", "date", "paid"]);
        // The currency stays as long as money is shown, and leaves when there is none any more.
        assert_eq!(
            left_out(40, &events()),
            ["type", "project", "total", "date", "paid"]
        );
        assert_eq!(
            left_out(22, &events()),
            ["type", "project", "currency", "total", "date", "paid"]
        );
        insta::assert_snapshot!(styled(wide(47), EVENTS, &events()).0, @r"
        event      currency         total  status
        ─────────────────────────────────────────
        E-1        NGN       1,250,000.50  active
        E-2        NGN               7.00  active
        ─────────────────────────────────────────
        total NGN            1,250,007.50
        ");
    }

    #[test]
    fn a_total_counts_for_the_width_and_figures_are_never_cut() {
        let rows = [
            event("E-1", "9999999999.99", "99"),
            event("E-2", "9999999999.99", "0"),
        ];
        assert_eq!(left_out(53, &rows), ["type", "project", "date"]);
        assert_eq!(
            left_out(52, &rows),
            ["type", "project", "date", "paid"],
            "without its total it would be 52 wide"
        );
        // What must stay is shown whole, even where the terminal has to break its lines.
        const KEPT: Columns = &[
            key(summed("total", "total")),
            column("currency", "currency"),
        ];
        let row = || vec![money(HUGE, "NGN"), report::Cell::text("NGN")];
        let (text, hidden) = styled(wide(20), KEPT, &[row(), row()]);
        assert_eq!(
            (text.matches(HUGE_SHOWN).count(), hidden),
            (3, Hidden::default()),
            "{text}"
        );
    }

    /// As people see it; a total of two ends the same way.
    const HUGE_SHOWN: &str = "9,999,999,999,999.999999";

    #[test]
    fn texts_are_shortened_last_and_dates_and_accounts_never() {
        const TEXTS: Columns = &[
            column("code", "line"),
            key(column("amount", "amount")),
            key(column("description", "description")),
            key(column("account", "account")),
        ];
        let number = crate::domain::account::AccountNumber::parse("0123456785").unwrap();
        let account = report::Cell::Account(number, report::Pii::Shown);
        let row = |words: &str| {
            vec![
                report::Cell::text("L-000001"),
                money("1250", "NGN"),
                report::Cell::text(words),
                account.clone(),
            ]
        };
        let rows = [
            row("NIP TRF 000013261125091421700000023343"),
            row("株式会社株式会社株式会社株式会社"),
            row("short"),
        ];
        let (text, hidden) = styled(wide(50), TEXTS, &rows);
        insta::assert_snapshot!(text, @r"
        line        amount  description         account
        ──────────────────────────────────────────────────
        L-000001  1,250.00  NIP TRF 000013261…  0123456785
        L-000001  1,250.00  株式会社株式会社…   0123456785
        L-000001  1,250.00  short               0123456785
        ");
        assert_eq!(
            hidden,
            Hidden {
                left_out: Vec::new(),
                shortened: vec!["description"]
            }
        );
        let (text, _) = styled(wide(10), TEXTS, &rows);
        assert!(
            text.contains("NIP TRF 000…")
                && text.contains("0123456785")
                && text.contains("1,250.00"),
            "{text}"
        );
    }

    const HOLDINGS: Columns = &[
        column("holder", "holder"),
        column("currency", "currency"),
        with_bar(summed("amount", "amount")),
        with_bar(column("tokens", "tokens")),
        column("status", "status"),
        drawn("trend", "last quarters"),
    ];

    fn holding(holder: &str, amount: Signed, currency: &str, held: &str) -> Vec<report::Cell> {
        let currency_code = report::Cell::text(currency);
        let currency = Currency::parse(currency).unwrap();
        let trend = [0, 10_000_000, 40_000_000]
            .map(|units| Signed::from_units(units).unwrap())
            .to_vec();
        let amount = report::Cell::Money(amount, currency);
        let status = report::Cell::text("active");
        vec![
            report::Cell::text(holder),
            currency_code,
            amount,
            tokens(held),
            status,
            report::Cell::Series(trend, currency),
        ]
    }

    fn holdings() -> [Vec<report::Cell>; 4] {
        let naira = |naira: i128| Signed::from_units(naira * 10_000_000).unwrap();
        [
            holding("h1", naira(1000), "NGN", "1"),
            holding("h2", naira(250), "NGN", "0"),
            holding("h3", naira(-1000), "NGN", "3.5"),
            holding("h4", naira(5), "USD", "4"),
        ]
    }

    fn inked(width: Option<u16>) -> (String, Hidden) {
        let (text, hidden) = styled(
            Style {
                ink: Ink::Colored,
                width,
            },
            HOLDINGS,
            &holdings(),
        );
        (
            text.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""),
            hidden,
        )
    }

    #[test]
    fn bars_and_lines_are_drawn_beside_figures_and_never_in_totals() {
        insta::assert_snapshot!(inked(None).0, @r"
        holder     currency     amount                        tokens                        status  last quarters
        ─────────────────────────────────────────────────────────────────────────────────────────────────────────
        h1         NGN        1,000.00  ████████████████████     1    █████                 active  ▁▃█
        h2         NGN          250.00  █████                    0                          active  ▁▃█
        h3         NGN       -1,000.00                           3.5  █████████████████▌    active  ▁▃█
        h4         USD            5.00  ████████████████████     4    ████████████████████  active  ▁▃█
        ─────────────────────────────────────────────────────────────────────────────────────────────────────────
        total NGN               250.00
        total USD                 5.00
        ");
        let (plain, _) = styled(Style::PLAIN, HOLDINGS, &holdings());
        assert!(
            !plain.contains(['█', '▁']) && !plain.contains("last quarters"),
            "{plain}"
        );
        for format in [Format::Markdown, Format::Html] {
            let text = listed(format, HOLDINGS, &holdings());
            assert!(
                !text.contains(['█', '▁']) && !text.contains("last quarters"),
                "{text}"
            );
        }
        assert!(listed(Format::Csv, HOLDINGS, &holdings()).contains(",0.00 1.00 4.00\n"));
    }

    #[test]
    fn bars_become_shorter_and_leave_before_any_column() {
        let bars = |width| {
            let (text, hidden) = inked(Some(width));
            let bars = text
                .lines()
                .find(|line| line.starts_with("h4"))
                .unwrap()
                .split("  ")
                .filter(|word| word.starts_with('█'));
            (
                bars.map(|bar| bar.chars().count()).collect::<Vec<_>>(),
                hidden.left_out,
            )
        };
        for (width, lengths, left_out) in [
            (105, vec![20, 20], vec![]),
            (104, vec![19, 19], vec![]),
            (81, vec![8, 8], vec![]),
            (80, vec![17], vec![]),
            (71, vec![8], vec![]),
            (70, vec![], vec![]),
            (61, vec![], vec![]),
            (60, vec![], vec!["last quarters"]),
        ] {
            assert_eq!(bars(width), (lengths, left_out), "{width}");
        }
    }

    #[test]
    fn the_tables_of_a_record_fit_too_and_each_heading_is_told_once() {
        let table = |name| report::Table {
            name,
            columns: EVENTS.to_vec(),
            rows: events().to_vec(),
        };
        let both = Record {
            fields: Vec::new(),
            tables: vec![table("first"), table("second")],
        };
        let mut out = Vec::new();
        let hidden = record(&both, Format::Table, wide(65), None, &mut out).unwrap();
        assert_eq!(hidden.left_out, ["type", "date"]);
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.lines().all(|line| line.chars().count() <= 65),
            "{text}"
        );
    }
}
