//! Extension modules directly in a site directory that no installer recorded.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::bytecode;
use super::headers::{EXTENSION_OTHER_ARCHITECTURE, EXTENSION_OTHER_LIBC};
use super::site_dir::{FREE_THREADED_MISMATCH, IMPLEMENTATION_MISMATCH};
use super::tags::{self, EXTENSION_OTHER_PYTHON};
use crate::environment::{Abi, ExtensionName, Misfit, Survey, Tag};
use crate::interpreter::Implementation;
use crate::rules::{Evidence, Finding, Fix, Judge, Rule, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[], judges: &[Judge { when: When::Environment(720), find }] };

/// Judges the names in every site directory.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(abi) = survey.abi() else { return };
    for site in survey.own_site_dirs() {
        let Some(names) = survey.names(site.path.as_bstr()) else { continue };
        findings.extend(unfit(survey, abi, &site.path, &names));
        findings.extend(bytecode::unrecorded(survey, &site.path, &names));
    }
}

fn unfit(survey: &Survey<'_>, abi: &Abi, site: &BString, names: &[BString]) -> Option<Finding> {
    let named = || names.iter().filter_map(|name| Some((name, ExtensionName::parse(name.as_bstr())?)));
    named().find(|(_, parsed)| abi.misfit(parsed).is_some())?;
    let fitting: HashSet<&BStr> =
        named().filter(|(_, parsed)| abi.misfit(parsed).is_none()).map(|(_, parsed)| parsed.stem).collect();
    let recorded = recorded(survey, site);
    let has = |name: &[u8]| names.binary_search_by(|known| known.as_slice().cmp(name)).is_ok();
    let (name, parsed, rule) = named().find_map(|(name, parsed)| {
        let rule = rule(abi.misfit(&parsed)?)?;
        let has_source = has(parsed.stem) || has(&[parsed.stem.as_bytes(), b".py"].concat());
        let counts = !fitting.contains(parsed.stem) && !has_source && !recorded.contains(name);
        counts.then_some((name, parsed, rule))
    })?;
    let tag = parsed.tag?;
    let path = survey.join(site, name);
    let message = sentence!(path, " is built for ", tag.words(), " (", tag.platform, "); this Python is ", abi.words());
    let finding = Finding::new(rule, message)
        .evidence(Evidence::about(path.clone(), sentence!("no RECORD lists it, and it does not end in ", abi.suffix())))
        .effect(tags::effect(abi, &path))
        .fix(fix(survey, site, &tag));
    Some(finding)
}

/// The modules of the operating system are built for its own interpreter: that is the one to start, and building others
/// would change nothing, because the package manager owns them.
fn fix(survey: &Survey<'_>, site: &BString, tag: &Tag<'_>) -> Fix {
    let rebuild = Fix::advice("rebuild or reinstall it for this Python");
    let is_of_system = survey.base_name(site.as_bstr()) == "dist-packages" && !survey.is_environment();
    let Some((major, minor)) = tag.version.filter(|_| is_of_system && tag.implementation == Implementation::CPython)
    else {
        return rebuild;
    };
    let name = format!("python{major}.{minor}");
    let own = survey.join(survey.bin(), &name);
    if !survey.is_file(own.as_bstr()) {
        return Fix::advice(format!("start it with {name}, for which the modules of the operating system are built"));
    }
    let advice = sentence!("start ", own, ", for which the modules of the operating system are built");
    let symlink = survey.join(survey.bin(), "python3");
    if survey.executable() != symlink {
        return Fix::advice(advice);
    }
    Fix::advice(sentence!(advice, ", and let ", symlink, " lead to it")).command(fixes::symlink(
        survey,
        &name,
        symlink.as_bstr(),
    ))
}

/// The rule that a file breaks. One for another system may be in a shared directory on purpose.
fn rule(why: Misfit) -> Option<&'static Rule> {
    Some(match why {
        Misfit::System => return None,
        Misfit::Python => &EXTENSION_OTHER_PYTHON,
        Misfit::Implementation => &IMPLEMENTATION_MISMATCH,
        Misfit::Threading => &FREE_THREADED_MISMATCH,
        Misfit::Processor => &EXTENSION_OTHER_ARCHITECTURE,
        Misfit::Libc => &EXTENSION_OTHER_LIBC,
    })
}

/// The modules directly in the site directory that a distribution recorded.
fn recorded<'s>(survey: &'s Survey<'_>, site: &BString) -> HashSet<&'s BString> {
    let here = survey.distributions().iter().filter(|distribution| distribution.site == *site);
    let contents = here.filter_map(|distribution| distribution.contents(survey).ok());
    contents.flat_map(|contents| contents.modules.iter().map(|module| &module.path)).collect()
}
