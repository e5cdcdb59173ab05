//! `venv-doctor scan`: find environments, examine them, and show the results as they come.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::Depth;
use crate::host::os::OsStrExt;
use crate::host::{FileKind, Host, HostError, LiveHost, path};
use crate::report::html;
use crate::report::scan::{Report, Unreadable, to_json_line, to_json_summary};
use crate::scan::{self, Environment, Event, Exclude, Options, PatternError, Progress, Totals};
use crate::text::number::count;
use bstr::{BStr, BString, ByteSlice};
use thiserror::Error;

use super::args::{PageFormat, ScanArguments, SortKey};
use super::exit::Exit;
use super::interrupt;
use super::output;
use super::source::{self, SourceError};
use super::terminal;

/// How often the line that shows the progress is rewritten.
const REFRESH: Duration = Duration::from_millis(100);
const DAY: u64 = 24 * 60 * 60;

/// Why there is no scan.
#[derive(Debug, Error)]
enum ScanError {
    #[error("cannot scan {dir}: {reason}")]
    Dir { dir: BString, reason: HostError },
    #[error("cannot scan {0}: not a directory")]
    NoDir(BString),
    #[error(transparent)]
    Root(#[from] SourceError),
    #[error("invalid value for --exclude: {0}")]
    Exclude(#[from] PatternError),
    #[error(transparent)]
    Scan(#[from] scan::ScanError),
    #[error("cannot handle Ctrl-C: {0}")]
    Interrupt(#[from] interrupt::Error),
}

impl output::Failure for ScanError {}

/// Scans, shows what is found, and chooses the exit code.
pub fn run(arguments: &ScanArguments) -> Exit {
    match scan(arguments) {
        Ok(exit) => exit,
        Err(error) => output::refuse(&error),
    }
}

fn scan(arguments: &ScanArguments) -> Result<Exit, ScanError> {
    let host = source::machine(arguments.root.as_deref())?;
    let host = host.as_ref();
    let options = options(host, arguments)?;
    let progress = Arc::new(Progress::default());
    let interrupted = Arc::clone(&progress);
    interrupt::on_interrupt(move || interrupted.stop())?;
    let (sender, receiver) = mpsc::sync_channel(1024);
    thread::scope(|threads| {
        let walker = threads.spawn(|| {
            // Where the output was closed, nobody receives any more, and the scan has been stopped.
            scan::scan(host, &options, &progress, &move |event| drop(sender.send(event)))
        });
        let exit = Show::new(arguments, &progress).all(&receiver);
        // A thread that still waits to send something goes on.
        drop(receiver);
        match walker.join() {
            Ok(ended) => ended?,
            Err(panic) => std::panic::resume_unwind(panic),
        }
        Ok(exit)
    })
}

fn options(host: &dyn Host, arguments: &ScanArguments) -> Result<Options, ScanError> {
    let typed: Vec<&OsStr> = arguments.dirs.iter().map(AsRef::as_ref).collect();
    let whole = if arguments.root.is_some() { "/" } else { "." };
    let typed = if typed.is_empty() { vec![OsStr::new(whole)] } else { typed };
    let dirs: Vec<BString> = typed.into_iter().map(|dir| real_dir(host, dir)).collect::<Result<_, _>>()?;
    let mut options = Options::new(dirs);
    options.depth = arguments.depth;
    options.exclude = Exclude::new(arguments.exclude.iter().map(globset::Glob::glob))?;
    options.one_file_system = arguments.one_file_system;
    options.nested = arguments.nested;
    options.follow = arguments.follow;
    options.prune = !arguments.no_prune;
    options.interpreters = arguments.interpreters;
    options.threads = arguments.threads.map(usize::from);
    options.depth_of_examination = if arguments.check { Depth::Environment } else { Depth::Startup };
    options.size = is_measured(arguments);
    Ok(options)
}

/// Whether the files of each environment are looked at.
fn is_measured(arguments: &ScanArguments) -> bool {
    let is_sorted = arguments.sort == SortKey::Size;
    arguments.size || arguments.duplicates || arguments.unused_for.is_some() || is_sorted
}

/// The directory as an absolute path without symlinks, so that what is found in it can be examined and compared.
fn real_dir(host: &dyn Host, typed: &OsStr) -> Result<BString, ScanError> {
    let dir = BStr::new(typed.as_bytes());
    let refuse = |reason: HostError| ScanError::Dir { dir: dir.to_owned(), reason };
    let absolute = match host.current_dir() {
        Ok(cwd) if !path::is_absolute(host.platform(), dir) => path::concatenate(host.platform(), cwd.as_bstr(), dir),
        _ => dir.to_owned(),
    };
    let real = host.real_path(absolute.as_bstr()).map_err(refuse)?;
    match host.metadata(real.as_bstr()).map_err(refuse)?.kind {
        FileKind::Directory => Ok(real),
        _ => Err(ScanError::NoDir(dir.to_owned())),
    }
}

/// What is shown while the scan goes on and when it is done.
struct Show<'a> {
    arguments: &'a ScanArguments,
    progress: &'a Progress,
    report: Report,
    healthy: usize,
    broken: usize,
    /// The interpreters that were told of, where directories that are scanned can be in one another.
    told: Option<HashSet<BString>>,
    /// Whether standard error is a terminal, on which a line can be overwritten.
    watched: bool,
    /// The lines for a file, which is written at the end.
    lines: Vec<u8>,
}

impl<'a> Show<'a> {
    fn new(arguments: &'a ScanArguments, progress: &'a Progress) -> Self {
        let watched = io::stderr().is_terminal() && LiveHost.variable("TERM").is_none_or(|term| term != "dumb");
        let totals = is_measured(arguments).then(Totals::default);
        let report = Report { totals, has_duplicates: arguments.duplicates, ..Report::default() };
        let told = (arguments.dirs.len() > 1).then(HashSet::new);
        Self { arguments, progress, report, healthy: 0, broken: 0, told, watched, lines: Vec::new() }
    }

    /// Receives every event, and shows at once what can be shown at once.
    fn all(mut self, events: &Receiver<Event>) -> Exit {
        loop {
            match events.recv_timeout(REFRESH) {
                Ok(Event::Environment(environment)) => {
                    if let Some(exit) = self.environment(*environment) {
                        self.progress.stop();
                        return exit;
                    }
                }
                Ok(Event::Unreadable(dir, reason)) => {
                    self.report.unreadable.push(Unreadable { dir, reason: reason.to_string() });
                }
                Err(RecvTimeoutError::Timeout) => self.tell_progress(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.clear();
        self.end()
    }

    /// Shows an environment: a line of JSON at once, or a row of the table at the end. Returns the exit code where nobody
    /// reads the output any more.
    fn environment(&mut self, mut environment: Environment) -> Option<Exit> {
        if self.told.as_mut().is_some_and(|told| !told.insert(environment.python.clone())) {
            return None;
        }
        self.report.found += 1;
        if !self.is_wanted(&environment) {
            return None;
        }
        let counter = if environment.is_healthy() { &mut self.healthy } else { &mut self.broken };
        *counter += 1;
        if let Some(totals) = &mut self.report.totals {
            totals.add(&mut environment);
        }
        if self.arguments.output.format() != PageFormat::Json {
            self.report.environments.push(environment);
            return None;
        }
        let line = to_json_line(&environment);
        if self.arguments.destination.file().is_some() {
            self.lines.extend(line);
            return None;
        }
        self.clear();
        output::print_line(&line).err()
    }

    fn is_wanted(&self, environment: &Environment) -> bool {
        let arguments = self.arguments;
        let is_version = |wanted: crate::interpreter::Version| {
            // One whose base was upgraded is found by both versions.
            environment.version.into_iter().chain(environment.made_for_another()).any(|version| {
                let same_minor = (version.major, version.minor) == (wanted.major, wanted.minor);
                same_minor && wanted.micro.is_none_or(|micro| version.micro == Some(micro))
            })
        };
        let is_old = |days: u64| environment.age.is_some_and(|age| age.as_secs() > days.saturating_mul(DAY));
        let is_unused = |days: u64| environment.unused.is_some_and(|age| age.as_secs() >= days.saturating_mul(DAY));
        !(arguments.broken && environment.is_healthy())
            && arguments.python.is_none_or(is_version)
            && arguments.older_than.is_none_or(is_old)
            && arguments.unused_for.is_none_or(is_unused)
    }

    fn end(mut self) -> Exit {
        self.report.dirs = self.progress.dirs();
        self.report.stopped = self.progress.is_stopped();
        let exit = if self.broken > 0 { Exit::Problems } else { Exit::Success };
        let file = self.arguments.destination.file();
        if self.arguments.output.format() == PageFormat::Json {
            self.lines.extend(to_json_summary(&self.report, self.healthy, self.broken));
            return output::deliver(file, &self.lines, exit);
        }
        sort(&mut self.report.environments, self.arguments.sort);
        self.report.unreadable.sort_by(|one, other| one.dir.cmp(&other.dir));
        let home = terminal::home(&LiveHost);
        let rendered = if self.arguments.output.format() == PageFormat::Html {
            output::text(html::scan(&self.report, home))
        } else {
            let style = terminal::style(self.arguments.look, home);
            let is_wrapped = self.arguments.look.width.is_some() || terminal::is_shown();
            output::text(self.report.to_text(self.arguments.by.is_some(), &style, is_wrapped))
        };
        output::deliver(file, &rendered, exit)
    }

    fn tell_progress(&self) {
        if self.watched {
            let (dirs, environments) = (self.progress.dirs(), self.progress.environments());
            // The scan goes on where the terminal is gone.
            let (dirs, environments) = (count(dirs, "directory"), count(environments, "environment"));
            drop(write!(io::stderr(), "\r\x1b[K{dirs} searched, {environments} found"));
        }
    }

    fn clear(&self) {
        if self.watched {
            drop(write!(io::stderr(), "\r\x1b[K"));
        }
    }
}

/// Sorts environments by `key`, and by their paths where that is equal.
fn sort(environments: &mut [Environment], key: SortKey) {
    environments.sort_by(|one, other| one.root.cmp(&other.root));
    match key {
        SortKey::Path => {}
        SortKey::Python => environments.sort_by_key(|it| it.version),
        SortKey::Base => environments.sort_by(|one, other| one.base.cmp(&other.base)),
        SortKey::Status => environments.sort_by_key(|it| (it.is_healthy(), std::cmp::Reverse(it.tally.errors))),
        SortKey::Age => environments.sort_by_key(|it| std::cmp::Reverse(it.age)),
        SortKey::Size => environments.sort_by_key(|it| std::cmp::Reverse(it.size.map(|size| size.bytes))),
    }
}
