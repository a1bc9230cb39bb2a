//! Statements in workbooks: the sheet with the table is found as the header is found in a text.

use super::{
    content::FileContent,
    delimited,
    error::StatementError,
    options::{ReadOptions, TableKind},
};
use crate::{
    domain::{
        bad_line::BadLine,
        quantity::DECIMALS,
        signed::Signed,
        statement::{Statement, StatementLine},
    },
    tabular::TableText,
};

/// How many more decimals than those of its currency an amount may have: a typed number is binary,
/// and one that was computed may have many.
const MORE_DECIMALS: u32 = 2;
/// The decimals of most currencies.
const USUAL_DECIMALS: u32 = 2;

/// Reads the sheet that has a table of lines.
///
/// # Errors
/// [`StatementError::Undecided`] if several sheets have one; otherwise that of the first sheet, if
/// none has.
pub(super) fn read(
    sheets: &[TableText<'_>],
    options: &ReadOptions<'_>,
) -> Result<FileContent, StatementError> {
    let name = |sheet: &TableText<'_>| sheet.sheet.clone().unwrap_or_default();
    let (mut with_table, mut without) = (Vec::new(), None);
    for sheet in sheets {
        match delimited::read(&sheet.text, options, TableKind::Sheet) {
            Err(
                error @ (StatementError::Empty { .. }
                | StatementError::Undecided { line: None, .. }),
            ) => {
                without.get_or_insert(error);
            }
            answer => with_table.push((name(sheet), answer)),
        }
    }
    if with_table.len() > 1 {
        let names: Vec<String> = with_table
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        return Err(StatementError::Undecided {
            line: None,
            detail: format!(
                "the sheets {} have a table of lines each; import one after the other with `--sheet`",
                names.join(", ")
            ),
        });
    }
    let Some((name, answer)) = with_table.pop() else {
        return Err(without.unwrap_or_else(|| StatementError::Empty {
            detail: "the workbook has no sheet".to_owned(),
        }));
    };
    let mut content = answer?;
    check_decimals(&content.statements)?;
    content
        .proofs
        .insert(0, format!("the lines are in the sheet `{name}`"));
    Ok(content)
}

/// Refuses amounts that are not exact in their currency.
fn check_decimals(statements: &[Statement]) -> Result<(), StatementError> {
    let mut lines = Vec::new();
    for statement in statements {
        let decimals = statement
            .currency
            .map_or(USUAL_DECIMALS, crate::domain::currency::Currency::decimals)
            + MORE_DECIMALS;
        let Some(unit) = 10_i128.checked_pow(DECIMALS.saturating_sub(decimals)) else {
            continue;
        };
        let is_exact = |amount: Signed| amount.units() % unit == 0;
        lines.extend(statement.lines.iter().filter_map(|line| {
            let StatementLine {
                amount, balance, ..
            } = line;
            let column = if is_exact(*amount) {
                balance.filter(|balance| !is_exact(*balance))?;
                "balance"
            } else {
                "amount"
            };
            Some(BadLine {
                code: None,
                line: line.place,
                column: Some(column.to_owned()),
                reason: format!(
                    "the number in the cell has more than {decimals} decimals, so it is not an exact amount"
                ),
            })
        }));
    }
    if lines.is_empty() {
        Ok(())
    } else {
        Err(StatementError::BadLines { lines })
    }
}
