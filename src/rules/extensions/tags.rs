//! VD701: extension modules whose file names have the tag of another Python. A tag of another system, architecture, C
//! library, build or implementation is a finding of the rule about that.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::headers::{EXTENSION_OTHER_ARCHITECTURE, EXTENSION_OTHER_LIBC, EXTENSION_OTHER_SYSTEM};
use super::site_dir::{FREE_THREADED_MISMATCH, IMPLEMENTATION_MISMATCH};
use super::support::place::file_of;
use crate::environment::{Abi, Distribution, ExtensionName, Headers, Misfit, Place, Survey, System, Tag};
use crate::rules::record_evidence::record_line;
use crate::rules::{Code, Confidence, Finding, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static EXTENSION_OTHER_PYTHON: Rule = Rule {
    code: Code("VD701"),
    name: "extension-other-python",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Extension modules are built for a different version of Python, so this Python does not see them.",
    why: "\
The importer looks for a fixed list of suffixes: its own tag (.cpython-312-x86_64-linux-gnu.so), the stable ABI \
(.abi3.so), and a bare .so. It does not reject a file with another tag, but does not see it: No module named \
'numpy.core._multiarray_umath', or a report of a circular import. A site-packages directory that is copied or shared \
between versions causes this. Files for several tags next to each other are usual: one of them has to fit.",
    example: "\
$ ls .venv/lib/python3.12/site-packages/yaml
_yaml.cpython-311-x86_64-linux-gnu.so  __init__.py",
    fix: "Reinstall the distribution with this environment's installer.",
    sources: &["PEP 3149", "numpy/numpy#24586", "CPython Python/dynload_shlib.c: _PyImport_DynLoadFiletab"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&EXTENSION_OTHER_PYTHON], judges: &[] };

/// At most this many modules are shown as evidence.
const MOST_EVIDENCE: usize = 5;

/// A module without a file that fits the interpreter.
struct Unfit<'c> {
    place: &'c Place,
    file: BString,
    why: Misfit,
}

/// Judges the names of all extension modules of a distribution. Several files for one module are usual: one of them has
/// to fit.
pub fn find(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    let abi = survey.abi()?;
    let modules = &distribution.contents(survey).ok()?.modules;
    let named = || modules.iter().filter_map(|place| Some((place, module(&place.path)?)));
    let misfits = || named().filter_map(|(place, module)| Some((place, module.dir, abi.misfit(&module.name)?)));
    misfits().next()?;
    let fitting: HashSet<(&BStr, &BStr)> = named()
        .filter(|(_, module)| abi.misfit(&module.name).is_none())
        .map(|(_, module)| (module.dir, module.name.stem))
        .collect();
    let sources = sources(survey, distribution);
    let mut seen = HashSet::new();
    let unfit: Vec<Unfit<'_>> = named()
        .filter_map(|(place, module)| {
            let why = abi.misfit(&module.name)?;
            let key = (module.dir, module.name.stem);
            let is_elsewhere = fitting.contains(&key) || sources.contains(&bstr::concat([key.0.as_bytes(), key.1]));
            if is_elsewhere || !seen.insert(key) {
                return None;
            }
            Some(Unfit { place, file: file_of(survey, distribution, place)?, why })
        })
        .collect();
    // A bare `.so` does not show that a module fits: it may be a library that modules need.
    let none_fits = !named().any(|(_, module)| module.name.tag.is_some() && abi.misfit(&module.name).is_none());
    finding(survey, distribution, abi, &unfit, none_fits)
}

/// The path of an extension module, split.
struct Module<'p> {
    dir: &'p BStr,
    name: ExtensionName<'p>,
}

/// Splits a path into its directory, with the slash, and the parts of its name.
fn module(path: &BString) -> Option<Module<'_>> {
    let start = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
    let (dir, name) = path.split_at(start);
    Some(Module { dir: dir.as_bstr(), name: ExtensionName::parse(name.as_bstr())? })
}

/// The modules that have Python source, which the importer uses if no compiled file fits.
fn sources(survey: &Survey<'_>, distribution: &Distribution) -> HashSet<Vec<u8>> {
    let Ok(record) = distribution.record(survey) else { return HashSet::new() };
    let stem = |path: &[u8]| -> Option<Vec<u8>> {
        Some(path.strip_suffix(b"/__init__.py").or_else(|| path.strip_suffix(b".py"))?.to_vec())
    };
    record.entries().filter_map(|entry| stem(&entry.path)).collect()
}

fn finding(
    survey: &Survey<'_>,
    distribution: &Distribution,
    abi: &Abi,
    unfit: &[Unfit<'_>],
    none_fits: bool,
) -> Option<Finding> {
    let anywhere = runs_anywhere(survey, distribution);
    // A wheel for every system contains the files for each.
    let unfit: Vec<&Unfit<'_>> = unfit.iter().filter(|one| !(anywhere && one.why == Misfit::System)).collect();
    let first = unfit.first()?;
    let path = survey.join(&distribution.site, &first.place.path);
    let (rule, built_for) = target(&first.place.path, first.why)?;
    let own = own_target(abi, first.why)?;
    let more = if unfit.len() == 1 { String::new() } else { format!(", and so are {} more", unfit.len() - 1) };
    let message = sentence!(path, " is built for ", built_for, more, "; this Python ", own);
    let is_error = none_fits && !anywhere;
    let finding = Finding::new(rule, message)
        .severity(if is_error { Severity::Error } else { Severity::Warning })
        .all_evidence(
            unfit
                .iter()
                .take(MOST_EVIDENCE)
                .map(|one| record_line(survey, distribution, one.place.line, &one.place.path)),
        )
        .effect(effect(abi, &first.file))
        .fix(fixes::reinstall(survey, distribution));
    Some(finding)
}

/// What the tag of a file says it is built for, and the rule that this breaks.
fn target(path: &BString, why: Misfit) -> Option<(&'static Rule, String)> {
    let name = module(path)?.name;
    let tag = name.tag.as_ref();
    Some(match why {
        Misfit::System if name.is_pyd => (&EXTENSION_OTHER_SYSTEM, "Windows".to_owned()),
        Misfit::System => (&EXTENSION_OTHER_SYSTEM, tag.map_or(System::Windows, Tag::system).name().to_owned()),
        Misfit::Implementation => (&IMPLEMENTATION_MISMATCH, tag?.words()),
        Misfit::Python => (&EXTENSION_OTHER_PYTHON, tag?.words()),
        Misfit::Threading => (&FREE_THREADED_MISMATCH, threading(tag?.free_threaded, &tag?.words())),
        Misfit::Processor => (&EXTENSION_OTHER_ARCHITECTURE, tag?.processor()?.to_string()),
        Misfit::Libc => (&EXTENSION_OTHER_LIBC, format!("the C library {}", tag?.libc()?)),
    })
}

/// What this Python is in the same respect, as the end of a sentence.
fn own_target(abi: &Abi, why: Misfit) -> Option<String> {
    Some(match why {
        Misfit::System => format!("runs on {}", abi.system.name()),
        Misfit::Processor => format!("is built for {}", abi.tag()?.processor()?),
        Misfit::Libc => format!("is built for the C library {}", abi.libc()?),
        Misfit::Threading => format!("is {}", threading(abi.free_threaded, &abi.words())),
        Misfit::Implementation | Misfit::Python => format!("is {}", abi.words()),
    })
}

/// A build in words that always say whether it is free-threaded.
fn threading(free_threaded: bool, words: &str) -> String {
    let words = words.trim_end_matches(", free-threaded");
    if free_threaded { format!("{words}, free-threaded") } else { format!("{words} with the GIL") }
}

/// What the importer does with a file whose tag does not fit.
pub(super) fn effect(abi: &Abi, file: &BString) -> BString {
    let own = abi.suffix();
    let name = memchr::memrchr(b'/', file).map_or(file.as_slice(), |slash| &file[slash + 1..]);
    let stem = name.split_str(".").next().unwrap_or_default();
    if own.is_empty() {
        return sentence!("the importer does not see the file: No module named '…", stem, "'");
    }
    sentence!("the importer looks for ", stem, own, " and ignores this file: No module named '…", stem, "'")
}

/// Whether the metadata of the wheel says that it runs on every system.
fn runs_anywhere(survey: &Survey<'_>, distribution: &Distribution) -> bool {
    let path = survey.join(distribution.path(survey), "WHEEL");
    Headers::of(survey, path.as_bstr())
        .is_ok_and(|headers| headers.tags.iter().any(|tag| tag.value.ends_with(b"-none-any")))
}
