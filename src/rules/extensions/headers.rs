//! VD702 to VD704 and VD710: extension modules whose headers do not fit this Python, although their names do.

use bstr::{BString, ByteSlice};

use super::support::place::file_of;
use crate::environment::{Abi, Distribution, ExtensionName, Place, Survey, System};
use crate::interpreter::shared_object::{self, Format, SharedObject};
use crate::rules::record_evidence::record_line;
use crate::rules::{Code, Confidence, Evidence, Finding, Rule, Severity, Topic, fixes};
use crate::text::number::count;
use crate::text::sentence;

pub(in crate::rules) static EXTENSION_OTHER_ARCHITECTURE: Rule = Rule {
    code: Code("VD702"),
    name: "extension-other-architecture",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Extension modules are built for a different processor architecture than this Python.",
    why: "\
If the tag in the file name names another architecture, the importer does not see the file. If the tag fits or there is \
none, the dynamic loader rejects the file: wrong ELF class, or, misleadingly, cannot open shared object file: No such \
file or directory for a file that exists. Images and caches that are shared between machines cause this. On macOS, wheels \
for one processor were installed by a Python that ran as the other: incompatible architecture (have 'x86_64', need 'arm64').",
    example: "\
$ file -b .venv/lib/python3.12/site-packages/_cffi_backend.cpython-312-x86_64-linux-gnu.so
ELF 64-bit LSB shared object, ARM aarch64, version 1 (SYSV)",
    fix: "Reinstall the distribution on this machine.",
    sources: &["pyca/cryptography#8170", "conda/conda#11192"],
};

pub(in crate::rules) static EXTENSION_OTHER_LIBC: Rule = Rule {
    code: Code("VD703"),
    name: "extension-other-libc",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Extension modules are built for a different C library than the one that this Python uses.",
    why: "\
Wheels for glibc (manylinux) do not run on musl (Alpine), and vice versa. From 3.10 on, the tag names the C library, so \
the importer does not see the file; a file without a tag fails in the dynamic loader, which does not find \
libc.musl-x86_64.so.1 or symbols of glibc. Environments that are copied between images cause this.",
    example: "\
$ ls .venv/lib/python3.12/site-packages/_cffi_backend*
_cffi_backend.cpython-312-x86_64-linux-musl.so",
    fix: "Recreate the environment in the image in which it is used.",
    sources: &["bpo-43112", "astral-sh/uv#6782"],
};

pub(in crate::rules) static EXTENSION_TRUNCATED: Rule = Rule {
    code: Code("VD704"),
    name: "extension-truncated",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "An extension module is empty or truncated.",
    why: "\
A full disk, an interrupted installation or a placeholder of a synchronized directory leaves an incomplete file. The \
importer finds it by its name, and the dynamic loader reports: file too short, or invalid ELF header. One module of \
each distribution is read, and all of them by `check --files`.",
    example: "\
$ stat -c %s .venv/lib/python3.12/site-packages/_cffi_backend.cpython-312-x86_64-linux-gnu.so
0",
    fix: "Reinstall the distribution.",
    sources: &["glibc elf/dl-load.c: open_verify"],
};

pub(in crate::rules) static EXTENSION_OTHER_SYSTEM: Rule = Rule {
    code: Code("VD710"),
    name: "extension-other-system",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Extension modules are built for a different operating system.",
    why: "\
Modules for Windows end in .pyd, and those for macOS have darwin in their tag. On Linux, the importer sees neither, and \
the dynamic loader rejects a Mach-O or PE file with a fitting name. Environments that are copied into containers or to \
shared directories cause this, and so does `pip install --platform`. Wheels that run on every system and contain files \
for each are not reported.",
    example: "\
$ ls .venv/lib/python3.12/site-packages/yaml
__init__.py  _yaml.cp312-win_amd64.pyd",
    fix: "\
Reinstall the distribution on this system; recreate the environment if all of it comes from another system.",
    sources: &["CPython Python/dynload_win.c: _PyImport_DynLoadFiletab", "PEP 425"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&EXTENSION_OTHER_ARCHITECTURE, &EXTENSION_OTHER_LIBC, &EXTENSION_TRUNCATED, &EXTENSION_OTHER_SYSTEM],
    judges: &[],
};

/// Reads the headers of one module of a distribution, since the others were built in the same way; those of all modules
/// in a thorough check.
pub fn find(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    let abi = survey.abi().filter(|abi| matches!(abi.system, System::Linux | System::Macos))?;
    let contents = distribution.contents(survey).ok()?;
    let candidates = contents.modules.iter().filter_map(|place| Some((place, named(&place.path)?)));
    let mut candidates: Vec<_> = candidates.filter(|(_, name)| abi.misfit(name).is_none()).collect();
    // A file with a tag is certainly a module; a bare `.so` may be any library.
    candidates.sort_by_key(|(_, name)| name.tag.is_none());
    let most = if survey.is_thorough() { candidates.len() } else { 1 };
    candidates.iter().take(most).find_map(|(place, name)| judge(survey, distribution, abi, place, name))
}

fn named(path: &BString) -> Option<ExtensionName<'_>> {
    let start = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
    ExtensionName::parse(path[start..].as_bstr())
}

fn judge(
    survey: &Survey<'_>,
    distribution: &Distribution,
    abi: &Abi,
    place: &Place,
    name: &ExtensionName<'_>,
) -> Option<Finding> {
    let file = file_of(survey, distribution, place)?;
    let function = [b"PyInit_", name.stem.as_bytes()].concat();
    // A tag that names the C library has been compared, and only modules have one.
    let is_compared = name.tag.as_ref().is_some_and(|tag| tag.libc().is_some());
    let wanted = (!is_compared).then_some(function.as_slice());
    let object = shared_object::inspect(survey.ask, file.as_bstr(), wanted).ok()?;
    let mismatch = truncated(&file, place, &object).or_else(|| {
        // Libraries for several architectures may be next to each other; a module is recognized by its tag or its exports.
        let is_module = name.tag.is_some() || object.defines == Some(true);
        is_module.then(|| mismatch(survey, &file, abi, &object)).flatten()
    })?;
    let finding = Finding::new(mismatch.rule, mismatch.message)
        .severity(mismatch.severity)
        .evidence(Evidence::about(file, mismatch.evidence))
        .evidence(record_line(survey, distribution, place.line, &place.path))
        .effect(mismatch.effect)
        .fix(fixes::reinstall(survey, distribution));
    Some(finding)
}

/// What the headers of a file show, before it is a finding.
struct Mismatch {
    rule: &'static Rule,
    severity: Severity,
    message: BString,
    evidence: BString,
    effect: &'static str,
}

/// The file is incomplete. A size below the recorded one does not show that: Linux distributions strip modules after
/// their size was recorded.
fn truncated(file: &BString, place: &Place, object: &SharedObject) -> Option<Mismatch> {
    let evidence: BString = if object.is_truncated {
        format!("it ends after {}, earlier than its headers say", count(object.size, "byte")).into()
    } else if object.format == Format::Empty && place.size != Some(0) {
        "it is empty".into()
    } else {
        return None;
    };
    Some(Mismatch {
        rule: &EXTENSION_TRUNCATED,
        severity: Severity::Error,
        message: sentence!(file, " is damaged: ", evidence),
        evidence,
        effect: "the dynamic loader cannot load it: ImportError, file too short or invalid ELF header",
    })
}

/// The first of system, architecture and C library that differs from this Python's.
fn mismatch(survey: &Survey<'_>, file: &BString, abi: &Abi, object: &SharedObject) -> Option<Mismatch> {
    match object.format {
        Format::MachO if abi.system == System::Macos => other_slice(survey, file, object),
        Format::MachO => Some(other_system(file, "macOS (Mach-O)", abi)),
        Format::Elf if abi.system == System::Macos => Some(other_system(file, "Linux (ELF)", abi)),
        Format::Pe => Some(other_system(file, "Windows (PE)", abi)),
        _ if abi.system == System::Macos => None,
        _ => {
            let (own, (machine, words)) = (abi.machine()?, object.machine.as_ref()?);
            if *machine == own {
                return other_libc(file, abi, object);
            }
            Some(Mismatch {
                rule: &EXTENSION_OTHER_ARCHITECTURE,
                severity: Severity::Error,
                message: sentence!(file, " is built for ", words, ", but this Python is not"),
                evidence: format!("e_machine is {}, but that of this Python is {}", machine.elf, own.elf).into(),
                effect: "the dynamic loader rejects it: ImportError, wrong ELF class, or cannot open shared object file",
            })
        }
    }
}

/// A Mach-O file without a part for the processor as which this Python runs.
fn other_slice(survey: &Survey<'_>, file: &BString, object: &SharedObject) -> Option<Mismatch> {
    let facts = &survey.resolution.identification.interpreter.evidence;
    let own = facts.iter().find(|fact| fact.fact == "architecture").map(|fact| fact.value.to_string())?;
    // Code for other subtypes of the same processor may be loaded.
    let is_alike = |name: &String| name.trim_end_matches(['e', 'h']) == own.trim_end_matches(['e', 'h']);
    if object.architectures.is_empty() || object.architectures.iter().any(is_alike) {
        return None;
    }
    let names = object.architectures.join(", ");
    Some(Mismatch {
        rule: &EXTENSION_OTHER_ARCHITECTURE,
        severity: Severity::Error,
        message: sentence!(file, " is built for ", names, ", but this Python runs as ", own),
        evidence: sentence!("its slices are for ", names),
        effect: "dyld rejects it: ImportError, mach-o file, but is an incompatible architecture",
    })
}

fn other_system(file: &BString, system: &str, abi: &Abi) -> Mismatch {
    Mismatch {
        rule: &EXTENSION_OTHER_SYSTEM,
        severity: Severity::Error,
        message: sentence!(file, " is a library for ", system, ", but this is ", abi.system.name()),
        evidence: sentence!("has the format of ", system),
        effect: if abi.system == System::Macos {
            "dyld rejects it: ImportError, slice is not valid mach-o file"
        } else {
            "the dynamic loader rejects it: ImportError, invalid ELF header"
        },
    }
}

fn other_libc(file: &BString, abi: &Abi, object: &SharedObject) -> Option<Mismatch> {
    let (libc, own) = object.libc.zip(abi.libc()).filter(|(libc, own)| libc != own)?;
    let library = if libc == "musl" { "libc.musl-…" } else { "libc.so.6" };
    Some(Mismatch {
        rule: &EXTENSION_OTHER_LIBC,
        // Compatibility libraries let musl load modules that were built for glibc.
        severity: if own == "musl" { Severity::Warning } else { Severity::Error },
        message: sentence!(file, " needs the C library ", libc, ", but this Python uses ", own),
        evidence: sentence!("its needed libraries include ", library),
        effect: "the dynamic loader does not find that library, or symbols of it",
    })
}
