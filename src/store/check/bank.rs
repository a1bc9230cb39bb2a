//! Re-deriving what the bank side says: lines from their identities, links from their members,
//! payment files from their items.

use std::collections::HashMap;

use rusqlite::{Connection, types::ValueRef};

use crate::domain::{
    code::{FileNumber, LineNumber, StatementNumber, WithdrawalNumber},
    identity::{Identity, LineContent},
    quantity::{Amount, Total},
    signed::Signed,
};
use crate::store::{
    Error, Tx,
    cells::{cell, columns, text},
    check::{Check, counted},
    sql::Day,
    trail::verify::LINES,
};

/// What is asked of the bank's tables as a whole; each answers the rows that break it, in words.
const RULES: [(&str, &str); 3] = [
    (
        "SELECT 'L-' || printf('%06d', l.number) FROM bank_lines l WHERE l.occurrence > 1 AND NOT EXISTS
         (SELECT 1 FROM bank_lines o WHERE o.bank_account_id = l.bank_account_id AND o.booking_date = l.booking_date
          AND o.identity = l.identity AND o.occurrence = l.occurrence - 1) ORDER BY l.number",
        "is counted after a line that is not there",
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
    /// Every link adds up, and every payment file has its total. What the lines themselves say is
    /// added by [`Tx::with_lines`].
    pub(in crate::store) fn check_bank(&mut self) -> Result<Check, Error> {
        let mut findings = Vec::new();
        for (sql, what) in RULES {
            let mut statement = self.conn.prepare(sql)?;
            let names = statement
                .query_map([], |row| row.get::<_, String>(0))?
                .collect::<Result<Vec<_>, _>>()?;
            findings.extend(names.into_iter().map(|name| format!("{name} {what}")));
        }
        self.check_links(&mut findings)?;
        self.check_file_totals(&mut findings)?;
        let files: i64 = self
            .conn
            .query_row("SELECT count(*) FROM payment_files", [], |row| row.get(0))?;
        Ok(Check {
            name: "bank",
            findings,
            looked_at: counted(files, "payment file"),
        })
    }

    /// Adds to the bank's check what its lines showed: every one is what its identity says, and
    /// every statement has as many as it says.
    pub(in crate::store) fn with_lines(
        &mut self,
        mut bank: Check,
        parts: Vec<Result<Lines, Error>>,
    ) -> Result<Check, Error> {
        const STATEMENTS: &str = "SELECT number, lines_new FROM bank_statements ORDER BY number";
        let (mut count, mut brought) = (0_usize, HashMap::new());
        for part in parts {
            let part = part?;
            count += part.count;
            bank.findings.extend(part.findings);
            for (statement, lines) in part.brought {
                *brought.entry(statement).or_insert(0) += lines;
            }
        }
        let mut statement = self.conn.prepare(STATEMENTS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (number, said): (i64, i64) = (row.get(0)?, row.get(1)?);
            if brought.get(&number).copied().unwrap_or(0) != said {
                let statement = StatementNumber::new(number);
                bank.findings.push(format!(
                    "{statement} does not have as many lines as it says"
                ));
            }
        }
        bank.looked_at = format!("{}, {}", counted(count, "line"), bank.looked_at);
        Ok(bank)
    }

    /// The lines of a link add up to what was paid with it or sent back, exactly.
    fn check_links(&self, findings: &mut Vec<String>) -> Result<(), Error> {
        let mut links = self.links_with_lines(findings)?;
        self.add_payments(&mut links, findings)?;
        let unequal = links
            .into_iter()
            .filter(|link| link.paid != Some(link.lines));
        findings.extend(
            unequal.map(|link| format!("{} and what it is matched with do not add up", link.line)),
        );
        Ok(())
    }

    /// Adds up the lines of the links that are decided and hold payments. Every link has a line,
    /// and they agree on whether it ended.
    fn links_with_lines(&self, findings: &mut Vec<String>) -> Result<Vec<Link>, Error> {
        const LINES: &str =
            "SELECT m.number, x.number IS NULL, x.live <> (m.ended_at IS NULL), l.number, l.amount,
              m.kind IN ('payment', 'return') AND m.matched_at IS NOT NULL
            FROM bank_matches m LEFT JOIN bank_match_lines x ON x.match_number = m.number
            LEFT JOIN bank_lines l ON l.number = x.line_number ORDER BY m.number, x.line_number";
        let (mut links, mut told): (Vec<Link>, _) = (Vec::new(), None);
        let mut statement = self.conn.prepare(LINES)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            if row.get(1)? {
                findings.push(format!("match {number} has no line"));
                continue;
            }
            if row.get(2)? && told.replace(number) != Some(number) {
                findings.push(format!("match {number} and its lines do not agree"));
            }
            let (Some(line), true) = (
                row.get::<_, Option<i64>>(3)?.map(LineNumber::new),
                row.get(5)?,
            ) else {
                continue;
            };
            let amount = Signed::from(row.get::<_, Signed>(4)?.magnitude());
            match links.last_mut().filter(|last| last.number == number) {
                Some(link) => link.lines = link.lines.checked_add(amount).ok_or_else(too_much)?,
                None => links.push(Link {
                    number,
                    lines: amount,
                    line,
                    paid: Some(Signed::ZERO),
                }),
            }
        }
        Ok(links)
    }

    /// Adds what was paid with links that have lines. What a link holds is recorded as paid, and
    /// agrees with it.
    fn add_payments(&self, links: &mut [Link], findings: &mut Vec<String>) -> Result<(), Error> {
        const PAID: &str = "SELECT x.match_number, y.amount, w.number,
              w.paid_at IS NULL AND m.matched_at IS NOT NULL AND m.ended_at IS NULL,
              x.live <> (m.ended_at IS NULL) OR x.kind <> m.kind
            FROM bank_match_withdrawals x JOIN withdrawal_requests w ON w.number = x.withdrawal_number
            JOIN bank_matches m ON m.number = x.match_number
            LEFT JOIN distribution_payments y ON y.withdrawal_request_id = w.id ORDER BY x.match_number, x.withdrawal_number";
        // Both stand in order of the links; some links have payments and no lines that count.
        let (mut waiting, mut told) = (links.iter_mut().peekable(), None);
        let mut statement = self.conn.prepare(PAID)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (number, amount): (i64, Option<Amount>) = (row.get(0)?, row.get(1)?);
            while waiting.next_if(|link| link.number < number).is_some() {}
            if let Some((link, amount)) = waiting
                .peek_mut()
                .filter(|link| link.number == number)
                .zip(amount)
            {
                link.paid = link.paid.and_then(|paid| paid.checked_add(amount.into()));
            }
            if row.get(3)? {
                let withdrawal = WithdrawalNumber::new(row.get(2)?);
                findings.push(format!(
                    "{withdrawal} is matched with the bank and not recorded as paid"
                ));
            }
            if row.get(4)? && told.replace(number) != Some(number) {
                findings.push(format!("match {number} and its withdrawals do not agree"));
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
        let files = files.collect::<Result<Vec<(i64, Total)>, _>>()?;
        let mut amounts = self.conn.prepare(AMOUNTS)?;
        for (file, total) in files {
            let found = amounts.query_map([file], |row| row.get::<_, Amount>(0))?;
            let found: Option<Total> = found.collect::<Result<Vec<_>, _>>()?.into_iter().sum();
            if found != Some(total) {
                let file = FileNumber::new(file);
                findings.push(format!("{file} does not add up to its total"));
            }
        }
        Ok(())
    }
}

/// The lines of statements, taken row by row.
pub(in crate::store) struct Lines {
    /// The places of the columns that are needed.
    columns: [usize; 8],
    count: usize,
    /// How many lines each statement brought.
    brought: HashMap<i64, i64>,
    findings: Vec<String>,
}

impl Lines {
    pub(in crate::store) fn begin(conn: &Connection) -> Result<Self, Error> {
        const NEEDED: [&str; 8] = [
            "number",
            "statement_number",
            "booking_date",
            "value_date",
            "amount",
            "description",
            "reference",
            "identity",
        ];
        let columns = columns(conn, LINES, NEEDED)?;
        Ok(Self {
            columns,
            count: 0,
            brought: HashMap::new(),
            findings: Vec::new(),
        })
    }

    /// Adds a line.
    pub(in crate::store) fn add(&mut self, values: &[ValueRef<'_>]) -> Result<(), Error> {
        let [
            number,
            statement,
            booked,
            value,
            amount,
            description,
            reference,
            identity,
        ] = self.columns;
        // What is hashed is what stands there, and it must be a day.
        let _: (Day, Option<Day>) = (cell(values, booked)?, cell(values, value)?);
        let said = LineContent {
            booking_date: text(values, booked)?.unwrap_or_default(),
            value_date: text(values, value)?,
            amount: cell(values, amount)?,
            description: text(values, description)?.unwrap_or_default(),
            reference: text(values, reference)?,
        };
        self.count += 1;
        *self.brought.entry(cell(values, statement)?).or_insert(0) += 1;
        if text(values, identity)? != Some(Identity::of_content(&said).to_string().as_str()) {
            let line = LineNumber::new(cell(values, number)?);
            self.findings
                .push(format!("{line} is not what its identity says"));
        }
        Ok(())
    }
}

/// A link, what its lines add up to and the first of them, and what was paid with it.
struct Link {
    number: i64,
    lines: Signed,
    line: LineNumber,
    /// Nothing where it is too much to add up.
    paid: Option<Signed>,
}

fn too_much() -> Error {
    Error::bug("the lines of a link add up to too much")
}
