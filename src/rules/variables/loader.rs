//! Variables that make the dynamic loader prefer other copies of the libraries that Python needs.

use bstr::{BStr, BString, ByteSlice};

use super::support::settings;
use crate::environment::Survey;
use crate::host::Platform;
use crate::rules::{Code, Confidence, Evidence, Finding, Judge, Rule, Severity, Topic, When};
use crate::text::sentence;

pub(in crate::rules) static LIBRARY_PATH_OVERRIDE: Rule = Rule {
    code: Code("VD314"),
    name: "library-path-override",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "\
LD_LIBRARY_PATH, DYLD_LIBRARY_PATH or LD_PRELOAD gives other copies of libraries precedence over those that Python's \
own modules need.",
    why: "\
The dynamic loader searches these directories before the DT_RUNPATH of a library and before the system's directories; \
only the older DT_RPATH takes precedence over them. Module systems, CUDA and simulation suites ship their own OpenSSL \
and SQLite, so _ssl or _sqlite3 may load a version that they were not linked against. Which file is loaded in the end \
depends on the names that each module asks for, so this rule is heuristic.",
    example: "\
$ ls /opt/suite/lib | grep ssl
libssl.so.3
$ LD_LIBRARY_PATH=/opt/suite/lib .venv/bin/python -c 'import ssl'
ImportError: /opt/suite/lib/libssl.so.3: version `OPENSSL_3.2.0' not found",
    fix: "Set the variable only for the program that needs it, not in the profile.",
    sources: &["tox-dev/tox#17", "ld.so(8)"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&LIBRARY_PATH_OVERRIDE], judges: &[Judge { when: When::Environment(230), find }] };

/// The most directories that are listed.
const MOST: usize = 32;

/// Beginnings of the names of libraries that Python's extension modules need, with those modules.
const NEEDED: [(&str, &str); 5] = [
    ("libssl.", "_ssl"),
    ("libcrypto.", "_hashlib"),
    ("libsqlite3.", "_sqlite3"),
    ("libffi.", "_ctypes"),
    ("libexpat.", "pyexpat"),
];

/// Directories of the system's own libraries: listing them in the variable changes nothing.
const SYSTEM: [&str; 6] =
    ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"];

/// Judges the variables that the dynamic loader reads.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let (dirs, preload) = match survey.platform() {
        Platform::Linux => ("LD_LIBRARY_PATH", Some("LD_PRELOAD")),
        Platform::Macos => ("DYLD_LIBRARY_PATH", None),
        Platform::Windows => return,
    };
    if let Some(value) = settings::set(survey, dirs) {
        in_dirs(survey, dirs, value, findings);
    }
    if let Some((name, value)) = preload.and_then(|name| Some((name, settings::set(survey, name)?))) {
        preloaded(survey, name, value, findings);
    }
}

fn in_dirs(survey: &Survey<'_>, variable: &str, value: &BStr, findings: &mut Vec<Finding>) {
    let dirs: Vec<&BStr> = value.split(|byte| matches!(byte, b':' | b';')).map(BStr::new).collect();
    for (index, dir) in dirs.iter().enumerate().take(MOST) {
        if dir.is_empty() || dirs.iter().take(index).any(|other| other == dir) || is_expected(survey, dir) {
            continue;
        }
        let names = survey.list(dir);
        let hits = NEEDED.into_iter().filter_map(|(start, module)| {
            let library = names.iter().find(|name| name.starts_with(start.as_bytes()) && is_library(name))?;
            Some((library, module))
        });
        let hits: Vec<(&BString, &str)> = hits.collect();
        let Some((library, module)) = hits.first() else { continue };
        let kept = dirs.iter().copied().filter(|other| other != dir && !other.is_empty());
        let all_evidence = hits.iter().map(|(library, module)| {
            Evidence::about(survey.join(dir, library), sentence!("has the name of a library that ", module, " needs"))
        });
        findings.push(
            in_dir(variable, dir, library.as_bstr(), module)
                .evidence(settings::evidence(variable, value).marking(dir))
                .all_evidence(all_evidence)
                .fix(settings::keep(survey, variable, kept)),
        );
    }
}

fn in_dir(variable: &str, dir: &BStr, library: &BStr, module: &str) -> Finding {
    let message = sentence!(
        variable,
        " makes the dynamic loader search ",
        dir,
        " first, which contains ",
        library,
        ", so the module ",
        module,
        " probably loads that file"
    );
    let effect = sentence!(
        "if its version is not the one that Python was built with, import ",
        module,
        " fails with an undefined symbol or a missing version, or silently uses the other library"
    );
    Finding::new(&LIBRARY_PATH_OVERRIDE, message).effect(effect)
}

/// Whether libraries are expected there: in a directory of the system, of the interpreter, or of the environment.
fn is_expected(survey: &Survey<'_>, dir: &BStr) -> bool {
    let bare = dir.trim_end_with(|c| c == '/').as_bstr();
    let base = survey.resolution.sys.as_ref().map(|sys| sys.base_prefix.as_bstr());
    let library = survey.resolution.identification.interpreter.library.as_ref();
    SYSTEM.iter().any(|known| bare == *known)
        || survey.is_below(bare, survey.root())
        || base.is_some_and(|base| base != "/" && base != "/usr" && survey.is_below(bare, base))
        || library.is_some_and(|library| survey.same_file(survey.parent(library.as_bstr()).as_bstr(), bare))
}

fn is_library(name: &BString) -> bool {
    name.find(b".so").is_some() || name.ends_with(b".dylib")
}

/// Libraries that are loaded before any other. Those of profilers and allocators do not affect Python's modules.
fn preloaded(survey: &Survey<'_>, variable: &str, value: &BStr, findings: &mut Vec<Finding>) {
    let files = value.split(|byte| matches!(byte, b':' | b' ')).map(BStr::new).take(MOST);
    for file in files.filter(|file| file.contains(&b'/')) {
        let name = survey.base_name(file);
        let is_python = name.starts_with(b"libpython3");
        let own = survey.resolution.identification.interpreter.library.as_ref();
        let is_own = own.is_some_and(|own| survey.same_file(own.as_bstr(), file));
        let is_needed = NEEDED.iter().any(|(start, _)| name.starts_with(start.as_bytes()));
        if !(is_python && !is_own || is_needed) || !survey.is_file(file) {
            continue;
        }
        let message = sentence!(
            variable,
            " loads ",
            file,
            " into every program, and this Python was probably not built with that library"
        );
        let effect = "its functions replace those of the same name in the library that Python would load";
        findings.push(
            Finding::new(&LIBRARY_PATH_OVERRIDE, message)
                .evidence(settings::evidence(variable, value).marking(file))
                .effect(effect)
                .fix(crate::rules::fixes::unset(survey, variable)),
        );
    }
}
