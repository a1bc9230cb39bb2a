//! How a statement file is read.

use super::profile::StatementProfile;
use crate::domain::time::Date;

/// How a statement file is read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions<'a> {
    /// The encoding that the user names, as the Encoding Standard does.
    pub encoding: Option<&'a str>,
    /// The sheet of a workbook that the user names.
    pub sheet: Option<&'a str>,
    /// The last day that is not in the future.
    pub today: Date,
    /// The profile, which counts before what a delimited text proves.
    pub profile: Option<&'a StatementProfile>,
}

/// Where a table comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TableKind {
    /// A text, which shows its delimiter.
    Text,
    /// A sheet of a workbook.
    Sheet,
}
