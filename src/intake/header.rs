//! Finds the row of headings, and with it the sheet and the delimiter.

use std::collections::BTreeMap;

use super::{
    close::close_column,
    sheet_file::{Headings, Renames, SheetFile},
};
use crate::{
    domain::{bad_line::BadLine, text::excerpt},
    tabular::{DELIMITERS, Record, Rows, WORKBOOK_DELIMITER, separator_line},
};

/// How many columns a file may have.
const MOST_COLUMNS: usize = 1_000;
/// How many headings of a row are compared with our names, to find the row that comes closest.
const MOST_COMPARED: usize = 100;
/// How many headings a message lists.
const LISTED: usize = 30;
/// How many rows may be above the headings.
const MOST_ABOVE: usize = 50;
/// In how many bytes the headings are, with what is above them.
const LONGEST_ABOVE: usize = 65_536;

/// The columns of a file.
pub(crate) struct SheetColumns {
    /// The columns that the file must have.
    pub(crate) required: &'static [&'static str],
    /// The columns that the file may have.
    pub(crate) optional: &'static [&'static str],
}

impl SheetColumns {
    fn all(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }
}

/// Where the rows are, and which column is where.
#[derive(Debug)]
pub(super) struct Header<'f> {
    /// The rows below the headings.
    pub(super) body: Rows<'f>,
    /// The positions of the known columns.
    pub(super) columns: BTreeMap<&'static str, usize>,
    /// The file's own names of them, for messages.
    pub(super) names: BTreeMap<&'static str, String>,
    /// How many columns the file has; `None` if nothing shows it.
    pub(super) width: Option<usize>,
    /// The line of the headings.
    pub(super) line: u64,
}

/// A row that may be the headings.
struct Candidate<'f> {
    header: Header<'f>,
    headings: Vec<String>,
    bad: Vec<BadLine>,
    /// How many columns it has that are wanted, or close to one.
    score: usize,
}

/// Finds the headings of a file, or the positions of its columns if it has none.
///
/// # Errors
/// The bad lines, if the file is empty or its headings are not those of such a file.
pub(super) fn find<'f>(
    file: &'f SheetFile,
    expected: &SheetColumns,
) -> Result<Header<'f>, Vec<BadLine>> {
    let renames = &file.options().columns;
    if let Some(unknown) = renames
        .keys()
        .find(|name| !expected.all().any(|own| own == *name))
    {
        let all: Vec<&str> = expected.all().collect();
        let reason = format!(
            "`--columns` names `{unknown}`, which is not a column of such a file; its columns are {}",
            all.join(", ")
        );
        return Err(vec![bad_header(0, None, reason)]);
    }
    let mut best: Option<Candidate<'f>> = None;
    for table in file.tables() {
        let text: &'f str = &table.text;
        if text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            continue;
        }
        let (declared, skip) = separator_line(text);
        let delimiters = match (file.is_workbook(), declared) {
            (true, _) => vec![WORKBOOK_DELIMITER],
            (false, Some(delimiter)) => vec![delimiter],
            (false, None) => DELIMITERS.to_vec(),
        };
        for delimiter in delimiters {
            let mut rows = Rows::new(text, delimiter);
            rows.skip_lines(skip);
            let found = match file.options().headings {
                Headings::Present => with_headings(rows, expected, renames),
                Headings::Absent => without_headings(rows, expected, renames)?,
            };
            if let Some(found) = found
                && best.as_ref().is_none_or(|best| best.is_worse_than(&found))
            {
                best = Some(found);
            }
        }
    }
    match best {
        None => Err(vec![bad_header(1, None, "the file is empty".to_owned())]),
        Some(best) if best.bad.is_empty() => Ok(best.header),
        Some(best) => Err(best.refused(expected)),
    }
}

impl Candidate<'_> {
    fn is_worse_than(&self, other: &Self) -> bool {
        (!other.bad.is_empty(), self.score) < (!self.bad.is_empty(), other.score)
    }

    /// Returns the bad lines, with the headings that may be meant in one line.
    fn refused(self, expected: &SheetColumns) -> Vec<BadLine> {
        let mut bad = self.bad;
        let missing: Vec<&'static str> = expected
            .all()
            .filter(|name| !self.header.columns.contains_key(name))
            .collect();
        let (mut pairs, mut words) = (Vec::<(&str, &str, String)>::new(), Vec::new());
        for (at, heading) in self.headings.iter().enumerate() {
            if self.header.columns.values().any(|known| *known == at) {
                continue;
            }
            let Some(name) = close_column(heading, &missing) else {
                continue;
            };
            if pairs.iter().any(|(known, ..)| *known == name) {
                continue;
            }
            words.push(format!("`{}` may be `{name}`", harmless(heading)));
            // A number names a heading that `--columns` could not.
            let written = if heading.contains([',', '=']) || harmless(heading) != *heading {
                (at + 1).to_string()
            } else {
                heading.clone()
            };
            pairs.push((name, heading.as_str(), written));
        }
        if pairs.is_empty() {
            return bad;
        }
        // Each heading that may be meant is said once, with what to write.
        bad.retain(|bad| {
            let is_close = |(name, heading, _): &(&str, &str, String)| {
                bad.column.as_deref() == Some(name) || bad.column.as_deref() == Some(heading)
            };
            !pairs.iter().any(is_close)
        });
        let flag: Vec<String> = pairs
            .iter()
            .map(|(name, _, written)| format!("{name}={written}"))
            .collect();
        let flag = flag.join(",");
        let quoted = if flag.contains(|c: char| !c.is_ascii_alphanumeric() && !"=,_-.".contains(c))
        {
            format!("'{}'", flag.replace('\'', "'\\''"))
        } else {
            flag
        };
        let reason = format!("{}: `--columns {quoted}`", words.join(", "));
        bad.insert(0, bad_header(self.header.line, None, reason));
        bad
    }
}

/// Looks for the headings with one delimiter: the first row that has all wanted columns, or the one
/// that comes closest.
fn with_headings<'f>(
    rows: Rows<'f>,
    expected: &SheetColumns,
    renames: &Renames,
) -> Option<Candidate<'f>> {
    let mut record = Record::default();
    let mut best: Option<Candidate<'f>> = None;
    let mut looked = 0;
    let mut beginning = rows.within(LONGEST_ABOVE);
    while looked < MOST_ABOVE && beginning.next(&mut record) {
        if record.is_blank() {
            continue;
        }
        looked += 1;
        let candidate = candidate(&record, rows.after(&beginning), expected, renames);
        if candidate.bad.is_empty() {
            return Some(candidate);
        }
        if best
            .as_ref()
            .is_none_or(|best| best.is_worse_than(&candidate))
        {
            best = Some(candidate);
        }
    }
    best
}

/// Reads a row as headings.
fn candidate<'f>(
    record: &Record<'f>,
    body: Rows<'f>,
    expected: &SheetColumns,
    renames: &Renames,
) -> Candidate<'f> {
    let mut headings: Vec<String> = record.cells().map(str::to_owned).collect();
    while headings.last().is_some_and(String::is_empty) {
        headings.pop();
    }
    let mut candidate = Candidate {
        header: Header {
            body,
            columns: BTreeMap::new(),
            names: BTreeMap::new(),
            width: Some(headings.len()),
            line: record.line,
        },
        headings,
        bad: Vec::new(),
        score: 0,
    };
    if candidate.headings.len() > MOST_COLUMNS || record.is_too_wide() {
        let reason = format!("the header has more than {MOST_COLUMNS} columns");
        candidate.bad.push(bad_header(record.line, None, reason));
        return candidate;
    }
    candidate.find_columns(expected, renames);
    // If the names are ours, an unknown column is a mistake; if they are foreign, the other columns
    // are for other programs.
    if renames.is_empty() {
        candidate.refuse_unknown(expected);
    }
    let missing: Vec<&'static str> = expected
        .all()
        .filter(|name| !candidate.header.columns.contains_key(name))
        .collect();
    let close = candidate
        .headings
        .iter()
        .take(MOST_COMPARED)
        .filter(|heading| close_column(heading, &missing).is_some())
        .count();
    candidate.score = candidate.header.columns.len() * 2 + close;
    candidate
}

impl Candidate<'_> {
    fn find_columns(&mut self, expected: &SheetColumns, renames: &Renames) {
        let small: Vec<String> = self.headings.iter().map(|one| one.to_lowercase()).collect();
        for name in expected.all() {
            let wanted = renames.get(name).map_or(name, String::as_str);
            let sought = wanted.to_lowercase();
            let mut matching = self
                .headings
                .iter()
                .enumerate()
                .filter(|(at, _)| small.get(*at) == Some(&sought));
            let found = (matching.next(), matching.next());
            let by_number = || {
                let number = wanted.parse::<usize>().ok()?.checked_sub(1)?;
                renames.get(name)?;
                self.headings.get(number).map(|heading| (number, heading))
            };
            match found {
                (Some(_), Some(_)) => self.bad.push(bad_header(
                    self.header.line,
                    Some(wanted.to_owned()),
                    "this column comes twice".to_owned(),
                )),
                (Some((at, heading)), None) => {
                    self.header.columns.insert(name, at);
                    self.header.names.insert(name, heading.clone());
                }
                (None, _) if let Some((at, heading)) = by_number() => {
                    let heading = if heading.is_empty() {
                        format!("column {wanted}")
                    } else {
                        heading.clone()
                    };
                    self.header.columns.insert(name, at);
                    self.header.names.insert(name, heading);
                }
                (None, _) if expected.required.contains(&name) || renames.contains_key(name) => {
                    let listed = listed(&self.headings);
                    self.bad.push(bad_header(
                        self.header.line,
                        Some(wanted.to_owned()),
                        format!("this column is missing; the file has {listed}"),
                    ));
                }
                (None, _) => {}
            }
        }
    }

    fn refuse_unknown(&mut self, expected: &SheetColumns) {
        let all: Vec<&str> = expected.all().collect();
        let names = all.join(", ");
        let named: Vec<String> = self
            .bad
            .iter()
            .filter_map(|bad| bad.column.clone())
            .collect();
        let mut unknown = self.headings.iter().enumerate().filter(|(at, heading)| {
            let is_known = self.header.columns.values().any(|known| known == at);
            !is_known && !named.contains(heading) && !heading.is_empty()
        });
        for (_, heading) in unknown.by_ref().take(MOST_COMPARED) {
            self.bad.push(bad_header(
                self.header.line,
                Some(harmless(heading)),
                format!("this is not a column of such a file; its columns are {names}"),
            ));
        }
        let more = unknown.count();
        if more > 0 {
            let reason = format!("{more} more columns are not those of such a file");
            self.bad.push(bad_header(self.header.line, None, reason));
        }
    }
}

/// Uses the numbers of columns that the user names.
///
/// # Errors
/// The bad lines, if a column has no number.
fn without_headings<'f>(
    body: Rows<'f>,
    expected: &SheetColumns,
    renames: &Renames,
) -> Result<Option<Candidate<'f>>, Vec<BadLine>> {
    let (mut columns, mut names, mut bad) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for name in expected.all() {
        let number = renames.get(name).map(|number| number.parse::<usize>());
        match number {
            Some(Ok(number @ 1..=MOST_COLUMNS)) => {
                columns.insert(name, number - 1);
                names.insert(name, format!("column {number}"));
            }
            Some(_) => bad.push(bad_header(
                0,
                Some(name.to_owned()),
                "a file without headings has numbers of columns: `--columns holder=1,tokens=2`"
                    .to_owned(),
            )),
            None if expected.required.contains(&name) => bad.push(bad_header(
                0,
                Some(name.to_owned()),
                "say which column it is, like `--columns holder=1,tokens=2`".to_owned(),
            )),
            None => {}
        }
    }
    if !bad.is_empty() {
        return Err(bad);
    }
    let highest = columns.values().max().map_or(0, |at| at + 1);
    let (mut rows, mut record, mut wide) = (body, Record::default(), 0);
    for _ in 0..MOST_ABOVE {
        if !rows.next(&mut record) {
            break;
        }
        wide += usize::from(!record.is_blank() && record.len() >= highest);
    }
    Ok(Some(Candidate {
        header: Header {
            body,
            columns,
            names,
            width: None,
            line: 1,
        },
        headings: Vec::new(),
        bad: Vec::new(),
        score: wide,
    }))
}

pub(super) fn bad_header(line: u64, column: Option<String>, reason: String) -> BadLine {
    BadLine {
        code: None,
        line,
        column,
        reason,
    }
}

/// Returns the headings of a file; only the first ones if there are many.
fn listed(headings: &[String]) -> String {
    let mut listed: Vec<String> = headings
        .iter()
        .take(LISTED)
        .map(|heading| harmless(heading))
        .collect();
    if headings.len() > LISTED {
        listed.push(format!("and {} more", headings.len() - LISTED));
    }
    listed.join(", ")
}

/// Returns a heading, unless it looks like an account number: then the file has no header row.
fn harmless(heading: &str) -> String {
    let digits = heading.bytes().filter(u8::is_ascii_digit).count();
    if digits >= 4 {
        "(a number)".to_owned()
    } else {
        excerpt(heading, 40)
    }
}
