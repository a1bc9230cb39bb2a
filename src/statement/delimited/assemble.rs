//! The statement of a table and the rows around it.

use super::{
    super::{content::FileContent, error::StatementError, profile::StatementProfile},
    cell_reader::CellRules,
    header::TableLayout,
    labels::BalanceKind,
    preamble::{self, TableNotes},
    signs::{self, RowOrder, SignDecision},
    survey::Survey,
    table::{BalanceRow, Table, TableRow},
    walk::{BalanceTrace, SignFacts},
};
use crate::domain::{
    signed::Signed,
    statement::{Balance, FindingKind, LineSums, Statement, StatementFinding, StatementLine},
    time::Date,
};

/// What is known apart from the table.
pub(super) struct TableContext<'a> {
    pub(super) notes: TableNotes,
    pub(super) layout: &'a TableLayout,
    pub(super) survey: &'a Survey,
    pub(super) profile: Option<&'a StatementProfile>,
    pub(super) rules: CellRules<'a>,
}

/// The balances before the first line and after the last.
struct Ends {
    /// The row that names the balance before the first line.
    opening_row: Option<BalanceRow>,
    closing_row: Option<BalanceRow>,
    before: Option<Signed>,
    /// The balance after the last line, as a row or a label names it.
    stated_after: Option<Signed>,
    /// The balance of the day of the export.
    current: Option<Signed>,
}

impl Ends {
    fn of(table: &mut Table, context: &TableContext<'_>) -> Self {
        let (notes, rules) = (&context.notes, context.rules);
        let noted = |text: Option<&str>| preamble::amount(text, rules.mark, rules.words);
        let opening_row = take_end_row(table, BalanceKind::Opening);
        let closing_row = take_end_row(table, BalanceKind::Closing);
        // The balance of the day of the export is that after the last line only if no better one
        // is named.
        let has_balances = table.lines.iter().any(|line| line.balance.is_some());
        let current = if has_balances {
            None
        } else {
            noted(notes.current())
        };
        Self {
            opening_row,
            closing_row,
            before: opening_row
                .map(|row| row.amount)
                .or_else(|| noted(notes.opening.as_deref())),
            stated_after: closing_row
                .map(|row| row.amount)
                .or_else(|| noted(notes.closing.as_deref())),
            current,
        }
    }

    fn after(&self) -> Option<Signed> {
        self.stated_after.or(self.current)
    }

    /// Gives a statement its opening and closing balance; `last` is the date of its last line.
    fn set(&self, trace: BalanceTrace, last: Option<Date>, statement: &mut Statement) {
        let with_date = |row: Option<BalanceRow>, amount: Signed| Balance {
            amount,
            date: row.and_then(|row| row.date),
        };
        let derived_opening = trace.opening.and_then(Signed::from_units);
        statement.opening = self
            .before
            .or(derived_opening)
            .map(|amount| with_date(self.opening_row, amount));
        let derived_closing = trace.closing.and_then(Signed::from_units);
        statement.closing = match (self.stated_after, derived_closing) {
            (Some(amount), _) => Some(with_date(self.closing_row, amount)),
            (None, Some(amount)) => Some(Balance { amount, date: last }),
            (None, None) => self.current.map(|amount| Balance { amount, date: None }),
        };
    }
}

/// Makes the statement of the table and the rows around it.
///
/// # Errors
/// [`StatementError`] if the table is empty, or if nothing shows whether an amount came in or went
/// out.
pub(super) fn assemble(
    mut table: Table,
    context: &TableContext<'_>,
    content: &mut FileContent,
) -> Result<Statement, StatementError> {
    let ends = Ends::of(&mut table, context);
    if table.lines.is_empty()
        && table.balances.is_empty()
        && ends.before.is_none()
        && ends.after().is_none()
    {
        let place = context.layout.line.map_or(String::new(), |line| {
            format!(" below the header in line {line}")
        });
        return Err(StatementError::Empty {
            detail: format!("no row{place} has a date and an amount"),
        });
    }
    let facts = SignFacts {
        lines: &table.lines,
        forms: &table.forms,
        rows: &table.rows,
        balances: &table.balances,
        before: ends.before,
        after: ends.after(),
        rule: context.profile.and_then(|profile| profile.sign),
    };
    let decision = signs::decide(&facts).map_err(|line| StatementError::Undecided {
        line: Some(line),
        detail: "neither signs nor balances show whether an amount came in or went out: name the columns of debits and credits with `--columns`, or use a profile with `[sign]`".to_owned(),
    })?;
    decision.report(content);
    let last = decision
        .sequence
        .last()
        .and_then(|at| table.lines.get(*at))
        .map(|line| line.booking_date);
    let trace = decision.trace;
    let account = table.account.take();
    let mut statement = Statement {
        account: account.or_else(|| context.notes.account.clone()),
        currency: currency(&table, context),
        period: context.notes.period(&context.rules.dates),
        running_balance_proven: trace.links > 0
            && trace.breaks == 0
            && table.lines.iter().all(|line| line.balance.is_some()),
        ..Statement::default()
    };
    ends.set(trace, last, &mut statement);
    finish(table, &decision, &mut statement);
    check_balances(&decision, &mut statement);
    check_sums(context, &mut statement);
    Ok(statement)
}

/// Removes the only row that names the opening or closing balance from the table, if it is the first
/// or last row: that holds whatever the order of the lines. If each page names one, they are
/// balances between lines and stay.
fn take_end_row(table: &mut Table, kind: BalanceKind) -> Option<BalanceRow> {
    let mut matching = table
        .balances
        .iter()
        .enumerate()
        .filter(|(_, row)| row.kind == kind);
    let (at, row) = matching.next().map(|(at, row)| (at, *row))?;
    if matching.next().is_some() {
        return None;
    }
    let end = TableRow::Balance(at);
    if table.rows.first() != Some(&end) && table.rows.last() != Some(&end) {
        return None;
    }
    table.rows.retain(|row| *row != end);
    Some(row)
}

/// Returns the currency, from a column, a heading, a label, a sign or the profile.
fn currency(
    table: &Table,
    context: &TableContext<'_>,
) -> Option<crate::domain::currency::Currency> {
    let named = table
        .currency
        .or(context.layout.currency)
        .or(context.notes.currency)
        .or(context.survey.currency);
    named.or_else(|| context.profile.and_then(|profile| profile.currency))
}

/// Gives the lines their amounts and their order.
fn finish(table: Table, decision: &SignDecision, statement: &mut Statement) {
    let Table {
        mut lines,
        skipped,
        skipped_forms,
        ..
    } = table;
    for (line, amount) in lines.iter_mut().zip(&decision.amounts) {
        line.amount = *amount;
    }
    match decision.order {
        RowOrder::OldestFirst => {}
        RowOrder::NewestFirst => lines.reverse(),
        RowOrder::OldestDayFirstRowsTurned
        | RowOrder::NewestDayFirstRowsTurned
        | RowOrder::ByDate => {
            let mut taken: Vec<Option<StatementLine>> = lines.into_iter().map(Some).collect();
            lines = decision
                .sequence
                .iter()
                .filter_map(|at| taken.get_mut(*at)?.take())
                .collect();
        }
    }
    if !statement.running_balance_proven {
        lines.sort_by_key(|line| line.booking_date);
    }
    statement.lines = lines;
    statement.skipped = skipped;
    for (row, form) in statement.skipped.iter_mut().zip(skipped_forms) {
        row.amount = row.amount.and_then(|amount| decision.read(amount, form));
    }
}

/// Compares the balances with the lines; a break is a finding.
fn check_balances(decision: &SignDecision, statement: &mut Statement) {
    if let (Some(opening), Some(closing), Some(sums)) =
        (statement.opening, statement.closing, statement.sums())
    {
        let expected = opening
            .amount
            .checked_add(sums.credits)
            .and_then(|sum| sum.checked_sub(sums.debits));
        statement.balance_ok = expected.map(|expected| expected == closing.amount);
    }
    let trace = decision.trace;
    let Some((place, first)) = trace.first_break else {
        return;
    };
    let total = Signed::from_units(trace.difference).filter(|total| !total.is_zero());
    let first = Signed::from_units(first).unwrap_or_default();
    let place = (place > 0).then_some(place);
    let count = if trace.breaks == 1 {
        "1 balance does".to_owned()
    } else {
        format!("{} balances do", trace.breaks)
    };
    let at = place.map_or_else(
        || "the closing balance differs".to_owned(),
        |place| format!("the first, in line {place}, differs"),
    );
    statement.findings.push(StatementFinding {
        kind: FindingKind::BalanceBreak,
        difference: Some(total.unwrap_or(first)),
        line: place,
        detail: format!(
            "{count} not follow from the lines: {at} by {}; the total difference is {}",
            first.plain(2),
            total.unwrap_or_default().plain(2)
        ),
    });
}

/// Compares the sums that the file states with those of the lines; a difference is a finding.
fn check_sums(context: &TableContext<'_>, statement: &mut Statement) {
    let Some(LineSums { debits, credits }) = statement.sums() else {
        return;
    };
    let (notes, rules) = (&context.notes, context.rules);
    for (name, text, sum) in [
        ("debits", &notes.total_debit, debits),
        ("credits", &notes.total_credit, credits),
    ] {
        let Some(total) = preamble::amount(text.as_deref(), rules.mark, rules.words) else {
            continue;
        };
        let difference = total.magnitude().units() - sum.units();
        if difference != 0 {
            let mut finding = StatementFinding::new(
                FindingKind::Summary,
                format!("the file states a different sum of {name} than its lines have"),
            );
            finding.difference = Signed::from_units(difference);
            statement.findings.push(finding);
        }
    }
}
