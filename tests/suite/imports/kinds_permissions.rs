//! What a user who owns nothing may not read, list or enter.

use std::io;

use super::archive::{archive, member};
use super::kind::{Kind, kind};
use super::layout::Layout;
use crate::differential::draft::join;

/// The kinds.
pub const KINDS: &[Kind] = &[
    kind("file-unreadable", |l| file(l, 0o000)),
    kind("entry-not-listable", |l| entry(l, 0o711)),
    kind("entry-not-enterable", |l| entry(l, 0o744)),
    kind("entry-closed", |l| entry(l, 0o700)),
    kind("package-not-listable", |l| package(l, 0o711)),
    kind("package-not-enterable", |l| package(l, 0o744)),
    kind("package-closed", |l| package(l, 0o700)),
    kind("portion-closed", portion),
    kind("zip-unreadable", zip),
    kind("symlink-into-closed", into_closed),
];

fn file(l: &mut Layout<'_>, mode: u32) -> io::Result<()> {
    l.draft.unprivileged = true;
    let (dir, name) = (l.entry()?, l.name());
    let file = l.pick(&[".py", ".pyc", ".so"]);
    l.put(&dir, format!("{name}{file}"))?;
    l.draft.mode(join(&dir, format!("{name}{file}")), mode)?;
    l.put(&dir, "pack/__init__.py")?;
    l.put(&dir, "pack/child.py")?;
    l.draft.mode(join(&dir, "pack/__init__.py"), mode)?;
    l.ask_all(&[&name, "pack"]);
    l.code = true;
    l.ask("pack.child");
    l.code = false;
    Ok(())
}

fn entry(l: &mut Layout<'_>, mode: u32) -> io::Result<()> {
    l.draft.unprivileged = true;
    let dir = l.at("pp-closed");
    l.put(&dir, "spam.py")?;
    l.put(&dir, "pack/__init__.py")?;
    l.put(&dir, "pack/child.py")?;
    l.put(&dir, "space/child.py")?;
    l.search(&dir);
    if l.chance(2) {
        let dir = l.entry()?;
        l.put(&dir, "spam.py")?;
    }
    l.draft.mode(&dir, mode)?;
    l.ask_all(&["spam", "pack", "pack.child", "space", "space.child"]);
    Ok(())
}

fn package(l: &mut Layout<'_>, mode: u32) -> io::Result<()> {
    l.draft.unprivileged = true;
    let dir = l.entry()?;
    l.put(&dir, "pack/__init__.py")?;
    l.put(&dir, "pack/child.py")?;
    if l.chance(2) {
        l.put(&dir, "pack.py")?;
    }
    if l.chance(2) {
        let dir = l.entry()?;
        l.put(&dir, "pack/other.py")?;
    }
    l.draft.mode(join(&dir, "pack"), mode)?;
    l.ask_all(&["pack", "pack.child", "pack.other", "pack.none"]);
    Ok(())
}

fn portion(l: &mut Layout<'_>) -> io::Result<()> {
    l.draft.unprivileged = true;
    for (number, dir) in l.entries(2)?.iter().enumerate() {
        l.put(dir, format!("space/child{number}.py"))?;
        let mode = l.pick(&[0o000, 0o111, 0o444, 0o755]);
        l.draft.mode(join(dir, "space"), mode)?;
    }
    l.ask_all(&["space", "space.child0", "space.child1"]);
    Ok(())
}

fn zip(l: &mut Layout<'_>) -> io::Result<()> {
    l.draft.unprivileged = true;
    let file = l.at("zips/code.zip");
    l.draft.file(&file, archive(&[member("spam.py", "")], b"", b""))?;
    l.search(&file);
    if l.chance(2) {
        l.draft.mode(&file, 0o000)?;
    } else {
        l.draft.mode(l.at("zips"), 0o700)?;
    }
    l.ask("spam");
    Ok(())
}

fn into_closed(l: &mut Layout<'_>) -> io::Result<()> {
    l.draft.unprivileged = true;
    let (dir, closed) = (l.entry()?, l.at("closed"));
    l.put(&closed, "spam.py")?;
    l.put(&closed, "pack/__init__.py")?;
    l.draft.link(join(&dir, "spam.py"), join(&closed, "spam.py"))?;
    l.draft.link(join(&dir, "pack"), join(&closed, "pack"))?;
    l.draft.mode(&closed, 0o000)?;
    l.ask_all(&["spam", "pack"]);
    Ok(())
}
