//! References of ours and of the bank, looked up in all that a line says in one pass over its text.

use std::collections::{BTreeSet, HashMap};

use super::{
    expected::Expected,
    line::Line,
    text::{self, Tokens},
};

/// A reference that more expectations than this share identifies none of them, so it is not evidence.
///
const SHARED: usize = 16;
/// The digits of a session id of the Nigerian instant payments.
const SESSION: usize = 30;
/// The shortest reference that is looked for even if it touches other letters.
const SHORTEST_WINDOW: usize = 8;
/// The shortest recorded reference that counts in a field of its own.
const SHORTEST_FIELD: usize = 4;
/// The shortest recorded reference that counts within a text.
const SHORTEST_TEXT: usize = 6;

/// A reference of an expectation that is in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// The place of the expectation.
    pub(super) expected: usize,
    /// Which reference it is, a name within the run.
    pub(super) key: usize,
    /// Whether the recorded reference fills a field of the line by itself, which is the stronger
    /// identity.
    pub(super) own_field: bool,
    /// Whether it is ours, or a session id: what banks print on one transfer alone.
    pub(super) ours: bool,
    /// Whether it is ours of an item that left its payment file: it names the expectation, and
    /// decides nothing by itself.
    pub(super) ended: bool,
}

/// Where a reference is found in a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It fills a field by itself.
    Field,
    /// It is somewhere in a text; only ours and session ids are looked for there.
    Window,
    /// So is one of ours whose item left its payment file.
    Ended,
    /// It is whole words of a text.
    Text,
}

/// All known references.
#[derive(Default)]
pub(super) struct References {
    /// Looked for everywhere: end-to-end references of ours, and session ids.
    windows: HashMap<String, Owners>,
    /// Looked for everywhere: those of ours whose items left their payment files.
    ended: HashMap<String, Owners>,
    lengths: BTreeSet<usize>,
    /// Looked for as whole fields and whole tokens: what was recorded from the bank.
    recorded: HashMap<String, Owners>,
    longest: usize,
    keys: usize,
    /// Some bits for the keys of `windows`. Most windows of a text are not keys, and this shows it
    /// with little memory.
    bits: Vec<u64>,
}

#[derive(Default)]
struct Owners {
    key: usize,
    all: Vec<usize>,
}

impl References {
    /// Collects the references of expectations, named by their place.
    pub(super) fn of<'e>(all: impl Iterator<Item = (usize, &'e Expected)>) -> Self {
        let mut references = Self::default();
        for (owner, expected) in all {
            for reference in &expected.end_to_end {
                references.add_ours(reference, owner);
            }
            for reference in &expected.ended_references {
                references.add_ended(reference, owner);
            }
            if let Some(reference) = &expected.reference {
                references.add_recorded(reference, owner);
            }
        }
        references.build_bits();
        references
    }

    fn build_bits(&mut self) {
        // Sixteen bits a key: of the windows that are not keys, one in sixteen at most is looked up
        // in vain.
        let keys = self.windows.len() + self.ended.len();
        let words = (keys / 4 + 1).next_power_of_two();
        let mut bits = vec![0; words];
        for key in self.windows.keys().chain(self.ended.keys()) {
            let (at, mask) = bit(key, words);
            if let Some(word) = bits.get_mut(at) {
                *word |= mask;
            }
        }
        self.bits = bits;
    }

    /// Looks a window up. While keys are still added there are no bits, and the table is always
    /// asked.
    fn window(&self, window: &str) -> Option<(&Owners, Place)> {
        let (at, mask) = bit(window, self.bits.len());
        let may_be = self.bits.get(at).is_none_or(|word| word & mask != 0);
        if !may_be {
            return None;
        }
        let ours = self
            .windows
            .get(window)
            .map(|owners| (owners, Place::Window));
        ours.or_else(|| self.ended.get(window).map(|owners| (owners, Place::Ended)))
    }

    /// Adds an end-to-end reference of ours.
    fn add_ours(&mut self, reference: &str, owner: usize) {
        let reference = text::reference(reference);
        if reference.len() < SHORTEST_WINDOW {
            self.add_token(reference, owner);
        } else {
            self.lengths.insert(reference.len());
            add(&mut self.windows, &mut self.keys, reference, owner);
        }
    }

    /// Adds a reference of ours whose item left its payment file.
    fn add_ended(&mut self, reference: &str, owner: usize) {
        let reference = text::reference(reference);
        self.lengths.insert(reference.len());
        add(&mut self.ended, &mut self.keys, reference, owner);
    }

    /// Adds a reference that the bank gave.
    pub(super) fn add_recorded(&mut self, reference: &str, owner: usize) {
        self.bits.clear();
        let reference = text::reference(reference);
        if reference.len() == SESSION && reference.bytes().all(|byte| byte.is_ascii_digit()) {
            self.lengths.insert(SESSION);
            add(&mut self.windows, &mut self.keys, reference.clone(), owner);
        }
        self.add_token(reference, owner);
    }

    fn add_token(&mut self, reference: String, owner: usize) {
        if reference.len() >= SHORTEST_FIELD && reference.bytes().any(|byte| byte.is_ascii_digit())
        {
            self.longest = self.longest.max(reference.len());
            add(&mut self.recorded, &mut self.keys, reference, owner);
        }
    }

    /// Finds every known reference in a line, in a total order, each once.
    pub(super) fn find(&self, line: &Line) -> Vec<Hit> {
        let mut hits = Vec::new();
        let fields = [
            line.reference.as_deref(),
            line.bank_id.as_deref(),
            line.end_to_end.as_deref(),
        ];
        for field in fields.into_iter().flatten() {
            push(
                &mut hits,
                self.recorded.get(&text::reference(field)),
                Place::Field,
            );
        }
        let texts = fields
            .into_iter()
            .chain([Some(line.description.as_str())])
            .flatten();
        for text in texts {
            self.find_windows(text, &mut hits);
            if !self.recorded.is_empty() {
                for run in Tokens::new(text).runs(SHORTEST_TEXT, self.longest) {
                    push(&mut hits, self.recorded.get(run), Place::Text);
                }
            }
        }
        // The stronger of two equal hits comes last, and is the one that stays.
        hits.sort_unstable();
        hits.reverse();
        hits.dedup_by_key(|hit| (hit.expected, hit.key));
        hits.reverse();
        hits
    }

    fn find_windows(&self, text: &str, hits: &mut Vec<Hit>) {
        if self.windows.is_empty() && self.ended.is_empty() {
            return;
        }
        let squeezed = text::squeeze(text);
        for part in squeezed.split(' ') {
            for length in &self.lengths {
                let Some(last) = part.len().checked_sub(*length) else {
                    continue;
                };
                for start in 0..=last {
                    let known = part
                        .get(start..start + length)
                        .and_then(|window| self.window(window));
                    // A session id within a longer number is another number.
                    let digit = |at: Option<usize>| {
                        at.and_then(|at| part.as_bytes().get(at))
                            .is_some_and(u8::is_ascii_digit)
                    };
                    let cut = *length == SESSION
                        && (digit(start.checked_sub(1)) || digit(Some(start + length)));
                    if let Some((owners, place)) = known.filter(|_| !cut) {
                        push(hits, Some(owners), place);
                    }
                }
            }
        }
    }
}

/// Checks whether a line carries one of our references, or the recorded one.
pub fn carries(line: &Line, ours: &[String], recorded: &str) -> bool {
    let mut references = References::default();
    for reference in ours {
        references.add_ours(reference, 0);
    }
    references.add_recorded(recorded, 0);
    let recorded = text::reference(recorded);
    let fields = [&line.reference, &line.bank_id, &line.end_to_end];
    // What has no letter and no digit names nothing.
    let is_recorded = |field: &String| !recorded.is_empty() && text::reference(field) == recorded;
    fields.into_iter().flatten().any(is_recorded) || !references.find(line).is_empty()
}

/// Returns the word and the bit of a text among `words` words, a power of two.
fn bit(text: &str, words: usize) -> (usize, u64) {
    // FNV-1a. It decides only whether the table is asked, so a collision that somebody makes costs
    // time and nothing else.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    let mixed = hash ^ (hash >> 29);
    // If a machine's numbers are shorter than 64 bits, the first word serves all; the table
    // still decides.
    let at = usize::try_from(mixed >> 6).map_or(0, |at| at & words.wrapping_sub(1));
    (at, 1 << (mixed & 63))
}

fn add(all: &mut HashMap<String, Owners>, keys: &mut usize, reference: String, owner: usize) {
    let known = all.entry(reference).or_insert_with(|| {
        *keys += 1;
        Owners {
            key: *keys,
            all: Vec::new(),
        }
    });
    // One owner beyond the limit is enough to know that there are too many; the same owner may come
    // twice.
    if known.all.len() <= SHARED && !known.all.contains(&owner) {
        known.all.push(owner);
    }
}

fn push(hits: &mut Vec<Hit>, known: Option<&Owners>, place: Place) {
    if let Some(known) = known.filter(|known| known.all.len() <= SHARED) {
        hits.extend(known.all.iter().map(|owner| Hit {
            expected: *owner,
            key: known.key,
            own_field: place == Place::Field,
            ours: place == Place::Window,
            ended: place == Place::Ended,
        }));
    }
}
