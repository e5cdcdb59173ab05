//! `RECORD` names the digest of each installed file. What rewrites a script brings its line up to date, as an installer
//! would: else the script counts as damaged afterwards.

use bstr::{BStr, BString, ByteSlice};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use std::rc::Rc;

use super::operation::{Operation, What, write};
use super::paths;
use crate::environment::Record;
use crate::host::{Host, Platform};
use crate::rules::Edit;
use crate::text::sentence;

/// The largest `RECORD` that is rewritten.
const MOST_BYTES: u64 = 16 << 20;
/// So many directories are looked into.
const MOST_DIRS: usize = 4096;

/// What has to be written into the `RECORD`s of an environment after these operations, which `host` has seen.
///
/// # Errors
/// Where a `RECORD` that names a file cannot be written.
pub(super) fn updates(host: &dyn Host, root: &BString, operations: &[Operation]) -> Result<Vec<Operation>, BString> {
    let written: Vec<&BString> = operations.iter().filter_map(written).collect();
    if written.is_empty() {
        return Ok(Vec::new());
    }
    let root = host.real_path(root.as_bstr()).unwrap_or_else(|_| root.clone());
    let mut found = Vec::new();
    for site in sites(host, &root) {
        let names: Vec<(&BString, BString)> =
            written.iter().filter_map(|path| Some((*path, relative(&root, &site, path)?))).collect();
        if !names.is_empty() {
            for record in records(host, &site) {
                found.extend(update(host, &record, &names)?);
            }
        }
    }
    Ok(found)
}

/// The file that an operation writes, if a `RECORD` may name it.
fn written(operation: &Operation) -> Option<&BString> {
    match &operation.what {
        What::Write { path, .. } if !is_named(path, b"pyvenv.cfg") && !is_named(path, b"RECORD") => Some(path),
        _ => None,
    }
}

fn is_named(path: &BString, name: &[u8]) -> bool {
    let separator = paths::separator(path);
    path.strip_suffix(name).is_some_and(|dir| dir.last() == Some(&separator))
}

/// The directories with packages.
fn sites(host: &dyn Host, root: &BString) -> Vec<BString> {
    if host.platform() == Platform::Windows {
        let site = paths::join(&paths::join(root, b"Lib"), b"site-packages");
        return vec![site].into_iter().filter(|dir| host.link_metadata(dir.as_bstr()).is_ok()).collect();
    }
    let lib = sentence!(root, "/lib");
    let names = host.list_dir(lib.as_bstr()).unwrap_or_default();
    let dirs = names.into_iter().take(MOST_DIRS).map(|name| sentence!(lib, "/", name, "/site-packages"));
    dirs.filter(|dir| host.link_metadata(dir.as_bstr()).is_ok()).collect()
}

/// The `RECORD` of each distribution.
fn records(host: &dyn Host, site: &BString) -> Vec<BString> {
    let names = host.list_dir(site.as_bstr()).unwrap_or_default();
    let infos = names.into_iter().filter(|name| name.ends_with(b".dist-info")).take(MOST_DIRS);
    infos.map(|name| paths::join(&paths::join(site, &name), b"RECORD")).collect()
}

/// A path below the environment as a `RECORD` spells it.
fn relative(root: &BString, site: &BString, path: &BString) -> Option<BString> {
    let below = |dir: &BString| paths::below(path.as_bstr(), dir.as_bstr()).filter(|rest| !rest.is_empty());
    // A `RECORD` separates names by slashes on every system.
    let spelled = |path: &BStr| BString::from(path.replace([paths::separator(root)], b"/"));
    if let Some(inside) = below(site) {
        return Some(spelled(inside));
    }
    let depth = memchr::memchr_iter(paths::separator(root), site.strip_prefix(root.as_slice())?).count();
    Some(sentence!("../".repeat(depth), spelled(below(root)?)))
}

fn update(host: &dyn Host, path: &BString, names: &[(&BString, BString)]) -> Result<Option<Operation>, BString> {
    // Where a symlink is on the way, as where uv installs symlinks into its cache, others may share the file.
    let is_own = host.real_path(path.as_bstr()).is_ok_and(|real| real == *path);
    let Some(content) = host.read(path.as_bstr(), MOST_BYTES).ok().filter(|_| is_own) else { return Ok(None) };
    let content = Rc::new(content);
    let record = Record::new(Rc::clone(&content));
    let named = names.iter().filter_map(|(file, name)| Some((file, record.find(name)?)));
    let named: Vec<_> = named.filter(|(_, entry)| entry.hash.starts_with(b"sha256=")).collect();
    if named.is_empty() {
        return Ok(None);
    }
    let mut lines: Vec<BString> = content.lines_with_terminator().map(BString::from).collect();
    let mut is_changed = false;
    for (file, entry) in named {
        let Ok(now) = host.read(file.as_bstr(), super::state::MOST_BYTES) else { continue };
        let digest = BASE64URL_NOPAD.encode(&Sha256::digest(&now));
        let Some(line) = lines.get_mut(entry.line - 1) else { continue };
        let Some(start) = line.rfind(entry.hash) else { continue };
        let end = if line.ends_with(b"\r\n") { "\r\n" } else { "\n" };
        *line = sentence!(line[..start].as_bstr(), "sha256=", digest, ",", now.len().to_string(), end);
        is_changed = true;
    }
    if !is_changed {
        return Ok(None);
    }
    write(host, path, &Edit::Content(bstr::concat(lines).into()))
}
