//! A list that leaves while it is read: its rows go to an unnamed file, and a second thread copies
//! them to standard output. So the reader of a pipe has the first row at once, and one who is slow
//! makes nobody wait: the ledger is never open for longer than reading it takes.

use std::{
    fs::File,
    io::{self, Write},
    os::unix::fs::FileExt as _,
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread::JoinHandle,
};

use tempfile::SpooledTempFile;

use crate::{
    output::{self, Target},
    pager::Pager,
};

/// A result that is larger than this leaves while it is gathered.
const SMALL: usize = 48 * 1024;

/// Where the rows of a list are gathered.
pub(crate) enum Rows {
    /// They leave when all of them are there.
    Spooled(SpooledTempFile),
    /// They go to standard output, the first ones before the last ones are known.
    Flowing(Vec<u8>, Option<Stream>),
}

/// Rows on their way to standard output.
pub(crate) struct Stream {
    file: File,
    written: u64,
    shared: Arc<Shared>,
    copier: JoinHandle<io::Result<()>>,
}

#[derive(Default)]
struct Shared {
    progress: Mutex<Progress>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default)]
struct Progress {
    written: u64,
    is_complete: bool,
    /// Why nothing more can leave.
    failed: Option<io::ErrorKind>,
}

impl Rows {
    /// Hands out what did not leave yet.
    pub(crate) fn hand_out(
        self,
        target: &Target,
        pager: Option<&Pager>,
    ) -> Result<(), output::Error> {
        match self {
            Self::Spooled(spool) => output::emit(target, spool, pager),
            Self::Flowing(bytes, None) => {
                let mut stdout = io::stdout().lock();
                let written = stdout.write_all(&bytes).and_then(|()| stdout.flush());
                written.map_err(failed)
            }
            Self::Flowing(_, Some(stream)) => stream.finish().map_err(failed),
        }
    }
}

fn failed(source: io::Error) -> output::Error {
    output::Error::Failed {
        what: "to standard output".to_owned(),
        source,
    }
}

impl Write for Rows {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Spooled(spool) => spool.write(bytes),
            Self::Flowing(_, Some(stream)) => stream.write(bytes),
            Self::Flowing(gathered, stream) => {
                gathered.extend_from_slice(bytes);
                if gathered.len() > SMALL {
                    let begun = stream.insert(Stream::begin()?);
                    begun.write(&std::mem::take(gathered))?;
                }
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Spooled(spool) => spool.flush(),
            Self::Flowing(..) => Ok(()),
        }
    }
}

impl Stream {
    fn begin() -> io::Result<Self> {
        let file = tempfile::tempfile()?;
        let shared = Arc::new(Shared::default());
        let (source, progress) = (file.try_clone()?, Arc::clone(&shared));
        let copier = std::thread::Builder::new().spawn(move || progress.copy(&source))?;
        Ok(Self {
            file,
            written: 0,
            shared,
            copier,
        })
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_all_at(bytes, self.written)?;
        let length = u64::try_from(bytes.len()).map_err(io::Error::other)?;
        self.written = self.written.saturating_add(length);
        let written = self.written;
        // A reader who has seen enough ends the reading of the ledger, too.
        match self.shared.report(|progress| progress.written = written) {
            Some(kind) => Err(kind.into()),
            None => Ok(bytes.len()),
        }
    }

    fn finish(self) -> io::Result<()> {
        self.shared.report(|progress| progress.is_complete = true);
        self.copier
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the copying thread failed")))
    }
}

impl Shared {
    fn report(&self, change: impl FnOnce(&mut Progress)) -> Option<io::ErrorKind> {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut progress);
        self.changed.notify_all();
        progress.failed
    }

    /// Waits until there is more than `copied` bytes, or no more comes.
    fn more_than(&self, copied: u64) -> Progress {
        let progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |progress: &mut Progress| progress.written == copied && !progress.is_complete;
        *self
            .changed
            .wait_while(progress, waits)
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn copy(&self, source: &File) -> io::Result<()> {
        let copied = self.copy_all(source);
        if let Err(error) = &copied {
            let kind = error.kind();
            self.report(|progress| progress.failed = Some(kind));
        }
        copied
    }

    fn copy_all(&self, source: &File) -> io::Result<()> {
        let mut block = vec![0; 1 << 16];
        let mut copied = 0;
        let mut stdout = io::stdout();
        loop {
            let known = self.more_than(copied);
            while copied < known.written {
                let read = source.read_at(&mut block, copied)?;
                let bytes = block.get(..read).unwrap_or_default();
                stdout.write_all(bytes)?;
                copied = copied.saturating_add(u64::try_from(read).map_err(io::Error::other)?);
            }
            stdout.flush()?;
            if known.is_complete && copied == known.written {
                return Ok(());
            }
        }
    }
}
