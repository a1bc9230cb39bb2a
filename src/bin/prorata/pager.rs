//! A pager on a terminal, for a result that is longer than the screen. The ledger is closed by then.

use std::{
    io::{self, Write as _},
    process::{Command, Stdio},
    sync::{Arc, atomic::AtomicBool},
};

/// The pager if nothing else is said: it ends by itself if all fits, keeps colours and leaves the
/// text on the screen.
pub(crate) const USUAL: &str = "less -FRX";

/// Which pager may be used, and for how large a screen.
#[derive(Clone, Debug)]
pub(crate) struct Pager {
    /// What the shell runs.
    pub(crate) command: String,
    /// The rows of the screen.
    pub(crate) height: u16,
}

impl Pager {
    /// Shows a text if it is longer than the screen; returns whether it did.
    pub(crate) fn show(&self, text: &[u8]) -> io::Result<bool> {
        let lines = text.split_inclusive(|byte| *byte == b'\n').count();
        // One row is left for what is said under the text, and one for the prompt of the shell.
        if lines.saturating_add(2) <= usize::from(self.height) {
            return Ok(false);
        }
        // Ctrl-C belongs to the pager as long as it runs.
        let caught = Arc::new(AtomicBool::new(false));
        let _ = signal_hook::flag::register(nix::libc::SIGINT, caught);
        let begun = Command::new("sh")
            .args(["-c", &self.command])
            .env("LESSCHARSET", "utf-8")
            .stdin(Stdio::piped())
            .spawn();
        let Ok(mut pager) = begun else {
            return Ok(false);
        };
        let written = match pager.stdin.take() {
            Some(mut input) => input.write_all(text),
            None => Ok(()),
        };
        let ended = pager.wait()?;
        match written {
            // Somebody who leaves the pager early has seen enough.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
            Ok(()) | Err(_) => {}
        }
        // The shell says that there is no such program: the text is shown without it.
        Ok(ended.code() != Some(127))
    }
}
