//! Which entries of the audit trail a list or a report is about.

use prorata::{
    domain::{
        activity::Activity,
        time::{Date, Instant},
    },
    ops,
};

use crate::usage::{Usage, check_period};

/// The entries about a thing, by a user, or of a period.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct EntryFilter {
    /// Only entries about this event: its code, for example MARINA-2025-Q4
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Only entries about this withdrawal: its code, for example W-000001
    #[arg(long, value_name = "WITHDRAWAL")]
    withdrawal: Option<String>,
    /// Only entries by this user: the code, for example bola
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Only entries of this date or later (UTC), for example 2026-01-01
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    from: Option<Date>,
    /// Only entries of this date or earlier (UTC), for example 2026-03-31
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    to: Option<Date>,
}

impl EntryFilter {
    /// Returns the filter of the library, for all entries or those of one type.
    ///
    /// # Errors
    /// [`Usage::Invalid`] if the period ends before it begins.
    pub(crate) fn filter(self, activity: Option<Activity>) -> Result<ops::audit::Filter, Usage> {
        check_period(self.from, self.to)?;
        let Self {
            event,
            withdrawal,
            user,
            from,
            to,
        } = self;
        Ok(ops::audit::Filter {
            event,
            withdrawal,
            user,
            activity,
            from: from.and_then(Instant::start_of),
            to: to.and_then(Instant::end_of),
        })
    }
}
