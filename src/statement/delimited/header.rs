//! Finds the header and with it the delimiter: the first row whose words name a date and an amount.

use super::{
    super::{
        common::one_line,
        error::StatementError,
        options::TableKind,
        profile::{ProfileColumn, ProfileColumns, StatementProfile},
    },
    column_roles::ColumnRole,
    words::{ColumnHeading, heading, plain},
};
use crate::domain::currency::Currency;
use crate::tabular::{DELIMITERS, Record, Rows, WORKBOOK_DELIMITER, separator_line};

/// How many records are searched. Statements have long addresses above their header.
const MOST_RECORDS: usize = 500;

/// Which column holds what.
#[derive(Clone, Debug, Default)]
pub(super) struct TableLayout {
    /// The line of the header; `None` if columns are numbers.
    pub(super) line: Option<u64>,
    /// The headings, without the empty ones at the end.
    pub(super) names: Vec<String>,
    pub(super) date: Option<usize>,
    pub(super) value_date: Option<usize>,
    pub(super) description: Vec<usize>,
    pub(super) reference: Option<usize>,
    pub(super) bank_id: Option<usize>,
    pub(super) amount: Option<usize>,
    pub(super) debit: Option<usize>,
    pub(super) credit: Option<usize>,
    pub(super) direction: Option<usize>,
    /// The mark next to the balance, if amount and balance have one each.
    pub(super) balance_direction: Option<usize>,
    pub(super) kind: Option<usize>,
    pub(super) balance: Option<usize>,
    pub(super) currency_column: Option<usize>,
    pub(super) status: Option<usize>,
    pub(super) account: Option<usize>,
    pub(super) end_to_end: Option<usize>,
    pub(super) counterparty_name: Option<usize>,
    pub(super) counterparty_account: Option<usize>,
    /// The currency that the headings name.
    pub(super) currency: Option<Currency>,
}

/// A header, with what is above and below it.
#[derive(Debug)]
pub(super) struct Header<'t> {
    pub(super) layout: TableLayout,
    /// The rows above the header.
    pub(super) above: Vec<Vec<String>>,
    /// The rows below the header.
    pub(super) body: Rows<'t>,
}

impl TableLayout {
    /// Reads a row of headings. Of two columns whose words fit a role equally well, the first has it.
    fn of(headings: &[Option<ColumnHeading>], names: Vec<String>, line: u64) -> Self {
        let mut layout = Self {
            line: Some(line),
            names,
            ..Self::default()
        };
        let best = |role: ColumnRole| {
            let with_role = headings
                .iter()
                .enumerate()
                .filter_map(|(at, heading)| Some((at, heading.as_ref()?)));
            with_role
                .filter(|(_, heading)| heading.role == role)
                .min_by_key(|(_, heading)| heading.rank)
        };
        let column = |role| best(role).map(|(at, _)| at);
        layout.date = column(ColumnRole::Date);
        layout.value_date = column(ColumnRole::ValueDate);
        // If the only date of a file is the value date, it is the booking date.
        layout.date = layout.date.or_else(|| layout.value_date.take());
        layout.description = headings
            .iter()
            .enumerate()
            .filter(|(_, heading)| {
                heading
                    .as_ref()
                    .is_some_and(|heading| heading.role == ColumnRole::Description)
            })
            .map(|(at, _)| at)
            .collect();
        layout.reference = column(ColumnRole::Reference);
        layout.bank_id = column(ColumnRole::BankId);
        layout.amount = column(ColumnRole::Amount);
        layout.debit = column(ColumnRole::Debit);
        layout.credit = column(ColumnRole::Credit);
        layout.direction = column(ColumnRole::Direction);
        layout.kind = column(ColumnRole::Type);
        layout.balance = column(ColumnRole::Balance);
        layout.currency_column = column(ColumnRole::Currency);
        layout.status = column(ColumnRole::Status);
        layout.account = column(ColumnRole::Account);
        layout.end_to_end = column(ColumnRole::EndToEnd);
        layout.counterparty_name = column(ColumnRole::CounterpartyName);
        layout.counterparty_account = column(ColumnRole::CounterpartyAccount);
        let money = [
            ColumnRole::Amount,
            ColumnRole::Debit,
            ColumnRole::Credit,
            ColumnRole::Balance,
        ];
        layout.currency = money.into_iter().find_map(|role| best(role)?.1.currency);
        layout
    }

    /// Returns whether the columns make a statement: a date and an amount.
    fn is_complete(&self) -> bool {
        self.date.is_some() && self.has_money()
    }

    /// Returns whether a column with amounts is known.
    pub(super) const fn has_money(&self) -> bool {
        self.amount.is_some() || self.debit.is_some() || self.credit.is_some()
    }

    /// Returns how many columns have a role.
    fn roles(&self) -> usize {
        let single = [
            self.date,
            self.value_date,
            self.reference,
            self.bank_id,
            self.amount,
            self.debit,
            self.credit,
            self.direction,
            self.balance,
            self.currency_column,
            self.status,
            self.account,
            self.kind,
        ];
        single.iter().flatten().count() + self.description.len()
    }

    /// Returns how many columns the header has.
    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// Returns the name of a column for a message, or its number if the name looks like an account
    /// number.
    pub(super) fn name(&self, at: usize) -> String {
        let name = self
            .names
            .get(at)
            .map(|name| one_line(name))
            .unwrap_or_default();
        let digits = name.bytes().filter(u8::is_ascii_digit).count();
        if name.is_empty() || digits >= 4 {
            format!("column {}", at + 1)
        } else {
            name
        }
    }

    /// Replaces columns by those that a profile names.
    ///
    /// # Errors
    /// The fields whose columns the header does not have.
    fn follow(&mut self, columns: &ProfileColumns) -> Result<(), String> {
        if columns.names_money() {
            (self.amount, self.debit, self.credit, self.direction) = (None, None, None, None);
        }
        if !columns.description.is_empty() {
            self.description.clear();
        }
        if columns.bank_id.is_some() && columns.reference.is_none() {
            self.reference = None;
        }
        let mut missing = Vec::new();
        for (field, column) in columns.all() {
            let position = match column {
                ProfileColumn::Number(number) => number.checked_sub(1),
                ProfileColumn::Name(name) => self
                    .names
                    .iter()
                    .position(|heading| plain(heading) == plain(name) && !heading.is_empty()),
            };
            let Some(at) = position else {
                missing.push(format!("`{field}`"));
                continue;
            };
            match field {
                "description" => self.description.push(at),
                "date" => self.date = Some(at),
                "value_date" => self.value_date = Some(at),
                "reference" => self.reference = Some(at),
                "bank_id" => self.bank_id = Some(at),
                "amount" => self.amount = Some(at),
                "debit" => self.debit = Some(at),
                "credit" => self.credit = Some(at),
                "direction" => self.direction = Some(at),
                "balance" => self.balance = Some(at),
                "currency" => self.currency_column = Some(at),
                "counterparty_name" => self.counterparty_name = Some(at),
                "counterparty_account" => self.counterparty_account = Some(at),
                "end_to_end" => self.end_to_end = Some(at),
                _ => self.status = Some(at),
            }
        }
        if missing.is_empty() {
            Ok(())
        } else {
            Err(missing.join(", "))
        }
    }
}

/// Finds the header of a text.
///
/// # Errors
/// [`StatementError::Undecided`] if no row names the columns that a statement needs.
pub(super) fn find<'t>(
    text: &'t str,
    profile: Option<&StatementProfile>,
    kind: TableKind,
) -> Result<Header<'t>, StatementError> {
    let (declared, skip) = separator_line(text);
    let skip = skip + profile.and_then(|profile| profile.skip).unwrap_or(0);
    let named = profile.and_then(|profile| profile.delimiter).or(declared);
    let delimiters = match (kind, named) {
        (TableKind::Sheet, _) => vec![WORKBOOK_DELIMITER],
        (TableKind::Text, Some(delimiter)) => vec![delimiter],
        (TableKind::Text, None) => DELIMITERS.to_vec(),
    };
    if let Some(profile) = profile.filter(|profile| !profile.header) {
        return headless(text, skip, &delimiters, profile);
    }
    let mut best: Option<Header<'t>> = None;
    let mut missing = None;
    for delimiter in delimiters {
        match with_delimiter(text, skip, delimiter, profile) {
            Ok(Some(header))
                if best
                    .as_ref()
                    .is_none_or(|best| best.layout.roles() < header.layout.roles()) =>
            {
                best = Some(header);
            }
            Ok(_) => {}
            Err(fields) => missing = Some(fields),
        }
    }
    best.ok_or_else(|| match (missing, profile) {
        (Some(fields), Some(profile)) => StatementError::Undecided {
            line: None,
            detail: format!("the header does not have the columns that the profile {} names for {fields}", profile.name),
        },
        _ => StatementError::Undecided {
            line: None,
            detail: "no row names the columns of a statement, such as Date and Amount; use a profile, or name the columns"
                .to_owned(),
        },
    })
}

/// Finds the header with one delimiter.
///
/// # Errors
/// The fields of the profile whose columns the header does not have.
fn with_delimiter<'t>(
    text: &'t str,
    skip: usize,
    delimiter: u8,
    profile: Option<&StatementProfile>,
) -> Result<Option<Header<'t>>, String> {
    let (mut rows, mut record, mut above) =
        (Rows::new(text, delimiter), Record::default(), Vec::new());
    rows.skip_lines(skip);
    let (mut best, mut missing) = (None::<Header<'t>>, None);
    for _ in 0..MOST_RECORDS {
        if !rows.next(&mut record) || record.unclosed {
            break;
        }
        if record.filled() < 2 {
            above.push(record.cells().map(str::to_owned).collect());
            continue;
        }
        let headings: Vec<Option<ColumnHeading>> = record.cells().map(heading).collect();
        let mut names: Vec<String> = record.cells().map(clean).collect();
        names.truncate(
            names
                .iter()
                .rposition(|name| !name.is_empty())
                .map_or(0, |last| last + 1),
        );
        let mut layout = TableLayout::of(&headings, names, record.line);
        if let Some(profile) = profile
            && let Err(fields) = layout.follow(&profile.columns)
        {
            // Only a row that looks like a header is worth a message.
            missing = if TableLayout::of(&headings, Vec::new(), 0).is_complete() {
                Some(fields)
            } else {
                missing
            };
            above.push(record.cells().map(str::to_owned).collect());
            continue;
        }
        if layout.is_complete() && is_header(&record, &headings, profile) {
            best = Some(Header {
                layout,
                above: std::mem::take(&mut above),
                body: rows,
            });
            break;
        }
        above.push(record.cells().map(str::to_owned).collect());
    }
    match (best, missing) {
        (None, Some(fields)) => Err(fields),
        (best, _) => Ok(best),
    }
}

/// Returns whether a row is headings and not data: no cell begins with a digit, and its words name at
/// least two roles, unless a profile names the columns.
fn is_header(
    record: &Record<'_>,
    headings: &[Option<ColumnHeading>],
    profile: Option<&StatementProfile>,
) -> bool {
    let known = headings.iter().flatten().count();
    let by_profile = profile
        .is_some_and(|profile| profile.columns.names_money() && profile.columns.date.is_some());
    let numbers = record
        .cells()
        .filter(|cell| cell.starts_with(|c: char| c.is_ascii_digit()))
        .count();
    (known >= 2 || by_profile) && numbers == 0
}

/// Uses the columns of a profile by their numbers.
fn headless<'t>(
    text: &'t str,
    skip: usize,
    delimiters: &[u8],
    profile: &StatementProfile,
) -> Result<Header<'t>, StatementError> {
    let mut layout = TableLayout::default();
    let highest = profile
        .columns
        .all()
        .filter_map(|(_, column)| match column {
            ProfileColumn::Number(number) => Some(*number),
            ProfileColumn::Name(_) => None,
        });
    let highest = highest.max().unwrap_or(1);
    layout
        .follow(&profile.columns)
        .map_err(|fields| StatementError::Undecided {
            line: None,
            detail: format!(
                "the profile {} names the columns for {fields} by words, but the file has no header",
                profile.name
            ),
        })?;
    let widths = delimiters.iter().map(|delimiter| {
        let (mut rows, mut record, mut wide) = (Rows::new(text, *delimiter), Record::default(), 0);
        rows.skip_lines(skip);
        for _ in 0..MOST_RECORDS {
            if !rows.next(&mut record) {
                break;
            }
            wide += usize::from(record.len() > 1 && record.len() + 3 >= highest);
        }
        (wide, *delimiter)
    });
    // Of two that fit equally well, the first counts.
    let best = widths.fold(
        (0, b','),
        |best, next| if next.0 > best.0 { next } else { best },
    );
    let mut body = Rows::new(text, best.1);
    body.skip_lines(skip);
    Ok(Header {
        layout,
        above: Vec::new(),
        body,
    })
}

/// Returns a heading for messages: white space and control characters become single spaces.
fn clean(text: &str) -> String {
    let words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    words
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(60)
        .collect()
}
