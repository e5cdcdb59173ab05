//! Editable installs whose project is gone.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};
use serde::Deserialize;

use super::{files, literal, pth};
use crate::environment::{Creator, Distribution, Ownership, Survey, normalise};
use crate::findings::{Code, Cure, Finding, Proof, recipes};
use crate::host::path::Flavour;
use crate::sentence;
use crate::startup::{MissingPath, text};

/// The most that is read of `direct_url.json`, and of the `pyproject.toml` of a project.
const MOST_BYTES: u64 = 1 << 18;

/// `direct_url.json` (PEP 610).
#[derive(Deserialize)]
struct DirectUrl {
    url: String,
    #[serde(default)]
    dir_info: DirInfo,
}

#[derive(Default, Deserialize)]
struct DirInfo {
    #[serde(default)]
    editable: bool,
}

/// Where an editable install leads.
struct Project {
    /// The file that says so.
    file: BString,
    /// Its first line.
    line: BString,
    /// The URL as it stands there.
    url: String,
    /// The folder.
    folder: BString,
}

/// A missing path that an editable install has put into its `.pth` file.
pub fn of_line(survey: &Survey<'_>, missing: &MissingPath) -> Option<Finding> {
    let file = missing.file.as_bstr();
    let ownership = survey.owner_of(file);
    let owner = ownership.owner()?;
    let project = project(survey, owner.distribution);
    let name = survey.base_name(file);
    if project.is_none() && !name.starts_with(b"__editable__") && !name.starts_with(b"_editable_impl_") {
        return None;
    }
    let line = pth::line_at(survey, file, missing.line);
    Some(
        finding(survey, owner.distribution, missing.path.as_bstr())
            .proof(files::line_proof(survey, file, missing.line, text::strip(&line)))
            .proofs(project.as_ref().map(Project::proof))
            .effect(pth::effect(survey, text::strip(&line))),
    )
}

/// Editable installs that no line of a `.pth` file has shown to be broken.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let told = told(survey);
    for distribution in survey.distributions() {
        // Installers that write the file list it, so that it is looked for only where it is.
        if distribution.record(survey).is_ok_and(|record| !record.mentions(b"direct_url.json"))
            || told.contains(&distribution.directory)
        {
            continue;
        }
        let Some(project) = project(survey, distribution) else { continue };
        let mapped = mapped(survey, Some(distribution));
        if survey.is_missing(project.folder.as_bstr()) {
            findings.push(
                finding(survey, distribution, project.folder.as_bstr())
                    .proof(project.proof())
                    .proofs(mapped.into_iter().map(|(proof, _)| proof))
                    .effect("what it holds cannot be imported, while pip still lists it"),
            );
        } else if let Some((proof, target)) = mapped.into_iter().next() {
            findings.push(
                finding(survey, distribution, target.as_bstr())
                    .proof(proof)
                    .effect("what stood there cannot be imported, while pip still lists it"),
            );
        }
    }
}

/// The distributions, by the directories of their metadata, of whose lines it is told that they lead nowhere.
fn told<'s>(survey: &'s Survey<'_>) -> HashSet<&'s BString> {
    let files: HashSet<&BString> = survey.resolution.missing.iter().map(|missing| &missing.file).collect();
    let owners = files.into_iter().filter_map(|file| match survey.owner_of(file.as_bstr()) {
        Ownership::By(owner) => Some(&owner.distribution.directory),
        _ => None,
    });
    owners.collect()
}

fn finding(survey: &Survey<'_>, distribution: &Distribution, target: &BStr) -> Finding {
    let name = &distribution.name;
    let message = sentence!(name, " is installed in editable mode from ", target, ", which does not exist");
    Finding::new(Code::EditableTargetGone, message).cure(cure(survey, name.as_bstr()))
}

/// A project that was moved together with its environment is found above it.
fn cure(survey: &Survey<'_>, name: &BStr) -> Cure {
    let Some(folder) = moved_to(survey, name) else {
        return Cure::advice(sentence!("install ", name, " again from where its project is now, with -e FOLDER"));
    };
    let advice = sentence!("install ", name, " again from ", folder, ", whose pyproject.toml has this name");
    Cure { advice, ..install_from(survey, name, folder.as_bstr()) }
}

/// Installs a project in editable mode.
fn install_from(survey: &Survey<'_>, name: &BStr, folder: &BStr) -> Cure {
    let line = match survey.creator() {
        Creator::Uv | Creator::UvTool(_) => {
            recipes::line(survey, "uv").words(["pip", "install", "-p"]).word(survey.executable())
        }
        _ => recipes::line(survey, survey.executable()).words(["-m", "pip", "install"]),
    };
    let advice = sentence!("install ", name, " again from its project, ", folder);
    Cure::advice(advice).command(line.word("-e").word(folder))
}

/// How a distribution that came from no index is installed again: by its name, an index would give another one.
pub fn reinstall(survey: &Survey<'_>, distribution: &Distribution) -> Option<Cure> {
    let name = distribution.name.as_bstr();
    if distribution.record(survey).is_ok_and(|record| !record.mentions(b"direct_url.json")) {
        return None;
    }
    let direct = direct_url(survey, distribution)?;
    let folder = folder_of(survey.flavour(), &direct.url).filter(|_| direct.dir_info.editable);
    Some(match folder {
        Some(folder) => install_from(survey, name, folder.as_bstr()),
        None => Cure::advice(sentence!("install ", name, " again from where it came from, ", direct.url)),
    })
}

fn moved_to(survey: &Survey<'_>, name: &BStr) -> Option<BString> {
    let mut folder = survey.absolute(survey.root());
    for _ in 0..3 {
        folder = survey.parent(folder.as_bstr());
        let file = survey.join(&folder, "pyproject.toml");
        let content = survey.ask.read(file.as_bstr(), MOST_BYTES).ok();
        if content.is_some_and(|content| names_project(&content, name)) {
            return Some(folder);
        }
    }
    None
}

/// Whether a line `name = "NAME"` stands in a `pyproject.toml`.
fn names_project(content: &[u8], name: &BStr) -> bool {
    content.lines().any(|line| {
        let value = line.trim_start().strip_prefix(b"name").map(ByteSlice::trim_start);
        let Some(value) = value.and_then(|rest| rest.strip_prefix(b"=")) else { return false };
        let value = value.trim().trim_with(|c| c == '"' || c == '\'');
        normalise(value.as_bstr()) == normalise(name)
    })
}

impl Project {
    fn proof(&self) -> Proof {
        Proof::line(self.file.clone(), 1, self.line.clone()).marking(&self.url)
    }
}

fn direct_url(survey: &Survey<'_>, distribution: &Distribution) -> Option<DirectUrl> {
    let content = distribution.read(survey, "direct_url.json", MOST_BYTES).ok()?;
    serde_json::from_slice(&content).ok()
}

fn project(survey: &Survey<'_>, distribution: &Distribution) -> Option<Project> {
    let direct = direct_url(survey, distribution)?;
    let content = distribution.read(survey, "direct_url.json", MOST_BYTES).ok()?;
    let folder = folder_of(survey.flavour(), &direct.url).filter(|_| direct.dir_info.editable)?;
    let file = survey.join(distribution.path(survey), "direct_url.json");
    let line = files::shortened(content.lines().next().unwrap_or_default().as_bstr());
    Some(Project { file, line, url: direct.url, folder })
}

/// The path of a `file:` URL on this machine.
fn folder_of(flavour: Flavour, url: &str) -> Option<BString> {
    let rest = url.strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = decoded(rest.split(['?', '#']).next().unwrap_or_default());
    if flavour == Flavour::Posix {
        return path.starts_with(b"/").then_some(path);
    }
    // `/C:/x` has a drive; what begins with no separator is a host.
    let local = path.strip_prefix(b"/").filter(|rest| rest.get(1) == Some(&b':'));
    local.map(|rest| BString::from(rest.replace("/", "\\")))
}

/// With `%XX` undone.
fn decoded(text: &str) -> BString {
    let mut parts = text.split('%');
    let mut path = BString::from(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.get(..2).filter(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()));
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            path.push(byte);
            path.extend_from_slice(part.get(2..).unwrap_or_default().as_bytes());
        } else {
            path.push(b'%');
            path.extend_from_slice(part.as_bytes());
        }
    }
    path
}

/// The targets of setuptools' finders that are gone: the line that names each, and the path.
fn mapped(survey: &Survey<'_>, distribution: Option<&Distribution>) -> Vec<(Proof, BString)> {
    let mut gone = Vec::new();
    let mut seen = HashSet::new();
    for code in &survey.resolution.startup {
        let Some(module) = code.code.as_ref().and_then(|code| finder(code)) else { continue };
        if !seen.insert((&code.file, module)) {
            continue;
        }
        let file = survey.join(survey.parent(code.file.as_bstr()), format!("{module}.py"));
        let ownership = survey.owner_of(file.as_bstr());
        let owner = ownership.owner().map(|owner| &owner.distribution.directory);
        if gone.iter().any(|(proof, _): &(Proof, BString)| proof.file == file)
            || owner != distribution.map(|distribution| &distribution.directory)
        {
            continue;
        }
        let Ok(content) = files::content(survey, file.as_bstr()) else { continue };
        for (number, line, target) in literal::mapping(&content) {
            if is_gone(survey, target.as_bstr()) {
                let proof = Proof::line(file.clone(), number, line).marking(&target);
                gone.push((proof, target));
            }
        }
    }
    gone
}

/// The module that a line of setuptools' making imports.
fn finder(code: &BString) -> Option<&str> {
    let module = code.to_str().ok()?.strip_prefix("import ")?.split(';').next()?.trim();
    (module.starts_with("__editable___") && module.ends_with("_finder")).then_some(module)
}

/// A package is a folder, a module has a suffix that the mapping leaves out.
fn is_gone(survey: &Survey<'_>, target: &BStr) -> bool {
    if !survey.is_missing(target) {
        return false;
    }
    let (folder, name) = (survey.parent(target), sentence!(survey.base_name(target), "."));
    match survey.ask.list_dir(folder.as_bstr()) {
        Ok(names) => !names.iter().any(|known| known.starts_with(&name)),
        Err(_) => survey.is_missing(folder.as_bstr()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn urls_become_folders() {
        let posix = |url| folder_of(Flavour::Posix, url).map(|path| path.to_string());
        assert_eq!(posix("file:///home/u/my%20app"), Some("/home/u/my app".to_owned()));
        assert_eq!(posix("file://localhost/a%2"), Some("/a%2".to_owned()));
        assert_eq!(posix("https://example.org/a"), None);
        let windows = |url| folder_of(Flavour::Windows, url).map(|path| path.to_string());
        assert_eq!(windows("file:///C:/Users/u/app"), Some(r"C:\Users\u\app".to_owned()));
        assert_eq!(windows("file://server/share"), None);
    }

    #[test]
    fn projects_are_known_by_their_name() {
        assert!(names_project(b"[project]\nname = \"Plot_Lib\"\n", "plot-lib".into()));
        assert!(!names_project(b"[project]\nnames = 'plot-lib'\n", "plot-lib".into()));
    }

    proptest! {
        #[test]
        fn any_document_can_be_read(text in "[{}\\[\\]\":,a-z%0-9/]{0,60}", url in "(file://|localhost|/|%2f|%|C:|é|[?#]){0,12}") {
            drop(serde_json::from_str::<DirectUrl>(&text));
            for flavour in [Flavour::Posix, Flavour::Windows] {
                folder_of(flavour, &url);
            }
            names_project(text.as_bytes(), "a".into());
        }

        #[test]
        fn what_is_encoded_is_read_again(path in prop::collection::vec(any::<u8>(), 0..30)) {
            let encoded: String = path.iter().map(|byte| format!("%{byte:02X}")).collect();
            prop_assert_eq!(folder_of(Flavour::Posix, &format!("file:///{encoded}")), Some([b"/", path.as_slice()].concat().into()));
        }
    }
}
