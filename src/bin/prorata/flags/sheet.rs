//! How a file with rows is read.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use prorata::intake::{DecimalMark, Headings, MOST_SCALE, NumberForm, SheetOptions};

use crate::usage::Usage;

/// How the rows of a file are found.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "File")]
pub(crate) struct SheetFlags {
    /// Headings or numbers of the file's columns, for example holder='Investor ID',tokens=3
    #[arg(long, value_name = "OURS=THEIRS", value_delimiter = ',', value_parser = renamed, hide_short_help = true)]
    columns: Vec<(String, String)>,
    /// Whether the file has headings; without them --columns has numbers
    #[arg(long, value_name = "yes|no", value_parser = headings(), hide_short_help = true)]
    header: Option<Headings>,
    /// Encoding of a text file, for example windows-1252
    #[arg(long, value_name = "ENCODING", hide_short_help = true)]
    encoding: Option<String>,
    /// Sheet of a workbook, if more than one could be meant
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    sheet: Option<String>,
}

/// How the numbers of a file are written.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "File")]
pub(crate) struct NumberFlags {
    /// Mark before the decimals: . or ,
    #[arg(long, value_name = "MARK", value_parser = decimal_mark(), hide_short_help = true)]
    decimal_mark: Option<DecimalMark>,
    /// Mark between thousands, for example , (then 1.25E+06 and 2 000 are read too)
    #[arg(long, value_name = "MARK", value_parser = thousands, num_args = 0..=1, default_missing_value = ",", hide_short_help = true)]
    thousands: Option<char>,
    /// Decimals of whole numbers in the smallest unit, for example 18
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=i64::from(MOST_SCALE)), hide_short_help = true)]
    scale: Option<u32>,
}

fn renamed(text: &str) -> Result<(String, String), &'static str> {
    let (ours, theirs) = text
        .split_once('=')
        .ok_or("write our name, an equals sign and the file's name, like tokens=balance")?;
    Ok((ours.trim().to_owned(), theirs.trim().to_owned()))
}

fn headings() -> impl TypedValueParser<Value = Headings> {
    PossibleValuesParser::new(["yes", "no"]).map(|word| {
        if word == "no" {
            Headings::Absent
        } else {
            Headings::Present
        }
    })
}

fn decimal_mark() -> impl TypedValueParser<Value = DecimalMark> {
    PossibleValuesParser::new([".", ","]).map(|mark| {
        if mark == "," {
            DecimalMark::Comma
        } else {
            DecimalMark::Point
        }
    })
}

fn thousands(text: &str) -> Result<char, &'static str> {
    match text {
        "," | "comma" => Ok(','),
        "." | "point" => Ok('.'),
        " " | "space" => Ok(' '),
        "'" | "apostrophe" => Ok('\''),
        _ => Err("write , . ' or space"),
    }
}

impl SheetFlags {
    /// Returns whether something is said about a file.
    fn is_given(&self) -> bool {
        !self.columns.is_empty()
            || self.header.is_some()
            || self.encoding.is_some()
            || self.sheet.is_some()
    }

    /// Returns how a file is read whose numbers are plain, or that has none.
    ///
    /// # Errors
    /// [`Usage`] if a column is named twice.
    pub(crate) fn options(self) -> Result<SheetOptions, Usage> {
        let mut options = SheetOptions {
            headings: self.header.unwrap_or_default(),
            encoding: self.encoding,
            sheet: self.sheet,
            ..SheetOptions::default()
        };
        for (ours, theirs) in self.columns {
            if options.columns.insert(ours.clone(), theirs).is_some() {
                let words = format!("`--columns` names `{ours}` twice");
                return Err(Usage::Invalid(words));
            }
        }
        Ok(options)
    }

    /// Returns how a file is read whose numbers are written in some way.
    ///
    /// # Errors
    /// [`Usage`] if the flags contradict each other.
    pub(crate) fn with(self, numbers: NumberFlags) -> Result<SheetOptions, Usage> {
        let numbers = NumberForm {
            decimal_mark: numbers.decimal_mark,
            thousands: numbers.thousands,
            scale: numbers.scale,
        };
        if let Some(words) = numbers.contradiction() {
            return Err(Usage::Invalid(words));
        }
        Ok(SheetOptions {
            numbers,
            ..self.options()?
        })
    }

    /// Refuses flags about a file if no file is named.
    ///
    /// # Errors
    /// [`Usage`] if there is one.
    pub(crate) fn without_file(&self, numbers: Option<&NumberFlags>) -> Result<(), Usage> {
        let has_numbers = numbers.is_some_and(|numbers| {
            numbers.decimal_mark.is_some() || numbers.thousands.is_some() || numbers.scale.is_some()
        });
        if self.is_given() || has_numbers {
            let words = "the flags about a file go with `--from FILE`".to_owned();
            return Err(Usage::Invalid(words));
        }
        Ok(())
    }
}
