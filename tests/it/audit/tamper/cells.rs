//! Cells changed in every way.

use std::{collections::BTreeSet, thread};

use rusqlite::{Connection, types::Value};

use super::{Bench, MOVED, Place, columns, place, places, populated};
use crate::figures::{figure, sized};

/// A way to change a cell: what it is called, and the new value; none where the cell has no such
/// other value.
pub(super) type Change = (&'static str, fn(&Value) -> Option<Value>);

pub(super) const CHANGES: [Change; 9] = [
    ("another value of its type", another),
    ("a value of another type", other_type),
    ("the same digits as a number", as_number),
    ("no value", |value| {
        (*value != Value::Null).then_some(Value::Null)
    }),
    ("an empty text", |value| {
        (*value != Value::Text(String::new())).then(|| Value::Text(String::new()))
    }),
    ("the other case", other_case),
    ("a sign behind it", |value| appended(value, " ")),
    ("a zero behind it", |value| appended(value, "0")),
    ("a null character behind it", |value| appended(value, "\0")),
];

fn another(value: &Value) -> Option<Value> {
    match value {
        Value::Null => Some(Value::Text("x".to_owned())),
        Value::Integer(number) => Some(Value::Integer(number + MOVED)),
        Value::Real(_) => None,
        Value::Text(text) => Some(Value::Text(format!("{text}x"))),
        Value::Blob(bytes) => Some(Value::Blob(bytes.iter().map(|byte| !byte).collect())),
    }
}

fn other_type(value: &Value) -> Option<Value> {
    match value {
        Value::Null => Some(Value::Blob(Vec::new())),
        Value::Integer(number) => Some(Value::Text(number.to_string())),
        Value::Real(_) => None,
        Value::Text(text) => Some(Value::Blob(text.clone().into_bytes())),
        Value::Blob(bytes) => Some(Value::Text(String::from_utf8_lossy(bytes).into_owned())),
    }
}

fn as_number(value: &Value) -> Option<Value> {
    match value {
        Value::Integer(number) => number.to_string().parse().ok().map(Value::Real),
        Value::Text(text) => text.parse().ok().map(Value::Real),
        Value::Null => Some(Value::Integer(0)),
        Value::Real(_) | Value::Blob(_) => None,
    }
}

fn other_case(value: &Value) -> Option<Value> {
    let Value::Text(text) = value else {
        return None;
    };
    let swapped = |sign: char| {
        if sign.is_ascii_lowercase() {
            sign.to_ascii_uppercase()
        } else {
            sign.to_ascii_lowercase()
        }
    };
    let other: String = text.chars().map(swapped).collect();
    (other != *text).then_some(Value::Text(other))
}

fn appended(value: &Value, what: &str) -> Option<Value> {
    match value {
        Value::Text(text) => Some(Value::Text(format!("{text}{what}"))),
        Value::Blob(bytes) => Some(Value::Blob([bytes, what.as_bytes()].concat())),
        Value::Null | Value::Integer(_) | Value::Real(_) => None,
    }
}

pub(super) fn cell(conn: &Connection, place: &Place, column: &str) -> Value {
    let sql = format!("SELECT {column} FROM {} WHERE rowid = ?1", place.table);
    conn.query_row(&sql, [place.row], |row| row.get(0)).unwrap()
}

/// Writes a cell; returns false if the other value is in another row and must be unique.
pub(super) fn write(conn: &Connection, place: &Place, column: &str, value: &Value) -> bool {
    let sql = format!("UPDATE {} SET {column} = ?2 WHERE rowid = ?1", place.table);
    match conn.execute(&sql, (place.row, value)) {
        Ok(changed) => changed == 1,
        Err(error) => {
            let twice = error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation);
            assert!(twice, "{place:?}.{column} = {value:?}: {error}");
            false
        }
    }
}

/// Adds the names that a row has after its change: its id may be another.
pub(super) fn renamed(conn: &Connection, changed: &Place) -> Place {
    let names = [
        changed.names.clone(),
        place(conn, &changed.table, changed.row).names,
    ]
    .concat();
    Place {
        names,
        ..changed.clone()
    }
}

/// Puts the value of each of two rows into the other.
pub(super) fn swap(conn: &Connection, one: &Place, other: &Place, column: &str) -> bool {
    let (first, second) = (cell(conn, one, column), cell(conn, other, column));
    let between = Value::Text("between".to_owned());
    first != second
        && write(conn, one, column, &between)
        && write(conn, other, column, &first)
        && write(conn, one, column, &second)
}

/// The tables whose findings can be distinguished when many rows are changed at once. The hashes of
/// rows prove all other rows, so that a change of one of them shows in many places; they have their
/// own test.
fn provable(conn: &Connection) -> Vec<String> {
    populated::tables(conn)
        .into_iter()
        .filter(|table| table != "distribution_activity_rows")
        .collect()
}

/// Changes the n-th column of every table in one way and in every chosen row, and verifies once.
/// Returns how many cells that were.
fn changed(
    bench: &Bench,
    chosen: &[(Vec<Place>, Vec<String>)],
    at: usize,
    change: Change,
) -> usize {
    let touched = bench.loosely(|conn| {
        let mut touched = Vec::new();
        for (places, columns) in chosen {
            let Some(column) = columns.get(at) else {
                continue;
            };
            for place in places {
                let other = change.1(&cell(conn, place, column));
                if other.is_some_and(|other| write(conn, place, column, &other)) {
                    touched.push(renamed(conn, place));
                }
            }
        }
        touched
    });
    if !touched.is_empty() {
        bench.found(&format!("{} in column {at}", change.0), &touched);
    }
    touched.len()
}

/// Swaps the n-th column of every table between neighbours among the chosen rows.
fn swapped(bench: &Bench, chosen: &[(Vec<Place>, Vec<String>)], at: usize) -> usize {
    let touched = bench.loosely(|conn| {
        let mut touched = Vec::new();
        for (places, columns) in chosen {
            let Some(column) = columns.get(at) else {
                continue;
            };
            for pair in places.chunks_exact(2) {
                if swap(conn, &pair[0], &pair[1], column) {
                    touched.extend(pair.iter().map(|place| renamed(conn, place)));
                }
            }
        }
        touched
    });
    if !touched.is_empty() {
        bench.found(&format!("column {at} swapped between rows"), &touched);
    }
    touched.len()
}

#[test]
fn every_cell_changed_in_every_way_is_found_in_its_table_and_row() {
    let some = sized(6, usize::MAX - 2);
    let half = move |from: usize| {
        // Each half has a ledger of its own.
        let bench = Bench::new();
        let chosen = chosen(&bench, some);
        let widest = chosen
            .iter()
            .map(|(_, columns)| columns.len())
            .max()
            .unwrap();
        let mut cells = 0;
        for at in (from..widest).step_by(2) {
            cells += CHANGES
                .iter()
                .map(|change| changed(&bench, &chosen, at, *change))
                .sum::<usize>();
            cells += swapped(&bench, &chosen, at);
        }
        cells
    };
    let cells: usize = thread::scope(|scope| {
        let halves = [0, 1].map(|from| scope.spawn(move || half(from)));
        halves.into_iter().map(|half| half.join().unwrap()).sum()
    });
    let bench = Bench::new();
    let chosen = chosen(&bench, some);
    let rows: usize = chosen.iter().map(|(places, _)| places.len()).sum();
    assert!(
        cells > rows * 20,
        "{cells} cells of {rows} rows were changed"
    );
    let hashes = hashes_of_rows(&bench, sized(4, usize::MAX - 2));
    figure(
        "tamper",
        &format!(
            "{} changes of single cells in {rows} rows of all {} tables, in {} ways: each found, and named by table and row",
            cells + hashes,
            chosen.len() + 1,
            CHANGES.len() + 1
        ),
    );
}

/// Chooses rows of each table, and tells its columns.
fn chosen(bench: &Bench, some: usize) -> Vec<(Vec<Place>, Vec<String>)> {
    let conn = bench.copy();
    provable(&conn)
        .iter()
        .map(|table| (places(&conn, table, some), columns(&conn, table)))
        .collect()
}

/// Changes the cells of the hashes of rows, one by one.
fn hashes_of_rows(bench: &Bench, some: usize) -> usize {
    const TABLE: &str = "distribution_activity_rows";
    let conn = bench.copy();
    let mut cells = 0;
    for place in places(&conn, TABLE, some) {
        for column in columns(&conn, TABLE) {
            for change in CHANGES {
                let Some(other) = change.1(&cell(&conn, &place, &column)) else {
                    continue;
                };
                let place = bench.loosely(|conn| {
                    assert!(write(conn, &place, &column, &other));
                    renamed(conn, &place)
                });
                bench.found(&format!("{} in {column}", change.0), &[place]);
                cells += 1;
            }
        }
    }
    cells
}

#[test]
fn the_same_rows_are_chosen_each_time_and_the_first_and_last_are_among_them() {
    let bench = Bench::new();
    let conn = bench.copy();
    for table in provable(&conn) {
        let rows: Vec<i64> = places(&conn, &table, 3)
            .iter()
            .map(|place| place.row)
            .collect();
        assert_eq!(
            rows,
            places(&conn, &table, 3)
                .iter()
                .map(|place| place.row)
                .collect::<Vec<_>>()
        );
        let ends: (i64, i64) = conn
            .query_row(
                &format!("SELECT min(rowid), max(rowid) FROM {table}"),
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        assert_eq!(
            (rows.first(), rows.last()),
            (Some(&ends.0), Some(&ends.1)),
            "{table}"
        );
        let distinct: BTreeSet<&i64> = rows.iter().collect();
        assert_eq!(distinct.len(), rows.len());
        assert!(
            place(&conn, &table, ends.0)
                .names
                .contains(&ends.0.to_string())
        );
    }
}
