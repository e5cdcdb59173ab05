//! Where a distribution came from that was not installed from an index.

use bstr::{BString, ByteSlice};
use serde::Deserialize;

use super::{Distribution, Survey};
use crate::host::path::Flavor;
use crate::text::sentence;

/// The file that says so (PEP 610).
const NAME: &str = "direct_url.json";
/// The most that is read of it.
const MOST: u64 = 1 << 18;

/// What `direct_url.json` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectUrl {
    /// The file.
    pub file: BString,
    /// Its first line, which is the only one that installers write.
    pub line: BString,
    /// The URL as it stands there.
    pub url: String,
    /// The URL with whatever else an installer has to know to get the same again.
    pub reference: String,
    /// The path on this machine that the URL names, if it names one.
    pub local: Option<BString>,
    /// The directory of a project that is installed in editable mode.
    pub editable: Option<BString>,
}

#[derive(Deserialize)]
struct Document {
    url: String,
    subdirectory: Option<String>,
    #[serde(default)]
    dir_info: DirInfo,
    vcs_info: Option<VcsInfo>,
}

#[derive(Default, Deserialize)]
struct DirInfo {
    #[serde(default)]
    editable: bool,
}

#[derive(Deserialize)]
struct VcsInfo {
    vcs: String,
    commit_id: String,
}

impl DirectUrl {
    /// The words with which an installer gets the same distribution.
    pub fn requirement(&self, name: &BString) -> Vec<BString> {
        match &self.editable {
            Some(dir) => vec!["-e".into(), dir.clone()],
            None => vec![sentence!(name, " @ ", self.reference)],
        }
    }
}

impl Distribution {
    /// Where it came from, if that was no index. Installers that write this file list it, so that it is looked for
    /// only where it is.
    pub fn direct_url(&self, survey: &Survey<'_>) -> Option<DirectUrl> {
        if self.record(survey).is_ok_and(|record| !record.mentions(NAME.as_bytes())) {
            return None;
        }
        self.own_direct_url(survey)
    }

    /// The same, where its `RECORD` is not read for anything else.
    pub(super) fn own_direct_url(&self, survey: &Survey<'_>) -> Option<DirectUrl> {
        let content = self.read(survey, NAME, MOST).ok()?;
        let document: Document = serde_json::from_slice(&content).ok()?;
        let local = dir_of(survey.flavor(), &document.url);
        Some(DirectUrl {
            file: survey.join(self.path(survey), NAME),
            line: content.lines().next().unwrap_or_default().into(),
            reference: reference(&document),
            url: document.url,
            editable: local.clone().filter(|_| document.dir_info.editable),
            local,
        })
    }
}

/// The URL as installers take it: with the system of version control, the commit and the directory in it.
fn reference(document: &Document) -> String {
    let url = match &document.vcs_info {
        Some(VcsInfo { vcs, commit_id }) => format!("{vcs}+{}@{commit_id}", document.url),
        None => document.url.clone(),
    };
    match &document.subdirectory {
        Some(dir) => format!("{url}#subdirectory={dir}"),
        None => url,
    }
}

/// The path of a `file:` URL on this machine.
fn dir_of(flavor: Flavor, url: &str) -> Option<BString> {
    let rest = url.strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = decoded(rest.split(['?', '#']).next().unwrap_or_default());
    if flavor == Flavor::Posix {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn urls_become_dirs() {
        let posix = |url| dir_of(Flavor::Posix, url).map(|path| path.to_string());
        assert_eq!(posix("file:///home/u/my%20app"), Some("/home/u/my app".to_owned()));
        assert_eq!(posix("file://localhost/a%2"), Some("/a%2".to_owned()));
        assert_eq!(posix("https://example.org/a"), None);
        let windows = |url| dir_of(Flavor::Windows, url).map(|path| path.to_string());
        assert_eq!(windows("file:///C:/Users/u/app"), Some(r"C:\Users\u\app".to_owned()));
        assert_eq!(windows("file://server/share"), None);
    }

    #[test]
    fn installers_are_told_the_whole_reference() {
        let of = |text| reference(&serde_json::from_str(text).unwrap());
        assert_eq!(of(r#"{"url": "https://example.org/a-1.whl", "archive_info": {}}"#), "https://example.org/a-1.whl");
        let git = r#"{"url": "https://example.org/a", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}, "subdirectory": "b"}"#;
        assert_eq!(of(git), "git+https://example.org/a@c0ffee#subdirectory=b");
    }

    proptest! {
        #[test]
        fn any_document_can_be_read(text in "[{}\\[\\]\":,a-z%0-9/]{0,60}", url in "(file://|localhost|/|%2f|%|C:|é|[?#]){0,12}") {
            drop(serde_json::from_str::<Document>(&text));
            for flavor in [Flavor::Posix, Flavor::Windows] {
                dir_of(flavor, &url);
            }
        }

        #[test]
        fn what_is_encoded_is_read_again(path in prop::collection::vec(any::<u8>(), 0..30)) {
            let encoded: String = path.iter().flat_map(|byte| format!("%{byte:02X}").into_bytes()).map(char::from).collect();
            prop_assert_eq!(dir_of(Flavor::Posix, &format!("file:///{encoded}")), Some([b"/", path.as_slice()].concat().into()));
        }
    }
}
