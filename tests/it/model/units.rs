//! Amounts and tokens as whole numbers of ten-millionths, and dice.

/// An amount or a number of tokens in ten-millionths.
pub(super) type Units = i128;

/// One whole.
pub(super) const ONE: Units = 10_000_000;
/// The largest amount: 13 integer digits and 7 decimals, all nines.
pub(super) const MOST: Units = 99_999_999_999_999_999_999;

/// Writes exactly seven decimals, as the ledger stores them.
pub(super) fn canonical(units: Units) -> String {
    format!("{}.{:07}", units / ONE, units % ONE)
}

/// Writes exactly seven decimals after a sign, as the ledger stores what the bank says.
pub(super) fn signed(units: Units) -> String {
    format!(
        "{}{}",
        if units < 0 { "-" } else { "" },
        canonical(units.abs())
    )
}

/// Reads a decimal, with a sign or without.
pub(super) fn read(text: &str) -> Units {
    let digits = text.trim_start_matches('-');
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let units =
        whole.parse::<Units>().unwrap() * ONE + format!("{fraction:0<7}").parse::<Units>().unwrap();
    if text.starts_with('-') { -units } else { units }
}

/// Writes as few decimals as there are.
pub(super) fn plain(units: Units) -> String {
    canonical(units)
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// A small generator of numbers that look random and follow from their seed.
///
/// # Source
/// Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014 (SplitMix64).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Throws a number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    /// Throws a number of units from 1 to `most`.
    pub(super) fn units(&mut self, most: Units) -> Units {
        i128::from(self.next()) % most.max(1) + 1
    }

    /// Is true this many times of a hundred.
    pub(super) fn percent(&mut self, times: usize) -> bool {
        self.below(100) < times
    }

    /// Picks one of several things.
    pub(super) fn pick<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        if things.is_empty() {
            None
        } else {
            things.get(self.below(things.len()))
        }
    }
}
