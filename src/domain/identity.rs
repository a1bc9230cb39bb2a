//! Which lines of a statement the ledger has already: never a line lost, never one doubled.
//!
//! A line is identified by its dates, amount, text and reference. Two lines that are equal in all of
//! these are two lines, and the same two in an overlapping file are not four: equal lines are
//! counted. If the bank gives ids of its own, or running balances that follow from each other,
//! these distinguish equal lines, since a file may end or begin between the two.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use sha2::{Digest, Sha256};

use super::{
    code::StatementNumber,
    signed::Signed,
    statement::StatementLine,
    time::{Date, DayRange},
};

/// What a line says, hashed: the first 16 bytes of SHA-256 over its dates, amount, text and
/// reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity([u8; 16]);

/// What identifies a line, with its dates as they are written: `2026-01-31`.
#[derive(Clone, Copy, Debug)]
pub struct LineContent<'a> {
    /// When it was booked.
    pub booking_date: &'a str,
    /// From when it counts.
    pub value_date: Option<&'a str>,
    /// What came in, or went out.
    pub amount: Signed,
    /// Its text.
    pub description: &'a str,
    /// Its reference.
    pub reference: Option<&'a str>,
}

impl Identity {
    /// Hashes what a line says.
    pub fn of(line: &StatementLine) -> Self {
        Self::of_content(&LineContent {
            booking_date: &line.booking_date.to_string(),
            value_date: line.value_date.map(|date| date.to_string()).as_deref(),
            amount: line.amount,
            description: &line.description,
            reference: line.reference.as_deref(),
        })
    }

    /// Hashes what a line says, as it was kept.
    pub fn of_content(said: &LineContent<'_>) -> Self {
        let mut hasher = Sha256::new();
        let units = said.amount.units().to_be_bytes();
        let fields = [
            Some(said.booking_date.as_bytes()),
            said.value_date.map(str::as_bytes),
            Some(units.as_slice()),
            Some(said.description.as_bytes()),
            said.reference.map(str::as_bytes),
        ];
        for field in fields {
            let bytes = field.unwrap_or_default();
            hasher.update([u8::from(field.is_some())]);
            hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(bytes);
        }
        let digest: [u8; 32] = hasher.finalize().into();
        let mut identity = [0; 16];
        identity
            .iter_mut()
            .zip(digest)
            .for_each(|(to, from)| *to = from);
        Self(identity)
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        let bits = u128::from_str_radix(text, 16)
            .ok()
            .filter(|_| text.len() == 32)?;
        Some(Self(bits.to_be_bytes()))
    }
}

/// Writes 32 hexadecimal digits.
impl std::fmt::Display for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// A line that the ledger has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    /// When it was booked.
    pub date: Date,
    /// Its amount.
    pub amount: Signed,
    /// What it says.
    pub identity: Identity,
    /// Which of the lines that say the same it is, counted from 1.
    pub occurrence: u64,
    /// The bank's own id.
    pub bank_id: Option<String>,
    /// The running balance after it.
    pub balance: Option<Signed>,
    /// Whether the running balances of its statement follow from each other.
    pub proven: bool,
    /// Whether its statement was taken back: it is counted, and no line is the same as it.
    pub void: bool,
    /// The statement that brought it.
    pub statement: StatementNumber,
}

/// What a line of a file is to the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    /// The ledger has it.
    Known,
    /// It is new, the `occurrence`th that says the same.
    New {
        /// What it says.
        identity: Identity,
        /// Counted from 1.
        occurrence: u64,
    },
}

/// What the lines of a statement are to the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// For every line, in their order, whether it is new.
    pub novelties: Vec<Novelty>,
    /// The lines that the ledger has under the same id of the bank, with another date or text.
    pub reissued: Vec<Reissued>,
    /// Those whose id came before, so many days away that nothing proves what they are.
    pub far: Vec<Reissued>,
}

/// A line whose id of the bank came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reissued {
    /// Its place among the lines of the statement.
    pub line: usize,
    /// When the ledger's line of this id was booked.
    pub date: Date,
}

/// So many days may a bank move a line that it books under the same id.
const MOVED: i64 = 7;

/// Returns which of a statement's lines are new, in their order. `known` holds the ledger's lines
/// of the same days; `proven` is the result of [`balances_prove`] for `lines`.
pub fn compare(known: &[LedgerLine], lines: &[StatementLine], proven: bool) -> Compared {
    let identities: Vec<Identity> = lines.iter().map(Identity::of).collect();
    let mut compared = Compared::default();
    let matched = if known.is_empty() {
        vec![false; lines.len()]
    } else {
        let mut pairing = Pairing::of(known, lines, proven, &identities);
        (compared.reissued, compared.far) = pairing.pair_reissued();
        pairing.matched
    };
    let mut counts: HashMap<(Date, Identity), u64> = HashMap::with_capacity(lines.len());
    for line in known {
        let count = counts.entry((line.date, line.identity)).or_default();
        *count = line.occurrence.max(*count);
    }
    let seen = lines
        .iter()
        .zip(identities)
        .zip(matched)
        .map(|((line, identity), known)| {
            if known {
                return Novelty::Known;
            }
            let count = counts.entry((line.booking_date, identity)).or_default();
            *count += 1;
            Novelty::New {
                identity,
                occurrence: *count,
            }
        });
    compared.novelties = seen.collect();
    compared
}

/// Returns the lines of a statement that may be lines of the ledger in another form: none of the
/// statement is known, and on the days that both have, all amounts of one side are on the other
/// too. Running balances that are proven on both sides would have paired them, and one file has a line
/// only once: `first` is the number of its first statement.
pub fn lookalikes<'l>(
    known: &[LedgerLine],
    (lines, first): (&'l [StatementLine], StatementNumber),
    compared: &Compared,
    proven: bool,
) -> Vec<&'l StatementLine> {
    let is_known = |novelty: &Novelty| *novelty == Novelty::Known;
    if compared.novelties.iter().any(is_known) {
        return Vec::new();
    }
    let is_older = |line: &&LedgerLine| !line.void && line.statement < first;
    let days: HashSet<Date> = known
        .iter()
        .filter(is_older)
        .map(|line| line.date)
        .collect();
    let of_file: Vec<&StatementLine> = lines
        .iter()
        .filter(|line| days.contains(&line.booking_date))
        .collect();
    let days: HashSet<Date> = of_file.iter().map(|line| line.booking_date).collect();
    let of_ledger: Vec<&LedgerLine> = known
        .iter()
        .filter(is_older)
        .filter(|line| days.contains(&line.date))
        .collect();
    if proven && of_ledger.iter().all(|line| line.proven) {
        return Vec::new();
    }
    let mut free: HashMap<(Date, Signed), usize> = HashMap::new();
    for line in &of_ledger {
        *free.entry((line.date, line.amount)).or_default() += 1;
    }
    let alike: Vec<&StatementLine> = of_file
        .iter()
        .copied()
        .filter(|line| {
            free.get_mut(&(line.booking_date, line.amount))
                .filter(|count| **count > 0)
                .map(|count| *count -= 1)
                .is_some()
        })
        .collect();
    if alike.len() == of_file.len().min(of_ledger.len()) {
        alike
    } else {
        Vec::new()
    }
}

/// Checks whether the running balances of lines follow from each other in some order, so that each
/// is a place in the account's history: all balances before lines are balances after other lines,
/// but for the first. A single line's is taken at its word.
pub fn balances_prove(lines: &[StatementLine]) -> bool {
    let mut after: HashMap<Signed, i64> = HashMap::with_capacity(lines.len());
    for line in lines {
        let before = line
            .balance
            .and_then(|balance| balance.checked_sub(line.amount));
        let Some((balance, before)) = line.balance.zip(before) else {
            return false;
        };
        *after.entry(balance).or_default() += 1;
        *after.entry(before).or_default() -= 1;
    }
    !lines.is_empty()
        && after
            .values()
            .filter(|count| **count < 0)
            .map(|count| -count)
            .sum::<i64>()
            <= 1
}

/// Lines of a file, and which of them the ledger has.
struct Pairing<'a> {
    known: &'a [LedgerLine],
    lines: &'a [StatementLine],
    identities: &'a [Identity],
    proven: bool,
    /// Days that the file covers from their beginning to their end, from and to.
    whole_days: Option<DayRange>,
    /// Lines of the ledger that are paired.
    taken: Vec<bool>,
    /// Lines of the file that are paired.
    matched: Vec<bool>,
}

impl<'a> Pairing<'a> {
    /// Pairs the lines with those that the ledger has, the surest evidence first. Which of several
    /// equal lines is paired makes no difference, since only their number counts.
    fn of(
        known: &'a [LedgerLine],
        lines: &'a [StatementLine],
        proven: bool,
        identities: &'a [Identity],
    ) -> Self {
        let taken = known.iter().map(|line| line.void).collect();
        let matched = vec![false; lines.len()];
        let mut sorting = Self {
            known,
            lines,
            identities,
            proven,
            whole_days: whole_days(lines),
            taken,
            matched,
        };
        sorting.pair(
            |_, known| Some((known.date, known.amount, known.bank_id.as_deref()?)),
            |_, line, _| Some((line.booking_date, line.amount, line.bank_id.as_deref()?)),
        );
        sorting.pair(
            |_, known| Some((known.identity, known.balance?)),
            |_, line, id| Some((id, line.balance?)),
        );
        // If both sides prove their running balances, a place in the account's history is one line,
        // whatever the text says.
        sorting.pair(
            |sorting, known| {
                let proven = sorting.proven && known.proven;
                Some((known.date, known.amount, known.balance?)).filter(|_| proven)
            },
            |_, line, _| Some((line.booking_date, line.amount, line.balance?)),
        );
        // If both sides prove their running balances, two balances are two lines.
        sorting.pair(
            |_, known| (known.balance.is_none() || !known.proven).then_some(known.identity),
            |_, _, identity| Some(identity),
        );
        sorting.pair(
            |_, known| Some(known.identity),
            |sorting, line, identity| sorting.is_vague(line).then_some(identity),
        );
        sorting
    }

    /// Pairs lines that come again under the same id of the bank and with the same amount, whatever
    /// their date and text. Returns those, and those that are too far away to decide.
    fn pair_reissued(&mut self) -> (Vec<Reissued>, Vec<Reissued>) {
        let known = self.known.iter().enumerate();
        let mut free: HashMap<(Signed, &str), usize> = known
            .filter(|(at, _)| self.taken.get(*at) == Some(&false))
            .filter_map(|(at, known)| Some(((known.amount, known.bank_id.as_deref()?), at)))
            .collect();
        let (mut reissued, mut far) = (Vec::new(), Vec::new());
        for (at, line) in self.lines.iter().enumerate() {
            let Some(id) = line.bank_id.as_deref() else {
                continue;
            };
            if self.matched.get(at) != Some(&false) {
                continue;
            }
            let Some(known) = free
                .get(&(line.amount, id))
                .and_then(|known| self.known.get(*known))
            else {
                continue;
            };
            let both_prove = self.proven && known.proven;
            if both_prove && known.balance != line.balance {
                continue;
            }
            let (line, date) = (at, known.date);
            let days = self
                .lines
                .get(at)
                .map_or(0, |line| (line.booking_date - date).num_days().abs());
            if !both_prove && days > MOVED {
                far.push(Reissued { line, date });
                continue;
            }
            reissued.push(Reissued { line, date });
            let key = self.lines.get(at).map(|line| (line.amount, id));
            let taken = key.and_then(|key| free.remove(&key));
            if let Some(taken) = taken.and_then(|taken| self.taken.get_mut(taken)) {
                *taken = true;
            }
            if let Some(matched) = self.matched.get_mut(at) {
                *matched = true;
            }
        }
        (reissued, far)
    }

    /// Checks whether a line's balance does not distinguish it from others: it has none, the file's do not
    /// follow from each other, or the file has the whole day, for then its count is the day's, even
    /// if the bank sorted the day's lines anew.
    fn is_vague(&self, line: &StatementLine) -> bool {
        let whole = self
            .whole_days
            .is_some_and(|days| days.contains(line.booking_date));
        whole || !self.proven || line.balance.is_none()
    }

    /// Checks whether two lines of the same id say different things at proven places of the
    /// account's history: a bank that uses its ids again.
    fn contradicts(&self, known: &LedgerLine, line: &StatementLine, identity: Identity) -> bool {
        let apart = known
            .balance
            .zip(line.balance)
            .is_some_and(|(known, line)| known != line);
        known.identity != identity && self.proven && known.proven && apart
    }

    /// Pairs what has the same key on both sides and no ids that differ.
    fn pair<K: Eq + Hash>(
        &mut self,
        key_of_known: impl Fn(&Self, &'a LedgerLine) -> Option<K>,
        key_of_line: impl Fn(&Self, &'a StatementLine, Identity) -> Option<K>,
    ) {
        let mut free: HashMap<K, Vec<usize>> = HashMap::new();
        for (at, known) in self
            .known
            .iter()
            .enumerate()
            .filter(|(at, _)| self.taken.get(*at) == Some(&false))
        {
            if let Some(key) = key_of_known(self, known) {
                free.entry(key).or_default().push(at);
            }
        }
        for (at, (line, identity)) in self.lines.iter().zip(self.identities).enumerate() {
            if self.matched.get(at) != Some(&false) {
                continue;
            }
            let Some(candidates) =
                key_of_line(self, line, *identity).and_then(|key| free.get_mut(&key))
            else {
                continue;
            };
            let fits = |known: &usize| {
                let known = self.known.get(*known);
                known.is_some_and(|known| {
                    !ids_differ(known, line) && !self.contradicts(known, line, *identity)
                })
            };
            let Some(found) = candidates.iter().rposition(fits) else {
                continue;
            };
            let known = candidates.swap_remove(found);
            self.taken
                .get_mut(known)
                .into_iter()
                .for_each(|taken| *taken = true);
            self.matched
                .get_mut(at)
                .into_iter()
                .for_each(|matched| *matched = true);
        }
    }
}

/// Checks whether the bank itself calls two lines by different ids.
fn ids_differ(known: &LedgerLine, line: &StatementLine) -> bool {
    known
        .bank_id
        .as_deref()
        .zip(line.bank_id.as_deref())
        .is_some_and(|(known, line)| known != line)
}

/// Returns the days that a file covers whole: those between its first and its last.
fn whole_days(lines: &[StatementLine]) -> Option<DayRange> {
    let all = DayRange::of(lines.iter().map(|line| line.booking_date))?;
    DayRange::new(all.first.succ_opt()?, all.last.pred_opt()?)
}

#[cfg(test)]
mod tests;
