//! The model's rules of files of holders and of register entries: all of a file or nothing.

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
            let options = |file: &TokenFile| (file.date, file.create, file.round);
            let same = options(&known.file) == options(file);
            return if same {
                Ok(())
            } else {
                Err(Refusal::Rule("token.import_differs"))
            };
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
            tokens,
        });
        self.note(actor, "tokens_imported", ("", ""));
        Ok(())
    }

    /// Enters what could be read of a file. If a row is refused, all are checked and none is
    /// entered.
    fn enter_all(
        &mut self,
        actor: usize,
        project: usize,
        (file, read): (&TokenFile, &[&Entry]),
    ) -> Result<(), Refusal> {
        let mut bad = read.len() < file.rows.len();
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
