//! Files that are links into the cache of an installer.

use bstr::{BStr, BString, ByteSlice};

use super::title;
use crate::environment::{Creator, Distribution, Form, Survey};
use crate::findings::{Code, Cure, Finding, Proof, recipes};
use crate::host::{FileKind, HostError};
use crate::sentence;

/// The folders in which installers keep what environments link to.
const CACHES: [&[u8]; 7] = [b".cache", b"cache", b"Cache", b"Caches", b"archive-v0", b"app-data", b"virtualenv"];

/// Of how many distributions it is asked whether their files are links, where nothing suggests it.
const MOST_SAMPLED: usize = 8;

/// Looks at the files that stand for the others: the metadata, and the first name that the `RECORD` lists.
pub fn find(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    let links = candidates(survey, distribution);
    let found = links.into_iter().find_map(|link| {
        let target = link_target(survey, &link)?;
        let is_gone = survey.is_missing(link.as_bstr());
        (is_gone || is_cache(survey, target.as_bstr())).then_some((link, target, is_gone))
    });
    let (link, target, is_gone) = found?;
    let proof = Proof::about(link.clone(), sentence!("a link to ", target));
    let finding = if is_gone {
        let message =
            sentence!("files of ", title(distribution), " are links that lead nowhere: ", link, " names ", target);
        Finding::new(Code::CacheLinkDangling, message)
            .effect("what it held cannot be imported, while pip and uv go on listing the distribution")
    } else {
        let message = sentence!("files of ", title(distribution), " are links into a cache: ", link, " names ", target);
        Finding::new(Code::CacheLinks, message)
            .effect("when the cache is cleaned the links lead nowhere, and the distribution is gone")
    };
    Some(finding.proof(proof).cure(cure(survey, distribution)))
}

fn candidates(survey: &Survey<'_>, distribution: &Distribution) -> Vec<BString> {
    let folder = distribution.path(survey);
    let mut links = Vec::with_capacity(3);
    let creator = survey.creator();
    // Whoever else links makes links of everything: the first few tell, and those that lead nowhere are noticed.
    let by_uv = matches!(creator, Creator::Uv | Creator::UvTool(_));
    let is_early = survey.distributions().iter().take(MOST_SAMPLED).any(|early| std::ptr::eq(early, distribution));
    let is_gone = || matches!(distribution.metadata(survey), Err(HostError::NotFound));
    if distribution.form == Form::DistInfo && (by_uv || is_early || is_gone()) {
        links.push(survey.join(&folder, "METADATA"));
    }
    // virtualenv links the folders of what it seeds, PDM those of packages.
    if matches!(creator, Creator::Virtualenv | Creator::Pdm | Creator::Pipenv | Creator::Poetry) {
        let name = distribution.normalised();
        let is_seed = [&b"pip"[..], b"setuptools", b"wheel"].contains(&name.as_slice());
        if is_seed || *creator == Creator::Pdm {
            links.push(survey.join(&distribution.site, name));
            links.push(folder);
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

fn cure(survey: &Survey<'_>, distribution: &Distribution) -> Cure {
    let name = distribution.name.as_bstr();
    let version = distribution.version.as_ref().map(|version| version.as_bstr());
    let mut cure = recipes::reinstall(survey, name, version);
    if matches!(survey.creator(), Creator::Uv | Creator::UvTool(_)) {
        cure.advice = sentence!("install ", name, " again, with files of its own in the place of links");
        for command in &mut cure.commands {
            command.extend_from_slice(b" --link-mode copy");
        }
    } else {
        cure.advice = sentence!("remove the links, and install ", name, " again with files of its own");
    }
    cure
}
