//! `.egg-link` files: what `setup.py develop` leaves in the place of an installed distribution.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::{cures, files};
use crate::environment::Survey;
use crate::findings::{Code, Cure, Finding, Proof, recipes};
use crate::host::path::module;
use crate::sentence;
use crate::startup::MissingPath;

/// A missing path that a link file names as well.
pub fn of_line(survey: &Survey<'_>, missing: &MissingPath) -> Option<Finding> {
    let folder = survey.parent(missing.file.as_bstr());
    let links = links(survey, folder.as_bstr());
    let (link, line, _) = links.into_iter().find(|(_, _, target)| *target == missing.path)?;
    let (file, number) = (missing.file.as_bstr(), missing.line);
    let removal = cures::delete_line(survey, file, number);
    let cure = gone(survey, link.as_bstr(), missing.path.as_bstr());
    let cure = Cure { commands: [cure.commands, removal.commands].concat(), ..cure };
    Some(
        finding(link.as_bstr(), line.as_bstr(), missing.path.as_bstr())
            .proof(files::line_proof(survey, file, number, missing.path.as_bstr()))
            .cure(cure),
    )
}

/// Links whose folder is gone although no `.pth` file names it.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let told: HashSet<&BString> = survey.resolution.missing.iter().map(|missing| &missing.path).collect();
    for site in survey.own_site_folders() {
        for (link, line, target) in links(survey, site.path.as_bstr()) {
            if told.contains(&target) || !survey.is_missing(target.as_bstr()) {
                continue;
            }
            let cure = gone(survey, link.as_bstr(), target.as_bstr());
            findings.push(finding(link.as_bstr(), line.as_bstr(), target.as_bstr()).cure(cure));
        }
    }
}

fn finding(link: &BStr, line: &BStr, target: &BStr) -> Finding {
    Finding::new(Code::EggLinkStale, sentence!(link, " leads to ", target, ", which does not exist"))
        .proof(Proof::line(link, 1, line).marking(line.trim()))
        .effect("what was installed from there in development mode cannot be imported, and pip does not list it")
}

/// The link files of a folder that start-up has listed: file, first line, and the folder that it names.
fn links(survey: &Survey<'_>, folder: &BStr) -> Vec<(BString, BString, BString)> {
    let Some(names) = survey.ask.known_listing(folder) else { return Vec::new() };
    let names = names.iter().filter(|name| name.ends_with(b".egg-link"));
    let links = names.filter_map(|name| {
        let file = survey.join(folder, name);
        let content = files::content(survey, file.as_bstr()).ok()?;
        let line = content.lines().next()?.as_bstr().to_owned();
        let target = module::normpath(survey.flavour(), survey.join(folder, line.trim()).as_bstr());
        (!line.trim().is_empty()).then_some((file, line, target))
    });
    links.collect()
}

fn gone(survey: &Survey<'_>, link: &BStr, target: &BStr) -> Cure {
    let advice = sentence!("install the project again from where it is now, or remove what is left of ", target);
    Cure::advice(advice).command(recipes::remove_file(survey, link))
}
