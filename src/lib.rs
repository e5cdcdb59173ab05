//! Says, without running it, exactly what a Python will do when it starts, and why.
//!
//! A resolution repeats the startup of Python against a [`host::Host`]: it asks the same questions in the same
//! order and writes down every question, every answer and every decision. Text, JSON, findings and comparisons are
//! all made from that one record; nothing else looks at the file system.
//!
//! The library runs nothing, prints nothing, exits nowhere and keeps no global state. It touches a file system only
//! through [`host::LiveHost`].
//!
//! # From a machine to an explanation
//!
//! Three things make an explanation: a [`host::Host`] that answers questions, an [`invocation::Invocation`] that says
//! how Python is called, and [`startup::Options`] with what is known or supposed beyond that.
//!
//! On the machine that this runs on:
//!
//! ```no_run
//! use venv_doctor::host::LiveHost;
//! use venv_doctor::invocation::Invocation;
//! use venv_doctor::startup::{Options, Status};
//!
//! let invocation = Invocation::on(&LiveHost, ".venv/bin/python")?;
//! let explanation = venv_doctor::explain(&LiveHost, &invocation, &Options::default());
//! if explanation.outcome.status == Status::Starts {
//!     for finding in &explanation.findings {
//!         println!("{}: {}", finding.code(), finding.message);
//!     }
//! }
//! # Ok::<(), venv_doctor::host::HostError>(())
//! ```
//!
//! On a machine that never existed, walking the steps:
//!
//! ```
//! use venv_doctor::host::{HostError, MemoryHost, Platform};
//! use venv_doctor::interpreter::Version;
//! use venv_doctor::invocation::{Flags, Invocation};
//! use venv_doctor::startup::{Options, Origin};
//!
//! let host = MemoryHost::new(Platform::Linux)
//!     .executable("/usr/bin/python3.12")
//!     // The file is not read, since nothing stands in it here: the version is given below.
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
//! let sys = explanation.sys.as_ref().expect("the path configuration was computed");
//! assert_eq!(sys.prefix, "/w/.venv");
//! assert_eq!(sys.base_prefix, "/usr");
//! let last = sys.path.last().expect("sys.path is not empty");
//! assert_eq!((last.value.as_slice(), last.origin), (&b"/w/src"[..], Origin::PthFile));
//!
//! // Every value knows the step that decided it, and every step the questions that it put.
//! let step = &explanation.steps[last.step - 1];
//! assert_eq!(step.id.name(), "site.pth");
//! assert_eq!(step.lookups[0].path, "/w/.venv/lib/python3.12/site-packages/src.pth");
//! let cfg = explanation.steps.iter().find(|step| step.id.name() == "getpath.venv.home");
//! assert!(cfg.is_some_and(|step| step.detail.starts_with(b"Line 1 is home = /usr/bin")));
//! # Ok::<(), HostError>(())
//! ```
//!
//! On a machine that somebody wrote down, [`snapshot::load`] gives all three.
//!
//! # What to do with an explanation
//!
//! | module | makes of it |
//! |---|---|
//! | [`report::text`], [`report::json`] | the report for people, and the document for programs |
//! | [`what_if`], [`difference`] | what a change to the machine would change, step by step |
//! | [`snapshot`] | a document from which the same explanation can be made elsewhere |
//! | [`report::comparison`] | its values beside those that a real interpreter showed |
//!
//! Paths and all other text from a machine are bytes ([`bstr::BString`]), as they are to Python on POSIX.

pub mod difference;
pub mod environment;
mod explanation;
mod finders;
pub mod host;
pub mod interpreter;
pub mod invocation;
pub mod report;
pub mod rules;
pub mod scan;
pub mod snapshot;
pub mod startup;
pub mod text;
pub mod what_if;

pub use environment::Depth;
pub use explanation::{Explanation, check, examine, explain};
