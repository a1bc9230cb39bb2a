//! The exit codes: the only place that knows them.

use std::process::ExitCode;

use prorata::{
    domain::session::ClaimedBy, intake::FileError, ops, render, statement::StatementError, store,
};

use crate::{environment::ClockUnset, output, usage::Usage};

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, also "nothing to do" and a replay.
    Done,
    /// Refused by a rule, or bad data; nothing was written.
    Refused,
    /// Wrong usage.
    Usage,
    /// A check found differences.
    Differences,
    /// The ledger or a file cannot be used.
    Unusable,
    /// The ledger's lock was not free in time.
    Busy,
    /// The disk failed while committing.
    Unknown,
    /// A bug.
    Bug,
    /// The user interrupted it; nothing was written.
    Interrupted,
}

impl Exit {
    /// All of them.
    pub(crate) const ALL: [Self; 9] = [
        Self::Done,
        Self::Refused,
        Self::Usage,
        Self::Differences,
        Self::Unusable,
        Self::Busy,
        Self::Unknown,
        Self::Bug,
        Self::Interrupted,
    ];

    /// Says what it means, for the manual.
    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::Done => "Done; also nothing to do, and a repeated key.",
            Self::Refused => "Refused by a rule, or bad data; nothing was written.",
            Self::Usage => "Wrong usage, or a question that nobody is there to answer.",
            Self::Differences => {
                "A check found differences, or a reconciliation leaves something to settle."
            }
            Self::Unusable => "The ledger or a file cannot be used.",
            Self::Busy => "Another command held the ledger for longer than --wait.",
            Self::Unknown => {
                "The disk failed during the commit; run the same command with the same --key."
            }
            Self::Bug => "A bug.",
            Self::Interrupted => "Interrupted with Ctrl-C; nothing was written.",
        }
    }

    /// The number that a script sees.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Usage => 2,
            Self::Differences => 3,
            Self::Unusable => 4,
            Self::Busy => 5,
            Self::Unknown => 6,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }

    /// Returns how an error ends the program, and its stable code.
    pub(crate) fn of(error: &anyhow::Error) -> (Self, String) {
        for cause in error.chain() {
            if let Some(error) = cause.downcast_ref::<ops::Error>() {
                return of_operation(error);
            }
            if let Some(error) = cause.downcast_ref::<store::Error>() {
                return of_store(error);
            }
            if let Some(error) = cause.downcast_ref::<Usage>() {
                return (Self::Usage, error.code().to_owned());
            }
            if cause.downcast_ref::<ClockUnset>().is_some() {
                return (Self::Unusable, "clock.unset".to_owned());
            }
            if let Some(error) = cause.downcast_ref::<FileError>() {
                return (Self::Refused, of_file(error).to_owned());
            }
            if let Some(error) = cause.downcast_ref::<output::Error>() {
                return of_output(error);
            }
            if let Some(error) = cause.downcast_ref::<render::Error>() {
                return of_render(error);
            }
            if let Some(error) = cause.downcast_ref::<std::io::Error>() {
                return of_io(error);
            }
        }
        (Self::Bug, "bug".to_owned())
    }
}

fn of_operation(error: &ops::Error) -> (Exit, String) {
    match error {
        ops::Error::Refused(refused) => {
            let exit = if refused.is_question() {
                Exit::Usage
            } else {
                Exit::Refused
            };
            (exit, refused.code().to_owned())
        }
        ops::Error::Many { refusals, .. } => (
            Exit::Refused,
            refusals
                .first()
                .map_or("bug", |(_, refused)| refused.code())
                .to_owned(),
        ),
        ops::Error::BadLines { .. } => (Exit::Refused, "file.bad_lines".to_owned()),
        ops::Error::Code(_) => (Exit::Refused, "event.code".to_owned()),
        ops::Error::Unfileable(_) => (Exit::Refused, "payment_file.unfit".to_owned()),
        ops::Error::Unreadable(error) => (Exit::Refused, of_statement(error).to_owned()),
        ops::Error::Store(error) => of_store(error),
        ops::Error::Output(error) => match error.downcast_ref::<render::Error>() {
            Some(error) => of_render(error),
            None => (Exit::Unusable, "output.failed".to_owned()),
        },
    }
}

fn of_file(error: &FileError) -> &'static str {
    match error {
        FileError::NotATable { .. } => "file.not_a_table",
        FileError::Encoding { .. } => "file.encoding",
        FileError::NoSheet { .. } => "file.no_sheet",
    }
}

fn of_statement(error: &StatementError) -> &'static str {
    match error {
        StatementError::NotAStatement { .. } => "statement.not_a_statement",
        StatementError::Encoding { .. } => "statement.encoding",
        StatementError::Undecided { .. } => "statement.undecided",
        StatementError::NoSheet { .. } => "file.no_sheet",
        StatementError::Empty { .. } => "statement.empty",
        StatementError::BadLines { .. } => "file.bad_lines",
    }
}

fn of_store(error: &store::Error) -> (Exit, String) {
    let (exit, code) = match error {
        store::Error::Missing { .. } => (Exit::Unusable, "ledger.missing"),
        store::Error::AlreadyThere { .. } => (Exit::Refused, "ledger.exists"),
        store::Error::Reserved { .. } => (Exit::Refused, "output.is_ledger"),
        store::Error::NotALedger { .. } => (Exit::Unusable, "ledger.not_a_ledger"),
        store::Error::Newer { .. } => (Exit::Unusable, "ledger.newer"),
        store::Error::Older { .. } => (Exit::Unusable, "ledger.older"),
        store::Error::Unreleased { .. } => (Exit::Unusable, "ledger.unreleased"),
        store::Error::Unsafe { .. } | store::Error::OfAnother { .. } => {
            (Exit::Unusable, "ledger.unsafe")
        }
        store::Error::Io { .. } | store::Error::Unusable { .. } => {
            (Exit::Unusable, "ledger.unusable")
        }
        store::Error::Damaged { .. } | store::Error::BadRow { .. } => {
            (Exit::Unusable, "ledger.damaged")
        }
        store::Error::DiskFull => (Exit::Unusable, "ledger.disk_full"),
        store::Error::Busy => (Exit::Busy, "ledger.busy"),
        store::Error::CommitUnknown { .. } => (Exit::Unknown, "ledger.commit_unknown"),
        store::Error::UnknownActor { claim, .. } => match claim.by {
            ClaimedBy::Flag | ClaimedBy::Environment | ClaimedBy::Config => {
                (Exit::Refused, "user.unknown")
            }
            ClaimedBy::OsUser => (Exit::Usage, "usage.no_actor"),
        },
        store::Error::Unknown { noun, .. } => {
            return (Exit::Refused, format!("{}.unknown", noun.code()));
        }
        store::Error::Ambiguous { noun, .. } => {
            return (Exit::Refused, format!("{}.ambiguous", noun.code()));
        }
        store::Error::Bug(_) => (Exit::Bug, "bug"),
    };
    (exit, code.to_owned())
}

fn of_output(error: &output::Error) -> (Exit, String) {
    match error {
        output::Error::Exists { .. }
        | output::Error::IsFolder { .. }
        | output::Error::FolderDiffers { .. } => (Exit::Refused, "output.exists".to_owned()),
        output::Error::Reserved { .. } => (Exit::Refused, "output.is_ledger".to_owned()),
        output::Error::NoFormat { .. } => (Exit::Usage, "usage.output_format".to_owned()),
        output::Error::Failed { source, .. } => of_io(source),
        output::Error::Unsynced { .. } => (Exit::Unknown, "output.unsynced".to_owned()),
        output::Error::Input { .. } => (Exit::Unusable, "file.unreadable".to_owned()),
    }
}

fn of_render(error: &render::Error) -> (Exit, String) {
    if let render::Error::Write(error) = error {
        return of_io(error);
    }
    let bug = matches!(error, render::Error::CellCount { .. });
    if bug {
        (Exit::Bug, "bug".to_owned())
    } else {
        (Exit::Unusable, "output.failed".to_owned())
    }
}

/// A closed pipe is not a failure: the reader has seen enough.
fn of_io(error: &std::io::Error) -> (Exit, String) {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        return (Exit::Done, "output.closed".to_owned());
    }
    (Exit::Unusable, "output.failed".to_owned())
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
