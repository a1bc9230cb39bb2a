//! Bank statements in: bytes to statements. The content shows which of four formats a file has.

mod camt053;
mod common;
mod content;
mod date_numbers;
mod decimal_mark;
mod decode;
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

pub use self::{
    decimal_mark::DecimalMark,
    error::StatementError,
    options::ReadOptions,
    profile::{
        Continuation, ProfileColumn, ProfileColumns, ProfileError, SignRule, StatementProfile,
    },
};
pub use crate::domain::bad_line::BadLine;
use crate::domain::statement::{StatementFile, StatementFormat};

/// Reads a statement file. Its content shows its format; its name proves nothing.
///
/// # Errors
/// [`StatementError`] if any line of the file cannot be read.
pub fn read(bytes: &[u8], options: ReadOptions<'_>) -> Result<StatementFile, StatementError> {
    detect::refuse_known_binary(bytes)?;
    let wanted = options.encoding.or_else(|| {
        options
            .profile
            .and_then(|profile| profile.encoding.as_deref())
    });
    let decode::FileText {
        text,
        encoding,
        how,
    } = decode::text(bytes, wanted)?;
    let format = detect::format(&text)?;
    let mut content = match format {
        StatementFormat::Csv => delimited::read(&text, &options)?,
        StatementFormat::Ofx => ofx::read(&text, &options)?,
        StatementFormat::Camt053 => camt053::read(&text, &options)?,
        StatementFormat::Mt940 => mt940::read(&text, &options)?,
    };
    content.statements.iter_mut().for_each(common::cut_texts);
    content
        .proofs
        .insert(0, format!("the text is {encoding}: {how}"));
    Ok(StatementFile {
        format,
        encoding,
        profile: options
            .profile
            .filter(|_| format == StatementFormat::Csv)
            .map(|profile| profile.name.clone()),
        decisions: content.decisions,
        proofs: content.proofs,
        statements: content.statements,
    })
}
