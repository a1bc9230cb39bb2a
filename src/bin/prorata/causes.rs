//! The bad lines of a file for people: a cause that many of them have is said once.

use std::collections::HashMap;

use prorata::{domain::account::masked_within, intake::BadLine, ops};

/// From how many lines on a cause is said once.
const MANY: usize = 4;

/// Lines with one cause.
struct SharedCause<'a> {
    first: &'a BadLine,
    lines: Vec<u64>,
}

/// Words the bad lines of a file, in the order of the file.
pub(crate) fn said(input: &str, bad: &[BadLine]) -> Vec<String> {
    let mut places: HashMap<(Option<&str>, String), usize> = HashMap::new();
    let mut causes: Vec<SharedCause<'_>> = Vec::new();
    for line in bad {
        let key = (line.column.as_deref(), without_values(&line.reason));
        let place = *places.entry(key).or_insert(causes.len());
        match causes.get_mut(place) {
            Some(cause) => cause.lines.push(line.line),
            None => causes.push(SharedCause {
                first: line,
                lines: vec![line.line],
            }),
        }
    }
    let is_shared = |line: &BadLine| {
        let key = (line.column.as_deref(), without_values(&line.reason));
        let cause = places.get(&key).and_then(|place| causes.get(*place));
        cause.filter(|cause| cause.lines.len() >= MANY)
    };
    let mut words = Vec::new();
    for line in bad {
        match is_shared(line) {
            None => words.push(format!("{input}:{}", masked_within(&line.to_string()))),
            Some(cause) if std::ptr::eq(cause.first, line) => words.push(format!(
                "{input}:{}; the same in {} lines: {}",
                masked_within(&line.to_string()),
                cause.lines.len(),
                ranges(&cause.lines)
            )),
            Some(_) => {}
        }
    }
    words
}

/// Returns what to do about the bad lines, if it is the same for all of them.
pub(crate) fn hint(bad: &[BadLine]) -> Option<String> {
    if let Some(columns) = suggested(bad) {
        return Some(format!("add {columns} and run the command again"));
    }
    if !bad.iter().all(is_known_holder) {
        return None;
    }
    Some(match bad {
        [_] => "to change the holder who exists already, run it with `--update`".to_owned(),
        all => format!(
            "to change the {} holders who exist already, run it with `--update`",
            all.len()
        ),
    })
}

/// Returns the flag that a bad line suggests for the headings of a file.
fn suggested(lines: &[BadLine]) -> Option<&str> {
    lines.iter().find_map(|line| {
        let at = line.reason.find(": `--columns ")?;
        line.reason.get(at + 2..)
    })
}

/// Returns whether a line is bad only because its holder exists already.
fn is_known_holder(bad: &BadLine) -> bool {
    bad.reason.starts_with("holder `") && bad.reason.ends_with(ops::holder::EXISTS)
}

/// Returns a reason without what it repeats of the line.
fn without_values(reason: &str) -> String {
    let parts = reason.split('`').enumerate();
    let fixed = parts.filter(|(at, _)| at % 2 == 0).map(|(_, part)| part);
    let words = fixed.collect::<Vec<_>>().join("`");
    // The line that comes first is a value too.
    match words.split_once(" on line ") {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{before} on line {rest}")
        }
        None => words,
    }
}

/// Writes the numbers of lines, those in a row as `2-13`.
fn ranges(lines: &[u64]) -> String {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for line in lines {
        match ranges.last_mut() {
            Some((_, last)) if *line <= *last + 1 => *last = *line,
            Some(_) | None => ranges.push((*line, *line)),
        }
    }
    let words = ranges.iter().map(|(first, last)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_of_many_lines_is_said_once_with_their_numbers() {
        let line = |line, reason: &str| BadLine {
            code: None,
            line,
            column: Some("code".to_owned()),
            reason: reason.to_owned(),
        };
        let mut bad: Vec<BadLine> = (2..14)
            .map(|at| line(at, &format!("holder `h{at}` already exists")))
            .collect();
        bad.push(line(20, "holder `h20` already exists"));
        bad.push(line(21, "the text is empty"));
        assert_eq!(
            said("h.csv", &bad),
            [
                "h.csv:2: code: holder `h2` already exists; the same in 13 lines: 2-13, 20",
                "h.csv:21: code: the text is empty",
            ]
        );
    }
}
