//! Whether a distribution was installed from a wheel for this interpreter.

use bstr::{BStr, ByteSlice};

use crate::environment::{Abi, Distribution, Form, Headers, Survey, System, Tag};
use crate::interpreter::Implementation;
use crate::rules::{Code, Confidence, Evidence, Finding, Rule, Severity, Topic, extensions, fixes};
use crate::text::sentence;

pub(in crate::rules) static WHEEL_TAG_INCOMPATIBLE: Rule = Rule {
    code: Code("VD618"),
    name: "wheel-tag-incompatible",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A distribution was installed from a wheel that no installer would choose for this Python.",
    why: "\
The tags in WHEEL say for which Python, ABI and platform the wheel was built. Installers compare them once; startup \
and imports never do. They do not match after `pip install --target --platform`, and in copied environments. Pure \
Python code may work nevertheless, extension modules and programs do not. Newer versions of `pip check` and `uv pip \
check` report this.",
    example: "\
$ grep Tag .venv/lib/python3.12/site-packages/ruff-0.4.0.dist-info/WHEEL
Tag: py3-none-win_amd64",
    fix: "Reinstall the distribution with this environment's installer.",
    sources: &["PEP 425", "pip docs: pip check"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&WHEEL_TAG_INCOMPATIBLE], judges: &[] };

/// Processors as wheel tags spell them, with their ELF machine number and whether they have 64 bits.
const PROCESSORS: [(&[u8], u16, bool); 10] = [
    (b"x86_64", 62, true),
    (b"aarch64", 183, true),
    (b"i686", 3, false),
    (b"i386", 3, false),
    (b"armv7l", 40, false),
    (b"armv6l", 40, false),
    (b"ppc64le", 21, true),
    (b"s390x", 22, true),
    (b"riscv64", 243, true),
    (b"loongarch64", 258, true),
];
/// How many tags are shown as evidence.
const MOST_EVIDENCE: usize = 3;

/// Compares the tags in `WHEEL` with the interpreter. Where extension modules themselves do not match, another rule
/// reports them.
pub fn find(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    if distribution.form != Form::DistInfo {
        return None;
    }
    // If it installed neither extension modules nor programs, only the tag itself can be wrong.
    let contents = distribution.contents(survey).ok();
    let is_pure = contents
        .is_some_and(|contents| contents.modules.is_empty() && !(contents.reaches_out && survey.has_other_programs()));
    if is_pure && !survey.is_thorough() {
        return None;
    }
    let abi = survey.abi()?;
    let path = survey.join(distribution.path(survey), "WHEEL");
    let headers = Headers::of(survey, path.as_bstr()).ok()?;
    let reasons: Option<Vec<&str>> = headers.tags.iter().map(|tag| mismatch(abi, tag.value.as_bstr())).collect();
    let reason = *reasons?.first()?;
    let modules = contents.map_or(&[][..], |contents| &contents.modules);
    if !modules.is_empty() && extensions::tells(survey, distribution) {
        return None;
    }
    let tags = bstr::join(", ", headers.tags.iter().take(MOST_EVIDENCE).map(|tag| &tag.value));
    let message = sentence!(
        distribution.title(),
        " was installed from a wheel for ",
        reason,
        " (",
        tags,
        "), but this is ",
        abi.words()
    );
    let evidence =
        |tag: &crate::environment::Field| Evidence::line(path.clone(), tag.line, tag.text.clone()).marking(&tag.value);
    let finding = Finding::new(&WHEEL_TAG_INCOMPATIBLE, message)
        .severity(if modules.is_empty() { Severity::Warning } else { Severity::Error })
        .all_evidence(headers.tags.iter().take(MOST_EVIDENCE).map(evidence))
        .effect(
            "installers compare tags only once, and imports never do: compiled code for another target fails when it is used",
        )
        .fix(fixes::reinstall(survey, distribution));
    Some(finding)
}

/// What a tag such as `cp312-cp312-manylinux_2_17_x86_64` is for, if it does not fit; none if it may fit.
fn mismatch(abi: &Abi, tag: &BStr) -> Option<&'static str> {
    let mut parts = tag.splitn_str(3, "-");
    let (python, binary, platform) = (parts.next()?, parts.next()?, parts.next()?);
    let all = |text: &[u8], differs: &dyn Fn(&[u8]) -> bool| text.split_str(".").all(differs);
    if all(platform, &|one| is_other_system(abi, one)) {
        Some("another system")
    } else if all(python, &|one| is_other_python(abi, one, binary)) || all(binary, &|one| is_other_abi(abi, one)) {
        Some("another Python")
    } else if all(platform, &|one| is_other_processor(abi, one)) {
        Some("another processor")
    } else if all(platform, &|one| is_other_libc(abi, one)) {
        Some("another C library")
    } else {
        None
    }
}

fn is_other_python(abi: &Abi, python: &[u8], binary: &[u8]) -> bool {
    let digits = |text: &[u8]| text.get(1..).and_then(|rest| rest.to_str().ok()?.parse::<u8>().ok());
    let own = abi.version.1;
    if let Some(release) = python.strip_prefix(b"py") {
        return match release.first() {
            Some(b'2') => true,
            Some(b'3') => digits(release).is_some_and(|needed| needed > own),
            _ => false,
        };
    }
    if let Some(release) = python.strip_prefix(b"cp") {
        if abi.implementation != Implementation::CPython || release.first() == Some(&b'2') {
            return true;
        }
        let Some(needed) = digits(release) else { return false };
        return if binary.starts_with(b"abi3") { needed > own } else { needed != own };
    }
    python.starts_with(b"pp") && abi.implementation == Implementation::CPython
}

fn is_other_abi(abi: &Abi, binary: &[u8]) -> bool {
    if abi.implementation != Implementation::CPython || !binary.starts_with(b"cp") {
        return false;
    }
    let known = Tag::parse(binary.as_bstr());
    known.is_some_and(|tag| tag.version != Some(abi.version) || tag.free_threaded != abi.free_threaded)
}

fn is_other_system(abi: &Abi, platform: &[u8]) -> bool {
    let starts = |prefix: &[u8]| platform.starts_with(prefix);
    let system = if starts(b"manylinux") || starts(b"musllinux") || starts(b"linux_") {
        System::Linux
    } else if starts(b"macosx_") {
        System::Macos
    } else if starts(b"win_") || platform == b"win32" {
        System::Windows
    } else {
        return false;
    };
    system != abi.system
}

fn is_other_processor(abi: &Abi, platform: &[u8]) -> bool {
    let Some(machine) = abi.machine().filter(|_| abi.system == System::Linux) else { return false };
    let known =
        PROCESSORS.iter().find(|(name, ..)| platform.strip_suffix(*name).is_some_and(|rest| rest.ends_with(b"_")));
    known.is_some_and(|(_, elf, is_64)| (*elf, *is_64) != (machine.elf, machine.is_64))
}

fn is_other_libc(abi: &Abi, platform: &[u8]) -> bool {
    match abi.libc() {
        Some("gnu") => platform.starts_with(b"musllinux"),
        Some("musl") => platform.starts_with(b"manylinux"),
        _ => false,
    }
}
