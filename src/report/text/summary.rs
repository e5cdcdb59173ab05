//! The head of the report: which Python it is, what it belongs to, whether it starts, and why not.

use bstr::{BString, ByteSlice};
use owo_colors::Style as Paint;

use super::count;
use super::page::Page;
use super::shown::quote;
use crate::Explanation;
use crate::environment::{EnvironmentKind, Identity};
use crate::host::path::{Flavor, module};
use crate::interpreter::{Identification, Implementation, Problem, Vendor};
use crate::rules::{Finding, Severity};
use crate::startup::StepId;
use crate::startup::{CfgEntry, Command, Hook, Origin, PyvenvCfg, Reader, Resolution, SiteValues, Status, SysValues};
use crate::text::escape::escape;

const INDENT: usize = 2;
const LABELS: usize = 12;

/// A line of the head.
pub(in crate::report) struct Fact {
    /// What it is about, in a word.
    pub(in crate::report) label: &'static str,
    /// What is said.
    pub(in crate::report) text: String,
    paint: Paint,
}

impl Fact {
    fn new(label: &'static str, text: impl Into<String>) -> Self {
        Self { label, text: text.into(), paint: Paint::new() }
    }
}

/// Writes the head.
pub fn render(page: &mut Page, explanation: &Explanation, notes: &[BString]) {
    headline(page, explanation);
    for fact in facts(page, explanation, notes) {
        let name = page.palette.name;
        page.labelled(INDENT, fact.label, name, LABELS, &fact.text, fact.paint);
    }
}

/// What is told below the headline, whatever it is shown on.
pub(in crate::report) fn facts(page: &Page, explanation: &Explanation, notes: &[BString]) -> Vec<Fact> {
    let resolution = &explanation.resolution;
    let starts = resolution.outcome.status == Status::Starts;
    let mut facts = Vec::with_capacity(8);
    if let Some(reason) = &resolution.outcome.reason {
        facts.push(Fact::new(if starts { "but" } else { "because" }, page.show(reason)));
    }
    if !starts {
        facts.extend(origin(page, explanation));
    }
    if let Some(command) = &resolution.command {
        facts.push(Fact::new("command", self::command(page, command)));
    }
    facts.push(Fact::new("executable", executable(page, explanation)));
    if let (Some(sys), Some(cfg)) = (&resolution.sys, &resolution.pyvenv_cfg) {
        facts.push(Fact::new("base", base(page, explanation, sys, cfg)));
    }
    // A Python that fails to start imports no package.
    if let (true, Some(sys), Some(site)) = (starts, &resolution.sys, &resolution.site) {
        facts.push(Fact::new("packages", isolation(resolution, sys, site)));
    }
    if !resolution.startup.is_empty() {
        facts.push(Fact::new("runs code", code(&resolution.startup)));
    }
    let (text, paint) = tally(page, &explanation.findings);
    facts.push(Fact { label: "findings", text, paint });
    facts.extend(notes.iter().map(|note| Fact::new("note", page.show(note))));
    facts
}

/// Which Python, which environment, and whether it starts.
pub fn headline(page: &mut Page, explanation: &Explanation) {
    let status = explanation.resolution.outcome.status;
    let headline =
        [interpreter(&explanation.resolution.identification), subject(page, explanation), status.verdict().to_owned()]
            .join(" · ");
    let paint = if status.fails() { page.palette.bad } else { page.palette.strong };
    page.paragraph(0, &headline, paint);
}

/// Which Python: `CPython 3.11.2 (Debian)`.
pub(in crate::report) fn interpreter(identification: &Identification) -> String {
    let interpreter = &identification.interpreter;
    let name = match &interpreter.implementation {
        known @ (Implementation::CPython | Implementation::PyPy | Implementation::GraalPy) => known.title(),
        // A snapshot may say anything.
        Implementation::Other(name) => &escape(name.as_str().into()),
        Implementation::Unknown if matches!(identification.problem, Some(Problem::Script { .. })) => {
            return "A script".to_owned();
        }
        Implementation::Unknown if identification.problem.is_some() => return "No Python interpreter".to_owned(),
        Implementation::Unknown => "Unknown Python",
    };
    let version = interpreter.version.map_or_else(|| "of unknown version".to_owned(), |version| version.to_string());
    let vendor = match interpreter.vendor {
        Vendor::Debian => " (Debian)",
        Vendor::Fedora => " (Fedora)",
        Vendor::PythonBuildStandalone => " (python-build-standalone)",
        Vendor::Other(_) | Vendor::Upstream | Vendor::Unknown => "",
    };
    format!("{name} {version}{vendor}")
}

/// Which environment or installation; where nothing is known of either, the path as typed.
pub(in crate::report) fn subject(page: &Page, explanation: &Explanation) -> String {
    let Some(environment) = &explanation.environment else {
        return page.show(&explanation.resolution.invocation.executable);
    };
    let root = page.show(&environment.root);
    let text = match environment.kind {
        EnvironmentKind::VirtualEnvironment => format!("virtual environment {root}{}", creator(environment)),
        EnvironmentKind::Conda => return format!("conda environment {root}"),
        EnvironmentKind::Installation => return format!("no virtual environment, installation in {root}"),
    };
    match &explanation.resolution.sys {
        // It has lost its pyvenv.cfg, or PYTHONHOME or -S keep Python from reading that.
        Some(sys) if sys.prefix == sys.base_prefix && !explanation.resolution.is_old_virtualenv() => {
            format!("{text}, not in effect: sys.prefix is {}", page.show(&sys.prefix))
        }
        _ => text,
    }
}

/// ` (created by uv 0.9.2)`, or nothing where nothing tells.
fn creator(environment: &Identity) -> String {
    let Some(name) = environment.creator_name() else { return String::new() };
    let version = environment.creator_version.as_ref().map(|version| format!(" {}", quote(version)));
    format!(" (created by {name}{})", version.unwrap_or_default())
}

/// What an interpreter that does not start was made from, and what of that is missing.
fn origin(page: &Page, explanation: &Explanation) -> Vec<Fact> {
    let mut facts = Vec::new();
    let Some(environment) = &explanation.environment else { return facts };
    if let Some(version) = environment.python_version.as_ref().filter(|_| explanation.resolution.sys.is_none()) {
        facts.push(Fact::new("made for", format!("Python {version}")));
    }
    if let Some(home) = &environment.home {
        let gone = if home.exists { "" } else { ", which does not exist" };
        facts.push(Fact::new("home", format!("{} (line {} of pyvenv.cfg){gone}", page.show(&home.path), home.line)));
    }
    if let Some(missing) = missing(explanation) {
        facts.push(Fact::new("missing", page.show(missing)));
    }
    facts
}

/// The interpreter that is not there: the end of the symlinks, or the executable itself.
pub(in crate::report) fn missing(explanation: &Explanation) -> Option<BString> {
    let flavor = Flavor::of(explanation.resolution.invocation.platform);
    let path = match explanation.resolution.identification.problem.as_ref()? {
        Problem::DanglingLink { link, target, .. } => {
            module::join(flavor, &[module::dirname(flavor, link.as_bstr()).as_bstr(), target.as_bstr()])
        }
        Problem::Missing => explanation.resolution.invocation.executable.clone(),
        _ => return None,
    };
    Some(module::normpath(flavor, path.as_bstr()))
}

/// The files on the way to the interpreter, and what each of them is.
fn command(page: &Page, command: &Command) -> String {
    let hops = command.hops.iter().map(|hop| format!("{} ({})", page.show(&hop.path), hop.kind.words()));
    hops.collect::<Vec<_>>().join(", which starts ")
}

/// The file as typed, and the one at the end of its links.
fn executable(page: &Page, explanation: &Explanation) -> String {
    let typed = page.show(&explanation.resolution.invocation.executable);
    match &explanation.resolution.identification.file {
        Some(file) if *file != explanation.resolution.invocation.executable => {
            format!("{typed}, which is {}", page.show(file))
        }
        _ => typed,
    }
}

/// Where the standard library comes from, and by which line or other reason.
fn base(page: &Page, explanation: &Explanation, sys: &SysValues, cfg: &PyvenvCfg) -> String {
    let base = page.show(&sys.base_prefix);
    let decided_by = |id: StepId| explanation.resolution.steps.iter().any(|step| step.id == id);
    let home = cfg.entries.iter().find(|entry| entry.used_by.contains(&Reader::Getpath));
    let home = home.map(|entry| format!("{} = {} (line {})", quote(&entry.key), page.show(&entry.value), entry.line));
    match home {
        _ if decided_by(StepId::PrefixHome) => format!("{base}, because PYTHONHOME or a ._pth file names it"),
        Some(home) if decided_by(StepId::PrefixCompiled) => {
            format!("{base}, compiled into the binary: the search from {home} found nothing")
        }
        None if decided_by(StepId::PrefixCompiled) => format!("{base}, compiled into the binary"),
        Some(home) => format!("{base}, because {home}"),
        None => base,
    }
}

/// What can be imported in addition to the environment's own packages.
fn isolation(resolution: &Resolution, sys: &SysValues, site: &SiteValues) -> String {
    if !site.enabled {
        return "none, because site is not imported".to_owned();
    }
    let user = if site.enable_user_site == Some(true) { "user site on" } else { "user site off" };
    let own = match &resolution.pyvenv_cfg {
        None if resolution.has_step(StepId::VirtualenvSystemPackages) => {
            format!("of the environment and of its base, because there is no no-global-site-packages.txt; {user}")
        }
        None if resolution.is_old_virtualenv() => {
            format!("only of the environment, because of no-global-site-packages.txt; {user}")
        }
        None => format!("of the installation; {user}"),
        Some(cfg) => format!("{}; {user}", system_packages(cfg)),
    };
    let extra = sys.path.iter().filter(|entry| entry.origin == Origin::PythonPath).count();
    if extra == 0 { own } else { format!("{own}; PYTHONPATH puts {} in front", count(extra, "directory")) }
}

fn system_packages(cfg: &PyvenvCfg) -> String {
    let is_key = |entry: &&CfgEntry| entry.key.eq_ignore_ascii_case(b"include-system-site-packages");
    // The last occurrence counts, and whatever is not `true` is false (`venv()` of Lib/site.py).
    match cfg.entries.iter().rev().find(is_key) {
        None => "of the environment and of its base, because include-system-site-packages is not set".to_owned(),
        Some(entry) if entry.value.eq_ignore_ascii_case(b"true") => {
            format!("of the environment and of its base: include-system-site-packages = true (line {})", entry.line)
        }
        Some(entry) => format!(
            "only of the environment: include-system-site-packages = {} (line {})",
            quote(&entry.value),
            entry.line
        ),
    }
}

/// How much code runs, and how much of it is known.
fn code(startup: &[Hook]) -> String {
    let hooks = count(startup.len(), "startup hook");
    let recognized = match startup.iter().filter(|code| code.known.is_none()).count() {
        0 => "all recognized".to_owned(),
        unknown if unknown == startup.len() => "not recognized".to_owned(),
        unknown => format!("{unknown} not recognized"),
    };
    format!("{hooks} before your code, {recognized}")
}

/// How many findings, worst first, with their codes.
fn tally(page: &Page, findings: &[Finding]) -> (String, Paint) {
    let mut parts = Vec::new();
    let mut paint = page.palette.good;
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let mut codes: Vec<&str> =
            findings.iter().filter(|it| it.severity == severity).map(|it| it.code().text()).collect();
        if codes.is_empty() {
            continue;
        }
        if parts.is_empty() {
            paint = page.palette.severity(severity);
        }
        let number = count(codes.len(), severity.name());
        codes.dedup();
        parts.push(format!("{number} ({})", codes.join(", ")));
    }
    if parts.is_empty() { ("none".to_owned(), paint) } else { (parts.join(", "), paint) }
}
