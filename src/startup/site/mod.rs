//! `site.main()`: what the site module adds to `sys.path`, and the code that it runs.
//!
//! Up to 3.14 each directory is processed as it comes ([`immediate`]); from 3.15 on all are collected and then applied
//! as one batch ([`batch`]).

mod batch;
pub(super) mod cfg;
mod code;
mod customize;
mod dirs;
mod entry_point;
mod hook;
mod immediate;
mod overlays;
mod program;
mod pth_file;
mod setuptools;
mod user;
mod venv;
mod virtualenv16;

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use self::program::{Changes, Program};
pub use customize::place_of;

use super::behaviors::{Behavior, Behaviors};
use super::configuration;
use super::fatal::Fatal;
use super::getpath::{Input, PathConfig, RawEntry};
use super::imports::{self, ForeignSite, Imports, IncompleteStat};
use super::record::{
    CfgCandidate, CfgEntry, Customize, Doubt, Failure, Fault, Hook, ImportProblem, MissingPath, Origin, Reader, Unset,
    Value,
};
use super::settings::Settings;
use super::steps::StepId;
use super::trace::Trace;
use crate::finders::{self, Suffixes};
use crate::host::path::module as arithmetic;
use crate::interpreter::{Implementation, Vendor};
use crate::text::sentence;

/// What `PyPy` prints where its site module fails.
pub const PYPY_FAILURE: &str = "'import site' failed";

/// What the site module leaves behind.
#[derive(Debug, Default)]
pub struct SiteResult {
    /// `site.ENABLE_USER_SITE`.
    pub enable_user_site: Option<bool>,
    /// `site.USER_BASE`.
    pub user_base: Option<BString>,
    /// `site.USER_SITE`.
    pub user_site: Option<BString>,
    /// `site.PREFIXES`.
    pub prefixes: Vec<BString>,
    /// The customization modules.
    pub customize: Customize,
    /// The code that runs.
    pub startup: Vec<Hook>,
    /// The `pyvenv.cfg` that was read.
    pub cfg_path: Option<BString>,
    /// Its lines.
    pub cfg_entries: Vec<CfgEntry>,
    /// Where it was looked for.
    pub cfg_candidates: Vec<CfgCandidate>,
    /// Why the result is not certain.
    pub doubts: Vec<Doubt>,
    /// `.pth` paths that do not exist.
    pub missing: Vec<MissingPath>,
    /// Startup code that goes wrong.
    pub failures: Vec<Failure>,
    /// Modules that startup imports and that are not as the standard library has them.
    pub imports: Vec<ImportProblem>,
    /// A module `stat` of which nothing has been taken yet.
    pub stat: Option<IncompleteStat>,
}

impl SiteResult {
    /// Keeps what imports left behind, in the order in which it was found.
    pub fn note_imports(&mut self, found: Imports) {
        self.doubts.extend(found.doubts);
        self.imports.extend(found.problems);
        self.stat = self.stat.take().or(found.stat);
    }

    /// Notes what a module `stat` is where nothing has been taken from it.
    fn settle_stat(&mut self) {
        let Some(stat) = self.stat.take() else { return };
        let (problem, doubt) = stat.unused();
        self.imports.extend(problem);
        self.doubts.extend(doubt);
    }
}

/// The values of `sys` that the site module may change.
#[derive(Clone, Debug)]
pub struct SysState {
    /// `sys.path`.
    pub path: Vec<RawEntry>,
    /// `sys.prefix`.
    pub prefix: BString,
    /// `sys.exec_prefix`.
    pub exec_prefix: BString,
    /// `sys._home`.
    pub home: Unset<Option<BString>>,
    /// `sys._base_executable`, where the version has it.
    pub base_executable: Option<BString>,
}

impl SysState {
    /// What the path configuration hands over to the site module.
    pub fn of(config: &PathConfig) -> Self {
        Self {
            path: config.path.clone(),
            prefix: config.prefix.clone(),
            exec_prefix: config.exec_prefix.clone(),
            home: Unset::Absent,
            base_executable: config.base_executable.clone(),
        }
    }
}

/// The globals of the module while `main()` runs.
struct Site<'a, 'h, 't> {
    trace: &'t mut Trace<'h>,
    input: &'t Input<'a>,
    settings: &'t Settings,
    config: &'t PathConfig,
    sys: &'t mut SysState,
    result: &'t mut SiteResult,
    /// `known_paths`: what was on `sys.path`, with the case normalized.
    known: HashSet<BString>,
    /// `ENABLE_USER_SITE` while it is still undecided.
    user_site_decided: bool,
    /// The batch of 3.15.
    batch: batch::Batch,
    /// `sys.__plen` of easy-install's brackets.
    egg_mark: Option<usize>,
    /// `sys.__egginsert`.
    egg_insert: usize,
    /// The calls of `addsitedir` by lines.
    overlays: overlays::Overlays,
    /// The namespace packages that lines have set up.
    namespaces: HashSet<String>,
    /// Whether a text file has been opened without an encoding.
    has_opened_text: bool,
    /// What a distribution changed in the module.
    changes: Changes,
    /// Whether an exception of startup code is caught and printed.
    catches: bool,
    /// The exception that was raised and is not caught.
    raised: Option<String>,
}

/// Runs `site.main()`.
///
/// # Errors
/// Where the site module fails, and Python with it. What was done before remains in `sys` and `result`.
///
/// False where a file without any code takes its place.
pub fn run(
    trace: &mut Trace<'_>,
    input: &Input<'_>,
    settings: &Settings,
    config: &PathConfig,
    sys: &mut SysState,
    result: &mut SiteResult,
) -> Result<bool, Fatal> {
    let Some(module) = import_module(trace, input, config, sys)? else {
        result.settle_stat();
        return Ok(false);
    };
    result.prefixes = vec![sys.prefix.clone(), sys.exec_prefix.clone()];
    let mut site = Site {
        trace,
        input,
        settings,
        config,
        sys,
        result,
        known: HashSet::new(),
        user_site_decided: false,
        batch: batch::Batch::default(),
        egg_mark: None,
        egg_insert: 0,
        overlays: overlays::Overlays::default(),
        namespaces: HashSet::new(),
        has_opened_text: false,
        changes: Changes::default(),
        catches: true,
        raised: None,
    };
    site.run_program(&module)?;
    result.settle_stat();
    Ok(true)
}

/// The module that is imported.
struct Module {
    /// Which program it is.
    program: Program,
    /// The directory that contains it; empty where it is frozen.
    dir: BString,
}

impl Module {
    fn frozen(input: &Input<'_>) -> Self {
        let usr_local = input.interpreter.vendor == Vendor::Fedora;
        let changes = Changes { usr_local, ..Changes::default() };
        Self { program: Program::Upstream(changes), dir: BString::default() }
    }
}

/// Up to 3.10, and in a build tree, the module is looked for on `sys.path` like any other.
fn import_module(
    trace: &mut Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    sys: &SysState,
) -> Result<Option<Module>, Fatal> {
    trace.begin(StepId::Site);
    let is_frozen = input.behaviors.has(Behavior::FrozenSite) && !config.is_build_tree;
    if is_frozen && !configuration::uses_frozen_modules(input.invocation, input.behaviors) {
        trace.say("Frozen modules are off, so the site module is looked for on sys.path.");
    } else if is_frozen {
        trace.has(input.behaviors, Behavior::FrozenSite);
        trace.say("The site module is frozen into the binary, so a site.py on disk is not used.");
        return Ok(Some(Module::frozen(input)));
    }
    for entry in &sys.path {
        let Some(place) = imports::place(input, entry.value.as_bstr()) else { continue };
        let Some(file) = find_site(trace, input, entry, &place) else { continue };
        trace.say(sentence!("The site module is ", file, "."));
        let is_own =
            matches!(entry.origin, Origin::Stdlib | Origin::CompiledPythonPath) || is_same_as_stdlib(trace, sys, entry);
        if !is_own {
            match foreign_site(trace, input, sys, entry, file.as_bstr()) {
                ForeignSite::Raises(exception) => {
                    let why = sentence!(file, " is imported in its place and raises an exception");
                    return Err(failure(input, exception.as_ref().map(|text| text.as_bstr()), why));
                }
                ForeignSite::Ends => {
                    let reason = sentence!(file, " is imported in its place and ends the process");
                    return Err(Fatal { reason, messages: Vec::new(), unanswered: false });
                }
                ForeignSite::Idle => {
                    trace.say("It does nothing, so Python starts as with -S.");
                    return Ok(None);
                }
                ForeignSite::Same => {}
                ForeignSite::Unknown => trace.say("It replaces the site module of the standard library."),
            }
        }
        let program = program_of(trace, input, file.as_bstr(), is_own);
        return Ok(Some(Module { program, dir: entry.value.clone() }));
    }
    if input.behaviors.has(Behavior::GetpathInPython) && config.is_build_tree {
        trace.say("There is no site.py on disk, so the frozen site module runs.");
        return Ok(Some(Module::frozen(input)));
    }
    let missing = "ModuleNotFoundError: No module named 'site'";
    Err(failure(input, Some(missing.into()), "no entry of sys.path contains site.py"))
}

/// The file of the site module in an entry. What people add may hold it in any form.
fn find_site(trace: &Trace<'_>, input: &Input<'_>, entry: &RawEntry, place: &BString) -> Option<BString> {
    if entry.origin == Origin::PythonPath && input.interpreter.implementation != Implementation::PyPy {
        let suffixes = Suffixes::of(input.invocation.platform, input.interpreter, input.behaviors.version());
        return finders::find_module(&trace.ask, place.as_bstr(), "site", &suffixes);
    }
    let named = |name| Some(finders::join(&trace.ask, place.as_bstr(), name));
    let is_file = |file: &BString| trace.ask.is_file(file.as_bstr());
    let compiled = || named("site.pyc").filter(|file| entry.origin == Origin::Stdlib && is_file(file));
    named("site.py").filter(is_file).or_else(compiled)
}

/// What a `site.py` in front of the standard library's does; only that on `PYTHONPATH` is read for it.
fn foreign_site(trace: &Trace<'_>, input: &Input<'_>, sys: &SysState, entry: &RawEntry, file: &BStr) -> ForeignSite {
    if entry.origin != Origin::PythonPath {
        return ForeignSite::Unknown;
    }
    imports::foreign_site(trace, input, &sys.path, &file.to_owned(), entry)
}

/// Which program a `site.py` is. That of the standard library is taken for upstream's where it is not known. Python reads
/// the compiled file where it is fresh, so this is no lookup of its startup.
fn program_of(trace: &Trace<'_>, input: &Input<'_>, file: &BStr, is_own: bool) -> Program {
    match trace.ask.host().read(file, program::LARGEST) {
        // Compiled code is not read.
        Ok(_) if is_own && file.ends_with(b".pyc") => Program::Upstream(Changes::default()),
        Ok(text) => program::recognize(&text, &input.interpreter.vendor, input.behaviors),
        Err(_) if is_own => Program::Upstream(Changes::default()),
        Err(_) => Program::Unknown,
    }
}

/// Whether the `site.py` in a library is that of virtualenv before 20, which imports none of the modules that upstream's
/// needs for itself.
pub(super) fn is_virtualenv(trace: &Trace<'_>, input: &Input<'_>, library: &BStr) -> bool {
    let file = finders::join(&trace.ask, library, "site.py");
    matches!(program_of(trace, input, file.as_bstr(), true), Program::Virtualenv { .. })
}

fn is_same_as_stdlib(trace: &Trace<'_>, sys: &SysState, entry: &RawEntry) -> bool {
    let identity = |path: &BStr| trace.ask.metadata(path).ok().and_then(|metadata| metadata.identity);
    let own = identity(entry.value.as_bstr());
    own.is_some()
        && sys.path.iter().any(|other| other.origin == Origin::Stdlib && identity(other.value.as_bstr()) == own)
}

/// The lines of a `pyvenv.cfg` that only the path configuration read.
pub fn parse_cfg(content: &[u8], getpath_line: Option<usize>) -> Vec<CfgEntry> {
    let mut entries = cfg::parse(content, getpath_line).entries;
    for entry in &mut entries {
        entry.used_by.retain(|reader| *reader == Reader::Getpath);
    }
    entries
}

/// The site module fails with an exception that nothing catches.
fn failure(input: &Input<'_>, exception: Option<&BStr>, because: impl AsRef<[u8]>) -> Fatal {
    let named = exception.unwrap_or(b"an exception".as_bstr());
    let reason = sentence!("the site module fails (", named, "): ", because);
    if input.interpreter.implementation == Implementation::PyPy {
        let messages = vec![PYPY_FAILURE.into()];
        return Fatal { reason, messages, unanswered: false };
    }
    let mut messages = failure_lines(input);
    messages.extend(exception.and_then(|exception| last_line(input.behaviors, exception)).map(ToOwned::to_owned));
    Fatal { reason, messages, unanswered: false }
}

/// What Python prints before the exception with which the site module fails.
pub fn failure_lines(input: &Input<'_>) -> Vec<BString> {
    let behaviors = input.behaviors;
    let failed = "Failed to import the site module";
    let mut messages: Vec<BString> = Vec::new();
    if behaviors.has(Behavior::SiteFailureIsFatal) {
        let function = if behaviors.has(Behavior::SiteFunctionCorrected) {
            "init_import_site"
        } else if behaviors.has(Behavior::SiteFunctionRenamed) {
            "init_import_size"
        } else {
            "initsite"
        };
        messages.push(format!("Fatal Python error: {function}: {failed}").into());
    } else {
        messages.push(failed.into());
    }
    if behaviors.has(Behavior::RuntimeStateLine) {
        let is_core = behaviors.has(Behavior::CoreStateInSiteFailure);
        messages.push(format!("Python runtime state: {}initialized", if is_core { "core " } else { "" }).into());
    }
    messages
}

/// What is printed of the exception itself: 3.6 leaves with the status that `SystemExit` gives, or prints its text.
fn last_line<'e>(behaviors: &Behaviors, exception: &'e BStr) -> Option<&'e BStr> {
    let Some(status) = exception.strip_prefix(b"SystemExit").filter(|_| !behaviors.has(Behavior::SiteFailureIsFatal))
    else {
        return Some(exception);
    };
    let is_number = |text: &&[u8]| text.to_str().is_ok_and(|text| text.parse::<i64>().is_ok());
    status.strip_prefix(b": ").filter(|text| !is_number(text)).map(ByteSlice::as_bstr)
}

impl Site<'_, '_, '_> {
    /// Runs whichever program the module is.
    fn run_program(&mut self, module: &Module) -> Result<(), Fatal> {
        match module.program {
            Program::Upstream(changes) => self.changes = changes,
            Program::Virtualenv { cuts_version } if self.is_virtualenv_simulated() => {
                // It asks about directories of its own, of which some exist.
                self.fail_without_stat("S_ISDIR")?;
                return self.run_virtualenv(module.dir.clone(), cuts_version);
            }
            Program::Setuptools if self.is_setuptools_simulated() => return self.run_setuptools(module),
            other => self.doubt_program(module, other),
        }
        self.run_main()
    }

    /// `main()` of upstream.
    fn run_main(&mut self) -> Result<(), Fatal> {
        self.remove_duplicates();
        if self.has(Behavior::StartFiles) {
            // From here on known_paths is that of the batch, which starts empty (gh-149819).
            self.known.clear();
        }
        self.venv()?;
        self.decide_user_site();
        self.add_user_site()?;
        self.add_all_packages()?;
        self.flush_batch()?;
        self.customize()
    }

    /// `os.path.isdir`.
    fn is_dir(&mut self, path: &BStr) -> Result<bool, Fatal> {
        let is_dir = self.trace.ask.is_dir(path);
        self.take_from_stat("S_ISDIR", path)?;
        Ok(is_dir)
    }

    /// `os.path.isfile`.
    fn is_file(&mut self, path: &BStr) -> Result<bool, Fatal> {
        let is_file = self.trace.ask.is_file(path);
        self.take_from_stat("S_ISREG", path)?;
        Ok(is_file)
    }

    /// Only what exists is looked at with a function of `stat`.
    fn take_from_stat(&mut self, function: &str, path: &BStr) -> Result<(), Fatal> {
        if self.result.stat.is_none() || self.trace.ask.metadata(path).is_err() {
            return Ok(());
        }
        self.fail_without_stat(function)
    }

    /// Fails where `stat` lacks its functions.
    fn fail_without_stat(&mut self, function: &str) -> Result<(), Fatal> {
        let Some(stat) = self.result.stat.take() else { return Ok(()) };
        let (mut problem, fatal) = stat.fail(self.input, function);
        problem.step = self.trace.step();
        self.result.imports.push(problem);
        Err(fatal)
    }

    /// The module is not one that is simulated: prediction ends here, and upstream's is assumed.
    fn doubt_program(&mut self, module: &Module, program: Program) {
        let text = match program {
            Program::Virtualenv { .. } => {
                "this site.py is that of virtualenv before 20, which is simulated for CPython on Linux only; upstream's is assumed"
            }
            Program::Setuptools => {
                "this site.py of setuptools before 49 loads the real site module and then moves entries of sys.path, which is simulated for CPython up to 3.10 on POSIX only; upstream's is assumed"
            }
            Program::Upstream(_) | Program::Unknown => {
                "this site.py is none that venv-doctor knows; what it adds to sys.path cannot be predicted, and upstream's is assumed"
            }
        };
        self.trace.say(sentence!("Its text is not simulated: ", text, "."));
        // A relative entry means a place below the working directory.
        let place = imports::place(self.input, module.dir.as_bstr()).unwrap_or_else(|| module.dir.clone());
        let file = finders::join(&self.trace.ask, place.as_bstr(), "site.py");
        self.doubt(file.as_bstr(), None, text);
    }

    fn has(&mut self, behavior: Behavior) -> bool {
        self.trace.has(self.input.behaviors, behavior)
    }

    /// What `TextIOWrapper` imports for the first file that is opened without an encoding.
    fn import_for_text(&mut self) -> Result<(), Fatal> {
        if std::mem::replace(&mut self.has_opened_text, true)
            || self.input.interpreter.implementation == Implementation::PyPy
        {
            return Ok(());
        }
        let mut found = Imports::default();
        let imported = imports::for_text_file(self.trace, self.input, self.config, &mut found);
        self.result.note_imports(found);
        imported
    }

    fn cwd(&self) -> Option<&BStr> {
        self.input.invocation.cwd.as_ref().map(|cwd| cwd.as_bstr())
    }

    fn join(&self, parts: &[&BStr]) -> BString {
        arithmetic::join(self.input.layout.flavor, parts)
    }

    /// `makepath`: joined, made absolute, and once more with the case normalized. Where the working directory has
    /// been removed, a relative path stays as it is.
    fn make_path(&self, parts: &[&BStr]) -> (BString, BString) {
        let flavor = self.input.layout.flavor;
        let joined = arithmetic::join(flavor, parts);
        let path = if arithmetic::is_absolute(flavor, joined.as_bstr()) || self.cwd().is_some() {
            arithmetic::abspath(flavor, self.cwd(), joined.as_bstr())
        } else {
            joined
        };
        let case = arithmetic::normcase(flavor, path.as_bstr());
        (path, case)
    }

    /// `os.path.abspath` where a removed working directory is not caught.
    fn absolute(&self, path: &BStr) -> Result<BString, Fatal> {
        let flavor = self.input.layout.flavor;
        if self.cwd().is_none() && !arithmetic::is_absolute(flavor, path) {
            let exception = "FileNotFoundError: [Errno 2] No such file or directory";
            return Err(self.failure(exception, "the working directory has been removed"));
        }
        Ok(arithmetic::abspath(flavor, self.cwd(), path))
    }

    fn failure(&self, exception: &str, because: impl AsRef<[u8]>) -> Fatal {
        failure(self.input, Some(exception.into()), because)
    }

    /// `removeduppaths`.
    fn remove_duplicates(&mut self) {
        self.trace.begin(StepId::SiteDuplicates);
        let before = std::mem::take(&mut self.sys.path);
        let count = before.len();
        for mut entry in before {
            let (path, case) = self.make_path(&[entry.value.as_bstr()]);
            if self.known.insert(case) {
                entry.value = path;
                self.sys.path.push(entry);
            }
        }
        let dropped = count - self.sys.path.len();
        match dropped {
            0 => self.trace.say("sys.path has no duplicates."),
            1 => self.trace.say("One entry is a duplicate and is removed."),
            _ => self.trace.say(format!("{dropped} entries are duplicates and are removed.")),
        }
        self.note_path();
    }

    fn note_path(&mut self) {
        let values = self.sys.path.iter().map(|entry| entry.value.clone()).collect();
        self.trace.set("sys.path", Value::List(values));
    }

    /// Where a module would be found on the present `sys.path`.
    fn find_module(&self, name: &str) -> Option<(BString, Origin)> {
        let suffixes =
            Suffixes::of(self.input.invocation.platform, self.input.interpreter, self.input.behaviors.version());
        self.sys.path.iter().find_map(|entry| {
            let file = finders::find_module(&self.trace.ask, entry.value.as_bstr(), name, &suffixes)?;
            Some((file, entry.origin))
        })
    }

    fn doubt(&mut self, file: &BStr, line: Option<usize>, text: impl Into<BString>) {
        let step = self.trace.step();
        self.result.doubts.push(Doubt::Code { file: file.to_owned(), line, text: text.into(), step });
    }

    fn note_fault(&mut self, file: &BStr, line: Option<usize>, fault: Fault) {
        let step = self.trace.step();
        self.result.failures.push(Failure { file: file.to_owned(), line, fault, step });
    }
}
