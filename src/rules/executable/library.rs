//! Interpreters that run with the shared library of another installation.

use bstr::{BStr, BString, ByteSlice};

use super::support::library_path;
use crate::environment::Survey;
use crate::host::{Metadata, Platform};
use crate::interpreter::{Hop, Version};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static LIBRARY_SUBSTITUTED: Rule = Rule {
    code: Code("VD125"),
    name: "library-substituted",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The interpreter runs with the shared library of another installation.",
    why: "\
The name libpython3.12.so.1.0 is the same in every build of 3.12. The loader searches LD_LIBRARY_PATH before the run \
path of the executable, and the directories of the system if the run path leads nowhere. Python then starts, but as \
the other build: sys.version, built-in modules and fixes are those of the library, while the standard library is \
not.",
    example: "\
$ env/bin/python -V
Python 3.11.7
$ LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu env/bin/python -V
Python 3.11.2",
    fix: "\
Unset the variable; if the library of the base is gone, point the environment's symlinks to another interpreter.",
    sources: &["ld.so(8)", "pypa/virtualenv#821"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&LIBRARY_SUBSTITUTED], judges: &[Judge { when: When::Startup(130), find }] };

/// The directories that the loader searches last, for every executable.
const SYSTEM: [&str; 5] = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"];

/// Finds a library that the dynamic loader takes from another installation.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let identification = &survey.resolution.identification;
    let (Some(file), Some(library)) = (&identification.file, &identification.interpreter.library) else { return };
    if identification.problem.is_some() || survey.platform() != Platform::Linux {
        return;
    }
    let (file, library) = (file.as_bstr(), library.as_bstr());
    if !is_system(survey, library) && !library_path::contains(survey, library) {
        return;
    }
    let Some(prefix) = prefix(survey, file) else { return };
    let found =
        overridden(survey, library, prefix.as_bstr()).or_else(|| replaced(survey, file, library, prefix.as_bstr()));
    let Some((finding, fix)) = found else { return };
    findings.push(
        finding
            .evidence(Evidence::about(library, "is the library that the dynamic loader loads"))
            .effect(
                "the library is the interpreter: version, built-in modules and fixes are those of the other \
                     installation, while the standard library and extension modules are those of this one",
            )
            .fix(fix)
            .step(super::step(survey)),
    );
}

/// The prefix of the installation that the executable is part of; for a copy in an environment, that of `home`.
fn prefix(survey: &Survey<'_>, file: &BStr) -> Option<BString> {
    let bin = if is_copy(survey, file) { survey.cfg_line("home")?.value.clone() } else { survey.parent(file) };
    let prefix = survey.parent(bin.trim_end_with(|c| c == '/').as_bstr());
    survey.is_absolute(prefix.as_bstr()).then_some(prefix)
}

/// Whether the file is in the environment itself, reached by no symlink that leads out of it.
pub fn is_copy(survey: &Survey<'_>, file: &BStr) -> bool {
    let leads_out = |hop: &Hop| hop.target.contains(&b'/');
    let is_here = !survey.resolution.identification.hops.iter().any(leads_out);
    is_here && survey.is_environment() && survey.ask.real_path(survey.bin()).is_ok_and(|bin| bin == survey.parent(file))
}

/// A directory of `LD_LIBRARY_PATH` comes before that of the executable's own library.
fn overridden(survey: &Survey<'_>, library: &BStr, prefix: &BStr) -> Option<(Finding, Fix)> {
    let list = survey.resolution.invocation.variable("LD_LIBRARY_PATH").filter(|list| !list.is_empty())?;
    if !library_path::contains(survey, library) {
        return None;
    }
    let own = own_libraries(survey, library, prefix).into_iter().find(|own| survey.is_file(own.as_bstr()))?;
    if survey.same_file(own.as_bstr(), library) {
        return None;
    }
    let executable = survey.executable();
    let message =
        sentence!(executable, " runs with ", library, " because of LD_LIBRARY_PATH, instead of its own ", own);
    let finding = Finding::new(&LIBRARY_SUBSTITUTED, message)
        .evidence(Evidence::about("LD_LIBRARY_PATH", list).marking(survey.parent(library)))
        .evidence(Evidence::about(own, "is the library of this installation"));
    Some((finding, fixes::unset(survey, "LD_LIBRARY_PATH")))
}

/// The library of a copied interpreter was removed with its base, and the system has one of the same name. Its version
/// shows that it is not the one with which the environment was created.
fn replaced(survey: &Survey<'_>, file: &BStr, library: &BStr, prefix: &BStr) -> Option<(Finding, Fix)> {
    let is_candidate = is_copy(survey, file) && is_system(survey, library) && !survey.is_below(library, prefix);
    let (version, made_with) = (survey.version()?, survey.cfg_line("version").filter(|_| is_candidate)?);
    let made_with: Version = made_with.value.to_str().ok()?.parse().ok()?;
    let is_other = made_with.minor == version.minor && made_with.micro.is_some() && version.micro.is_some();
    let wanted = survey.wanted().filter(|_| is_other && made_with.micro != version.micro)?;
    let base = survey.join(survey.join(prefix, "bin"), wanted.name());
    let mut own = own_libraries(survey, library, prefix).into_iter().chain([base]);
    if !own.all(|path| survey.is_missing(path.as_bstr())) {
        return None;
    }
    let home = survey.cfg_line("home").zip(survey.cfg());
    let evidence = home.map(|(entry, cfg)| Evidence::line(cfg, entry.number, entry.text.clone()).marking(&entry.value));
    let message = sentence!(
        file,
        " was created with Python ",
        made_with.to_string(),
        " and runs with the library of ",
        version.to_string(),
        ", ",
        library,
        ", because ",
        prefix,
        " no longer contains its own"
    );
    let fix = match survey.substitute() {
        Some(interpreter) => {
            let size = survey.metadata(file).map(|metadata| metadata.len).ok();
            let is_same = |end: &Metadata| Some(end.len) == size;
            let mut copies = survey.launchers();
            copies.retain(|one| one.target.is_none() && one.end.as_ref().is_ok_and(is_same));
            fixes::relink_names(survey, interpreter.as_bstr(), &copies)
        }
        None => fixes::recreate(survey),
    };
    Some((Finding::new(&LIBRARY_SUBSTITUTED, message).all_evidence(evidence), fix))
}

/// Whether the library is in a directory that the loader searches last.
fn is_system(survey: &Survey<'_>, library: &BStr) -> bool {
    SYSTEM.iter().any(|dir| survey.is_below(library, dir.as_bytes().as_bstr()))
}

/// Where an installation keeps its library.
fn own_libraries(survey: &Survey<'_>, library: &BStr, prefix: &BStr) -> Vec<BString> {
    let name = survey.base_name(library);
    let dirs = ["lib", "lib64"].into_iter();
    dirs.map(|dir| survey.join(survey.join(prefix, dir), &name)).collect()
}
