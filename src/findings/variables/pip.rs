//! VD315: settings that make pip install elsewhere than into the environment.

use bstr::{BStr, BString, ByteSlice};

use super::settings;
use crate::environment::{Creator, Survey};
use crate::findings::{Code, Cure, Finding, Proof, recipes};
use crate::host::Platform;
use crate::sentence;
use crate::startup::text::{strip, universal_lines};

/// The most that is read of a file of settings.
const MOST: u64 = 64 << 10;

/// The options that redirect an installation, with the variables that say the same.
const OPTIONS: [(&str, &str); 5] = [
    ("user", "PIP_USER"),
    ("target", "PIP_TARGET"),
    ("prefix", "PIP_PREFIX"),
    ("root", "PIP_ROOT"),
    ("python", "PIP_PYTHON"),
];

/// An option of a file.
#[derive(Debug, PartialEq, Eq)]
struct Setting {
    /// Whether it stands in `[install]`, which counts more than `[global]`.
    is_for_install: bool,
    option: &'static str,
    value: BString,
    file: BString,
    line: usize,
    text: BString,
}

/// Judges what redirects `pip install` in this environment: the variable of each option, or the file that wins.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !survey.is_environment() || !uses_pip(survey) {
        return;
    }
    let settings = read_files(survey);
    for (option, variable) in OPTIONS {
        if let Some(value) = settings::set(survey, variable) {
            if is_on(option, value) {
                findings.push(by_variable(survey, option, variable, value));
            }
            continue;
        }
        let wins = settings.iter().enumerate().filter(|(_, setting)| setting.option == option);
        let last = wins.max_by_key(|(index, setting)| (setting.is_for_install, *index));
        if let Some((_, setting)) = last.filter(|(_, setting)| is_on(option, setting.value.as_bstr())) {
            findings.push(by_file(survey, setting));
        }
    }
}

/// uv has settings of its own, and reads none of pip's.
fn uses_pip(survey: &Survey<'_>) -> bool {
    let is_uv = matches!(survey.creator(), Creator::Uv | Creator::UvTool(_));
    !is_uv || survey.distributions().iter().any(|distribution| distribution.name == "pip")
}

/// `user` is a truth value as `strtobool` reads it, every other option a path.
fn is_on(option: &str, value: &BStr) -> bool {
    const YES: [&[u8]; 6] = [b"y", b"yes", b"t", b"true", b"on", b"1"];
    if option == "user" { YES.iter().any(|yes| value.eq_ignore_ascii_case(yes)) } else { !value.is_empty() }
}

fn effect(survey: &Survey<'_>, option: &str, value: &BStr) -> BString {
    match option {
        "user" => {
            "every pip install ends with: Can not perform a '--user' install. User site-packages are not visible \
                   in this virtualenv"
                .into()
        }
        "python" => sentence!("pip works on the Python ", value, " and leaves ", survey.root(), " as it is"),
        _ => sentence!(
            "pip installs below ",
            value,
            ", reports success, and nothing of it can be imported from ",
            survey.root()
        ),
    }
}

fn by_variable(survey: &Survey<'_>, option: &str, variable: &str, value: &BStr) -> Finding {
    let message = sentence!(variable, " is ", value, ", so that pip does not install into ", survey.root());
    Finding::new(Code::PipRedirected, message)
        .proof(settings::proof(variable, value))
        .effect(effect(survey, option, value))
        .cure(recipes::unset(survey, variable))
}

fn by_file(survey: &Survey<'_>, setting: &Setting) -> Finding {
    let Setting { option, value, file, line, text, .. } = setting;
    let message =
        sentence!(file, " sets ", option, " to ", value, ", so that pip does not install into ", survey.root());
    let advice = sentence!("remove line ", line.to_string(), " of ", file, ", where nothing else depends on it");
    let mut cure = Cure::advice(advice);
    if survey.platform() != Platform::Windows {
        cure = cure.command(recipes::line(survey, "sed").words(["-i", "-e"]).word(format!("{line}d")).word(file));
    }
    Finding::new(Code::PipRedirected, message)
        .proof(Proof::line(file.clone(), *line, text.clone()).marking(strip(text)))
        .effect(effect(survey, option, value.as_bstr()))
        .cure(cure)
}

/// The files in the order in which pip reads them: of two that say the same, the later one wins.
fn files(survey: &Survey<'_>) -> Vec<BString> {
    let below = |folder: Option<&BStr>, names: &[&str]| {
        folder.map(|folder| names.iter().fold(folder.to_owned(), |path, name| survey.join(path, name)))
    };
    let variable = |name| settings::set(survey, name);
    let given = variable("PIP_CONFIG_FILE").map(ToOwned::to_owned);
    let own = |name: &str| Some(survey.join(survey.root(), name));
    let files = match survey.platform() {
        Platform::Windows => vec![
            Some(r"C:\ProgramData\pip\pip.ini".into()),
            below(variable("USERPROFILE"), &["pip", "pip.ini"]),
            below(variable("APPDATA"), &["pip", "pip.ini"]),
            own("pip.ini"),
        ],
        platform => {
            let home = variable("HOME");
            let system = if platform == Platform::Macos {
                "/Library/Application Support/pip/pip.conf"
            } else {
                "/etc/xdg/pip/pip.conf"
            };
            let users = match variable("XDG_CONFIG_HOME") {
                Some(folder) => below(Some(folder), &["pip", "pip.conf"]),
                None => below(home, &[".config", "pip", "pip.conf"]),
            };
            let apples = below(home, &["Library", "Application Support", "pip", "pip.conf"]);
            vec![
                Some(system.into()),
                Some("/etc/pip.conf".into()),
                below(home, &[".pip", "pip.conf"]),
                if platform == Platform::Macos { apples } else { None },
                users,
                own("pip.conf"),
            ]
        }
    };
    // The null device in the place of a file means that no file is read.
    if given.as_ref().is_some_and(|given| given == "/dev/null" || given.eq_ignore_ascii_case(b"nul")) {
        return Vec::new();
    }
    files.into_iter().flatten().chain(given).collect()
}

fn read_files(survey: &Survey<'_>) -> Vec<Setting> {
    let mut settings = Vec::new();
    for file in files(survey) {
        if let Ok(content) = survey.ask.read(file.as_bstr(), MOST) {
            settings.extend(parse(&content, &file));
        }
    }
    settings
}

/// The redirecting options of a file, as `configparser` reads them: `=` or `:` behind a name that is not indented.
fn parse(content: &[u8], file: &BString) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    let mut section = BString::default();
    for (index, line) in universal_lines(content).into_iter().enumerate() {
        let text = strip(line);
        if text.is_empty() || matches!(text.first(), Some(b'#' | b';')) {
            continue;
        }
        if let Some(name) = text.strip_prefix(b"[").and_then(|rest| rest.split_str("]").next()) {
            section = name.into();
            continue;
        }
        let is_continued = line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        let Some(at) = text.find_byteset(b"=:").filter(|_| !is_continued) else { continue };
        let (name, value) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
        let name = strip(name).to_ascii_lowercase().replace("_", "-");
        let name = name.strip_prefix(b"--").unwrap_or(&name);
        let Some((option, _)) = OPTIONS.into_iter().find(|(option, _)| name == option.as_bytes()) else { continue };
        if section != "global" && section != "install" {
            continue;
        }
        settings.push(Setting {
            is_for_install: section == "install",
            option,
            value: strip(value).to_owned(),
            file: file.clone(),
            line: index + 1,
            text: line.to_owned(),
        });
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_found_in_their_sections() {
        let text = b"[global]\n# user = yes\nindex-url = https://x\nUser: true\n[list]\nuser = true\n[install]\ntarget=/x\n  root = /y\n";
        let found = parse(text, &"pip.conf".into());
        let found: Vec<_> =
            found.iter().map(|it| (it.option, it.value.to_string(), it.line, it.is_for_install)).collect();
        assert_eq!(found, [("user", "true".to_owned(), 4, false), ("target", "/x".to_owned(), 8, true)]);
        assert!(is_on("user", "Yes".into()) && !is_on("user", "false".into()) && !is_on("prefix", "".into()));
    }
}
