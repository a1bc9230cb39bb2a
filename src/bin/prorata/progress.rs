//! A progress bar on the terminal, for work that takes longer than half a second.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use prorata::domain::session::Progress;

/// Work shorter than this shows nothing.
const QUIET: Duration = Duration::from_millis(500);
/// How many steps pass between two looks at the clock.
const STRIDE: u64 = 512;

/// A bar that appears when work turns out to be long.
pub(crate) struct Bar {
    shown: Option<ProgressBar>,
    what: &'static str,
    total: u64,
    done: u64,
    since: Instant,
}

impl Bar {
    pub(crate) fn new() -> Self {
        Self {
            shown: None,
            what: "",
            total: 0,
            done: 0,
            since: Instant::now(),
        }
    }

    fn appear(&mut self) {
        let bar = ProgressBar::with_draw_target(Some(self.total), ProgressDrawTarget::stderr());
        if let Ok(style) =
            ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} {eta}")
        {
            bar.set_style(style);
        }
        bar.set_message(self.what);
        self.shown = Some(bar);
    }
}

impl Progress for Bar {
    fn begin(&mut self, what: &'static str, total: u64) {
        (self.what, self.total, self.done, self.since) = (what, total, 0, Instant::now());
    }

    fn advance(&mut self, steps: u64) {
        self.done += steps;
        if !self.done.is_multiple_of(STRIDE) {
            return;
        }
        if self.shown.is_none() && self.since.elapsed() > QUIET {
            self.appear();
        }
        if let Some(bar) = &self.shown {
            bar.set_position(self.done);
        }
    }

    fn end(&mut self) {
        if let Some(bar) = self.shown.take() {
            bar.finish_and_clear();
        }
    }
}
