//! The seeds and words of the fuzz targets, which the twins use too.

use std::{fs, path::PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// Reads the valid files of a target, in the order of their names.
pub(crate) fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = folder().join("seeds").join(target);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Reads the words of a target: a line each, in quotes, with the escapes of libFuzzer's
/// dictionaries.
pub(crate) fn words(target: &str) -> Vec<Vec<u8>> {
    let text =
        fs::read_to_string(folder().join("dictionaries").join(format!("{target}.dict"))).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| word(line.strip_prefix('"').unwrap().strip_suffix('"').unwrap()))
        .collect()
}

fn word(escaped: &str) -> Vec<u8> {
    let mut word = Vec::new();
    let mut bytes = escaped.bytes();
    while let Some(byte) = bytes.next() {
        match (byte, byte == b'\\') {
            (_, false) => word.push(byte),
            (_, true) => match bytes.next().unwrap() {
                b'x' => {
                    let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                    word.push(
                        u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap(),
                    );
                }
                other => word.push(other),
            },
        }
    }
    word
}

#[test]
fn the_escapes_of_a_dictionary_are_read() {
    assert_eq!(word(r#"a\x0a\"\\"#), b"a\n\"\\");
}
