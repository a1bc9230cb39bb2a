//! Inputs: bytes at random, valid files with something changed, and words of the format in any
//! order.

use proptest::{collection::vec, prelude::*, sample::Index};

use crate::dictionary::{seeds, words};

/// Digits that fit into no number.
const HUGE: [&[u8]; 5] = [
    b"99999999999999999999999999999999999999999999",
    b"-170141183460469231731687303715884105728",
    b"9999999999999.9999999",
    b"0.00000001",
    b"00",
];

/// The longest input of a case; the shapes are the long ones.
const LONGEST: usize = 64 * 1024;

/// A change of a file.
#[derive(Clone, Debug)]
enum Edit {
    Flip(Index, u8),
    Cut(Index, usize),
    Double(Index, usize),
    Word(Index, Index),
    Number(Index, usize),
    Splice(Index, Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Edit::Flip(at, bit)),
        (any::<Index>(), 1..200_usize).prop_map(|(at, length)| Edit::Cut(at, length)),
        (any::<Index>(), 1..400_usize).prop_map(|(at, length)| Edit::Double(at, length)),
        (any::<Index>(), any::<Index>()).prop_map(|(at, word)| Edit::Word(at, word)),
        (any::<Index>(), 0..HUGE.len()).prop_map(|(at, which)| Edit::Number(at, which)),
        (any::<Index>(), any::<Index>(), any::<Index>())
            .prop_map(|(at, other, from)| Edit::Splice(at, other, from)),
    ]
}

/// Changes a file; positions are wrapped into it.
fn changed(mut data: Vec<u8>, edit: &Edit, seeds: &[Vec<u8>], words: &[Vec<u8>]) -> Vec<u8> {
    let place = |at: &Index, data: &[u8]| at.index(data.len() + 1);
    match edit {
        Edit::Flip(at, bit) if !data.is_empty() => {
            let at = at.index(data.len());
            data[at] ^= 1 << bit;
        }
        Edit::Flip(..) => {}
        Edit::Cut(at, length) => {
            let at = place(at, &data);
            data.drain(at..(at + length).min(data.len()));
        }
        Edit::Double(at, length) => {
            let at = place(at, &data);
            let twice = data[at..(at + length).min(data.len())].to_vec();
            data.splice(at..at, twice);
        }
        Edit::Word(at, word) => {
            let at = place(at, &data);
            data.splice(at..at, words[word.index(words.len())].iter().copied());
        }
        Edit::Number(at, which) => {
            let at = place(at, &data);
            let begins = data[at..]
                .iter()
                .position(u8::is_ascii_digit)
                .map_or(data.len(), |digit| at + digit);
            let digits = data[begins..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            data.splice(begins..begins + digits, HUGE[*which].iter().copied());
        }
        Edit::Splice(at, other, from) => {
            let (at, other) = (place(at, &data), &seeds[other.index(seeds.len())]);
            data.truncate(at);
            data.extend_from_slice(&other[place(from, other)..]);
        }
    }
    data.truncate(LONGEST);
    data
}

/// Makes inputs for a target.
pub(crate) fn inputs(target: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let (seeds, words) = (seeds(target), words(target));
    let (of, spoken) = (seeds.clone(), words.clone());
    let spliced = (any::<Index>(), vec(edit(), 1..8)).prop_map(move |(seed, edits)| {
        let whole = of[seed.index(of.len())].clone();
        edits
            .iter()
            .fold(whole, |data, edit| changed(data, edit, &of, &spoken))
    });
    let grammar = vec(any::<Index>(), 0..60).prop_map(move |picked| {
        picked
            .iter()
            .flat_map(|index| words[index.index(words.len())].clone())
            .collect::<Vec<u8>>()
    });
    let first = seeds.into_iter().next().unwrap();
    // A valid beginning, and then words: so that a reader gets past its header.
    let begun = (any::<Index>(), grammar.clone())
        .prop_map(move |(at, words)| [&first[..at.index(first.len() + 1)], &words].concat());
    prop_oneof![2 => vec(any::<u8>(), 0..600), 5 => spliced, 3 => grammar, 3 => begun]
}
