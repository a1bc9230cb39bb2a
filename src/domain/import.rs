//! What imports of files did.

use serde::{Deserialize, Serialize};

use super::{
    Refused,
    code::{Code, ImportNumber, WithdrawalNumber},
    event::Approval,
    holdings::HoldingChange,
    id::{ImportId, ProjectRef, UserRef},
    quantity::Total,
    time::Instant,
    user::{Act, Actor},
};

/// What an import of holders did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderImport {
    /// How many rows the file has.
    pub rows: u64,
    /// How many holders were added.
    pub added: u64,
    /// How many holders were changed.
    pub updated: u64,
    /// The open withdrawals that keep the account of before. Only known the first time.
    #[serde(skip)]
    pub keep_old: Vec<WithdrawalNumber>,
    /// The holders of the file who have the account number of another holder. Only known the first
    /// time.
    #[serde(skip)]
    pub shared: Vec<Code>,
}

/// What an import of register entries did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterImport {
    /// The number of the import, shown as `I-000001`.
    pub import: ImportNumber,
    /// Whether the file was imported before, so that nothing was written now.
    pub already_imported: bool,
    /// How many rows the file has.
    pub rows: u64,
    /// How many entries were added.
    pub added: u64,
    /// How many holders were added.
    pub holders_added: u64,
    /// The tokens of all entries.
    pub tokens: Total,
    /// How many rows were cut to seven decimals.
    pub rows_cut: u64,
    /// How many rows have no tokens, or were cut to nothing, and are not in the register.
    pub rows_left_out: u64,
    /// The tokens that were cut, a plain decimal.
    pub tokens_cut: String,
    /// The tokens that were issued.
    pub tokens_issued: Total,
    /// The tokens that were redeemed.
    pub tokens_redeemed: Total,
    /// What changed for whom, if the file replaced the register.
    pub changes: Option<Vec<HoldingChange>>,
    /// The codes that were made from names, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codes: Option<Vec<MadeCode>>,
}

/// A code that was made from a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeCode {
    /// The code.
    pub code: Code,
    /// The name.
    pub name: String,
    /// Whether a holder was added with it, or had the code and the name already.
    pub is_new: bool,
}

/// A register file that was imported, as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedRegister {
    /// The number.
    pub number: ImportNumber,
    /// The id.
    pub id: ImportId,
    /// The project.
    pub project: ProjectRef,
    /// The hash of the file.
    pub file_hash: String,
    /// How many entries it added.
    pub entries: u64,
    /// The tokens of the file.
    pub tokens: Total,
    /// Who imported it.
    pub imported_by: UserRef,
    /// When.
    pub imported_at: Instant,
    /// Who took it back, and when.
    pub undone: Option<Approval>,
}

/// What depends on an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportUse {
    /// The last import of the project, if it is a later one.
    pub later: Option<ImportNumber>,
    /// The approved events that were calculated from it.
    pub events: Vec<Code>,
}

impl ImportedRegister {
    /// Decides to take the import back.
    ///
    /// # Errors
    /// [`Refused::Forbidden`], [`Refused::ImportUndone`], [`Refused::ImportNotLast`],
    /// [`Refused::ImportUsed`].
    pub fn undo(&self, used: &ImportUse, actor: &Actor) -> Result<(), Refused> {
        actor.must(Act::Record)?;
        let (import, project) = (self.number, || self.project.code.clone());
        if self.undone.is_some() {
            let project = project();
            return Err(Refused::ImportUndone { import, project });
        }
        if let Some(last) = used.later {
            return Err(Refused::ImportNotLast {
                import,
                project: project(),
                last,
            });
        }
        if !used.events.is_empty() {
            let events = used.events.clone();
            return Err(Refused::ImportUsed { import, events });
        }
        Ok(())
    }
}

impl RegisterImport {
    /// Returns it without what changed for whom and the codes: the audit trail names the entries.
    #[must_use]
    pub fn brief(&self) -> Self {
        Self {
            changes: None,
            codes: None,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::tests::{actor, named, now},
        user::Role,
    };

    #[test]
    fn only_the_last_import_is_taken_back_once_and_while_no_approved_event_is_of_it() {
        let import = ImportedRegister {
            number: ImportNumber::new(1),
            id: ImportId::from(uuid::Uuid::nil()),
            project: named("LAGOS"),
            file_hash: "0".repeat(64),
            entries: 1,
            tokens: Total::ZERO,
            imported_by: named("bola"),
            imported_at: now(),
            undone: None,
        };
        let undone = ImportedRegister {
            undone: Some(Approval {
                by: named("ada"),
                at: now(),
            }),
            ..import.clone()
        };
        let free = ImportUse::default();
        let later = ImportUse {
            later: Some(ImportNumber::new(2)),
            ..free.clone()
        };
        let used = ImportUse {
            events: vec![Code::parse("E1").unwrap()],
            ..free.clone()
        };
        for (import, of, role, expected) in [
            (&import, &free, Role::Operator, "taken back"),
            (&import, &free, Role::Approver, "user.forbidden"),
            (&undone, &free, Role::Operator, "token.import_undone"),
            (&import, &later, Role::Operator, "token.import_not_last"),
            (&import, &used, Role::Operator, "token.import_used"),
        ] {
            let found = import.undo(of, &actor("ada", role));
            let found = found.map_or_else(|refused| refused.code(), |()| "taken back");
            assert_eq!(found, expected, "{of:?} {role}");
        }
    }
}
