//! `prorata token import`

use std::{collections::BTreeMap, path::PathBuf};

use prorata::{
    domain::time::{Date, parse_date},
    intake::{Rounding, TokenOptions, check_options},
    ops::{self, token::NewHolders},
    report,
};

use crate::{flags::WriteFlags, noun, open::Context, present::Outcome, usage::Usage};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// CSV file: holder,tokens[,name], or kind,holder,to,tokens,date[,reference]; - is standard
    /// input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Project
    #[arg(long, value_name = "PROJECT")]
    project: String,
    /// From when a cap table counts
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    date: Option<Date>,
    /// Add holders that the ledger does not know
    #[arg(long)]
    create_holders: bool,
    /// Foreign headers, such as holder=address,tokens=balance
    #[arg(long, value_name = "OURS=THEIRS", value_delimiter = ',', value_parser = renamed)]
    columns: Vec<(String, String)>,
    /// Cut more than 7 decimals instead of refusing the line
    #[arg(long, value_name = "down")]
    round: Option<Direction>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Which way tokens are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Direction {
    /// Cut what is below 10^-7
    Down,
}

fn renamed(text: &str) -> Result<(String, String), &'static str> {
    let (ours, theirs) = text
        .split_once('=')
        .ok_or("write our name, an equals sign and the file's name, like tokens=balance")?;
    Ok((ours.trim().to_owned(), theirs.trim().to_owned()))
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let bytes = cx.read_input(&args.file)?;
    let rounding = match args.round {
        Some(Direction::Down) => Rounding::Down,
        None => Rounding::Refuse,
    };
    let columns: BTreeMap<String, String> = args.columns.into_iter().collect();
    let options = TokenOptions {
        date: args.date,
        columns,
        rounding,
    };
    check_options(&bytes, &options).map_err(Usage::Invalid)?;
    let new_holders = if args.create_holders {
        NewHolders::Create
    } else {
        NewHolders::Refuse
    };
    let done = ops::token::import(
        &mut ledger,
        writer.session()?,
        (&args.project, &bytes),
        &options,
        new_holders,
    )?;
    let imported = &done.value;
    let said = format!(
        "imported {}, {} tokens",
        noun::ENTRY.count(imported.added),
        imported.tokens.grouped(0)
    );
    if imported.already_imported {
        cx.voice
            .say("already imported: this file is in the register");
    }
    Ok(writer.wrote(&done, report::token::imported(imported), said))
}
