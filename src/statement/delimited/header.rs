//! Finds the header and with it the delimiter: the row whose words name a date and an amount,
//! wherever it stands.

use super::{
    super::{Column, Columns, Profile, Unreadable, common::one_line},
    rows::{DELIMITERS, Record, Rows},
    words::{Heading, Role, heading, plain},
};
use crate::domain::currency::Currency;

/// How many records are looked at; statements have long addresses above their header, but no books.
const LOOKED_AT: usize = 500;

/// Which column holds what.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// The line of the header; none where columns are numbers.
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
    /// The mark beside the balance, where the two have one each.
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

/// A header with what stands above and below it.
#[derive(Debug)]
pub(super) struct Found<'t> {
    pub(super) layout: Layout,
    /// What stands above.
    pub(super) above: Vec<Vec<String>>,
    /// The place after the header.
    pub(super) body: Rows<'t>,
}

impl Layout {
    /// Reads a row of headings. A later column never takes a role from one whose words fit as well.
    fn of(headings: &[Option<Heading>], names: Vec<String>, line: u64) -> Self {
        let mut layout = Self {
            line: Some(line),
            names,
            ..Self::default()
        };
        let best = |role: Role| {
            let with_role = headings
                .iter()
                .enumerate()
                .filter_map(|(at, heading)| Some((at, heading.as_ref()?)));
            with_role
                .filter(|(_, heading)| heading.role == role)
                .min_by_key(|(_, heading)| heading.rank)
        };
        let column = |role| best(role).map(|(at, _)| at);
        layout.date = column(Role::Date);
        layout.value_date = column(Role::ValueDate);
        // A file whose only date is the value date is booked by it.
        layout.date = layout.date.or_else(|| layout.value_date.take());
        layout.description = headings
            .iter()
            .enumerate()
            .filter(|(_, heading)| {
                heading
                    .as_ref()
                    .is_some_and(|heading| heading.role == Role::Description)
            })
            .map(|(at, _)| at)
            .collect();
        layout.reference = column(Role::Reference);
        layout.bank_id = column(Role::BankId);
        layout.amount = column(Role::Amount);
        layout.debit = column(Role::Debit);
        layout.credit = column(Role::Credit);
        layout.direction = column(Role::Direction);
        layout.kind = column(Role::Type);
        layout.balance = column(Role::Balance);
        layout.currency_column = column(Role::Currency);
        layout.status = column(Role::Status);
        layout.account = column(Role::Account);
        layout.end_to_end = column(Role::EndToEnd);
        layout.counterparty_name = column(Role::CounterpartyName);
        layout.counterparty_account = column(Role::CounterpartyAccount);
        let money = [Role::Amount, Role::Debit, Role::Credit, Role::Balance];
        layout.currency = money.into_iter().find_map(|role| best(role)?.1.currency);
        layout
    }

    /// Tells whether the columns make a statement: a date and an amount.
    fn is_complete(&self) -> bool {
        self.date.is_some() && self.has_money()
    }

    /// Tells whether it knows where the amounts stand.
    pub(super) const fn has_money(&self) -> bool {
        self.amount.is_some() || self.debit.is_some() || self.credit.is_some()
    }

    /// Counts the roles that columns have.
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

    /// Tells how many columns the header has.
    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// Names a column for a message, but for one that looks like an account number.
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

    /// Puts the columns that a profile names over those that were found.
    fn follow(&mut self, columns: &Columns) -> Result<(), String> {
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
            let found = match column {
                Column::Number(number) => number.checked_sub(1),
                Column::Name(name) => self
                    .names
                    .iter()
                    .position(|heading| plain(heading) == plain(name) && !heading.is_empty()),
            };
            let Some(at) = found else {
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
/// [`Unreadable::Undecided`] where no row names the columns that a statement needs.
pub(super) fn find<'t>(text: &'t str, profile: Option<&Profile>) -> Result<Found<'t>, Unreadable> {
    let (declared, skip) = separator_line(text);
    let skip = skip + profile.and_then(|profile| profile.skip).unwrap_or(0);
    let delimiters = match profile.and_then(|profile| profile.delimiter).or(declared) {
        Some(delimiter) => vec![delimiter],
        None => DELIMITERS.to_vec(),
    };
    if let Some(profile) = profile.filter(|profile| !profile.header) {
        return headless(text, skip, &delimiters, profile);
    }
    let mut best: Option<Found<'t>> = None;
    let mut missing = None;
    for delimiter in delimiters {
        match with_delimiter(text, skip, delimiter, profile) {
            Ok(Some(found))
                if best
                    .as_ref()
                    .is_none_or(|best| best.layout.roles() < found.layout.roles()) =>
            {
                best = Some(found);
            }
            Ok(_) => {}
            Err(fields) => missing = Some(fields),
        }
    }
    best.ok_or_else(|| match (missing, profile) {
        (Some(fields), Some(profile)) => Unreadable::Undecided {
            line: None,
            detail: format!("the header does not have the columns that the profile {} names for {fields}", profile.name),
        },
        _ => Unreadable::Undecided {
            line: None,
            detail: "no row names the columns of a statement, such as Date and Amount; say which column is which with a profile or with columns"
                .to_owned(),
        },
    })
}

/// Reads the first line `sep=;` that spreadsheets write, and tells how many lines it takes.
fn separator_line(text: &str) -> (Option<u8>, usize) {
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

/// Looks for a header with one delimiter. `Err` names the fields of the profile that a header
/// lacks.
fn with_delimiter<'t>(
    text: &'t str,
    skip: usize,
    delimiter: u8,
    profile: Option<&Profile>,
) -> Result<Option<Found<'t>>, String> {
    let (mut rows, mut record, mut above) =
        (Rows::new(text, delimiter), Record::default(), Vec::new());
    rows.skip_lines(skip);
    let (mut best, mut missing) = (None::<Found<'t>>, None);
    for _ in 0..LOOKED_AT {
        if !rows.next(&mut record) || record.unclosed {
            break;
        }
        if record.filled() < 2 {
            above.push(record.cells().map(str::to_owned).collect());
            continue;
        }
        let headings: Vec<Option<Heading>> = record.cells().map(heading).collect();
        let mut names: Vec<String> = record.cells().map(clean).collect();
        names.truncate(
            names
                .iter()
                .rposition(|name| !name.is_empty())
                .map_or(0, |last| last + 1),
        );
        let mut layout = Layout::of(&headings, names, record.line);
        if let Some(profile) = profile
            && let Err(fields) = layout.follow(&profile.columns)
        {
            // A row that looks like a header and lacks what the profile names is worth a message;
            // any other is not.
            missing = if Layout::of(&headings, Vec::new(), 0).is_complete() {
                Some(fields)
            } else {
                missing
            };
            above.push(record.cells().map(str::to_owned).collect());
            continue;
        }
        if layout.is_complete() && is_header(&record, &headings, profile) {
            best = Some(Found {
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

/// Tells whether a row is headings and no data: no cell begins with a digit and two roles at least
/// come from its words, unless a profile says what the columns are.
fn is_header(record: &Record<'_>, headings: &[Option<Heading>], profile: Option<&Profile>) -> bool {
    let known = headings.iter().flatten().count();
    let by_profile = profile
        .is_some_and(|profile| profile.columns.names_money() && profile.columns.date.is_some());
    let numbers = record
        .cells()
        .filter(|cell| cell.starts_with(|c: char| c.is_ascii_digit()))
        .count();
    (known >= 2 || by_profile) && numbers == 0
}

/// Takes the columns of a profile by their numbers.
fn headless<'t>(
    text: &'t str,
    skip: usize,
    delimiters: &[u8],
    profile: &Profile,
) -> Result<Found<'t>, Unreadable> {
    let mut layout = Layout::default();
    let highest = profile
        .columns
        .all()
        .filter_map(|(_, column)| match column {
            Column::Number(number) => Some(*number),
            Column::Name(_) => None,
        });
    let highest = highest.max().unwrap_or(1);
    layout
        .follow(&profile.columns)
        .map_err(|fields| Unreadable::Undecided {
            line: None,
            detail: format!(
                "the profile {} names columns for {fields} by words, and the file has no header",
                profile.name
            ),
        })?;
    let widths = delimiters.iter().map(|delimiter| {
        let (mut rows, mut record, mut wide) = (Rows::new(text, *delimiter), Record::default(), 0);
        rows.skip_lines(skip);
        for _ in 0..LOOKED_AT {
            if !rows.next(&mut record) {
                break;
            }
            wide += usize::from(record.len() > 1 && record.len() + 3 >= highest);
        }
        (wide, *delimiter)
    });
    // Of two that fit as well the first counts, so that the order of the list decides.
    let best = widths.fold(
        (0, b','),
        |best, next| if next.0 > best.0 { next } else { best },
    );
    let mut body = Rows::new(text, best.1);
    body.skip_lines(skip);
    Ok(Found {
        layout,
        above: Vec::new(),
        body,
    })
}

/// Writes a heading for messages: white space and control characters become single spaces.
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
