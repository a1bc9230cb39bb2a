//! The CSV files that administrators bring: bytes in, typed rows out, with every bad line.

mod decisions;
mod holders;
mod participants;
mod payments;
mod returns;
mod sheet;
mod tokens;
mod withdrawals;

pub use self::{
    decisions::{DecisionDefaults, DecisionRow, decisions},
    holders::{HolderRow, holders},
    participants::{ParticipantRow, participants},
    payments::{PaymentRow, payments},
    returns::{ReturnRow, returns},
    sheet::Sheet,
    tokens::{
        EntryRow, LastRow, Rounding, TokenContent, TokenFile, TokenOptions, check_options, tokens,
    },
    withdrawals::{RequestRow, withdrawals},
};
pub use crate::domain::bad_line::BadLine;
