//! Which call fails, and how.

use std::fs::{File, OpenOptions};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::call::{Call, Kind};

/// What goes wrong.
enum Fault {
    Kill {
        call: u64,
    },
    Fail {
        failure: Failure,
        number: u64,
        for_good: bool,
    },
    Record {
        file: File,
    },
}

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It does nothing and reports an error.
    Failed(Kind),
    /// It writes half of its bytes and reports a full disk.
    Full,
    /// It deletes, and reports that the folder could not be synced.
    Folder,
}

impl Failure {
    fn parse(word: &str) -> Self {
        match word {
            "full" => Self::Full,
            "folder" => Self::Folder,
            _ => {
                let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == word);
                Self::Failed(kind.unwrap_or_else(|| panic!("`{word}` is not a kind of call")))
            }
        }
    }

    fn concerns(self, call: &Call) -> bool {
        match self {
            Self::Failed(kind) => call.kind == kind,
            Self::Full => call.kind == Kind::Write,
            Self::Folder => call.kind == Kind::Delete && call.at == 1,
        }
    }
}

/// A fault, and how far the process has come towards it.
pub(crate) struct Plan {
    fault: Fault,
    calls: u64,
}

impl Plan {
    /// Reads what the environment asks for.
    pub(crate) fn parse(asked: &str) -> Self {
        let number = |word: &str| {
            word.parse()
                .unwrap_or_else(|_| panic!("`{word}` is not a number of a call"))
        };
        let fault = match *asked.splitn(4, ' ').collect::<Vec<_>>().as_slice() {
            ["kill", call] => Fault::Kill { call: number(call) },
            ["fail", how, at, "once"] => Fault::Fail {
                failure: Failure::parse(how),
                number: number(at),
                for_good: false,
            },
            ["fail", how, at, "on"] => Fault::Fail {
                failure: Failure::parse(how),
                number: number(at),
                for_good: true,
            },
            ["record", file] => {
                let file = OpenOptions::new().create(true).append(true).open(file);
                Fault::Record {
                    file: file.unwrap_or_else(|error| panic!("no record can be kept: {error}")),
                }
            }
            _ => panic!("`{asked}` is not a fault"),
        };
        Self { fault, calls: 0 }
    }

    /// Returns how the next call fails, if it does. Does not return if the process is to end.
    pub(crate) fn failure(&mut self, call: &Call) -> Option<Failure> {
        match &mut self.fault {
            Fault::Kill { call: number } => {
                self.calls += 1;
                if self.calls == *number {
                    kill(Pid::this(), Signal::SIGKILL).expect("a process may end itself");
                    unreachable!("nothing follows SIGKILL");
                }
                None
            }
            Fault::Fail {
                failure,
                number,
                for_good,
            } => {
                if !failure.concerns(call) {
                    return None;
                }
                self.calls += 1;
                (self.calls == *number || *for_good && self.calls > *number).then_some(*failure)
            }
            Fault::Record { file } => {
                call.write_to(file).expect("a record without a gap");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(kind: Kind, at: u64) -> Call {
        Call {
            kind,
            file: String::new(),
            at,
            bytes: Vec::new(),
        }
    }

    #[test]
    fn only_the_requested_call_fails_and_other_kinds_do_not_count() {
        let calls = [Kind::Sync, Kind::Write, Kind::Sync, Kind::Write, Kind::Sync]
            .map(|kind| call(kind, 0));
        let failures = |asked: &str| {
            let mut plan = Plan::parse(asked);
            calls.each_ref().map(|call| plan.failure(call))
        };
        let sync = Some(Failure::Failed(Kind::Sync));
        assert_eq!(failures("fail sync 2 once"), [None, None, sync, None, None]);
        assert_eq!(failures("fail sync 2 on"), [None, None, sync, None, sync]);
        assert_eq!(
            failures("fail full 2 once"),
            [None, None, None, Some(Failure::Full), None]
        );
        assert_eq!(failures("kill 6"), [None; 5]);
    }

    #[test]
    fn only_a_deletion_that_syncs_its_folder_can_fail_so() {
        let mut plan = Plan::parse("fail folder 1 on");
        assert_eq!(plan.failure(&call(Kind::Delete, 0)), None);
        assert_eq!(plan.failure(&call(Kind::Delete, 1)), Some(Failure::Folder));
    }

    #[test]
    #[should_panic(expected = "is not a fault")]
    fn an_unknown_fault_is_not_ignored() {
        Plan::parse("fail sync 2 twice");
    }
}
