//! Extension modules right in a site folder that no distribution owns.

use bstr::{BString, ByteSlice};

use super::tags;
use crate::environment::{ExtensionName, Misfit, Survey};
use crate::findings::{Code, Cure, Finding, Proof};
use crate::sentence;

/// Looks at the names in every site folder.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(abi) = survey.abi() else { return };
    for site in survey.own_site_folders() {
        let Some(names) = survey.names(site.path.as_bstr()) else { continue };
        let named = || names.iter().filter_map(|name| Some((name, ExtensionName::parse(name.as_bstr())?)));
        for (name, parsed) in named() {
            let Some(why) = abi.misfit(&parsed) else { continue };
            let fits = named().any(|(_, other)| other.stem == parsed.stem && abi.misfit(&other).is_none());
            let source = [parsed.stem.as_bytes(), b".py"].concat();
            let has_source = names.iter().any(|name| name.as_slice() == source || *name == *parsed.stem);
            if fits || has_source || why == Misfit::System || is_owned(survey, &site.path, name) {
                continue;
            }
            let Some(tag) = &parsed.tag else { continue };
            let code = match why {
                Misfit::System | Misfit::Python => Code::ExtensionOtherPython,
                Misfit::Implementation => Code::ImplementationMismatch,
                Misfit::Threading => Code::FreeThreadedMismatch,
                Misfit::Processor => Code::ExtensionOtherArchitecture,
                Misfit::Libc => Code::ExtensionOtherLibc,
            };
            let path = survey.join(&site.path, name);
            let built_for = format!("{} ({})", tag.words(), tag.platform);
            findings.push(
                Finding::new(code, sentence!(path, " is built for ", built_for, "; this Python is ", abi.words()))
                    .proof(Proof::about(
                        path.clone(),
                        sentence!("no RECORD names it, and it does not end in ", abi.suffix()),
                    ))
                    .effect(tags::effect(abi, &path))
                    .cure(Cure::advice("build or install it again for this Python")),
            );
        }
    }
}

fn is_owned(survey: &Survey<'_>, site: &BString, name: &BString) -> bool {
    let here = survey.distributions().iter().filter(|distribution| distribution.site == *site);
    here.filter_map(|distribution| distribution.contents(survey).ok())
        .any(|contents| contents.modules.iter().any(|module| module.path == *name))
}
