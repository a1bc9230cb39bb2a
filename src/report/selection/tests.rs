//! Which rows and fields are selected, and in which order.

use super::*;
use crate::domain::{currency::Currency, signed::Signed};

const COLUMNS: &[Column] = &[
    Column::new(CellKind::Text, "code", "payment"),
    Column::new(CellKind::Text, "name", "name"),
    Column::new(CellKind::Money, "amount", "paid"),
    Column::new(CellKind::Date, "date", "value date"),
    Column {
        uncounted: &["returned"],
        ..Column::new(CellKind::Text, "status", "status")
    },
];

fn naira(units: i128) -> Cell {
    let naira: Currency = "NGN".parse().unwrap();
    Cell::Money(Signed::from_units(units).unwrap(), naira)
}

fn rows() -> Vec<Vec<Cell>> {
    [
        ("P-9", "José Núñez", 9, "2026-03-01", "paid"),
        ("P-10", "ADAEZE", 100, "2025-12-31", "returned"),
        ("P-2", "Łukasz", 25, "2026-01-31", "paid"),
    ]
    .map(|(code, name, amount, date, status)| {
        vec![
            Cell::text(code),
            Cell::text(name),
            naira(amount * ONE),
            Cell::on(parse_date(date).ok()),
            Cell::text(status),
        ]
    })
    .to_vec()
}

fn codes(request: &RowRequest) -> Vec<String> {
    let mut selection = Selection::new(COLUMNS, request).unwrap();
    let mut shown = Vec::new();
    for row in rows() {
        match selection.take(&row) {
            Verdict::Show => shown.push(selection.selected(&row)),
            Verdict::Wait => {}
            Verdict::Enough => break,
        }
    }
    shown.extend(selection.rest().0);
    let code = |row: SelectedRow| match row.cells.first() {
        Some(Cell::Text(code)) => code.clone(),
        other => panic!("{other:?}"),
    };
    shown.into_iter().map(code).collect()
}

fn sorted(fields: &[&str]) -> Vec<String> {
    codes(&RowRequest {
        sort: fields.iter().map(ToString::to_string).collect(),
        ..RowRequest::default()
    })
}

fn held(field: &str, value: &str) -> Vec<String> {
    codes(&RowRequest {
        conditions: vec![Condition {
            field: field.to_owned(),
            value: value.to_owned(),
        }],
        ..RowRequest::default()
    })
}

fn searched(text: &str) -> Vec<String> {
    codes(&RowRequest {
        search: Some(text.to_owned()),
        ..RowRequest::default()
    })
}

#[test]
fn numbers_sort_as_numbers_dates_as_dates_and_codes_by_their_numbers() {
    assert_eq!(sorted(&["amount"]), ["P-9", "P-2", "P-10"]);
    assert_eq!(sorted(&["-amount"]), ["P-10", "P-2", "P-9"]);
    assert_eq!(sorted(&["date"]), ["P-10", "P-2", "P-9"]);
    assert_eq!(sorted(&["code"]), ["P-2", "P-9", "P-10"]);
    assert_eq!(sorted(&["-code"]), ["P-10", "P-9", "P-2"]);
    assert_eq!(sorted(&["name"]), ["P-10", "P-9", "P-2"]);
    assert_eq!(sorted(&["status", "-amount"]), ["P-2", "P-9", "P-10"]);
}

#[test]
fn what_is_empty_comes_last_in_both_directions() {
    let selection = |field: &str| {
        let request = RowRequest {
            sort: vec![field.to_owned()],
            ..RowRequest::default()
        };
        let mut selection = Selection::new(COLUMNS, &request).unwrap();
        selection.take(&[
            Cell::text("E"),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
        ]);
        for row in &rows() {
            selection.take(row);
        }
        selection.rest().0.last().unwrap().cells.first().cloned()
    };
    assert_eq!(selection("amount"), Some(Cell::text("E")));
    assert_eq!(selection("-amount"), Some(Cell::text("E")));
}

#[test]
fn values_are_compared_by_their_kind() {
    assert_eq!(held("amount", "25"), ["P-2"]);
    assert_eq!(held("amount", "25.00"), ["P-2"]);
    assert_eq!(held("date", "2026-03-01"), ["P-9"]);
    assert_eq!(held("status", "PAID"), ["P-9", "P-2"]);
    assert_eq!(held("name", "lukasz"), ["P-2"]);
    assert!(held("name", "").is_empty());
}

#[test]
fn accents_and_case_do_not_count_in_a_search_and_words_of_a_status_are_not_searched() {
    assert_eq!(searched("jose nu"), ["P-9"]);
    assert_eq!(searched("Adaéze"), ["P-10"]);
    assert_eq!(searched("p-"), ["P-9", "P-10", "P-2"]);
    assert!(searched("returned").is_empty());
}

#[test]
fn a_sorted_list_with_a_limit_has_the_first_rows_of_all() {
    let request = RowRequest {
        sort: vec!["-amount".to_owned()],
        limit: Some(2),
        ..RowRequest::default()
    };
    let mut selection = Selection::new(COLUMNS, &request).unwrap();
    for amount in (0..5000).map(|at| (at * 7919) % 5000) {
        selection.take(&[
            Cell::Empty,
            Cell::Empty,
            naira(amount),
            Cell::Empty,
            Cell::Empty,
        ]);
    }
    let (rows, more) = selection.rest();
    let amounts: Vec<_> = rows
        .iter()
        .filter_map(|row| row.cells.get(2)?.number())
        .collect();
    assert_eq!((amounts, more), (vec![4999, 4998], More::LeftOut));
}

#[test]
fn an_unknown_field_is_refused_with_the_fields_of_the_list() {
    let request = RowRequest {
        fields: vec!["paid".to_owned()],
        ..RowRequest::default()
    };
    let error = Selection::new(COLUMNS, &request).unwrap_err();
    assert_eq!(
        error.to_string(),
        "this list has no field `paid`; its fields: code, name, amount, date, status"
    );
    let SelectionError::UnknownField { headed, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(headed, Some("amount"));
}

#[test]
fn a_row_that_does_not_count_says_why_even_without_its_status() {
    let request = RowRequest {
        fields: vec!["code".to_owned(), "amount".to_owned()],
        ..RowRequest::default()
    };
    let selection = Selection::new(COLUMNS, &request).unwrap();
    let row = selection.selected(&rows()[1]);
    assert_eq!(row.uncounted.as_deref(), Some("returned"));
    assert_eq!(row.cells.len(), 2);
}
