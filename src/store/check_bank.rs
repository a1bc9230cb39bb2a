//! Re-deriving what the bank side says: lines from their identities, links from their members, payment files from their items.

use rusqlite::Row;

use super::{
    Error, Tx,
    check::{Check, counted},
};
use crate::domain::{code::LineNumber, identity::Identity, quantity::Amount, signed::Signed};

/// What is asked of the bank's tables as a whole; each answers the rows that break it, in words.
const RULES: [(&str, &str); 8] = [
    (
        "SELECT 'S-' || printf('%06d', s.number) FROM bank_statements s
         LEFT JOIN (SELECT statement_number, count(*) AS lines FROM bank_lines GROUP BY statement_number) l
           ON l.statement_number = s.number
         WHERE s.lines_new <> coalesce(l.lines, 0) ORDER BY s.number",
        "does not have as many lines as it says",
    ),
    (
        "SELECT 'L-' || printf('%06d', l.number) FROM bank_lines l WHERE l.occurrence > 1 AND NOT EXISTS
         (SELECT 1 FROM bank_lines o WHERE o.bank_account_id = l.bank_account_id AND o.booking_date = l.booking_date
          AND o.identity = l.identity AND o.occurrence = l.occurrence - 1) ORDER BY l.number",
        "is counted after a line that is not there",
    ),
    (
        "SELECT DISTINCT 'match ' || m.number FROM bank_match_lines x CROSS JOIN bank_matches m ON m.number = x.match_number
         WHERE x.live <> (m.ended_at IS NULL) ORDER BY m.number",
        "and its lines do not agree",
    ),
    (
        "SELECT DISTINCT 'match ' || m.number FROM bank_match_withdrawals x CROSS JOIN bank_matches m ON m.number = x.match_number
         WHERE x.live <> (m.ended_at IS NULL) OR x.kind <> m.kind ORDER BY m.number",
        "and its withdrawals do not agree",
    ),
    (
        "SELECT 'match ' || m.number FROM bank_matches m
         WHERE NOT EXISTS (SELECT 1 FROM bank_match_lines x WHERE x.match_number = m.number) ORDER BY m.number",
        "has no line",
    ),
    (
        "SELECT 'W-' || printf('%06d', w.number) FROM bank_match_withdrawals x JOIN bank_matches m ON m.number = x.match_number
         JOIN withdrawal_requests w ON w.number = x.withdrawal_number
         WHERE m.matched_at IS NOT NULL AND m.ended_at IS NULL AND w.paid_at IS NULL ORDER BY w.number",
        "is matched with the bank and not recorded as paid",
    ),
    (
        "SELECT 'F-' || printf('%06d', f.number) FROM payment_files f
         WHERE f.payments <> (SELECT count(*) FROM payment_file_items i WHERE i.file_number = f.number)
         OR EXISTS (SELECT 1 FROM payment_file_items i WHERE i.file_number = f.number AND i.live <> (f.cancelled_at IS NULL))
         ORDER BY f.number",
        "and its payments do not agree",
    ),
    (
        "SELECT y.reference FROM distribution_payments y WHERE y.status = 'reconciled' ORDER BY y.number",
        "stands as reconciled in its row, which only links may say",
    ),
];

impl Tx<'_> {
    /// Every line is what its identity says, every link adds up, every payment file has its total.
    pub(super) fn check_bank(&mut self) -> Result<Check, Error> {
        let mut findings = Vec::new();
        for (sql, what) in RULES {
            let mut statement = self.conn.prepare(sql)?;
            let names = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            findings.extend(names.into_iter().map(|name| format!("{name} {what}")));
        }
        let lines = self.check_identities(&mut findings)?;
        self.check_link_sums(&mut findings)?;
        self.check_file_totals(&mut findings)?;
        let files: i64 = self.conn.query_row("SELECT count(*) FROM payment_files", [], |row| row.get(0))?;
        let looked_at = format!("{}, {}", counted(lines, "line"), counted(files, "payment file"));
        Ok(Check { name: "bank", findings, looked_at })
    }

    fn check_identities(&self, findings: &mut Vec<String>) -> Result<i64, Error> {
        let mut count = 0;
        let sql = super::line::with_identity();
        let mut statement = self.conn.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            count += 1;
            let (line, stored) = super::line::read_with_identity(row)?;
            if Identity::of(&line.line).to_string() != stored {
                findings.push(format!("{} is not what its identity says", line.number));
            }
        }
        Ok(count)
    }

    /// The lines of a link add up to what was paid with it or sent back, exactly.
    fn check_link_sums(&self, findings: &mut Vec<String>) -> Result<(), Error> {
        const LINES: &str = "SELECT m.number, l.amount, l.number FROM bank_matches m
            JOIN bank_match_lines x ON x.match_number = m.number JOIN bank_lines l ON l.number = x.line_number
            WHERE m.kind IN ('payment', 'return') AND m.matched_at IS NOT NULL ORDER BY x.match_number, x.line_number";
        const PAID: &str = "SELECT x.match_number, y.amount FROM bank_match_withdrawals x
            JOIN withdrawal_requests w ON w.number = x.withdrawal_number
            JOIN distribution_payments y ON y.withdrawal_request_id = w.id ORDER BY x.match_number, x.withdrawal_number";
        let mut links: Vec<(i64, Signed, LineNumber)> = Vec::new();
        let mut statement = self.conn.prepare(LINES)?;
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, Signed>(1)?, LineNumber::new(row.get(2)?)));
        for line in statement.query_map([], read)? {
            let (link, amount, number) = line?;
            let amount = Signed::from(amount.magnitude());
            match links.last_mut().filter(|(last, ..)| *last == link) {
                Some((_, sum, _)) => *sum = sum.checked_add(amount).ok_or_else(too_much)?,
                None => links.push((link, amount, number)),
            }
        }
        let mut statement = self.conn.prepare(PAID)?;
        let mut rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Amount>(1)?)))?;
        let mut next = rows.next().transpose()?;
        for (link, sum, line) in links {
            let mut paid = Some(Signed::ZERO);
            // Both stand in order of the links; some links have payments and no lines that count.
            while let Some((of, amount)) = next.filter(|(of, _)| *of <= link) {
                if of == link {
                    paid = paid.and_then(|paid| paid.checked_add(amount.into()));
                }
                next = rows.next().transpose()?;
            }
            if paid != Some(sum) {
                findings.push(format!("{line} and what it is matched with do not add up"));
            }
        }
        Ok(())
    }

    fn check_file_totals(&self, findings: &mut Vec<String>) -> Result<(), Error> {
        const FILES: &str = "SELECT number, total FROM payment_files ORDER BY number";
        const AMOUNTS: &str = "SELECT w.requested_amount FROM payment_file_items i
            JOIN withdrawal_requests w ON w.number = i.withdrawal_number WHERE i.file_number = ?1";
        let mut statement = self.conn.prepare(FILES)?;
        let files = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))?;
        let files = files.collect::<Result<Vec<(i64, crate::domain::quantity::Total)>, _>>()?;
        let mut amounts = self.conn.prepare(AMOUNTS)?;
        for (file, total) in files {
            let found = amounts.query_map([file], |row| row.get::<_, Amount>(0))?;
            let found: Option<crate::domain::quantity::Total> = found.collect::<Result<Vec<_>, _>>()?.into_iter().sum();
            if found != Some(total) {
                let file = crate::domain::code::FileNumber::new(file);
                findings.push(format!("{file} does not add up to its total"));
            }
        }
        Ok(())
    }
}

fn too_much() -> Error {
    Error::bug("the lines of a link add up to too much")
}
