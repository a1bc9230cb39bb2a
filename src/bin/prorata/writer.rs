//! The way out of a command that changes the ledger.

use prorata::{
    domain::{key::Key, session::Session},
    report::{Field, Pii, Record},
    store::{Done, How},
};

use crate::{
    flags::{ChangeFlags, PiiFlag},
    open::Context,
    output::Target,
    present::{Listing, Outcome, Output, View},
    usage::Usage,
};

/// A command that changes the ledger: who acts, whether it is kept, and how the result leaves.
pub(crate) struct Writer<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) change: ChangeFlags,
    pub(crate) view: View,
}

impl Writer<'_> {
    /// Makes the session.
    pub(crate) fn session(&self) -> Result<Session, Usage> {
        self.cx.session(&self.change)
    }

    /// Returns the idempotency key.
    pub(crate) fn key(&self) -> Option<&Key> {
        self.change.key.as_ref()
    }

    /// Returns where the result goes.
    pub(crate) fn target(&self) -> &Target {
        &self.view.target
    }

    /// Checks whether everything is rolled back.
    pub(crate) fn is_dry_run(&self) -> bool {
        self.change.dry_run
    }

    /// Decides whether complete account numbers are shown. A dry run cannot record that they were.
    pub(crate) fn pii(&self, flag: PiiFlag) -> Pii {
        if flag.show_pii && self.change.dry_run {
            self.cx.voice.warn(
                "account numbers stay masked: a dry run cannot record in the audit trail that they were shown",
            );
            return Pii::Masked;
        }
        self.cx.pii(flag)
    }

    /// Begins a list.
    pub(crate) fn list<T>(&self, fields: &[Field<T>]) -> anyhow::Result<Listing> {
        self.view.list(fields)
    }

    /// Ends with a single thing; `said` is said if it was written.
    pub(crate) fn wrote<V>(
        self,
        done: &Done<V>,
        record: Record,
        said: impl Into<String>,
    ) -> Outcome {
        self.ended(done.how, record, said)
    }

    /// Ends with a list; `said` is said if it was written.
    #[expect(
        clippy::unused_self,
        reason = "a command that writes ends by its writer, whatever its result"
    )]
    pub(crate) fn wrote_list<V>(
        self,
        done: &Done<V>,
        list: Listing,
        said: impl Into<String>,
    ) -> Outcome {
        Outcome::changed(Output::List(list, None), done.how, said)
    }

    /// Ends with a single thing that came about without a [`Done`].
    pub(crate) fn ended(self, how: How, record: Record, said: impl Into<String>) -> Outcome {
        Outcome::changed(Output::Record(self.view, record, None), how, said)
    }
}
