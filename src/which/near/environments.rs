//! Directories of packages below a prefix, of whatever minor version.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::InterpreterName;
use crate::host::path::Flavor;
use crate::which::session::Session;

/// More minor versions than one prefix has.
const MOST: usize = 32;

/// A directory of packages.
pub(super) struct Site {
    /// The directory.
    pub(super) dir: BString,
    /// The minor version that it is for, where its path tells one: `3.12`.
    pub(super) version: Option<String>,
}

/// The directories of packages below a prefix that exist.
pub(super) fn sites(session: &Session<'_>, prefix: &BStr) -> Vec<Site> {
    let survey = &session.survey;
    let mut sites = Vec::new();
    if survey.flavor() == Flavor::Windows {
        sites.push(Site { dir: survey.join(survey.join(prefix, "Lib"), "site-packages"), version: None });
    }
    for lib in ["lib", "lib64", "local/lib"] {
        let lib = survey.join(prefix, lib);
        for name in survey.list(lib.as_bstr()).into_iter().take(MOST) {
            let parsed = InterpreterName::parse(name.as_bstr());
            let is_shared = name == "python3";
            let Some(parsed) = parsed.filter(|parsed| parsed.minor.is_some() || is_shared) else { continue };
            let version = parsed.minor.map(|minor| format!("3.{minor}"));
            for packages in ["site-packages", "dist-packages"] {
                let dir = survey.join(survey.join(&lib, &name), packages);
                sites.push(Site { dir, version: version.clone() });
            }
        }
    }
    sites.retain(|site| survey.is_dir(site.dir.as_bstr()));
    sites
}
