//! VD225: the base lacks compiled modules of the standard library.

use bstr::{BStr, BString, ByteSlice};

use super::support::base;
use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::interpreter::Vendor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::{MOST_BYTES, Origin, StepId};
use crate::text::sentence;

pub(in crate::rules) static STDLIB_INCOMPLETE: Rule = Rule {
    code: Code("VD225"),
    name: "stdlib-incomplete",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The base lacks compiled modules of the standard library, such as _ssl or _ctypes.",
    why: "\
A build leaves out the modules for which it finds no headers, and reports this in the middle of its output. The \
interpreter works until a program imports ssl, ctypes, sqlite3, zlib, lzma or bz2. Modules that are built into the \
interpreter have no file of their own and are not reported.",
    example: "\
$ .venv/bin/python -c 'import ctypes'
ModuleNotFoundError: No module named '_ctypes'",
    fix: "Install the headers and rebuild the base; the environment needs no change.",
    sources: &["pyenv/pyenv#1933", "pyenv/pyenv#678"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&STDLIB_INCOMPLETE], judges: &[Judge { when: When::Environment(320), find }] };

/// Compiled modules that a build leaves out if it finds no headers, and the modules that import them.
const WANTED: [(&str, &str); 6] = [
    ("_ssl", "ssl"),
    ("_ctypes", "ctypes"),
    ("_sqlite3", "sqlite3"),
    ("zlib", "zlib"),
    ("_lzma", "lzma"),
    ("_bz2", "bz2"),
];

/// Looks for the modules in `lib-dynload`, and then among the built-in modules.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(sys) = &survey.resolution.sys else { return };
    let mut dirs = sys.path.iter().filter(|entry| entry.origin == Origin::PlatStdlib && entry.exists);
    let Some(dir) = dirs.next().filter(|_| survey.flavor() == Flavor::Posix) else { return };
    let dir = survey.absolute(dir.value.as_bstr());
    let missing = missing(survey, &dir);
    if missing.is_empty() {
        return;
    }
    let modules: Vec<&str> = missing.iter().map(|(module, _)| *module).collect();
    let uses: Vec<&str> = missing.iter().map(|(_, name)| *name).collect();
    let message = sentence!(dir, " lacks ", modules.join(", "), ", so ", uses.join(", "), " cannot be imported");
    let effect = if uses.contains(&"zlib") || uses.contains(&"ssl") {
        "pip needs ssl to download and zlib to unpack, so it cannot install anything"
    } else {
        "imports fail with No module named and the name of the compiled module, far from the cause"
    };
    findings.push(
        Finding::new(&STDLIB_INCOMPLETE, message)
            .evidence(Evidence::about(
                dir,
                sentence!("no file for ", modules.join(", "), "; not built into the interpreter either"),
            ))
            .effect(effect)
            .fix(fix(survey))
            .step(base::step(survey, StepId::ExecPrefix)),
    );
}

/// The modules that are certainly missing. If all exist, each takes one lookup of its usual name, and no directory is
/// listed.
fn missing(survey: &Survey<'_>, dir: &BString) -> Vec<&'static (&'static str, &'static str)> {
    let interpreter = &survey.resolution.identification.interpreter;
    let is_usual = |module: &str| {
        let suffix = interpreter.extension_suffix.as_ref();
        suffix.is_some_and(|suffix| survey.is_file(survey.join(dir, sentence!(module, suffix)).as_bstr()))
    };
    let is_missing = |(module, _): &&(&str, &str)| !builds_in(&interpreter.vendor, module) && !is_usual(module);
    let mut missing: Vec<_> = WANTED.iter().filter(is_missing).collect();
    if missing.is_empty() {
        return missing;
    }
    let names = survey.list(dir.as_bstr());
    missing.retain(|(module, _)| !names.iter().any(|name| is_module(name, module)));
    if missing.is_empty() || !names.iter().any(|name| name.ends_with(b".so")) {
        return Vec::new();
    }
    let Some(built_in) = built_in(survey, &survey.parent(dir.as_bstr())) else { return Vec::new() };
    missing.retain(|(module, _)| !built_in.iter().any(|name| name == module));
    missing
}

/// Whether a vendor builds a module into the interpreter, so that no lookup is needed.
fn builds_in(vendor: &Vendor, module: &str) -> bool {
    match vendor {
        Vendor::PythonBuildStandalone => true,
        Vendor::Debian => module == "zlib",
        _ => false,
    }
}

fn is_module(name: &BString, module: &str) -> bool {
    name.strip_prefix(module.as_bytes()).is_some_and(|rest| rest.starts_with(b".") && rest.ends_with(b".so"))
}

/// The modules that are built into the interpreter, as the build recorded them; none where that is unknown.
fn built_in(survey: &Survey<'_>, stdlib: &BString) -> Option<Vec<BString>> {
    let names = survey.list(stdlib.as_bstr());
    let files = names.iter().filter(|name| name.starts_with(b"_sysconfigdata_") && name.ends_with(b".py"));
    let contents = files.filter_map(|name| survey.ask.read(survey.join(stdlib, name).as_bstr(), MOST_BYTES).ok());
    let found: Vec<Vec<BString>> = contents.filter_map(|content| built_in_names(content.as_bstr())).collect();
    (!found.is_empty()).then(|| found.concat())
}

/// The words of `MODBUILT_NAMES`. Its value may span several lines; a line with the next key begins with one blank.
fn built_in_names(content: &BStr) -> Option<Vec<BString>> {
    const KEY: &str = "'MODBUILT_NAMES':";
    let rest = &content[content.find(KEY)? + KEY.len()..];
    let value = &rest[..rest.find("\n '").unwrap_or(rest.len())];
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let words = value.split(|&byte| !is_letter(byte)).filter(|word| !word.is_empty());
    Some(words.map(BString::from).collect())
}

fn fix(survey: &Survey<'_>) -> Fix {
    let advice = "install the libraries with their headers (OpenSSL, libffi, SQLite, zlib, xz, bzip2), and rebuild or reinstall the base; the environment needs no change";
    let file = survey.resolution.identification.file.clone().unwrap_or_default();
    let names: Vec<&[u8]> = file.split(|&byte| byte == b'/').collect();
    let pyenv = names.windows(3).find(|names| names[0].ends_with(b"pyenv") && names[1] == b"versions");
    match pyenv {
        Some(names) => {
            Fix::advice(advice).command(fixes::line(survey, "pyenv").words(["install", "--force"]).word(names[2]))
        }
        None => Fix::advice(advice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_built_in_modules_are_read_over_several_lines() {
        let content = b"build_time_vars = {'A': 1,\n 'MODBUILT_NAMES': 'atexit posix '\n                   'zlib',\n 'MODDISABLED_NAMES': 'x'}";
        let names = built_in_names(content.as_bstr()).unwrap();
        assert_eq!(names, ["atexit", "posix", "zlib"]);
        assert_eq!(built_in_names(b"{}".as_bstr()), None);
    }

    #[test]
    fn files_of_modules_are_recognized_by_their_whole_name() {
        assert!(is_module(&"_ssl.cpython-312-x86_64-linux-gnu.so".into(), "_ssl"));
        assert!(is_module(&"zlib.so".into(), "zlib"));
        assert!(!is_module(&"_sslx.so".into(), "_ssl"));
    }
}
