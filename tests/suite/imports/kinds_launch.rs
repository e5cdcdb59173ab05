//! What is launched, and what its directory hides.

use std::io;

use super::archive::{archive, member};
use super::kind::{Kind, kind};
use super::kinds_stdlib::copy;
use super::layout::{Layout, PROBE, Way};
use crate::differential::draft::join;
use crate::support::world::Cwd;

/// The kinds.
pub const KINDS: &[Kind] = &[
    kind("script", script),
    kind("script-by-symlink", script_by_symlink),
    kind("script-by-relative-path", relative_script),
    kind("script-in-a-package", script_in_package),
    kind("directory-as-script", directory),
    kind("zip-as-script", zip),
    kind("run-module", module),
    kind("run-package", package),
    kind("run-module-of-a-package", module_in_package),
    kind("run-module-of-a-namespace", module_in_namespace),
    kind("run-package-of-site-packages", module_of_site),
    kind("run-module-next-to-the-library", hides_runpy),
    kind("script-hides-the-library", script_hides),
    kind("command-hides-linecache", hides_linecache),
];

/// Modules next to the script, in the working directory, and of the library.
fn surround(l: &mut Layout<'_>, dir: &str) -> io::Result<()> {
    let dir = l.at(dir);
    l.put(&dir, "near.py")?;
    l.put(&dir, "pack/__init__.py")?;
    l.put(&l.cwd(), "here.py")?;
    for name in l.some(&["random", "string", "queue", "csv"]) {
        copy(l, &dir, name)?;
    }
    l.ask_all(&[
        "near",
        "pack",
        "here",
        "random",
        "string",
        "queue",
        "csv",
        "types",
        "runpy",
        "importlib",
        "pkgutil",
        "importlib.util",
        "linecache",
        "warnings",
        "contextlib",
        "zipimport",
        "os",
        "__future__",
    ]);
    Ok(())
}

fn script(l: &mut Layout<'_>) -> io::Result<()> {
    surround(l, "scripts")?;
    l.script(l.at("scripts/run.py"))
}

fn script_by_symlink(l: &mut Layout<'_>) -> io::Result<()> {
    surround(l, "scripts")?;
    l.draft.file(l.at("scripts/real.py"), PROBE)?;
    l.draft.link(l.at("links/run"), "../scripts/real.py")?;
    l.put(&l.at("links"), "near.py")?;
    l.way = Way::Script(l.at("links/run"));
    Ok(())
}

fn relative_script(l: &mut Layout<'_>) -> io::Result<()> {
    surround(l, "cwd/scripts")?;
    l.draft.file(l.at("cwd/scripts/run.py"), PROBE)?;
    l.draft.file(l.at("cwd/run.py"), PROBE)?;
    l.way = Way::Script(
        l.pick(&["scripts/run.py", "./scripts/run.py", "run.py", "../cwd/run.py", "scripts/../run.py"]).into(),
    );
    Ok(())
}

fn script_in_package(l: &mut Layout<'_>) -> io::Result<()> {
    surround(l, "scripts/inner")?;
    l.put(&l.at("scripts/inner"), "__init__.py")?;
    l.put(&l.at("scripts"), "outer.py")?;
    l.ask_all(&["inner", "inner.near", "outer"]);
    l.script(l.at("scripts/inner/run.py"))
}

fn directory(l: &mut Layout<'_>) -> io::Result<()> {
    surround(l, "app")?;
    l.draft.file(l.at("app/__main__.py"), PROBE)?;
    let path = l.pick(&["app", "app/"]);
    l.way = Way::Script(l.at(path));
    Ok(())
}

fn zip(l: &mut Layout<'_>) -> io::Result<()> {
    surround(l, "cwd")?;
    let all = [
        member("__main__.py", PROBE),
        member("near.py", ""),
        member("zipped/__init__.py", ""),
        member("zipped/child.py", ""),
    ];
    let before: &[u8] = l.pick(&[b"".as_slice(), b"#!/usr/bin/env python3\n"]);
    l.draft.file(l.at("app.pyz"), archive(&all, before, b""))?;
    l.way = Way::Script(l.at("app.pyz"));
    l.ask_all(&["zipped", "zipped.child", "zipped.none"]);
    Ok(())
}

fn module(l: &mut Layout<'_>) -> io::Result<()> {
    surround(l, "cwd")?;
    l.ask("runme");
    l.module("runme")
}

fn package(l: &mut Layout<'_>) -> io::Result<()> {
    surround(l, "cwd")?;
    l.put(&l.cwd(), "runme/__init__.py")?;
    l.put(&l.cwd(), "runme/child.py")?;
    l.module("runme.__main__")?;
    l.way = Way::Module("runme".to_owned());
    l.ask_all(&["runme", "runme.child", "runme.__main__"]);
    Ok(())
}

fn module_in_package(l: &mut Layout<'_>) -> io::Result<()> {
    surround(l, "cwd")?;
    l.put(&l.cwd(), "outer/__init__.py")?;
    l.put(&l.cwd(), "outer/inner/__init__.py")?;
    l.ask_all(&["outer", "outer.inner", "outer.inner.runme", "outer.other"]);
    l.module("outer.inner.runme")
}

fn module_in_namespace(l: &mut Layout<'_>) -> io::Result<()> {
    surround(l, "cwd")?;
    l.put(&l.cwd(), "space/child.py")?;
    let dir = l.entry()?;
    l.put(&dir, "space/far.py")?;
    l.ask_all(&["space", "space.child", "space.runme", "space.far"]);
    l.module("space.runme")
}

fn module_of_site(l: &mut Layout<'_>) -> io::Result<()> {
    surround(l, "cwd")?;
    l.in_site("installed/__init__.py", "")?;
    l.in_site("installed/__main__.py", PROBE)?;
    l.way = Way::Module("installed".to_owned());
    l.ask_all(&["installed", "installed.child"]);
    Ok(())
}

fn hides_runpy(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.cwd();
    let all = [
        "runpy",
        "types",
        "warnings",
        "pkgutil",
        "contextlib",
        "functools",
        "operator",
        "keyword",
        "typing",
        "abc",
        "os",
        "collections",
        "importlib",
        "copy",
    ];
    for name in l.some(&all) {
        copy(l, &dir, name)?;
    }
    l.ask_all(&all);
    l.ask("importlib.util");
    l.module("runme")
}

fn script_hides(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.at("scripts");
    let all = ["types", "os", "site", "abc", "io", "codecs", "warnings", "linecache", "random", "token", "enum", "re"];
    for name in l.some(&all) {
        copy(l, &dir, name)?;
    }
    l.ask_all(&all);
    l.script(join(&dir, "run.py"))
}

fn hides_linecache(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.cwd();
    copy(l, &dir, "linecache")?;
    l.draft.cwd = Some(Cwd::At(dir));
    l.ask_all(&["linecache", "tokenize", "token", "codecs", "re", "functools", "os"]);
    Ok(())
}
