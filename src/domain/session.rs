//! The session: who claims to act, when, from where, and with which idempotency key. Clock and ids
//! enter here.

use serde::Serialize;
use uuid::{ContextV7, Timestamp, Uuid};

use super::{
    end_to_end::{EndToEnd, REFERENCES},
    key::Key,
    time::{Date, Instant},
};

/// How the acting user was named. It is a claim; the operating system does not prove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimedBy {
    /// By `--as`.
    Flag,
    /// By `PRORATA_AS`.
    Environment,
    /// By the settings of the person, `config.toml`.
    Config,
    /// By the operating system's user name.
    OsUser,
}

/// The acting user's code and how it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The code as it was given.
    pub code: String,
    /// How it was given.
    pub by: ClaimedBy,
}

/// Where a command was run, as far as the operating system knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The machine's name.
    pub host: Option<String>,
    /// The operating system's user.
    pub os_user: Option<String>,
    /// The user before `sudo`, if the command was run through it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sudo_user: Option<String>,
    /// The terminal, if there is one.
    pub terminal: Option<String>,
    /// The remote address of an SSH connection.
    #[serde(skip)]
    pub ip_address: Option<String>,
    /// The program and its version.
    #[serde(skip)]
    pub user_agent: String,
}

/// Whether a command keeps what it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Commits.
    Commit,
    /// Does all of it, then rolls back.
    DryRun,
    /// Does all of it before a question is asked, then rolls back. What a rule refuses is an attempt.
    Rehearsal,
}

/// Shows how far long work has come.
pub trait Progress {
    /// Begins a piece of work of `total` steps.
    fn begin(&mut self, what: &'static str, total: u64);
    /// Counts further steps.
    fn advance(&mut self, steps: u64);
    /// Ends it.
    fn end(&mut self);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&mut self, _what: &'static str, _total: u64) {}
    fn advance(&mut self, _steps: u64) {}
    fn end(&mut self) {}
}

/// What a writing command brings in addition to its input.
pub struct Session {
    /// Who claims to act.
    pub claim: Claim,
    /// The clock's reading.
    pub now: Instant,
    /// The day that is not in the future: the later of the local and the UTC day.
    pub today: Date,
    /// The idempotency key, if one was given.
    pub key: Option<Key>,
    /// Whether to commit.
    pub mode: Mode,
    /// Where the command runs.
    pub origin: Origin,
    /// Where progress is shown.
    pub progress: Box<dyn Progress>,
    /// Where random references come from.
    pub randomness: Randomness,
}

/// Where random references come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Randomness {
    /// The system's generator.
    #[default]
    System,
    /// A sequence that a test fixes. Only a debug build has a way to ask for it.
    Fixed(u64),
}

impl Randomness {
    /// Draws 62 random bits.
    fn draw(&mut self) -> u64 {
        const BITS: u64 = (1 << 62) - 1;
        match self {
            Self::System => Uuid::new_v4().as_u64_pair().1 & BITS,
            // SplitMix64, a public sequence of well mixed numbers.
            Self::Fixed(state) => {
                *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                (mixed ^ (mixed >> 31)) & BITS
            }
        }
    }
}

/// Makes ids: UUIDs of version 7 in ascending order, dated with the transaction's instant. Draws
/// references, too.
#[derive(Debug)]
pub struct Ids {
    randomness: Randomness,
    context: ContextV7,
    seconds: u64,
    nanos: u32,
}

impl Ids {
    /// Makes ids of the given instant; instants before 1970 count as 1970.
    pub fn at(now: Instant, randomness: Randomness) -> Self {
        let (seconds, nanos) = now.since_epoch().unwrap_or_default();
        Self {
            randomness,
            context: ContextV7::new(),
            seconds,
            nanos,
        }
    }

    /// Draws an end-to-end reference at random.
    pub fn reference(&mut self) -> EndToEnd {
        // What lies above the last whole run of all references would make some more likely than
        // others, and is drawn again, as is what has too few letters.
        const WHOLE: u64 = (1 << 62) / REFERENCES * REFERENCES;
        loop {
            let drawn = self.randomness.draw();
            let number = Some(drawn % REFERENCES).filter(|_| drawn < WHOLE);
            if let Some(reference) = number.and_then(EndToEnd::of_number) {
                return reference;
            }
        }
    }

    /// Makes the next id.
    pub fn make<I: From<Uuid>>(&mut self) -> I {
        Uuid::new_v7(Timestamp::from_unix(
            &self.context,
            self.seconds,
            self.nanos,
        ))
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend() {
        let now = Instant::parse("2026-01-31T16:05:09.000001Z").unwrap();
        let mut ids = Ids::at(now, Randomness::System);
        let made: Vec<Uuid> = (0..100_000).map(|_| ids.make()).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn references_are_drawn_anew_and_a_test_can_fix_them() {
        let now = Instant::parse("2026-01-31T16:05:09.000001Z").unwrap();
        let draw = |randomness| -> Vec<EndToEnd> {
            let mut ids = Ids::at(now, randomness);
            (0..1_000).map(|_| ids.reference()).collect()
        };
        let (one, other) = (draw(Randomness::System), draw(Randomness::System));
        assert!(one.iter().all(|reference| !other.contains(reference)));
        assert_eq!(draw(Randomness::Fixed(7)), draw(Randomness::Fixed(7)));
        assert_ne!(draw(Randomness::Fixed(7)), draw(Randomness::Fixed(8)));
    }
}
