//! pip's files of settings, of which a few options matter to an environment.

use bstr::{BStr, BString, ByteSlice};

use super::Survey;
use crate::host::Platform;
use crate::invocation::Invocation;
use crate::text::python::{strip, universal_lines};

/// The most that is read of a file of settings.
const MOST: u64 = 64 << 10;

/// The options that redirect an installation.
const OPTIONS: [&str; 5] = ["user", "target", "prefix", "root", "python"];

/// An option of a file that redirects an installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipSetting {
    /// Whether it is in the section `[install]`, which counts more than `[global]`.
    pub is_for_install: bool,
    /// Its name.
    pub option: &'static str,
    /// Its value.
    pub value: BString,
    /// The file.
    pub file: BString,
    /// The line, from 1.
    pub line: usize,
    /// The whole line.
    pub text: BString,
}

impl Survey<'_> {
    /// What pip's files say about where to install, in the order in which pip reads them.
    pub fn pip_settings(&self) -> Vec<PipSetting> {
        let mut settings = Vec::new();
        for file in files(self) {
            if let Ok(content) = self.ask.read(file.as_bstr(), MOST) {
                settings.extend(parse(&content, &file));
            }
        }
        settings
    }
}

/// Whether a file is one of pip's, by its name or because a variable names it.
pub fn is_pip_file(invocation: &Invocation, path: &BStr) -> bool {
    let ends = |name: &str| path.ends_with(name.as_bytes());
    ends("pip.conf") || ends("pip.ini") || invocation.variable("PIP_CONFIG_FILE") == Some(path)
}

/// The content with every line empty that says something else: addresses of package servers may hold passwords.
pub fn without_secrets(content: &[u8]) -> Vec<u8> {
    let kept: Vec<usize> = parse(content, &BString::default()).iter().map(|setting| setting.line).collect();
    let lines = universal_lines(content);
    let shown = lines.iter().enumerate().map(|(index, line)| {
        let is_section = strip(line).first() == Some(&b'[');
        if is_section || kept.contains(&(index + 1)) { line.as_bytes() } else { b"" }
    });
    let mut text = bstr::join("\n", shown);
    text.push(b'\n');
    text
}

fn set<'a>(survey: &Survey<'a>, name: &str) -> Option<&'a BStr> {
    survey.resolution.invocation.variable(name).filter(|value| !value.is_empty())
}

/// The files in the order in which pip reads them: of two that say the same, the later one wins.
fn files(survey: &Survey<'_>) -> Vec<BString> {
    let below = |dir: Option<&BStr>, names: &[&str]| {
        dir.map(|dir| names.iter().fold(dir.to_owned(), |path, name| survey.join(path, name)))
    };
    let variable = |name| set(survey, name);
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
                Some(dir) => below(Some(dir), &["pip", "pip.conf"]),
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

/// The redirecting options of a file, as `configparser` reads them: `=` or `:` behind a name that is not indented.
fn parse(content: &[u8], file: &BString) -> Vec<PipSetting> {
    let mut settings: Vec<PipSetting> = Vec::new();
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
        let Some(option) = OPTIONS.into_iter().find(|option| name == option.as_bytes()) else { continue };
        if section != "global" && section != "install" {
            continue;
        }
        settings.push(PipSetting {
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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn options_are_found_in_their_sections() {
        let text = b"[global]\n# user = yes\nindex-url = https://u:p@x\nUser: true\n[list]\nuser = true\n[install]\ntarget=/x\n  root = /y\n";
        let found = parse(text, &"pip.conf".into());
        let found: Vec<_> =
            found.iter().map(|it| (it.option, it.value.to_string(), it.line, it.is_for_install)).collect();
        assert_eq!(found, [("user", "true".to_owned(), 4, false), ("target", "/x".to_owned(), 8, true)]);
        assert_eq!(without_secrets(text).as_bstr(), "[global]\n\n\nUser: true\n[list]\n\n[install]\ntarget=/x\n\n");
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..80), text in "(\\[|\\]|install|global|user|target|python|--|=|:| |\r|\n|#){0,30}") {
            for content in [bytes.as_slice(), text.as_bytes()] {
                let found = parse(content, &BString::default());
                let lines = universal_lines(content);
                prop_assert!(found.iter().all(|setting| lines.get(setting.line - 1) == Some(&setting.text.as_bstr())));
                // What is kept for a snapshot says the same, in the same lines.
                prop_assert_eq!(parse(&without_secrets(content), &BString::default()), found);
            }
        }
    }
}
