//! Scripts whose package has been removed.

use bstr::{BStr, BString, ByteSlice};

use super::support::mismatched::Mismatch;
use super::support::owners;
use crate::environment::{Script, Survey};
use crate::rules::prefix::orphaned::SITE_PACKAGES_ORPHANED;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::{Doubt, Origin, Resolution};
use crate::text::sentence;

pub(in crate::rules) static SCRIPT_ORPHANED: Rule = Rule {
    code: Code("VD514"),
    name: "script-orphaned",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "A script imports a module that seems to be in no directory on sys.path.",
    why: "\
The script of an entry point is a few lines that import a function by name. Only RECORD connects it with its \
distribution: if the package was deleted by hand, or an uninstallation was interrupted, the script stays and fails \
with ModuleNotFoundError. This rule is heuristic, because a module can also come from a variable or an import hook \
that is not seen here; if startup runs unknown code, nothing is reported.",
    example: "\
$ rm -r .venv/lib/python3.12/site-packages/plotlib* && .venv/bin/plot
ModuleNotFoundError: No module named 'plotlib'",
    fix: "Remove the script if no distribution installed it, otherwise reinstall that distribution.",
    sources: &["pypa/pip#3869"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&SCRIPT_ORPHANED], judges: &[] };

/// Checks the scripts that installers write for entry points: some directory must contain the module that they import.
pub fn find(survey: &Survey<'_>, scripts: &[Script], mismatches: &[Mismatch<'_>], findings: &mut Vec<Finding>) {
    let own = scripts.iter().filter(|script| {
        script.interpreter(survey).is_some() && !mismatches.iter().any(|it| std::ptr::eq(it.script, *script))
    });
    let mut places = None;
    for script in own {
        let Some(import) = import(script) else { continue };
        let places = places.get_or_insert_with(|| Places::find(survey));
        let Some(places) = places else { return };
        if !places.contain(survey, import.package) {
            findings.push(judge(survey, script, &import));
        }
    }
}

/// The line in which a script imports what it runs.
struct Import<'s> {
    line: usize,
    text: &'s BStr,
    module: &'s BStr,
    package: &'s BStr,
}

/// The import of a script of the form that installers write: one `from MODULE import NAME`, and `sys.exit(NAME())`.
fn import(script: &Script) -> Option<Import<'_>> {
    if !(script.head.contains_str("__name__") && script.head.contains_str("sys.exit(")) {
        return None;
    }
    let mut imports = script.head.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with(b"from "));
    let (index, text) = imports.next()?;
    let (module, names) = text.trim_start().strip_prefix(b"from ")?.split_once_str(" import ")?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') || *byte >= 0x80;
    let package = module.split_str(".").next()?;
    let is_generated = imports.next().is_none() && names.trim().iter().all(is_name);
    let is_module = !package.is_empty() && module.iter().all(is_name);
    (is_generated && is_module).then(|| Import {
        line: index + 1,
        text: text.as_bstr(),
        module: module.as_bstr(),
        package: package.as_bstr(),
    })
}

/// Where Python would look for a module.
struct Places {
    /// The site directories.
    sites: Vec<BString>,
    /// The other directories of `sys.path`.
    others: Vec<BString>,
}

impl Places {
    /// None where code could provide modules from elsewhere, or where an entry cannot be listed.
    fn find(survey: &Survey<'_>) -> Option<Self> {
        let resolution = survey.resolution;
        let sys = resolution.sys.as_ref().filter(|_| !runs_unknown_code(resolution))?;
        let sites: Vec<BString> = survey.site_dirs().iter().map(|site| site.path.clone()).collect();
        let mut others = Vec::new();
        for entry in sys.path.iter().filter(|entry| entry.exists && !entry.value.is_empty()) {
            let path = survey.absolute(entry.value.as_bstr());
            if entry.origin == Origin::Zip || sites.contains(&path) {
                continue;
            }
            if !survey.is_dir(path.as_bstr()) {
                return None;
            }
            others.push(path);
        }
        let is_listed = |site: &BString| survey.names(site.as_bstr()).is_some();
        sites.iter().all(is_listed).then_some(Self { sites, others })
    }

    /// Whether one of them contains a module or package of that name, in whatever form.
    fn contain(&self, survey: &Survey<'_>, package: &BStr) -> bool {
        let is_listed = |site: &BString| survey.has_module(site.as_bstr(), package) == Some(true);
        let is_in = |dir: &BString| {
            let names = [package.to_owned(), sentence!(package, ".py")];
            names.iter().any(|name| survey.exists(survey.join(dir, name).as_bstr()))
        };
        self.sites.iter().any(is_listed) || self.others.iter().any(is_in)
    }
}

/// An import hook can find modules anywhere: that of an editable installation, or one that unknown code installs.
fn runs_unknown_code(resolution: &Resolution) -> bool {
    let is_hook = |doubt: &Doubt| matches!(doubt, Doubt::Code { .. });
    let is_finder = |code: &BString| code.contains_str("__editable__");
    let mut lines = resolution.startup.iter();
    resolution.doubts.iter().any(is_hook)
        || lines.any(|line| line.known.is_none() || line.code.as_ref().is_some_and(is_finder))
}

fn judge(survey: &Survey<'_>, script: &Script, import: &Import<'_>) -> Finding {
    let owner = owners::of(survey, script.name.as_bstr());
    let message = sentence!(
        script.path,
        " imports ",
        import.module,
        ", but no directory on sys.path seems to contain ",
        import.package
    );
    let fix = match owner {
        Some(owner) => fixes::reinstall(survey, owner),
        None => Fix::advice("remove the script, which no installed distribution provides")
            .command(fixes::remove_file(survey, script.path.as_bstr())),
    };
    let finding = Finding::new(&SCRIPT_ORPHANED, message)
        .evidence(Evidence::line(script.path.clone(), import.line, import.text).marking(import.module))
        .effect(sentence!("it probably fails with ModuleNotFoundError: No module named '", import.package, "'"))
        .fix(fix);
    match owner {
        Some(owner) if owners::is_of_other_minor(survey, owner) => finding.follows_from(&SITE_PACKAGES_ORPHANED),
        _ => finding,
    }
}
