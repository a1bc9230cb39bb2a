//! Questions on a terminal. Ctrl-C ends them, and the command with them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use dialoguer::{Confirm, Input, console::Term};
use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};
use prorata::store;

use crate::message::{self, Errors};

/// How long a question that was interrupted has to end by itself.
const PAUSE: Duration = Duration::from_millis(100);

/// Asks a question; no if there is no answer.
pub(crate) fn agree(question: &str) -> bool {
    asked(|term| {
        let confirm = Confirm::new().with_prompt(question).default(false);
        confirm.interact_on(term)
    })
    .unwrap_or(false)
}

/// Asks for a text. Returns `None` if there was no answer.
pub(crate) fn text(label: &str, default: Option<&str>) -> Option<String> {
    asked(|term| {
        let input = Input::<String>::new().with_prompt(label);
        match default {
            Some("") => input.allow_empty(true).interact_text_on(term),
            Some(default) => input.default(default.to_owned()).interact_text_on(term),
            None => input.interact_text_on(term),
        }
    })
}

/// Asks until the answer can be read. Returns `None` if there was no answer.
pub(crate) fn value<T>(
    label: &str,
    default: Option<&str>,
    read: impl Fn(&str) -> Result<T, String>,
) -> Option<T> {
    loop {
        match read(&text(label, default)?) {
            Ok(value) => return Some(value),
            Err(why) => message::line(&why),
        }
    }
}

/// Returns the answer to a question.
fn asked<T>(ask: impl FnOnce(&Term) -> dialoguer::Result<T>) -> Option<T> {
    let _work = store::interruption().begin();
    let is_answered = Arc::new(AtomicBool::new(false));
    let terminal = tcgetattr(std::io::stdin()).ok();
    let waiting = Arc::clone(&is_answered);
    std::thread::spawn(move || watch(&waiting, terminal.as_ref()));
    let answer = ask(&Term::stderr()).ok();
    is_answered.store(true, Ordering::Relaxed);
    if store::interruption().is_marked() {
        // The line of the question has no end yet.
        message::line("");
        return None;
    }
    answer
}

/// Ends the program if it is interrupted and the question does not end by itself: the signal may come
/// just before it waits for a key. Nothing is written while it waits.
fn watch(is_answered: &AtomicBool, terminal: Option<&Termios>) {
    while !is_answered.load(Ordering::Relaxed) {
        let was_marked = store::interruption().is_marked();
        std::thread::sleep(PAUSE);
        if was_marked && !is_answered.load(Ordering::Relaxed) {
            if let Some(terminal) = terminal {
                let _ = tcsetattr(std::io::stdin(), SetArg::TCSANOW, terminal);
            }
            message::line("");
            let exit = message::interrupted(Errors::Words);
            std::process::exit(exit.number().into());
        }
    }
}
