//! The way in: a command opens its ledger and makes its session here, and comes by a [`Reader`] or
//! a [`Writer`], which end it.

use std::{cell::OnceCell, path::Path, rc::Rc};

use prorata::{
    domain::{
        clock::{self, Gap},
        key::Key,
        session::{Claim, Mode, NoProgress, Progress, Session},
        text::is_invisible,
        time::{Date, Instant},
    },
    intake::{SheetFile, SheetOptions},
    ops,
    report::{Field, Pii, Record, RowRequest},
    store::{Access, AsOf, Aside, Done, How, Ledger},
};

use crate::{
    call::Call,
    environment::Environment,
    exit::Exit,
    failure::{Failure, with_causes},
    flags::{
        AsOfFlag, ChangeFlags, FileFlags, Format, OutputFlags, PiiFlag, ReadFlags, WriteFlags,
        rows::ListFlags,
    },
    global::Global,
    message::Voice,
    noun,
    output::{self, Overwrite, Target},
    pager::Pager,
    present::{Listing, Outcome, Output, Reader, View},
    progress::Bar,
    question::agree,
    usage::Usage,
    who_may,
};

/// What a command has at hand.
pub(crate) struct Context {
    /// The global flags.
    pub(crate) global: Global,
    /// Standard error.
    pub(crate) voice: Voice,
    environment: Environment,
    call: Call,
    input: OnceCell<String>,
    aside: OnceCell<Rc<Aside>>,
    /// When the last entry was recorded, if that is in the future of the clock.
    ahead: OnceCell<Instant>,
    /// Why account numbers stay masked that were to be shown: the command ends with it.
    masked: OnceCell<anyhow::Error>,
}

impl Context {
    pub(crate) fn new(global: Global, call: Call, environment: Environment) -> Self {
        Self {
            voice: Voice::new(call.errors, &global),
            global,
            environment,
            call,
            input: OnceCell::new(),
            aside: OnceCell::new(),
            ahead: OnceCell::new(),
            masked: OnceCell::new(),
        }
    }

    /// Opens the ledger for a list or a report of any day.
    pub(crate) fn read(&self, flags: &ReadFlags) -> anyhow::Result<(Reader, Ledger)> {
        self.read_day(&flags.output, flags.as_of)
    }

    /// Opens the ledger for a command that shows it as it is now.
    pub(crate) fn read_now(&self, flags: &OutputFlags) -> anyhow::Result<(Reader, Ledger)> {
        self.read_day(flags, AsOfFlag { as_of: None })
    }

    /// Opens the ledger for a list.
    pub(crate) fn list(&self, flags: &ListFlags) -> anyhow::Result<(Reader, Ledger)> {
        let (mut reader, ledger) = self.read_day(&flags.output, flags.as_of)?;
        reader.rows = flags.rows.request();
        Ok((reader, ledger))
    }

    fn read_day(&self, flags: &OutputFlags, as_of: AsOfFlag) -> anyhow::Result<(Reader, Ledger)> {
        output::check(&self.target(&flags.file(), None))?;
        let view = self.view(flags)?;
        let ledger = self.open_to_read()?;
        let reader = Reader {
            as_of: Self::as_of(as_of)?,
            day: Self::day(as_of),
            view,
            rows: RowRequest::default(),
        };
        Ok((reader, ledger))
    }

    /// Opens the ledger to read, whatever becomes of the result. Reading needs no user, but a user
    /// who is named must exist.
    pub(crate) fn open_to_read(&self) -> anyhow::Result<Ledger> {
        Environment::check_clock()?;
        let file = self.global.ledger.display();
        self.voice.explain(&format!("opening {file} to read"));
        let mut ledger = Ledger::open(&self.global.ledger, Access::Read, self.global.wait)?;
        // A ledger that cannot be read is reported by what the command reads.
        if let Ok(Some(last)) = ops::ledger::last_recorded_at(&mut ledger) {
            self.compare_clock(last);
        }
        if let Some(code) = self.global.actor.clone() {
            ledger.check_actor::<ops::Error>(&Claim {
                code,
                by: self.call.claimed_by,
            })?;
        }
        Ok(ledger)
    }

    /// Opens the ledger for a command that changes it and prints a report of the change.
    pub(crate) fn write(&self, flags: &WriteFlags) -> anyhow::Result<(Writer<'_>, Ledger)> {
        let writer = self.writer(flags)?;
        let ledger = self.open_to_write(&writer.view.target)?;
        Ok((writer, ledger))
    }

    /// Opens the ledger for a command that changes it and writes a file of its own layout.
    pub(crate) fn write_file(
        &self,
        change: &ChangeFlags,
        file: &FileFlags,
    ) -> anyhow::Result<(Target, Ledger)> {
        let target = self.target(file, change.key.clone());
        let ledger = self.open_to_write(&target)?;
        Ok((target, ledger))
    }

    /// Prepares the way out of a command that changes a ledger, without opening it.
    pub(crate) fn writer(&self, flags: &WriteFlags) -> anyhow::Result<Writer<'_>> {
        Environment::check_clock()?;
        let WriteFlags { change, output } = flags;
        if change.dry_run && output.output.is_some() {
            let message = "a dry run writes no file; drop `--output` or `--dry-run`";
            return Err(Usage::Invalid(message.to_owned()).into());
        }
        let mut view = self.view(output)?;
        view.target.key.clone_from(&change.key);
        view.dry_run = change.dry_run;
        Ok(Writer {
            cx: self,
            change: change.clone(),
            view,
        })
    }

    fn open_to_write(&self, target: &Target) -> anyhow::Result<Ledger> {
        let checked = output::check(target);
        // The same command with the same key finds the result of its first run, which is compared
        // when this one is handed out.
        let repeated = target
            .key
            .as_ref()
            .filter(|_| matches!(checked, Err(output::Error::Exists { .. })));
        if repeated.is_none() {
            checked?;
        }
        Environment::check_clock()?;
        let (file, wait) = (self.global.ledger.display(), self.global.wait.as_secs());
        self.voice.explain(&format!(
            "opening {file} to write, waiting up to {wait} s for its lock"
        ));
        let mut ledger = Ledger::open(&self.global.ledger, Access::Write, self.global.wait)?;
        if let Some(key) = repeated
            && !ops::ledger::knows_key(&mut ledger, key)?
        {
            output::check(target)?;
        }
        let repeats = match &target.key {
            Some(key) => ops::ledger::knows_key(&mut ledger, key)?,
            None => false,
        };
        if let Some(last) = ops::ledger::last_recorded_at(&mut ledger)? {
            self.compare_clock(last);
            if !repeats {
                self.ask_about_gap(last)?;
            }
        }
        // A command opens one ledger to write.
        let _ = self.aside.set(ledger.aside());
        Ok(ledger)
    }

    /// Keeps for the footer that the last entry is in the future of the clock.
    fn compare_clock(&self, last: Instant) {
        let (now, _) = Environment::now();
        if clock::is_ahead(last, now) {
            let _ = self.ahead.set(last);
        }
    }

    /// Asks before anything is written a very long time after the last entry.
    fn ask_about_gap(&self, last: Instant) -> anyhow::Result<()> {
        match clock::gap(last, Environment::now().0) {
            Gap::Usual => {}
            Gap::Long { days } => self.voice.warn(&format!(
                "nothing was recorded for {days} days, since {last}; see that the clock is right"
            )),
            Gap::Question(question) if self.call.yes => {
                self.voice.warn(&question.to_string());
            }
            Gap::Question(question) if self.may_ask() => {
                if !agree(&format!("{question}; go on?")) {
                    return Err(Usage::NotConfirmed.into());
                }
            }
            Gap::Question(question) => return Err(ops::Error::from(question).into()),
        }
        Ok(())
    }

    /// Returns who acts, and how that was said.
    pub(crate) fn claim(&self) -> Result<Claim, Usage> {
        let given = self.global.actor.clone();
        let code = given.or_else(|| self.environment.os_user.clone());
        Ok(Claim {
            code: code.ok_or(Usage::NoActor)?,
            by: self.call.claimed_by,
        })
    }

    /// Makes the session of a change: who acts, when, from where.
    pub(crate) fn session(&self, change: &ChangeFlags) -> Result<Session, Usage> {
        let claim = self.claim()?;
        let (now, today) = Environment::now();
        self.voice
            .explain(&format!("acting as {} on {today}", claim.code));
        let progress: Box<dyn Progress> = if self.environment.progress && !self.global.quiet {
            Box::new(Bar::new())
        } else {
            Box::new(NoProgress)
        };
        Ok(Session {
            claim,
            now,
            today,
            key: change.key.clone(),
            mode: if change.dry_run {
                Mode::DryRun
            } else {
                Mode::Commit
            },
            origin: self.environment.origin.clone(),
            progress,
            randomness: Environment::randomness(),
        })
    }

    /// Returns the state of the ledger that is shown.
    pub(crate) fn as_of(flag: AsOfFlag) -> Result<AsOf, Usage> {
        let Some(date) = flag.as_of else {
            return Ok(AsOf::Now);
        };
        let in_future = Usage::AsOfInFuture { date };
        if date > Environment::now().1 {
            return Err(in_future);
        }
        Instant::end_of(date).map(AsOf::At).ok_or(in_future)
    }

    /// Returns the last day that is not in the future.
    pub(crate) fn today() -> Date {
        Environment::now().1
    }

    /// Returns what the clock says.
    pub(crate) fn now() -> Instant {
        Environment::now().0
    }

    /// Returns the day of a report: the one that it is made for, or today.
    pub(crate) fn day(flag: AsOfFlag) -> Date {
        flag.as_of.unwrap_or_else(|| Environment::now().0.date())
    }

    /// Decides whether complete account numbers are shown, and records in the trail that they are.
    /// Without that record they stay masked, and the command ends with the exit code of the failure.
    pub(crate) fn pii(&self, flag: PiiFlag) -> Pii {
        if !flag.show_pii {
            return Pii::Masked;
        }
        let unkeyed = ChangeFlags {
            dry_run: false,
            key: None,
        };
        let noted = self
            .session(&unkeyed)
            .map_err(anyhow::Error::from)
            .and_then(|session| {
                let mut ledger =
                    Ledger::open(&self.global.ledger, Access::Write, self.global.wait)?;
                if let Some(last) = ops::ledger::last_recorded_at(&mut ledger)? {
                    self.ask_about_gap(last)?;
                }
                Ok(ops::audit::note_pii(
                    &mut ledger,
                    session,
                    &self.call.command,
                )?)
            });
        match noted {
            Ok(()) => Pii::Shown,
            // What the trail cannot record is not shown, and the script that asked for it learns why.
            Err(error) => {
                let _ = self.masked.set(error.context(
                    "account numbers stay masked, since the audit trail could not record that they were shown",
                ));
                Pii::Masked
            }
        }
    }

    /// Checks whether questions may be asked.
    pub(crate) fn may_ask(&self) -> bool {
        self.environment.interactive && !self.global.no_input
    }

    /// Reads an input file and keeps its name for messages about its lines.
    pub(crate) fn read_input(&self, path: &Path) -> anyhow::Result<Vec<u8>> {
        let name = if path == Path::new("-") {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        self.voice.explain(&format!("reading {name}"));
        let bytes = output::read(path)?;
        // A command reads one input file.
        let _ = self.input.set(name);
        Ok(bytes)
    }

    /// Reads a file with rows; says what was decided, and that names do without what cannot be seen.
    pub(crate) fn read_sheet(
        &self,
        path: &Path,
        options: SheetOptions,
    ) -> anyhow::Result<SheetFile> {
        let bytes = self.read_input(path)?;
        let file = SheetFile::read(&bytes, options)?;
        let decided = |decision: &String| self.voice.say(&format!("decided: {decision}"));
        file.decision().iter().for_each(decided);
        let hidden = file.count(is_invisible);
        if hidden > 0 {
            let count = noun::HIDDEN.count(u64::try_from(hidden)?);
            let words = format!("the file has {count}; names are taken without them");
            self.voice.say(&words);
        }
        Ok(file)
    }

    /// Returns how a report leaves.
    pub(crate) fn view(&self, flags: &OutputFlags) -> Result<View, output::Error> {
        View::new(
            self.target(&flags.file(), None),
            flags.format.or_else(|| self.usual_format()),
            self.global.color,
            self.environment.terminal,
        )
        .map(|view| view.paged(self.pager()))
    }

    /// Returns the format that settings say, if nothing else does.
    fn usual_format(&self) -> Option<Format> {
        self.global
            .heeded
            .format
            .filter(|_| self.call.is_format_open)
    }

    /// Returns the pager for results that are longer than the screen, if there is one.
    fn pager(&self) -> Option<Pager> {
        let command = self.global.heeded.pager.trim();
        let is_wanted = !command.is_empty() && command != "cat";
        Some(Pager {
            command: command.to_owned(),
            height: self.environment.terminal.height.filter(|_| is_wanted)?,
        })
    }

    /// Returns where text of its own layout goes, if it can go there.
    pub(crate) fn text(&self, file: &FileFlags) -> Result<Target, output::Error> {
        let target = self.target(file, None);
        output::check(&target)?;
        Ok(target)
    }

    fn target(&self, file: &FileFlags, key: Option<Key>) -> Target {
        Target {
            // `-` is standard output, as elsewhere.
            file: file.output.clone().filter(|path| path != Path::new("-")),
            overwrite: if file.force {
                Overwrite::Allow
            } else {
                Overwrite::Refuse
            },
            ledger: self.global.ledger.clone(),
            key,
        }
    }

    /// Hands a result out and says what was done.
    pub(crate) fn present(&self, outcome: Outcome) -> anyhow::Result<Exit> {
        self.warn_of_side_effects();
        let exit = outcome.present(self.voice)?;
        if let Some(last) = self.ahead.get() {
            self.voice.warn(&format!(
                "the last entry of the audit trail, of {last}, is in the future of the clock; see `prorata check`"
            ));
        }
        for name in &self.call.cleaned {
            self.voice.say(&format!(
                "characters that cannot be seen were removed from {name}"
            ));
        }
        Ok(match self.masked.get() {
            Some(error) => self.report(error),
            None => exit,
        })
    }

    /// Ends a command that did not come to its result. What fails after the commit does not make the
    /// change undone.
    pub(crate) fn end_early(&self, error: &anyhow::Error) -> Exit {
        if !self.aside.get().is_some_and(|aside| aside.is_written()) {
            return self.fail(error);
        }
        self.warn_of_side_effects();
        self.voice.warn(&format!(
            "the change is written, but its result could not be shown: {}",
            with_causes(error)
        ));
        Exit::Done
    }

    /// Says why the command failed and what to do next.
    pub(crate) fn fail(&self, error: &anyhow::Error) -> Exit {
        if Exit::of(error).0 != Exit::Done {
            self.warn_of_side_effects();
        }
        self.report(error)
    }

    /// Says why something failed, and returns the exit of it.
    fn report(&self, error: &anyhow::Error) -> Exit {
        self.voice.fail(&Failure {
            error,
            writes: self.call.writes,
            is_unchanged: self.aside.get().is_some_and(|aside| !aside.is_written()),
            input: self.input.get().map(String::as_str),
            ledger: &self.global.ledger,
            command: &self.call.command,
            key: self.call.key.as_ref(),
            users_who_may: &|act| who_may::users(&self.global, act),
        })
    }

    /// Says what could not be done on the side, such as recording a refusal.
    fn warn_of_side_effects(&self) {
        for warning in self.aside.get().iter().flat_map(|aside| aside.warnings()) {
            self.voice.warn(&warning);
        }
    }
}

/// A command that changes the ledger: who acts, whether it is kept, and how the result leaves.
pub(crate) struct Writer<'a> {
    pub(crate) cx: &'a Context,
    change: ChangeFlags,
    view: View,
}

impl Writer<'_> {
    /// Makes the session.
    pub(crate) fn session(&self) -> Result<Session, Usage> {
        self.cx.session(&self.change)
    }

    /// Makes the session of a run before a question, of which nothing is kept.
    pub(crate) fn rehearsal(&self) -> Result<Session, Usage> {
        let mode = Mode::Rehearsal;
        let session = self.session()?;
        Ok(Session {
            mode,
            key: None,
            ..session
        })
    }

    /// Returns the idempotency key.
    pub(crate) fn key(&self) -> Option<&Key> {
        self.change.key.as_ref()
    }

    /// Returns where the result goes.
    pub(crate) fn target(&self) -> &Target {
        &self.view.target
    }

    /// Checks whether everything is rolled back.
    pub(crate) fn is_dry_run(&self) -> bool {
        self.change.dry_run
    }

    /// Decides whether complete account numbers are shown. A dry run cannot record that they were.
    pub(crate) fn pii(&self, flag: PiiFlag) -> Pii {
        if flag.show_pii && self.change.dry_run {
            self.cx.voice.warn(
                "account numbers stay masked: a dry run cannot record in the audit trail that they were shown",
            );
            return Pii::Masked;
        }
        self.cx.pii(flag)
    }

    /// Begins a list.
    pub(crate) fn list<T>(&self, fields: &[Field<T>]) -> anyhow::Result<Listing> {
        self.view.list(fields)
    }

    /// Ends with a single thing; `said` is said if it was written.
    pub(crate) fn wrote<V>(
        self,
        done: &Done<V>,
        record: Record,
        said: impl Into<String>,
    ) -> Outcome {
        self.ended(done.how, record, said)
    }

    /// Ends with a list; `said` is said if it was written.
    #[expect(
        clippy::unused_self,
        reason = "a command that writes ends by its writer, whatever its result"
    )]
    pub(crate) fn wrote_list<V>(
        self,
        done: &Done<V>,
        list: Listing,
        said: impl Into<String>,
    ) -> Outcome {
        Outcome::changed(Output::List(Box::new(list), None), done.how, said)
    }

    /// Ends with a single thing that came about without a [`Done`].
    pub(crate) fn ended(self, how: How, record: Record, said: impl Into<String>) -> Outcome {
        Outcome::changed(Output::Record(self.view, record, None), how, said)
    }
}
