//! The rows of a file, one after the other, and what is done for each.

use crate::{
    domain::Refused,
    intake::{BadLine, Sheet},
    ops::{Error, holder::ACCOUNT_NUMBER},
    store::{self, Suggests, WriteTx},
};

/// Where a bad row of a file is reported.
pub(in crate::ops) struct RowPlace<R> {
    /// Returns the line of a row.
    pub(in crate::ops) line: fn(&R) -> u64,
    /// The column that names the thing.
    pub(in crate::ops) column: &'static str,
}

/// Does something for each row of a file. If rows name nothing or are refused, all of them are
/// returned and nothing is done.
pub(in crate::ops) fn each_row<R>(
    write: &mut WriteTx<'_>,
    what: &'static str,
    sheet: &Sheet<R>,
    place: &RowPlace<R>,
    mut step: impl FnMut(&mut WriteTx<'_>, &R) -> Result<(), Error>,
) -> Result<(), Error> {
    let (mut lines, mut refused, mut concern) = (sheet.bad.clone(), None, write.concern);
    let rows = &sheet.rows;
    write.set_suggests(Suggests::No);
    write
        .progress
        .begin(what, u64::try_from(rows.len()).unwrap_or(u64::MAX));
    for row in rows {
        let (column, reason, code) = match step(write, row) {
            Ok(()) => {
                write.progress.advance(1);
                continue;
            }
            Err(Error::Refused(first)) => {
                let (column, reason) = (column_of(&first), first.to_string());
                let code = Some(first.code());
                if refused.is_none() {
                    (refused, concern) = (Some(first), write.concern);
                }
                (column, reason, code)
            }
            Err(Error::Store(
                error @ (store::Error::Unknown { .. } | store::Error::Ambiguous { .. }),
            )) => (Some(place.column.to_owned()), error.to_string(), None),
            Err(error) => return Err(error),
        };
        lines.push(BadLine {
            code,
            line: (place.line)(row),
            column,
            reason,
        });
    }
    write.progress.end();
    if lines.is_empty() {
        return Ok(());
    }
    lines.sort_by_key(|bad| bad.line);
    // The trail notes the first refusal, and what it is about.
    write.concern = concern;
    Err(Error::BadLines { lines, refused })
}

/// Returns the column of a file that a refusal is about.
fn column_of(refused: &Refused) -> Option<String> {
    let is_of_account = matches!(refused, Refused::BadAccount(_));
    let is_of_reference = matches!(
        refused,
        Refused::ReferenceUsed { .. }
            | Refused::TransferDiffers { .. }
            | Refused::TransferMeans { .. }
    );
    let column = if is_of_account {
        Some(ACCOUNT_NUMBER)
    } else {
        is_of_reference.then_some("reference")
    };
    column.map(str::to_owned)
}
