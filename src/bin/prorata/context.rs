//! What a command has at hand: its global flags, the ledger, the session, and the way out for its
//! result.

use std::{
    cell::{Cell as Slot, RefCell},
    io::Write as _,
};

use prorata::{
    domain::{
        session::{Claim, ClaimedBy, Mode, NoProgress, Progress, Session},
        time::{Date, Instant},
    },
    ops,
    render::{self, Format, Hidden, Ink, ListWriter, Style},
    report::{self, About, Cell, Field, Pii, Record},
    store::{Access, AsOf, Done, How, Ledger, Warnings},
};
use tempfile::SpooledTempFile;

use crate::{
    cli::{Color, Global},
    environment::Environment,
    exit::Exit,
    message, output,
    progress::Bar,
    prompt::Usage,
};

/// What a command has at hand.
pub(crate) struct Context {
    /// The global flags.
    pub(crate) global: Global,
    /// The file that the command reads, for messages about its lines.
    pub(crate) input: Option<String>,
    claimed_by: ClaimedBy,
    environment: Environment,
    writes: Slot<bool>,
    warnings: RefCell<Option<Warnings>>,
}

/// How a message names the one table that it is about.
const TABLE: &str = "the table, which is";

/// A list on its way out.
pub(crate) struct Listing(ListWriter<SpooledTempFile>);

impl Listing {
    /// Adds a row.
    pub(crate) fn add(&mut self, cells: &[Cell]) -> Result<(), ops::OutputError> {
        Ok(self.0.row(cells)?)
    }
}

impl Context {
    pub(crate) fn new(global: Global, claimed_by: ClaimedBy, environment: Environment) -> Self {
        Self {
            global,
            input: None,
            claimed_by,
            environment,
            writes: Slot::new(false),
            warnings: RefCell::default(),
        }
    }

    /// Tells whether the command writes, so that a failure says that nothing was written.
    pub(crate) fn writes(&self) -> bool {
        self.writes.get()
    }

    /// Tells whether questions may be asked.
    pub(crate) fn may_ask(&self) -> bool {
        self.environment.interactive && !self.global.no_input
    }

    /// Refuses the flags of writing commands where nothing is changed.
    pub(crate) fn changes_nothing(&self) -> Result<(), Usage> {
        let flags = [
            ("--key", self.global.key.is_some()),
            ("--dry-run", self.global.dry_run),
        ];
        match flags.into_iter().find(|(_, given)| *given) {
            Some((flag, _)) => Err(Usage::WrongFlag {
                flag,
                wanted: "commands that change a ledger",
            }),
            None => Ok(()),
        }
    }

    /// Lets a failure say that nothing was written.
    pub(crate) fn begins_to_write(&self) {
        self.writes.set(true);
    }

    /// Refuses a file of what was not done.
    pub(crate) fn keeps_its_output(&self) -> Result<(), Usage> {
        if self.global.dry_run && self.global.output.is_some() {
            return Err(Usage::WrongFlag {
                flag: "--output",
                wanted: "what is done, and a dry run does nothing",
            });
        }
        Ok(())
    }

    /// Opens the ledger for a command that reads.
    pub(crate) fn reader(&self) -> anyhow::Result<Ledger> {
        self.changes_nothing()?;
        output::check(&self.global)?;
        self.open_to_read()
    }

    /// Refuses a format where the result has a layout of its own. JSON is taken: it says how errors
    /// are told.
    pub(crate) fn has_own_layout(&self) -> Result<(), Usage> {
        match self.global.format {
            None | Some(crate::cli::Format::Json) => Ok(()),
            Some(crate::cli::Format::Table | crate::cli::Format::Csv) => Err(Usage::WrongFlag {
                flag: "--format",
                wanted: "results that have no layout of their own",
            }),
        }
    }

    /// Opens the ledger for a command that reads, and writes text of its own layout, whatever the
    /// name of its file.
    pub(crate) fn plain_reader(&self) -> anyhow::Result<Ledger> {
        self.changes_nothing()?;
        output::check_target(&self.global)?;
        self.open_to_read()
    }

    /// Opens the ledger to read, whatever becomes of the result.
    pub(crate) fn open_to_read(&self) -> anyhow::Result<Ledger> {
        self.explain(&format!("opening {} to read", self.global.ledger.display()));
        let mut ledger = Ledger::open(&self.global.ledger, Access::Read, self.global.wait)?;
        // Reading needs no user, but one that is named must be there.
        if let Some(code) = self.global.actor.clone() {
            ledger.check_actor::<ops::Error>(&Claim {
                code,
                by: self.claimed_by,
            })?;
        }
        Ok(ledger)
    }

    /// Opens the ledger for a command that writes.
    pub(crate) fn writer(&self) -> anyhow::Result<Ledger> {
        output::format(&self.global)?;
        self.begins_to_write();
        self.keeps_its_output()?;
        self.exporter()
    }

    /// Opens the ledger for a command that writes into it, and into a file of its own layout,
    /// whatever its name.
    pub(crate) fn exporter(&self) -> anyhow::Result<Ledger> {
        self.begins_to_write();
        self.only_now()?;
        let target = output::check_target(&self.global);
        // Given again with its key, a command finds the result of its first run; when it is handed
        // out, it is seen to be that.
        let repeats =
            matches!(target, Err(output::Error::Exists { .. })) && self.global.key.is_some();
        if !repeats {
            target?;
        }
        let wait = self.global.wait.as_secs();
        self.explain(&format!(
            "opening {} to write, waiting up to {wait} s for its lock",
            self.global.ledger.display()
        ));
        let mut ledger = Ledger::open(&self.global.ledger, Access::Write, self.global.wait)?;
        if let Some(key) = &self.global.key
            && repeats
            && !ops::ledger::knows_key(&mut ledger, key)?
        {
            output::check_target(&self.global)?;
        }
        *self.warnings.borrow_mut() = Some(ledger.warnings());
        Ok(ledger)
    }

    /// Refuses `--as-of` where the ledger is shown or changed as it stands.
    pub(crate) fn only_now(&self) -> Result<(), Usage> {
        match self.global.as_of {
            Some(_) => Err(Usage::WrongFlag {
                flag: "--as-of",
                wanted: "lists and reports",
            }),
            None => Ok(()),
        }
    }

    /// Makes the session: who acts, when, from where.
    pub(crate) fn session(&self) -> Result<Session, Usage> {
        let code = self
            .global
            .actor
            .clone()
            .or_else(|| self.environment.os_user.clone())
            .ok_or(Usage::NoActor)?;
        let (now, today) = Environment::now();
        self.explain(&format!("acting as {code} on {today}"));
        let shows = self.environment.progress && !self.global.quiet;
        let progress: Box<dyn Progress> = if shows {
            Box::new(Bar::new())
        } else {
            Box::new(NoProgress)
        };
        Ok(Session {
            claim: Claim {
                code,
                by: self.claimed_by,
            },
            now,
            today,
            key: self.global.key.clone(),
            mode: if self.global.dry_run {
                Mode::DryRun
            } else {
                Mode::Commit
            },
            origin: self.environment.origin.clone(),
            progress,
        })
    }

    /// Tells which state of the ledger is to be shown.
    pub(crate) fn as_of(&self) -> Result<AsOf, Usage> {
        let Some(date) = self.global.as_of else {
            return Ok(AsOf::Now);
        };
        let in_future = Usage::AsOfInFuture { date };
        if date > Environment::now().1 {
            return Err(in_future);
        }
        Instant::end_of(date).map(AsOf::At).ok_or(in_future)
    }

    /// Tells whether account numbers are shown whole, and notes in the trail that they are.
    pub(crate) fn pii(&self, command: &str) -> Pii {
        if !self.global.show_pii {
            return Pii::Masked;
        }
        if self.global.dry_run {
            message::warn(
                self,
                "account numbers stay masked: a dry run cannot note in the audit trail that they were shown",
            );
            return Pii::Masked;
        }
        let noted = self
            .session()
            .map_err(anyhow::Error::from)
            .and_then(|session| {
                let mut ledger =
                    Ledger::open(&self.global.ledger, Access::Write, self.global.wait)?;
                Ok(ops::audit::note_pii(&mut ledger, session, command)?)
            });
        match noted {
            Ok(()) => Pii::Shown,
            // Who is no user of the ledger can never be noted, so nothing is shown that would have
            // to be.
            Err(error)
                if Exit::of(&error).0 != Exit::Busy && Exit::of(&error).0 != Exit::Unusable =>
            {
                message::warn(
                    self,
                    &format!("account numbers stay masked: {}", message::told(&error)),
                );
                Pii::Masked
            }
            Err(error) => {
                let error = message::told(&error);
                message::warn(
                    self,
                    &format!(
                        "the audit trail could not note that account numbers were shown: {error}"
                    ),
                );
                Pii::Shown
            }
        }
    }

    /// Begins a list.
    pub(crate) fn list<T>(&self, fields: &[Field<T>]) -> anyhow::Result<Listing> {
        Ok(Listing(ListWriter::new(
            self.format()?,
            &report::columns(fields),
            self.style(),
            self.spool()?,
        )?))
    }

    /// Makes a place for the result; for people, a dry run says so above it.
    pub(crate) fn spool(&self) -> anyhow::Result<SpooledTempFile> {
        let mut spool = output::spool();
        if self.global.dry_run && self.format()? == Format::Table {
            writeln!(spool, "dry run")?;
        }
        Ok(spool)
    }

    /// Ends a list that was read: closes the ledger, hands the list out, and says under it what it
    /// shows.
    pub(crate) fn finish(
        &self,
        ledger: Ledger,
        listing: Listing,
        nouns: (&str, &str),
    ) -> anyhow::Result<Exit> {
        let as_of = self.as_of()?;
        self.finish_at(ledger, listing, nouns, as_of)
    }

    /// Ends a list by effective date. It shows all that is recorded now, so the head under it is
    /// the one of now.
    pub(crate) fn finish_effective(
        &self,
        ledger: Ledger,
        listing: Listing,
        nouns: (&str, &str),
    ) -> anyhow::Result<Exit> {
        // A date in the future is refused here as for every list.
        self.as_of()?;
        self.finish_at(ledger, listing, nouns, AsOf::Now)
    }

    fn finish_at(
        &self,
        mut ledger: Ledger,
        listing: Listing,
        (one, many): (&str, &str),
        as_of: AsOf,
    ) -> anyhow::Result<Exit> {
        let about = self.about(&mut ledger, many, as_of)?;
        drop(ledger);
        let rows = listing.0.rows_written();
        self.hand_out_list(listing, Some(&about))?;
        let noun = if rows == 1 { one } else { many };
        self.footer(&format!("{rows} {noun}"), &about)?;
        Ok(Exit::Done)
    }

    /// Ends a list that does not come from a ledger.
    pub(crate) fn finish_plain(&self, listing: Listing) -> anyhow::Result<Exit> {
        self.hand_out_list(listing, None)?;
        Ok(Exit::Done)
    }

    fn hand_out_list(&self, listing: Listing, about: Option<&About>) -> anyhow::Result<()> {
        let (spool, hidden) = listing.0.finish(about)?;
        output::emit(&self.global, spool)?;
        self.tell_hidden(&hidden, TABLE, "csv");
        Ok(())
    }

    /// Says what `tables` do not show since they are wider than the terminal, and which format
    /// shows it.
    fn tell_hidden(&self, hidden: &Hidden, tables: &str, format: &str) {
        let Some(width) = self.style().width else {
            return;
        };
        // What was written is not written again only to see more of it.
        let how = if self.writes() {
            String::new()
        } else {
            format!("; see all of it with --format {format}")
        };
        let told = [
            ("left out of", &hidden.left_out),
            ("shortened in", &hidden.shortened),
        ];
        for (what, headings) in told
            .into_iter()
            .filter(|(_, headings)| !headings.is_empty())
        {
            self.say(&format!(
                "{what} {tables} wider than {width} columns: {}{how}",
                headings.join(", ")
            ));
        }
    }

    /// Tells what a report is about: its title, and the state of the ledger that was read.
    pub(crate) fn about(
        &self,
        ledger: &mut Ledger,
        title: &str,
        as_of: AsOf,
    ) -> anyhow::Result<About> {
        let (head, four_eyes) = ops::audit::footing(ledger, as_of)?;
        Ok(About {
            title: capitalised(title),
            as_of: self.day(),
            head,
            four_eyes,
        })
    }

    /// Warns about something that does not stop the command.
    pub(crate) fn warn(&self, words: &str) {
        message::warn(self, words);
    }

    /// Hands a single thing out that was read.
    pub(crate) fn show(&self, ledger: Ledger, record: &Record) -> anyhow::Result<Exit> {
        // Nothing more is read here, since a damaged ledger must still be shown as far as it was
        // read.
        let seen = if self.global.as_of.is_none() {
            ledger.seen()
        } else {
            None
        };
        drop(ledger);
        let about = seen
            .zip(record.title())
            .map(|((head, four_eyes), title)| About {
                title: capitalised(&title),
                as_of: self.day(),
                head,
                four_eyes,
            });
        self.print_about(record, about.as_ref())?;
        Ok(Exit::Done)
    }

    /// Hands a single thing out.
    pub(crate) fn print(&self, record: &Record) -> anyhow::Result<()> {
        self.print_about(record, None)
    }

    fn print_about(&self, record: &Record, about: Option<&About>) -> anyhow::Result<()> {
        let mut spool = self.spool()?;
        let hidden = render::record(record, self.format()?, self.style(), about, &mut spool)?;
        output::emit(&self.global, spool)?;
        // As CSV, a thing with fields and one table has the table only.
        let format = if record.fields.is_empty() || record.tables.len() > 1 {
            "csv"
        } else {
            "json"
        };
        self.tell_hidden(
            &hidden,
            if record.tables.len() > 1 {
                "tables that are"
            } else {
                TABLE
            },
            format,
        );
        Ok(())
    }

    /// Hands out text that is no report.
    pub(crate) fn hand_out(&self, spool: SpooledTempFile) -> anyhow::Result<Exit> {
        output::emit(&self.global, spool)?;
        Ok(Exit::Done)
    }

    /// Hands out the result of a command that created the ledger.
    pub(crate) fn created<V>(
        &self,
        done: &Done<V>,
        record: &Record,
        said: &str,
    ) -> anyhow::Result<Exit> {
        let printed = self.print(record);
        self.written(done.how, printed, said)
    }

    /// Hands out the result of a command that wrote, and says what was done.
    pub(crate) fn wrote<V>(
        &self,
        ledger: Ledger,
        done: &Done<V>,
        record: &Record,
        said: &str,
    ) -> anyhow::Result<Exit> {
        self.tell_warnings();
        drop(ledger);
        let printed = self.print(record);
        self.written(done.how, printed, said)
    }

    /// Hands out the list that a command wrote, and says what was done.
    pub(crate) fn wrote_list<V>(
        &self,
        ledger: Ledger,
        done: &Done<V>,
        listing: Listing,
        said: &str,
    ) -> anyhow::Result<Exit> {
        self.tell_warnings();
        drop(ledger);
        let printed = self.hand_out_list(listing, None);
        self.written(done.how, printed, said)
    }

    /// Hands a file of its own layout out that a command wrote into the ledger about.
    pub(crate) fn wrote_file<V>(
        &self,
        ledger: Ledger,
        done: &Done<V>,
        spool: SpooledTempFile,
        said: &str,
    ) -> anyhow::Result<Exit> {
        self.tell_warnings();
        drop(ledger);
        // The file is named, so that a dry run tells whether it could be written; no byte of it
        // leaves.
        if done.how != How::DryRun {
            output::emit(&self.global, spool)?;
        }
        self.written(done.how, Ok(()), said)
    }

    /// Hands a report out under its title, and says under it what it shows.
    pub(crate) fn report(
        &self,
        mut ledger: Ledger,
        record: &Record,
        title: &str,
        summary: &str,
    ) -> anyhow::Result<()> {
        let about = self.about(&mut ledger, title, self.as_of()?)?;
        drop(ledger);
        self.print_about(record, Some(&about))?;
        self.footer(summary, &about)
    }

    /// Tells the day of a report: the one that it is made for, or today.
    pub(crate) fn day(&self) -> Date {
        self.global
            .as_of
            .unwrap_or_else(|| Environment::now().0.date())
    }

    /// What is written is written, even where its result could not be printed.
    pub(crate) fn written(
        &self,
        how: How,
        printed: anyhow::Result<()>,
        said: &str,
    ) -> anyhow::Result<Exit> {
        match (printed, how) {
            (Ok(()), _) => {}
            (Err(error), How::Written) if Exit::of(&error).0 != Exit::Done => {
                let error = message::told(&error);
                message::warn(
                    self,
                    &format!("the change is written, but its result could not be printed: {error}"),
                );
                return Ok(Exit::Done);
            }
            (Err(error), _) => return Err(error),
        }
        self.say(&match how {
            How::Written => said.to_owned(),
            How::Unchanged => "nothing to do; nothing was written".to_owned(),
            How::DryRun => "dry run: nothing was written".to_owned(),
            How::Replayed => {
                "this key was used before: this is the first result; nothing was written".to_owned()
            }
        });
        Ok(Exit::Done)
    }

    /// Says what could not be done on the side.
    pub(crate) fn tell_warnings(&self) {
        for warning in self
            .warnings
            .borrow()
            .iter()
            .flat_map(|warnings| warnings.take())
        {
            message::warn(self, &warning);
        }
    }

    /// Says something for people on standard error.
    pub(crate) fn say(&self, words: &str) {
        if !self.global.quiet && !words.is_empty() {
            message::line(words);
        }
    }

    /// Explains a step, where that was asked for.
    pub(crate) fn explain(&self, words: &str) {
        if self.global.verbose {
            message::line(words);
        }
    }

    fn footer(&self, count: &str, about: &About) -> anyhow::Result<()> {
        if self.format()? == Format::Table {
            self.say(&format!("{count} · {}", about.brief_state()));
        }
        Ok(())
    }

    pub(crate) fn format(&self) -> Result<Format, output::Error> {
        output::format(&self.global)
    }

    fn style(&self) -> Style {
        let colored = match self.global.color {
            Color::Always => true,
            Color::Auto => self.environment.colors && self.global.output.is_none(),
            Color::Never => false,
        };
        Style {
            ink: if colored { Ink::Colored } else { Ink::Plain },
            width: if self.global.output.is_none() {
                self.environment.width
            } else {
                None
            },
        }
    }

    /// Reads an input file and remembers its name for messages about its lines.
    pub(crate) fn read_input(&mut self, path: &std::path::Path) -> anyhow::Result<Vec<u8>> {
        let name = if path == std::path::Path::new("-") {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        self.explain(&format!("reading {name}"));
        let bytes = output::read(path)?;
        self.input = Some(name);
        Ok(bytes)
    }
}

/// Begins a title with a capital letter.
fn capitalised(title: &str) -> String {
    let mut signs = title.chars();
    signs.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(signs).collect()
    })
}
