//! What the headers of extension modules say, where their names say nothing.

use bstr::{BString, ByteSlice};

use super::file_of;
use crate::environment::{Abi, Distribution, ExtensionName, Place, Survey, System};
use crate::interpreter::shared_object::{self, Format, SharedObject};
use crate::rules::all_evidence::record_line;
use crate::rules::{Code, Evidence, Finding, fixes};
use crate::text::sentence;

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
            finding(Code::ExtensionTruncated, message, evidence)
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
        let finding = finding(Code::ExtensionOtherSystem, message, format!("its format is that of {system}").into());
        return Some(finding.effect("the dynamic loader refuses it: ImportError, invalid ELF header"));
    }
    let own = abi.machine()?;
    let (machine, words) = object.machine.as_ref()?;
    if *machine != own {
        let message = sentence!(file, " is built for ", words, ", and this Python is not");
        let evidence = format!("e_machine is {}, that of this Python {}", machine.elf, own.elf).into();
        return Some(finding(Code::ExtensionOtherArchitecture, message, evidence).effect(
            "the dynamic loader passes over it: ImportError, wrong ELF class, or cannot open shared object file",
        ));
    }
    let (libc, own) = object.libc.zip(abi.libc()).filter(|(libc, own)| libc != own)?;
    let library = if libc == "musl" { "libc.musl-…" } else { "libc.so.6" };
    let message = sentence!(file, " needs the C library ", libc, ", and this Python runs on ", own);
    let finding = finding(Code::ExtensionOtherLibc, message, sentence!("its needed libraries name ", library));
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
