//! Which events a list or a report is about.

use prorata::domain::time::Date;

use crate::usage::{Usage, check_period};

/// The events of a project and of a period.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct EventFilter {
    /// Only events of this project: its code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    pub(crate) project: Option<String>,
    /// Only events distributed on or after this date, for example 2026-01-01
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    pub(crate) from: Option<Date>,
    /// Only events distributed on or before this date, for example 2026-12-31
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    pub(crate) to: Option<Date>,
}

impl EventFilter {
    /// Checks that the period does not end before it begins.
    pub(crate) fn check(&self) -> Result<(), Usage> {
        check_period(self.from, self.to)
    }
}
