//! VD222: everything is installed for another minor release.

use bstr::ByteSlice;

use super::base;
use crate::environment::{Creator, Launcher, LibraryFolder, Survey, Wanted};
use crate::findings::{Code, Cure, Finding, Proof, recipes};
use crate::sentence;

/// Judges the folders below `lib`.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let (Some(version), true) = (survey.version(), survey.is_environment()) else { return };
    let folders = survey.library_folders();
    // A folder of the same release that differs in its `t` is a matter of the build.
    let (own, others): (Vec<&LibraryFolder>, Vec<&LibraryFolder>) =
        folders.iter().filter(|it| it.wanted.stem == "python").partition(|it| it.wanted.minor == version.minor);
    if own.iter().any(|folder| folder.holds != Some(false)) {
        return;
    }
    let full: Vec<&LibraryFolder> = others.into_iter().filter(|folder| folder.holds == Some(true)).collect();
    let Some(newest) = full.iter().max_by_key(|folder| folder.wanted.minor) else { return };
    let message = sentence!(
        "everything in ",
        survey.root(),
        " is installed for ",
        newest.wanted.name(),
        ", and its interpreter is now ",
        version.to_string()
    );
    let mut finding = Finding::new(Code::SitePackagesOrphaned, message)
        .effect(sentence!(
            "sys.path follows the version that runs, so that nobody looks into ",
            newest.path,
            ": every import of what is installed fails"
        ))
        .cure(cure(survey, &newest.wanted));
    if let Some(hop) = survey.resolution.identification.hops.last() {
        finding = finding.proof(Proof::about(hop.path.clone(), sentence!("leads to ", hop.target)));
    }
    finding = finding.proofs(full.iter().map(|folder| Proof::about(folder.path.clone(), "holds distributions")));
    findings.push(finding.step(base::step(survey, "site.venv.packages")));
}

/// The links back to the old release where that is still installed, which keeps all packages; else all anew.
fn cure(survey: &Survey<'_>, held: &Wanted) -> Cure {
    let is_kept = *survey.creator() != Creator::Conda;
    let Some(python) = survey.substitute_for(held).filter(|_| is_kept) else { return recipes::recreate(survey) };
    let links: Vec<Launcher> = survey.launchers().into_iter().filter(|launcher| launcher.target.is_some()).collect();
    let advice = sentence!(
        "link the environment to ",
        python,
        " again, which keeps what is installed; or make it anew for the new release"
    );
    let relinked = recipes::relink_names(survey, python.as_bstr(), &links);
    Cure { advice, safe: false, ..relinked }
}
