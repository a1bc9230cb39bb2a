//! Codes that are made from the names of a file.

use std::collections::{HashMap, HashSet};

use crate::{
    domain::{code::Code, import::MadeCode, token::Parties},
    intake::TokenFile,
    ops::Error,
    store::{self, AsOf, WriteTx},
};

/// How many numbers are tried behind a code.
const MOST_NUMBERS: u64 = 100_000;

/// Gives every row whose code was made from its name the code that is free, or that the holder of this
/// name has. Returns `None` if no code was made.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn settle(
    write: &mut WriteTx<'_>,
    file: &mut TokenFile,
) -> Result<Option<Vec<MadeCode>>, Error> {
    let given = file.entries.iter().filter(|row| !row.is_code_made);
    let given = given.filter_map(|row| row.parties.to());
    let mut taken: HashSet<String> = given.map(lower).collect();
    let (mut by_name, mut made) = (HashMap::<String, Code>::new(), Vec::new());
    for row in &mut file.entries {
        let (true, Some(name), Parties::Issue(base)) = (row.is_code_made, &row.name, &row.parties)
        else {
            continue;
        };
        let key = name.to_lowercase();
        let code = match by_name.get(&key) {
            Some(code) => code.clone(),
            None => {
                let settled = free(write, base, name, &taken)?;
                taken.insert(lower(&settled.code));
                by_name.insert(key, settled.code.clone());
                made.push(settled.clone());
                settled.code
            }
        };
        row.parties = Parties::Issue(code);
    }
    if let Some(last) = &mut file.last_is_sum
        && let Some(row) = file.entries.iter().find(|row| row.line == last.line)
        && let Some(code) = row.parties.to()
    {
        last.holder = code.clone();
    }
    Ok((!made.is_empty()).then_some(made))
}

fn lower(code: &Code) -> String {
    code.as_str().to_ascii_lowercase()
}

/// Returns the first code that nobody has, or that a holder of this name has.
fn free(
    write: &mut WriteTx<'_>,
    base: &Code,
    name: &str,
    taken: &HashSet<String>,
) -> Result<MadeCode, Error> {
    for number in 1..MOST_NUMBERS {
        let Some(code) = base.numbered(number) else {
            break;
        };
        if taken.contains(&lower(&code)) {
            continue;
        }
        let name = name.to_owned();
        let Some(known) = write.holder_number(&code)? else {
            let is_new = true;
            return Ok(MadeCode { code, name, is_new });
        };
        let known = write.holder(known, AsOf::Now)?;
        if known.name.to_lowercase() == name.to_lowercase() {
            return Ok(MadeCode {
                code: known.holder.code,
                name,
                is_new: false,
            });
        }
    }
    Err(store::Error::bug("no number is free behind a code").into())
}
