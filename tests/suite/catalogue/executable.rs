//! Group 1: the executable and its links.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use bstr::ByteSlice;

use crate::catalogue::scene::{Case, Made, Scene, Unmade, shared_library};

/// The base interpreter was removed.
pub fn dangling(scene: &Scene<'_>) -> Made {
    let gone = scene.at("base/bin").join(scene.name());
    scene.write("env/pyvenv.cfg", crate::catalogue::scene::cfg(&scene.text("base/bin")))?;
    let python = scene.link("env/bin/python", &gone)?;
    Ok(Case::of(python).culprit(gone).betrayed_by("/executable/problem/nearest", scene.text("").trim_end_matches('/')))
}

/// `python` is a link to `python3`, and that one dangles.
pub fn dangling_second_hop(scene: &Scene<'_>) -> Made {
    let gone = scene.at("base/bin").join(scene.name());
    scene.link("env/bin/python3", &gone)?;
    let python = scene.link("env/bin/python", "python3")?;
    Ok(Case::of(python).culprit(gone).betrayed_by("/executable/problem/link", scene.text("env/bin/python3")))
}

/// `python -m venv` over a broken environment: a new `pyvenv.cfg`, the old link.
pub fn refreshed(scene: &Scene<'_>) -> Made {
    let gone = scene.at("old/bin").join(scene.name());
    scene.write("env/pyvenv.cfg", scene.sound_cfg())?;
    Ok(Case::of(scene.link("env/bin/python", &gone)?).culprit(gone))
}

/// The links lead in a circle.
pub fn links_in_a_circle(scene: &Scene<'_>) -> Made {
    scene.link("env/bin/python3", "python")?;
    let python = scene.link("env/bin/python", "python3")?;
    Ok(Case::of(&python).culprit(python))
}

/// A directory that was an environment once.
pub fn missing(scene: &Scene<'_>) -> Made {
    scene.write("env/pyvenv.cfg", scene.sound_cfg())?;
    scene.dir(&scene.site_packages())?;
    Ok(Case::of(scene.at("env")).culprit(scene.at("env/bin/python")))
}

/// An archive lost the modes.
pub fn not_executable(scene: &Scene<'_>) -> Made {
    let copy = scene.write("env/bin/python", scene.binary()?)?;
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o644))?;
    Ok(Case::of(&copy).culprit(copy))
}

/// A link that became a small text file.
pub fn text_link(scene: &Scene<'_>) -> Made {
    let python = scene.write("env/bin/python", scene.name())?;
    Ok(Case::of(&python).culprit(python).betrayed_by("/executable/problem/target", scene.name()))
}

/// A full disk.
pub fn empty(scene: &Scene<'_>) -> Made {
    let python = scene.write("base/bin/python3", "")?;
    Ok(Case::of(scene.link("env/bin/python", &python)?).culprit(python))
}

/// A copy that was interrupted.
pub fn half(scene: &Scene<'_>) -> Made {
    let binary = scene.binary()?;
    let python = scene.write("env/bin/python", &binary[..binary.len() / 2])?;
    Ok(Case::of(&python).culprit(python))
}

/// An environment that was carried to another machine.
pub fn wrong_architecture(scene: &Scene<'_>) -> Made {
    const MACHINE: usize = 18;
    const AARCH64: u8 = 183;
    const X86_64: u8 = 62;
    let mut binary = scene.binary()?;
    binary[MACHINE] = if binary[MACHINE] == AARCH64 { X86_64 } else { AARCH64 };
    let python = scene.write("env/bin/python", binary)?;
    Ok(Case::of(&python).culprit(python))
}

/// An environment of another C library.
pub fn missing_loader(scene: &Scene<'_>) -> Made {
    let mut binary = scene.binary()?;
    let at = binary.find("/ld-").ok_or_else(|| Unmade::Reason("the binary names no loader".to_owned()))?;
    binary[at + 1] = b'X';
    let python = scene.write("env/bin/python", binary)?;
    Ok(Case::of(&python).culprit(python))
}

/// A copied interpreter whose base went away: its run path leads nowhere.
pub fn libpython_missing(scene: &Scene<'_>) -> Made {
    let dir = format!("{}/lib\0", scene.installed_prefix());
    let mut binary = scene.binary()?;
    let at = binary.find(&dir).ok_or_else(|| Unmade::Reason("the binary has no such run path".to_owned()))?;
    binary[at + 1] = b'#';
    let library = format!("libpython{}.so.1.0", scene.python.xy());
    if ["/usr/lib", "/usr/local/lib", "/lib"].iter().any(|dir| holds(Path::new(dir), &library)) {
        return Err(Unmade::Reason(format!("the system has a {library} of its own")));
    }
    let python = scene.write("env/bin/python", binary)?;
    Ok(Case::of(&python).culprit(library))
}

/// Whether a directory, or one directly below it, holds a file of this name.
fn holds(dir: &Path, name: &str) -> bool {
    let below = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    dir.join(name).exists() || below.into_iter().any(|dir| dir.join(name).exists())
}

/// `LD_LIBRARY_PATH` comes before the run path of the executable.
pub fn libpython_substituted(scene: &Scene<'_>) -> Made {
    let library = shared_library(scene.python).ok_or_else(|| Unmade::Reason("no shared library".to_owned()))?;
    let name = library.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let other = scene.write(&format!("other/{name}"), fs::read(&library)?)?;
    let python = scene.environment(&scene.sound_cfg())?;
    let variable = format!("LD_LIBRARY_PATH={}", scene.text("other"));
    Ok(Case::of(python).with(&["--env", &variable]).betrayed_by("/interpreter/library", other.display().to_string()))
}

/// The base lies in a directory that the user may not enter.
pub fn unreachable(scene: &Scene<'_>) -> Made {
    let hidden = scene.dir("private")?;
    scene.write("private/bin/python3", scene.binary()?)?;
    let python = scene.link("env/bin/python", scene.at("private/bin/python3"))?;
    fs::set_permissions(&hidden, fs::Permissions::from_mode(0o700))?;
    if fs::write(hidden.join("probe"), "").is_ok() && !Path::new("/usr/bin/setpriv").exists() {
        return Err(Unmade::Reason("nobody here is refused anything".to_owned()));
    }
    Ok(Case { stranger: true, ..Case::of(python).culprit(hidden) })
}

/// A script that starts the real interpreter under its own path.
pub fn wrapper(scene: &Scene<'_>) -> Made {
    let script = format!("#!/bin/sh\nexec {} \"$@\"\n", scene.installed().display());
    let python = scene.write("env/bin/python", script)?;
    scene.write("env/pyvenv.cfg", scene.sound_cfg())?;
    Ok(Case::of(python).betrayed_by("/executable/problem/kind", "script"))
}

/// An environment that is linked to a shim.
pub fn pyenv_shim(scene: &Scene<'_>) -> Made {
    let root = scene.text("pyenv");
    let shim = format!(
        "#!/usr/bin/env bash\nexport PYENV_ROOT=\"{root}\"\nexec \"{root}/bin/pyenv\" exec \"${{0##*/}}\" \"$@\"\n"
    );
    scene.write("pyenv/shims/python", shim)?;
    scene.write("pyenv/version", "3.99.1\n")?;
    let real = scene.write("pyenv/versions/3.99.1/bin/python", "")?;
    let python = scene.link("env/bin/python", scene.at("pyenv/shims/python"))?;
    Ok(Case::of(python).betrayed_by("/executable/problem/real", real.display().to_string()))
}

/// A script for a program that does not exist.
pub fn wrapper_without_shell(scene: &Scene<'_>) -> Made {
    let gone = scene.text("gone/bash");
    let python = scene.write("env/bin/python", format!("#!{gone}\nexec python3\n"))?;
    Ok(Case::of(python).culprit(gone))
}

/// Created anew by another Python: `python` is still the old one, `pyvenv.cfg` the new one's.
pub fn names_disagree(scene: &Scene<'_>) -> Made {
    let python = scene.environment("home = /usr/bin\nversion = 3.99.0\n")?;
    let version = format!("{}.{}", scene.python.xy(), scene.python.micro);
    Ok(Case::of(python)
        .betrayed_by("/interpreter/version", version)
        .betrayed_by("/pyvenv_cfg/entries/1/value", "3.99.0")
        .betrayed_by("/pyvenv_cfg/entries/1/used_by", serde_json::json!([])))
}

/// A `._pth` file replaces everything.
pub fn under_pth(scene: &Scene<'_>) -> Made {
    let python = scene.environment(&scene.sound_cfg())?;
    let stdlib = scene.stdlib().display().to_string();
    scene.write("env/bin/python._pth", format!("{stdlib}\n"))?;
    Ok(Case::of(python)
        .betrayed_by("/sys/path/0/value", stdlib)
        .betrayed_by("/sys/path/0/origin", "_pth-file")
        .betrayed_by("/sys/path/1", serde_json::Value::Null)
        .betrayed_by("/site/enabled", false))
}

/// Before 3.11, POSIX knows no such file.
pub fn under_pth_ignored(scene: &Scene<'_>) -> Made {
    let python = scene.environment(&scene.sound_cfg())?;
    scene.write("env/bin/python._pth", "nothing\n")?;
    Ok(Case::of(python).betrayed_by("/sys/prefix", scene.text("env")))
}
