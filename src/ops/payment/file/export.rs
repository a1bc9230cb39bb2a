//! Export: the bytes for the bank, the same every time, and a last look at what they pay.

use serde_json::json;

use super::items::{items_now, items_to_write};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        event::Approval,
        payment_file::{FileHeader, PaymentFile, PaymentItem},
        session::Session,
        user::Act,
    },
    ops::{Error, requests},
    store::{self, AsOf, Done, Ledger, Noun, Request, Tx},
};

/// A payment file with all that its bytes are made of.
#[derive(Clone, Debug)]
pub struct Contents {
    /// The file.
    pub file: PaymentFile,
    /// What applies to all of its payments.
    pub header: FileHeader,
    /// Its payments.
    pub items: Vec<PaymentItem>,
}

impl Contents {
    /// Checks that the bytes that were made of it are those that the file was created with.
    ///
    /// # Errors
    /// [`store::Error::Damaged`] if their hash differs.
    pub fn must_hash_to(&self, hash: &str) -> Result<(), Error> {
        if self.file.content_hash.as_deref() == Some(hash) {
            return Ok(());
        }
        let detail = format!(
            "payment file {} no longer gives the bytes that it was created with",
            self.file.number
        );
        Err(store::Error::Damaged { detail }.into())
    }
}

/// Reads what a payment file's bytes are made of. They are the same every time:
/// [`Contents::must_hash_to`] proves it.
///
/// # Errors
/// [`Error`] if the ledger cannot be read. Whether the file may be exported is asked by [`note`].
pub fn contents(ledger: &mut Ledger, given: &str) -> Result<Contents, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::PaymentFile, given)?;
        let file = tx.payment_file(number, AsOf::Now)?;
        let header = file.header();
        let items = items_to_write(tx, file.number)?;
        Ok(Contents {
            file,
            header,
            items,
        })
    })
}

/// Looks again at everything that a file pays, and notes in the trail that it, and so account numbers,
/// go out. `hash` is that of the bytes. Returns who exported it first, and when, if somebody did
/// before.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::PaymentFileState`], [`Refused::PaymentFileChanged`];
/// [`Error::Store`] if the ledger cannot be read or written.
pub fn note(
    ledger: &mut Ledger,
    session: Session,
    (given, hash): (&str, &str),
) -> Result<Done<Option<Approval>>, Error> {
    let request = Request {
        command: "payment file export",
        activity: Activity::PaymentFileExported,
        input: &requests::FileExport { file: given },
    };
    ledger.write(
        session,
        request,
        |tx, (), _| look_again(tx, given, hash).map(|file| file.exported),
        |write| {
            write.actor.must(Act::Record)?;
            let file = look_again(write, given, hash)?;
            let first = file.exported.clone();
            if first.is_none() {
                write.note_first_export(file.number)?;
            }
            let changes = json!({
                "file": file.number.to_string(),
                "content_hash": file.content_hash,
                "exported_before_by": first.as_ref().map(|first| &first.by.code),
                "exported_before_at": first.as_ref().map(|first| first.at.to_string()),
            });
            write.record(Fact::new(Activity::PaymentFileExported, changes))?;
            Ok(((), first))
        },
    )
}

/// Refuses a file that must not go to the bank as it is.
fn look_again(tx: &mut Tx<'_>, given: &str, hash: &str) -> Result<PaymentFile, Error> {
    let number = tx.resolve(Noun::PaymentFile, given)?;
    let file = tx.payment_file(number, AsOf::Now)?;
    let items = items_now(tx, &file)?;
    file.must_be_payable(&items)?;
    if file.content_hash.as_deref() != Some(hash) {
        let file = file.number;
        return Err(Refused::PaymentFileMeanwhile { file }.into());
    }
    Ok(file)
}
