//! `prorata report month-end`

use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

use prorata::{
    domain::{
        activity::AuditEntryView,
        event::Event,
        portfolio::HolderBalance,
        time::{Date, Month},
    },
    ops,
    render::{self, Format, ListWriter, Style},
    report::{self, About, Cell, Column, Record},
};

use crate::{
    bundle::{Bundle, Kept},
    context::Context,
    exit::Exit,
    output,
    prompt::Usage,
};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The month, such as 2026-03
    #[arg(value_name = "YYYY-MM", value_parser = Month::parse)]
    month: Month,
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
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let Args { month } = args;
    // One look at the clock: it may strike midnight in between.
    let today = cx.day();
    let target = target(cx, month, today)?;
    let day = month.last().min(today);
    let bundle = Bundle::begin(&target)?;
    let mut ledger = cx.open_to_read()?;
    let mut history = Pair::begin(&bundle, "history", &report::columns(report::event::FIELDS))?;
    let mut balances = Pair::begin(
        &bundle,
        "balances",
        &report::columns(report::portfolio::BALANCES),
    )?;
    let mut activity = Pair::begin(
        &bundle,
        "activity",
        &report::columns(report::activity::FIELDS),
    )?;
    let found = ops::report::month_end(
        &mut ledger,
        (month, day),
        ops::report::Sinks {
            history: &mut |event: Event| history.add(&report::event::cells(&event)),
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
    let title = if month.last() < today {
        format!("Month end {month}")
    } else {
        format!("Month {month}, not over")
    };
    let about = About {
        title,
        as_of: day,
        head: found.head,
        four_eyes: found.four_eyes,
    };
    write_record(
        &bundle,
        "analytics",
        &report::analytics::record(&found.analytics),
        &about,
    )?;
    write_record(
        &bundle,
        "reconciliation",
        &report::reconciliation::record(&found.reconciled.report),
        &about,
    )?;
    let trial_balance = report::journal::trial_balance(&found.trial_balance);
    let mut rows = Pair::begin(&bundle, "trial-balance", &trial_balance.columns)?;
    trial_balance
        .rows
        .iter()
        .try_for_each(|row| rows.add(row))
        .map_err(ops::Error::Output)?;
    rows.finish()?;
    let page = report::dashboard::page(
        about.clone(),
        "all projects",
        &found.analytics,
        &found.events,
    );
    render::dashboard(&page, &mut BufWriter::new(bundle.file("dashboard.html")?))?;
    let kept = bundle.finish(cx.global.force)?;
    tell(cx, &target, &kept, &about);
    Ok(Exit::Done)
}

/// Tells the folder, and refuses what makes no sense for a month.
fn target(cx: &Context, month: Month, today: Date) -> Result<PathBuf, Usage> {
    cx.changes_nothing()?;
    cx.has_own_layout()?;
    if cx.global.as_of.is_some() {
        return Err(Usage::WrongFlag {
            flag: "--as-of",
            wanted: "reports that are not of a month",
        });
    }
    let first = month.first();
    if first > today {
        return Err(Usage::Invalid(format!(
            "{month} begins on {first}, which has not come"
        )));
    }
    if month.last() >= today {
        cx.warn(&format!(
            "{month} is not over in UTC; these reports are as of {today}, and what is recorded later is not in them"
        ));
    }
    cx.global
        .output
        .clone()
        .ok_or_else(|| Usage::Invalid("name the folder to write with `--output DIR`".to_owned()))
}

fn write_record(bundle: &Bundle, name: &str, record: &Record, about: &About) -> anyhow::Result<()> {
    for (format, extension) in [(Format::Csv, "csv"), (Format::Json, "json")] {
        let mut out = BufWriter::new(bundle.file(&format!("{name}.{extension}"))?);
        render::record(record, format, Style::PLAIN, Some(about), &mut out)?;
    }
    Ok(())
}

fn tell(cx: &Context, target: &Path, kept: &Kept, about: &About) {
    let (target, title) = (target.display(), &about.title);
    match kept {
        Kept::New => cx.say(&format!("{title}: reports written to {target}")),
        Kept::Same => cx.say(&format!(
            "{title}: {target} stands already, byte for byte; nothing was written"
        )),
        Kept::Instead(aside) => {
            cx.say(&format!(
                "{title}: reports written to {target}; what stood there before is now {}",
                aside.display()
            ));
        }
    }
    let folder = output::quoted(&target.to_string());
    cx.say(&format!(
        "{}; check the files with `cd {folder} && sha256sum -c SHA256SUMS`",
        about.brief_state()
    ));
}
