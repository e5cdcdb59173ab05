//! Namespace packages.

use std::io;

use super::kind::{Kind, kind};
use super::layout::Layout;
use crate::differential::draft::join;

/// The kinds.
pub const KINDS: &[Kind] = &[
    kind("namespace-of-one-portion", one),
    kind("namespace-over-entries", several),
    kind("namespace-and-later-module", later_module),
    kind("namespace-and-earlier-package", earlier_package),
    kind("namespace-in-a-package", in_package),
    kind("nested-namespaces", nested),
    kind("namespace-with-the-same-children", same_children),
    kind("namespace-with-empty-portions", empty),
    kind("namespace-of-symlinks", symlinks),
    kind("namespace-and-lone-metadata", metadata),
];

fn one(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.put(&dir, format!("{name}/child.py"))?;
    l.ask_children(&name, &["child", "other"]);
    l.ask(name);
    Ok(())
}

fn several(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.name();
    for (number, dir) in l.entries(4)?.iter().enumerate() {
        l.put(dir, format!("{name}/child{number}.py"))?;
        l.ask(format!("{name}.child{number}"));
    }
    l.ask(name);
    Ok(())
}

fn later_module(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.name();
    for dir in l.entries(4)? {
        let file = l.pick(&["/child.py", "/child.py", ".py", "/__init__.py", ".txt"]);
        l.put(&dir, format!("{name}{file}"))?;
    }
    l.ask_children(&name, &["child"]);
    l.ask(name);
    Ok(())
}

fn earlier_package(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.name();
    let dirs = l.entries(3)?;
    l.put(&dirs[0], format!("{name}/__init__.py"))?;
    for dir in &dirs {
        l.put(dir, format!("{name}/child.py"))?;
    }
    l.put(&dirs[1], format!("{name}/other.py"))?;
    l.ask_children(&name, &["child", "other"]);
    l.ask(name);
    Ok(())
}

fn in_package(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.put(&dir, format!("{name}/__init__.py"))?;
    l.put(&dir, format!("{name}/inner/child.py"))?;
    l.put(&dir, format!("{name}/inner/pack/__init__.py"))?;
    l.ask_children(&name, &["inner", "inner.child", "inner.pack", "inner.pack.more"]);
    l.ask(name);
    Ok(())
}

fn nested(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.name();
    for dir in l.entries(3)? {
        let file = l.pick(&["a/b/c.py", "a/b/__init__.py", "a/c.py", "a/__init__.py", "a.py", "a/b.py", "b/c.py"]);
        l.put(&dir, format!("{name}/{file}"))?;
    }
    l.ask_children(&name, &["a", "a.b", "a.b.c", "a.c", "b", "b.c"]);
    l.ask(name);
    Ok(())
}

fn same_children(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.name();
    for dir in l.entries(3)? {
        for child in l.some(&["child.py", "child/__init__.py", "child/deep.py", "child.pyc"]) {
            l.put(&dir, format!("{name}/{child}"))?;
        }
    }
    l.ask_children(&name, &["child", "child.deep"]);
    l.ask(name);
    Ok(())
}

fn empty(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.name();
    for dir in l.entries(2)? {
        l.draft.dir(join(dir, &name))?;
    }
    l.ask_children(&name, &["child"]);
    l.ask(name);
    Ok(())
}

fn symlinks(l: &mut Layout<'_>) -> io::Result<()> {
    let (name, real) = (l.name(), l.at("real-portion"));
    l.put(&real, "child.py")?;
    for dir in l.entries(2)? {
        l.draft.link(join(dir, &name), &real)?;
    }
    l.ask_children(&name, &["child"]);
    l.ask(name);
    Ok(())
}

fn metadata(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.name();
    let dir = l.draft.site();
    l.write(
        &dir,
        format!("{name}-1.0.dist-info/METADATA"),
        format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"),
    )?;
    l.write(
        &dir,
        format!("{name}-1.0.dist-info/RECORD"),
        format!("{name}/__init__.py,,\n{name}-1.0.dist-info/RECORD,,\n"),
    )?;
    if l.chance(2) {
        l.draft.dir(join(&dir, format!("{name}/__pycache__")))?;
    }
    l.ask(format!("{name}-1"));
    l.ask(format!("{name}-1.0"));
    l.ask(name);
    Ok(())
}
