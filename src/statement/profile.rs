//! Profiles: what a bank's delimited text means if the file does not prove it or the user knows
//! better.

mod columns;
mod date_format;

use crate::tabular::DecimalMark;
use serde::{Deserialize, Deserializer, de};

pub use self::columns::{ProfileColumn, ProfileColumns};
pub(super) use self::date_format::DateFormat;
pub use crate::domain::profile_error::ProfileError;
use crate::domain::{
    currency::Currency,
    profile_error::{at_line, check_length},
};

/// The built-in profiles, by name.
const BUILT_IN: [(&str, &str); 8] = [
    ("access", include_str!("profiles/access.toml")),
    ("firstbank", include_str!("profiles/firstbank.toml")),
    ("gtbank", include_str!("profiles/gtbank.toml")),
    ("kuda", include_str!("profiles/kuda.toml")),
    ("moniepoint", include_str!("profiles/moniepoint.toml")),
    ("posb", include_str!("profiles/posb.toml")),
    ("uba", include_str!("profiles/uba.toml")),
    ("zenith", include_str!("profiles/zenith.toml")),
];

/// How to read the delimited text of a bank. What it leaves open is inferred from the file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementProfile {
    /// The name in small letters, such as `gtbank`.
    pub name: String,
    /// What the profile is for, in one line.
    #[serde(default)]
    pub description: String,
    /// The character between cells: `,`, `;`, `|` or a tab.
    #[serde(default, deserialize_with = "delimiter")]
    pub delimiter: Option<u8>,
    /// How many lines are before the header, or before the first row if there is none.
    #[serde(default)]
    pub skip: Option<usize>,
    /// Whether a row names the columns. If not, columns are numbers.
    #[serde(default = "yes")]
    pub header: bool,
    /// Which column holds what.
    #[serde(default)]
    pub columns: ProfileColumns,
    /// The form of dates, such as `DD/MM/YYYY` or `DD-Mon-YYYY`.
    #[serde(default)]
    pub date_format: Option<DateFormat>,
    /// Whether the day comes before the month, if the file does not prove it.
    #[serde(default)]
    pub day_first: Option<bool>,
    /// The decimal mark.
    #[serde(default)]
    pub decimal_mark: Option<DecimalMark>,
    /// What the sign of an amount means.
    #[serde(default)]
    pub sign: Option<SignRule>,
    /// Words that mark money in, apart from `CR`, `C` and `CREDIT`.
    #[serde(default)]
    pub credit_words: Vec<String>,
    /// Words that mark money out, apart from `DR`, `D` and `DEBIT`.
    #[serde(default)]
    pub debit_words: Vec<String>,
    /// What happens with a row that has only a description.
    #[serde(default)]
    pub continuation: Continuation,
    /// Words in the date or status column that mark rows as not booked, apart from `pending`,
    /// `failed` and the like.
    #[serde(default)]
    pub skip_words: Vec<String>,
    /// How many rows at the end are not of the statement, such as totals.
    #[serde(default)]
    pub skip_end: usize,
    /// Words by which a row is known that is not of the statement: one of its cells has them.
    #[serde(default)]
    pub skip_rows_like: Vec<String>,
    /// The encoding, as the Encoding Standard names it.
    #[serde(default)]
    pub encoding: Option<String>,
    /// The currency of the account, if the file does not name it.
    #[serde(default)]
    pub currency: Option<Currency>,
    #[serde(skip)]
    source: String,
}

/// What the sign of an amount means. With a rule, signs are not inferred, and balances that do not
/// hold are a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignRule {
    /// Positive is money in.
    AsIs,
    /// Positive is money out, as on the statement of a card.
    Reversed,
    /// An amount without any mark is money out.
    UnsignedIsDebit,
    /// An amount without any mark is money in.
    UnsignedIsCredit,
}

/// What happens with a row that has only a description.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Continuation {
    /// Its text belongs to the line above.
    #[default]
    Append,
    /// It is left out.
    None,
}

impl StatementProfile {
    /// Reads a profile from its TOML text.
    ///
    /// # Errors
    /// [`ProfileError`] with the line and the field if the text is not a profile.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        check_length(text)?;
        let mut profile: Self = toml::from_str(text).map_err(|error| at_line(text, &error))?;
        text.clone_into(&mut profile.source);
        profile.check()?;
        Ok(profile)
    }

    /// Finds a built-in profile by its name in any case.
    pub fn builtin(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Self::parse(text).ok()
    }

    /// Lists the built-in profiles by name.
    pub fn builtins() -> impl Iterator<Item = Self> {
        BUILT_IN
            .iter()
            .filter_map(|(_, text)| Self::parse(text).ok())
    }

    /// Creates a profile that says only which column holds what. If all columns are numbers, the
    /// file has no header.
    ///
    /// # Errors
    /// [`ProfileError`] if the columns do not make a statement.
    pub fn of_columns(columns: ProfileColumns) -> Result<Self, ProfileError> {
        let header = columns
            .all()
            .any(|(_, column)| matches!(column, ProfileColumn::Name(_)));
        let profile = Self {
            name: "columns".to_owned(),
            description: String::new(),
            delimiter: None,
            skip: None,
            header,
            columns,
            date_format: None,
            day_first: None,
            decimal_mark: None,
            sign: None,
            credit_words: Vec::new(),
            debit_words: Vec::new(),
            continuation: Continuation::Append,
            skip_words: Vec::new(),
            skip_end: 0,
            skip_rows_like: Vec::new(),
            encoding: None,
            currency: None,
            source: String::new(),
        };
        profile.check()?;
        Ok(profile)
    }

    /// Returns the TOML text of the profile, or an empty text if it was created from columns.
    pub fn source(&self) -> &str {
        &self.source
    }

    fn check(&self) -> Result<(), ProfileError> {
        let named =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if self.name.is_empty() || self.name.len() > 40 || !self.name.chars().all(named) {
            return Err(ProfileError::new(
                "name",
                "write 1 to 40 small letters, digits, `-` or `_`",
            ));
        }
        if self
            .skip_rows_like
            .iter()
            .any(|words| words.trim().is_empty())
        {
            return Err(ProfileError::new("skip_rows_like", "the text is empty"));
        }
        for (field, column) in self.columns.all() {
            match column {
                ProfileColumn::Number(0) => {
                    return Err(ProfileError::new(field, "columns are counted from 1"));
                }
                ProfileColumn::Name(name) if name.trim().is_empty() => {
                    return Err(ProfileError::new(field, "the name is empty"));
                }
                ProfileColumn::Name(_) if !self.header => {
                    return Err(ProfileError::new(
                        field,
                        "without a header, a column is a number, counted from 1",
                    ));
                }
                ProfileColumn::Number(_) | ProfileColumn::Name(_) => {}
            }
        }
        let money = self.columns.names_money();
        if !self.header && (self.columns.date.is_none() || !money) {
            return Err(ProfileError::new(
                "columns",
                "without a header, name at least date and amount, or debit and credit",
            ));
        }
        if let Some(encoding) = &self.encoding
            && encoding_rs::Encoding::for_label(encoding.as_bytes()).is_none()
        {
            return Err(ProfileError::new(
                "encoding",
                "this is not an encoding; write a name such as utf-8 or windows-1252",
            ));
        }
        Ok(())
    }
}

fn delimiter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    match String::deserialize(deserializer)?.as_bytes() {
        [byte @ (b',' | b';' | b'|' | b'\t')] => Ok(Some(*byte)),
        _ => Err(de::Error::custom("write \",\", \";\", \"|\" or \"\\t\"")),
    }
}

const fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_is_valid_and_carries_its_own_name() {
        for (name, text) in BUILT_IN {
            let profile =
                StatementProfile::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(profile.name, name);
            assert!(
                !profile.description.is_empty() && profile.source() == text,
                "{name}"
            );
        }
        assert_eq!(StatementProfile::builtins().count(), BUILT_IN.len());
        assert_eq!(StatementProfile::builtin("GTBank").unwrap().name, "gtbank");
        assert_eq!(StatementProfile::builtin("nobank"), None);
    }

    #[test]
    fn errors_name_line_and_field() {
        let error = |text: &str| StatementProfile::parse(text).unwrap_err();
        let unknown = error("name = \"x\"\ncolour = \"red\"\n");
        assert_eq!(
            (unknown.line, unknown.field.as_deref()),
            (Some(2), Some("colour"))
        );
        assert!(unknown.detail.contains("unknown field"), "{unknown}");
        let mark = error("name = \"x\"\ndecimal_mark = \";\"\n");
        assert_eq!(
            (mark.line, mark.field.as_deref()),
            (Some(2), Some("decimal_mark"))
        );
        assert!(
            error("name = \"x\"\ndate_format = \"DD/DD/YYYY\"")
                .to_string()
                .contains("one month")
        );
        assert!(
            error("name = \"My bank\"")
                .to_string()
                .contains("small letters")
        );
        assert!(
            error("name = \"x\"\nheader = false")
                .to_string()
                .contains("columns")
        );
        assert!(
            error("name = \"x\"\nheader = false\n[columns]\ndate = \"Date\"\namount = 2")
                .to_string()
                .contains("number")
        );
        assert!(
            error("name = \"x\"\n[columns]\ndate = 0")
                .to_string()
                .contains("counted from 1")
        );
        assert!(
            error("name = \"x\"\n[columns]\nbranch = 1")
                .to_string()
                .contains("branch")
        );
        assert!(
            error("name = \"x\"\nencoding = \"klingon\"")
                .to_string()
                .contains("encoding")
        );
        assert!(error("name = ").line.is_some());
    }

    #[test]
    fn columns_are_read_from_a_command_line() {
        let columns =
            ProfileColumns::parse("date=1, description=5,description=2,debit=3,credit=Paid in")
                .unwrap();
        assert_eq!(columns.date, Some(ProfileColumn::Number(1)));
        assert_eq!(
            columns.description,
            [ProfileColumn::Number(5), ProfileColumn::Number(2)]
        );
        assert_eq!(
            columns.credit,
            Some(ProfileColumn::Name("Paid in".to_owned()))
        );
        assert!(StatementProfile::of_columns(columns).unwrap().header);
        assert!(
            !StatementProfile::of_columns(ProfileColumns::parse("date=1,amount=2").unwrap())
                .unwrap()
                .header
        );
        assert!(StatementProfile::of_columns(ProfileColumns::parse("date=1").unwrap()).is_err());
        for bad in ["date", "date=0", "date=", "colour=1", "date=1,date=2"] {
            assert!(ProfileColumns::parse(bad).is_err(), "{bad}");
        }
    }
}
