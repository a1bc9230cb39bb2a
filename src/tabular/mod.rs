//! Files with tables: bytes to texts of rows and cells. What an administrator imports and what a bank
//! exports are decoded in the same way, and a workbook becomes a text of cells between tabs, one
//! line for each of its rows, so that one reader serves them all.

mod content;
mod decimal_mark;
mod encoding;
mod error;
mod records;
mod rows;
mod sheets;
mod table_text;
mod unpacked;

use self::{content::FileContent, encoding::FileText};
pub(crate) use self::{
    content::{WorkbookKind, has_tag, head, is_binary, page},
    rows::{DELIMITERS, Record, Rows, separator_line},
    table_text::{TableText, WORKBOOK_DELIMITER},
};
pub use self::{decimal_mark::DecimalMark, error::FileError};

/// The tables of a file: one of a text, or one for each sheet of a workbook.
#[derive(Debug)]
pub(crate) struct Tables<'b> {
    /// The kind of the workbook; `None` for a text.
    pub(crate) workbook: Option<WorkbookKind>,
    /// The tables; never none.
    pub(crate) texts: Vec<TableText<'b>>,
    /// The encoding of the bytes, as the Encoding Standard names it.
    pub(crate) encoding: &'static str,
    /// How the encoding was found.
    pub(crate) how: &'static str,
    /// Whether the bytes only look like the encoding.
    pub(crate) is_guess: bool,
}

/// What the user says about a file.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FileWishes<'a> {
    /// The encoding of a text.
    pub(crate) encoding: Option<&'a str>,
    /// The sheet of a workbook; otherwise every visible sheet is taken.
    pub(crate) sheet: Option<&'a str>,
}

/// Reads the tables of a file.
///
/// # Errors
/// [`FileError`] if the file is neither a text nor a workbook, or does not have the sheet.
pub(crate) fn read<'b>(bytes: &'b [u8], wishes: FileWishes<'_>) -> Result<Tables<'b>, FileError> {
    let kind = match content::of(bytes) {
        FileContent::Other(what) => return Err(FileError::not_a_table(what)),
        FileContent::Workbook(kind) => kind,
        FileContent::Empty | FileContent::Text => return text(bytes, wishes),
    };
    Ok(Tables {
        workbook: Some(kind),
        texts: sheets::texts(bytes, kind, wishes.sheet)?,
        encoding: encoding_rs::UTF_8.name(),
        how: "a workbook names it",
        is_guess: false,
    })
}

fn text<'b>(bytes: &'b [u8], wishes: FileWishes<'_>) -> Result<Tables<'b>, FileError> {
    if let Some(name) = wishes.sheet {
        return Err(FileError::NoSheet {
            name: name.to_owned(),
            others: "the file is not a workbook, so drop `--sheet`".to_owned(),
        });
    }
    let FileText {
        text,
        encoding,
        how,
        is_guess,
    } = decoded(bytes, wishes.encoding)?;
    Ok(Tables {
        workbook: None,
        texts: vec![TableText { sheet: None, text }],
        encoding,
        how,
        is_guess,
    })
}

/// Decodes the bytes of a text.
///
/// # Errors
/// [`FileError::Encoding`] if a byte is not valid in the encoding that the user names.
pub(crate) fn decoded<'b>(
    bytes: &'b [u8],
    wanted: Option<&str>,
) -> Result<FileText<'b>, FileError> {
    encoding::text(bytes, wanted)
}
