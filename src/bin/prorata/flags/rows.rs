//! Which rows and fields of a list are shown, and in which order.

use std::num::NonZeroU64;

use prorata::report::{Condition, RowRequest};

use super::{AsOfFlag, OutputFlags};

/// The flags of a list: its day, its rows, and how it leaves.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ListFlags {
    #[command(flatten)]
    pub(crate) rows: RowFlags,
    #[command(flatten)]
    pub(crate) as_of: AsOfFlag,
    #[command(flatten)]
    pub(crate) output: OutputFlags,
}

/// Which rows and fields are shown, and in which order.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Rows")]
pub(crate) struct RowFlags {
    /// Sort by these fields; -FIELD begins with the largest
    #[arg(
        long,
        value_name = "FIELD[,-FIELD]",
        value_delimiter = ',',
        allow_hyphen_values = true,
        hide_short_help = true
    )]
    sort: Vec<String>,
    /// Show at most N rows
    #[arg(long, value_name = "N", hide_short_help = true)]
    limit: Option<NonZeroU64>,
    /// Show these fields, in this order; the names are those of CSV and JSON
    #[arg(
        long,
        value_name = "FIELD,FIELD",
        value_delimiter = ',',
        hide_short_help = true
    )]
    fields: Vec<String>,
    /// Only rows with this value in a field; repeat it for other fields
    #[arg(long = "where", id = "where", value_name = "FIELD=VALUE", value_parser = condition, hide_short_help = true)]
    conditions: Vec<Condition>,
    /// Only rows with this text in a name or code; case and accents do not count
    #[arg(long, value_name = "TEXT", hide_short_help = true)]
    search: Option<String>,
}

impl RowFlags {
    /// Returns the request of the library.
    pub(crate) fn request(&self) -> RowRequest {
        RowRequest {
            sort: self.sort.clone(),
            limit: self.limit.map(NonZeroU64::get),
            fields: self.fields.clone(),
            conditions: self.conditions.clone(),
            search: self.search.clone(),
        }
    }

    /// Adds a condition that another flag words.
    pub(crate) fn only(&mut self, field: &str, value: Option<impl ToString>) {
        self.conditions.extend(value.map(|value| Condition {
            field: field.to_owned(),
            value: value.to_string(),
        }));
    }
}

fn condition(text: &str) -> Result<Condition, &'static str> {
    match text.split_once('=') {
        Some((field, value)) if !field.trim().is_empty() => Ok(Condition {
            field: field.trim().to_owned(),
            value: value.to_owned(),
        }),
        Some(_) | None => Err("write FIELD=VALUE, for example status=pending"),
    }
}
