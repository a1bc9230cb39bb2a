//! How tables look.

/// How a table looks. Other formats look the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// With what it is written.
    pub ink: Ink,
    /// How many columns the terminal has; `None` if there is none, and a table is as wide as it
    /// has to be.
    pub width: Option<u16>,
}

impl Style {
    /// Figures and words alone, as wide as they have to be.
    pub const PLAIN: Self = Self {
        ink: Ink::Plain,
        width: None,
    };
}

/// With what a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Figures and words, no terminal escapes at all.
    Plain,
    /// Headings and labels are bold, and drawings are next to figures.
    Colored,
}

/// What a table that is wider than its terminal does not show. The same table in another format has
/// all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// The headings of the columns that are left out.
    pub left_out: Vec<&'static str>,
    /// The headings of the columns whose texts are shortened.
    pub shortened: Vec<&'static str>,
}

impl Hidden {
    /// Adds what another table hides, each heading once.
    pub(super) fn add(&mut self, other: Self) {
        for (all, headings) in [
            (&mut self.left_out, other.left_out),
            (&mut self.shortened, other.shortened),
        ] {
            for heading in headings {
                if !all.contains(&heading) {
                    all.push(heading);
                }
            }
        }
    }
}
