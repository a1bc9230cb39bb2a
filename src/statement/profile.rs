//! Profiles: what a bank's delimited text means, where the file does not prove it or the user knows
//! better.

mod date_format;

use serde::{Deserialize, Deserializer, de};
use thiserror::Error;

pub(super) use self::date_format::DateFormat;
use crate::domain::{account::without_accounts, currency::Currency, text::excerpt};

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

/// How a layout is to be read. What it leaves open is inferred from the file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name, in small letters, such as `gtbank`.
    pub name: String,
    /// What it is for, in a line.
    #[serde(default)]
    pub description: String,
    /// The character between cells: `,`, `;`, `|` or a tab.
    #[serde(default, deserialize_with = "delimiter")]
    pub delimiter: Option<u8>,
    /// How many lines stand before the header, or before the first row where there is no header.
    #[serde(default)]
    pub skip: Option<usize>,
    /// Whether a row names the columns; where none does, columns are numbers.
    #[serde(default = "yes")]
    pub header: bool,
    /// Which column holds what.
    #[serde(default)]
    pub columns: Columns,
    /// The form of dates, such as `DD/MM/YYYY` or `DD-Mon-YYYY`.
    #[serde(default)]
    pub date_format: Option<DateFormat>,
    /// Whether the day stands before the month, where the file does not prove it.
    #[serde(default)]
    pub day_first: Option<bool>,
    /// The decimal mark.
    #[serde(default)]
    pub decimal_mark: Option<Mark>,
    /// What an amount's sign means.
    #[serde(default)]
    pub sign: Option<SignRule>,
    /// Words that mark money in, besides `CR`, `C` and `CREDIT`.
    #[serde(default)]
    pub credit_words: Vec<String>,
    /// Words that mark money out, besides `DR`, `D` and `DEBIT`.
    #[serde(default)]
    pub debit_words: Vec<String>,
    /// What is done with a row that has nothing but a description.
    #[serde(default)]
    pub continuation: Continuation,
    /// Words in the date or status column that mark rows as not booked, besides `pending`, `failed`
    /// and the like.
    #[serde(default)]
    pub skip_words: Vec<String>,
    /// The encoding, as the Encoding Standard names it.
    #[serde(default)]
    pub encoding: Option<String>,
    /// The currency of the account, where the file does not name it.
    #[serde(default)]
    pub currency: Option<Currency>,
    #[serde(skip)]
    source: String,
}

/// Which column holds what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Columns {
    /// The day of booking.
    pub date: Option<Column>,
    /// The value date.
    pub value_date: Option<Column>,
    /// What the bank writes: one column, or several that are joined in this order.
    #[serde(deserialize_with = "one_or_several")]
    pub description: Vec<Column>,
    /// The reference.
    pub reference: Option<Column>,
    /// The bank's own id of the line.
    pub bank_id: Option<Column>,
    /// The amount, in and out in one column.
    pub amount: Option<Column>,
    /// Money out.
    pub debit: Option<Column>,
    /// Money in.
    pub credit: Option<Column>,
    /// The mark beside the amount, such as `CR` or `DR`.
    pub direction: Option<Column>,
    /// The balance after the line.
    pub balance: Option<Column>,
    /// The currency.
    pub currency: Option<Column>,
    /// Whether it is booked, such as `Pending`.
    pub status: Option<Column>,
}

/// A column, by the name in its header or by its number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Column {
    /// Counted from 1.
    Number(usize),
    /// The header's word, without regard to case, spaces and punctuation.
    Name(String),
}

/// The mark between whole and decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// 1,000.00
    Dot,
    /// 1.000,00
    Comma,
}

/// What an amount's sign means. With a rule, signs are not inferred, and balances that do not hold
/// are a finding.
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

/// What is done with a row that has nothing but a description.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Continuation {
    /// Its text belongs to the line above.
    #[default]
    Append,
    /// It is left out.
    None,
}

/// Why a profile cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}{}{detail}", line.map(|line| format!("line {line}: ")).unwrap_or_default(),
    field.as_ref().map(|field| format!("`{field}`: ")).unwrap_or_default())]
pub struct ProfileError {
    /// The line of its text, where it is one.
    pub line: Option<usize>,
    /// The field, where it is one.
    pub field: Option<String>,
    /// What is wrong.
    pub detail: String,
}

impl ProfileError {
    fn new(field: &str, detail: impl Into<String>) -> Self {
        Self {
            line: None,
            field: Some(shown(field)),
            detail: detail.into(),
        }
    }
}

impl Profile {
    /// Reads a profile from its TOML text.
    ///
    /// # Errors
    /// [`ProfileError`] with line and field.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        too_long(text)?;
        let mut profile: Self = toml::from_str(text).map_err(|error| at_line(text, &error))?;
        text.clone_into(&mut profile.source);
        profile.check()?;
        Ok(profile)
    }

    /// Looks a built-in profile up, without regard to case.
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

    /// Makes a profile that says nothing but which column holds what. Where all columns are
    /// numbers, no header is looked for.
    ///
    /// # Errors
    /// [`ProfileError`] where the columns do not make a statement.
    pub fn of_columns(columns: Columns) -> Result<Self, ProfileError> {
        let header = columns
            .all()
            .any(|(_, column)| matches!(column, Column::Name(_)));
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
            encoding: None,
            currency: None,
            source: String::new(),
        };
        profile.check()?;
        Ok(profile)
    }

    /// Shows the TOML text that it was read from; empty for one made of columns.
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
        for (field, column) in self.columns.all() {
            match column {
                Column::Number(0) => {
                    return Err(ProfileError::new(field, "columns are counted from 1"));
                }
                Column::Name(name) if name.trim().is_empty() => {
                    return Err(ProfileError::new(field, "the name is empty"));
                }
                Column::Name(_) if !self.header => {
                    return Err(ProfileError::new(
                        field,
                        "without a header, a column is a number, counted from 1",
                    ));
                }
                Column::Number(_) | Column::Name(_) => {}
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
                "no such encoding; write a name such as utf-8 or windows-1252",
            ));
        }
        Ok(())
    }
}

impl Columns {
    /// Reads columns as they are written on a command line, such as
    /// `date=1,description=5,debit=3,credit=4`.
    ///
    /// A column is a number, counted from 1, or the header's word. `description` may stand more
    /// than once.
    ///
    /// # Errors
    /// [`ProfileError`] with the field.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        too_long(text)?;
        let mut columns = Self::default();
        for pair in text
            .split(',')
            .map(str::trim)
            .filter(|pair| !pair.is_empty())
        {
            let Some((field, value)) = pair.split_once('=') else {
                return Err(ProfileError::new(
                    pair,
                    "write a field, `=` and a column, such as date=1",
                ));
            };
            let (field, value) = (field.trim(), value.trim());
            let column = match value.parse() {
                Ok(0) => return Err(ProfileError::new(field, "columns are counted from 1")),
                Ok(number) => Column::Number(number),
                Err(_) if value.is_empty() => {
                    return Err(ProfileError::new(field, "the column is missing"));
                }
                Err(_) => Column::Name(value.to_owned()),
            };
            if field == "description" {
                columns.description.push(column);
                continue;
            }
            let Some(slot) = columns.slot(field) else {
                return Err(ProfileError::new(
                    field,
                    format!(
                        "no such field; known are description, {}",
                        Self::FIELDS.join(", ")
                    ),
                ));
            };
            if slot.replace(column).is_some() {
                return Err(ProfileError::new(field, "the field stands twice"));
            }
        }
        Ok(columns)
    }

    const FIELDS: [&str; 11] = [
        "date",
        "value_date",
        "reference",
        "bank_id",
        "amount",
        "debit",
        "credit",
        "direction",
        "balance",
        "currency",
        "status",
    ];

    fn slot(&mut self, field: &str) -> Option<&mut Option<Column>> {
        Some(match field {
            "date" => &mut self.date,
            "value_date" => &mut self.value_date,
            "reference" => &mut self.reference,
            "bank_id" => &mut self.bank_id,
            "amount" => &mut self.amount,
            "debit" => &mut self.debit,
            "credit" => &mut self.credit,
            "direction" => &mut self.direction,
            "balance" => &mut self.balance,
            "currency" => &mut self.currency,
            "status" => &mut self.status,
            _ => return None,
        })
    }

    /// Tells whether it says where the amounts stand.
    pub(super) const fn names_money(&self) -> bool {
        self.amount.is_some() || self.debit.is_some() || self.credit.is_some()
    }

    /// Lists the columns with their fields.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &Column)> {
        let single = [
            &self.date,
            &self.value_date,
            &self.reference,
            &self.bank_id,
            &self.amount,
            &self.debit,
            &self.credit,
            &self.direction,
            &self.balance,
            &self.currency,
            &self.status,
        ];
        let single = Self::FIELDS
            .into_iter()
            .zip(single)
            .filter_map(|(field, column)| Some((field, column.as_ref()?)));
        single.chain(
            self.description
                .iter()
                .map(|column| ("description", column)),
        )
    }
}

impl Mark {
    /// Shows the character.
    pub const fn character(self) -> char {
        match self {
            Self::Dot => '.',
            Self::Comma => ',',
        }
    }
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "." => Ok(Self::Dot),
            "," => Ok(Self::Comma),
            _ => Err(de::Error::custom("write \".\" or \",\"")),
        }
    }
}

fn delimiter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    match String::deserialize(deserializer)?.as_bytes() {
        [byte @ (b',' | b';' | b'|' | b'\t')] => Ok(Some(*byte)),
        _ => Err(de::Error::custom("write \",\", \";\", \"|\" or \"\\t\"")),
    }
}

fn one_or_several<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Column>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        One(Column),
        Several(Vec<Column>),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::One(column) => vec![column],
        Either::Several(columns) => columns,
    })
}

const fn yes() -> bool {
    true
}

/// Names the line and the field of an error in a TOML text.
fn at_line(text: &str, error: &toml::de::Error) -> ProfileError {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map(|before| before.matches('\n').count() + 1);
    let written = line
        .and_then(|line| text.lines().nth(line - 1))
        .unwrap_or_default();
    let field = written
        .split_once('=')
        .map(|(field, _)| shown(field))
        .filter(|field| !field.is_empty());
    ProfileError {
        line,
        field,
        detail: shown_long(error.message()),
    }
}

/// How long a profile may be; the longest of the built-in ones has 1 KB.
const LONGEST: usize = 8 * 1024;

fn too_long(text: &str) -> Result<(), ProfileError> {
    let detail = || format!("it is longer than {LONGEST} letters");
    if text.len() > LONGEST {
        Err(ProfileError {
            line: None,
            field: None,
            detail: detail(),
        })
    } else {
        Ok(())
    }
}

/// Shows what was written, without what a terminal would obey, and without account numbers.
fn shown(text: &str) -> String {
    without_accounts(&excerpt(text.trim(), 40))
}

/// Shows what is wrong; the names of all fields have room in it.
fn shown_long(text: &str) -> String {
    without_accounts(&excerpt(text.trim(), 400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_is_valid_and_carries_its_own_name() {
        for (name, text) in BUILT_IN {
            let profile = Profile::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(profile.name, name);
            assert!(
                !profile.description.is_empty() && profile.source() == text,
                "{name}"
            );
        }
        assert_eq!(Profile::builtins().count(), BUILT_IN.len());
        assert_eq!(Profile::builtin("GTBank").unwrap().name, "gtbank");
        assert_eq!(Profile::builtin("nobank"), None);
    }

    #[test]
    fn errors_name_line_and_field() {
        let error = |text: &str| Profile::parse(text).unwrap_err();
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
            Columns::parse("date=1, description=5,description=2,debit=3,credit=Paid in").unwrap();
        assert_eq!(columns.date, Some(Column::Number(1)));
        assert_eq!(columns.description, [Column::Number(5), Column::Number(2)]);
        assert_eq!(columns.credit, Some(Column::Name("Paid in".to_owned())));
        assert!(Profile::of_columns(columns).unwrap().header);
        assert!(
            !Profile::of_columns(Columns::parse("date=1,amount=2").unwrap())
                .unwrap()
                .header
        );
        assert!(Profile::of_columns(Columns::parse("date=1").unwrap()).is_err());
        for bad in ["date", "date=0", "date=", "colour=1", "date=1,date=2"] {
            assert!(Columns::parse(bad).is_err(), "{bad}");
        }
    }
}
