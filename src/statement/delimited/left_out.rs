//! Rows that a profile leaves out: at the end, or known by words.

use std::ops::Range;

use super::cells::one_line;
use crate::{
    statement::profile::StatementProfile,
    tabular::{Record, Rows},
};

/// How many places are named.
const NAMED: usize = 5;

/// A text without the rows that a profile leaves out, and what to say about them.
pub(super) struct LeftOut {
    pub(super) text: String,
    pub(super) decision: String,
}

/// A row that is left out.
struct Row {
    place: Range<usize>,
    line: u64,
}

/// Makes a text in which the rows that the profile leaves out are empty, so that places stay.
/// Returns `None` if it leaves none out.
pub(super) fn left_out(
    text: &str,
    mut body: Rows<'_>,
    profile: Option<&StatementProfile>,
) -> Option<LeftOut> {
    let profile = profile?;
    let words = profile.skip_rows_like.iter().map(|words| plain(words));
    let words: Vec<String> = words.collect();
    if words.is_empty() && profile.skip_end == 0 {
        return None;
    }
    let (mut rows, mut like, mut record) = (Vec::new(), Vec::new(), Record::default());
    loop {
        let start = body.offset();
        if !body.next(&mut record) {
            break;
        }
        if record.cells().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let has = |words: &String| {
            record
                .cells()
                .any(|cell| plain(cell).contains(words.as_str()))
        };
        like.push(words.iter().any(has));
        rows.push(Row {
            place: start..body.offset(),
            line: record.line,
        });
    }
    let kept = rows.len().saturating_sub(profile.skip_end);
    let rows = rows.into_iter().zip(like).enumerate();
    let rows = rows.filter(|(at, (_, like))| *like || *at >= kept);
    let rows: Vec<Row> = rows.map(|(_, (row, _))| row).collect();
    (!rows.is_empty()).then(|| LeftOut {
        text: emptied(text, rows.iter().map(|row| row.place.clone())),
        decision: said(&rows, profile),
    })
}

/// Writes a text in small letters with single spaces.
fn plain(text: &str) -> String {
    one_line(text).to_lowercase()
}

/// Makes a text in which some places, in order, are empty lines.
pub(super) fn emptied(text: &str, places: impl Iterator<Item = Range<usize>>) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for place in places {
        kept.push_str(text.get(at..place.start).unwrap_or_default());
        let hidden = text.get(place.clone()).unwrap_or_default();
        kept.extend(hidden.chars().filter(|c| matches!(c, '\r' | '\n')));
        at = place.end;
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    kept
}

fn said(rows: &[Row], profile: &StatementProfile) -> String {
    let places = rows.iter().take(NAMED).map(|row| row.line.to_string());
    let places = places.collect::<Vec<_>>().join(", ");
    let more = if rows.len() > NAMED { ", …" } else { "" };
    let (count, name) = (rows.len(), &profile.name);
    let noun = if count == 1 { "row is" } else { "rows are" };
    format!("{count} {noun} left out, as the profile `{name}` says: line {places}{more}")
}
