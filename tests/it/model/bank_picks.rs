//! The arguments of the commands of the bank side: statements as a bank would write them of what
//! the model knows, with what banks do wrong.

use chrono::{Days, NaiveDate};

use super::{
    act::{Act, NewAccount},
    bank::Line,
    books::{Books, EndToEnd},
    picks::Picks,
    sheets::Row,
    units::{ONE, Units},
};

impl Picks<'_> {
    pub(super) fn new_account(&mut self) -> Act {
        let known = self.dice.pick(&self.books.accounts).cloned().unwrap();
        let many = self.books.accounts.len() > 6;
        let code = if many || self.dice.percent(20) {
            known.code.to_ascii_lowercase()
        } else {
            format!("B{}", self.count)
        };
        let number = if self.dice.percent(15) {
            known.number
        } else {
            format!("77{:08}", self.count)
        };
        let currency = self.one(&["NGN", "KWD", "JPY"]);
        let project = self.dice.percent(20).then(|| self.project());
        Act::BankAdd(NewAccount {
            code,
            number,
            currency,
            project,
        })
    }

    /// Writes a statement of an account: what the bank booked of late, some of it again, and what
    /// is new.
    pub(super) fn statement(&mut self) -> Act {
        let due: Vec<usize> = (0..self.books.references.len())
            .filter(|at| self.is_due(*at))
            .collect();
        let filed = self
            .dice
            .pick(&due)
            .and_then(|at| self.books.file_of(self.books.references[*at].withdrawal));
        let account = match filed.filter(|_| self.dice.percent(70)) {
            Some(file) => self.books.files[file].account,
            None => {
                let all = 0..self.books.accounts.len();
                let waited: Vec<usize> = all
                    .filter(|account| !self.waiting(*account).is_empty())
                    .collect();
                let any = self.dice.below(self.books.accounts.len());
                let waited = self.dice.pick(&waited).copied();
                waited.filter(|_| self.dice.percent(70)).unwrap_or(any)
            }
        };
        let from = self.books.today - Days::new(self.dice.next() % 5);
        let known = self
            .books
            .lines
            .iter()
            .filter(|line| line.account == account && line.row.date >= from)
            .filter(|line| !self.books.is_void(line) || self.count.is_multiple_of(2));
        let mut rows: Vec<Row> = known.map(|line| line.row.clone()).collect();
        if self.dice.percent(25) {
            let kept = self.dice.below(rows.len() + 1);
            rows.truncate(kept);
        }
        let new = if rows.is_empty() {
            1 + self.dice.below(3)
        } else {
            self.dice.below(4)
        };
        for at in 0..new {
            let row = self.row(account, at);
            rows.push(row);
        }
        // Often the bank has done all that it was asked for.
        let all = new > 0 && self.dice.percent(50);
        for at in due.into_iter().filter(|_| all) {
            let EndToEnd {
                reference,
                withdrawal,
                ..
            } = self.books.references[at].clone();
            let is_here = self
                .books
                .file_of(withdrawal)
                .is_some_and(|file| self.books.files[file].account == account);
            if is_here && !rows.iter().any(|row| row.bears == Some(withdrawal)) {
                let row = self.transfer((&reference, withdrawal), at + 10);
                rows.push(row);
            }
        }
        let named = if self.dice.percent(40) {
            self.by_name(account, 9)
        } else {
            None
        };
        rows.extend(named);
        rows.sort_by_key(|row| row.date);
        let spoilt = self.dice.percent(8);
        let account = if self.dice.percent(2) {
            "NONE".to_owned()
        } else {
            self.books.accounts[account].code.clone()
        };
        Act::Import {
            account,
            rows,
            spoilt,
        }
    }

    /// Checks whether the withdrawal of a reference waits for the bank to pay it.
    fn is_due(&self, at: usize) -> bool {
        let withdrawal = self.books.references[at].withdrawal;
        let waits = self.books.withdrawals[withdrawal].status == "approved"
            && self.books.file_of(withdrawal).is_some();
        waits
            && !self
                .books
                .lines
                .iter()
                .any(|line| line.row.bears == Some(withdrawal) && !self.books.is_void(line))
    }

    fn row(&mut self, account: usize, at: usize) -> Row {
        let of_account = |given: &&EndToEnd| {
            let file = self.books.file_of(given.withdrawal);
            file.is_some_and(|file| self.books.files[file].account == account)
        };
        let filed: Vec<EndToEnd> = (self.books.references.iter())
            .filter(of_account)
            .cloned()
            .collect();
        let is_new = |of: usize| {
            let bears = |line: &Line| line.row.bears == Some(of) && !self.books.is_void(line);
            !self.books.lines.iter().any(bears)
        };
        let waits: Vec<EndToEnd> = (filed.iter())
            .filter(|given| is_new(given.withdrawal))
            .cloned()
            .collect();
        let paid: Vec<EndToEnd> = (filed.iter())
            .filter(|given| self.books.linked("payment", given.withdrawal).is_some())
            .cloned()
            .collect();
        // The bank may pay an item that was dropped, or whose file was cancelled.
        let has_left = |given: &&EndToEnd| {
            let file = &self.books.files[given.file];
            !file.holds(given.withdrawal)
                && (file.account == account || self.books.is_expected(given.withdrawal, account))
        };
        let left: Vec<EndToEnd> = (self.books.references.iter())
            .filter(has_left)
            .cloned()
            .collect();
        let known: Vec<Row> = self
            .books
            .lines
            .iter()
            .filter(|line| line.account == account)
            .map(|line| line.row.clone())
            .collect();
        let throw = self.dice.below(100);
        let picked = match throw {
            // A booking that is there twice, several payments in one, an amount that is another,
            // and what is paid a second time.
            0..3 => {
                return self
                    .dice
                    .pick(&known)
                    .cloned()
                    .unwrap_or_else(|| self.foreign(account, at));
            }
            3..9 => {
                return self
                    .several(account, &waits, at)
                    .unwrap_or_else(|| self.foreign(account, at));
            }
            13..17 => self.dice.pick(&filed),
            17..33 => self.dice.pick(&paid),
            76..93 => {
                return self
                    .by_name(account, at)
                    .unwrap_or_else(|| self.foreign(account, at));
            }
            9..13 | 33..66 => self.dice.pick(&waits),
            66..76 => (self.dice.pick(&left)).or(self.dice.pick(&waits)),
            93..96 => {
                return self
                    .cheque(account)
                    .unwrap_or_else(|| self.foreign(account, at));
            }
            _ => None,
        };
        let Some(EndToEnd {
            reference,
            withdrawal,
            ..
        }) = picked.cloned()
        else {
            return self.foreign(account, at);
        };
        let amount = self.books.to_pay(withdrawal);
        let back = (17..33).contains(&throw);
        let odd = (9..13).contains(&throw) || (back && self.dice.percent(10));
        let amount = amount + if odd { self.too_much(withdrawal) } else { 0 };
        let row = self.transfer((&reference, withdrawal), at);
        if back {
            Row {
                amount,
                text: format!("INWARD {reference}"),
                ..row
            }
        } else {
            Row {
                amount: -amount,
                ..row
            }
        }
    }

    /// Books just what a payment file asked for.
    fn transfer(&mut self, (reference, withdrawal): (&str, usize), at: usize) -> Row {
        let (amount, text) = (
            -self.books.to_pay(withdrawal),
            format!("NIP TRANSFER {reference}"),
        );
        Row {
            date: self.booked(withdrawal),
            reference: self.bank_reference(at),
            amount,
            text,
            bears: Some(withdrawal),
        }
    }

    /// Makes a booking that has nothing to do with the ledger. No bank pays such an amount, so that
    /// no sum of them is one.
    fn foreign(&mut self, account: usize, at: usize) -> Row {
        if self.dice.percent(60) {
            let (amount, text) = self.charge(account);
            return Row {
                date: self.recent(),
                reference: self.bank_reference(at),
                amount: -amount - self.odd(),
                text,
                bears: None,
            };
        }
        let amount = ONE * self.dice.units(500) + self.odd();
        let (amount, text) = if self.dice.percent(50) {
            (-amount, "GOODS")
        } else {
            (amount, "SALE")
        };
        let (date, reference) = (self.recent(), self.bank_reference(at));
        Row {
            date,
            reference,
            amount,
            text: format!("{text} {}", self.dice.below(3)),
            bears: None,
        }
    }

    /// Lists the withdrawals that an account may pay these days.
    fn waiting(&self, account: usize) -> Vec<usize> {
        let latest = self.books.today - Days::new(4);
        let waits = |at: &usize| {
            let is_recent = self.books.expected_on(*at).is_some_and(|day| day >= latest);
            is_recent
                && self.books.is_expected(*at, account)
                && self.books.withdrawals[*at].status == "approved"
        };
        (0..self.books.withdrawals.len()).filter(waits).collect()
    }

    /// Books a payment under the payee's name alone: what becomes of it is left open.
    fn by_name(&mut self, account: usize, at: usize) -> Option<Row> {
        let waiting = self.waiting(account);
        let withdrawal = *self.dice.pick(&waiting)?;
        let name = &self.books.holders[self.books.withdrawals[withdrawal].holder].name;
        let text = format!("PAYMENT {}", name.to_ascii_uppercase());
        let (date, reference, amount) = (
            self.recent(),
            self.bank_reference(at),
            -self.books.to_pay(withdrawal),
        );
        Some(Row {
            date,
            reference,
            amount,
            text,
            bears: None,
        })
    }

    /// Books several payments as one amount without any reference, two of them or what is unpaid of
    /// a file: what becomes of it is left open.
    fn several(&mut self, account: usize, waits: &[EndToEnd], at: usize) -> Option<Row> {
        let unpaid = |withdrawal: &usize| self.books.withdrawals[*withdrawal].status == "approved";
        let of_account = self
            .books
            .files
            .iter()
            .filter(|file| file.account == account && self.books.is_open(file));
        let files: Vec<Vec<usize>> = of_account
            .map(|file| file.withdrawals.iter().copied().filter(unpaid).collect())
            .collect();
        let waiting = [(); 2].map(|()| self.dice.pick(waits).map(|given| given.withdrawal));
        let waiting = [waiting[0]?, waiting[1]?];
        let file = self.dice.pick(&files).filter(|_| self.dice.percent(40));
        let parts = file.map_or(&waiting[..], |file| &file[..]);
        let amount: Units = parts
            .iter()
            .map(|withdrawal| self.books.to_pay(*withdrawal))
            .sum();
        let (date, reference) = (self.recent(), self.bank_reference(at));
        Some(Row {
            date,
            reference,
            amount: -amount,
            text: self
                .one(&["SALARIES", "SALARIES", "BULK PAYMENT"])
                .to_owned(),
            bears: None,
        })
    }

    /// Books a cheque that somebody presents: the bank's reference is its number.
    fn cheque(&mut self, account: usize) -> Option<Row> {
        let is_out = |withdrawal: &usize| {
            self.books.withdrawals[*withdrawal].means == "cheque"
                && self.books.is_expected(*withdrawal, account)
                && self.books.linked("payment", *withdrawal).is_none()
        };
        let out: Vec<usize> = (0..self.books.withdrawals.len()).filter(is_out).collect();
        let withdrawal = &self.books.withdrawals[*self.dice.pick(&out)?];
        let payment = &self.books.payments[withdrawal.payment?];
        let name = &self.books.holders[withdrawal.holder].name;
        Some(Row {
            date: payment.date.max(self.books.today - Days::new(2)),
            reference: payment.reference.clone(),
            amount: -payment.amount,
            text: format!("CHEQUE {}", name.to_ascii_uppercase()),
            bears: None,
        })
    }

    /// Throws by how much a bank books too much: less than it can pay, or more. Such parts never
    /// add up to the whole.
    fn too_much(&mut self, withdrawal: usize) -> Units {
        if self.dice.percent(50) {
            self.odd()
        } else {
            self.books.minor(self.books.withdrawals[withdrawal].event) * self.dice.units(50)
        }
    }

    /// Throws a part of the smallest amount that a bank pays.
    fn odd(&mut self) -> Units {
        self.dice.units(9)
    }

    fn bank_reference(&self, at: usize) -> String {
        format!("BK{}{at}", 100_000 + self.count)
    }

    /// Picks the day on which the bank booked what a payment file asked for: seldom long before it.
    fn booked(&mut self, withdrawal: usize) -> NaiveDate {
        let filed = self
            .books
            .file_of(withdrawal)
            .map(|file| self.books.files[file].date);
        let recent = self.recent();
        match filed {
            Some(day) if self.dice.percent(4) => day - Days::new(3),
            Some(day) => recent.max(day),
            None => recent,
        }
    }

    fn recent(&mut self) -> NaiveDate {
        self.books.today - Days::new(self.dice.next() % 3)
    }

    pub(super) fn reconciliation(&mut self) -> Act {
        let unseen = unseen(self.books);
        let picked = self
            .dice
            .pick(&unseen)
            .copied()
            .filter(|_| self.dice.percent(80));
        let account = picked.unwrap_or_else(|| self.dice.below(self.books.accounts.len()));
        let code = if self.dice.percent(2) {
            "NONE"
        } else {
            &self.books.accounts[account].code
        };
        Act::Reconcile(code.to_owned())
    }

    /// Picks a statement to take back, mostly one of which no line is decided.
    pub(super) fn statement_to_void(&mut self) -> Act {
        let is_free = |at: &usize| {
            let brought = |line: &usize| self.books.lines[*line].statement == *at;
            let mut brought = (0..self.books.lines.len()).filter(brought);
            self.books.statements[*at].void.is_none()
                && brought.all(|line| self.books.decided(line).is_none())
                && !self.books.is_needed(*at)
        };
        let all = self.books.statements.len();
        let free: Vec<usize> = (0..all).filter(is_free).collect();
        let picked = (self.dice.pick(&free).copied()).filter(|_| self.dice.percent(75));
        Act::StatementVoid(picked.unwrap_or_else(|| self.dice.below(all + 1)) + 1)
    }

    /// Picks what a person decides about a line: mostly what fits its class.
    pub(super) fn decision(&mut self) -> Act {
        let of = |wanted: &dyn Fn(usize) -> bool| {
            (0..self.books.lines.len())
                .filter(|at| wanted(*at))
                .collect::<Vec<_>>()
        };
        let decided = of(&|at| self.books.decided(at).is_some());
        let is_proposed = |at: usize| {
            self.books
                .links
                .iter()
                .any(|link| link.state == "proposed" && link.lines.contains(&at))
        };
        let proposed = of(&is_proposed);
        let open = of(&|at| self.books.decided(at).is_none() && !is_proposed(at));
        let sent_back = of(&|at| {
            let link = self.books.decided(at);
            // What was requested again, or cancelled since, stays returned.
            let may_be_taken_back = || {
                let mut tried = self.books.clone();
                tried.decide(0, "bank unmatch", at + 1, &[]).is_ok()
            };
            link.is_some_and(|link| link.kind == "return") && may_be_taken_back()
        });
        let verb = if !sent_back.is_empty() && self.dice.percent(50) {
            "bank unmatch"
        } else if !proposed.is_empty() && self.dice.percent(80) {
            self.one(&["bank confirm", "bank confirm", "bank reject"])
        } else {
            // Where nothing is proposed, these two are refused.
            let rare = self.one(&["bank confirm", "bank reject"]);
            if self.dice.percent(12) {
                rare
            } else {
                self.one(&["bank match", "bank match", "bank unmatch", "bank resolve"])
            }
        };
        let fits = match verb {
            "bank unmatch" if !sent_back.is_empty() && self.dice.percent(90) => &sent_back,
            "bank unmatch" => &decided,
            "bank confirm" | "bank reject" => &proposed,
            _ if proposed.is_empty() || self.dice.percent(70) => &open,
            _ => &proposed,
        };
        let line = self
            .dice
            .pick(fits)
            .copied()
            .filter(|_| self.dice.percent(90));
        let line = line.unwrap_or_else(|| self.dice.below(self.books.lines.len() + 1));
        let (verb, line, payments) = if verb == "bank match" {
            self.matching(line)
        } else {
            (verb, line, Vec::new())
        };
        Act::Decide {
            verb,
            line: line + 1,
            payments,
        }
    }

    /// Picks a line and payments of its amount, or the line that was picked and any payment.
    fn matching(&mut self, line: usize) -> (&'static str, usize, Vec<usize>) {
        let mut pairs = Vec::new();
        for (at, line) in self
            .books
            .lines
            .iter()
            .enumerate()
            .filter(|(at, _)| self.books.decided(*at).is_none())
        {
            let equal = |(_, payment): &(usize, &super::books::Payment)| {
                payment.amount == line.row.amount.abs()
            };
            pairs.extend(
                self.books
                    .payments
                    .iter()
                    .enumerate()
                    .filter(equal)
                    .map(|(payment, _)| (at, payment)),
            );
        }
        let any = self.dice.below(self.books.payments.len() + 1);
        let picked = self
            .dice
            .pick(&pairs)
            .copied()
            .filter(|_| self.dice.percent(75));
        let (line, payment) = picked.unwrap_or((line, any));
        let twice = if self.dice.percent(10) {
            vec![payment + 1]
        } else {
            Vec::new()
        };
        ("bank match", line, [vec![payment + 1], twice].concat())
    }
}

/// Finds the accounts with lines that no run has seen.
fn unseen(books: &Books) -> Vec<usize> {
    (0..books.accounts.len())
        .filter(|account| books.is_unseen(*account))
        .collect()
}
