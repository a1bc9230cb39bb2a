//! Payment files out: approved withdrawals as a bank's bulk upload takes them.
//!
//! [`write()`] takes the payments one by one, so that a million of them need little more memory
//! than one. It trusts nothing: what the header says is counted again, and a payment that a bank
//! could misread is an error, never mended in silence.

mod generic;
mod pain001;
mod tally;

use std::{
    borrow::{Borrow, Cow},
    io,
};

use sha2::{Digest as _, Sha256};
use thiserror::Error;

pub use crate::domain::payment_file::Layout;
use crate::domain::{
    account::BankAccount,
    code::{Code, FileNumber, WithdrawalNumber},
    currency::Currency,
    hash::hex,
    quantity::{Amount, Total},
    time::{Date, Instant},
};
use pain001::Version;
use tally::Tally;

/// What stands over all payments of a file. All of it is stored with the file, so that the same
/// bytes are made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The number, shown as `F-000001`.
    pub number: FileNumber,
    /// A message id that no other file of any ledger has: at most 35 of the characters that ISO
    /// 20022 allows.
    pub message_id: String,
    /// When the file was created.
    pub created_at: Instant,
    /// When the bank is to pay.
    pub execution_date: Date,
    /// The currency.
    pub currency: Currency,
    /// Who pays: the name.
    pub debtor: String,
    /// The account that pays.
    pub account: BankAccount,
    /// How many payments follow.
    pub count: u64,
    /// Their total.
    pub total: Total,
}

/// One payment of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The withdrawal.
    pub withdrawal: WithdrawalNumber,
    /// Our end-to-end reference.
    pub end_to_end: String,
    /// What is to be paid.
    pub amount: Amount,
    /// The holder's code.
    pub holder: Code,
    /// The holder's name: who is paid where the account has no name of its own.
    pub holder_name: String,
    /// The account that it goes to.
    pub bank: BankAccount,
    /// The event's code: told to the receiver.
    pub event: Code,
}

/// Why a payment file was not written. What went into the output until then is no payment file and
/// must be thrown away.
#[derive(Debug, Error)]
pub enum WriteError<E> {
    /// The payments could not be read.
    #[error("{0}")]
    Items(E),
    /// The output could not be written.
    #[error("the payment file cannot be written")]
    Output(#[source] io::Error),
    /// What stands over the payments cannot be told to a bank.
    #[error("payment file {file} cannot be written: {why}")]
    Header {
        /// The file.
        file: FileNumber,
        /// Why.
        why: BadHeader,
    },
    /// A payment cannot be told to a bank.
    #[error("withdrawal {withdrawal} cannot stand in a payment file: {why}")]
    Item {
        /// The withdrawal.
        withdrawal: WithdrawalNumber,
        /// Why.
        why: BadItem,
    },
    /// The payments are not as many as the header says.
    #[error("payment file {file} says {told} payments and has {found}")]
    Count {
        /// The file.
        file: FileNumber,
        /// How many the header says.
        told: u64,
        /// How many came.
        found: u64,
    },
    /// The payments do not add up to what the header says.
    #[error("payment file {file} says a total of {} and has {}", told.plain(0), found.plain(0))]
    Total {
        /// The file.
        file: FileNumber,
        /// What the header says.
        told: Total,
        /// What the payments add up to.
        found: Total,
    },
}

/// Why a header cannot be told to a bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadHeader {
    /// The message id is not one.
    #[error("its message id is not 1 to 35 of the letters, digits and signs that ISO 20022 allows")]
    MessageId,
    /// Nothing is to be paid.
    #[error("it has no payments")]
    NoPayments,
    /// The total has more than the 18 digits that ISO 20022 allows.
    #[error("its total has more than 18 digits")]
    TotalTooLong,
    /// Nobody pays.
    #[error("it does not name who pays")]
    NoDebtor,
    /// The code of the paying account's bank is too long.
    #[error("the bank's code of the account that pays is longer than 35 characters")]
    BankCode,
}

/// Why a payment cannot be told to a bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadItem {
    /// The end-to-end reference is none of ours.
    #[error("its end-to-end reference fails its check")]
    Reference,
    /// Another payment of the file has the reference.
    #[error("another payment of the file has the same end-to-end reference")]
    ReferenceTwice,
    /// Nothing is to be paid.
    #[error("its amount is zero")]
    AmountZero,
    /// The amount is finer than the currency's minor unit.
    #[error("its amount is finer than the smallest that a bank pays")]
    AmountTooFine,
    /// All amounts together are beyond every total.
    #[error("the amounts up to it add up to too much")]
    TotalTooLarge,
    /// Nobody is paid.
    #[error("it does not name who is paid")]
    NoCreditor,
    /// The bank's code is too long.
    #[error("the bank's code is longer than 35 characters")]
    BankCode,
}

/// Writes a payment file and answers the SHA-256 of its bytes in hexadecimal. The same input gives
/// the same bytes.
///
/// Nothing is in the output for good until this answers `Ok`: write to a temporary file and put it
/// in place afterwards.
///
/// # Errors
/// [`WriteError`]: what `items` answers, what the output answers, or a file that a bank could refuse
/// or misread.
pub fn write<E>(
    layout: Layout,
    header: &Header,
    items: impl IntoIterator<Item = Result<impl Borrow<Item>, E>>,
    out: impl io::Write,
) -> Result<String, WriteError<E>> {
    let mut out = Hashing {
        out,
        hasher: Sha256::new(),
    };
    let in_header = |fault| match fault {
        Fault::Bad(why) => WriteError::Header {
            file: header.number,
            why,
        },
        Fault::Output(error) => WriteError::Output(error),
    };
    let version = match layout {
        Layout::Generic => None,
        Layout::Pain00103 => Some(Version::V03),
        Layout::Pain00109 => Some(Version::V09),
    };
    match version {
        None => each(
            generic::Sheet::begin(header, &mut out).map_err(in_header)?,
            header,
            items,
        ),
        Some(version) => each(
            pain001::Document::begin(version, header, &mut out).map_err(in_header)?,
            header,
            items,
        ),
    }?;
    Ok(hex(&out.hasher.finalize()))
}

/// Hashes the bytes that [`write()`] would write.
///
/// # Errors
/// Those of [`write()`].
pub fn hash<E>(
    layout: Layout,
    header: &Header,
    items: impl IntoIterator<Item = Result<impl Borrow<Item>, E>>,
) -> Result<String, WriteError<E>> {
    write(layout, header, items, io::sink())
}

/// Hashes the bytes that go through it.
struct Hashing<W> {
    out: W,
    hasher: Sha256,
}

impl<W: io::Write> io::Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Counts each payment and writes it. A file that does not agree with its header is left without
/// its end.
fn each<E>(
    mut form: impl Form,
    header: &Header,
    items: impl IntoIterator<Item = Result<impl Borrow<Item>, E>>,
) -> Result<(), WriteError<E>> {
    let mut tally = Tally::new(header.currency);
    for item in items {
        let item = item.map_err(WriteError::Items)?;
        let item = item.borrow();
        let withdrawal = item.withdrawal;
        tally
            .add(item)
            .map_err(|why| WriteError::Item { withdrawal, why })?;
        form.item(header, item).map_err(|fault| match fault {
            Fault::Bad(why) => WriteError::Item { withdrawal, why },
            Fault::Output(error) => WriteError::Output(error),
        })?;
    }
    let (file, count, total) = (header.number, tally.count(), tally.total());
    if count != header.count {
        return Err(WriteError::Count {
            file,
            told: header.count,
            found: count,
        });
    }
    if total != header.total {
        return Err(WriteError::Total {
            file,
            told: header.total,
            found: total,
        });
    }
    form.finish().map_err(WriteError::Output)
}

/// A file of one layout, its head written, to which payments are added.
trait Form {
    /// Adds a payment.
    fn item(&mut self, header: &Header, item: &Item) -> Result<(), Fault<BadItem>>;

    /// Writes the end.
    fn finish(self) -> io::Result<()>;
}

/// Why a part of a file was not written.
enum Fault<B> {
    /// It must not be.
    Bad(B),
    /// The output failed.
    Output(io::Error),
}

impl<B> From<io::Error> for Fault<B> {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Item {
    /// Tells who is paid: the name of the account, or the holder's where the account has none of
    /// its own.
    fn creditor(&self) -> &str {
        self.bank
            .account_name
            .as_deref()
            .unwrap_or(&self.holder_name)
    }

    /// Tells what the receiver and both banks read. The reference stands first, since banks cut
    /// what is long at its end.
    fn narration(&self) -> String {
        format!("{} {}", self.end_to_end, self.event)
    }
}

/// Takes out of a text what no file may carry: control characters, and what XML does not know,
/// become spaces. What is longer than `most` characters is cut.
fn clean(text: &str, most: usize) -> Cow<'_, str> {
    // Printable ASCII, as nearly all texts are, has nothing to be taken out but spaces at its ends.
    if text.len() <= most && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text.trim_matches(' '));
    }
    let harmless = |c: char| {
        if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') {
            ' '
        } else {
            c
        }
    };
    let clean: String = text.chars().map(harmless).collect();
    let cut: String = clean.trim().chars().take(most).collect();
    Cow::Owned(cut.trim_end().to_owned())
}

#[cfg(test)]
mod tests;
