//! Payment files out: approved withdrawals as a bank's bulk upload takes them.
//!
//! [`write()`] takes the payments one by one, so that a million of them need little more memory
//! than one. It trusts nothing: what the header says is counted again, and a payment that a bank
//! could misread is an error, never fixed in silence.

mod error;
mod form;
mod generic;
mod pain001;
mod tally;

use std::{borrow::Borrow, io};

use sha2::{Digest as _, Sha256};

use crate::domain::hash::hex;
pub use crate::domain::payment_file::{FileHeader, Layout, PaymentItem};
use error::Fault;
pub use error::{BadHeader, BadItem, WriteError};
use form::Form;
use pain001::Version;
use tally::Tally;

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
    header: &FileHeader,
    items: impl IntoIterator<Item = Result<impl Borrow<PaymentItem>, E>>,
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
    header: &FileHeader,
    items: impl IntoIterator<Item = Result<impl Borrow<PaymentItem>, E>>,
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
    header: &FileHeader,
    items: impl IntoIterator<Item = Result<impl Borrow<PaymentItem>, E>>,
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

#[cfg(test)]
mod tests;
