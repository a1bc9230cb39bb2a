//! Register files: a cap table `holder,tokens[,name]`, or entries
//! `kind,holder,to,tokens,date[,reference]`.

use rust_decimal::Decimal;
use serde::Serialize;

use super::sheet::{Renames, Sheet, SheetColumns, SheetLine, SheetReader};
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

/// How a register file is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenOptions {
    /// The effective date of a cap table.
    pub date: Option<Date>,
    /// Foreign headers: our name to the file's.
    pub columns: Renames,
    /// What to do with more than seven decimals.
    pub rounding: Rounding,
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
    optional: &["name"],
};
const ENTRIES: SheetColumns = SheetColumns {
    required: &["kind", "holder", "to", "tokens", "date"],
    optional: &["reference"],
};
const EITHER: SheetColumns = SheetColumns {
    required: &["holder", "tokens"],
    optional: &["name", "kind", "to", "date", "reference"],
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
pub fn tokens(bytes: &[u8], options: &TokenOptions) -> Result<TokenFile, Vec<BadLine>> {
    let mut cuts = Cuts::default();
    let (content, rows) = if has_kinds(bytes, options) {
        let rows = SheetReader::open(bytes, &ENTRIES, &options.columns)?
            .rows(|line| entry(line, options, &mut cuts));
        (TokenContent::Entries, rows)
    } else {
        let Some(date) = options.date else {
            let reason = "a cap table needs the date it counts from: use `--date`".to_owned();
            return Err(vec![BadLine {
                line: 1,
                column: None,
                reason,
            }]);
        };
        let rows = cap_table(bytes, date, options, &mut cuts)?;
        (TokenContent::Holdings(date), rows)
    };
    let Cuts {
        rows: rows_cut,
        left_out: rows_left_out,
        sum: tokens_cut,
    } = cuts;
    let Sheet { rows, bad } = rows;
    let last_is_sum = last_is_sum(&rows);
    Ok(TokenFile {
        entries: rows.into_iter().flatten().collect(),
        content,
        rows_cut,
        rows_left_out,
        last_is_sum,
        tokens_cut,
        bad,
    })
}

/// Reads the rows of a cap table, in which each holder is listed once.
fn cap_table(
    bytes: &[u8],
    date: Date,
    options: &TokenOptions,
    cuts: &mut Cuts,
) -> Result<Sheet<Option<EntryRow>>, Vec<BadLine>> {
    let mut seen = std::collections::HashMap::new();
    let reader = SheetReader::open(bytes, &CAP_TABLE, &options.columns)?;
    Ok(reader.rows(|line| {
        let row = cap_row(line, date, options, cuts)?;
        if let Some(EntryRow {
            parties: Parties::Issue(code),
            ..
        }) = &row
            && let Some(first) = seen.insert(code.as_str().to_ascii_lowercase(), line.number)
        {
            line.refuse("holder", format!("`{code}` is already on line {first}"));
            return None;
        }
        Some(row)
    }))
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
pub fn check_options(bytes: &[u8], options: &TokenOptions) -> Result<(), String> {
    if let Some(unknown) = options.columns.keys().find(|name| !is_column(name)) {
        return Err(format!(
            "`{unknown}` is not a column that `--columns` can name; the columns are holder, tokens, name, kind, to, date, reference"
        ));
    }
    if options.date.is_none() && !bytes.is_empty() && !has_kinds(bytes, options) {
        return Err("a cap table needs the date it counts from: use `--date DATE`".to_owned());
    }
    Ok(())
}

fn has_kinds(bytes: &[u8], options: &TokenOptions) -> bool {
    SheetReader::open(bytes, &EITHER, &options.columns).is_ok_and(|reader| reader.has("kind"))
}

fn is_column(name: &str) -> bool {
    EITHER.required.contains(&name) || EITHER.optional.contains(&name)
}

fn cap_row(
    line: &mut SheetLine<'_>,
    date: Date,
    options: &TokenOptions,
    cuts: &mut Cuts,
) -> Option<Option<EntryRow>> {
    line.must_name_somebody("holder", &["name"])?;
    let holder = line.read("holder", Code::parse);
    let tokens = read_tokens(line, options, cuts);
    let (holder, tokens, name) = (holder?, tokens?, line.maybe_name("name")?);
    Some(tokens.map(|tokens| EntryRow {
        line: line.number,
        parties: Parties::Issue(holder),
        tokens,
        date,
        reference: None,
        name,
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
    }))
}

/// Reads the tokens. The inner `None` is a row without tokens, or one that was cut to nothing.
fn read_tokens(
    line: &mut SheetLine<'_>,
    options: &TokenOptions,
    cuts: &mut Cuts,
) -> Option<Option<Tokens>> {
    let Cut { tokens, cut } = match options.rounding {
        Rounding::Refuse => {
            let tokens = line.read("tokens", |cell| {
                Tokens::parse(cell).map_err(|error| {
                    let hint = if matches!(error, NumberError::TooManyDecimals(_)) {
                        ", or cut the rest with `--round down`"
                    } else {
                        ""
                    };
                    format!("{error}{hint}")
                })
            })?;
            Cut {
                tokens,
                cut: Decimal::ZERO,
            }
        }
        Rounding::Down => line.read("tokens", Cut::parse)?,
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
mod tests {
    use super::*;

    fn options(rounding: Rounding) -> TokenOptions {
        TokenOptions {
            date: parse_date("2026-01-01").ok(),
            columns: Renames::new(),
            rounding,
        }
    }

    #[test]
    fn the_sum_of_what_is_cut_is_exact() {
        let file = b"holder,tokens\na,1.00000005\nb,2\nc,0.000000010000000001\n";
        let refused = tokens(file, &options(Rounding::Refuse)).unwrap().bad;
        assert_eq!(refused.len(), 2);
        assert!(
            refused[0]
                .reason
                .ends_with("or cut the rest with `--round down`")
        );
        let read = tokens(file, &options(Rounding::Down)).unwrap();
        assert_eq!(
            (read.entries.len(), read.rows_cut, read.rows_left_out),
            (2, 2, 1)
        );
        assert_eq!(
            read.tokens_cut.normalize().to_string(),
            "0.000000060000000001"
        );
    }

    #[test]
    fn a_row_of_totals_is_refused_and_rows_without_tokens_are_left_out() {
        let file =
            b"holder,tokens,name\nada,100,\nbayo,0,\nTotal:,100,\n,100,\nx,100,Grand total\n";
        let read = tokens(file, &options(Rounding::Refuse)).unwrap();
        let bad: Vec<String> = read.bad.iter().map(ToString::to_string).collect();
        assert_eq!(
            bad,
            [
                "4: holder: `Total:` is a row of totals, not a holder; remove this row",
                "5: holder: the row names no holder; if it is a row of totals, remove it",
                "6: name: `Grand total` is a row of totals, not a holder; remove this row",
            ]
        );
        assert_eq!((read.entries.len(), read.rows_left_out), (1, 1));
    }

    #[test]
    fn a_last_row_with_the_sum_of_the_others_is_named() {
        let last = |file: &[u8]| {
            let read = tokens(file, &options(Rounding::Refuse)).unwrap();
            read.last_is_sum
                .map(|last| (last.line, last.holder.to_string()))
        };
        let sum = b"holder,tokens\na,1\nb,0\nc,1\n";
        assert_eq!(last(sum), Some((4, "c".to_owned())));
        assert_eq!(last(b"holder,tokens\na,1\nb,1\n"), None);
        let entries = b"kind,holder,to,tokens,date\nissue,a,,1,2026-01-01\nissue,b,,1,2026-01-01\nredeem,a,,2,2026-01-02\n";
        assert_eq!(last(entries), None, "what is redeemed is not a sum");
    }

    #[test]
    fn a_cap_table_names_each_holder_once() {
        let bad = tokens(b"holder,tokens\nAda,1\nada,2\n", &options(Rounding::Refuse))
            .unwrap()
            .bad;
        assert_eq!(bad[0].to_string(), "3: holder: `ada` is already on line 2");
    }

    #[test]
    fn entries_need_the_parties_of_their_kind() {
        let file = b"kind,holder,to,tokens,date\nissue,a,,1,2026-01-01\ntransfer,a,,1,2026-01-01\nredeem,a,b,1,2026-01-01\ngift,a,b,1,2026-13-01\n";
        let bad = tokens(file, &options(Rounding::Refuse)).unwrap().bad;
        let places: Vec<(u64, &str)> = bad
            .iter()
            .map(|bad| (bad.line, bad.column.as_deref().unwrap()))
            .collect();
        assert_eq!(places, [(3, "to"), (4, "to"), (5, "date")]);
    }

    #[test]
    fn foreign_headers_are_named_by_the_user() {
        let columns = Renames::from([
            ("holder".into(), "address".into()),
            ("tokens".into(), "balance".into()),
        ]);
        let named = TokenOptions {
            columns,
            ..options(Rounding::Refuse)
        };
        let read = tokens(b"rank,address,balance\n1,0xAB,5\n", &named).unwrap();
        assert_eq!(read.entries[0].tokens.canonical(), "5.0000000");
        let missing = tokens(b"rank,addr,balance\n1,0xAB,5\n", &named).unwrap_err();
        assert_eq!(
            missing[0].to_string(),
            "1: address: this column is missing; the file has rank, addr, balance"
        );
    }
}
