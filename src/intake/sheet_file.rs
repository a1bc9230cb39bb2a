//! A file with rows that an administrator brings, decoded, and how it is to be read.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::numbers::NumberForm;
use crate::{
    domain::hash::sha256_hex,
    tabular::{self, FileError, FileWishes, TableText, Tables, page},
};

/// Names that the file uses instead of ours: our name to the file's, or to the number of its column.
pub type Renames = BTreeMap<String, String>;

/// Whether a file has a row of headings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Headings {
    /// It has, below what may be a title.
    #[default]
    Present,
    /// Its columns are known by their numbers.
    Absent,
}

/// How a file is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SheetOptions {
    /// Foreign headings.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: Renames,
    /// Whether the file has headings.
    #[serde(skip_serializing_if = "are_present")]
    pub headings: Headings,
    /// The encoding that the user names, as the Encoding Standard does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The sheet of a workbook that the user names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// How numbers are written.
    #[serde(skip_serializing_if = "is_plain")]
    pub numbers: NumberForm,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn are_present(headings: &Headings) -> bool {
    *headings == Headings::Present
}

fn is_plain(numbers: &NumberForm) -> bool {
    *numbers == NumberForm::default()
}

/// A file with rows, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetFile {
    hash: String,
    options: SheetOptions,
    tables: Vec<TableText<'static>>,
    encoding: &'static str,
    guess: Option<&'static str>,
    is_workbook: bool,
}

impl SheetFile {
    /// Decodes the bytes of a file: delimited text in any usual encoding, or a workbook.
    ///
    /// # Errors
    /// [`FileError`] if they are neither, or not as the options say.
    pub fn read(bytes: &[u8], options: SheetOptions) -> Result<Self, FileError> {
        let wishes = FileWishes {
            encoding: options.encoding.as_deref(),
            sheet: options.sheet.as_deref(),
        };
        let Tables {
            workbook,
            texts,
            encoding,
            how,
            is_guess,
        } = tabular::read(bytes, wishes)?;
        let owned = |table: TableText<'_>| TableText {
            sheet: table.sheet,
            text: table.text.into_owned().into(),
        };
        let tables: Vec<TableText<'static>> = texts.into_iter().map(owned).collect();
        if workbook.is_none() {
            let text = tables.first().map_or("", |table| &*table.text);
            if let Some(what) = page(text) {
                return Err(FileError::not_a_table(what));
            }
            if tabular::is_binary(text) {
                return Err(FileError::not_a_table("binary data"));
            }
        }
        Ok(Self {
            hash: sha256_hex(bytes),
            options,
            tables,
            encoding,
            guess: is_guess.then_some(how),
            is_workbook: workbook.is_some(),
        })
    }

    /// Returns the hash of its bytes.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns how it is read.
    pub const fn options(&self) -> &SheetOptions {
        &self.options
    }

    /// Returns what was decided about its encoding, if nothing in the file says it.
    pub fn decision(&self) -> Option<String> {
        let how = self.guess?;
        Some(format!(
            "the text is {}: {how}; another one is named with `--encoding`",
            self.encoding
        ))
    }

    /// Counts the characters in its texts for which something holds.
    pub fn count(&self, holds: impl Fn(char) -> bool) -> usize {
        let texts = self
            .tables
            .iter()
            .map(|table| table.text.trim_start_matches('\u{feff}'));
        texts
            .map(|text| text.chars().filter(|c| holds(*c)).count())
            .sum()
    }

    /// Returns whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.tables.iter().all(|table| table.text.trim().is_empty())
    }

    /// Returns its tables.
    pub(super) fn tables(&self) -> &[TableText<'static>] {
        &self.tables
    }

    /// Returns whether it is a workbook.
    pub(super) const fn is_workbook(&self) -> bool {
        self.is_workbook
    }
}

/// The stored form: the hash of the bytes, and how they are read if something is said about it.
impl Serialize for SheetFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Stored<'a> {
            file: &'a str,
            read: &'a SheetOptions,
        }
        if self.options == SheetOptions::default() {
            return serializer.serialize_str(&self.hash);
        }
        let (file, read) = (&self.hash, &self.options);
        Stored { file, read }.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl SheetFile {
        /// Decodes a file of a test.
        pub(crate) fn of(bytes: &[u8]) -> Self {
            Self::read(bytes, SheetOptions::default()).unwrap()
        }
    }
}
