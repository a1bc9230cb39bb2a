//! Turns reports into bytes: tables, CSV, JSON, Markdown, HTML and XLSX, all from the same cells.
//!
//! A list goes through a [`ListWriter`], row by row; a single thing through [`record`]. CSV, JSON
//! and XLSX need the same memory for any number of rows. Tables, Markdown and HTML hold the words
//! of the visible columns until the end, since a column is as wide as its widest cell: about a
//! hundred bytes a row.
//!
//! | | columns | numbers | text |
//! |---|---|---|---|
//! | CSV, JSON | all, by field | plain decimals | whole; CSV disarms formulas |
//! | XLSX | all, by field | numbers, or text beyond 15 digits | hostile signs replaced |
//! | tables, Markdown, HTML | those of every place, by heading | grouped, with totals | hostile signs replaced, markup escaped |
//!
//! A table on a terminal may be narrower and may draw; see [`Style`] and [`Hidden`].
//!
//! Markdown, HTML and XLSX say what they are [`About`](crate::report::About), if it is given. CSV and JSON
//! have no place for it, and under a table the program says it on standard error.

mod chart;
mod csv;
mod dashboard;
mod draw;
mod error;
mod format;
mod grid;
mod html;
pub mod journal;
mod json;
mod layout;
mod list;
mod markdown;
#[cfg(test)]
mod samples;
mod single;
mod style;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod xlsx;

pub use dashboard::dashboard;
pub use error::Error;
pub use format::Format;
pub use list::ListWriter;
pub use single::record;
pub use style::{Hidden, Ink, Style};
pub use text::clean;
