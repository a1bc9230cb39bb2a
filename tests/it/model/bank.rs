//! The model's rules of bank accounts and their statements.

use super::{
    act::{BANK, NewAccount},
    books::{Account, Books, Refusal},
    sheets::Row,
};

/// A statement that was imported.
#[derive(Clone)]
pub(super) struct Statement {
    pub(super) account: usize,
    pub(super) rows: Vec<Row>,
    pub(super) new: usize,
    pub(super) by: usize,
    /// Whether a reconciliation has run since.
    pub(super) run_over: bool,
    /// Who took it back.
    pub(super) void: Option<usize>,
}

/// A line of the bank.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) account: usize,
    pub(super) statement: usize,
    pub(super) row: Row,
    /// Which of the lines that say the same it is.
    pub(super) occurrence: usize,
}

impl Books {
    pub(super) fn add_account(&mut self, actor: usize, new: &NewAccount) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        if self.account(&new.code).is_ok() {
            return Err(Refusal::Rule("bank.exists"));
        }
        let same = |known: &Account| {
            (known.bank, &known.number, known.currency) == (BANK, &new.number, new.currency)
        };
        if self.accounts.iter().any(same) {
            return Err(Refusal::Rule("bank.account_known"));
        }
        let project = new
            .project
            .as_ref()
            .map(|project| self.project(project))
            .transpose()?;
        if project.is_some_and(|project| self.projects[project].currency != new.currency) {
            return Err(Refusal::Rule("bank.project_currency"));
        }
        let (code, number) = (new.code.clone(), new.number.clone());
        self.accounts.push(Account {
            code,
            bank: BANK,
            number,
            currency: new.currency,
            project,
        });
        self.note(actor, "bank_account_added", ("", ""));
        Ok(())
    }

    /// Takes a statement in: of equal lines as many are new as it has more of them than the ledger.
    pub(super) fn import_statement(
        &mut self,
        actor: usize,
        account: &str,
        rows: &[Row],
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let account = self.account(account)?;
        if self.statements.iter().any(|known| {
            (known.account, &known.rows[..]) == (account, rows) && known.void.is_none()
        }) {
            return Ok(());
        }
        if self.looks_like_another_form(account, rows) {
            return Err(Refusal::Rule("bank.overlap"));
        }
        let before = self.lines.len();
        for (at, row) in rows.iter().enumerate() {
            let in_file = rows[..=at].iter().filter(|other| *other == row).count();
            let same = |line: &&Line| line.account == account && line.row == *row;
            let same: Vec<&Line> = self.lines.iter().filter(same).collect();
            let known = same.iter().filter(|line| !self.is_void(line)).count();
            if in_file > known {
                // Those that were taken back are counted too.
                let occurrence = same.len() + 1;
                let (statement, row) = (self.statements.len(), row.clone());
                self.lines.push(Line {
                    account,
                    statement,
                    row,
                    occurrence,
                });
            }
        }
        self.statements.push(Statement {
            account,
            rows: rows.to_vec(),
            new: self.lines.len() - before,
            by: actor,
            run_over: false,
            void: None,
        });
        self.note(actor, "statement_imported", ("", ""));
        Ok(())
    }

    /// Takes a statement back: a second person if a run has looked at it, and only while none of its
    /// lines is decided and no later statement has left lines to it.
    pub(super) fn void_statement(&mut self, actor: usize, number: usize) -> Result<(), Refusal> {
        if !(1..=self.statements.len()).contains(&number) {
            return Err(Refusal::Name("statement.unknown"));
        }
        let at = number - 1;
        let statement = &self.statements[at];
        if statement.run_over && self.four_eyes {
            self.must(actor, "review")?;
            self.must_be_second(actor, &[statement.by], "statement.same_actor")?;
        } else {
            self.must(actor, "record")?;
        }
        if statement.void.is_some() {
            return Err(Refusal::Rule("statement.void"));
        }
        let mut brought = (0..self.lines.len()).filter(|line| self.lines[*line].statement == at);
        if brought.any(|line| self.decided(line).is_some()) {
            return Err(Refusal::Rule("statement.decided"));
        }
        if self.is_needed(at) {
            return Err(Refusal::Rule("statement.needed"));
        }
        self.statements[at].void = Some(actor);
        let void = |line: &usize| self.lines[*line].statement == at;
        for link in self
            .links
            .iter_mut()
            .filter(|link| link.state == "proposed")
        {
            if link.lines.iter().any(void) {
                link.state = "superseded".to_owned();
            }
        }
        self.note(actor, "statement_voided", ("", ""));
        Ok(())
    }

    /// Checks whether a later statement of the account brought lines again that the ledger had, in
    /// days that this one has too.
    pub(super) fn is_needed(&self, at: usize) -> bool {
        let statement = &self.statements[at];
        let days = |statement: &Statement| {
            let days = || statement.rows.iter().map(|row| row.date);
            days().min().zip(days().max())
        };
        let shares = |other: &&Statement| {
            let (Some((first, last)), Some((from, to))) = (days(statement), days(other)) else {
                return false;
            };
            first <= to && from <= last
        };
        self.statements[at + 1..]
            .iter()
            .filter(|other| other.account == statement.account && other.void.is_none())
            .filter(|other| other.rows.len() > other.new)
            .any(|other| shares(&other))
    }

    pub(super) fn is_void(&self, line: &Line) -> bool {
        self.statements
            .get(line.statement)
            .is_some_and(|statement| statement.void.is_some())
    }

    /// Checks whether no row is known, and on the days that both have all amounts of one side are on
    /// the other too.
    fn looks_like_another_form(&self, account: usize, rows: &[Row]) -> bool {
        let known: Vec<&Row> = self
            .lines
            .iter()
            .filter(|line| line.account == account && !self.is_void(line))
            .map(|line| &line.row)
            .collect();
        if rows.iter().any(|row| known.contains(&row)) {
            return false;
        }
        let of_file: Vec<&Row> = rows
            .iter()
            .filter(|row| known.iter().any(|other| other.date == row.date))
            .collect();
        let mut of_ledger: Vec<&Row> = known
            .into_iter()
            .filter(|row| of_file.iter().any(|other| other.date == row.date))
            .collect();
        let least = of_file.len().min(of_ledger.len());
        let alike = of_file
            .iter()
            .filter(|row| {
                let same = |other: &&Row| (other.date, other.amount) == (row.date, row.amount);
                let found = of_ledger.iter().position(same);
                found.map(|at| of_ledger.swap_remove(at)).is_some()
            })
            .count();
        least > 0 && alike == least
    }
}
