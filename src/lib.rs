//! Says, without running it, exactly what a Python will do when it starts, and why.
//!
//! A resolution repeats the startup of Python against a [`Host`]: it asks the same questions in the same
//! order and writes down every question, every answer and every decision. Text, JSON, findings and comparisons are
//! all made from that one record; nothing else looks at the file system.
//!
//! The library runs nothing, prints nothing, exits nowhere and keeps no global state. It touches a file system only
//! through [`LiveHost`].
//!
//! # From a machine to an explanation
//!
//! Three things make an explanation: a [`Host`] that answers questions, an [`Invocation`] that says
//! how Python is called, and [`Options`] with what is known or supposed beyond that.
//!
//! On the machine that this runs on:
//!
//! ```no_run
//! # #[cfg(feature = "live")] {
//! use venv_doctor::{Invocation, LiveHost, Options, Status};
//!
//! let invocation = Invocation::on(&LiveHost, ".venv/bin/python")?;
//! let explanation = venv_doctor::explain(&LiveHost, &invocation, &Options::default());
//! if explanation.resolution.outcome.status == Status::Starts {
//!     for finding in &explanation.findings {
//!         println!("{}: {}", finding.code(), finding.message);
//!     }
//! }
//! # }
//! # Ok::<(), venv_doctor::HostError>(())
//! ```
//!
//! On a machine that never existed, walking the steps:
//!
//! ```
//! use venv_doctor::{Flags, HostError, Invocation, MemoryHost, Options, Origin, Platform, StepId, Version};
//!
//! let host = MemoryHost::new(Platform::Linux)
//!     .executable("/usr/bin/python3.12")
//!     // The file is not read, since it has no content here: the version is given below.
//!     .error("/usr/bin/python3.12", HostError::PermissionDenied)
//!     .file("/usr/lib/python3.12/os.py", "")
//!     .file("/usr/lib/python3.12/encodings/__init__.py", "")
//!     .directory("/usr/lib/python3.12/lib-dynload")
//!     .symlink("/w/.venv/bin/python", "/usr/bin/python3.12")
//!     .file("/w/.venv/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\n")
//!     .file("/w/.venv/lib/python3.12/site-packages/src.pth", "/w/src\n")
//!     .directory("/w/src")
//!     .cwd("/w");
//! let mut invocation = Invocation::on(&host, ".venv/bin/python")?;
//! invocation.flags = Flags { isolated: true, ..Flags::default() };
//! let options = Options { python_version: Some(Version::new(3, 12, 1)), ..Options::default() };
//! let explanation = venv_doctor::explain(&host, &invocation, &options);
//!
//! let sys = explanation.resolution.sys.as_ref().expect("the path configuration was computed");
//! assert_eq!(sys.prefix, "/w/.venv");
//! assert_eq!(sys.base_prefix, "/usr");
//! let last = sys.path.last().expect("sys.path is not empty");
//! assert_eq!((last.value.as_slice(), last.origin), (&b"/w/src"[..], Origin::PthFile));
//!
//! // Every value knows the step that decided it, and every step the questions that it put.
//! let step = &explanation.resolution.steps[last.step - 1];
//! assert_eq!(step.id.name(), "site.pth");
//! assert_eq!(step.lookups[0].path, "/w/.venv/lib/python3.12/site-packages/src.pth");
//! let cfg = explanation.resolution.steps.iter().find(|step| step.id.name() == "getpath.venv.home");
//! assert!(cfg.is_some_and(|step| step.detail.starts_with(b"Line 1 is home = /usr/bin")));
//! # Ok::<(), HostError>(())
//! ```
//!
//! On a machine that somebody wrote down, [`Snapshot::load`] gives all three.
//!
//! # What to do with an explanation
//!
//! Its [`Resolution`] has the outcome, the values, and the steps with their lookups; its [`Finding`]s say what is wrong,
//! each by its [`Rule`]. [`json`] writes the documents that the command prints. [`scan`] finds every environment below
//! some directories and examines each. [`plan`] works out what the fixes of all findings would do, and proves on an overlay
//! which of them are safe; whoever can [`Change`] a machine can carry it out. An [`OverlayHost`] is a machine with changes made
//! in imagination.
//!
//! [`which`](fn@which) goes on where an explanation ends: it follows imports to the files that they get.
//!
//! Paths and all other text from a machine are bytes ([`bstr::BString`]), as they are to Python on POSIX.
//!
//! # Features
//!
//! | feature | brings |
//! |---|---|
//! | `live` | [`LiveHost`], which asks the machine that this runs on |
//! | `cli` (default) | the command `venv-doctor`, and `live` |

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "cli")]
mod difference;
mod environment;
mod explanation;
mod finders;
mod host;
mod imports;
mod interpreter;
mod invocation;
pub mod json;
mod repair;
mod report;
mod rules;
mod scan;
mod snapshot;
mod startup;
mod text;
#[cfg(feature = "cli")]
mod what_if;
mod which;

/// Everything inside, for the tests of this crate; nothing of it is stable.
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals;

#[cfg(feature = "live")]
pub use host::LiveHost;

pub use environment::{Creator, Depth, EnvironmentKind, Home, Identity};
pub use explanation::{Explanation, check, examine, explain};
pub use host::{
    Access, Answer, Binary, Change, FileKind, Hive, Host, HostError, Lookup, Machine, MemoryHost, Metadata, Op,
    OverlayHost, Platform, Process, ProgramKind, RegistryKey, RootedHost, WalkEntry, WalkOptions, WalkState,
};
pub use imports::{Candidate, Finder, FoundBy, Import, Kind, Place as SearchPlace, Provided, There, Verdict};
pub use interpreter::{
    Compiled, Fact, Hop, Identification, Implementation, Interpreter, Level, Problem, Shim, Vendor, Version,
    VersionError,
};
pub use invocation::{Flags, Invocation, Launch};
pub use repair::{
    Operation, Plan, PlannedFix, Progress as FixProgress, Standing, State as FileState, Wanted, What, plan,
};
pub use rules::{
    Action, Code, Confidence, Edit, Encoding, Evidence, Family, Finding, Fix, Lines, ModeChange, Part, Removal, Rule,
    Selection, Selector, SelectorError, Severity, Substitution, all_rules, rule,
};
pub use scan::{
    Environment, Event as ScanEvent, Exclude, LastUse, Mark, Options as ScanOptions, PackageSize, PatternError,
    Progress, ScanError, Shared, Sign, Size, Tally, scan,
};
pub use snapshot::{Place as SnapshotPlace, Snapshot, SnapshotError};
pub use startup::{
    CfgCandidate, CfgEntry, Command, CommandHop, CommandKind, Customize, Doubt, Failure, Fault, Hook, HookKind,
    MissingPath, Options, Origin, OriginFile, Outcome, PathEntry, Phase, PyvenvCfg, Reader, RefusedSetting, Resolution,
    SiteValues, Status, Step, StepId, SysValues, Unset, Value,
};
pub use which::{Asked, FileAnswer, Installed, Located, Near, Shadowed, Told, ask as which};
