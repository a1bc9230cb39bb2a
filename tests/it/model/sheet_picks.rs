//! The arguments of what is imported from files, and of net asset values.

use chrono::NaiveDate;

use super::{
    act::{Act, Bank, Entry},
    picks::{Picks, issue},
    sheets::{HolderRow, TokenFile, TokenRow},
    units::ONE,
};

impl Picks<'_> {
    pub(super) fn nav(&mut self) -> Act {
        let amount = if self.dice.percent(5) {
            0
        } else {
            self.dice.units(1_000_000 * ONE)
        };
        // A value on a day that has one, or on an event's record date, counts in place of another.
        let known = self.books.navs.iter().map(|nav| (nav.project, nav.date));
        let asked = self
            .books
            .events
            .iter()
            .map(|event| (event.project, event.record_date));
        let days: Vec<(usize, NaiveDate)> = known.chain(asked).collect();
        let (project, date) = match self.dice.pick(&days).filter(|_| self.dice.percent(70)) {
            Some((project, date)) => (self.books.projects[*project].code.to_owned(), *date),
            None => (self.project(), self.day()),
        };
        Act::Nav {
            project,
            amount,
            date,
        }
    }

    pub(super) fn holders(&mut self) -> Act {
        let update = self.dice.percent(50);
        let rows = (0..=self.dice.below(3)).map(|at| {
            let known = if update { 70 } else { 10 };
            let is_known = self.books.holders.len() > 11 || self.dice.percent(known);
            let code = if is_known {
                self.holder()
            } else {
                format!("i{}-{at}", self.count)
            };
            let bank = if self.dice.percent(30) {
                Bank::default()
            } else {
                self.bank_details()
            };
            HolderRow { code, bank }
        });
        Act::HolderImport {
            rows: rows.collect(),
            update,
            spoilt: self.dice.percent(8),
        }
    }

    pub(super) fn register_file(&mut self) -> Act {
        let Some(known) = self
            .dice
            .pick(&self.books.imports)
            .cloned()
            .filter(|_| self.dice.percent(15))
        else {
            return Act::TokenImport(self.new_register_file());
        };
        // The same file again, now and then with another word next to it.
        let mut file = known.file;
        match self.dice.below(5) {
            2 => file.add = !file.add,
            0 => file.round = !file.round,
            1 => file.create = !file.create,
            _ => {}
        }
        Act::TokenImport(file)
    }

    fn new_register_file(&mut self) -> TokenFile {
        let project = self.project();
        let date = self.dice.percent(50).then(|| self.day());
        let rows = (0..=self.dice.below(3)).map(|at| {
            let entry = match date {
                Some(_) => issue(&self.named(at), ONE * self.dice.units(3), &project),
                None => self.listed(&project, at),
            };
            TokenRow {
                entry: Entry {
                    date: date.unwrap_or(entry.date),
                    ..entry
                },
                too_fine: self.dice.percent(5),
            }
        });
        let rows = rows.collect();
        TokenFile {
            project,
            rows,
            date,
            create: self.dice.percent(60),
            round: self.dice.percent(50),
            add: self.dice.percent(70),
        }
    }

    fn named(&mut self, at: usize) -> String {
        let many = self.books.holders.len() > 11;
        if many || self.dice.percent(85) {
            self.holder()
        } else {
            format!("t{}-{at}", self.count)
        }
    }

    /// Picks an entry as a file lists it.
    fn listed(&mut self, project: &str, at: usize) -> Entry {
        let verb = self.one(&[
            "token issue",
            "token issue",
            "token transfer",
            "token redeem",
        ]);
        let holder = if verb == "token issue" {
            self.named(at)
        } else {
            self.holder()
        };
        let to = (verb == "token transfer").then(|| {
            if self.dice.percent(5) {
                holder.clone()
            } else {
                self.named(at + 10)
            }
        });
        let tokens = if self.dice.percent(4) {
            0
        } else {
            self.dice.units(2) * ONE
        };
        let reference = self
            .dice
            .percent(20)
            .then(|| format!("T{}", self.dice.below(60)));
        Entry {
            verb,
            holder,
            to,
            tokens,
            project: project.to_owned(),
            date: self.day(),
            reference,
        }
    }
}
