//! Group 3: the base interpreter was moved, upgraded or removed.

use serde_json::{Value, json};

use crate::catalogue::scene::{Case, Made, Scene, cfg};

/// A path with a full version, where a stable one exists: the first hop tells.
pub fn pinned(scene: &Scene<'_>) -> Made {
    let name = scene.name();
    scene.base()?;
    scene.link("opt/3.99", "../base")?;
    let pinned = scene.at("base/bin").join(&name);
    let python = scene.link("env/bin/python", &pinned)?;
    scene.write("env/pyvenv.cfg", cfg(&scene.text("base/bin")))?;
    Ok(Case::of(python)
        .betrayed_by("/executable/hops/0/target", pinned.display().to_string())
        .betrayed_by("/sys/base_prefix", scene.text("base")))
}

/// Everything is installed for another minor release.
pub fn orphaned(scene: &Scene<'_>) -> Made {
    let python = scene.link("env/bin/python", scene.installed())?;
    scene.write("env/pyvenv.cfg", scene.sound_cfg())?;
    scene.dir("env/lib/python3.2/site-packages")?;
    Ok(Case::of(python).betrayed_by("/sys/prefix", scene.text("env")).betrayed_by("/sys/path/4", Value::Null))
}

/// `home` names another installation of the same minor release.
pub fn foreign_stdlib(scene: &Scene<'_>) -> Made {
    scene.base()?;
    let python = scene.environment(&cfg(&scene.text("base/bin")))?;
    Ok(Case::of(python)
        .betrayed_by("/sys/base_prefix", scene.text("base"))
        .betrayed_by("/executable/file", scene.installed().display().to_string()))
}

/// `home` is a directory with nothing but a link to the interpreter, whose compiled prefix does not exist.
pub fn barren_link(scene: &Scene<'_>) -> Made {
    let link = scene.link(&format!("local/bin/{}", scene.name()), scene.installed())?;
    scene.write("env/pyvenv.cfg", cfg(&scene.text("local/bin")))?;
    Ok(Case::of(scene.link("env/bin/python", link)?).culprit("/install/lib"))
}

/// The same for an ordinary build.
pub fn barren_link_masked(scene: &Scene<'_>) -> Made {
    Ok(Case { culprit: None, ..barren_link(scene)?.betrayed_by("/sys/base_prefix", scene.installed_prefix()) })
}

/// A dangling link below a directory that still exists.
fn removed(scene: &Scene<'_>, kept: &str, rest: &str) -> Made {
    scene.dir(kept)?;
    let gone = scene.at(kept).join(rest).join("bin").join(scene.name());
    let python = scene.link("env/bin/python", &gone)?;
    scene.write("env/pyvenv.cfg", cfg(&gone.display().to_string()))?;
    Ok(Case::of(python).culprit(gone).betrayed_by("/executable/problem/nearest", scene.text(kept)))
}

/// After an upgrade by Homebrew.
pub fn cellar_removed(scene: &Scene<'_>) -> Made {
    removed(scene, "Cellar/python@3.99", "3.99.1_1")
}

/// After a garbage collection by Nix.
pub fn store_collected(scene: &Scene<'_>) -> Made {
    removed(scene, "nix/store", "0c4l1sj5hkm8dnz5c0dqwr9m1rz8y7kp-python3-3.99.1")
}

/// A landmark without the rest.
pub fn without_encodings(scene: &Scene<'_>) -> Made {
    let name = scene.name();
    let python = scene.write(&format!("base/bin/{name}"), scene.binary()?)?;
    scene.write(&format!("base/lib/{name}/os.py"), "")?;
    scene.dir(&format!("base/lib/{name}/lib-dynload"))?;
    let stdlib = scene.at("base/lib").join(&name);
    Ok(Case::of(python).culprit(stdlib).betrayed_by("/sys/prefix", scene.text("base")))
}

/// A file that only a build tree has, beside the interpreter.
pub fn stray_builddir(scene: &Scene<'_>) -> Made {
    let python = scene.write(&format!("base/bin/{}", scene.name()), scene.binary()?)?;
    scene.write("base/bin/pybuilddir.txt", "build/lib.linux")?;
    Ok(Case::of(python).culprit(scene.at("base")))
}

/// Before 3.11 only the directory of the extension modules is taken from the file.
pub fn stray_builddir_legacy(scene: &Scene<'_>) -> Made {
    scene.dir("base/bin/build/lib.linux")?;
    let case = stray_builddir(scene)?;
    Ok(Case { culprit: None, ..case }.betrayed_by("/sys/path/3/value", scene.text("base/bin/build/lib.linux")))
}

/// A landmark that wins over the directories, and holds nothing.
pub fn stray_zip(scene: &Scene<'_>) -> Made {
    let python = scene.write(&format!("base/bin/{}", scene.name()), scene.binary()?)?;
    let zip = scene.write(&format!("base/lib/python{}.zip", scene.python.nodot()), "")?;
    Ok(Case::of(python).culprit(zip))
}

/// An environment that another program owns, asked about by its directory.
pub fn tool_environment(scene: &Scene<'_>) -> Made {
    let dir = "cache/pre-commit/repo1/py_env-python3";
    let gone = scene.at("base/bin").join(scene.name());
    scene.write(&format!("{dir}/pyvenv.cfg"), cfg(&scene.text("base/bin")))?;
    scene.link(&format!("{dir}/bin/python"), &gone)?;
    Ok(Case::of(scene.at(dir)).culprit(gone).betrayed_by("/sys", json!(null)))
}
