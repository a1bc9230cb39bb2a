//! The files that administrators bring: bytes in, typed rows out, with every bad line. One reader
//! serves them all: delimited text in any usual encoding, and workbooks.

mod close;
mod decisions;
mod header;
mod history;
mod holders;
mod numbers;
mod participants;
mod payments;
mod returns;
mod sheet;
mod sheet_file;
mod tokens;
mod withdrawals;

pub use self::{
    decisions::{DecisionDefaults, DecisionRow, decisions},
    history::history,
    holders::{HolderRow, holders},
    numbers::{MOST_SCALE, NumberForm},
    participants::{ParticipantRow, participants},
    payments::{PaymentRow, SameReference, payments},
    returns::{ReturnRow, returns},
    sheet::Sheet,
    sheet_file::{Headings, Renames, SheetFile, SheetOptions},
    tokens::{
        EntryRow, HolderCodes, LastRow, RepeatedHolders, Rounding, TokenContent, TokenFile,
        TokenOptions, check_options, tokens,
    },
    withdrawals::{RequestRow, withdrawals},
};
pub use crate::{
    domain::bad_line::BadLine,
    tabular::{DecimalMark, FileError},
};
