//! Files that are links into the cache of an installer.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Creator, Distribution, Form, Survey};
use crate::host::{FileKind, HostError};
use crate::rules::distributions::files::CACHE_LINK_DANGLING;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static CACHE_LINKS: Rule = Rule {
    code: Code("VD608"),
    name: "cache-links",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Installed files are links into the cache of an installer.",
    why: "\
Nothing is broken yet. But whoever cleans the cache (`uv cache clean`, a job that empties ~/.cache, a container that \
does not mount it) takes the content of the environment away, and edits go to every environment that links to the \
same file.",
    example: "\
$ ls -l .venv/lib/python3.12/site-packages/six.py
six.py -> /home/ada/.cache/uv/archive-v0/mPqr/six.py",
    fix: "Install again as files of its own: UV_LINK_MODE=copy for uv, no --symlink-app-data for virtualenv.",
    sources: &["astral-sh/uv#11694", "virtualenv docs: --symlink-app-data"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&CACHE_LINKS], judges: &[] };

/// The directories in which installers keep what environments link to.
const CACHES: [&[u8]; 8] =
    [b".cache", b"cache", b"Cache", b"Caches", b"archive-v0", b"app-data", b"virtualenv", b"SymlinkPipInstall"];
/// Of how many distributions it is asked whether their files are links, where nothing suggests it.
const MOST_SAMPLED: usize = 8;
/// How many links are shown as evidence.
const MOST_EVIDENCE: usize = 5;

/// A file of a distribution that is a link.
pub struct Link<'d> {
    distribution: &'d Distribution,
    path: BString,
    target: BString,
    /// Whether it leads nowhere.
    pub is_gone: bool,
}

/// Looks at the files of a distribution that stand for the others.
pub fn find<'d>(survey: &Survey<'_>, distribution: &'d Distribution, index: usize) -> Option<Link<'d>> {
    candidates(survey, distribution, index).into_iter().find_map(|path| {
        let target = link_target(survey, &path)?;
        let is_gone = survey.is_missing(path.as_bstr());
        (is_gone || is_cache(survey, target.as_bstr())).then_some(Link { distribution, path, target, is_gone })
    })
}

/// One finding for all that lead nowhere, and one for all that lead into a cache: they share one cause and one fix.
pub fn tell(survey: &Survey<'_>, links: &[Link<'_>], findings: &mut Vec<Finding>) {
    let (gone, kept): (Vec<&Link<'_>>, Vec<&Link<'_>>) = links.iter().partition(|link| link.is_gone);
    let finding = |code, links: &[&Link<'_>], what: &str| {
        let first = links.first()?;
        let more = if links.len() == 1 { String::new() } else { format!(" and {} more", links.len() - 1) };
        let names = sentence!(first.distribution.title(), more);
        let message = sentence!("files of ", names, what, first.path, " names ", first.target);
        let shown = links.iter().take(MOST_EVIDENCE);
        let all_evidence = shown.map(|link| Evidence::about(link.path.clone(), sentence!("a link to ", link.target)));
        Some(Finding::new(code, message).all_evidence(all_evidence).fix(fix(survey, links)))
    };
    let dangling = finding(&CACHE_LINK_DANGLING, &gone, " are links that lead nowhere: ");
    findings.extend(dangling.map(|finding| {
        finding.effect("what they held cannot be imported, while pip and uv go on listing the distributions")
    }));
    let live = finding(&CACHE_LINKS, &kept, " are links into a cache: ");
    findings.extend(live.map(|finding| {
        finding.effect("when the cache is cleaned the links lead nowhere, and the distributions are gone")
    }));
}

fn candidates(survey: &Survey<'_>, distribution: &Distribution, index: usize) -> Vec<BString> {
    let dir = distribution.path(survey);
    let mut links = Vec::with_capacity(3);
    let creator = survey.creator();
    // Whoever else links makes links of everything: the first few tell, and those that lead nowhere are noticed.
    let by_uv = fixes::is_by_uv(survey);
    let is_gone = || matches!(distribution.metadata(survey), Err(HostError::NotFound));
    if distribution.form == Form::DistInfo && (by_uv || index < MOST_SAMPLED || is_gone()) {
        links.push(survey.join(&dir, "METADATA"));
    }
    // virtualenv links the directories of what it seeds, PDM those of packages.
    if matches!(creator, Creator::Virtualenv | Creator::Pdm | Creator::Pipenv | Creator::Poetry) {
        let name = distribution.normalized();
        let is_seed = [&b"pip"[..], b"setuptools", b"wheel"].contains(&name.as_slice());
        if is_seed || *creator == Creator::Pdm {
            links.push(survey.join(&distribution.site, name));
            links.push(dir);
        }
    }
    links
}

/// Where the path leads, if it is a link itself.
fn link_target(survey: &Survey<'_>, path: &BString) -> Option<BString> {
    let metadata = survey.ask.link_exists(path.as_bstr()).ok()?;
    (metadata.kind == FileKind::Symlink).then(|| survey.ask.read_link(path.as_bstr()).ok())?
}

fn is_cache(survey: &Survey<'_>, target: &BStr) -> bool {
    let names = target.split(|byte| matches!(byte, b'/' | b'\\'));
    let below = survey.is_below(target, survey.root());
    !below && names.into_iter().any(|name| CACHES.contains(&name))
}

fn fix(survey: &Survey<'_>, links: &[&Link<'_>]) -> Fix {
    let is_pip = |link: &Link<'_>| link.is_gone && link.distribution.normalized() == "pip";
    let advice = Fix::advice("install them again, with files of their own in the place of links");
    let by_uv = fixes::is_by_uv(survey);
    let (fix, links) = match links.iter().find(|link| is_pip(link)) {
        // A pip that is gone cannot install itself.
        Some(pip) if !by_uv => {
            let places = [survey.join(&pip.distribution.site, "pip"), pip.distribution.path(survey)];
            let others: Vec<&Link<'_>> = links.iter().copied().filter(|link| !is_pip(link)).collect();
            (advice.command(fixes::remove(survey, places)).command(fixes::seed(survey)), others)
        }
        _ => (advice, links.to_vec()),
    };
    if links.is_empty() {
        return fix;
    }
    let options: &[&str] =
        if by_uv { &["--link-mode", "copy", "--no-deps", "--reinstall"] } else { &["--force-reinstall", "--no-deps"] };
    let wanted = links.iter().flat_map(|link| fixes::same_requirement(survey, link.distribution));
    fix.command(fixes::install(survey).words(options).words(wanted))
}
