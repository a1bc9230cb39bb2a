//! What SQLite asks of the file system, and how it is recorded.

use std::io::{self, Read, Write};

/// The kinds of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A file is opened, or created.
    Open,
    /// A file is closed.
    Close,
    /// Bytes are read.
    Read,
    /// Bytes are written.
    Write,
    /// A file is cut or lengthened.
    Truncate,
    /// A file is brought to the disk.
    Sync,
    /// A file's size is asked for.
    Size,
    /// A lock is taken.
    Lock,
    /// A lock is given back.
    Unlock,
    /// Somebody else's lock is looked for.
    Reserved,
    /// A file is deleted.
    Delete,
    /// It is asked whether a file is there.
    Access,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::Open,
        Self::Close,
        Self::Read,
        Self::Write,
        Self::Truncate,
        Self::Sync,
        Self::Size,
        Self::Lock,
        Self::Unlock,
        Self::Reserved,
        Self::Delete,
        Self::Access,
    ];

    /// Returns whether calls of this kind change what is on the disk.
    #[must_use]
    pub fn changes(self) -> bool {
        matches!(
            self,
            Self::Write | Self::Truncate | Self::Sync | Self::Delete
        )
    }

    /// Shows the word that asks for a fault of this kind.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Close => "close",
            Self::Read => "read",
            Self::Write => "write",
            Self::Truncate => "truncate",
            Self::Sync => "sync",
            Self::Size => "size",
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::Reserved => "reserved",
            Self::Delete => "delete",
            Self::Access => "access",
        }
    }
}

/// A call that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its kind.
    pub kind: Kind,
    /// The last part of the file's name.
    pub file: String,
    /// Where in the file, or the new size of a truncation; 1 for a deletion whose folder is synced.
    pub at: u64,
    /// The bytes of a write.
    pub bytes: Vec<u8>,
}

impl Call {
    /// Writes a call: its kind in one byte, then the name's length and the name, the place, the
    /// bytes' length and the bytes, each number in eight bytes, the least first.
    ///
    /// # Errors
    /// The error of the writer.
    pub fn write_to(&self, to: &mut impl Write) -> io::Result<()> {
        let kind = Kind::ALL
            .iter()
            .position(|kind| *kind == self.kind)
            .and_then(|at| u8::try_from(at).ok());
        let mut record =
            vec![kind.ok_or_else(|| io::Error::other("a kind without a place in `ALL`"))?];
        for part in [self.file.as_bytes(), &self.bytes] {
            record.extend((part.len() as u64).to_le_bytes());
            record.extend(part);
        }
        record.extend(self.at.to_le_bytes());
        to.write_all(&record)
    }

    fn read_from(from: &mut impl Read) -> io::Result<Option<Self>> {
        let mut kind = [0];
        if from.read(&mut kind)? == 0 {
            return Ok(None);
        }
        let kind = Kind::ALL.get(usize::from(kind[0])).copied();
        let kind =
            kind.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no such kind of call"))?;
        let file = String::from_utf8(part(from)?).map_err(io::Error::other)?;
        let bytes = part(from)?;
        Ok(Some(Self {
            kind,
            file,
            at: number(from)?,
            bytes,
        }))
    }
}

/// Reads the calls of a record.
///
/// # Errors
/// The error of the reader, or that the record ends in the middle of a call.
pub fn read_record(from: &mut impl Read) -> io::Result<Vec<Call>> {
    std::iter::from_fn(|| Call::read_from(from).transpose()).collect()
}

fn number(from: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    from.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

fn part(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let length = usize::try_from(number(from)?).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_is_read_again() {
        let call = |kind, at, bytes: &[u8]| Call {
            kind,
            file: "l.db-journal".to_owned(),
            at,
            bytes: bytes.to_vec(),
        };
        let calls: Vec<Call> = Kind::ALL
            .iter()
            .zip(0..)
            .map(|(kind, at)| call(*kind, at << 33, &[7; 5000]))
            .collect();
        let mut record = Vec::new();
        for call in &calls {
            call.write_to(&mut record).unwrap();
        }
        assert_eq!(read_record(&mut record.as_slice()).unwrap(), calls);
        record.pop();
        assert!(
            read_record(&mut record.as_slice()).is_err(),
            "a record that was cut off is not a record"
        );
    }
}
