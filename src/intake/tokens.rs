//! Register files: a cap table `holder,tokens[,name,certificate]`, or entries
//! `kind,holder,to,tokens,date[,reference]`.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde::Serialize;

use super::{
    header::SheetColumns,
    sheet::{Sheet, SheetLine, SheetReader},
    sheet_file::SheetFile,
};
use crate::domain::{
    bad_line::BadLine,
    code::Code,
    holdings,
    quantity::{Cut, NumberError, Tokens},
    text::{self, words},
    time::{Date, parse_date},
    token::{EntryKind, Parties},
};

/// What to do with more than seven decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Refuse the line.
    Refuse,
    /// Cut what is below 10^-7, and count it.
    Down,
}

/// What several rows of one holder in a cap table mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RepeatedHolders {
    /// A mistake.
    Refuse,
    /// They add up: each certificate is an entry of its own.
    AddUp,
}

/// Where the codes of the holders come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HolderCodes {
    /// The file has them.
    Given,
    /// They are made from the names.
    Made,
}

/// How a register file is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenOptions {
    /// The effective date of a cap table.
    pub date: Option<Date>,
    /// What to do with more than seven decimals.
    pub rounding: Rounding,
    /// What several rows of one holder mean.
    pub repeated: RepeatedHolders,
    /// Where the codes come from.
    pub codes: HolderCodes,
}

/// A register entry in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// The number of the line.
    pub line: u64,
    /// The kind and its parties.
    pub parties: Parties<Code>,
    /// How many tokens.
    pub tokens: Tokens,
    /// The effective date.
    pub date: Date,
    /// The reference.
    pub reference: Option<String>,
    /// The name of the holder, which a cap table may have.
    pub name: Option<String>,
    /// Whether the code was made from the name, so that it may be another holder's.
    pub is_code_made: bool,
}

impl EntryRow {
    /// Returns by what the receiving holder is known in the file: the name, if the code was made of
    /// it.
    fn holder_key(&self) -> Option<String> {
        let code = self.parties.to()?.as_str().to_ascii_lowercase();
        match &self.name {
            Some(name) if self.is_code_made => Some(format!("\n{}", name.to_lowercase())),
            Some(_) | None => Some(code),
        }
    }
}

/// What the rows of a register file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenContent {
    /// Holdings on a date: a cap table.
    Holdings(Date),
    /// Entries, each with its kind and date.
    Entries,
}

/// The last row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastRow {
    /// The number of the line.
    pub line: u64,
    /// The holder.
    pub holder: Code,
    /// The tokens.
    pub tokens: Tokens,
}

/// The content of a register file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFile {
    /// The entries with at least 10^-7 tokens.
    pub entries: Vec<EntryRow>,
    /// How many rows they are of.
    pub rows: u64,
    /// Whether the rows are holdings or entries.
    pub content: TokenContent,
    /// How many rows were cut to seven decimals.
    pub rows_cut: u64,
    /// How many rows have no tokens or were cut to nothing, so that they are not entries.
    pub rows_left_out: u64,
    /// The last row, if it has the sum of all rows above.
    pub last_is_sum: Option<LastRow>,
    /// The sum of what was cut.
    pub tokens_cut: Decimal,
    /// The lines that could not be read.
    pub bad: Vec<BadLine>,
}

const CAP_TABLE: SheetColumns = SheetColumns {
    required: &["holder", "tokens"],
    optional: &["name", "certificate"],
};
const NAMES: SheetColumns = SheetColumns {
    required: &["name", "tokens"],
    optional: &["holder", "certificate"],
};
const ENTRIES: SheetColumns = SheetColumns {
    required: &["kind", "holder", "to", "tokens", "date"],
    optional: &["reference"],
};
const EITHER: SheetColumns = SheetColumns {
    required: &["holder", "tokens"],
    optional: &["name", "certificate", "kind", "to", "date", "reference"],
};

/// What was cut off tokens.
#[derive(Default)]
struct Cuts {
    rows: u64,
    left_out: u64,
    sum: Decimal,
}

/// Reads a register file.
///
/// # Errors
/// The bad lines, if the header is not that of a register file, or a cap table has no date.
pub fn tokens(file: &SheetFile, options: &TokenOptions) -> Result<TokenFile, Vec<BadLine>> {
    let mut cuts = Cuts::default();
    let (content, rows) = if has_kinds(file, options) {
        let rows = SheetReader::open(file, &ENTRIES)?.rows(|line| entry(line, options, &mut cuts));
        (TokenContent::Entries, rows)
    } else {
        let Some(date) = options.date else {
            let reason = "a cap table needs the date it counts from: use `--date`".to_owned();
            return Err(vec![BadLine {
                code: None,
                line: 1,
                column: None,
                reason,
            }]);
        };
        let rows = cap_table(file, date, options, &mut cuts)?;
        (TokenContent::Holdings(date), rows)
    };
    let Cuts {
        rows: rows_cut,
        left_out: rows_left_out,
        sum: tokens_cut,
    } = cuts;
    let Sheet { rows, mut bad } = rows;
    let last_is_sum = last_is_sum(&rows);
    let mut entries: Vec<EntryRow> = rows.into_iter().flatten().collect();
    let rows = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    if options.repeated == RepeatedHolders::AddUp {
        entries = added_up(entries, &mut bad);
    }
    Ok(TokenFile {
        entries,
        rows,
        content,
        rows_cut,
        rows_left_out,
        last_is_sum,
        tokens_cut,
        bad,
    })
}

/// Opens a cap table. If codes are made, the column with the names may be called either.
fn open_cap_table<'f>(
    file: &'f SheetFile,
    options: &TokenOptions,
) -> Result<SheetReader<'f>, Vec<BadLine>> {
    match options.codes {
        HolderCodes::Given => SheetReader::open(file, &CAP_TABLE),
        HolderCodes::Made => SheetReader::open(file, &NAMES)
            .or_else(|bad| SheetReader::open(file, &CAP_TABLE).map_err(|_| bad)),
    }
}

/// Reads the rows of a cap table, in which each holder is listed once, unless the rows of one add up.
fn cap_table(
    file: &SheetFile,
    date: Date,
    options: &TokenOptions,
    cuts: &mut Cuts,
) -> Result<Sheet<Option<EntryRow>>, Vec<BadLine>> {
    let mut seen = HashMap::new();
    let mut certificates = HashMap::new();
    let reader = open_cap_table(file, options)?;
    Ok(reader.rows(|line| {
        let row = cap_row(line, date, options, cuts)?;
        let Some(entry) = &row else {
            return Some(row);
        };
        if let Some(certificate) = &entry.reference
            && let Some(first) = certificates.insert(certificate.to_lowercase(), line.number)
        {
            let reason = format!("`{certificate}` is already on line {first}");
            line.refuse("certificate", reason);
            return None;
        }
        if options.repeated == RepeatedHolders::Refuse
            && let Some(first) = seen.insert(entry.holder_key(), line.number)
        {
            let named = match (&entry.name, entry.is_code_made) {
                (Some(name), true) => name.clone(),
                (_, _) => entry
                    .parties
                    .to()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            };
            line.refuse(
                "holder",
                format!("`{named}` is already on line {first}; if its rows add up, use `--add-up`"),
            );
            return None;
        }
        Some(row)
    }))
}

/// Adds up the rows of each holder that have no certificate of their own.
fn added_up(rows: Vec<EntryRow>, bad: &mut Vec<BadLine>) -> Vec<EntryRow> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut entries: Vec<EntryRow> = Vec::new();
    for row in rows {
        let sums = row.reference.is_none() && row.parties.kind() == EntryKind::Issue;
        let Some(key) = row.holder_key().filter(|_| sums) else {
            entries.push(row);
            continue;
        };
        let Some(first) = places.get(&key).and_then(|at| entries.get_mut(*at)) else {
            places.insert(key, entries.len());
            entries.push(row);
            continue;
        };
        match first.tokens.checked_add(row.tokens) {
            Some(sum) => first.tokens = sum,
            None => bad.push(BadLine {
                code: None,
                line: row.line,
                column: Some("tokens".to_owned()),
                reason: "the rows of this holder add up to too many tokens".to_owned(),
            }),
        }
    }
    entries
}

/// Returns the last row if nothing but tokens is issued and it has as many as all rows above.
fn last_is_sum(rows: &[Option<EntryRow>]) -> Option<LastRow> {
    let issued = |row: &Option<EntryRow>| match row {
        None => Some(Tokens::ZERO),
        Some(row) => (row.parties.kind() == EntryKind::Issue).then_some(row.tokens),
    };
    let tokens: Vec<Tokens> = rows.iter().map(issued).collect::<Option<_>>()?;
    let last = rows.last()?.as_ref()?;
    holdings::ends_with_the_sum(&tokens).then_some(LastRow {
        line: last.line,
        holder: last.parties.to()?.clone(),
        tokens: last.tokens,
    })
}

/// Checks the options for a file before it is read.
///
/// # Errors
/// The reason, if an option is missing or wrong.
pub fn check_options(file: &SheetFile, options: &TokenOptions) -> Result<(), String> {
    let columns = || EITHER.required.iter().chain(EITHER.optional);
    let named = file.options().columns.keys();
    if let Some(unknown) = named
        .into_iter()
        .find(|name| !columns().any(|own| own == name))
    {
        let all: Vec<&str> = columns().copied().collect();
        return Err(format!(
            "`{unknown}` is not a column that `--columns` can name; the columns are {}",
            all.join(", ")
        ));
    }
    let is_entries = has_kinds(file, options);
    if options.date.is_none() && !is_entries && !file.is_empty() {
        return Err("a cap table needs the date it counts from: use `--date DATE`".to_owned());
    }
    if options.repeated == RepeatedHolders::AddUp && is_entries {
        return Err(
            "`--add-up` is for a cap table; a file of entries has a kind on every line".to_owned(),
        );
    }
    Ok(())
}

fn has_kinds(file: &SheetFile, options: &TokenOptions) -> bool {
    options.codes == HolderCodes::Given
        && SheetReader::open(file, &EITHER).is_ok_and(|reader| reader.has("kind"))
}

fn cap_row(
    line: &mut SheetLine<'_>,
    date: Date,
    options: &TokenOptions,
    cuts: &mut Cuts,
) -> Option<Option<EntryRow>> {
    let is_code_made = options.codes == HolderCodes::Made
        && (line.cell("name").is_empty() || line.cell("holder").is_empty());
    let column = match (is_code_made, line.cell("name").is_empty()) {
        (true, false) => "name",
        (_, _) => "holder",
    };
    line.must_name_somebody(column, &["name"])?;
    let name = if is_code_made {
        line.read(column, text::name).map(Some)
    } else {
        line.maybe_name("name")
    };
    let holder = if is_code_made {
        name.as_ref()
            .and_then(Option::as_ref)
            .map(|name| Code::of_name(name))
    } else {
        line.read("holder", Code::parse)
    };
    let tokens = read_tokens(line, options, cuts);
    let reference = line.read_maybe("certificate", text::reference);
    let (holder, tokens, name, reference) = (holder?, tokens?, name?, reference?);
    Some(tokens.map(|tokens| EntryRow {
        line: line.number,
        parties: Parties::Issue(holder),
        tokens,
        date,
        reference,
        name,
        is_code_made,
    }))
}

fn entry(
    line: &mut SheetLine<'_>,
    options: &TokenOptions,
    cuts: &mut Cuts,
) -> Option<Option<EntryRow>> {
    line.must_name_somebody("holder", &["kind"])?;
    let kind = line.read("kind", words);
    let holder = line.read("holder", Code::parse);
    let to = line.read_maybe("to", Code::parse);
    let date = line.read("date", parse_date);
    let tokens = read_tokens(line, options, cuts);
    let (kind, holder, to, date, tokens) = (kind?, holder?, to?, date?, tokens?);
    let parties = match (kind.to_ascii_lowercase().as_str(), to) {
        ("issue", None) => Parties::Issue(holder),
        ("redeem", None) => Parties::Redeem(holder),
        ("transfer", Some(to)) => Parties::Transfer(holder, to),
        ("transfer", None) => {
            line.refuse(
                "to",
                "a transfer needs the holder who receives the tokens".to_owned(),
            );
            return None;
        }
        ("issue" | "redeem", Some(_)) => {
            line.refuse(
                "to",
                format!("`{kind}` has no second holder; this cell must be empty"),
            );
            return None;
        }
        _ => {
            line.refuse("kind", format!("`{kind}` is not issue, transfer or redeem"));
            return None;
        }
    };
    let reference = line.read_maybe("reference", text::reference)?;
    Some(tokens.map(|tokens| EntryRow {
        line: line.number,
        parties,
        tokens,
        date,
        reference,
        name: None,
        is_code_made: false,
    }))
}

/// Reads the tokens. The inner `None` is a row without tokens, or one that was cut to nothing.
fn read_tokens(
    line: &mut SheetLine<'_>,
    options: &TokenOptions,
    cuts: &mut Cuts,
) -> Option<Option<Tokens>> {
    let Cut { tokens, cut } = match options.rounding {
        Rounding::Refuse => Cut {
            tokens: line.read_number_or("tokens", Tokens::parse, |error| {
                if matches!(error, NumberError::TooManyDecimals(_)) {
                    ", or cut the rest with `--round down`"
                } else {
                    ""
                }
            })?,
            cut: Decimal::ZERO,
        },
        Rounding::Down => line.read_number("tokens", Cut::parse)?,
    };
    if cut.is_zero() {
        if tokens.is_zero() {
            cuts.left_out += 1;
            return Some(None);
        }
        return Some(Some(tokens));
    }
    cuts.rows += 1;
    // Each cut is below 10^-7 with at most 28 decimals, so a million of them add up exactly. A line
    // whose cut no longer fits is refused.
    let Some(sum) = cuts
        .sum
        .checked_add(cut)
        .filter(|sum| sum.checked_sub(cut) == Some(cuts.sum))
    else {
        line.refuse(
            "tokens",
            "the sum of what is cut is too long to be exact; split the file".to_owned(),
        );
        return None;
    };
    cuts.sum = sum;
    if tokens.is_zero() {
        cuts.left_out += 1;
        return Some(None);
    }
    Some(Some(tokens))
}

#[cfg(test)]
mod tests;
