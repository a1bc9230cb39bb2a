//! What the operating system knows: the clock, the user, the terminal. The environment is read here
//! and nowhere else.

use std::{io::IsTerminal as _, path::PathBuf, sync::Arc};

use chrono::{Local, Utc};
use nix::{
    sys::stat::{Mode, umask},
    unistd::{Uid, User, gethostname, ttyname},
};
use prorata::{
    domain::{
        clock,
        session::{Origin, Randomness},
        time::{Date, Instant, NotADate, parse_date},
    },
    store::{self, Interruption},
};
use terminal_size::terminal_size_of;
use thiserror::Error;

/// What the operating system knew when the program began.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own; any of them may go with any other"
)]
pub(crate) struct Environment {
    /// The user's name, if the system has one.
    pub(crate) os_user: Option<String>,
    /// Where the program runs.
    pub(crate) origin: Origin,
    /// Whether questions can be asked: standard input and standard error are a terminal.
    pub(crate) interactive: bool,
    /// What standard output is.
    pub(crate) terminal: Terminal,
    /// The folder of the user's settings.
    pub(crate) config_folder: Option<PathBuf>,
    /// Whether settings are heeded at all.
    pub(crate) heeds_settings: bool,
    /// Whether colours are not wanted.
    pub(crate) no_color: bool,
    /// The ledger that a variable names.
    pub(crate) ledger: Option<PathBuf>,
    /// The pager that the user prefers.
    pub(crate) pager: Option<String>,
    /// Whether progress can be shown on standard error.
    pub(crate) progress: bool,
}

/// The clock was never set, so nothing can be dated.
#[derive(Debug, Error)]
#[error("the clock of this machine says {now}, which is before 1970: it is not set")]
pub(crate) struct ClockUnset {
    now: Instant,
}

/// What standard output is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    /// Whether it takes colours.
    pub(crate) colors: bool,
    /// How many columns it has, if it is a terminal that knows.
    pub(crate) width: Option<u16>,
    /// How many rows it has, if it is a terminal that can show pages.
    pub(crate) height: Option<u16>,
}

impl Environment {
    /// Asks the operating system.
    pub(crate) fn read() -> Self {
        let os_user = User::from_uid(Uid::effective())
            .ok()
            .flatten()
            .map(|user| user.name);
        let stderr = std::io::stderr().is_terminal();
        let dumb = variable("TERM").is_some_and(|term| term == "dumb");
        let is_set = |name| variable(name).is_some_and(|set| !set.is_empty());
        let heeds_settings = !is_set("PRORATA_NO_CONFIG");
        Self {
            origin: Origin {
                host: gethostname().ok().and_then(|name| name.into_string().ok()),
                os_user: os_user.clone(),
                sudo_user: variable("SUDO_USER"),
                terminal: ttyname(std::io::stdin())
                    .ok()
                    .map(|name| name.display().to_string()),
                ip_address: variable("SSH_CONNECTION")
                    .and_then(|ssh| ssh.split(' ').next().map(str::to_owned)),
                user_agent: concat!("prorata/", env!("CARGO_PKG_VERSION")).to_owned(),
            },
            os_user,
            interactive: std::io::stdin().is_terminal() && stderr,
            terminal: Terminal {
                colors: std::io::stdout().is_terminal() && !dumb && !is_set("NO_COLOR"),
                width: terminal_size_of(std::io::stdout()).map(|(width, _)| width.0),
                height: terminal_size_of(std::io::stdout())
                    .map(|(_, height)| height.0)
                    .filter(|_| !dumb),
            },
            ledger: std::env::var_os("PRORATA_LEDGER").map(PathBuf::from),
            config_folder: config_folder().filter(|_| heeds_settings),
            heeds_settings,
            no_color: is_set("NO_COLOR"),
            pager: variable("PAGER"),
            progress: stderr && !dumb,
        }
    }

    /// Refuses a clock that was never set.
    pub(crate) fn check_clock() -> Result<(), ClockUnset> {
        let (now, _) = Self::now();
        if clock::is_unset(now) {
            return Err(ClockUnset { now });
        }
        Ok(())
    }

    /// Reads the clock. Only a debug build lets a test set it; in a release build nobody can date
    /// an approval back.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place where the clock is read"
    )]
    pub(crate) fn now() -> (Instant, Date) {
        #[cfg(debug_assertions)]
        if let Some(set) = variable("PRORATA_TEST_NOW").and_then(|set| Instant::parse(&set)) {
            return (set, set.date());
        }
        let now = Instant::new(Utc::now());
        (now, Local::now().date_naive().max(now.date()))
    }
}

/// Reads a date of the command line: `today` and `yesterday` are the days of the ledger's clock, which is UTC.
///
/// # Errors
/// [`NotADate`].
pub(crate) fn parse_day(text: &str) -> Result<Date, NotADate> {
    let (now, _) = Environment::now();
    let today = now.date();
    match text {
        "today" => Ok(today),
        "yesterday" => today
            .pred_opt()
            .ok_or_else(|| NotADate::Form(text.to_owned())),
        _ => parse_date(text),
    }
}

impl Environment {
    /// Returns where random references come from. Only a debug build lets a test fix them.
    pub(crate) fn randomness() -> Randomness {
        #[cfg(debug_assertions)]
        if let Some(seed) = variable("PRORATA_TEST_RANDOM").and_then(|seed| seed.parse().ok()) {
            return Randomness::Fixed(seed);
        }
        Randomness::System
    }

    /// Returns how many bytes of a result are gathered in memory, of `usual` ones. Only a debug build
    /// lets a test fix them.
    pub(crate) fn room_for_result(usual: usize) -> usize {
        #[cfg(debug_assertions)]
        if let Some(room) = variable("PRORATA_TEST_SPOOL").and_then(|room| room.parse().ok()) {
            return room;
        }
        usual
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place where the environment is read"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Returns the folder in which programs keep the settings of this user.
fn config_folder() -> Option<PathBuf> {
    let absolute = |path: &PathBuf| path.is_absolute();
    let folder = |name| variable(name).map(PathBuf::from).filter(absolute);
    folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")))
}

/// Adds the migration of a test, so that there is an older version to migrate.
#[cfg(debug_assertions)]
pub(crate) fn add_test_migration() {
    #[cfg(debug_assertions)]
    if let Some(sql) = variable("PRORATA_TEST_MIGRATION") {
        prorata::store::add_test_migration(sql);
    }
}

/// Makes a write beyond the file-size limit an error with a message, instead of the end of the
/// program.
pub(crate) fn survive_full_files() {
    let caught = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    // If the signal cannot be caught, the limit ends the program as it ends any other.
    let _ = signal_hook::flag::register(nix::libc::SIGXFSZ, caught);
}

/// Lets Ctrl-C end a question or a change with a message and a rollback. While nothing would be left
/// behind, and the second time, it ends the program at once.
pub(crate) fn catch_interruption() {
    let Interruption { mark, idle } = store::interruption();
    // If the signal cannot be caught, it ends the program as it ends any other.
    let flags = [Arc::clone(idle), Arc::clone(mark)];
    for flag in flags {
        let _ = signal_hook::flag::register_conditional_default(nix::libc::SIGINT, flag);
    }
    let _ = signal_hook::flag::register(nix::libc::SIGINT, Arc::clone(mark));
}

/// Lets only the owner read what this program creates.
pub(crate) fn protect_new_files() {
    umask(Mode::S_IRWXG | Mode::S_IRWXO);
}
