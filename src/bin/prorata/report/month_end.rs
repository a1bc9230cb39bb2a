//! `prorata report month-end`

use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

use prorata::{
    domain::{
        activity::AuditEntryView,
        event::HistoryRow,
        portfolio::HolderBalance,
        time::{Date, Month},
    },
    ops::{self, report::MonthEnd},
    render::{self, Format, ListWriter, Style},
    report::{self, About, Cell, Column, Record, Table},
};

use crate::{
    bundle::{Bundle, Replaced},
    flags::{AsOfFlag, FileFlags},
    open::Context,
    output::{self, Overwrite},
    present::{Outcome, Output},
    usage::Usage,
};

/// Write all reports of a month to a folder
///
/// The folder is complete or does not exist, and SHA256SUMS proves its files. A month that is over
/// gives the same bytes every time; a folder with other files is refused, or kept under another
/// name with --force. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report month-end 2026-01 --output 2026-01
  prorata report month-end 2026-01 --output 2026-01 --force")]
pub(crate) struct Args {
    /// Month, for example 2026-01
    #[arg(value_name = "YYYY-MM", value_parser = Month::parse)]
    month: Month,
    #[command(flatten)]
    output: FileFlags,
}

type Out = BufWriter<File>;

/// A list that is written as CSV and as JSON.
struct Pair {
    csv: ListWriter<Out>,
    json: ListWriter<Out>,
}

impl Pair {
    fn begin(bundle: &Bundle, name: &str, columns: &[Column]) -> anyhow::Result<Self> {
        let open = |format, extension| -> anyhow::Result<ListWriter<Out>> {
            let file = BufWriter::new(bundle.file(&format!("{name}.{extension}"))?);
            Ok(ListWriter::new(format, columns, Style::PLAIN, file)?)
        };
        Ok(Self {
            csv: open(Format::Csv, "csv")?,
            json: open(Format::Json, "json")?,
        })
    }

    fn add(&mut self, cells: &[Cell]) -> Result<(), ops::OutputError> {
        self.csv.row(cells)?;
        Ok(self.json.row(cells)?)
    }

    fn finish(self) -> anyhow::Result<()> {
        self.csv.finish(None)?;
        self.json.finish(None)?;
        Ok(())
    }
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let Args { month, output } = args;
    // One look at the clock: it may strike midnight in between.
    let today = Context::day(AsOfFlag { as_of: None });
    let target = target(cx, month, today, output.output)?;
    let day = month.last().min(today);
    let bundle = Bundle::begin(&target, &cx.global.ledger)?;
    let found = write_lists(&bundle, cx, month, day)?;
    let title = if month.last() < today {
        format!("Month end {month}")
    } else {
        format!("Month {month}, not over")
    };
    let about = About {
        title,
        as_of: day,
        head: found.head.clone(),
        four_eyes: found.four_eyes,
    };
    write_figures(&bundle, &found, &about)?;
    let overwrite = if output.force {
        Overwrite::Allow
    } else {
        Overwrite::Refuse
    };
    let replaced = bundle.finish(overwrite)?;
    Ok(outcome(&target, &replaced, &about))
}

/// Writes the lists while the ledger is read, and returns what else the month has.
fn write_lists(bundle: &Bundle, cx: &Context, month: Month, day: Date) -> anyhow::Result<MonthEnd> {
    let mut ledger = cx.open_to_read()?;
    let begin = |name: &str, columns: &[Column]| Pair::begin(bundle, name, columns);
    let mut history = begin("history", &report::history::columns())?;
    let mut balances = begin("balances", &report::columns(report::portfolio::BALANCES))?;
    let mut activity = begin("activity", &report::columns(report::activity::FIELDS))?;
    let found = ops::report::month_end(
        &mut ledger,
        month,
        (day, Context::now()),
        ops::report::Sinks {
            history: &mut |row: HistoryRow| history.add(&report::history::cells(&row)),
            balances: &mut |balance: HolderBalance| {
                balances.add(&report::portfolio::balance(&balance))
            },
            activity: &mut |entry: AuditEntryView| activity.add(&report::activity::cells(&entry)),
        },
    )?;
    drop(ledger);
    for pair in [history, balances, activity] {
        pair.finish()?;
    }
    Ok(found)
}

/// Writes the reports that are figures, and the page with the charts.
fn write_figures(bundle: &Bundle, found: &MonthEnd, about: &About) -> anyhow::Result<()> {
    let analytics = report::analytics::record(&found.analytics);
    write_record(bundle, "analytics", &analytics, about)?;
    let reconciliation = report::reconciliation::record(&found.reconciled.report);
    write_record(bundle, "reconciliation", &reconciliation, about)?;
    let trial_balance = report::journal::trial_balance(&found.trial_balance);
    write_table(bundle, "trial-balance", &trial_balance)?;
    write_table(bundle, "reserves", &report::reserve::table(&found.reserves))?;
    let controls = report::controls::exceptions(&found.controls);
    write_table(bundle, "controls", &controls)?;
    write_table(bundle, "tax", &report::tax::due_table(&found.taxes))?;
    let forward = report::forward::table(&found.forward);
    write_table(bundle, "carried-forward", &forward)?;
    let (figures, events) = (&found.analytics, &found.events);
    let page = report::dashboard::page(about.clone(), "all projects", figures, events);
    render::dashboard(&page, &mut BufWriter::new(bundle.file("dashboard.html")?))?;
    Ok(())
}

/// Returns the folder, and refuses a month that has not begun.
fn target(
    cx: &Context,
    month: Month,
    today: Date,
    folder: Option<PathBuf>,
) -> Result<PathBuf, Usage> {
    let folder =
        folder.ok_or_else(|| Usage::Invalid("name the folder with `--output DIR`".to_owned()))?;
    let first = month.first();
    if first > today {
        return Err(Usage::Invalid(format!(
            "{month} begins on {first}, which is in the future"
        )));
    }
    if month.last() >= today {
        cx.voice.warn(&format!(
            "{month} is not over in UTC; these reports are as of {today}, and what is recorded later is not in them"
        ));
    }
    Ok(folder)
}

fn write_table(bundle: &Bundle, name: &str, table: &Table) -> anyhow::Result<()> {
    let mut rows = Pair::begin(bundle, name, &table.columns)?;
    let written = table.rows.iter().try_for_each(|row| rows.add(row));
    written.map_err(ops::Error::Output)?;
    rows.finish()
}

fn write_record(bundle: &Bundle, name: &str, record: &Record, about: &About) -> anyhow::Result<()> {
    for (format, extension) in [(Format::Csv, "csv"), (Format::Json, "json")] {
        let mut out = BufWriter::new(bundle.file(&format!("{name}.{extension}"))?);
        render::record(record, format, Style::PLAIN, Some(about), &mut out)?;
    }
    Ok(())
}

fn outcome(target: &Path, replaced: &Replaced, about: &About) -> Outcome {
    let (target, title) = (target.display(), &about.title);
    let said = match replaced {
        Replaced::Nothing => format!("{title}: reports written to {target}"),
        Replaced::Same => format!(
            "{title}: {target} has the same files already, byte for byte; nothing was written"
        ),
        Replaced::Other(aside) => format!(
            "{title}: reports written to {target}; the folder before it is now {}",
            aside.display()
        ),
    };
    let folder = output::quoted(&target.to_string());
    Outcome::read(Output::Nothing).saying(said).remark(format!(
        "{}; check the files: `cd {folder} && sha256sum -c SHA256SUMS`",
        about.brief_state()
    ))
}
