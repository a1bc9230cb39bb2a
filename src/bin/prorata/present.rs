//! The way out. A command returns one [`Outcome`], which is presented here after its ledger is
//! closed: a slow reader of a pipe never holds a lock.

use std::io::Write as _;

use prorata::{
    domain::time::Date,
    ops,
    render::{self, Format, Hidden, Ink, ListWriter, Style},
    report::{
        self, About, Cell, Column, Field, More, Record, RowRequest, SelectedRow, Selection, Verdict,
    },
    store::{AsOf, How, Ledger},
};
use tempfile::SpooledTempFile;

use crate::{
    environment::Terminal,
    exit::Exit,
    failure::with_causes,
    flags,
    global::Color,
    message::Voice,
    noun::{self, Noun},
    output::{self, Target},
    pager::Pager,
    stream::Rows,
    usage::Usage,
};

/// What a command returns.
pub(crate) struct Outcome {
    result: Output,
    /// Whether and how the ledger was changed; `None` for a command that only reads.
    how: Option<How>,
    /// What was shown or done, for people.
    said: String,
    /// Remarks that are printed under it, whatever became of the change.
    remarks: Vec<String>,
    exit: Exit,
}

/// A result on its way out.
pub(crate) enum Output {
    /// Everything was written by the command itself.
    Nothing,
    /// A single thing, and what it is about.
    Record(View, Record, Option<About>),
    /// A list, and what it is about.
    List(Box<Listing>, Option<About>),
    /// Text of its own layout.
    Text(Target, SpooledTempFile),
}

/// Where a report goes, and what it looks like there.
#[derive(Clone)]
pub(crate) struct View {
    pub(crate) target: Target,
    format: Format,
    pub(crate) dry_run: bool,
    style: Style,
    pager: Option<Pager>,
}

/// A list that is being written.
pub(crate) struct Listing {
    writer: ListWriter<Rows>,
    selection: Selection,
    /// Whether the limit left rows out.
    more: More,
    view: View,
}

/// Ends the reading of a list that has all the rows that are wanted.
#[derive(Debug, thiserror::Error)]
#[error("the list has all the rows that are wanted")]
struct Enough;

impl View {
    /// Settles format and style.
    ///
    /// # Errors
    /// [`output::Error::NoFormat`] if neither a flag nor the name of the file says the format.
    pub(crate) fn new(
        target: Target,
        format: Option<flags::Format>,
        color: Color,
        terminal: Terminal,
    ) -> Result<Self, output::Error> {
        let format = match (format, &target.file) {
            (Some(flags::Format::Table), _) | (None, None) => Format::Table,
            (Some(flags::Format::Csv), _) => Format::Csv,
            (Some(flags::Format::Json), _) => Format::Json,
            (None, Some(path)) => Format::from_extension(path)
                .ok_or_else(|| output::Error::NoFormat { path: path.clone() })?,
        };
        let to_terminal = target.file.is_none();
        let colored = match color {
            Color::Always => true,
            Color::Auto => terminal.colors && to_terminal,
            Color::Never => false,
        };
        let style = Style {
            ink: if colored { Ink::Colored } else { Ink::Plain },
            width: terminal.width.filter(|_| to_terminal),
        };
        Ok(Self {
            target,
            format,
            dry_run: false,
            style,
            pager: None,
        })
    }

    /// Shows a result that is longer than the screen in a pager.
    pub(crate) fn paged(self, pager: Option<Pager>) -> Self {
        Self { pager, ..self }
    }

    /// Begins a list.
    pub(crate) fn list<T>(&self, fields: &[Field<T>]) -> anyhow::Result<Listing> {
        self.list_of(&report::columns(fields))
    }

    /// Begins a list of columns that come from several lists of fields.
    pub(crate) fn list_of(&self, columns: &[Column]) -> anyhow::Result<Listing> {
        let rows = Rows::Spooled(self.spool()?);
        self.rows_of(columns, &RowRequest::default(), rows)
    }

    /// Begins a list that only reads. A program has its first rows at once.
    fn flowing(&self, columns: &[Column], rows: &RowRequest) -> anyhow::Result<Listing> {
        let is_read_by_program = self.target.file.is_none()
            && self.pager.is_none()
            && matches!(self.format, Format::Csv | Format::Json);
        let out = if is_read_by_program {
            Rows::Flowing(Vec::new(), None)
        } else {
            Rows::Spooled(self.spool()?)
        };
        self.rows_of(columns, rows, out)
    }

    /// Begins a list of some of the rows and fields.
    fn rows_of(&self, columns: &[Column], rows: &RowRequest, out: Rows) -> anyhow::Result<Listing> {
        let selection = Selection::new(columns, rows).map_err(Usage::from)?;
        let columns = selection.columns();
        Ok(Listing {
            writer: ListWriter::new(self.format, &columns, self.style, out)?,
            selection,
            more: More::No,
            view: self.clone(),
        })
    }

    /// Checks whether the result is a table.
    pub(crate) fn is_for_people(&self) -> bool {
        self.format == Format::Table
    }

    /// Makes a place for the result. A dry run says so above it, for people.
    fn spool(&self) -> anyhow::Result<SpooledTempFile> {
        let mut spool = output::spool();
        if self.dry_run && self.is_for_people() {
            writeln!(spool, "dry run")?;
        }
        Ok(spool)
    }
}

impl Listing {
    /// Adds a row.
    pub(crate) fn add(&mut self, cells: &[Cell]) -> Result<(), ops::OutputError> {
        match self.selection.take(cells) {
            Verdict::Show if self.selection.shows_all_fields() => {
                let uncounted = self.selection.uncounted(cells);
                Ok(self.writer.counted(cells, uncounted)?)
            }
            Verdict::Show => Ok(self.write(&self.selection.selected(cells))?),
            Verdict::Wait => Ok(()),
            Verdict::Enough => {
                self.more = More::LeftOut;
                Err(Box::new(Enough))
            }
        }
    }

    /// Adds a row of a list that is read to its end, since the command also counts.
    pub(crate) fn offer(&mut self, cells: &[Cell]) -> Result<(), ops::OutputError> {
        match self.add(cells) {
            Err(error) if error.is::<Enough>() => Ok(()),
            added => added,
        }
    }

    /// Takes what became of reading the rows, which ends early if enough of them are there.
    pub(crate) fn ended(&mut self, read: Result<(), ops::Error>) -> anyhow::Result<()> {
        match read {
            Err(ops::Error::Output(error)) if error.is::<Enough>() => {}
            read => read?,
        }
        let (rows, more) = self.selection.rest();
        if more == More::LeftOut {
            self.more = more;
        }
        rows.iter().try_for_each(|row| self.write(row))?;
        Ok(())
    }

    fn write(&mut self, row: &SelectedRow) -> Result<(), render::Error> {
        self.writer.counted(&row.cells, row.uncounted.as_deref())
    }

    /// Counts the rows, of which a limit may have left some out.
    fn count(&self, noun: Noun) -> String {
        let rows = noun.count(self.rows());
        match self.more {
            More::No => rows,
            More::LeftOut => format!("the first {rows}; there are more"),
        }
    }

    /// Returns how many rows there are.
    pub(crate) fn rows(&self) -> u64 {
        self.writer.rows_written()
    }
}

impl Outcome {
    /// Ends a command that read.
    pub(crate) fn read(result: Output) -> Self {
        Self {
            result,
            how: None,
            said: String::new(),
            remarks: Vec::new(),
            exit: Exit::Done,
        }
    }

    /// Ends a command that changed the ledger.
    pub(crate) fn changed(result: Output, how: How, said: impl Into<String>) -> Self {
        Self {
            how: Some(how),
            ..Self::read(result).saying(said)
        }
    }

    /// Says what is shown.
    pub(crate) fn saying(mut self, said: impl Into<String>) -> Self {
        self.said = said.into();
        self
    }

    /// Adds a remark.
    pub(crate) fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remarks.push(remark.into());
        self
    }

    /// Ends with this exit if the result could be presented.
    pub(crate) fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// Hands the result out and says what was done. A change that is committed is done, even if its
    /// result could not be printed.
    ///
    /// # Errors
    /// The result could not be handed out, and nothing was changed or the result was a file.
    pub(crate) fn present(self, voice: Voice) -> anyhow::Result<Exit> {
        let Self {
            result,
            how,
            said,
            remarks,
            exit,
        } = self;
        let is_file = matches!(result, Output::Text(..));
        let written = result.written();
        // No byte of a file leaves a dry run.
        let printed = if is_file && how == Some(How::DryRun) {
            Ok(())
        } else {
            result.hand_out(voice, how)
        };
        match (printed, how) {
            (Ok(()), _) => {}
            (Err(error), Some(How::Written)) if !is_file && Exit::of(&error).0 != Exit::Done => {
                let error = with_causes(&error);
                voice.warn(&format!(
                    "the change is written, but its result could not be printed: {error}"
                ));
                return Ok(exit);
            }
            (Err(error), _) => return Err(error),
        }
        if let Some((rows, file)) = written.filter(|_| how != Some(How::DryRun)) {
            let named = said.contains(&file);
            if !named {
                voice.say(&format!("wrote {rows}{file}"));
            }
        }
        voice.say(match how {
            None | Some(How::Written) => &said,
            Some(How::Unchanged) => "nothing to do; nothing was written",
            Some(How::DryRun) => "dry run: nothing was written",
            Some(How::Replayed) => {
                "this key was used before: this is the first result; nothing was written"
            }
        });
        for remark in &remarks {
            voice.say(remark);
        }
        Ok(exit)
    }
}

impl Output {
    /// Names the file that it goes to, if any, and how many rows go there.
    fn written(&self) -> Option<(String, String)> {
        let (rows, target) = match self {
            Self::Nothing => return None,
            Self::Record(view, ..) => (String::new(), &view.target),
            Self::List(list, _) => {
                let rows = format!("{} to ", noun::ROW.count(list.rows()));
                (rows, &list.view.target)
            }
            Self::Text(target, _) => (String::new(), target),
        };
        Some((rows, target.file.as_ref()?.display().to_string()))
    }

    fn hand_out(self, voice: Voice, how: Option<How>) -> anyhow::Result<()> {
        match self {
            Self::Nothing => Ok(()),
            Self::Text(target, spool) => Ok(output::emit(&target, spool, None)?),
            Self::List(list, about) => {
                let Listing { writer, view, .. } = *list;
                let (rows, hidden) = writer.finish(about.as_ref())?;
                rows.hand_out(&view.target, view.pager_after(how))?;
                view.say_hidden(voice, how, &hidden, Tables::ONE);
                Ok(())
            }
            Self::Record(view, record, about) => {
                let mut spool = view.spool()?;
                let hidden =
                    render::record(&record, view.format, view.style, about.as_ref(), &mut spool)?;
                output::emit(&view.target, spool, view.pager_after(how))?;
                view.say_hidden(voice, how, &hidden, Tables::of(&record));
                Ok(())
            }
        }
    }
}

/// How a message names the tables that it is about, and the format that shows all of them.
struct Tables {
    named: &'static str,
    format: &'static str,
}

impl Tables {
    const ONE: Self = Self {
        named: "the table, which is",
        format: "csv",
    };

    fn of(record: &Record) -> Self {
        let several = record.tables.len() > 1;
        Self {
            named: if several {
                "tables that are"
            } else {
                Self::ONE.named
            },
            // As CSV, a thing with fields and one table has the table only.
            format: if several || record.fields.is_empty() {
                "csv"
            } else {
                "json"
            },
        }
    }
}

impl View {
    /// Returns the pager of a command that only read: what was changed is said at once.
    fn pager_after(&self, how: Option<How>) -> Option<&Pager> {
        self.pager.as_ref().filter(|_| how.is_none())
    }

    /// Says what tables do not show since they are wider than the terminal, and which format shows
    /// it.
    fn say_hidden(&self, voice: Voice, how: Option<How>, hidden: &Hidden, tables: Tables) {
        let Some(width) = self.style.width else {
            return;
        };
        let Tables { named, format } = tables;
        // A change is not made again only to see more of it.
        let advice = match how {
            Some(_) => String::new(),
            None => format!("; see all of it with --format {format}"),
        };
        for (what, headings) in [
            ("left out of", &hidden.left_out),
            ("shortened in", &hidden.shortened),
        ] {
            if !headings.is_empty() {
                let headings = headings.join(", ");
                voice.say(&format!(
                    "{what} {named} wider than {width} columns: {headings}{advice}"
                ));
            }
        }
    }
}

/// A command that reads: which state of the ledger it shows, and how that leaves.
pub(crate) struct Reader {
    /// The state.
    pub(crate) as_of: AsOf,
    /// The day of the state.
    pub(crate) day: Date,
    pub(crate) view: View,
    /// The rows and fields of a list.
    pub(crate) rows: RowRequest,
}

/// The title of a report, and the summary in its footer.
pub(crate) struct Heading {
    pub(crate) title: String,
    pub(crate) summary: String,
}

impl Reader {
    /// Begins a list.
    pub(crate) fn list<T>(&self, fields: &[Field<T>]) -> anyhow::Result<Listing> {
        self.list_of(&report::columns(fields))
    }

    /// Begins a list of columns that come from several lists of fields.
    pub(crate) fn list_of(&self, columns: &[Column]) -> anyhow::Result<Listing> {
        self.view.flowing(columns, &self.rows)
    }

    /// Ends with a list; the footer counts its rows and names the state that it shows.
    pub(crate) fn listed(
        self,
        ledger: &mut Ledger,
        list: Listing,
        noun: Noun,
    ) -> anyhow::Result<Outcome> {
        let about = about(ledger, noun.many, self.as_of, self.day)?;
        let said = self.footer(&list.count(noun), &about);
        Ok(Outcome::read(Output::List(Box::new(list), Some(about))).saying(said))
    }

    /// Ends with a list by effective date. It shows everything that is recorded now, so the head in
    /// its footer is the one of now.
    pub(crate) fn listed_as_recorded(
        mut self,
        ledger: &mut Ledger,
        list: Listing,
        noun: Noun,
    ) -> anyhow::Result<Outcome> {
        self.as_of = AsOf::Now;
        self.listed(ledger, list, noun)
    }

    /// Ends with a single thing.
    pub(crate) fn show(self, ledger: &Ledger, record: Record) -> Outcome {
        // Nothing more is read here, since a damaged ledger is still shown as far as it was read.
        let footing = match self.as_of {
            AsOf::Now => ledger.seen(),
            AsOf::At(_) => None,
        };
        let about = footing.zip(record.title()).map(|(footing, title)| About {
            title: capitalised(&title),
            as_of: self.day,
            head: footing.head,
            four_eyes: footing.four_eyes,
        });
        Outcome::read(Output::Record(self.view, record, about))
    }

    /// Ends with a report.
    pub(crate) fn report(
        self,
        ledger: &mut Ledger,
        record: Record,
        Heading { title, summary }: Heading,
    ) -> anyhow::Result<Outcome> {
        let about = about(ledger, &title, self.as_of, self.day)?;
        let said = self.footer(&summary, &about);
        Ok(Outcome::read(Output::Record(self.view, record, Some(about))).saying(said))
    }

    fn footer(&self, summary: &str, about: &About) -> String {
        if self.view.is_for_people() {
            format!("{summary} · {}", about.brief_state())
        } else {
            String::new()
        }
    }
}

/// Says what a report is about: its title, and the state of the ledger that was read.
pub(crate) fn about(
    ledger: &mut Ledger,
    title: &str,
    as_of: AsOf,
    day: Date,
) -> anyhow::Result<About> {
    let footing = ops::audit::footing(ledger, as_of)?;
    Ok(About {
        title: capitalised(title),
        as_of: day,
        head: footing.head,
        four_eyes: footing.four_eyes,
    })
}

/// Begins a title with a capital letter.
fn capitalised(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
