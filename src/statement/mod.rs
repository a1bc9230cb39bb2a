//! Bank statements in: bytes to statements. The content shows which of five formats a file has.

mod camt053;
mod common;
mod content;
mod date_numbers;
mod delimited;
mod detect;
mod direction;
mod error;
mod mt940;
mod ofx;
mod options;
mod profile;
#[cfg(test)]
mod samples;
mod workbook;

use self::{content::FileContent, options::TableKind};
pub use self::{
    error::StatementError,
    options::ReadOptions,
    profile::{
        Continuation, ProfileColumn, ProfileColumns, ProfileError, SignRule, StatementProfile,
    },
};
pub use crate::{domain::bad_line::BadLine, tabular::DecimalMark};
use crate::{
    domain::statement::{StatementFile, StatementFormat},
    tabular::{self, FileWishes},
};

/// Reads a statement file. Its content shows its format; its name proves nothing.
///
/// # Errors
/// [`StatementError`] if any line of the file cannot be read.
pub fn read(bytes: &[u8], options: ReadOptions<'_>) -> Result<StatementFile, StatementError> {
    let wanted = options.encoding.or_else(|| {
        options
            .profile
            .and_then(|profile| profile.encoding.as_deref())
    });
    let wishes = FileWishes {
        encoding: wanted,
        sheet: options.sheet,
    };
    let tables = tabular::read(bytes, wishes)?;
    let encoding = tables.encoding;
    let (format, mut content) = match (tables.workbook, tables.texts.as_slice()) {
        (Some(_), sheets) => (StatementFormat::Workbook, workbook::read(sheets, &options)?),
        (None, texts) => {
            let text = texts.first().map_or("", |table| &*table.text);
            let (format, mut content) = of_text(text, &options)?;
            content
                .proofs
                .insert(0, format!("the text is {encoding}: {}", tables.how));
            (format, content)
        }
    };
    content.statements.iter_mut().for_each(common::cut_texts);
    let is_table = matches!(format, StatementFormat::Csv | StatementFormat::Workbook);
    Ok(StatementFile {
        format,
        encoding,
        profile: options
            .profile
            .filter(|_| is_table)
            .map(|profile| profile.name.clone()),
        decisions: content.decisions,
        proofs: content.proofs,
        statements: content.statements,
    })
}

/// Reads the statements of a text in its format.
fn of_text(
    text: &str,
    options: &ReadOptions<'_>,
) -> Result<(StatementFormat, FileContent), StatementError> {
    let format = detect::format(text)?;
    let content = match format {
        StatementFormat::Ofx => ofx::read(text, options)?,
        StatementFormat::Camt053 => camt053::read(text, options)?,
        StatementFormat::Mt940 => mt940::read(text, options)?,
        StatementFormat::Csv | StatementFormat::Workbook => {
            delimited::read(text, options, TableKind::Text)?
        }
    };
    Ok((format, content))
}
