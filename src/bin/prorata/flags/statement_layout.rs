//! How the file of a bank statement is to be read.

use std::path::Path;

use prorata::{
    domain::time::Date,
    statement::{ProfileColumns, ProfileError, ReadOptions, StatementProfile},
};

use crate::{output, usage::Usage};

/// What the user says about the layout of a file.
#[derive(Debug, clap::Args)]
pub(crate) struct StatementLayout {
    /// Profile of the file: a built-in name, for example gtbank, or a TOML file
    #[arg(long, value_name = "NAME|FILE.toml")]
    profile: Option<String>,
    /// Column of each field, for example date=1,description=5,debit=3,credit=4
    #[arg(long, value_name = "FIELD=COLUMN", conflicts_with = "profile")]
    columns: Option<String>,
    /// Encoding of the file, for example windows-1252
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<String>,
    /// Sheet of a workbook, if more than one could be meant
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

impl StatementLayout {
    /// Reads the profile that is named.
    pub(crate) fn profile(&self) -> anyhow::Result<Option<StatementProfile>> {
        if let Some(columns) = &self.columns {
            let invalid = |error: ProfileError| Usage::Invalid(error.to_string());
            let columns = ProfileColumns::parse(columns).map_err(invalid)?;
            return Ok(Some(
                StatementProfile::of_columns(columns).map_err(invalid)?,
            ));
        }
        let Some(name) = &self.profile else {
            return Ok(None);
        };
        if let Some(profile) = StatementProfile::builtin(name) {
            return Ok(Some(profile));
        }
        let is_toml = Path::new(name)
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
        if !is_toml {
            let message = format!("{}, or the name of a .toml file", no_builtin(name));
            return Err(Usage::Invalid(message).into());
        }
        let bytes = output::read(Path::new(name))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Usage::Invalid(format!("`{name}` is not UTF-8 text")))?;
        let profile = StatementProfile::parse(&text)
            .map_err(|error| Usage::Invalid(format!("`{name}`: {error}")))?;
        Ok(Some(profile))
    }

    /// Returns how a file is read.
    pub(crate) fn options<'a>(
        &'a self,
        profile: Option<&'a StatementProfile>,
        today: Date,
    ) -> ReadOptions<'a> {
        ReadOptions {
            encoding: self.encoding.as_deref(),
            sheet: self.sheet.as_deref(),
            today,
            profile,
        }
    }
}

/// Says that there is no built-in profile of a name, and which there are.
pub(crate) fn no_builtin(name: &str) -> String {
    let names: Vec<String> = StatementProfile::builtins()
        .map(|profile| profile.name)
        .collect();
    format!(
        "there is no built-in profile `{name}`; write one of {}",
        names.join(", ")
    )
}
