//! `scan --broken` after an upgrade of the base: it names every environment that lost its interpreter or its packages, with
//! the version that each was made for, and no other.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::Value;

use crate::support::interpreters::{self, Interpreter};
use crate::support::program;

/// A directory of interpreters and a directory of environments.
struct Tree<'p> {
    dir: &'p Path,
    old: &'p Interpreter,
}

impl Tree<'_> {
    /// A name for an interpreter, which an upgrade changes or removes.
    fn name(&self, name: &str, python: &Interpreter) -> String {
        let path = self.dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        drop(fs::remove_file(&path));
        symlink(python.exe.to_string(), &path).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// An environment with one package for the old release, made from the interpreter `from`.
    fn environment(&self, name: &str, from: &str, cfg: &str) {
        let root = self.dir.join("envs").join(name);
        let site = root.join(format!("lib/python{}/site-packages", self.old.xy()));
        fs::create_dir_all(site.join("tide-1.0.dist-info")).unwrap();
        fs::create_dir_all(site.join("tide")).unwrap();
        fs::write(site.join("tide/__init__.py"), "").unwrap();
        fs::write(site.join("tide-1.0.dist-info/METADATA"), "Metadata-Version: 2.1\nName: tide\nVersion: 1.0\n")
            .unwrap();
        fs::write(site.join("tide-1.0.dist-info/RECORD"), "tide/__init__.py,,\ntide-1.0.dist-info/METADATA,,\n")
            .unwrap();
        fs::create_dir_all(root.join("bin")).unwrap();
        symlink(from, root.join("bin/python")).unwrap();
        symlink("python", root.join("bin/python3")).unwrap();
        let home = Path::new(from).parent().unwrap().display();
        fs::write(root.join("pyvenv.cfg"), format!("home = {home}\ninclude-system-site-packages = false\n{cfg}"))
            .unwrap();
    }

    /// What `scan --broken` says, by the name of the environment: the version that it was made for, and whether the text
    /// has it, too.
    fn broken(&self, more: &[&str]) -> BTreeMap<String, String> {
        let envs = self.dir.join("envs");
        let arguments = |format| [&["scan", "--broken", "--format", format], more, &[envs.to_str().unwrap()]].concat();
        let json = program::run(self.dir, &arguments("json"));
        let text = program::run(self.dir, &arguments("text"));
        let text = program::stdout(&text);
        let lines = program::stdout(&json).lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let told = lines.filter(|line| line["type"] == "environment").map(|line| {
            let name = Path::new(line["path"].as_str().unwrap()).strip_prefix(&envs).unwrap().display().to_string();
            let version = line["environment"]["python_version"].as_str().unwrap_or("unknown").to_owned();
            let row =
                text.lines().find(|row| row.contains(&format!("/{name} "))).unwrap_or_else(|| panic!("{name}: {text}"));
            assert!(row.contains(&version), "{name} was made for {version}: {row}");
            (name, version)
        });
        told.collect()
    }
}

/// The same environments, whichever way the base is upgraded.
fn all(tree: &Tree<'_>, from: &str) -> BTreeMap<String, String> {
    let (xy, micro) = (tree.old.xy(), tree.old.micro);
    let full = format!("{xy}.{micro}");
    tree.environment("app", from, &format!("version = {full}\nexecutable = {from}\n"));
    tree.environment("by-virtualenv", from, &format!("virtualenv = 20.26.0\nversion_info = {full}.final.0\n"));
    tree.environment("by-uv", from, &format!("uv = 0.9.2\nversion_info = {full}\nprompt = app\n"));
    tree.environment("pre-commit/repo1/py_env-python3", from, &format!("version = {full}\n"));
    tree.environment("pipx/venvs/black", from, &format!("version = {full}\n"));
    tree.environment("nothing-written-down", from, "");
    let mut made: BTreeMap<String, String> =
        ["app", "by-virtualenv", "by-uv", "pre-commit/repo1/py_env-python3", "pipx/venvs/black"]
            .map(|name| (name.to_owned(), full.clone()))
            .into();
    made.insert("nothing-written-down".to_owned(), xy);
    made
}

fn two() -> Option<(&'static Interpreter, &'static Interpreter)> {
    let mut pythons = interpreters::installed().filter(|python| !python.pypy && !python.debian && python.minor >= 8);
    let old = pythons.next()?;
    Some((old, pythons.find(|python| python.minor > old.minor)?))
}

#[test]
fn every_orphaned_environment_is_named_with_the_version_it_was_made_for() {
    let Some((old, new)) = two() else { return println!("skipped: no two minor versions") };
    // What a name such as python3 leads to, a name with the version, and a directory that an upgrade replaces.
    for (name, upgraded) in [
        ("usr/bin/python3", Some("usr/bin/python3")),
        ("opt/bin/python3.old", None),
        ("versions/old/bin/python3", Some("versions/new/bin/python3")),
    ] {
        let dir = program::scratch();
        let tree = Tree { dir: dir.path(), old };
        let from = tree.name(name, old);
        let orphaned = all(&tree, &from);
        let kept = tree.name("kept/bin/python3", old);
        tree.environment("kept", &kept, &format!("version = {}.{}\n", old.xy(), old.micro));
        assert_eq!(tree.broken(&[]), BTreeMap::new(), "before the upgrade of {name}");
        fs::remove_file(&from).unwrap();
        if let Some(upgraded) = upgraded {
            tree.name(upgraded, new);
        }
        assert_eq!(tree.broken(&[]), orphaned, "after the upgrade of {name}");
        assert_eq!(tree.broken(&["--python", &old.xy()]), orphaned, "--python {}", old.xy());
        assert_eq!(tree.broken(&["--check"]), orphaned, "--check after the upgrade of {name}");
    }
}

/// Environments of conda hold their interpreter themselves; it is lost with its package.
#[test]
fn an_environment_of_conda_that_lost_its_interpreter_is_named() {
    let dir = program::scratch();
    for file in
        ["lost/conda-meta/python-3.11.9-h955ad1f_0.json", "lost/conda-meta/history", "r/conda-meta/r-base-4.3.1-0.json"]
    {
        let path = dir.path().join("envs").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "{}").unwrap();
    }
    let Some(old) = interpreters::installed().next() else { return println!("skipped: no interpreter") };
    let tree = Tree { dir: dir.path(), old };
    assert_eq!(tree.broken(&[]), BTreeMap::from([("lost".to_owned(), "3.11.9".to_owned())]));
}
