//! Which call is to go wrong, and how.

use std::fs::{File, OpenOptions};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::call::{Call, Kind};

/// What a plan asks for.
enum Fault {
    Kill {
        call: u64,
    },
    Fail {
        how: How,
        number: u64,
        for_good: bool,
    },
    Record {
        file: File,
    },
}

/// How a call goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// It does nothing and says that it failed.
    Failed(Kind),
    /// It writes half of its bytes and says that the disk is full.
    Full,
    /// It deletes, and says that the folder could not be synced.
    Folder,
}

impl How {
    fn parse(word: &str) -> Self {
        match word {
            "full" => Self::Full,
            "folder" => Self::Folder,
            _ => {
                let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == word);
                Self::Failed(kind.unwrap_or_else(|| panic!("`{word}` is no kind of call")))
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
                .unwrap_or_else(|_| panic!("`{word}` is no number of a call"))
        };
        let fault = match *asked.splitn(4, ' ').collect::<Vec<_>>().as_slice() {
            ["kill", call] => Fault::Kill { call: number(call) },
            ["fail", how, at, "once"] => Fault::Fail {
                how: How::parse(how),
                number: number(at),
                for_good: false,
            },
            ["fail", how, at, "on"] => Fault::Fail {
                how: How::parse(how),
                number: number(at),
                for_good: true,
            },
            ["record", file] => {
                let file = OpenOptions::new().create(true).append(true).open(file);
                Fault::Record {
                    file: file.unwrap_or_else(|error| panic!("no record can be kept: {error}")),
                }
            }
            _ => panic!("`{asked}` is no fault"),
        };
        Self { fault, calls: 0 }
    }

    /// Tells how a call that is about to be made goes wrong, where it does. Does not return where
    /// the process is to end.
    pub(crate) fn meet(&mut self, call: &Call) -> Option<How> {
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
                how,
                number,
                for_good,
            } => {
                if !how.concerns(call) {
                    return None;
                }
                self.calls += 1;
                (self.calls == *number || *for_good && self.calls > *number).then_some(*how)
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
    fn the_call_that_was_asked_for_fails_and_those_of_other_kinds_do_not_count() {
        let calls = [Kind::Sync, Kind::Write, Kind::Sync, Kind::Write, Kind::Sync]
            .map(|kind| call(kind, 0));
        let met = |asked: &str| {
            let mut plan = Plan::parse(asked);
            calls.each_ref().map(|call| plan.meet(call))
        };
        let sync = Some(How::Failed(Kind::Sync));
        assert_eq!(met("fail sync 2 once"), [None, None, sync, None, None]);
        assert_eq!(met("fail sync 2 on"), [None, None, sync, None, sync]);
        assert_eq!(
            met("fail full 2 once"),
            [None, None, None, Some(How::Full), None]
        );
        assert_eq!(met("kill 6"), [None; 5]);
    }

    #[test]
    fn only_a_deletion_that_syncs_its_folder_can_fail_to() {
        let mut plan = Plan::parse("fail folder 1 on");
        assert_eq!(plan.meet(&call(Kind::Delete, 0)), None);
        assert_eq!(plan.meet(&call(Kind::Delete, 1)), Some(How::Folder));
    }

    #[test]
    #[should_panic(expected = "is no fault")]
    fn a_fault_that_there_is_not_is_no_silent_success() {
        Plan::parse("fail sync 2 twice");
    }
}
