//! `prorata holder import`

use std::path::PathBuf;

use prorata::{
    domain::code::Code,
    ops::{self, holder::ExistingHolders},
    report,
};

use crate::{
    flags::{WriteFlags, sheet::SheetFlags},
    noun,
    open::Context,
    people::{NAMED, warn_of_open_withdrawals},
    present::Outcome,
};

/// Import holders from a CSV file or a workbook
///
/// Reads CSV with any usual delimiter and encoding, .xlsx, .xls and .ods. The file is imported completely or not at all, and every bad line is reported. A holder who
/// exists is a bad line, unless --update is given. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata holder import holders.csv --as bola
  prorata holder import investors.xlsx --columns code='Investor ID',name=Name --as bola")]
pub(crate) struct Args {
    /// File: code,name[,email,country,bank_name,bank_code,account_number,account_name,
    /// account_currency]; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Change holders who exist, in the columns that the file has
    #[arg(long)]
    update: bool,
    #[command(flatten)]
    sheet: SheetFlags,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let file = cx.read_sheet(&args.file, args.sheet.options()?)?;
    let known = if args.update {
        ExistingHolders::Update
    } else {
        ExistingHolders::Refuse
    };
    let done = ops::holder::import(&mut ledger, writer.session()?, &file, known)?;
    let imported = &done.value;
    warn_of_open_withdrawals(cx, &imported.keep_old);
    if !imported.shared.is_empty() {
        let shared = imported.shared.iter().take(NAMED);
        let shared: Vec<&str> = shared.map(Code::as_str).collect();
        cx.voice.warn(&format!(
            "{} of the file {} the account number of another holder: {}",
            noun::HOLDER.count(imported.shared.len()),
            if imported.shared.len() == 1 {
                "has"
            } else {
                "have"
            },
            shared.join(", ")
        ));
    }
    let said = format!(
        "imported {}: {} added, {} updated",
        noun::ROW.count(imported.rows),
        noun::HOLDER.count(imported.added),
        imported.updated
    );
    Ok(writer.wrote(&done, report::holder::imported(imported), said))
}
