//! Many changes at once, anywhere.

use proptest::{prelude::*, test_runner::TestRunner};

use super::{
    Bench,
    cells::{CHANGES, cell, renamed, write},
    columns, place, populated,
};
use crate::figures::{figure, sized};

/// A cell and a way to change it, each as a fraction of what there is.
type Edit = (
    prop::sample::Index,
    prop::sample::Index,
    prop::sample::Index,
    prop::sample::Index,
);

#[test]
fn many_cells_changed_at_once_are_each_found() {
    let bench = Bench::new();
    let conn = bench.copy();
    let tables: Vec<String> = populated::tables(&conn)
        .into_iter()
        .filter(|table| table != "distribution_activity_rows")
        .collect();
    let numbers = |table: &String| {
        let mut statement = conn.prepare(&format!("SELECT rowid FROM {table}")).unwrap();
        statement
            .query_map([], |row| row.get::<_, i64>(0))
            .unwrap()
            .map(Result::unwrap)
            .collect::<Vec<_>>()
    };
    let rows: Vec<(&String, Vec<i64>)> =
        tables.iter().map(|table| (table, numbers(table))).collect();
    let cases = sized(60, 2_000);
    let mut runner = TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let mut cells = 0;
    let edits = prop::collection::vec(any::<Edit>(), 1..24);
    let counted = std::cell::RefCell::new(&mut cells);
    let ran = runner.run(&edits, |edits| {
        let touched = bench.loosely(|conn| {
            let mut touched = Vec::new();
            for (table, row, column, change) in &edits {
                let (table, numbers) = table.get(&rows);
                let place = place(conn, table, *row.get(numbers));
                let (columns, change) = (columns(conn, table), change.get(&CHANGES));
                let column = column.get(&columns);
                // A cell may be chosen twice; its row is changed all the same, unless that puts it
                // back.
                let other = change.1(&cell(conn, &place, column));
                if other.is_some_and(|other| write(conn, &place, column, &other)) {
                    touched.push((place, column.clone()));
                }
            }
            touched
        });
        let as_it_was = bench.copy();
        let now = populated::open(&bench.desk);
        let differs = |(place, column): &(super::Place, String)| {
            cell(&as_it_was, place, column) != cell(&now, place, column)
        };
        let places: Vec<_> = touched
            .iter()
            .filter(|touched| differs(touched))
            .map(|(place, _)| renamed(&now, place))
            .collect();
        drop(now);
        **counted.borrow_mut() += places.len();
        bench.found("changed at random", &places);
        Ok(())
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
    assert!(
        cells > usize::try_from(cases).unwrap(),
        "{cells} cells were changed"
    );
    figure(
        "tamper-random",
        &format!(
            "{cells} cells changed at random, up to 23 at once in {cases} ledgers: each row found"
        ),
    );
}
