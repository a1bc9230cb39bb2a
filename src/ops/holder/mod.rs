//! LP token holders: add, change, block, import, list.

use serde::Serialize;
use serde_json::json;

pub mod account;
mod changed;
mod rename;

pub(super) use changed::ACCOUNT_NUMBER;
pub use changed::ChangedHolder;
use changed::{given, meant, named, put, recall, to_change};
pub use rename::{Renaming, rename};

use super::{Error, Sink, requests};
use crate::ops::pages::in_pages;
use crate::{
    domain::{
        Refused,
        account::{BadAccount, BankDetails},
        activity::{Activity, Fact},
        code::Code,
        holder::{Holder, HolderField, HolderStatus},
        holder_account::{HolderAccount, Unblocking},
        import::HolderImport,
        session::Session,
        tax::TaxDetails,
        user::Act,
    },
    intake::{self, BadLine, HolderRow, Sheet, SheetFile},
    store::{AsOf, Done, HolderChange, Ledger, NewHolder, Noun, Request, WriteTx},
};

/// What is said of a holder of a file who is in the ledger.
pub const EXISTS: &str = "already exists";

/// A holder to be added or changed.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// The code, or the holder that is to change.
    pub code: String,
    /// The name.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// What is known for tax.
    #[serde(skip_serializing_if = "TaxDetails::is_empty")]
    pub tax: TaxDetails,
    /// The bank details.
    pub bank: BankDetails,
    /// What is cleared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clear: Vec<HolderField>,
}

impl Input {
    /// Refuses a field that is given and cleared.
    ///
    /// # Errors
    /// The words of the refusal.
    pub fn must_not_contradict(&self) -> Result<(), String> {
        let given = |field: HolderField| match field {
            HolderField::Email => self.email.is_some(),
            HolderField::Country => self.country.is_some(),
            HolderField::Kind => self.tax.kind.is_some(),
            HolderField::TaxResidence => self.tax.residence.is_some(),
            HolderField::TaxNumber => self.tax.number.is_some(),
            HolderField::TaxState => self.tax.state.is_some(),
            HolderField::BankCode => self.bank.bank_code.is_some(),
            HolderField::AccountName => self.bank.account_name.is_some(),
        };
        match self.clear.iter().copied().find(|field| given(*field)) {
            Some(field) => Err(format!("`--{field}` gives what `--clear {field}` clears")),
            None => Ok(()),
        }
    }
}

/// What to do with a holder who is known already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExistingHolders {
    /// The line is bad.
    Refuse,
    /// Change the columns that are given.
    Update,
}

/// The stored form of `holder import`.
#[derive(Serialize)]
pub(super) struct ImportRequest<'a> {
    #[serde(rename = "file_hash")]
    pub(super) file: &'a SheetFile,
    pub(super) existing: ExistingHolders,
}

/// Adds a holder.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::Exists`], [`Refused::BadAccount`].
pub fn add(
    ledger: &mut Ledger,
    session: Session,
    code: &Code,
    input: &Input,
) -> Result<Done<ChangedHolder>, Error> {
    let request = Request {
        command: "holder add",
        activity: Activity::HolderAdded,
        input,
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Record)?;
        if write.has_code(Noun::Holder, code.as_str())? {
            return Err(Refused::Exists {
                noun: "holder",
                code: code.clone(),
            }
            .into());
        }
        input
            .bank
            .check(input.country.as_deref())
            .map_err(Refused::from)?;
        let new = NewHolder {
            code: code.clone(),
            name: input.name.clone().unwrap_or_else(|| code.to_string()),
            email: input.email.clone(),
            country: input.country.clone(),
            tax: input.tax.clone(),
            bank: input.bank.clone(),
        };
        let (number, holder) = write.insert_holder(&new)?;
        let mut changes =
            json!({ "holder": holder.code, "name": new.name, "bank_details": given(&new.bank) });
        new.tax.note(&mut changes);
        write.record(Fact::new(Activity::HolderAdded, changes))?;
        Ok((number, named(write, number)?))
    })
}

/// Changes what is given of a holder.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::BadAccount`].
pub fn set(
    ledger: &mut Ledger,
    session: Session,
    input: &Input,
) -> Result<Done<ChangedHolder>, Error> {
    let request = Request {
        command: "holder set",
        activity: Activity::HolderChanged,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let before = to_change(write, &input.code)?;
        let Some(change) = changed(write, &before, input)? else {
            return Ok((before.number, ChangedHolder::only(before)));
        };
        apply(write, &before, &change)?;
        let mut changes = json!({
            "holder": before.holder.code,
            "name": [before.name, change.holder.name],
            "email": [before.email, change.holder.email],
            "country": [before.country, change.holder.country],
            "bank_details": given(&input.bank),
        });
        input.tax.note(&mut changes);
        if let (false, Some(fields)) = (input.clear.is_empty(), changes.as_object_mut()) {
            fields.insert("cleared".to_owned(), json!(input.clear));
        }
        write.record(Fact::new(Activity::HolderChanged, changes))?;
        if change.bank == change.before {
            return Ok((
                before.number,
                ChangedHolder::only(write.holder(before.number, AsOf::Now)?),
            ));
        }
        Ok((before.number, named(write, before.number)?))
    })
}

/// What is to change of a holder and the holder's account.
struct NewDetails {
    holder: HolderChange,
    /// The account; a new one if there is none.
    account: Option<HolderAccount>,
    before: BankDetails,
    bank: BankDetails,
}

/// Returns what a change makes, or `None` if it changes nothing.
fn changed(
    write: &mut WriteTx<'_>,
    before: &Holder,
    input: &Input,
) -> Result<Option<NewDetails>, Error> {
    let unchanged = unchanged(before);
    let clears = |field| input.clear.contains(&field);
    let email = before.email.clone().filter(|_| !clears(HolderField::Email));
    let country = before
        .country
        .clone()
        .filter(|_| !clears(HolderField::Country));
    let mut tax = before.tax.clone().updated_with(&input.tax);
    for field in &input.clear {
        field.clear_tax(&mut tax);
    }
    let holder = HolderChange {
        name: input.name.clone().unwrap_or_else(|| before.name.clone()),
        email: input.email.clone().or(email),
        country: input.country.clone().or(country),
        tax,
        ..unchanged.clone()
    };
    let account = meant(write, before, &input.bank)?;
    let known = account.as_ref().map(|account| account.bank.clone());
    let known = known.unwrap_or_default();
    let mut bank = known.clone().updated_with(&input.bank);
    for field in &input.clear {
        field.clear_bank(&mut bank);
    }
    let new = NewDetails {
        holder,
        account,
        before: known,
        bank,
    };
    Ok((new.holder != unchanged || new.bank != new.before).then_some(new))
}

fn unchanged(before: &Holder) -> HolderChange {
    HolderChange {
        number: before.number,
        name: before.name.clone(),
        email: before.email.clone(),
        country: before.country.clone(),
        tax: before.tax.clone(),
        status: before.status.clone(),
        unblocked: before.unblocked.clone(),
    }
}

/// Writes a change.
fn apply(write: &mut WriteTx<'_>, before: &Holder, change: &NewDetails) -> Result<(), Error> {
    check_account(before, change).map_err(Refused::from)?;
    write.update_holder(&change.holder)?;
    if change.bank != change.before {
        put(write, before, change.account.as_ref(), &change.bank)?;
    }
    Ok(())
}

/// Checks the account as it is after a change to its number, the bank's code or the country. A
/// change to anything else leaves alone what was recorded before there were checks.
fn check_account(before: &Holder, change: &NewDetails) -> Result<(), BadAccount> {
    let stays = change.before.account_number == change.bank.account_number
        && change.before.bank_code == change.bank.bank_code
        && before.country == change.holder.country;
    if stays {
        Ok(())
    } else {
        change.bank.check(change.holder.country.as_deref())
    }
}

/// Blocks a holder, or opens one again.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::ReasonMissing`].
pub fn block(
    ledger: &mut Ledger,
    session: Session,
    holder: &str,
    status: &HolderStatus,
    reason: &str,
) -> Result<Done<Holder>, Error> {
    let (command, activity, verb) = match status {
        HolderStatus::Active => ("holder unblock", Activity::HolderUnblocked, "unblock"),
        HolderStatus::Blocked { .. } => ("holder block", Activity::HolderBlocked, "block"),
    };
    let request = Request {
        command,
        activity,
        input: &requests::HolderBlock { holder, reason },
    };
    ledger.write(
        session,
        request,
        |tx, number, at| Ok(tx.holder(number, AsOf::At(at))?),
        |write| {
            let before = to_change(write, holder)?;
            if reason.trim().is_empty() {
                return Err(Refused::ReasonMissing { verb }.into());
            }
            if before.status.as_str() == status.as_str() {
                return Ok((before.number, before));
            }
            let unblocked = match status {
                HolderStatus::Active => Some(Unblocking {
                    by: write.actor.user.clone(),
                    at: write.now,
                    reason: reason.trim().to_owned(),
                }),
                HolderStatus::Blocked { .. } => before.unblocked.clone(),
            };
            let change = HolderChange {
                status: status.clone(),
                unblocked,
                ..unchanged(&before)
            };
            write.update_holder(&change)?;
            let fact = Fact::new(
                activity,
                json!({ "holder": before.holder.code, "reason": reason.trim() }),
            );
            write.record(fact.moved(Some(before.status.as_str()), status.as_str()))?;
            Ok((before.number, write.holder(before.number, AsOf::Now)?))
        },
    )
}

/// Imports a holder file: all of it or nothing.
///
/// # Errors
/// [`Error::BadLines`] with every bad line, [`Refused::Forbidden`].
pub fn import(
    ledger: &mut Ledger,
    session: Session,
    file: &SheetFile,
    known: ExistingHolders,
) -> Result<Done<HolderImport>, Error> {
    let Sheet { rows, bad: unread } = intake::holders(file)?;
    let file_hash = file.hash();
    let request = Request {
        command: "holder import",
        activity: Activity::HoldersImported,
        input: &ImportRequest {
            file,
            existing: known,
        },
    };
    ledger.write(
        session,
        request,
        |_, imported: HolderImport, _| Ok(imported),
        |write| {
            write.actor.must(Act::Record)?;
            let mut imported = HolderImport::default();
            let mut bad = unread.clone();
            write.progress.begin("importing", u64::try_from(rows.len()).unwrap_or(u64::MAX));
            for row in &rows {
                imported.rows += 1;
                import_row(write, row, known, &mut imported, &mut bad)?;
                write.progress.advance(1);
            }
            write.progress.end();
            if !bad.is_empty() {
                bad.sort_by_key(|bad| bad.line);
                return Err(bad.into());
            }
            if imported.added + imported.updated > 0 {
                let changes = json!({ "file": file_hash, "rows": imported.rows, "added": imported.added, "updated": imported.updated });
                write.record(Fact::new(Activity::HoldersImported, changes))?;
            }
            Ok((imported.clone(), imported))
        },
    )
}

fn import_row(
    write: &mut WriteTx<'_>,
    row: &HolderRow,
    known: ExistingHolders,
    imported: &mut HolderImport,
    bad: &mut Vec<BadLine>,
) -> Result<(), Error> {
    let line = row.line;
    let bad_account = |bad: BadAccount| BadLine {
        code: None,
        line,
        column: Some(ACCOUNT_NUMBER.to_owned()),
        reason: bad.to_string(),
    };
    let HolderRow { code, bank, .. } = row;
    let Some(number) = write.holder_number(code)? else {
        if let Err(refused) = bank.check(row.country.as_deref()) {
            bad.push(bad_account(refused));
            return Ok(());
        }
        return import_new(write, row, imported);
    };
    if known == ExistingHolders::Refuse {
        let reason = format!("holder `{code}` {EXISTS}");
        bad.push(BadLine {
            code: None,
            line,
            column: Some("code".to_owned()),
            reason,
        });
        return Ok(());
    }
    let before = write.holder(number, AsOf::Now)?;
    let input = Input {
        code: code.to_string(),
        name: Some(row.name.clone()),
        email: row.email.clone(),
        country: row.country.clone(),
        tax: row.tax.clone(),
        bank: bank.clone(),
        clear: Vec::new(),
    };
    if let Some(change) = changed(write, &before, &input)? {
        if let Err(refused) = check_account(&before, &change) {
            bad.push(bad_account(refused));
            return Ok(());
        }
        apply(write, &before, &change)?;
        imported.updated += 1;
        if change.bank != change.before {
            let changed = named(write, number)?;
            imported.keep_old.extend(changed.keep_old);
            if !changed.shared_with.is_empty() {
                imported.shared.push(changed.holder.holder.code);
            }
        }
    }
    Ok(())
}

/// Adds a holder of a file.
fn import_new(
    write: &mut WriteTx<'_>,
    row: &HolderRow,
    imported: &mut HolderImport,
) -> Result<(), Error> {
    let new = NewHolder {
        code: row.code.clone(),
        name: row.name.clone(),
        email: row.email.clone(),
        country: row.country.clone(),
        tax: row.tax.clone(),
        bank: row.bank.clone(),
    };
    let (_, holder) = write.insert_holder(&new)?;
    imported.added += 1;
    if let Some(account) = &new.bank.account_number
        && write.is_account_shared(account.reveal(), holder.id)?
    {
        imported.shared.push(holder.code);
    }
    Ok(())
}

/// Lists holders, in order of their codes: all, or those who have or had tokens of a project.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn list(
    ledger: &mut Ledger,
    project: Option<&str>,
    as_of: AsOf,
    each: Sink<'_, Holder>,
) -> Result<(), Error> {
    in_pages(ledger, as_of, each, |tx, start, row| {
        let project = super::named::project(tx, project, as_of)?;
        tx.each_holder(project, start.after.as_ref(), start.as_of, |holder| {
            row(holder.holder.code.clone(), holder)
        })
    })
}

/// Reads one holder.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn show(ledger: &mut Ledger, holder: &str) -> Result<Holder, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Holder, holder)?;
        Ok(tx.holder(number, AsOf::Now)?)
    })
}
