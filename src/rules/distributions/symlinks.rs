//! Installed files that are symlinks into the cache of an installer.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Creator, Distribution, Form, Survey};
use crate::host::{FileKind, HostError};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static CACHE_SYMLINK_DANGLING: Rule = Rule {
    code: Code("VD607"),
    name: "cache-symlink-dangling",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Installed files are symlinks to files that do not exist.",
    why: "\
With UV_LINK_MODE=symlink, `virtualenv --symlink-app-data` and PDM's cache, site-packages contains symlinks, and the \
files are in the installer's cache. When the cache is cleaned, directories stay and their files are missing: a \
package becomes an empty namespace package (module 'six' has no attribute ...), a module is not found at all, and pip \
and uv still list the distribution.",
    example: "\
$ ls -l .venv/lib/python3.12/site-packages/six.py
six.py -> /home/ada/.cache/uv/archive-v0/mPqr/six.py
$ cat .venv/lib/python3.12/site-packages/six.py
cat: .venv/lib/python3.12/site-packages/six.py: No such file or directory",
    fix: "Reinstall the distribution so that its files are copied (`--link-mode copy` for uv).",
    sources: &["astral-sh/uv#12003", "astral-sh/uv#13270", "pdm-project/pdm#623"],
};

pub(in crate::rules) static CACHE_SYMLINKS: Rule = Rule {
    code: Code("VD608"),
    name: "cache-symlinks",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Installed files are symlinks into the cache of an installer.",
    why: "\
Everything works so far. But if the cache is cleaned or missing (`uv cache clean`, a job that empties ~/.cache, a \
container that does not mount it), the environment loses its content, and an edit changes every environment with a \
symlink to the same file.",
    example: "\
$ ls -l .venv/lib/python3.12/site-packages/six.py
six.py -> /home/ada/.cache/uv/archive-v0/mPqr/six.py",
    fix: "Reinstall with files instead of symlinks: UV_LINK_MODE=copy for uv, no --symlink-app-data for virtualenv.",
    sources: &["astral-sh/uv#11694", "virtualenv docs: --symlink-app-data"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&CACHE_SYMLINK_DANGLING, &CACHE_SYMLINKS], judges: &[] };

/// Names of directories that are the cache of an installer, or in one.
const CACHES: [&[u8]; 8] =
    [b".cache", b"cache", b"Cache", b"Caches", b"archive-v0", b"app-data", b"virtualenv", b"SymlinkPipInstall"];
/// How many distributions are examined where nothing suggests that an installer created symlinks.
const MOST_SAMPLED: usize = 8;
/// How many symlinks are shown as evidence.
const MOST_EVIDENCE: usize = 5;

/// A file of a distribution that is a symlink.
pub struct Symlink<'d> {
    distribution: &'d Distribution,
    path: BString,
    target: BString,
    /// Whether its target does not exist.
    pub is_dangling: bool,
}

/// Looks at a few files of a distribution: an installer that creates symlinks does so for all files.
pub fn find<'d>(survey: &Survey<'_>, distribution: &'d Distribution, index: usize) -> Option<Symlink<'d>> {
    candidates(survey, distribution, index).into_iter().find_map(|path| {
        let target = symlink_target(survey, &path)?;
        let is_dangling = survey.is_missing(path.as_bstr());
        let is_wanted = is_dangling || is_cache(survey, target.as_bstr());
        is_wanted.then_some(Symlink { distribution, path, target, is_dangling })
    })
}

/// One finding for all dangling symlinks, and one for all that lead into a cache: they share one cause and one fix.
pub fn report(survey: &Survey<'_>, symlinks: &[Symlink<'_>], findings: &mut Vec<Finding>) {
    let (dangling, live): (Vec<&Symlink<'_>>, Vec<&Symlink<'_>>) =
        symlinks.iter().partition(|symlink| symlink.is_dangling);
    let finding = |rule, symlinks: &[&Symlink<'_>], what: &str| {
        let first = symlinks.first()?;
        let more = if symlinks.len() == 1 { String::new() } else { format!(" and {} more", symlinks.len() - 1) };
        let names = sentence!(first.distribution.title(), more);
        let message = sentence!("files of ", names, what, first.path, " points to ", first.target);
        let shown = symlinks.iter().take(MOST_EVIDENCE);
        let evidence = shown.map(|it| Evidence::about(it.path.clone(), sentence!("is a symlink to ", it.target)));
        Some(Finding::new(rule, message).all_evidence(evidence).fix(fix(survey, symlinks)))
    };
    let dangling = finding(&CACHE_SYMLINK_DANGLING, &dangling, " are dangling symlinks: ");
    findings.extend(dangling.map(|finding| {
        finding.effect("these files cannot be imported or read, while pip and uv still list the distributions")
    }));
    let live = finding(&CACHE_SYMLINKS, &live, " are symlinks into a cache: ");
    findings.extend(live.map(|finding| {
        finding.effect("if the cache is cleaned, the symlinks dangle and the distributions cannot be imported")
    }));
}

/// The paths of a distribution that are symlinks if any of its files are.
fn candidates(survey: &Survey<'_>, distribution: &Distribution, index: usize) -> Vec<BString> {
    let dir = distribution.path(survey);
    let mut paths = Vec::with_capacity(3);
    let creator = survey.creator();
    // An installer other than uv creates symlinks for everything, so the first distributions are a sample. A METADATA
    // that does not exist may be a dangling symlink.
    let by_uv = fixes::is_by_uv(survey);
    let lacks_metadata = || matches!(distribution.metadata(survey), Err(HostError::NotFound));
    if distribution.form == Form::DistInfo && (by_uv || index < MOST_SAMPLED || lacks_metadata()) {
        paths.push(survey.join(&dir, "METADATA"));
    }
    // virtualenv symlinks the directories of the packages that it seeds, PDM those of all packages.
    if matches!(creator, Creator::Virtualenv | Creator::Pdm | Creator::Pipenv | Creator::Poetry) {
        let name = distribution.normalized();
        let is_seed = [&b"pip"[..], b"setuptools", b"wheel"].contains(&name.as_slice());
        if is_seed || *creator == Creator::Pdm {
            paths.push(survey.join(&distribution.site, name));
            paths.push(dir);
        }
    }
    paths
}

/// The target of a path, if the path itself is a symlink.
fn symlink_target(survey: &Survey<'_>, path: &BString) -> Option<BString> {
    let metadata = survey.ask.link_exists(path.as_bstr()).ok()?;
    (metadata.kind == FileKind::Symlink).then(|| survey.ask.read_link(path.as_bstr()).ok())?
}

fn is_cache(survey: &Survey<'_>, target: &BStr) -> bool {
    let names = target.split(|byte| matches!(byte, b'/' | b'\\'));
    let below = survey.is_below(target, survey.root());
    !below && names.into_iter().any(|name| CACHES.contains(&name))
}

fn fix(survey: &Survey<'_>, symlinks: &[&Symlink<'_>]) -> Fix {
    let is_lost_pip = |symlink: &Symlink<'_>| symlink.is_dangling && symlink.distribution.normalized() == "pip";
    let fix = Fix::advice("reinstall them with files of their own instead of symlinks");
    let by_uv = fixes::is_by_uv(survey);
    let (fix, symlinks) = match symlinks.iter().find(|symlink| is_lost_pip(symlink)) {
        // A pip whose files do not exist cannot reinstall itself.
        Some(pip) if !by_uv => {
            let places = [survey.join(&pip.distribution.site, "pip"), pip.distribution.path(survey)];
            let others: Vec<&Symlink<'_>> = symlinks.iter().copied().filter(|it| !is_lost_pip(it)).collect();
            (fix.command(fixes::remove(survey, places)).command(fixes::seed(survey)), others)
        }
        _ => (fix, symlinks.to_vec()),
    };
    if symlinks.is_empty() {
        return fix;
    }
    let options: &[&str] =
        if by_uv { &["--link-mode", "copy", "--no-deps", "--reinstall"] } else { &["--force-reinstall", "--no-deps"] };
    let wanted = symlinks.iter().flat_map(|symlink| fixes::same_requirement(survey, symlink.distribution));
    fix.command(fixes::install(survey).words(options).words(wanted))
}
