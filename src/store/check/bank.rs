//! Deriving again what the bank side says: lines from their identities, matches from their members,
//! payment files from their items.

use std::collections::HashMap;

use super::counted::counted;
use crate::domain::{
    check::Check,
    code::{FileNumber, LineNumber, StatementNumber, WithdrawalNumber},
    identity::{Identity, LineContent},
    quantity::{Amount, Total},
    signed::Signed,
    time::Date,
};
use crate::store::{
    Error, Tx,
    db::{Db, Row, first_column},
};

/// Queries over whole tables. Each returns the codes of the rows that break a rule, and the words say
/// what is wrong with them.
const RULES: [(&str, &str); 2] = [
    (
        "SELECT 'L-' || printf('%06d', l.number) FROM bank_lines l WHERE l.occurrence > 1 AND NOT EXISTS
         (SELECT 1 FROM bank_lines o WHERE o.bank_account_id = l.bank_account_id AND o.booking_date = l.booking_date
          AND o.identity = l.identity AND o.occurrence = l.occurrence - 1) ORDER BY l.number",
        "is counted after an equal line that does not exist",
    ),
    (
        "SELECT 'F-' || printf('%06d', f.number) FROM payment_files f
         WHERE f.payments <> (SELECT count(*) FROM payment_file_items i WHERE i.file_number = f.number AND i.ended_as IS NOT 'dropped')
         OR EXISTS (SELECT 1 FROM payment_file_items i JOIN withdrawal_requests w ON w.number = i.withdrawal_number
           WHERE i.file_number = f.number AND ((i.ended_as = 'cancelled' AND f.cancelled_at IS NULL)
             OR i.amount <> w.requested_amount OR i.account_number <> w.account_number OR i.bank_name <> w.bank_name
             OR i.bank_code IS NOT w.bank_code OR i.account_name IS NOT w.account_name))
         ORDER BY f.number",
        "and its payments do not agree",
    ),
];

/// Checks that every line is what its identity says, that every statement has its lines, that the
/// members of every match add up, and that every payment file has its total.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn check(tx: &mut Tx<'_>) -> Result<Check, Error> {
    const FILES: &str = "SELECT count(*) FROM payment_files";
    let db = tx.db;
    let mut findings = Vec::new();
    for (sql, what) in RULES {
        let codes = db.values::<String>(sql, ())?;
        findings.extend(codes.into_iter().map(|code| format!("{code} {what}")));
    }
    check_matches(db, &mut findings)?;
    check_file_totals(db, &mut findings)?;
    let lines = check_lines(db, &mut findings)?;
    let files: i64 = db.value(FILES, ())?;
    Ok(Check {
        name: "bank",
        findings,
        looked_at: format!(
            "{}, {}",
            counted(lines, "line"),
            counted(files, "payment file")
        ),
    })
}

/// Checks that every line is what its identity says, and that every statement brought as many lines
/// as it says. Returns the number of lines.
fn check_lines(db: Db<'_>, findings: &mut Vec<String>) -> Result<usize, Error> {
    const LINES: &str =
        "SELECT number, statement_number, booking_date, value_date, amount, description,
        reference, identity FROM bank_lines ORDER BY number";
    const STATEMENTS: &str = "SELECT number, lines_new FROM bank_statements ORDER BY number";
    let (mut lines, mut brought) = (0_usize, HashMap::<i64, i64>::new());
    db.each(LINES, (), |row| {
        lines += 1;
        *brought.entry(row.get(1)?).or_insert(0) += 1;
        if row.text(7)? != identity(row)?.to_string() {
            let line: LineNumber = row.get(0)?;
            findings.push(format!("{line} is not what its identity says"));
        }
        Ok::<_, Error>(())
    })?;
    db.each(STATEMENTS, (), |row| {
        let (number, said): (i64, i64) = (row.next()?, row.next()?);
        if brought.get(&number).copied().unwrap_or(0) != said {
            let statement = StatementNumber::new(number);
            findings.push(format!(
                "{statement} does not have as many lines as it says"
            ));
        }
        Ok::<_, Error>(())
    })?;
    Ok(lines)
}

/// Makes the identity of a line from its row.
fn identity(row: &Row<'_>) -> Result<Identity, Error> {
    let text = |column| row.get::<Option<String>>(column);
    let (booking_date, value_date) = (text(2)?, text(3)?);
    let (description, reference) = (text(5)?, text(6)?);
    // The stored text is hashed, and it must be a date.
    row.get::<Date>(2)?;
    row.get::<Option<Date>>(3)?;
    Ok(Identity::of_content(&LineContent {
        booking_date: booking_date.as_deref().unwrap_or_default(),
        value_date: value_date.as_deref(),
        amount: row.get(4)?,
        description: description.as_deref().unwrap_or_default(),
        reference: reference.as_deref(),
    }))
}

/// A match, the sum of its lines and the first of them, and what was paid with it.
struct MatchSums {
    number: i64,
    lines: Signed,
    line: LineNumber,
    /// `None` if it is too much to add up.
    paid: Option<Signed>,
}

/// Checks that the lines of a match add up to what was paid with it or sent back, exactly.
fn check_matches(db: Db<'_>, findings: &mut Vec<String>) -> Result<(), Error> {
    let mut matches = matches_with_lines(db, findings)?;
    add_payments(db, &mut matches, findings)?;
    let unequal = matches
        .into_iter()
        .filter(|sums| sums.paid != Some(sums.lines));
    findings.extend(
        unequal.map(|sums| format!("{} and what it is matched with do not add up", sums.line)),
    );
    Ok(())
}

/// Adds up the lines of the matches that are decided and have payments. Every match has a line, and
/// they agree on whether it ended.
fn matches_with_lines(db: Db<'_>, findings: &mut Vec<String>) -> Result<Vec<MatchSums>, Error> {
    const LINES: &str =
        "SELECT m.number, x.number IS NULL, x.live <> (m.ended_at IS NULL), l.number, l.amount,
          m.kind IN ('payment', 'return') AND m.matched_at IS NOT NULL
        FROM bank_matches m LEFT JOIN bank_match_lines x ON x.match_number = m.number
        LEFT JOIN bank_lines l ON l.number = x.line_number ORDER BY m.number, x.line_number";
    let (mut matches, mut reported): (Vec<MatchSums>, _) = (Vec::new(), None);
    db.each(LINES, (), |row| {
        let number: i64 = row.get(0)?;
        if row.get(1)? {
            findings.push(format!("match {number} has no line"));
            return Ok(());
        }
        if row.get(2)? && reported.replace(number) != Some(number) {
            findings.push(format!("match {number} and its lines do not agree"));
        }
        let (Some(line), true) = (row.get::<Option<LineNumber>>(3)?, row.get(5)?) else {
            return Ok(());
        };
        let amount = Signed::from(row.get::<Signed>(4)?.magnitude());
        match matches.last_mut().filter(|last| last.number == number) {
            Some(sums) => {
                sums.lines = sums
                    .lines
                    .checked_add(amount)
                    .ok_or_else(|| Error::bug("the lines of a match add up to too much"))?;
            }
            None => matches.push(MatchSums {
                number,
                lines: amount,
                line,
                paid: Some(Signed::ZERO),
            }),
        }
        Ok::<_, Error>(())
    })?;
    Ok(matches)
}

/// Adds what was paid with the matches that have lines. Whatever a match has is recorded as paid, and
/// agrees with it.
fn add_payments(
    db: Db<'_>,
    matches: &mut [MatchSums],
    findings: &mut Vec<String>,
) -> Result<(), Error> {
    const PAID: &str = "SELECT x.match_number, y.amount, w.number,
          w.paid_at IS NULL AND m.matched_at IS NOT NULL AND m.ended_at IS NULL,
          x.live <> (m.ended_at IS NULL) OR x.kind <> m.kind
        FROM bank_match_withdrawals x JOIN withdrawal_requests w ON w.number = x.withdrawal_number
        JOIN bank_matches m ON m.number = x.match_number
        LEFT JOIN distribution_payments y ON y.withdrawal_request_id = w.id ORDER BY x.match_number, x.withdrawal_number";
    // Both are in order of the matches; some matches have payments and no lines that count.
    let (mut waiting, mut reported) = (matches.iter_mut().peekable(), None);
    db.each(PAID, (), |row| {
        let (number, amount): (i64, Option<Amount>) = (row.get(0)?, row.get(1)?);
        while waiting.next_if(|sums| sums.number < number).is_some() {}
        if let Some((sums, amount)) = waiting
            .peek_mut()
            .filter(|sums| sums.number == number)
            .zip(amount)
        {
            sums.paid = sums.paid.and_then(|paid| paid.checked_add(amount.into()));
        }
        if row.get(3)? {
            let withdrawal: WithdrawalNumber = row.get(2)?;
            findings.push(format!(
                "{withdrawal} is matched with the bank and not recorded as paid"
            ));
        }
        if row.get(4)? && reported.replace(number) != Some(number) {
            findings.push(format!("match {number} and its withdrawals do not agree"));
        }
        Ok(())
    })
}

/// Checks that every payment file has its total.
fn check_file_totals(db: Db<'_>, findings: &mut Vec<String>) -> Result<(), Error> {
    const FILES: &str = "SELECT number, total FROM payment_files ORDER BY number";
    const AMOUNTS: &str = "SELECT amount FROM payment_file_items WHERE file_number = ?1 AND ended_as IS NOT 'dropped'";
    let mut amounts = db.statement(AMOUNTS)?;
    db.each(FILES, (), |row| {
        let (file, total): (FileNumber, Total) = (row.next()?, row.next()?);
        let found = amounts.query([file], first_column::<Amount>)?;
        if found.into_iter().sum::<Option<Total>>() != Some(total) {
            findings.push(format!("{file} does not add up to its total"));
        }
        Ok(())
    })
}
