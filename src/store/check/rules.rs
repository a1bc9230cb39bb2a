//! What the schema demands of each value of a row, looked at while rows are read for another
//! reason.
//!
//! SQLite tests a `CHECK` by running its expression for each row, which takes longer than reading
//! and hashing the row. The forms that the ledger's tables are made of are tested here instead, on
//! the bytes. What is found here is never told: where a value is not plainly what its rule demands,
//! SQLite is asked, and its answer counts. What has another form is left to SQLite at once.

use std::ops::RangeInclusive;

use rusqlite::types::{Type, ValueRef};

const DIGITS: &str = "'0123456789'";
const DAY: &str = "'[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'";
/// An allocation is what is withdrawn, pending and available of it.
const SUM: &str = "(CAST(substr(withdrawn_amount, 1, length(withdrawn_amount) - 8) AS INTEGER) \
    + CAST(substr(pending_amount, 1, length(pending_amount) - 8) AS INTEGER) \
    + CAST(substr(available_amount, 1, length(available_amount) - 8) AS INTEGER) \
    - CAST(substr(allocated_amount, 1, length(allocated_amount) - 8) AS INTEGER)) * 10000000 \
    + CAST(substr(withdrawn_amount, -7) AS INTEGER) + CAST(substr(pending_amount, -7) AS INTEGER) \
    + CAST(substr(available_amount, -7) AS INTEGER) - CAST(substr(allocated_amount, -7) AS INTEGER) = 0";
const STATUS: &str = "status = CASE WHEN withdrawn_amount = '0.0000000' THEN 'allocated' \
    WHEN withdrawn_amount = allocated_amount THEN 'fully_withdrawn' ELSE 'partially_withdrawn' END";
const NOTHING: &[u8] = b"0.0000000";

/// The kind of values that a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Kind {
    /// `None` where it is another one than those of a ledger.
    of: Option<Type>,
    /// Whether there is always a value.
    filled: bool,
}

impl Kind {
    /// Reads the kind of a column of a `STRICT` table.
    pub(in crate::store) fn of(declared: &str, filled: bool) -> Self {
        let of = match declared {
            "TEXT" => Some(Type::Text),
            "INTEGER" => Some(Type::Integer),
            "BLOB" => Some(Type::Blob),
            _ => None,
        };
        Self { of, filled }
    }

    fn holds(self, value: ValueRef<'_>) -> bool {
        match value.data_type() {
            Type::Null => !self.filled,
            other @ (Type::Integer | Type::Real | Type::Text | Type::Blob) => {
                self.of == Some(other)
            }
        }
    }
}

/// The rules of a table: those that are tested here, and the expressions that are not.
pub(in crate::store) struct Rules {
    /// Of each column.
    kinds: Vec<Kind>,
    known: Vec<(usize, Rule)>,
    /// The expressions that SQLite tests.
    pub(in crate::store) rest: Vec<String>,
}

/// A rule, of the column beside which it stands, or of the columns in it.
#[derive(Debug)]
enum Rule {
    Length(RangeInclusive<usize>),
    Stamp,
    Day,
    Decimal(RangeInclusive<usize>),
    Signed,
    Unsigned,
    NotNothing,
    Json,
    AtLeast(i64),
    Words(Vec<Vec<u8>>),
    Numbers(Vec<i64>),
    /// Allocated, withdrawn, pending, available.
    Sum([usize; 4]),
    /// Allocated, withdrawn; the column is the status.
    Status([usize; 2]),
}

impl Rules {
    /// Reads the rules in a table's definition.
    pub(in crate::store) fn of(definition: &str, columns: &[String], kinds: Vec<Kind>) -> Self {
        let (mut known, mut rest) = (Vec::new(), Vec::new());
        for expression in checks(definition) {
            match columns
                .iter()
                .enumerate()
                .find_map(|(at, name)| Some((at, rule(&expression, name, columns)?)))
            {
                Some(found) => known.push(found),
                None => rest.push(expression),
            }
        }
        Self { kinds, known, rest }
    }

    /// Tells whether a row plainly keeps them.
    pub(in crate::store) fn hold(&self, values: &[ValueRef<'_>]) -> bool {
        self.kinds.len() <= values.len()
            && self
                .kinds
                .iter()
                .zip(values)
                .all(|(kind, value)| kind.holds(*value))
            && self
                .known
                .iter()
                .all(|(column, rule)| rule.holds(*column, values))
    }
}

/// Finds the expressions of all `CHECK`s, each in one line, without comments.
fn checks(definition: &str) -> Vec<String> {
    let plain: Vec<&str> = definition
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect();
    let plain = plain
        .join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let mut found = Vec::new();
    for after in plain.split("CHECK (").skip(1) {
        let (mut depth, mut quoted, mut expression) = (1_usize, false, String::new());
        for letter in after.chars() {
            match (letter, quoted) {
                ('\'', _) => quoted = !quoted,
                ('(', false) => depth += 1,
                (')', false) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            expression.push(letter);
        }
        found.push(expression);
    }
    found
}

fn rule(expression: &str, c: &str, columns: &[String]) -> Option<Rule> {
    let place = |name: &str| columns.iter().position(|column| column == name);
    let number = |prefix: String| {
        expression
            .strip_prefix(prefix.as_str())?
            .parse::<usize>()
            .ok()
    };
    let dot = format!("substr({c}, -8, 1) = '.' AND trim({c}, ");
    if expression == format!("length({c}) = 27 AND {c} GLOB '[0-9]*T*Z'") {
        return Some(Rule::Stamp);
    }
    if expression == format!("{c} GLOB {DAY}") {
        return Some(Rule::Day);
    }
    if expression == format!("{c} <> '0.0000000'") {
        return Some(Rule::NotNothing);
    }
    if expression == format!("{dot}'-0123456789') = '.'") {
        return Some(Rule::Signed);
    }
    if expression == format!("{dot}{DIGITS}) = '.'") {
        return Some(Rule::Unsigned);
    }
    if expression == format!("json_valid({c})") {
        return Some(Rule::Json);
    }
    if c == "status" && expression == STATUS {
        return Some(Rule::Status([
            place("allocated_amount")?,
            place("withdrawn_amount")?,
        ]));
    }
    if expression == SUM {
        let [withdrawn, pending, available] =
            ["withdrawn", "pending", "available"].map(|name| place(&format!("{name}_amount")));
        return Some(Rule::Sum([
            place("allocated_amount")?,
            withdrawn?,
            pending?,
            available?,
        ]));
    }
    if let Some(length) = number(format!("length({c}) = "))
        .or_else(|| number(format!("{c} IS NULL OR length({c}) = ")))
    {
        return Some(Rule::Length(length..=length));
    }
    if let Some(bounds) = expression.strip_prefix(&format!("length({c}) BETWEEN ")) {
        let (least, most) = bounds.split_once(" AND ")?;
        let (most, tail) = most.split_once(" AND ").unwrap_or((most, ""));
        let range = least.parse().ok()?..=most.parse().ok()?;
        if tail.is_empty() {
            return Some(Rule::Length(range));
        }
        return (tail == format!("{dot}{DIGITS}) = '.' AND {c} NOT GLOB '0[0-9]*'"))
            .then_some(Rule::Decimal(range));
    }
    if let Some(least) = expression.strip_prefix(&format!("{c} > ")) {
        return Some(Rule::AtLeast(least.parse::<i64>().ok()?.checked_add(1)?));
    }
    if let Some(least) = expression.strip_prefix(&format!("{c} >= ")) {
        return Some(Rule::AtLeast(least.parse().ok()?));
    }
    one_of(expression, c)
}

/// Reads `X IN (…) OR X IN (…)`, of words or of numbers.
fn one_of(expression: &str, c: &str) -> Option<Rule> {
    let mut items = Vec::new();
    for list in expression.split(" OR ") {
        items.extend(
            list.strip_prefix(&format!("{c} IN ("))?
                .strip_suffix(')')?
                .split(", "),
        );
    }
    let word = |item: &&str| {
        Some(
            item.strip_prefix('\'')?
                .strip_suffix('\'')?
                .as_bytes()
                .to_vec(),
        )
    };
    if let Some(words) = items.iter().map(word).collect() {
        return Some(Rule::Words(words));
    }
    items
        .iter()
        .map(|item| item.parse().ok())
        .collect::<Option<Vec<i64>>>()
        .map(Rule::Numbers)
}

impl Rule {
    /// Tells whether a row plainly keeps the rule. An absent value keeps every rule of its own.
    fn holds(&self, column: usize, values: &[ValueRef<'_>]) -> bool {
        let text = |column: usize| match values.get(column) {
            Some(ValueRef::Text(text)) => Some(*text),
            Some(ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_))
            | None => None,
        };
        match (self, values.get(column)) {
            (Self::Sum([allocated, withdrawn, pending, available]), _) => {
                let texts = [allocated, withdrawn, pending, available].map(|at| text(*at));
                if let [
                    Some(allocated),
                    Some(NOTHING),
                    Some(NOTHING),
                    Some(available),
                ] = texts
                    && allocated == available
                {
                    return units(allocated).is_some();
                }
                let [allocated, withdrawn, pending, available] =
                    texts.map(|text| text.and_then(units));
                let used = withdrawn
                    .zip(pending)
                    .zip(available)
                    .map(|((withdrawn, pending), available)| withdrawn + pending + available);
                allocated.is_some() && allocated == used
            }
            (Self::Status([allocated, withdrawn]), _) => {
                match (text(column), text(*allocated), text(*withdrawn)) {
                    (Some(status), Some(_), Some(NOTHING)) => status == b"allocated",
                    (Some(status), Some(allocated), Some(withdrawn)) if allocated == withdrawn => {
                        status == b"fully_withdrawn"
                    }
                    (Some(status), Some(_), Some(_)) => status == b"partially_withdrawn",
                    _ => false,
                }
            }
            (_, Some(ValueRef::Null)) => true,
            (Self::AtLeast(least), Some(ValueRef::Integer(number))) => number >= least,
            (Self::Numbers(numbers), Some(ValueRef::Integer(number))) => numbers.contains(number),
            (_, Some(ValueRef::Text(text))) => self.holds_for(text),
            (_, Some(ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_)) | None) => false,
        }
    }

    fn holds_for(&self, text: &[u8]) -> bool {
        match self {
            // SQLite counts letters up to the first zero byte; for these bytes that is their
            // number.
            Self::Length(range) => {
                range.contains(&text.len()) && text.iter().all(|byte| (1..128).contains(byte))
            }
            Self::Stamp => {
                text.len() == 27
                    && text.is_ascii()
                    && !text.contains(&0)
                    && text.first().is_some_and(u8::is_ascii_digit)
                    && text.get(10) == Some(&b'T')
                    && text.last() == Some(&b'Z')
            }
            Self::Day => {
                text.len() == 10
                    && text.iter().enumerate().all(|(at, byte)| match at {
                        4 | 7 => *byte == b'-',
                        5 => matches!(byte, b'0'..=b'1'),
                        8 => matches!(byte, b'0'..=b'3'),
                        _ => byte.is_ascii_digit(),
                    })
            }
            Self::Decimal(range) => {
                range.contains(&text.len())
                    && is_decimal(text, u8::is_ascii_digit)
                    && !(text.first() == Some(&b'0') && text.get(1).is_some_and(u8::is_ascii_digit))
            }
            Self::Signed => is_decimal(text, |byte| byte.is_ascii_digit() || *byte == b'-'),
            Self::Unsigned => is_decimal(text, u8::is_ascii_digit),
            Self::NotNothing => text != NOTHING && !text.contains(&0),
            Self::Json => serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok(),
            Self::Words(words) => words.iter().any(|word| word == text),
            Self::AtLeast(_) | Self::Numbers(_) | Self::Sum(_) | Self::Status(_) => false,
        }
    }
}

/// Tells whether a text has its only dot before its last seven letters, and else only these.
fn is_decimal(text: &[u8], letter: impl Fn(&u8) -> bool) -> bool {
    match text
        .len()
        .checked_sub(8)
        .and_then(|whole| text.split_at_checked(whole))
    {
        Some((whole, [b'.', decimals @ ..])) => {
            whole.iter().all(&letter) && decimals.iter().all(letter)
        }
        Some(_) | None => false,
    }
}

/// Reads a decimal in ten-millionths.
fn units(text: &[u8]) -> Option<i128> {
    // 13 digits and 7 more fit 64 bits each.
    let number = |digits: &[u8]| {
        let digit = |number: u64, digit: &u8| {
            digit
                .is_ascii_digit()
                .then(|| number * 10 + u64::from(digit - b'0'))
        };
        digits.iter().try_fold(0, digit)
    };
    match text
        .len()
        .checked_sub(8)
        .and_then(|whole| text.split_at_checked(whole))
    {
        Some((whole, [b'.', decimals @ ..])) if whole.len() <= 13 => {
            Some(i128::from(number(whole)?) * 10_000_000 + i128::from(number(decimals)?))
        }
        Some(_) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::Connection;

    use super::*;
    use crate::store::file::versions::{self, Definition};

    fn tables() -> (Connection, Vec<(String, String, Vec<String>)>) {
        let mut conn = Connection::open_in_memory().unwrap();
        versions::make_tables(&mut conn).unwrap();
        let tables = versions::schema(&conn)
            .unwrap()
            .into_iter()
            .filter(|item| item.kind == "table");
        let tables = tables.map(|Definition { name, sql, .. }| {
            let columns = conn.prepare(&format!("SELECT * FROM {name}")).unwrap();
            let columns = columns
                .column_names()
                .into_iter()
                .map(str::to_owned)
                .collect();
            (name, sql, columns)
        });
        let tables = tables.collect();
        (conn, tables)
    }

    #[test]
    fn every_rule_of_the_schema_is_tested_here_or_left_to_sqlite() {
        let (_, tables) = tables();
        for (name, sql, columns) in &tables {
            let rules = Rules::of(sql, columns, Vec::new());
            let words = sql
                .lines()
                .map(|line| line.split("--").next().unwrap().matches("CHECK").count());
            assert_eq!(
                rules.known.len() + rules.rest.len(),
                words.sum::<usize>(),
                "{name}"
            );
        }
        let rest = |table: &str| {
            let (_, sql, columns) = tables.iter().find(|(name, ..)| name == table).unwrap();
            Rules::of(sql, columns, Vec::new()).rest
        };
        for table in [
            "distribution_allocations",
            "distribution_activity_log",
            "bank_lines",
        ] {
            assert_eq!(rest(table), Vec::<String>::new(), "{table} has many rows");
        }
    }

    #[test]
    fn a_value_of_another_kind_or_none_where_one_must_be_is_not_held() {
        let (text, number, blob) = (
            ValueRef::Text(b"a"),
            ValueRef::Integer(1),
            ValueRef::Blob(b"a"),
        );
        let holds = |kind: Kind, value| {
            Rules {
                kinds: vec![kind],
                known: Vec::new(),
                rest: Vec::new(),
            }
            .hold(&[value])
        };
        let all = [text, number, blob, ValueRef::Real(1.5), ValueRef::Null];
        for (declared, own) in [
            ("TEXT", Some(text)),
            ("INTEGER", Some(number)),
            ("BLOB", Some(blob)),
            ("REAL", None),
        ] {
            for value in all {
                assert_eq!(
                    holds(Kind::of(declared, true), value),
                    own == Some(value),
                    "{declared} and {value:?}"
                );
                let is_held = own == Some(value) || value == ValueRef::Null;
                assert_eq!(
                    holds(Kind::of(declared, false), value),
                    is_held,
                    "{declared} and {value:?}"
                );
            }
        }
        assert!(
            !Rules {
                kinds: vec![Kind::of("TEXT", false)],
                known: Vec::new(),
                rest: Vec::new()
            }
            .hold(&[])
        );
    }

    /// Texts that keep a rule, and texts near them.
    fn near() -> impl Strategy<Value = String> {
        let seeds = prop::sample::select(vec![
            "0.0000000",
            "00.0000000",
            "12.5000000",
            "-12.5000000",
            "9999999999999.9999999",
            "10000000000000.0000000",
            "2026-01-31",
            "2026-01-31T16:05:09.000001Z",
            "01a2149a-894f-7641-8dc4-66f64bdafc5e",
            "allocated",
            "partially_withdrawn",
            "fully_withdrawn",
            "principal",
            "levy",
            "{\"a\":[1,2.5e3,null,\"\\u00e9\"]}",
            "[1",
            "",
        ]);
        let edits = prop::collection::vec(
            (
                any::<prop::sample::Index>(),
                prop::sample::select(vec!["", "0", "9", "-", ".", "T", "Z", "é", "\0", "x"]),
            ),
            0..3,
        );
        (seeds, edits).prop_map(|(seed, edits)| {
            let mut text: Vec<char> = seed.chars().collect();
            for (place, letter) in edits {
                let at = place.index(text.len() + 1);
                if at < text.len() {
                    text.remove(at);
                }
                if let Some(letter) = letter.chars().next() {
                    text.insert(at.min(text.len()), letter);
                }
            }
            text.into_iter().collect()
        })
    }

    /// Runs a rule's expression in SQLite over values with the names of the columns.
    fn sqlite_says(
        conn: &Connection,
        expression: &str,
        columns: &[String],
        values: &[rusqlite::types::Value],
    ) -> bool {
        let names: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(at, name)| format!("?{} AS {name}", at + 1))
            .collect();
        let sql = format!(
            "SELECT coalesce(({expression}) <> 0, 1) FROM (SELECT {})",
            names.join(", ")
        );
        conn.query_row(&sql, rusqlite::params_from_iter(values), |row| row.get(0))
            .unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_is_held_here_is_held_by_sqlite(texts in prop::collection::vec((near(), -2_i64..3, 0_u8..12), 40)) {
            let (conn, tables) = tables();
            for (_, sql, columns) in tables {
                let values: Vec<rusqlite::types::Value> = texts.iter().take(columns.len()).map(|(text, number, kind)| match kind {
                    0 => rusqlite::types::Value::Null,
                    1 => rusqlite::types::Value::Integer(*number),
                    _ => rusqlite::types::Value::Text(text.clone()),
                }).collect();
                let seen: Vec<ValueRef<'_>> = values.iter().map(ValueRef::from).collect();
                for expression in checks(&sql) {
                    let Some((at, rule)) = columns.iter().enumerate().find_map(|(at, name)| Some((at, rule(&expression, name, &columns)?))) else { continue };
                    if rule.holds(at, &seen) {
                        prop_assert!(sqlite_says(&conn, &expression, &columns, &values), "{expression} of {values:?}");
                    }
                }
            }
        }

        #[test]
        fn an_allocation_that_adds_up_is_held(withdrawn in 0_i64..3, pending in 0_i64..3, available in 0_i64..3, extra in 0_i64..2) {
            let (conn, tables) = tables();
            let (_, sql, columns) = tables.into_iter().find(|(name, ..)| name == "distribution_allocations").unwrap();
            let amount = |units: i64| rusqlite::types::Value::Text(format!("{units}.{units:07}"));
            let values: Vec<rusqlite::types::Value> = columns.iter().map(|name| match name.as_str() {
                "allocated_amount" => amount(withdrawn + pending + available + extra),
                "withdrawn_amount" => amount(withdrawn),
                "pending_amount" => amount(pending),
                "available_amount" => amount(available),
                "status" => rusqlite::types::Value::Text("partially_withdrawn".into()),
                _ => rusqlite::types::Value::Null,
            }).collect();
            let seen: Vec<ValueRef<'_>> = values.iter().map(ValueRef::from).collect();
            for expression in [SUM, STATUS] {
                let (at, rule) = columns.iter().enumerate().find_map(|(at, name)| Some((at, rule(expression, name, &columns)?))).unwrap();
                prop_assert_eq!(rule.holds(at, &seen), sqlite_says(&conn, expression, &columns, &values));
            }
            prop_assert!(checks(&sql).iter().any(|expression| expression == SUM));
        }
    }
}
