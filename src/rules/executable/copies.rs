//! Copied interpreters whose base has been upgraded since.

use bstr::{BStr, BString, ByteSlice};
use data_encoding::HEXLOWER;

use super::library::is_copy;
use crate::environment::Survey;
use crate::host::Platform;
use crate::interpreter::{self, Implementation, Version};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static COPY_OUTDATED: Rule = Rule {
    code: Code("VD130"),
    name: "copy-outdated",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The copied interpreter of the environment is a different build than the current interpreter of its base.",
    why: "\
An environment created with --copies keeps the interpreter of that day, but takes the standard library and its \
extension modules from the base, which is upgraded. The two then no longer match: `cannot import name …` from the \
standard library, `undefined symbol` in lib-dynload; and security fixes of the interpreter do not arrive.",
    example: "\
$ env/bin/python -V
Python 3.12.1
$ /opt/py/bin/python3.12 -V
Python 3.12.4",
    fix: "Replace the copy with the current interpreter of the base, which has the same minor version and ABI.",
    sources: &["pypa/virtualenv#821", "spotify/dh-virtualenv#48"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&COPY_OUTDATED], judges: &[Judge { when: When::Environment(130), find }] };

/// How much of a header is read: `patchlevel.h` has about one KiB.
const LARGEST_HEADER: u64 = 64 << 10;

/// Finds a copy that is no longer the same build as the interpreter in `home`, whose standard library it uses.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let identification = &survey.resolution.identification;
    let Some(file) = identification.file.as_ref().filter(|_| identification.problem.is_none()) else { return };
    let is_cpython = identification.interpreter.implementation == Implementation::CPython;
    let is_judged = is_cpython && survey.platform() != Platform::Windows && is_copy(survey, file.as_bstr());
    let Some((version, home)) = survey.version().zip(survey.cfg_line("home")).filter(|_| is_judged) else { return };
    let flags = identification.interpreter.compiled.abi_thread.clone().unwrap_or_default();
    let name = sentence!("python", version.short(), flags);
    let Ok(base) = survey.ask.real_path(survey.join(&home.value, &name).as_bstr()) else { return };
    if !survey.is_file(base.as_bstr()) || survey.same_file(base.as_bstr(), file.as_bstr()) {
        return;
    }
    let Some(all_evidence) = difference(survey, file.as_bstr(), base.as_bstr(), &name, version) else { return };
    let line = survey.cfg().map(|cfg| Evidence::line(cfg, home.number, home.text.clone()).marking(&home.value));
    findings.push(
        Finding::new(&COPY_OUTDATED, sentence!(file, " is a copy of a different build than the current ", base))
            .all_evidence(all_evidence)
            .all_evidence(line)
            .effect(
                "the standard library and its extension modules come from the base: imports from them can fail, \
                     and fixes of the interpreter itself do not arrive",
            )
            .fix(fix(survey, file.as_bstr(), base.as_bstr())),
    );
}

/// What shows that the two are different builds: their micro versions, or the build IDs that the linker gave them.
fn difference(
    survey: &Survey<'_>,
    file: &BStr,
    base: &BStr,
    name: &BString,
    version: Version,
) -> Option<Vec<Evidence>> {
    let prefix = survey.parent(survey.parent(base).as_bstr());
    let library = survey.resolution.identification.interpreter.library.as_ref();
    let is_shared = library.is_some_and(|library| survey.is_below(library.as_bstr(), prefix.as_bstr()));
    // Where both load the library of the base, they have the version of that library.
    let released = if is_shared { None } else { released(survey, &prefix, name) };
    if let Some((released, header)) = released.filter(|(released, _)| released.minor == version.minor)
        && version.micro.is_some_and(|micro| released.micro != Some(micro))
    {
        let (copy, now) = (format!("is Python {version}"), format!("says that the base is Python {released}"));
        return Some(vec![Evidence::about(file, copy), Evidence::about(header, now)]);
    }
    let build_id = |path: &BStr| interpreter::build_id(survey.ask, path);
    let (copied, now) = (build_id(file)?, build_id(base)?);
    let evidence = |path: &BStr, id: &[u8]| Evidence::about(path, sentence!("has the build ID ", HEXLOWER.encode(id)));
    (copied != now).then(|| vec![evidence(file, &copied), evidence(base, &now)])
}

/// The version that the headers of the base name.
fn released(survey: &Survey<'_>, prefix: &BString, name: &BString) -> Option<(Version, BString)> {
    let header = survey.join(survey.join(survey.join(prefix, "include"), name), "patchlevel.h");
    let content = survey.ask.read(header.as_bstr(), LARGEST_HEADER).ok()?;
    let text = interpreter::define(&content, "PY_VERSION")?;
    Some((text.parse().ok()?, header))
}

/// Replaces the copies with the build of the base, which has the same minor version and ABI.
fn fix(survey: &Survey<'_>, file: &BStr, base: &BStr) -> Fix {
    let size = survey.metadata(file).map(|metadata| metadata.len).ok();
    let launchers = survey.launchers().into_iter().filter(|launcher| launcher.target.is_none());
    let copies = launchers.filter(|launcher| launcher.end.as_ref().is_ok_and(|end| Some(end.len) == size));
    let lines = copies.map(|copy| fixes::copy(survey, base, copy.path.as_bstr()));
    Fix::advice(sentence!("replace the copy with the current ", base)).commands(lines).safe()
}
