//! The model's rules of files of holders and of register entries: all of a file or nothing.

use chrono::NaiveDate;

use super::{
    act::{Bank, Entry},
    books::{Books, Refusal},
    sheets::{HolderRow, TokenFile},
    units::{MOST, Units},
};

/// A register file that was taken in.
#[derive(Clone)]
pub(super) struct TokenImport {
    pub(super) project: usize,
    pub(super) file: TokenFile,
    pub(super) rows: usize,
    /// The rows without tokens.
    pub(super) left_out: usize,
    pub(super) tokens: Units,
}

impl Books {
    pub(super) fn import_holders(
        &mut self,
        actor: usize,
        rows: &[HolderRow],
        update: bool,
        spoilt: bool,
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let (mut bad, mut changed) = (spoilt, false);
        for (at, row) in rows.iter().enumerate() {
            let twice = rows[..at]
                .iter()
                .any(|above| above.code.eq_ignore_ascii_case(&row.code));
            let name = format!("Name {}", row.code);
            match self.holder(&row.code) {
                _ if twice => bad = true,
                Ok(_) if !update => bad = true,
                Ok(holder) => match self.change_bank(actor, holder, &row.bank) {
                    Ok(other_bank) => {
                        changed |= other_bank || self.holders[holder].name != name;
                        self.holders[holder].name = name;
                    }
                    Err(_) => bad = true,
                },
                Err(_) if row.bank.check().is_err() => bad = true,
                Err(_) => {
                    self.push_holder(actor, &row.code, &name, &row.bank);
                    changed = true;
                }
            }
        }
        if bad {
            return Err(Refusal::Rows(None));
        }
        if changed {
            self.note(actor, "holders_imported", ("", ""));
        }
        Ok(())
    }

    pub(super) fn import_tokens(&mut self, actor: usize, file: &TokenFile) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let project = self.project(&file.project)?;
        let content = file.content();
        let same =
            |known: &&TokenImport| known.project == project && known.file.content() == content;
        if let Some(known) = self.imports.iter().find(same) {
            let options = |file: &TokenFile| (file.date, file.create, file.round, file.add);
            let same = options(&known.file) == options(file);
            return if same {
                Ok(())
            } else {
                Err(Refusal::Rule("token.import_differs"))
            };
        }
        self.must_have_room(project, file)?;
        if !self.yes && !file.is_bad() && file.ends_with_the_sum() {
            return Err(Refusal::Question("token.last_row_is_sum"));
        }
        let read: Vec<&Entry> = file
            .rows
            .iter()
            .enumerate()
            .filter(|(at, _)| file.reads(*at))
            .map(|(_, row)| &row.entry)
            .collect();
        self.enter_all(actor, project, (file, &read))?;
        let tokens = read.iter().map(|entry| entry.tokens).sum();
        self.imports.push(TokenImport {
            project,
            file: file.clone(),
            rows: read.len(),
            left_out: file.rows.len() - read.len(),
            tokens,
        });
        self.note(actor, "tokens_imported", ("", ""));
        Ok(())
    }

    /// Refuses a cap table where there are holdings, unless it comes on top of them.
    fn must_have_room(&self, project: usize, file: &TokenFile) -> Result<(), Refusal> {
        let Some(date) = file.date.filter(|_| !file.is_bad() && file.has_tokens()) else {
            return Ok(());
        };
        let holds = |until: NaiveDate| {
            (0..self.holders.len()).any(|holder| self.held_on(project, holder, until) != 0)
        };
        if !file.add && (holds(date) || holds(NaiveDate::MAX)) {
            return Err(Refusal::Rule("token.register_not_empty"));
        }
        Ok(())
    }

    fn held_on(&self, project: usize, holder: usize, day: NaiveDate) -> Units {
        let flows = self.register.iter();
        flows
            .filter(|flow| flow.project == project && flow.date <= day)
            .map(|flow| flow.to_holder(holder))
            .sum()
    }

    /// Enters what could be read of a file. If a row is refused, all are checked and none is
    /// entered.
    fn enter_all(
        &mut self,
        actor: usize,
        project: usize,
        (file, read): (&TokenFile, &[&Entry]),
    ) -> Result<(), Refusal> {
        let mut bad = file.is_bad();
        if read.is_empty() {
            return Err(Refusal::Rows(None));
        }
        let (mut noted, mut givers) = (None, Vec::new());
        for entry in read {
            self.create(actor, file, entry);
            let gives = if entry.verb == "token issue" {
                None
            } else {
                self.holder(&entry.holder).ok()
            };
            let known = entry.to.as_ref().is_none_or(|to| self.holder(to).is_ok());
            givers.extend(gives.filter(|_| known));
            if let Err(no) = self.insert_entry(actor, project, entry) {
                bad = true;
                if let Refusal::Rule(code) = no {
                    noted.get_or_insert(code);
                }
            }
        }
        if givers
            .into_iter()
            .any(|giver| self.lowest(project, giver) < 0)
        {
            bad = true;
            noted.get_or_insert("token.negative_balance");
        }
        if bad {
            return Err(Refusal::Rows(noted));
        }
        if self.most(project) > MOST {
            Err(Refusal::Rule("token.too_many"))
        } else {
            Ok(())
        }
    }

    /// Adds whom an entry gives tokens to, where the file may bring new holders: never one who
    /// gives.
    fn create(&mut self, actor: usize, file: &TokenFile, entry: &Entry) {
        let receiver = match entry.verb {
            "token issue" => Some(&entry.holder),
            "token transfer" if self.holder(&entry.holder).is_ok() => entry.to.as_ref(),
            _ => None,
        };
        if let Some(code) = receiver.filter(|code| file.create && self.holder(code).is_err()) {
            self.push_holder(actor, code, code, &Bank::default());
        }
    }
}

impl TokenFile {
    /// Returns whether a row has no tokens, so that it is left out.
    fn is_left_out(&self, at: usize) -> bool {
        let row = &self.rows[at];
        row.entry.tokens == 0 && (self.round || !row.too_fine)
    }

    /// Returns whether any row is bad.
    fn is_bad(&self) -> bool {
        (0..self.rows.len()).any(|at| !self.reads(at) && !self.is_left_out(at))
    }

    fn has_tokens(&self) -> bool {
        (0..self.rows.len()).any(|at| self.reads(at))
    }

    /// Returns whether the last row has the sum of all above, which is asked about.
    pub(super) fn ends_with_the_sum(&self) -> bool {
        let issues = self.rows.iter().all(|row| row.entry.verb == "token issue");
        let Some((last, above)) = self.rows.split_last() else {
            return false;
        };
        let sum: Units = above.iter().map(|row| row.entry.tokens).sum();
        issues && above.len() > 1 && last.entry.tokens > 0 && last.entry.tokens == sum
    }

    /// Returns whether a row can be read: it has tokens, no more decimals than there may be, and in
    /// a cap table a holder of its own.
    fn reads(&self, at: usize) -> bool {
        let row = &self.rows[at];
        let above = || {
            self.rows[..at]
                .iter()
                .enumerate()
                .filter(|(at, _)| self.reads(*at))
        };
        let twice = self.date.is_some()
            && above().any(|(_, other)| other.entry.holder.eq_ignore_ascii_case(&row.entry.holder));
        row.entry.tokens > 0 && (self.round || !row.too_fine) && !twice
    }
}
