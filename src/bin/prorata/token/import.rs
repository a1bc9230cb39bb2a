//! `prorata token import`

use std::path::PathBuf;

use prorata::{
    domain::{holdings::ExistingHoldings, time::Date},
    intake::{HolderCodes, RepeatedHolders, Rounding, TokenOptions, check_options},
    ops::{
        self,
        token::{Import, NewHolders},
    },
    report,
};

use crate::{
    flags::{
        WriteFlags, YesFlag,
        sheet::{NumberFlags, SheetFlags},
    },
    noun,
    open::Context,
    present::Outcome,
    prompt,
    usage::Usage,
};

/// Import a cap table or register entries from a file
///
/// Reads CSV with any usual delimiter and encoding, .xlsx, .xls and .ods. A cap table has a line for every holder and is issued on --date; a file of entries has a kind
/// and a date on every line. The file is imported completely or not at all, and every bad line is
/// reported; the same file again changes nothing. Into a project that has holdings a cap table is
/// imported only with --replace, which issues and redeems the differences, or with --add. Rows
/// without tokens are left out and counted; a row of totals is refused, and a last row with the sum
/// of all others is asked about. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata token import caps.csv --project MARINA --date 2024-07-01 --create-holders --as bola
  prorata token import caps.csv --project MARINA --date 2024-12-31 --replace --as bola")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are given or not, each for itself"
)]
pub(crate) struct Args {
    /// File: holder,tokens[,name,certificate], or kind,holder,to,tokens,date[,reference]; - is
    /// standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Project code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: String,
    /// First date on which a cap table counts, for example 2024-07-01
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    date: Option<Date>,
    /// Add holders who are not in the ledger
    #[arg(long)]
    create_holders: bool,
    /// Make codes from the names of the file, and add the holders
    #[arg(long)]
    make_codes: bool,
    /// Add up the rows of one holder; each certificate is an entry of its own
    #[arg(long)]
    add_up: bool,
    /// Cut more than 7 decimals instead of refusing the line
    #[arg(long, value_name = "down")]
    round: Option<Direction>,
    /// Make the register equal to the cap table on --date
    #[arg(long, conflicts_with = "add")]
    replace: bool,
    /// Issue the cap table on top of the holdings of the project
    #[arg(long)]
    add: bool,
    #[command(flatten)]
    sheet: SheetFlags,
    #[command(flatten)]
    numbers: NumberFlags,
    #[command(flatten)]
    yes: YesFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Which way tokens are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Direction {
    /// Cut what is below 10^-7
    Down,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let options = args.sheet.with(args.numbers)?;
    let file = cx.read_sheet(&args.file, options)?;
    let rounding = match args.round {
        Some(Direction::Down) => Rounding::Down,
        None => Rounding::Refuse,
    };
    let options = TokenOptions {
        date: args.date,
        rounding,
        repeated: if args.add_up {
            RepeatedHolders::AddUp
        } else {
            RepeatedHolders::Refuse
        },
        codes: if args.make_codes {
            HolderCodes::Made
        } else {
            HolderCodes::Given
        },
    };
    check_options(&file, &options).map_err(Usage::Invalid)?;
    let new_holders = if args.create_holders || args.make_codes {
        NewHolders::Create
    } else {
        NewHolders::Refuse
    };
    let import = Import {
        project: &args.project,
        file: &file,
        options: &options,
        new_holders,
        existing: match (args.replace, args.add) {
            (true, _) => ExistingHoldings::Replace,
            (false, true) => ExistingHoldings::Add,
            (false, false) => ExistingHoldings::Refuse,
        },
    };
    let done = prompt::asking(&writer, args.yes, |session, consent| {
        ops::token::import(&mut ledger, session, import, consent)
    })?;
    let imported = &done.value;
    let mut said = format!(
        "imported {}, {} tokens",
        noun::ENTRY.count(imported.added),
        imported.tokens.grouped(0)
    );
    if imported.changes.is_some() {
        said = format!(
            "replaced the register of {}: issued {}, redeemed {}; it has {} tokens",
            args.project,
            imported.tokens_issued.grouped(0),
            imported.tokens_redeemed.grouped(0),
            imported.tokens.grouped(0)
        );
    }
    if imported.rows_left_out > 0 && !imported.already_imported {
        let rows = noun::ROW.count(imported.rows_left_out);
        said = format!("{said}; left out {rows} without tokens");
    }
    if imported.already_imported {
        cx.voice
            .say("already imported: this file is in the register");
    }
    Ok(writer.wrote(&done, report::token::imported(imported), said))
}
