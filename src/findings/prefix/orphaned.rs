//! VD222: everything is installed for another minor release.

use bstr::{BString, ByteSlice};

use super::base;
use super::cfg::Cfg;
use crate::environment::{Creator, Survey};
use crate::findings::{Code, Cure, Finding, Line, Proof, recipes};
use crate::host::HostError;
use crate::host::path::Flavour;
use crate::sentence;

/// More entries of `PATH` are not asked about.
const MOST_FOLDERS: usize = 64;

/// Judges the folders below `lib`.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(own) = base::version_folder(survey) else { return };
    if !survey.is_environment() || survey.flavour() == Flavour::Windows {
        return;
    }
    let lib = survey.join(survey.root(), "lib");
    let names = survey.list(lib.as_bstr());
    // A folder of the same release that differs in its `t` is a matter of the build.
    let is_other = |name: &&BString| minor(name).is_some_and(|other| Some(other) != minor(&own.as_str().into()));
    let others: Vec<&BString> = names.iter().filter(is_other).collect();
    let holds = |name: &BString| holds_distributions(survey, &lib, name);
    if others.is_empty() || holds(&own.into()) != Some(false) {
        return;
    }
    let full: Vec<&BString> = others.into_iter().filter(|name| holds(name) == Some(true)).collect();
    let Some(newest) = full.iter().max_by_key(|name| minor(name)) else { return };
    let version = survey.version().map(|version| version.to_string()).unwrap_or_default();
    let held = survey.join(&lib, newest);
    let message = sentence!(
        "everything in ",
        survey.root(),
        " is installed for ",
        newest,
        ", and its interpreter is now ",
        version
    );
    let mut finding = Finding::new(Code::SitePackagesOrphaned, message)
        .effect(sentence!(
            "sys.path follows the version that runs, so that nobody looks into ",
            held,
            ": every import of what is installed fails"
        ))
        .cure(cure(survey, newest));
    if let Some(hop) = survey.resolution.identification.hops.last() {
        finding = finding.proof(Proof::about(hop.path.clone(), sentence!("leads to ", hop.target)));
    }
    finding = finding.proofs(full.iter().map(|name| Proof::about(survey.join(&lib, name), "holds distributions")));
    findings.push(finding.step(base::step(survey, "site.venv.packages")));
}

/// 12 for `python3.12`, the name of a folder of packages; 13 for `python3.13t`.
fn minor(name: &BString) -> Option<u32> {
    let digits = name.strip_prefix(b"python3.")?;
    let digits = digits.strip_suffix(b"t").unwrap_or(digits);
    if digits.iter().all(u8::is_ascii_digit) { digits.to_str().ok()?.parse().ok() } else { None }
}

/// Whether anything is installed there; none where that cannot be seen.
fn holds_distributions(survey: &Survey<'_>, lib: &BString, name: &BString) -> Option<bool> {
    let site = survey.join(survey.join(lib, name), "site-packages");
    let is_metadata =
        |name: &BString| [".dist-info", ".egg-info", ".egg"].iter().any(|end| name.ends_with(end.as_bytes()));
    match survey.ask.list_dir(site.as_bstr()) {
        Ok(names) => Some(names.iter().any(is_metadata)),
        Err(HostError::NotFound | HostError::NotADirectory) => Some(false),
        Err(_) => None,
    }
}

/// The links back to the old release where that is still installed, which keeps all packages; else all anew.
fn cure(survey: &Survey<'_>, name: &BString) -> Cure {
    let is_plain = matches!(survey.creator(), Creator::Venv | Creator::Unknown);
    let Some(python) = interpreter(survey, name).filter(|_| is_plain) else { return recipes::recreate(survey) };
    let names = survey.list(survey.bin());
    let links = names.iter().filter(|name| name.starts_with(b"python")).map(|name| survey.join(survey.bin(), name));
    let links: Vec<BString> = links.filter(|link| super::place::is_real_link(survey, link)).collect();
    Cure::advice(sentence!(
        "link the environment to ",
        python,
        " again, which keeps what is installed; or make it anew for the new release"
    ))
    .command(recipes::line(survey, "rm").words(["-f", "--"]).words(links))
    .command(upgrade(survey, &python))
}

/// `venv --upgrade` writes `pyvenv.cfg` anew, and would forget what it said.
fn upgrade(survey: &Survey<'_>, python: &BString) -> Line {
    let mut command = recipes::line(survey, python).words(["-m", "venv", "--upgrade", "--without-pip"]);
    let cfg = Cfg::of(survey);
    let system = cfg.as_ref().and_then(|cfg| cfg.last("include-system-site-packages"));
    if system.is_none_or(|line| line.value.eq_ignore_ascii_case(b"true")) {
        command = command.word("--system-site-packages");
    }
    if let Some(prompt) = cfg.as_ref().and_then(|cfg| cfg.last("prompt")) {
        command = command.word("--prompt").word(prompt.value.trim_with(|c| matches!(c, '\'' | '"')));
    }
    command.word(survey.root())
}

/// An interpreter of that name: beside the one that runs, or on `PATH`.
fn interpreter(survey: &Survey<'_>, name: &BString) -> Option<BString> {
    let path = survey.resolution.invocation.variable("PATH").unwrap_or_default();
    let beside = survey.resolution.identification.file.as_ref().map(|file| survey.parent(file.as_bstr()));
    let folders = path.split(|&byte| byte == b':').filter(|folder| folder.starts_with(b"/")).map(BString::from);
    let mut found = beside.into_iter().chain(folders).take(MOST_FOLDERS).map(|folder| survey.join(folder, name));
    found.find(|path| {
        let is_outside = !survey.is_below(path.as_bstr(), survey.root());
        // A shim would start whatever it is told to at that time.
        is_outside && survey.is_file(path.as_bstr()) && survey.head(path.as_bstr(), 2).as_deref() != Some(b"#!")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_versions_have_such_names() {
        for (name, expected) in [("python3.8", 8), ("python3.13t", 13)] {
            assert_eq!(minor(&name.into()), Some(expected), "{name}");
        }
        for name in ["python3", "python3.", "pypy3.11", "python3.12.bak", "site-python"] {
            assert_eq!(minor(&name.into()), None, "{name}");
        }
    }
}
