//! Every page, made of results in which every string can be chosen.

use std::collections::HashMap;

use bstr::BString;
use venv_doctor::Explanation;
use venv_doctor::internals::difference::compare;
use venv_doctor::internals::difference::environments::{
    Aspect, Cause, Change, Kind as ChangeKind, Letter, Look, Side, Weight, contrast,
};
use venv_doctor::internals::environment::Depth;
use venv_doctor::internals::host::HostError;
use venv_doctor::internals::imports::{Candidate, FoundBy, Import, Kind, Place, There, Verdict};
use venv_doctor::internals::interpreter::Version;
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::report::check::{Examined, Report as CheckReport};
use venv_doctor::internals::report::diff::{Named, Report as DiffReport};
use venv_doctor::internals::report::difference::Supposition;
use venv_doctor::internals::report::html;
use venv_doctor::internals::report::scan::{Report as ScanReport, Unreadable};
use venv_doctor::internals::report::which::Report as WhichReport;
use venv_doctor::internals::rules::{Selection, Severity, rule};
use venv_doctor::internals::scan::{Environment, Mark, PackageSize, Size, Tally, Totals};
use venv_doctor::internals::startup::{Options, Status};
use venv_doctor::internals::which::{FileAnswer, Installed, Located, Near, Owner, Shadowed, Surroundings, Told};

use crate::report::sample;
use crate::support::machine;

const HOME: &str = "/home/u";

/// All pages, by name, with `text` in every place that can come from a machine.
pub fn hostile(text: &[u8], explanation: &Explanation) -> Vec<(&'static str, String)> {
    let text = BString::from(text);
    let around = surroundings(explanation, &text);
    vec![
        ("explain", html::explain(explanation, Some(&around), std::slice::from_ref(&text), Some(HOME.into()))),
        ("check", check(vec![explanation.clone()], &[Some(around)])),
        ("which", which(&told(explanation, &text), &text)),
        ("what-if", what_if(&sample::healthy(), explanation, &text)),
        ("diff", diff(explanation, &text)),
        ("scan", scan(vec![environment(&text, true), environment(&text, false)], &text)),
    ]
}

pub fn explain(explanation: &Explanation) -> String {
    html::explain(explanation, None, &["a note".into()], Some(HOME.into()))
}

/// The page of `explain` with what is around the startup.
pub fn explain_around(explanation: &Explanation) -> String {
    let around = surroundings(explanation, &"random".into());
    html::explain(explanation, Some(&around), &[], Some(HOME.into()))
}

pub fn check(explanations: Vec<Explanation>, surroundings: &[Option<Surroundings>]) -> String {
    let examined = explanations.into_iter().map(|explanation| Examined {
        asked: None,
        explanation,
        notes: Vec::new(),
        forecast: None,
    });
    let selection = Selection { select: Vec::new(), ignore: Vec::new(), severity: Severity::Info };
    html::check(&CheckReport { examined: examined.collect(), selection, dir: None }, surroundings, Some(HOME.into()))
}

/// What changes from one explanation to the other.
pub fn what_if(before: &Explanation, after: &Explanation, supposed: &BString) -> String {
    let supposed = std::slice::from_ref(supposed);
    let supposition = Supposition { difference: compare(before, after), supposed, notes: supposed };
    html::what_if(&supposition, Some(HOME.into()))
}

/// In what a fresh environment differs from one with this explanation, with a cause for everything.
pub fn diff(other: &Explanation, text: &BString) -> String {
    let host = machine::fresh();
    let invocation = Invocation::on(&host, ".venv/bin/python").unwrap();
    let options = Options { python_version: Some(Version::new(3, 12, 1)), ..Options::default() };
    let look =
        Look { host: &host, invocation: &invocation, options: &options, held: Depth::Startup, has_installed: false };
    let (one, mut two) = Side::both(look, look, Depth::Startup);
    two.explanation = other.clone();
    let named = |side| Named { typed: text.clone(), is_snapshot: true, side, notes: vec![text.clone()] };
    let mut contrast = contrast(&one, &one);
    contrast.headline.clone_from(text);
    contrast.changes = Aspect::ALL.iter().enumerate().map(|(index, aspect)| change(*aspect, index, text)).collect();
    contrast.causes = [Weight::Outcome, Weight::Some, Weight::Nothing].map(|weight| cause(weight, text)).into();
    html::diff(&DiffReport { a: named(&one), b: named(&two), contrast }, Some(HOME.into()))
}

fn change(aspect: Aspect, index: usize, text: &BString) -> Change {
    let kind =
        [ChangeKind::Only(Letter::A), ChangeKind::Only(Letter::B), ChangeKind::Different, ChangeKind::Moved][index % 4];
    Change { aspect, name: text.clone(), kind, a: Some(text.clone()), b: None, cause: Some(0) }
}

fn cause(weight: Weight, text: &BString) -> Cause {
    let consequences = (3..Aspect::ALL.len()).collect();
    Cause { aspect: Aspect::Variables, statement: text.clone(), weight, changes: vec![0, 1], consequences }
}

pub fn which(told: &Told, note: &BString) -> String {
    html::which(&WhichReport { told, notes: std::slice::from_ref(note) }, Some(HOME.into()))
}

pub fn scan(mut environments: Vec<Environment>, unreadable: &BString) -> String {
    let mut totals = Totals::default();
    for environment in &mut environments {
        totals.add(environment);
    }
    let found = environments.len();
    let unreadable = vec![Unreadable { dir: unreadable.clone(), reason: "permission denied".to_owned() }];
    html::scan(
        &ScanReport {
            environments,
            found,
            dirs: 12,
            unreadable,
            totals: Some(totals),
            has_duplicates: true,
            ..ScanReport::default()
        },
        Some(HOME.into()),
    )
}

fn installed(text: &BString) -> Installed {
    Installed { name: text.clone(), version: Some(text.clone()), installer: Some(text.clone()) }
}

fn surroundings(explanation: &Explanation, text: &BString) -> Surroundings {
    let mut owners = HashMap::new();
    for hook in &explanation.resolution.startup {
        let owner = if owners.is_empty() { Owner::Distribution(installed(text)) } else { Owner::Nobody };
        owners.entry(hook.file.clone()).or_insert(owner);
    }
    Surroundings { owners, shadowed: Some(shadowed(explanation, text)) }
}

fn below(explanation: &Explanation, entry: usize, name: &BString) -> Candidate {
    let entries = explanation.resolution.sys.as_ref().map_or(&[][..], |sys| &sys.path);
    let entry = entries.get(entry).map(|entry| entry.value.clone()).unwrap_or_default();
    Candidate { kind: Kind::Source, path: Some(bstr::concat([entry.as_slice(), b"/", name, b".py"]).into()) }
}

fn shadowed(explanation: &Explanation, name: &BString) -> Vec<Shadowed> {
    let one = |winner, hidden| Shadowed {
        group: "the environment over the base".to_owned(),
        name: name.clone(),
        winner,
        hidden: vec![hidden],
    };
    let unknown = Candidate { kind: Kind::Unknown, path: None };
    vec![
        one(below(explanation, 1, name), below(explanation, 3, name)),
        one(unknown, below(explanation, 2, name)),
        one(Candidate { kind: Kind::Builtin, path: None }, below(explanation, 2, name)),
    ]
}

/// A name that is found, one that is not, and a file.
pub fn told(explanation: &Explanation, text: &BString) -> Told {
    let candidate = Candidate { kind: Kind::Source, path: Some(text.clone()) };
    let place = |there, verdict| Place { finder: "path".into(), entry: Some(text.clone()), there, verdict };
    let search = vec![
        place(There::NoEntry, Verdict::Nothing),
        place(There::Unlistable(HostError::PermissionDenied), Verdict::Nothing),
        place(There::Candidates(vec![candidate.clone()]), Verdict::Taken),
        place(There::Candidates(vec![candidate.clone()]), Verdict::Hidden),
    ];
    let import = Import {
        name: text.clone(),
        kind: Kind::Source,
        origin: Some(text.clone()),
        locations: None,
        found_by: Some(FoundBy { finder: "path".into(), entry: Some(text.clone()) }),
        shadows: vec![candidate.clone()],
        loaded_at_startup: false,
        reason: None,
        search,
    };
    let missing = Import { kind: Kind::Missing, origin: None, found_by: None, shadows: Vec::new(), ..import.clone() };
    let located = Located {
        import,
        distribution: Some(installed(text)),
        editable: None,
        entry: None,
        hides: Some(candidate.clone()),
        problem: Some(text.clone()),
        near: Vec::new(),
        reason: None,
    };
    let near = vec![Near { path: text.clone(), why: text.clone() }; 2];
    let lost = Located {
        import: missing,
        near,
        distribution: None,
        hides: None,
        problem: None,
        reason: Some(text.clone()),
        ..located.clone()
    };
    let file = FileAnswer {
        path: text.clone(),
        names: vec![text.clone()],
        hidden: vec![(text.clone(), candidate)],
        reason: None,
    };
    Told {
        resolution: explanation.resolution.clone(),
        names: vec![located, lost],
        files: vec![file],
        shadowed: Some(shadowed(explanation, text)),
    }
}

/// An environment that works, or one whose base is gone.
pub fn environment(text: &BString, works: bool) -> Environment {
    let package =
        PackageSize { name: text.clone(), version: Some(text.clone()), bytes: 2_000_000, reclaimable: 1_000_000 };
    let home_gone = rule("VD205").expect("a rule");
    Environment {
        root: text.clone(),
        mark: Mark::Cfg,
        target: None,
        python: text.clone(),
        identity: None,
        implementation: "cpython".to_owned(),
        version: Some(Version::new(3, 12, 1)),
        base: Some(if works { "/usr/bin/python3.12".into() } else { text.clone() }),
        base_exists: works,
        status: if works { Status::Starts } else { Status::FailsToExecute },
        reason: (!works).then(|| text.clone()),
        tally: Tally { errors: usize::from(!works), warnings: 0, infos: 0 },
        rules: Vec::new(),
        first: (!works).then(|| (home_gone, Severity::Error, text.clone())),
        age: None,
        size: Some(Size { bytes: 30_000_000, files: 1200, reclaimable: 20_000_000 }),
        packages: vec![package],
        shared: Vec::new(),
        last_use: None,
        unused: None,
    }
}
