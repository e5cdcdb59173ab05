//! A file in the place of a project's environment that names the directory of that (PEP 832, a draft).

use bstr::{BStr, BString, ByteSlice};

use crate::host::path::{Flavor, module};
use crate::host::{FileKind, Host};

/// What projects call their environment; only by this name is a file or a symlink taken for one.
pub const PROJECT_ENVIRONMENT: &str = ".venv";

/// What projects call their environment, the usual name first.
pub const PROJECT_ENVIRONMENTS: [&str; 2] = [PROJECT_ENVIRONMENT, "venv"];
/// A file that names an environment holds one path.
const LONGEST: u64 = 4096;

/// What such a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The directory that it names, absolute.
    pub dir: BString,
    /// Whether it names that by a path. A name alone is also what some shell plugins keep there, and need not lead anywhere.
    pub is_path: bool,
}

/// What the first line of the file with the absolute path `path` names; none where it is empty, or `path` is no file.
pub fn redirected(host: &dyn Host, path: &BStr) -> Option<Redirect> {
    if host.metadata(path).ok()?.kind != FileKind::File {
        return None;
    }
    let content = host.read(path, LONGEST).ok()?;
    let line = content.lines().next()?.trim().as_bstr();
    let flavor = Flavor::of(host.platform());
    let dir = module::dirname(flavor, path);
    if line.is_empty() {
        return None;
    }
    let joined = module::join(flavor, &[dir.as_bstr(), line]);
    let normal = module::normpath(flavor, joined.as_bstr());
    // Where `..` follows a symlink, the shorter path is another.
    let is_same = host.real_path(joined.as_bstr()) == host.real_path(normal.as_bstr());
    Some(Redirect { dir: if is_same { normal } else { joined }, is_path: line.find_byteset(b"/\\").is_some() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{MemoryHost, Platform};

    #[test]
    fn the_first_line_names_a_directory() {
        let named = |content: &str| {
            let host = MemoryHost::new(Platform::Linux).file("/w/app/.venv", content);
            redirected(&host, "/w/app/.venv".into())
        };
        let redirect = |dir: &str, is_path| Some(Redirect { dir: dir.into(), is_path });
        assert_eq!(named("/envs/app\n"), redirect("/envs/app", true));
        assert_eq!(named("../envs/./app \r\n/other"), redirect("/w/envs/app", true));
        assert_eq!(named("app"), redirect("/w/app/app", false));
        assert_eq!((named(""), named("\n/envs/app")), (None, None));
        let host = MemoryHost::new(Platform::Linux).directory("/w/app/.venv");
        assert_eq!(redirected(&host, "/w/app/.venv".into()), None);
    }
}
