//! What the readers share: bad lines, line numbers, amounts, dates, texts, ids and the proof by
//! balances.

mod amounts;
mod bad_lines;
mod dates;
mod line_counter;
mod prove;
#[cfg(test)]
pub(super) mod samples;
mod statements;
mod texts;

pub(super) use self::{
    amounts::{amount, currency},
    bad_lines::BadLines,
    dates::{DateLimits, DateText, day},
    line_counter::LineCounter,
    prove::{ProofCounts, oldest_first, prove},
    statements::{keep, keep_unique_ids},
    texts::{bank_id, cut_texts, filled, is_control, joined, one_line, reference, shown},
};
