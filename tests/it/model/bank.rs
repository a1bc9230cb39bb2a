//! The model's rules of the bank side: statements, and what their lines have to do with payments.
//!
//! How lines are matched is the program's business. The model knows of it what is promised for
//! certain: a debit with our end-to-end reference and the exact amount, alone in that and in its
//! days, is the payment, and a credit of that kind its return. Whatever has a reference and is not
//! that is left alone. Of lines without one it knows nothing but the laws.

use chrono::{Days, NaiveDate};

use super::{
    act::{BANK, NewAccount, PaymentInput},
    books::{Account, Basis, Books, Refusal, Withdrawal},
    sheets::Row,
    units::Units,
};

/// A statement that was imported.
#[derive(Clone)]
pub(super) struct Statement {
    pub(super) account: usize,
    pub(super) rows: Vec<Row>,
    pub(super) new: usize,
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

/// What lines are linked to, in the words of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) account: usize,
    pub(super) kind: String,
    pub(super) tier: String,
    /// `proposed` or `matched`, and once it has ended, how.
    pub(super) state: String,
    pub(super) lines: Vec<usize>,
    pub(super) withdrawals: Vec<usize>,
}

/// What the ledger holds after a run of the reconciliation.
#[derive(Clone, Debug)]
pub(super) struct OpenLinks {
    pub(super) links: Vec<Link>,
    pub(super) runs: usize,
}

/// The days before and after a payment in which its debit is looked for.
const DEBIT: (u64, u64) = (1, 10);
/// The days after a debit in which its return is looked for.
const RETURN: u64 = 30;

impl Link {
    pub(super) fn is_matched(&self) -> bool {
        self.state == "matched"
    }

    pub(super) fn is_live(&self) -> bool {
        self.is_matched() || self.state == "proposed"
    }

    /// Checks whether it says that this one line is this one payment, or its return.
    fn is(&self, kind: &str, line: usize, withdrawal: usize) -> bool {
        self.kind == kind && self.lines == [line] && self.withdrawals == [withdrawal]
    }
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
        if self
            .statements
            .iter()
            .any(|known| known.account == account && known.rows == rows)
        {
            return Ok(());
        }
        if self.looks_like_another_form(account, rows) {
            return Err(Refusal::Rule("bank.overlap"));
        }
        let before = self.lines.len();
        for (at, row) in rows.iter().enumerate() {
            let in_file = rows[..=at].iter().filter(|other| *other == row).count();
            let known = self
                .lines
                .iter()
                .filter(|line| line.account == account && line.row == *row)
                .count();
            if in_file > known {
                let (statement, row) = (self.statements.len(), row.clone());
                self.lines.push(Line {
                    account,
                    statement,
                    row,
                    occurrence: known + 1,
                });
            }
        }
        self.statements.push(Statement {
            account,
            rows: rows.to_vec(),
            new: self.lines.len() - before,
        });
        self.note(actor, "statement_imported", ("", ""));
        Ok(())
    }

    /// Checks whether no row is known, and on the days that both have all amounts of one side are on
    /// the other too.
    fn looks_like_another_form(&self, account: usize, rows: &[Row]) -> bool {
        let known: Vec<&Row> = self
            .lines
            .iter()
            .filter(|line| line.account == account)
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

    /// Checks whether a bank line may have paid a withdrawal: one carries its reference, is
    /// proposed for it, or is in doubt.
    pub(super) fn may_be_paid(&self, withdrawal: usize) -> bool {
        let proposed = |link: &Link| {
            link.is_live() && link.kind == "payment" && link.withdrawals.contains(&withdrawal)
        };
        // What a person explained as something else pays nobody.
        let explained = |line: usize| {
            let link = self.decided(line);
            link.is_some_and(|link| !["payment", "return"].contains(&link.kind.as_str()))
        };
        let debit = |(at, line): (usize, &Line)| {
            line.row.bears == Some(withdrawal) && line.row.amount < 0 && !explained(at)
        };
        self.links.iter().any(proposed)
            || self.lines.iter().enumerate().any(debit)
            || self.doubted.contains(&withdrawal)
    }

    /// Finds the link that decided about a line.
    pub(super) fn decided(&self, line: usize) -> Option<&Link> {
        self.links
            .iter()
            .find(|link| link.is_matched() && link.lines.contains(&line))
    }

    /// Finds the decided link of a kind that holds a withdrawal.
    pub(super) fn linked(&self, kind: &str, withdrawal: usize) -> Option<&Link> {
        self.links.iter().find(|link| {
            link.is_matched() && link.kind == kind && link.withdrawals.contains(&withdrawal)
        })
    }

    /// Returns what was or is to be paid for a withdrawal.
    pub(super) fn to_pay(&self, withdrawal: usize) -> Units {
        let Withdrawal {
            amount, payment, ..
        } = self.withdrawals[withdrawal];
        payment.map_or(amount, |payment| self.payments[payment].amount)
    }

    /// Checks whether a withdrawal is looked for on an account: it was approved, and the account is
    /// the one that its payment file names. Without a file it is its project's own, or any in its
    /// currency where the project has none of its own.
    pub(super) fn is_expected(&self, withdrawal: usize, account: usize) -> bool {
        let Withdrawal { status, event, .. } = self.withdrawals[withdrawal];
        let project = self.events[event].project;
        let Account {
            currency,
            project: own,
            ..
        } = self.accounts[account];
        let has_own = || {
            self.accounts
                .iter()
                .any(|other| other.project == Some(project))
        };
        let home = match (self.linked("payment", withdrawal), self.file_of(withdrawal)) {
            (Some(link), _) => link.account == account,
            (None, Some(file)) => self.files[file].account == account,
            (None, None) => own.map_or_else(|| !has_own(), |own| own == project),
        };
        home && currency == self.projects[project].currency
            && ["approved", "paid", "returned"].contains(&status)
    }

    /// Returns the day around which a withdrawal's debit is looked for: that of its payment, of its
    /// payment file, or of its approval.
    pub(super) fn expected_on(&self, withdrawal: usize) -> Option<NaiveDate> {
        let Withdrawal {
            payment,
            approved_on,
            ..
        } = self.withdrawals[withdrawal];
        let paid_on = payment.map(|payment| self.payments[payment].date);
        paid_on
            .or_else(|| self.file_of(withdrawal).map(|file| self.files[file].date))
            .or(approved_on)
    }

    /// Checks whether a person said that a line is not this payment, or not its return: no run says
    /// so again.
    fn is_taken_back(&self, kind: &str, line: usize, withdrawal: usize) -> bool {
        let ended = |link: &&Link| ["rejected", "unmatched"].contains(&link.state.as_str());
        self.links
            .iter()
            .filter(ended)
            .any(|link| link.is(kind, line, withdrawal))
    }

    /// Finds the lines of an account that nothing decided and that carry a withdrawal's reference
    /// and this very amount, without those that a person took back or rejected.
    fn exact(
        &self,
        account: usize,
        withdrawal: usize,
        (kind, amount): (&str, Units),
    ) -> Vec<usize> {
        let fits = |at: &usize| {
            let Line {
                account: of, row, ..
            } = &self.lines[*at];
            *of == account && row.bears == Some(withdrawal) && row.amount == amount
        };
        let open = (0..self.lines.len()).filter(fits);
        open.filter(|at| self.decided(*at).is_none() && !self.is_taken_back(kind, *at, withdrawal))
            .collect()
    }

    /// Returns the links that a run over an account must make, and those that it must propose since
    /// the holder is blocked.
    fn certain(&self, account: usize) -> Vec<Link> {
        let mut certain = Vec::new();
        let link = |kind: &str, state: &str, line: usize, withdrawal: usize| {
            let tier = if kind == "payment" { "1" } else { "6" };
            let (kind, tier, state) = (kind.to_owned(), tier.to_owned(), state.to_owned());
            Link {
                account,
                kind,
                tier,
                state,
                lines: vec![line],
                withdrawals: vec![withdrawal],
            }
        };
        for withdrawal in (0..self.withdrawals.len()).filter(|at| self.is_expected(*at, account)) {
            let amount = self.to_pay(withdrawal);
            let mut debits = self.exact(account, withdrawal, ("payment", -amount));
            let known = self.linked("payment", withdrawal);
            let mut debit = known.and_then(|link| link.lines.first().copied());
            if let Some(day) = self.expected_on(withdrawal).filter(|_| known.is_none()) {
                let days = day - Days::new(DEBIT.0)..=day + Days::new(DEBIT.1);
                let within: Vec<usize> = debits
                    .iter()
                    .copied()
                    .filter(|at| days.contains(&self.lines[*at].row.date))
                    .collect();
                if let [one] = within[..] {
                    let unpaid = self.withdrawals[withdrawal].payment.is_none();
                    if unpaid && self.holders[self.withdrawals[withdrawal].holder].blocked {
                        certain.push(link("payment", "proposed", one, withdrawal));
                        continue;
                    }
                    certain.push(link("payment", "matched", one, withdrawal));
                    debit = Some(one);
                    debits.retain(|at| *at != one);
                }
            }
            // If there is a second debit, which of the two was sent back is not certain.
            let Some(debit) =
                debit.filter(|_| debits.is_empty() && self.linked("return", withdrawal).is_none())
            else {
                continue;
            };
            let day = self.lines[debit].row.date;
            let days = day..=day + Days::new(RETURN);
            let credits = self.exact(account, withdrawal, ("return", amount));
            let within: Vec<usize> = credits
                .into_iter()
                .filter(|at| days.contains(&self.lines[*at].row.date))
                .collect();
            if let [one] = within[..] {
                certain.push(link("return", "matched", one, withdrawal));
            }
        }
        certain
    }

    /// Checks whether the model leaves open what a run makes of a line: it has the amount of
    /// something, and no reference that says of what on this account and that nobody took back.
    fn is_untold(&self, line: usize) -> bool {
        let Line { account, row, .. } = &self.lines[line];
        let minor = self
            .projects
            .iter()
            .find(|project| project.currency == self.accounts[*account].currency);
        let payable = minor.is_some_and(|project| row.amount % project.minor == 0);
        let kind = if row.amount < 0 { "payment" } else { "return" };
        let tells =
            |of: &usize| self.is_expected(*of, *account) && !self.is_taken_back(kind, line, *of);
        let told = row.bears.filter(tells);
        payable
            && told.is_none_or(|withdrawal| {
                row.amount > 0 && self.linked("payment", withdrawal).is_none()
            })
    }

    /// Judges a run that is over by what the ledger now holds: what is certain must be linked, and
    /// nothing else that has a reference; what was decided before is as it was. Then does what the
    /// new links say.
    pub(super) fn reconcile(&mut self, actor: usize, account: &str) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let account = self.account(account)?;
        let Some(found) = self.found.take() else {
            return Ok(());
        };
        let certain = self.certain(account);
        self.judge_run(account, &found, &certain);
        let before = std::mem::replace(&mut self.links, found.links);
        let is_new = |(at, link): &(usize, &Link)| {
            link.is_matched() && !before.get(*at).is_some_and(Link::is_matched)
        };
        let mut new: Vec<Link> = self
            .links
            .iter()
            .enumerate()
            .filter(is_new)
            .map(|(_, link)| link.clone())
            .collect();
        new.sort_by_key(|link| (link.tier.clone(), link.kind == "return", link.lines.clone()));
        for link in new {
            self.settle(actor, &link);
        }
        let lines = self
            .lines
            .iter()
            .filter(|line| line.account == account)
            .count();
        let unseen = lines > self.seen.get(&account).copied().unwrap_or_default();
        let (must, may) = (
            unseen || before != self.links,
            self.settled != Some(account),
        );
        let wrote = found.runs > self.runs;
        if (must && !wrote) || (wrote && !must && !may) || found.runs > self.runs + 1 {
            self.wrong.push(format!(
                "runs: {} before, {} now; it must write: {must}, it may: {may}",
                self.runs, found.runs
            ));
        }
        self.settled = Some(account);
        if wrote {
            self.runs = found.runs;
            self.seen.insert(account, lines);
            self.close(actor);
            self.note(actor, "bank_reconciled", ("", ""));
        }
        Ok(())
    }

    fn judge_run(&mut self, account: usize, found: &OpenLinks, certain: &[Link]) {
        for (at, before) in self.links.iter().enumerate() {
            let after = found.links.get(at);
            let may_end = before.state == "proposed";
            if !may_end && after != Some(before) {
                self.wrong
                    .push(format!("{before:?} was decided and is now {after:?}"));
            }
        }
        for link in certain.iter().filter(|link| !found.links.contains(link)) {
            self.wrong.push(format!("not linked: {link:?}"));
        }
        let made = found
            .links
            .iter()
            .enumerate()
            .filter(|(at, link)| link.is_live() && self.links.get(*at) != Some(link));
        let unfounded =
            made.filter(|(_, link)| !certain.contains(link) && !self.is_lawful(account, link));
        let unfounded: Vec<String> = (unfounded)
            .map(|(at, link)| {
                let rows: Vec<&Row> = link
                    .lines
                    .iter()
                    .map(|line| &self.lines[*line].row)
                    .collect();
                let expected: Vec<(bool, Units)> = (link.withdrawals.iter())
                    .map(|withdrawal| {
                        (
                            self.is_expected(*withdrawal, account),
                            self.to_pay(*withdrawal),
                        )
                    })
                    .collect();
                format!(
                    "{} links without reason: {link:?}, {rows:?} to {expected:?}",
                    at + 1
                )
            })
            .collect();
        self.wrong.extend(unfounded);
    }

    /// Checks whether a link may be where the model does not know: its lines are open and were
    /// free, what it holds is expected on this account, and it adds up.
    fn is_lawful(&self, account: usize, link: &Link) -> bool {
        let free = |line: &usize| {
            self.lines[*line].account == account
                && self.decided(*line).is_none()
                && self.is_untold(*line)
        };
        let expected = |withdrawal: &usize| self.is_expected(*withdrawal, account);
        let bank: Units = link
            .lines
            .iter()
            .map(|line| self.lines[*line].row.amount)
            .sum();
        let ledger: Units = link
            .withdrawals
            .iter()
            .map(|withdrawal| self.to_pay(*withdrawal))
            .sum();
        let sum = if link.kind == "return" {
            ledger
        } else {
            -ledger
        };
        link.lines.iter().all(free) && link.withdrawals.iter().all(expected) && bank == sum
    }

    /// Does what a link says: what is not recorded as paid is recorded from its last line, what was
    /// sent back is given back.
    pub(super) fn settle(&mut self, actor: usize, link: &Link) {
        for withdrawal in &link.withdrawals {
            if let Err(no) = self.settle_one(actor, link, *withdrawal) {
                self.wrong.push(format!(
                    "{no:?} speaks against W-{} in {link:?}",
                    withdrawal + 1
                ));
            }
        }
    }

    pub(super) fn settle_one(
        &mut self,
        actor: usize,
        link: &Link,
        withdrawal: usize,
    ) -> Result<(), Refusal> {
        let last = link
            .lines
            .iter()
            .copied()
            .max_by_key(|line| (self.lines[*line].row.date, *line));
        let Some(line) = last else { return Ok(()) };
        let row = self.lines[line].row.clone();
        let payment = self.withdrawals[withdrawal].payment;
        match (link.kind.as_str(), payment) {
            ("payment", None) => {
                let reference = self.reference_from(link, line, withdrawal);
                let date = row.date.min(self.today);
                self.pay(
                    actor,
                    &PaymentInput {
                        withdrawal: withdrawal + 1,
                        reference,
                        date,
                        amount: None,
                    },
                    Basis::Line(line),
                )
            }
            ("return", Some(payment)) if self.payments[payment].returned.is_none() => {
                self.must(actor, "record")?;
                let date = row.date.min(self.today).max(self.payments[payment].date);
                self.give_back(actor, payment + 1, date)
            }
            ("return", None) => Err(Refusal::Name("a return of what was never paid")),
            _ => Ok(()),
        }
    }

    /// Returns the reference of a payment that is recorded from a line: the bank's own where it is
    /// this payment's alone, else ours, and if both were used, the names of line and withdrawal.
    fn reference_from(&self, link: &Link, line: usize, withdrawal: usize) -> String {
        let own =
            Some(self.lines[line].row.reference.clone()).filter(|_| link.withdrawals.len() == 1);
        let filed = self.file_of(withdrawal).is_some();
        let ours = self
            .references
            .iter()
            .rfind(|(_, of)| filed && *of == withdrawal)
            .map(|(reference, _)| reference.clone());
        let unused = |reference: &String| {
            self.payments
                .iter()
                .all(|payment| payment.reference != *reference)
        };
        let names = || format!("L-{:06}/W-{:06}", line + 1, withdrawal + 1);
        own.into_iter()
            .chain(ours)
            .find(unused)
            .unwrap_or_else(names)
    }
}
