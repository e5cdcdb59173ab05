//! VD804 to VD808: what stands in the path itself.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::rules::{Code, Evidence, Finding, Fix, fixes};
use crate::startup::behaviors::Behaviors;
use crate::startup::decodes_as_ascii;
use crate::text::sentence;

/// Judges the path of the environment, and that of its base.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let root = survey.root();
    if survey.is_environment() {
        findings.extend(separator(survey, root));
    }
    let base = survey.resolution.sys.as_ref().map(|sys| sys.base_prefix.as_bstr());
    let places: Vec<&BStr> = [Some(root).filter(|_| survey.is_environment()), base].into_iter().flatten().collect();
    findings.extend(places.iter().find_map(|path| control_character(survey, path)));
    match places.iter().find(|path| path.to_str().is_err()) {
        Some(path) => findings.push(not_utf8(survey, path)),
        None => findings.extend(places.iter().find_map(|path| not_ascii(survey, path))),
    }
}

fn elsewhere(survey: &Survey<'_>, path: &BStr, what: &str) -> Fix {
    let advice = sentence!("rename ", path, " so that its path has ", what, ", and make the environment anew there");
    if path != survey.root() {
        return Fix::advice(advice);
    }
    Fix::advice(sentence!(advice, ": ", fixes::python(survey), " -m venv in the new place"))
}

fn separator(survey: &Survey<'_>, root: &BStr) -> Option<Finding> {
    let delimiter = survey.flavor().delimiter();
    let at = root.iter().position(|&byte| byte == delimiter)?;
    let mark = char::from(delimiter).to_string();
    let message =
        sentence!("the path of the environment, ", root, ", contains ", mark, ", which separates the entries of PATH");
    let effect = sentence!(
        "activate puts ",
        survey.bin(),
        " on PATH, and the shell takes it for two directories that do not exist; the environment's programs are not found"
    );
    Some(
        Finding::new(Code::SeparatorInPath, message)
            .evidence(Evidence::about(root, root).span(at..at + 1))
            .effect(effect)
            .fix(elsewhere(survey, root, &format!("no {mark}"))),
    )
}

fn control_character(survey: &Survey<'_>, path: &BStr) -> Option<Finding> {
    let at = path.iter().position(u8::is_ascii_control)?;
    let is_line_end = matches!(path.get(at), Some(b'\n' | b'\r'));
    let what = if is_line_end { "a line break" } else { "a control character" };
    let effect = if is_line_end {
        "pyvenv.cfg, RECORD and the first lines of scripts end where the path has its line break, and what follows is \
         read as something else"
    } else {
        "terminals and shells act on it instead of showing it, and files that are made of lines and words are misread"
    };
    Some(
        Finding::new(Code::NewlineInPath, sentence!("the path ", path, " contains ", what))
            .evidence(Evidence::about(path, path).span(at..at + 1))
            .effect(effect)
            .fix(elsewhere(survey, path, "only printable characters")),
    )
}

fn not_utf8(survey: &Survey<'_>, path: &BStr) -> Finding {
    let at = path.to_str().err().map_or(0, |error| error.valid_up_to());
    let effect = "Python decodes such a name with surrogates, which cannot be written to a text file: making an \
                  environment there ends with surrogates not allowed, and so does what writes the path down";
    Finding::new(Code::PathNotUtf8, sentence!("the path ", path, " is not UTF-8"))
        .evidence(Evidence::about(path, path).span(at..at + 1))
        .effect(effect)
        .fix(elsewhere(survey, path, "a name in UTF-8"))
}

/// Letters beyond ASCII, where the locale leaves Python no way to decode them.
fn not_ascii(survey: &Survey<'_>, path: &BStr) -> Option<Finding> {
    let version = survey.version()?;
    let invocation = &survey.resolution.invocation;
    let (start, end, _) = path.char_indices().find(|(_, _, letter)| !letter.is_ascii())?;
    if survey.flavor() == Flavor::Windows || !decodes_as_ascii(invocation, &Behaviors::of(version)) {
        return None;
    }
    let is_off = invocation.variable("PYTHONUTF8").is_some_and(|value| value == "0");
    let why =
        if is_off { "the C locale is in force and PYTHONUTF8=0 forbids UTF-8" } else { "the C locale is in force" };
    let fix = if is_off {
        fixes::unset(survey, "PYTHONUTF8")
    } else {
        Fix::advice("give the process a UTF-8 locale")
            .command(fixes::line(survey, "export").word("LC_ALL=C.UTF-8"))
            .safe()
    };
    let mut finding = Finding::new(Code::PathNotAscii, sentence!("the path ", path, " is not ASCII, and ", why))
        .evidence(Evidence::about(path, path).span(start..end));
    for name in ["LC_ALL", "PYTHONUTF8", "PYTHONCOERCECLOCALE"] {
        if let Some(value) = invocation.variable(name) {
            finding = finding.evidence(Evidence::about(name, value));
        }
    }
    let effect = "Python reads every byte of these letters as a surrogate: sys.prefix and __file__ differ from what \
                  was typed and from what is read from files, and writing them to one ends with UnicodeEncodeError";
    Some(finding.effect(effect).fix(fix))
}

/// The longest path that Windows accepts without further ado, its end included.
const MAX_PATH: usize = 260;

/// Judges the paths that installers have recorded. Whether the system allows longer ones stands in its registry.
pub fn find_too_long(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if survey.flavor() != Flavor::Windows {
        return;
    }
    let mut longest: Option<(usize, BString, BString)> = None;
    for distribution in survey.distributions() {
        let Ok(record) = distribution.record(survey) else { continue };
        for entry in record.entries() {
            let length = distribution.site.chars().count() + 1 + entry.path.chars().count();
            if length >= MAX_PATH && longest.as_ref().is_none_or(|(known, ..)| length > *known) {
                let file = survey.join(&distribution.site, entry.path.replace("/", "\\"));
                longest = Some((length, file, distribution.name.clone()));
            }
        }
    }
    let Some((length, file, owner)) = longest else { return };
    let message = sentence!(
        owner,
        " has a file with a path of ",
        length.to_string(),
        " characters, which is probably too long for programs that do not opt in to long paths"
    );
    let effect = "Windows refuses paths of 260 characters and more unless LongPathsEnabled is set: installing ends with \
                  No such file or directory, or leaves a package without some of its files";
    let set = fixes::line(survey, "reg").words(["add", r"HKLM\SYSTEM\CurrentControlSet\Control\FileSystem"]).words([
        "/v",
        "LongPathsEnabled",
        "/t",
        "REG_DWORD",
        "/d",
        "1",
        "/f",
    ]);
    findings.push(
        Finding::new(Code::PathTooLong, message)
            .evidence(Evidence::about(file, format!("has {length} characters")))
            .effect(effect)
            .fix(
                Fix::advice("allow long paths as administrator, or make the environment in a shorter directory")
                    .command(set),
            ),
    );
}
