//! Rows deleted, inserted, copied and exchanged.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::{Bench, Place, cells::renamed, columns, place, places, populated};
use crate::figures::{figure, sized};

/// The trail's own tables: a change of theirs shows in more than one place, so each is looked at by
/// itself.
const TRAIL: [&str; 2] = ["distribution_activity_log", "distribution_activity_rows"];

/// Rows of every table but the trail's own, in rounds: each round has one row of each table at
/// most.
fn rounds(conn: &Connection, some: usize) -> Vec<Vec<Place>> {
    let tables = populated::tables(conn)
        .into_iter()
        .filter(|table| !TRAIL.contains(&table.as_str()));
    let chosen: Vec<Vec<Place>> = tables.map(|table| places(conn, &table, some)).collect();
    let longest = chosen.iter().map(Vec::len).max().unwrap();
    (0..longest)
        .map(|at| {
            chosen
                .iter()
                .filter_map(|places| places.get(at).cloned())
                .collect()
        })
        .collect()
}

fn key(conn: &Connection, table: &str) -> String {
    let sql = format!("SELECT name FROM pragma_table_info('{table}') WHERE pk = 1");
    conn.query_row(&sql, [], |row| row.get(0)).unwrap()
}

fn unique_columns(conn: &Connection, table: &str) -> BTreeSet<String> {
    let sql = format!(
        "SELECT DISTINCT c.name FROM pragma_index_list('{table}') i JOIN pragma_index_info(i.name) c
        WHERE i.\"unique\" AND c.name IS NOT NULL"
    );
    let mut statement = conn.prepare(&sql).unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

fn delete(conn: &Connection, place: &Place) {
    let sql = format!("DELETE FROM {} WHERE rowid = ?1", place.table);
    assert_eq!(conn.execute(&sql, [place.row]).unwrap(), 1);
}

/// Inserts a copy of a row under a number of its own; what must be unique gets another value.
/// Returns the new row.
fn copy(conn: &Connection, of: &Place, number: &str) -> Place {
    let (table, key) = (&of.table, key(conn, &of.table));
    let (columns, unique) = (columns(conn, table), unique_columns(conn, table));
    let other = |column: &String| {
        if unique.contains(column) {
            format!("{column} || 'x'")
        } else {
            column.clone()
        }
    };
    let sql = format!(
        "INSERT INTO {table} ({key}, {}) SELECT {number}, {} FROM {table} WHERE rowid = ?1",
        columns.join(", "),
        columns.iter().map(other).collect::<Vec<_>>().join(", ")
    );
    assert_eq!(conn.execute(&sql, [of.row]).unwrap(), 1, "{sql}");
    place(conn, table, conn.last_insert_rowid())
}

/// Exchanges the numbers of two rows.
fn exchange(conn: &Connection, one: &Place, other: &Place) {
    let key = key(conn, &one.table);
    for (from, to) in [(one.row, -1), (other.row, one.row), (-1, other.row)] {
        let sql = format!("UPDATE {} SET {key} = ?2 WHERE rowid = ?1", one.table);
        assert_eq!(conn.execute(&sql, [from, to]).unwrap(), 1, "{sql}");
    }
}

#[test]
fn deleted_copied_and_exchanged_rows_are_found_in_every_table() {
    let bench = Bench::new();
    let conn = bench.copy();
    let (mut deleted, mut added, mut exchanged) = (0, 0, 0);
    for round in rounds(&conn, sized(6, usize::MAX - 2)) {
        bench.loosely(|conn| round.iter().for_each(|place| delete(conn, place)));
        bench.found("deleted", &round);
        deleted += round.len();
        for number in ["(SELECT max(rowid) + 1 FROM {table})", "-1", "{row} + 1000"] {
            let copies = bench.loosely(|conn| {
                let number = |of: &Place| {
                    number
                        .replace("{table}", &of.table)
                        .replace("{row}", &of.row.to_string())
                };
                round
                    .iter()
                    .map(|of| copy(conn, of, &number(of)))
                    .collect::<Vec<_>>()
            });
            bench.found(&format!("copied as {number}"), &copies);
            added += copies.len();
        }
        // The same number, but another row under it.
        let anew = bench.loosely(|conn| {
            let again = |of: &Place| {
                let copied = copy(conn, of, "-1");
                delete(conn, of);
                let sql = format!(
                    "UPDATE {} SET {} = ?1 WHERE rowid = ?2",
                    of.table,
                    key(conn, &of.table)
                );
                assert_eq!(conn.execute(&sql, [of.row, copied.row]).unwrap(), 1);
                let fresh = renamed(conn, of);
                let same = unique_columns(conn, &of.table).is_empty();
                (!same).then_some(fresh)
            };
            round.iter().filter_map(again).collect::<Vec<_>>()
        });
        bench.found("deleted and inserted anew", &anew);
        added += anew.len();
    }
    for table in populated::tables(&conn)
        .iter()
        .filter(|table| !TRAIL.contains(&table.as_str()))
    {
        let places = places(&conn, table, sized(6, usize::MAX - 2));
        let pairs: Vec<&[Place]> = places.chunks_exact(2).collect();
        bench.loosely(|conn| {
            for pair in &pairs {
                exchange(conn, &pair[0], &pair[1]);
            }
        });
        let places = pairs.concat();
        bench.found("exchanged", &places);
        exchanged += places.len();
    }
    let trail = trail(&bench, &conn);
    figure(
        "tamper-rows",
        &format!(
            "{deleted} rows deleted, {added} added, {exchanged} exchanged, and {trail} such changes of the trail itself: each \
             found, and named by table and row"
        ),
    );
}

/// Changes the rows of the trail itself, one by one; answers how many changes that were.
fn trail(bench: &Bench, conn: &Connection) -> usize {
    let mut changes = 0;
    for table in TRAIL {
        let places = places(conn, table, sized(4, usize::MAX - 2));
        let last = places.last().unwrap().row;
        for place in &places {
            if table != "distribution_activity_log" || place.row != last {
                bench.loosely(|conn| delete(conn, place));
                // Of a missing entry the one after it tells.
                let mut told = place.clone();
                told.names.push((place.row + 1).to_string());
                bench.found("deleted", &[told]);
                changes += 1;
            }
            let copied = bench.loosely(|conn| {
                copy(
                    conn,
                    place,
                    &format!("(SELECT max(rowid) + 1 FROM {table})"),
                )
            });
            bench.found("copied to the end", &[copied]);
            changes += 1;
        }
        for pair in places.chunks_exact(2) {
            let pair = bench.loosely(|conn| {
                exchange(conn, &pair[0], &pair[1]);
                pair.iter()
                    .map(|place| renamed(conn, place))
                    .collect::<Vec<_>>()
            });
            // If hashes come too early, the row after them is the one that is out of order.
            let follows = |mut place: Place| {
                place.names.push((place.row + 1).to_string());
                place
            };
            bench.found(
                "exchanged",
                &pair.into_iter().map(follows).collect::<Vec<_>>(),
            );
            changes += 1;
        }
    }
    changes
}

#[test]
fn the_last_entry_without_rows_is_missed_by_a_noted_head_only() {
    let bench = Bench::new();
    let conn = bench.copy();
    let last: (i64, String, Option<String>) = conn
        .query_row(
            "SELECT seq, hash, rows_hash FROM distribution_activity_log ORDER BY seq DESC LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .unwrap();
    assert_eq!(last.2, None, "the last entry is a refused attempt");
    bench.loosely(|conn| delete(conn, &place(conn, "distribution_activity_log", last.0)));
    let blind = bench.desk.ok("audit verify");
    assert!(
        blind
            .stderr
            .contains("internally consistent; not checked against anything outside this file"),
        "{}",
        blind.stderr
    );
    let seen = bench.desk.run(&format!("audit verify --head {}", last.1));
    assert_eq!(seen.code, 3);
    assert!(
        seen.stdout.contains("its end was cut off"),
        "{}",
        seen.stdout
    );
}
