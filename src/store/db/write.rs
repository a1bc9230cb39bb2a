//! Writing rows: the columns and their values from one list.

/// Inserts a row; returns its number.
///
/// `insert!(writer, "table" { "column": value, … })`: the SQL is a constant.
macro_rules! insert {
    ($writer:expr, $table:literal {
        $first:literal: $first_value:expr $(, $column:literal: $value:expr)* $(,)?
    }) => {
        $writer.insert(
            $table,
            &[$first $(, $column)*],
            concat!(
                "INSERT INTO ", $table, " (", $first $(, ", ", $column)*,
                ") VALUES (?" $(, $crate::store::db::parameter!($column))*, ")"
            ),
            &[
                &$first_value as &dyn $crate::store::db::ToSql
                $(, &$value as &dyn $crate::store::db::ToSql)*
            ],
        )
    };
}

/// Changes the one row that has the number and the old values; anything else is a bug.
///
/// `update!(writer, "table" set { "column": value, … } where { "number": number, "column": old value, … })`.
macro_rules! update {
    ($writer:expr, $table:literal set {
        $first:literal: $first_value:expr $(, $column:literal: $value:expr)* $(,)?
    } where {
        "number": $number:expr $(, $guard:literal: $old:expr)* $(,)?
    }) => {
        $writer.update(
            $table,
            &[$first $(, $column)*],
            concat!(
                "UPDATE ", $table, " SET ", $first, " = ?" $(, ", ", $column, " = ?")*,
                " WHERE number = ?" $(, " AND ", $guard, " IS ?")*
            ),
            &[
                &$first_value as &dyn $crate::store::db::ToSql
                $(, &$value as &dyn $crate::store::db::ToSql)*,
                &$number as &dyn $crate::store::db::ToSql
                $(, &$old as &dyn $crate::store::db::ToSql)*
            ],
        )
    };
}

/// The parameter of a parameter after the first.
macro_rules! parameter {
    ($column:literal) => {
        ", ?"
    };
}

pub(in crate::store) use {insert, parameter, update};
