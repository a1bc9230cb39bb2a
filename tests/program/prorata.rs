//! `prorata` as the tests run it: the same command line, with the file layer of `faults` under
//! SQLite.
//!
//! It is a target of its own, so that `cargo build` neither takes the layer into the program nor
//! replaces the program of a test run.

#[path = "../../src/bin/prorata/arguments.rs"]
mod arguments;
#[path = "../../src/bin/prorata/audit/mod.rs"]
mod audit;
#[path = "../../src/bin/prorata/backup.rs"]
mod backup;
#[path = "../../src/bin/prorata/bank/mod.rs"]
mod bank;
#[path = "../../src/bin/prorata/bundle.rs"]
mod bundle;
#[path = "../../src/bin/prorata/call.rs"]
mod call;
#[path = "../../src/bin/prorata/causes.rs"]
mod causes;
#[path = "../../src/bin/prorata/check.rs"]
mod check;
#[path = "../../src/bin/prorata/cli.rs"]
mod cli;
#[path = "../../src/bin/prorata/complete.rs"]
mod complete;
#[path = "../../src/bin/prorata/completions.rs"]
mod completions;
#[path = "../../src/bin/prorata/config/mod.rs"]
mod config;
#[path = "../../src/bin/prorata/environment.rs"]
mod environment;
#[path = "../../src/bin/prorata/event/mod.rs"]
mod event;
#[path = "../../src/bin/prorata/exit.rs"]
mod exit;
#[path = "../../src/bin/prorata/export/mod.rs"]
mod export;
#[path = "../../src/bin/prorata/failure.rs"]
mod failure;
#[path = "../../src/bin/prorata/flags/mod.rs"]
mod flags;
#[path = "../../src/bin/prorata/forward/mod.rs"]
mod forward;
#[path = "../../src/bin/prorata/global.rs"]
mod global;
#[path = "../../src/bin/prorata/help.rs"]
mod help;
#[path = "../../src/bin/prorata/hint.rs"]
mod hint;
#[path = "../../src/bin/prorata/history/mod.rs"]
mod history;
#[path = "../../src/bin/prorata/holder/mod.rs"]
mod holder;
#[path = "../../src/bin/prorata/init.rs"]
mod init;
#[path = "../../src/bin/prorata/journal.rs"]
mod journal;
#[path = "../../src/bin/prorata/man.rs"]
mod man;
#[path = "../../src/bin/prorata/message.rs"]
mod message;
#[path = "../../src/bin/prorata/migrate.rs"]
mod migrate;
#[path = "../../src/bin/prorata/nav/mod.rs"]
mod nav;
#[path = "../../src/bin/prorata/next_step.rs"]
mod next_step;
#[path = "../../src/bin/prorata/noun.rs"]
mod noun;
#[path = "../../src/bin/prorata/open.rs"]
mod open;
#[path = "../../src/bin/prorata/output.rs"]
mod output;
#[path = "../../src/bin/prorata/pager.rs"]
mod pager;
#[path = "../../src/bin/prorata/payment/mod.rs"]
mod payment;
#[path = "../../src/bin/prorata/people.rs"]
mod people;
#[path = "../../src/bin/prorata/present.rs"]
mod present;
#[path = "../../src/bin/prorata/progress.rs"]
mod progress;
#[path = "../../src/bin/prorata/project/mod.rs"]
mod project;
#[path = "../../src/bin/prorata/prompt.rs"]
mod prompt;
#[path = "../../src/bin/prorata/proposal/mod.rs"]
mod proposal;
#[path = "../../src/bin/prorata/question.rs"]
mod question;
#[path = "../../src/bin/prorata/report/mod.rs"]
mod report;
#[path = "../../src/bin/prorata/reserve/mod.rs"]
mod reserve;
#[path = "../../src/bin/prorata/settings.rs"]
mod settings;
#[path = "../../src/bin/prorata/short_help.rs"]
mod short_help;
#[path = "../../src/bin/prorata/start.rs"]
mod start;
#[path = "../../src/bin/prorata/status.rs"]
mod status;
#[path = "../../src/bin/prorata/stream.rs"]
mod stream;
#[path = "../../src/bin/prorata/suggestion.rs"]
mod suggestion;
#[path = "../../src/bin/prorata/synonym.rs"]
mod synonym;
#[path = "../../src/bin/prorata/tax/mod.rs"]
mod tax;
#[path = "../../src/bin/prorata/tax_hint.rs"]
mod tax_hint;
#[path = "../../src/bin/prorata/token/mod.rs"]
mod token;
#[path = "../../src/bin/prorata/topic.rs"]
mod topic;
#[path = "../../src/bin/prorata/totals.rs"]
mod totals;
#[path = "../../src/bin/prorata/usage.rs"]
mod usage;
#[path = "../../src/bin/prorata/user/mod.rs"]
mod user;
#[path = "../../src/bin/prorata/verbs.rs"]
mod verbs;
#[path = "../../src/bin/prorata/version.rs"]
mod version;
#[path = "../../src/bin/prorata/who_may.rs"]
mod who_may;
#[path = "../../src/bin/prorata/whoami.rs"]
mod whoami;
#[path = "../../src/bin/prorata/withdrawal/mod.rs"]
mod withdrawal;

use std::process::ExitCode;

fn main() -> ExitCode {
    prorata_faults::install();
    start::start()
}
