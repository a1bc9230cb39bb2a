//! Tables with the lines of several accounts: a text for each of them.

use super::{cells::one_line, left_out::emptied};
use crate::tabular::{Record, Rows};

/// How many accounts one table may have. Each reads the text once.
const MOST_ACCOUNTS: usize = 20;

/// A row of the table: where it is in the text, and of which account.
struct Row {
    start: usize,
    end: usize,
    account: usize,
}

/// Makes a text for each account of a table, with the rows of the others left empty, so that places
/// stay. Returns `None` if the table is of one account, or of too many.
pub(super) fn split(text: &str, mut body: Rows<'_>, column: Option<usize>) -> Option<Vec<String>> {
    let column = column?;
    let (mut accounts, mut rows): (Vec<String>, Vec<Row>) = (Vec::new(), Vec::new());
    let mut record = Record::default();
    loop {
        let start = body.offset();
        if !body.next(&mut record) {
            break;
        }
        let named = one_line(record.cell(column));
        // A heading that is repeated on each page is not an account.
        if named.bytes().filter(u8::is_ascii_digit).count() < 4 {
            continue;
        }
        let account = match accounts.iter().position(|known| *known == named) {
            Some(account) => account,
            None if accounts.len() == MOST_ACCOUNTS => return None,
            None => {
                accounts.push(named);
                accounts.len() - 1
            }
        };
        rows.push(Row {
            start,
            end: body.offset(),
            account,
        });
    }
    if accounts.len() < 2 {
        return None;
    }
    Some(
        (0..accounts.len())
            .map(|own| {
                let others = rows.iter().filter(|row| row.account != own);
                emptied(text, others.map(|row| row.start..row.end))
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_other_accounts_become_empty_lines() {
        let text = "Account No,Date,Amount\n0123456785,a,1\n0123456101,b,2\nAccount No,Date,Amount\n0123456785,c,3\nTotal,,6\n";
        let mut rows = Rows::new(text, b',');
        rows.skip_lines(1);
        let parts = split(text, rows, Some(0)).unwrap();
        assert_eq!(
            parts,
            [
                "Account No,Date,Amount\n0123456785,a,1\n\nAccount No,Date,Amount\n0123456785,c,3\nTotal,,6\n",
                "Account No,Date,Amount\n\n0123456101,b,2\nAccount No,Date,Amount\n\nTotal,,6\n",
            ]
        );
        let mut rows = Rows::new(text, b',');
        rows.skip_lines(4);
        assert_eq!(split(text, rows, Some(0)), None, "one account is left");
        assert_eq!(split(text, rows, None), None);
    }
}
