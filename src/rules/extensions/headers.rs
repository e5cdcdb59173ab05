//! What the headers of extension modules say, where their names say nothing.

use bstr::{BString, ByteSlice};

use super::support::place::file_of;
use crate::environment::{Abi, Distribution, ExtensionName, Place, Survey, System};
use crate::interpreter::shared_object::{self, Format, SharedObject};
use crate::rules::all_evidence::record_line;
use crate::rules::{Code, Confidence, Evidence, Finding, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static EXTENSION_OTHER_ARCHITECTURE: Rule = Rule {
    code: Code("VD702"),
    name: "extension-other-architecture",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Extension modules are built for another processor than this Python.",
    why: "\
Where the tag names another processor, the importer does not see the file. Where the tag fits or there is none, the \
dynamic loader refuses it: wrong ELF class, or, misleadingly, cannot open shared object file: No such file or \
directory for a file that is there. It comes of images and caches shared between machines.",
    example: "\
$ file -b .venv/lib/python3.12/site-packages/_cffi_backend.cpython-312-x86_64-linux-gnu.so
ELF 64-bit LSB shared object, ARM aarch64, version 1 (SYSV)",
    fix: "Install the distribution again on this machine.",
    sources: &["pyca/cryptography#8170", "conda/conda#11192"],
};

pub(in crate::rules) static EXTENSION_OTHER_LIBC: Rule = Rule {
    code: Code("VD703"),
    name: "extension-other-libc",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Extension modules are built for another C library than this Python runs on.",
    why: "\
Wheels for glibc (manylinux) do not run on musl (Alpine), and the other way round. From 3.10 on the tag names the \
library, so that the file is invisible; one without a tag fails in the dynamic loader, which finds no \
libc.musl-x86_64.so.1 or lacks symbols of glibc. It comes of environments copied between images.",
    example: "\
$ ls .venv/lib/python3.12/site-packages/_cffi_backend*
_cffi_backend.cpython-312-x86_64-linux-musl.so",
    fix: "Make the environment anew in the image in which it is used.",
    sources: &["bpo-43112", "astral-sh/uv#6782"],
};

pub(in crate::rules) static EXTENSION_TRUNCATED: Rule = Rule {
    code: Code("VD704"),
    name: "extension-truncated",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "An extension module is empty or cut short.",
    why: "\
A full disk, a killed installation or a placeholder of a synchronized directory leaves a file that ends too early. The \
importer finds it by its name, and the dynamic loader says: file too short, or invalid ELF header. One module of \
each distribution is looked at, and all of them by `check --files`.",
    example: "\
$ stat -c %s .venv/lib/python3.12/site-packages/_cffi_backend.cpython-312-x86_64-linux-gnu.so
0",
    fix: "Install the distribution again.",
    sources: &["glibc elf/dl-load.c: open_verify"],
};

pub(in crate::rules) static EXTENSION_OTHER_SYSTEM: Rule = Rule {
    code: Code("VD710"),
    name: "extension-other-system",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Extension modules are built for another operating system.",
    why: "\
Modules for Windows end in .pyd, those for macOS have darwin in their tag. On Linux neither is seen by the importer, \
and a Mach-O or PE file under a fitting name is refused by the dynamic loader. It comes of environments taken into \
containers or shared directories, and of `pip install --platform`. Wheels that run anywhere and carry files for each \
system along are not meant.",
    example: "\
$ ls .venv/lib/python3.12/site-packages/yaml
__init__.py  _yaml.cp312-win_amd64.pyd",
    fix: "\
Install the distribution again on this system; make the environment anew if all of it came from elsewhere.",
    sources: &["CPython Python/dynload_win.c: _PyImport_DynLoadFiletab", "PEP 425"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&EXTENSION_OTHER_ARCHITECTURE, &EXTENSION_OTHER_LIBC, &EXTENSION_TRUNCATED, &EXTENSION_OTHER_SYSTEM],
    judges: &[],
};

/// Reads the headers of one module of a distribution, which was built as the others were; of all, on demand.
pub fn find(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    let abi = survey.abi().filter(|abi| abi.system == System::Linux)?;
    let contents = distribution.contents(survey).ok()?;
    let candidates = contents.modules.iter().filter_map(|place| Some((place, named(&place.path)?)));
    let mut candidates: Vec<_> = candidates.filter(|(_, name)| abi.misfit(name).is_none()).collect();
    // A tag says that it is a module for sure; a bare `.so` may be any library.
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
    // A tag that names the C library has been compared, and nothing but a module has one.
    let is_told = name.tag.as_ref().is_some_and(|tag| tag.libc().is_some());
    let wanted = (!is_told).then_some(function.as_slice());
    let object = shared_object::inspect(survey.ask, file.as_bstr(), wanted).ok()?;
    let finding = |code, message: BString, evidence: BString| {
        Finding::new(code, message)
            .evidence(Evidence::about(file.clone(), evidence))
            .evidence(record_line(survey, distribution, place.line, &place.path))
            .fix(fixes::reinstall(survey, distribution))
    };
    if let Some(evidence) = damage(place, &object) {
        let message = sentence!(file, " is damaged: ", evidence);
        return Some(
            finding(&EXTENSION_TRUNCATED, message, evidence)
                .effect("the dynamic loader cannot map it: ImportError, file too short or invalid ELF header"),
        );
    }
    // Libraries for several processors may lie side by side; a module is known by its tag or by what it exports.
    if name.tag.is_none() && object.defines != Some(true) {
        return None;
    }
    if matches!(object.format, Format::MachO | Format::Pe) {
        let system = if object.format == Format::MachO { "macOS (Mach-O)" } else { "Windows (PE)" };
        let message = sentence!(file, " is a library for ", system, ", and this is Linux");
        let finding = finding(&EXTENSION_OTHER_SYSTEM, message, format!("its format is that of {system}").into());
        return Some(finding.effect("the dynamic loader refuses it: ImportError, invalid ELF header"));
    }
    let own = abi.machine()?;
    let (machine, words) = object.machine.as_ref()?;
    if *machine != own {
        let message = sentence!(file, " is built for ", words, ", and this Python is not");
        let evidence = format!("e_machine is {}, that of this Python {}", machine.elf, own.elf).into();
        return Some(finding(&EXTENSION_OTHER_ARCHITECTURE, message, evidence).effect(
            "the dynamic loader passes over it: ImportError, wrong ELF class, or cannot open shared object file",
        ));
    }
    let (libc, own) = object.libc.zip(abi.libc()).filter(|(libc, own)| libc != own)?;
    let library = if libc == "musl" { "libc.musl-…" } else { "libc.so.6" };
    let message = sentence!(file, " needs the C library ", libc, ", and this Python runs on ", own);
    let finding = finding(&EXTENSION_OTHER_LIBC, message, sentence!("its needed libraries name ", library));
    // There are shims that let musl load what was built for glibc.
    let severity = if own == "musl" { crate::rules::Severity::Warning } else { crate::rules::Severity::Error };
    Some(finding.severity(severity).effect("the dynamic loader finds no such library, or lacks symbols of it"))
}

/// What shows that the file is not whole. A size below the recorded one does not: distributions of operating systems
/// strip modules after the fact.
fn damage(place: &Place, object: &SharedObject) -> Option<BString> {
    if object.is_truncated {
        return Some(format!("it ends after {} bytes, before its headers say", object.size).into());
    }
    (object.format == Format::Empty && place.size != Some(0)).then(|| "it is empty".into())
}
