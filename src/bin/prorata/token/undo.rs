//! `prorata token undo`

use prorata::{ops, report};

use crate::{flags::WriteFlags, noun, open::Context, present::Outcome};

/// Take the last import of a register back
///
/// Every entry of the import is reversed by an entry of its own, on the same date, and the file can
/// be imported again. Holders that it added stay. It is refused if it is not the last import of its
/// project, if an approved event was calculated from it, or if somebody would have less than no
/// tokens on any date. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata token undo I-000001 --as bola
  prorata token undo I-000001 --dry-run --as bola")]
pub(crate) struct Args {
    /// Import code, for example I-000003; see `prorata token imports PROJECT`
    import: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let done = ops::token::undo(&mut ledger, writer.session()?, &args.import)?;
    let import = &done.value;
    let said = format!(
        "took back {}: {} of {} reversed; next: `prorata token import FILE --project {}`",
        import.number,
        noun::ENTRY.count(import.entries),
        import.project.code,
        import.project.code
    );
    Ok(writer.wrote(&done, report::token::import_record(import), said))
}
