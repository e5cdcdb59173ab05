//! What a safe fix may change: what is in the environment, with all symlinks followed, or what its finding is about; and
//! nothing that a package manager owns.

use bstr::{BStr, BString, ByteSlice};

use super::operation::{Operation, What};
use crate::environment::{EnvironmentKind, Identity};
use crate::host::Host;
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
    let root = host.real_path(root.as_bstr()).unwrap_or_else(|_| root.clone());
    let is_environment = identity.is_some_and(|identity| identity.kind == EnvironmentKind::VirtualEnvironment);
    let subject = finding.evidence.first().and_then(|evidence| host.real_path(evidence.file.as_bstr()).ok());
    for operation in operations {
        if let What::Run { argv, .. } = &operation.what
            && let Some(program) = argv.first().filter(|program| OF_THE_SYSTEM.contains(&program.as_slice()))
        {
            return Some(Objection::Managed(sentence!(
                "run it yourself: ",
                program,
                " changes more than the environment"
            )));
        }
    }
    for path in operations.iter().flat_map(|operation| operation.what.paths()) {
        let is_inside = is_below(path.as_bstr(), root.as_bstr());
        if !(is_inside && is_environment) && is_managed(path.as_bstr()) {
            return Some(Objection::Managed(sentence!("a package manager owns ", path)));
        }
        if !is_inside && subject.as_ref() != Some(path) {
            return Some(Objection::Outside(sentence!(path, " is outside of ", root)));
        }
        if is_inside && !is_environment && host.metadata(conda_meta(&root).as_bstr()).is_ok() {
            return Some(Objection::Managed(sentence!("conda owns ", path)));
        }
    }
    None
}

fn conda_meta(root: &BString) -> BString {
    sentence!(root, "/conda-meta")
}

fn is_managed(path: &BStr) -> bool {
    MANAGED.iter().any(|dir| path.starts_with(dir)) && !path.starts_with(LOCAL) || path.contains_str("/Cellar/")
}

/// Whether a real path is below a real directory, or is it.
fn is_below(path: &BStr, dir: &BStr) -> bool {
    let rest = path.strip_prefix(dir.trim_end_with(|c| c == '/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}
