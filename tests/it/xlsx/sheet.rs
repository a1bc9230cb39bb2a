//! One sheet of a workbook.

use calamine::{Data, Range};

use super::words::letters;

/// One sheet: its cells as the reader returns them, and its XML for what the reader does not
/// return.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) cells: Range<Data>,
    pub(super) xml: String,
}

impl Sheet {
    pub(super) fn at(&self, row: u32, column: u32) -> &Data {
        self.cells.get_value((row, column)).unwrap_or(&Data::Empty)
    }

    /// Counts the headings.
    pub(super) fn columns(&self) -> usize {
        (0..self.cells.width())
            .take_while(|at| *self.at(0, u32::try_from(*at).unwrap()) != Data::Empty)
            .count()
    }

    /// Returns the style of a cell.
    pub(super) fn style(&self, row: u32, column: u32) -> Option<usize> {
        let cell = format!("<c r=\"{}{}\"", letters(column), row + 1);
        let tag = self.xml.split_once(&cell)?.1.split_once('>')?.0;
        tag.split_once(" s=\"")?.1.split_once('"')?.0.parse().ok()
    }

    /// Asserts that the header stays in sight and has a filter over all rows, and that no column
    /// hides its words.
    #[track_caller]
    pub(super) fn is_for_people(&self, line: &str, rows: usize) {
        let Self { name, xml, .. } = self;
        assert!(
            xml.contains("<pane ySplit=\"1\"") && xml.contains("state=\"frozen\""),
            "`{line}`: {name}: {xml}"
        );
        let columns = u32::try_from(self.columns()).unwrap();
        let filter = format!(
            "<autoFilter ref=\"A1:{}{}\"/>",
            letters(columns - 1),
            rows + 1
        );
        assert!(xml.contains(&filter), "`{line}`: {name}: no {filter}");
        assert!(!xml.contains("<f>"), "`{line}`: {name} has a formula");
        for column in 0..columns {
            let longest = (0..=u32::try_from(rows).unwrap())
                .map(|row| self.shown(row, column))
                .max()
                .unwrap();
            let width = self
                .width(column)
                .unwrap_or_else(|| panic!("`{line}`: {name}: column {column} has no width"));
            assert!(
                width >= longest.min(60),
                "`{line}`: {name}: column {column} is {width} wide for {longest}"
            );
        }
    }

    /// Measures a value about as a spreadsheet shows it.
    pub(super) fn shown(&self, row: u32, column: u32) -> usize {
        match self.at(row, column) {
            Data::String(text) => text.chars().count(),
            Data::Int(_) | Data::Float(_) => self.at(row, column).to_string().len(),
            Data::DateTime(_) => 10,
            Data::Bool(_)
            | Data::Empty
            | Data::DateTimeIso(_)
            | Data::DurationIso(_)
            | Data::Error(_) => 0,
        }
    }

    /// Returns the whole characters of a column's width.
    pub(super) fn width(&self, column: u32) -> Option<usize> {
        let widths = self.xml.split_once("<cols>")?.1.split_once("</cols>")?.0;
        let attribute = |tag: &str, name: &str| {
            let value = tag.split_once(&format!("{name}=\""))?.1.split_once('"')?.0;
            value.split('.').next()?.parse::<usize>().ok()
        };
        let at = usize::try_from(column + 1).unwrap();
        let covers = |tag: &&str| {
            let range = attribute(tag, "min").zip(attribute(tag, "max"));
            range.is_some_and(|(from, to)| (from..=to).contains(&at))
        };
        widths
            .split("<col ")
            .skip(1)
            .find(covers)
            .and_then(|tag| attribute(tag, " width"))
    }
}
