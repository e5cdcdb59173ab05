//! Where the parts of an environment are.

use bstr::{BString, ByteSlice};

use super::Survey;
use crate::host::path::{Flavor, module};
use crate::startup::{Origin, Status};

/// A directory with packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteDir {
    /// The directory.
    pub path: BString,
    /// Why it is on `sys.path`.
    pub origin: Origin,
    /// Whether it lies in the environment itself, and not in its base or in the user's home.
    pub own: bool,
}

/// The places that nearly every rule wants to know.
pub(super) struct Places {
    pub(super) executable: BString,
    pub(super) bin: BString,
    pub(super) root: BString,
    pub(super) cfg: Option<BString>,
    pub(super) sites: Vec<SiteDir>,
}

impl Places {
    pub(super) fn find(survey: &Survey<'_>) -> Self {
        let executable = executable(survey);
        let bin = survey.parent(executable.as_bstr());
        let mut root = survey.parent(bin.as_bstr());
        if root.is_empty() {
            root.clone_from(&bin);
        }
        let cfg = cfg(survey, &bin, &root);
        let sites = sites(survey, &root, cfg.is_some());
        Self { executable, bin, root, cfg, sites }
    }
}

/// The path as typed, or where a name was looked up, the path that it was found under.
fn executable(survey: &Survey<'_>) -> BString {
    let resolution = survey.resolution;
    let identification = &resolution.identification;
    let typed = resolution.invocation.executable.as_bstr();
    let is_path = typed.iter().any(|&byte| byte == b'/' || byte == survey.flavor().separator());
    let started = match identification.hops.first() {
        Some(hop) => Some(&hop.path),
        None => identification.file.as_ref(),
    };
    match started {
        Some(path) if !is_path => survey.absolute(path.as_bstr()),
        _ => survey.absolute(typed),
    }
}

/// The `pyvenv.cfg` that startup found, or else the one that stands where it looks, whatever it is.
fn cfg(survey: &Survey<'_>, bin: &BString, root: &BString) -> Option<BString> {
    let resolution = survey.resolution;
    // Where nothing was executed, no Python found it.
    let found = resolution.pyvenv_cfg.as_ref().filter(|_| resolution.outcome.status != Status::FailsToExecute);
    if let Some(cfg) = found {
        return Some(survey.absolute(cfg.path.as_bstr()));
    }
    let candidates = [root, bin].map(|dir| survey.join(dir, "pyvenv.cfg"));
    candidates.into_iter().find(|path| survey.ask.link_exists(path.as_bstr()).is_ok())
}

fn sites(survey: &Survey<'_>, root: &BString, is_environment: bool) -> Vec<SiteDir> {
    let Some(sys) = &survey.resolution.sys else { return unvisited_sites(survey, root) };
    let mut sites: Vec<SiteDir> = Vec::new();
    // `site` normalizes what it puts on sys.path, whatever the path was by which Python was started.
    let normal_root = module::normpath(survey.flavor(), root.as_bstr());
    for entry in sys.path.iter().filter(|entry| matches!(entry.origin, Origin::SitePackages | Origin::UserSite)) {
        let path = survey.absolute(entry.value.as_bstr());
        if !entry.exists || sites.iter().any(|site| site.path == path) {
            continue;
        }
        let own = entry.origin == Origin::SitePackages
            && (!is_environment
                || survey.is_below(path.as_bstr(), root.as_bstr())
                || survey.is_below(path.as_bstr(), normal_root.as_bstr()));
        sites.push(SiteDir { path, origin: entry.origin, own });
    }
    if sites.iter().any(|site| site.own) { sites } else { [unvisited_sites(survey, root), sites].concat() }
}

/// The environment's site directories where no startup names them: those of the version, or all.
fn unvisited_sites(survey: &Survey<'_>, root: &BString) -> Vec<SiteDir> {
    let site = |path: BString| SiteDir { path, origin: Origin::SitePackages, own: true };
    if survey.flavor() == Flavor::Windows {
        let path = survey.join(survey.join(root, "Lib"), "site-packages");
        return if survey.is_dir(path.as_bstr()) { vec![site(path)] } else { Vec::new() };
    }
    let lib = survey.join(root, "lib");
    let wanted = survey.version().map(|version| format!("python{}.{}", version.major, version.minor));
    let is_wanted = |name: &BString| match &wanted {
        Some(wanted) => *name == wanted.as_str(),
        None => name.starts_with(b"python") || name.starts_with(b"pypy"),
    };
    let names = survey.list(lib.as_bstr()).into_iter().filter(is_wanted);
    let paths = names.map(|name| survey.join(survey.join(&lib, &name), "site-packages"));
    paths.filter(|path| survey.is_dir(path.as_bstr())).map(site).collect()
}
