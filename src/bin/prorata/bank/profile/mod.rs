//! `prorata bank profile …`

mod list;
mod show;
mod test;

use clap::Subcommand;
use prorata::{
    domain::time::Date,
    statement::{ProfileColumns, ReadOptions, StatementProfile},
};

use crate::{context::Context, exit::Exit, output, prompt::Usage};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the built-in layouts
    List(list::Args),
    /// Show a built-in layout as TOML, to start one of your own from
    Show(show::Args),
    /// Read a statement file without importing it: what would be imported, and what the file proves
    Test(test::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
        match self {
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, &args),
            Self::Test(args) => test::run(cx, args),
        }
    }
}

/// What the user says about the layout of a file.
#[derive(Debug, clap::Args)]
pub(crate) struct Layout {
    /// Layout: a built-in name, or a TOML file
    #[arg(long, value_name = "NAME|FILE.toml")]
    profile: Option<String>,
    /// Which column holds what, such as date=1,description=5,debit=3,credit=4
    #[arg(long, value_name = "FIELD=COLUMN", conflicts_with = "profile")]
    columns: Option<String>,
    /// Encoding of the file, such as windows-1252
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<String>,
}

impl Layout {
    /// Reads the profile that is named.
    pub(crate) fn profile(&self) -> anyhow::Result<Option<StatementProfile>> {
        let unfit = |error: prorata::statement::ProfileError| Usage::Invalid(error.to_string());
        if let Some(columns) = &self.columns {
            let columns = ProfileColumns::parse(columns).map_err(unfit)?;
            return Ok(Some(StatementProfile::of_columns(columns).map_err(unfit)?));
        }
        let Some(name) = &self.profile else {
            return Ok(None);
        };
        if let Some(known) = StatementProfile::builtin(name) {
            return Ok(Some(known));
        }
        if !std::path::Path::new(name)
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
        {
            let names = StatementProfile::builtins()
                .map(|profile| profile.name)
                .collect::<Vec<_>>()
                .join(", ");
            let message = format!(
                "there is no built-in profile `{name}`; write one of {names}, or the name of a .toml file"
            );
            return Err(Usage::Invalid(message).into());
        }
        let bytes = output::read(std::path::Path::new(name))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Usage::Invalid(format!("`{name}` is not UTF-8 text")))?;
        let profile = StatementProfile::parse(&text)
            .map_err(|error| Usage::Invalid(format!("`{name}`: {error}")))?;
        Ok(Some(profile))
    }

    /// Tells how a file is to be read.
    pub(crate) fn options<'a>(
        &'a self,
        profile: Option<&'a StatementProfile>,
        today: Date,
    ) -> ReadOptions<'a> {
        ReadOptions {
            encoding: self.encoding.as_deref(),
            today,
            profile,
        }
    }
}
