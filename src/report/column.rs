//! How a column is called, and how tables show it.

use super::cell::CellKind;

/// Where a column appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In tables, CSV and JSON.
    Everywhere,
    /// In CSV and JSON; for people only where a value says something: one is there and not zero. What a
    /// ledger does not use takes no room.
    Used,
    /// In CSV and JSON, and where a single thing is shown: too much for a table of many.
    Detail,
    /// In CSV and JSON only.
    Data,
    /// In CSV and JSON as figures; in a table only if it can be drawn.
    Drawn,
}

/// Whether a table draws a bar next to a column's numbers, if it can draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    /// No.
    No,
    /// Yes, as long as the number is large compared with the largest one of its currency.
    Bar,
}

/// Whether a table that is too wide for its terminal may leave a column out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Before all others.
    Last,
    /// After those, and before what is added up.
    Usual,
    /// Never.
    Always,
}

/// Whether a table adds a column up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// No.
    No,
    /// Yes, in a totals row per currency (money) or for all rows (tokens, percentages, counts).
    Yes,
}

/// One column: its field name in CSV and JSON and its heading in tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The field name, `snake_case`.
    pub field: &'static str,
    /// The heading, which is also what the documentation says of the field.
    pub heading: &'static str,
    /// The type of its cells.
    pub kind: CellKind,
    /// Where it appears.
    pub place: Place,
    /// Whether tables add it up.
    pub sum: Sum,
    /// Whether tables draw it.
    pub draw: Draw,
    /// Whether a narrow table may leave it out.
    pub keep: Keep,
    /// Its values with which a row does not count: totals leave it out.
    pub uncounted: &'static [&'static str],
}

impl Column {
    /// Describes a column that appears everywhere.
    pub const fn new(kind: CellKind, field: &'static str, heading: &'static str) -> Self {
        Self {
            field,
            heading,
            kind,
            place: Place::Everywhere,
            sum: Sum::No,
            draw: Draw::No,
            keep: Keep::Usual,
            uncounted: &[],
        }
    }

    /// Returns the column as a single thing shows it: details are visible.
    #[must_use]
    pub fn of_single(self) -> Self {
        Self {
            place: match self.place {
                Place::Detail => Place::Everywhere,
                place @ (Place::Everywhere | Place::Used | Place::Data | Place::Drawn) => place,
            },
            ..self
        }
    }
}
