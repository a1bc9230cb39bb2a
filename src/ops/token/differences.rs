//! What turns a register into a file of holdings.

use std::collections::HashMap;

use crate::{
    domain::{
        Refused, code::Code, holdings::HoldingChange, project::Project, quantity::Tokens,
        token::Parties,
    },
    intake::{EntryRow, TokenContent, TokenFile},
    ops::Error,
    store,
};

/// Makes the entries that turn a register into a file of holdings, with references that begin with
/// `reference`.
pub(super) fn differences(
    project: &Project,
    file: &TokenFile,
    changes: &[HoldingChange],
    reference: &str,
) -> Result<TokenFile, Error> {
    let TokenContent::Holdings(date) = file.content else {
        return Err(store::Error::bug("only holdings replace a register").into());
    };
    let key = |code: &Code| code.as_str().to_ascii_lowercase();
    let listed: HashMap<String, &EntryRow> = (file.entries.iter())
        .filter_map(|row| Some((key(row.parties.to()?), row)))
        .collect();
    let mut entries = Vec::new();
    for change in changes {
        // Both are sums of tokens, far below 2^127.
        let units = change.after.units() - change.before.units();
        if units == 0 {
            continue;
        }
        let tokens = Tokens::from_units(units.abs()).ok_or_else(|| Refused::RegisterTooLarge {
            project: project.project.code.clone(),
            date,
        })?;
        let row = listed.get(&key(&change.holder));
        let holder = change.holder.clone();
        entries.push(EntryRow {
            line: row.map_or(0, |row| row.line),
            parties: if units > 0 {
                Parties::Issue(holder)
            } else {
                Parties::Redeem(holder)
            },
            tokens,
            date,
            reference: Some(format!("{reference}-{}", entries.len() + 1)),
            name: row.and_then(|row| row.name.clone()),
            is_code_made: false,
        });
    }
    Ok(TokenFile {
        entries,
        ..file.clone()
    })
}
