//! Environments whose base interpreter was moved, upgraded or removed.

use serde_json::{Value, json};

use crate::situations::case::{Case, Made, prefix};
use crate::support::stage::{Stage, cfg};

/// The symlink contains the full version, although a path without it exists.
pub fn pinned(stage: &Stage<'_>) -> Made {
    let name = stage.name();
    stage.base()?;
    stage.link("opt/3.99", "../base")?;
    let pinned = stage.at("base/bin").join(&name);
    let python = stage.link("env/bin/python", &pinned)?;
    stage.write("env/pyvenv.cfg", cfg(stage.text("base/bin")))?;
    Ok(Case::of(python)
        .showing("/executable/hops/0/target", pinned.display().to_string())
        .showing("/sys/base_prefix", stage.text("base")))
}

/// All packages are installed for another minor version.
pub fn orphaned(stage: &Stage<'_>) -> Made {
    let python = stage.link("env/bin/python", stage.installed())?;
    stage.write("env/pyvenv.cfg", stage.sound_cfg())?;
    stage.dir("env/lib/python3.2/site-packages")?;
    Ok(Case::of(python).showing("/sys/prefix", stage.text("env")).showing("/sys/path/4", Value::Null))
}

/// `home` names another installation of the same minor version.
pub fn foreign_stdlib(stage: &Stage<'_>) -> Made {
    stage.base()?;
    let python = stage.environment(&cfg(stage.text("base/bin")))?;
    Ok(Case::of(python)
        .showing("/sys/base_prefix", stage.text("base"))
        .showing("/executable/file", stage.installed().display().to_string()))
}

/// `home` is a directory that contains only a symlink to the interpreter, and the compiled-in prefix does not exist.
pub fn barren_link(stage: &Stage<'_>) -> Made {
    let link = stage.link(format!("local/bin/{}", stage.name()), stage.installed())?;
    stage.write("env/pyvenv.cfg", cfg(stage.text("local/bin")))?;
    Ok(Case::of(stage.link("env/bin/python", link)?).naming("/install/lib"))
}

/// The same for a build whose compiled-in prefix exists.
pub fn barren_link_masked(stage: &Stage<'_>) -> Made {
    Ok(Case { named: None, ..barren_link(stage)?.showing("/sys/base_prefix", prefix(stage)) })
}

/// A dangling symlink into a directory that still exists.
fn removed(stage: &Stage<'_>, kept: &str, rest: &str) -> Made {
    stage.dir(kept)?;
    let gone = stage.at(kept).join(rest).join("bin").join(stage.name());
    let python = stage.link("env/bin/python", &gone)?;
    stage.write("env/pyvenv.cfg", cfg(gone.display().to_string()))?;
    Ok(Case::of(python).naming(gone).showing("/executable/problem/nearest", stage.text(kept)))
}

/// After an upgrade by Homebrew.
pub fn cellar_removed(stage: &Stage<'_>) -> Made {
    removed(stage, "Cellar/python@3.99", "3.99.1_1")
}

/// After a garbage collection by Nix.
pub fn store_collected(stage: &Stage<'_>) -> Made {
    removed(stage, "nix/store", "0c4l1sj5hkm8dnz5c0dqwr9m1rz8y7kp-python3-3.99.1")
}

/// The standard library contains its landmark `os.py` and nothing else.
pub fn without_encodings(stage: &Stage<'_>) -> Made {
    let name = stage.name();
    let python = stage.program(format!("base/bin/{name}"), stage.binary()?)?;
    stage.write(format!("base/lib/{name}/os.py"), "")?;
    stage.dir(format!("base/lib/{name}/lib-dynload"))?;
    let stdlib = stage.at("base/lib").join(&name);
    Ok(Case::of(python).naming(stdlib).showing("/sys/prefix", stage.text("base")))
}

/// A file that only a build tree has, next to the interpreter.
pub fn stray_builddir(stage: &Stage<'_>) -> Made {
    let python = stage.program(format!("base/bin/{}", stage.name()), stage.binary()?)?;
    stage.write("base/bin/pybuilddir.txt", "build/lib.linux")?;
    Ok(Case::of(python).naming(stage.at("base")))
}

/// Before 3.11 only the directory of the extension modules is taken from the file.
pub fn stray_builddir_legacy(stage: &Stage<'_>) -> Made {
    stage.dir("base/bin/build/lib.linux")?;
    let case = stray_builddir(stage)?;
    Ok(Case { named: None, ..case }.showing("/sys/path/3/value", stage.text("base/bin/build/lib.linux")))
}

/// An empty zip archive of the standard library, which is found before the directories.
pub fn stray_zip(stage: &Stage<'_>) -> Made {
    let python = stage.program(format!("base/bin/{}", stage.name()), stage.binary()?)?;
    let zip = stage.write(format!("base/lib/python{}.zip", stage.python.nodot()), "")?;
    Ok(Case::of(python).naming(zip))
}

/// An environment created by pre-commit, explained by its directory.
pub fn tool_environment(stage: &Stage<'_>) -> Made {
    let dir = "cache/pre-commit/repo1/py_env-python3";
    let gone = stage.at("base/bin").join(stage.name());
    stage.write(format!("{dir}/pyvenv.cfg"), cfg(stage.text("base/bin")))?;
    stage.link(format!("{dir}/bin/python"), &gone)?;
    Ok(Case::of(stage.at(dir)).naming(gone).showing("/sys", json!(null)))
}
