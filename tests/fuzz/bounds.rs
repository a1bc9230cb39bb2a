//! The bounds on what a reader may take: time, and memory in proportion to the input.

use std::{
    alloc::System,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use peakmem_alloc::{INSTRUMENTED_SYSTEM, PeakMemAlloc, PeakMemAllocTrait as _};

use crate::targets::Target;

#[global_allocator]
static MEMORY: &PeakMemAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How long a reader may take for an input of up to 1 MB, also without optimisation.
const LONGEST: Duration = Duration::from_secs(2);
/// How many times the input a reader may hold.
const TIMES: usize = 10;
/// What it may hold for a line, however short it is: what a record of it is in memory. Lines of 32
/// letters and more are below [`TIMES`] times the input.
const LINE: usize = 320;
/// What it may hold besides: readers of CSV and tables have buffers, and a short input has a long
/// message.
const BASE: usize = 2 * 1024 * 1024;

/// Returns what the lines of an input may take.
fn of_lines(data: &[u8]) -> usize {
    data.iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count()
        * LINE
}

/// The time that this thread has computed: others share the machine.
fn computed() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}

/// How long an input is that says something about proportion.
const PROPORTION: usize = 100_000;

/// Only one test at a time allocates.
static ALONE: Mutex<()> = Mutex::new(());

/// Waits until no other test allocates.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the worst inputs took.
#[derive(Debug, Default)]
pub(crate) struct WorstCase {
    pub(crate) cases: usize,
    time: Duration,
    slowest: String,
    /// Beyond [`BASE`], in hundredths of the input's size.
    memory: (usize, String),
    /// The same of inputs of short lines.
    dense: (usize, String),
    /// What passed its bounds.
    faults: Vec<String>,
}

impl WorstCase {
    /// Reads an input, and notes where it did not keep within the bounds.
    pub(crate) fn reads(&mut self, target: &Target, what: &str, data: &[u8]) {
        MEMORY.reset_peak_memory();
        let (began, computed_before) = (Instant::now(), computed());
        (target.reads)(data);
        let time = computed()
            .checked_sub(computed_before)
            .filter(|time| !time.is_zero())
            .unwrap_or(began.elapsed());
        let memory = MEMORY.get_peak_memory();
        let name = || format!("{} {what}", target.name);
        let most = data.len() * TIMES;
        let most = most.max(of_lines(data)) + BASE;
        if time >= LONGEST || memory > most {
            let (hundredths, length) = (memory * 100 / data.len().max(1), data.len());
            self.faults.push(format!(
                "{}: {time:?} and 0.01 x {hundredths} of {length} bytes",
                name()
            ));
        }
        self.cases += 1;
        if time > self.time {
            (self.time, self.slowest) = (time, name());
        }
        let times = (memory.saturating_sub(BASE) * 100)
            .checked_div(data.len())
            .filter(|_| data.len() >= PROPORTION)
            .unwrap_or(0);
        let worst = if of_lines(data) > data.len() * TIMES {
            &mut self.dense
        } else {
            &mut self.memory
        };
        if times > worst.0 {
            *worst = (times, name());
        }
    }

    /// Returns what the worst inputs took; nothing passed its bounds.
    pub(crate) fn told(&self) -> String {
        assert!(
            self.faults.is_empty(),
            "beyond 2 s or {TIMES} times the input:\n{}",
            self.faults.join("\n")
        );
        let (seconds, millis) = (self.time.as_secs(), self.time.subsec_millis());
        let slowest = format!("slowest {seconds}.{millis:03} s ({})", self.slowest);
        if self.memory.0 == 0 {
            return slowest;
        }
        let times = |(hundredths, name): &(usize, String)| {
            format!(
                "{}.{:02} times the input ({name})",
                hundredths / 100,
                hundredths % 100
            )
        };
        let short = if self.dense.0 == 0 {
            String::new()
        } else {
            format!(", and of short lines {}", times(&self.dense))
        };
        format!(
            "{slowest}; most memory beyond 2 MiB {}{short}",
            times(&self.memory)
        )
    }
}
