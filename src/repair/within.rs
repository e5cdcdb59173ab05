//! What a safe fix may change: what is in the environment, with all symlinks followed, or what its finding is about; and
//! nothing that a package manager owns.

use bstr::{BStr, BString, ByteSlice};

use super::operation::{Operation, What};
use super::paths::{self, is_below};
use crate::environment::{EnvironmentKind, Identity};
use crate::host::Host;
use crate::host::path::{Flavor, module};
use crate::rules::Finding;
use crate::text::sentence;

/// Directories that only package managers fill, wherever they are.
const MANAGED: [&[u8]; 6] =
    [b"/usr/", b"/opt/homebrew/", b"/home/linuxbrew/.linuxbrew/", b"/nix/store/", b"/gnu/store/", b"/snap/"];
/// What local administrators install below one of them.
const LOCAL: &[u8] = b"/usr/local/";

/// Programs that change the operating system, or need the rights of the superuser: they are for their user to run.
const OF_THE_SYSTEM: [&[u8]; 16] = [
    b"apt", b"apt-get", b"brew", b"dnf", b"yum", b"zypper", b"pacman", b"apk", b"emerge", b"port", b"pkg", b"nix",
    b"snap", b"sudo", b"doas", b"reg",
];

/// Why a fix is not safe to make.
pub enum Objection {
    /// It changes what is not in the environment, as this sentence says.
    Outside(BString),
    /// It changes what a package manager owns, which nothing but that may do.
    Managed(BString),
}

/// Why a fix may not change what its operations change; none where it may.
pub fn objection(
    host: &dyn Host,
    root: &BString,
    identity: Option<&Identity>,
    finding: &Finding,
    operations: &[Operation],
) -> Option<Objection> {
    let spelled = root;
    let root = host.real_path(root.as_bstr()).unwrap_or_else(|_| root.clone());
    let is_environment = identity.is_some_and(|identity| identity.kind == EnvironmentKind::VirtualEnvironment);
    let subjects = subjects(host, [spelled, &root], finding);
    if let Some(program) = operations.iter().find_map(program_of_the_system) {
        return Some(Objection::Managed(sentence!("run it yourself: ", program, " changes more than the environment")));
    }
    for path in operations.iter().flat_map(|operation| operation.what.paths()) {
        let is_inside = is_below(path.as_bstr(), root.as_bstr());
        if !(is_inside && is_environment) && is_managed(path.as_bstr()) {
            return Some(Objection::Managed(sentence!("a package manager owns ", path)));
        }
        if !is_inside && !subjects.contains(path) && !is_moved_aside(operations, path, &subjects) {
            return Some(Objection::Outside(sentence!(path, " is outside of ", root)));
        }
        if is_inside && !is_environment && host.metadata(conda_meta(&root).as_bstr()).is_ok() {
            return Some(Objection::Managed(sentence!("conda owns ", path)));
        }
    }
    None
}

/// The program that an operation runs, where that is for its user to run.
fn program_of_the_system(operation: &Operation) -> Option<BString> {
    let What::Run { argv, .. } = &operation.what else { return None };
    let name = module::basename(Flavor::Posix, argv.first()?.as_bstr());
    OF_THE_SYSTEM.contains(&name.as_slice()).then_some(name)
}

/// The real paths of what a finding is about: of a symlink, itself and what it leads to. None of what is in the environment
/// by its name: where a symlink leads out of it, what is there may be shared with others, and is not meant.
fn subjects(host: &dyn Host, roots: [&BString; 2], finding: &Finding) -> Vec<BString> {
    let Some(file) = finding.evidence.first().map(|evidence| evidence.file.as_bstr()) else { return Vec::new() };
    let flavor = Flavor::of(host.platform());
    let named = module::normpath(flavor, file);
    if roots.iter().any(|root| is_below(named.as_bstr(), root.as_bstr())) {
        return Vec::new();
    }
    let (parent, name) = module::split(flavor, file);
    let itself = host.real_path(parent.as_bstr()).ok().map(|parent| paths::join(&parent, &name));
    itself.into_iter().chain(host.real_path(file).ok()).collect()
}

/// Whether a path is the new name, in the same directory, of what a finding is about.
fn is_moved_aside(operations: &[Operation], new: &BString, subjects: &[BString]) -> bool {
    operations.iter().any(|operation| match &operation.what {
        What::Rename { path, to } => to == new && subjects.contains(path) && paths::parent(path) == paths::parent(to),
        _ => false,
    })
}

fn conda_meta(root: &BString) -> BString {
    paths::join(root, b"conda-meta")
}

fn is_managed(path: &BStr) -> bool {
    MANAGED.iter().any(|dir| path.starts_with(dir)) && !path.starts_with(LOCAL) || path.contains_str("/Cellar/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::State;

    #[test]
    fn package_managers_of_the_system_are_left_to_their_user() {
        let run = |program: &str| Operation {
            what: What::Run { argv: vec![program.into(), "install".into()], cwd: None, builds: Vec::new() },
            before: State::Other,
            after: State::Other,
            diff: None,
        };
        for program in ["apt-get", "apt", "dnf", "brew", "sudo", "/usr/bin/apt-get", "/opt/homebrew/bin/brew"] {
            assert!(program_of_the_system(&run(program)).is_some(), "{program}");
        }
        for program in ["/w/.venv/bin/python", "uv", "pipx", "apt-helper"] {
            assert_eq!(program_of_the_system(&run(program)), None, "{program}");
        }
    }
}
