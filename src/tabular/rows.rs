//! Text to records of cells. Cells are borrowed from the text; only a doubled quote makes a copy.

use std::borrow::Cow;

/// The delimiters that are tried.
pub(crate) const DELIMITERS: [u8; 4] = *b",;\t|";

/// A place in a text from which records are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows<'t> {
    text: &'t str,
    at: usize,
    line: u64,
    delimiter: u8,
}

/// A record. It is reused for the next one, so that rows need no allocation.
#[derive(Debug, Default)]
pub(crate) struct Record<'t> {
    /// The line on which it begins, counted from 1.
    pub(crate) line: u64,
    /// Whether it has a quote that is never closed.
    pub(crate) unclosed: bool,
    /// Whether a cell is quoted.
    pub(crate) quoted: bool,
    /// Whether a quoted cell has more than one line.
    pub(crate) wrapped: bool,
    cells: Vec<Cow<'t, str>>,
    /// How many cells come after those that are kept.
    beyond: usize,
}

/// How many cells of a record are kept. A line of nothing but delimiters would have millions.
const MOST_CELLS: usize = 2_000;

impl<'t> Record<'t> {
    fn clear(&mut self) {
        self.cells.clear();
        self.beyond = 0;
    }

    fn push(&mut self, cell: Cow<'t, str>) {
        if self.cells.len() < MOST_CELLS {
            self.cells.push(cell);
        } else {
            self.beyond += 1;
        }
    }

    /// Returns whether the record has more cells than are kept.
    pub(crate) fn is_too_wide(&self) -> bool {
        self.beyond > 0
    }

    /// Returns a cell without white space around it, or an empty text if the record is shorter.
    pub(crate) fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", |cell| trim(cell))
    }

    /// Returns the cell of an optional column.
    pub(crate) fn maybe(&self, at: Option<usize>) -> &str {
        at.map_or("", |at| self.cell(at))
    }

    /// Returns the number of cells.
    pub(crate) fn len(&self) -> usize {
        self.cells.len() + self.beyond
    }

    /// Returns all cells without white space around them.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| trim(cell))
    }

    /// Returns whether all cells are empty.
    pub(crate) fn is_blank(&self) -> bool {
        self.cells().all(str::is_empty)
    }

    /// Returns the number of cells that are not empty.
    pub(crate) fn filled(&self) -> usize {
        self.cells().filter(|cell| !cell.is_empty()).count()
    }

    /// Returns the number of cells up to the last one that is not empty.
    pub(crate) fn last_filled(&self) -> usize {
        let last = self.cells.iter().rposition(|cell| !trim(cell).is_empty());
        last.map_or(0, |last| last + 1)
            .max(self.beyond.min(1) * self.len())
    }

    /// Returns whether a quoted cell contains what looks like rows of `width` cells: then a quote is
    /// missing.
    pub(crate) fn swallowed_rows(&self, width: usize, delimiter: u8) -> bool {
        let delimiter = char::from(delimiter);
        self.wrapped
            && width > 2
            && self.cells.iter().any(|cell| {
                cell.split(['\n', '\r'])
                    .skip(1)
                    .any(|line| line.matches(delimiter).count() + 1 >= width)
            })
    }
}

/// Removes white space, stray byte-order marks, and what Excel puts around a text so that it stays one:
/// an apostrophe before a number or a date, or `="…"`. A name may begin with an apostrophe.
fn trim(cell: &str) -> &str {
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0';
    let cell = cell.trim_matches(is_blank);
    if let Some(inner) = cell
        .strip_prefix("=\"")
        .and_then(|cell| cell.strip_suffix('"'))
    {
        return inner.trim_matches(is_blank);
    }
    let is_figure = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | '.');
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(is_figure) => rest.trim_matches(is_blank),
        Some(_) | None => cell,
    }
}

impl<'t> Rows<'t> {
    /// Starts at the beginning of a text.
    pub(crate) const fn new(text: &'t str, delimiter: u8) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            delimiter,
        }
    }

    /// Returns the same place in a text that ends after some bytes more.
    pub(crate) fn within(self, bytes: usize) -> Self {
        let end = self.at.saturating_add(bytes).min(self.text.len());
        let end = (self.at..=end)
            .rev()
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or(self.at);
        Self {
            text: self.text.get(..end).unwrap_or_default(),
            ..self
        }
    }

    /// Returns the place in the whole text to which its beginning was read.
    pub(crate) const fn after(self, beginning: &Self) -> Self {
        Self {
            at: beginning.at,
            line: beginning.line,
            ..self
        }
    }

    /// Returns the delimiter.
    pub(crate) const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Returns how far it has read.
    pub(crate) const fn offset(&self) -> usize {
        self.at
    }

    /// Skips whole lines.
    pub(crate) fn skip_lines(&mut self, lines: usize) {
        for _ in 0..lines {
            let rest = self.rest();
            if rest.is_empty() {
                return;
            }
            self.at += rest
                .bytes()
                .position(|byte| matches!(byte, b'\r' | b'\n'))
                .unwrap_or(rest.len());
            self.end_line();
        }
    }

    /// Reads the next record. Returns whether there is one.
    pub(crate) fn next(&mut self, record: &mut Record<'t>) -> bool {
        record.clear();
        (record.line, record.quoted) = (self.line, false);
        (record.unclosed, record.wrapped) = (false, false);
        if self.at >= self.text.len() {
            return false;
        }
        loop {
            let rest = self.rest();
            let quote = rest.trim_start_matches([' ', '\u{a0}']);
            if let Some(inner) = quote.strip_prefix('"') {
                self.at = self.text.len() - inner.len();
                self.quoted(record);
            } else {
                let delimiter = self.delimiter;
                let ends = |byte: u8| byte == delimiter || byte == b'\n' || byte == b'\r';
                let length = rest.bytes().position(ends).unwrap_or(rest.len());
                record.push(Cow::Borrowed(rest.get(..length).unwrap_or_default()));
                self.at += length;
            }
            if self.peek() == Some(self.delimiter) {
                self.at += 1;
            } else {
                self.end_line();
                return true;
            }
        }
    }

    /// Reads a cell after its opening quote. A quote inside it that is neither doubled nor followed by
    /// the end of the cell is part of the text, since many banks do not double the quotes of a
    /// narration.
    fn quoted(&mut self, record: &mut Record<'t>) {
        record.quoted = true;
        let rest = self.rest();
        let mut doubled = false;
        let mut from = 0;
        let end = loop {
            let Some(found) = rest
                .get(from..)
                .and_then(|rest| rest.bytes().position(|byte| byte == b'"'))
            else {
                record.unclosed = true;
                break None;
            };
            let at = from + found;
            let after = rest.get(at + 1..).unwrap_or_default();
            if after.starts_with('"') {
                doubled = true;
                from = at + 2;
                continue;
            }
            let gap = after.bytes().take_while(|byte| *byte == b' ').count();
            match after.as_bytes().get(gap).copied() {
                Some(byte) if byte != self.delimiter && byte != b'\n' && byte != b'\r' => {
                    from = at + 1;
                }
                Some(_) | None => break Some((at, at + 1 + gap)),
            }
        };
        let (end, consumed) = end.unwrap_or((rest.len(), rest.len()));
        let inner = rest.get(..end).unwrap_or_default();
        record.push(if doubled {
            Cow::Owned(inner.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(inner)
        });
        let lines = line_ends(inner);
        record.wrapped |= lines > 0;
        self.line += lines;
        self.at += consumed;
    }

    /// Skips one line end: LF, CR, or some CR before an LF, as some exports write `\r\r\n`.
    fn end_line(&mut self) {
        let (length, _) = line_end(self.rest());
        self.at += length;
        self.line += u64::from(length > 0);
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

/// How many CR may come before an LF. Without a limit, a file of only CR would be read again from each
/// of them.
const MOST_RETURNS: [u8; 16] = [b'\r'; 16];

/// Returns the length of the line end at the start of a text, and whether there is one.
fn line_end(rest: &str) -> (usize, bool) {
    // A long run is not counted again at each of its CR.
    let is_long = rest.as_bytes().starts_with(&MOST_RETURNS);
    let returns = if is_long {
        MOST_RETURNS.len()
    } else {
        rest.bytes().take_while(|byte| *byte == b'\r').count()
    };
    if rest.as_bytes().get(returns) == Some(&b'\n') {
        (returns + 1, true)
    } else {
        (returns.min(1), returns > 0)
    }
}

/// Counts the line ends in a cell.
fn line_ends(text: &str) -> u64 {
    let (mut rest, mut count) = (text, 0);
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'\r' | b'\n')) {
        let tail = rest.get(at..).unwrap_or_default();
        rest = tail.get(line_end(tail).0..).unwrap_or_default();
        count += 1;
    }
    count
}

/// Reads the first line `sep=;` that spreadsheets write, and returns how many lines it takes.
pub(crate) fn separator_line(text: &str) -> (Option<u8>, usize) {
    let line = text
        .split(['\n', '\r'])
        .next()
        .unwrap_or_default()
        .trim_matches(['"', '\u{feff}']);
    let begin = line
        .get(..4)
        .filter(|begin| begin.eq_ignore_ascii_case("sep="));
    match begin.and_then(|_| line.as_bytes().get(4)) {
        Some(byte) if DELIMITERS.contains(byte) => (Some(*byte), 1),
        _ => (None, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, delimiter: u8) -> Vec<(u64, Vec<String>)> {
        let (mut rows, mut record, mut found) =
            (Rows::new(text, delimiter), Record::default(), Vec::new());
        while rows.next(&mut record) {
            found.push((record.line, record.cells().map(str::to_owned).collect()));
        }
        found
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn every_kind_of_line_end_counts_once() {
        for end in ["\n", "\r\n", "\r", "\r\r\n"] {
            let text = ["a,b", "c,", "", "d"].join(end);
            assert_eq!(
                all(&text, b','),
                [
                    row(1, &["a", "b"]),
                    row(2, &["c", ""]),
                    row(3, &[""]),
                    row(4, &["d"])
                ],
                "{end:?}"
            );
        }
    }

    #[test]
    fn what_excel_puts_around_texts_is_not_part_of_them() {
        assert_eq!(
            all(
                "'05/01/2026;\"=\"\"1,500.00\"\"\";=\"007\";'a' b;O'Neill;'t Hooft",
                b';'
            ),
            [row(
                1,
                &[
                    "05/01/2026",
                    "1,500.00",
                    "007",
                    "'a' b",
                    "O'Neill",
                    "'t Hooft"
                ]
            )]
        );
    }

    #[test]
    fn quoted_cells_keep_delimiters_line_ends_and_quotes() {
        let text = "a;\"b;1\r\nb2\"; \"say \"\"x\"\"\" ;z\n\"5\" PIPE\";q\n";
        assert_eq!(
            all(text, b';'),
            [
                row(1, &["a", "b;1\r\nb2", "say \"x\"", "z"]),
                row(3, &["5\" PIPE", "q"])
            ]
        );
        assert_eq!(
            all("a,15\" monitor,b", b','),
            [row(1, &["a", "15\" monitor", "b"])]
        );
    }

    #[test]
    fn a_quote_that_is_never_closed_is_noticed() {
        let (mut rows, mut record) = (Rows::new("a,\"b,c\nd,e\n", b','), Record::default());
        assert!(rows.next(&mut record) && record.unclosed);
        assert!(!rows.next(&mut record));
        let (mut rows, mut record) = (
            Rows::new("a,\"b,c\nd,e,f\ng,h\",i\n", b','),
            Record::default(),
        );
        assert!(rows.next(&mut record) && record.swallowed_rows(3, b','));
    }
}
