//! Extension modules right in a site directory that no distribution owns.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::super::tags;
use crate::environment::{Abi, ExtensionName, Misfit, Survey};
use crate::rules::extensions::headers::EXTENSION_OTHER_ARCHITECTURE;
use crate::rules::extensions::headers::EXTENSION_OTHER_LIBC;
use crate::rules::extensions::site_dir::FREE_THREADED_MISMATCH;
use crate::rules::extensions::site_dir::IMPLEMENTATION_MISMATCH;
use crate::rules::extensions::tags::EXTENSION_OTHER_PYTHON;
use crate::rules::{Evidence, Finding, Fix, Rule};
use crate::text::sentence;

/// Looks at the names in every site directory.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(abi) = survey.abi() else { return };
    for site in survey.own_site_dirs() {
        let Some(names) = survey.names(site.path.as_bstr()) else { continue };
        findings.extend(unfit(survey, abi, &site.path, &names));
    }
}

fn unfit(survey: &Survey<'_>, abi: &Abi, site: &BString, names: &[BString]) -> Option<Finding> {
    let named = || names.iter().filter_map(|name| Some((name, ExtensionName::parse(name.as_bstr())?)));
    named().find(|(_, parsed)| abi.misfit(parsed).is_some())?;
    let fitting: HashSet<&BStr> =
        named().filter(|(_, parsed)| abi.misfit(parsed).is_none()).map(|(_, parsed)| parsed.stem).collect();
    let owned = owned(survey, site);
    let has = |name: &[u8]| names.binary_search_by(|known| known.as_slice().cmp(name)).is_ok();
    let (name, parsed, code) = named().find_map(|(name, parsed)| {
        let code = code(abi.misfit(&parsed)?)?;
        let has_source = has(parsed.stem) || has(&[parsed.stem.as_bytes(), b".py"].concat());
        let counts = !fitting.contains(parsed.stem) && !has_source && !owned.contains(name);
        counts.then_some((name, parsed, code))
    })?;
    let tag = parsed.tag?;
    let path = survey.join(site, name);
    let message = sentence!(path, " is built for ", tag.words(), " (", tag.platform, "); this Python is ", abi.words());
    let finding = Finding::new(code, message)
        .evidence(Evidence::about(path.clone(), sentence!("no RECORD names it, and it does not end in ", abi.suffix())))
        .effect(tags::effect(abi, &path))
        .fix(Fix::advice("build or install it again for this Python"));
    Some(finding)
}

/// What nobody installed and another system uses, may lie in a shared directory on purpose.
fn code(why: Misfit) -> Option<&'static Rule> {
    Some(match why {
        Misfit::System => return None,
        Misfit::Python => &EXTENSION_OTHER_PYTHON,
        Misfit::Implementation => &IMPLEMENTATION_MISMATCH,
        Misfit::Threading => &FREE_THREADED_MISMATCH,
        Misfit::Processor => &EXTENSION_OTHER_ARCHITECTURE,
        Misfit::Libc => &EXTENSION_OTHER_LIBC,
    })
}

/// The modules right in the site directory that some distribution brought along.
fn owned<'s>(survey: &'s Survey<'_>, site: &BString) -> HashSet<&'s BString> {
    let here = survey.distributions().iter().filter(|distribution| distribution.site == *site);
    let contents = here.filter_map(|distribution| distribution.contents(survey).ok());
    contents.flat_map(|contents| contents.modules.iter().map(|module| &module.path)).collect()
}
