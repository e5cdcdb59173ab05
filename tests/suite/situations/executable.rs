//! Environments whose executable, or a symlink to it, is broken or misleading.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use bstr::ByteSlice;

use crate::situations::case::{Case, Made, Unmade, shared_library};
use crate::support::stage::{Stage, cfg};

/// The base interpreter was removed.
pub fn dangling(stage: &Stage<'_>) -> Made {
    let gone = stage.at("base/bin").join(stage.name());
    stage.write("env/pyvenv.cfg", cfg(stage.text("base/bin")))?;
    let python = stage.link("env/bin/python", &gone)?;
    Ok(Case::of(python).naming(gone).showing("/executable/problem/nearest", stage.text("").trim_end_matches('/')))
}

/// `python` is a symlink to `python3`, which dangles.
pub fn dangling_second_hop(stage: &Stage<'_>) -> Made {
    let gone = stage.at("base/bin").join(stage.name());
    stage.link("env/bin/python3", &gone)?;
    let python = stage.link("env/bin/python", "python3")?;
    Ok(Case::of(python).naming(gone).showing("/executable/problem/link", stage.text("env/bin/python3")))
}

/// `python -m venv` in a broken environment writes a new `pyvenv.cfg` and keeps the dangling symlink.
pub fn refreshed(stage: &Stage<'_>) -> Made {
    let gone = stage.at("old/bin").join(stage.name());
    stage.write("env/pyvenv.cfg", stage.sound_cfg())?;
    Ok(Case::of(stage.link("env/bin/python", &gone)?).naming(gone))
}

/// The symlinks form a loop.
pub fn symlink_loop(stage: &Stage<'_>) -> Made {
    stage.link("env/bin/python3", "python")?;
    let python = stage.link("env/bin/python", "python3")?;
    Ok(Case::of(&python).naming(python))
}

/// The executable was removed from an environment.
pub fn missing(stage: &Stage<'_>) -> Made {
    stage.write("env/pyvenv.cfg", stage.sound_cfg())?;
    stage.dir(stage.site())?;
    Ok(Case::of(stage.at("env")).naming(stage.at("env/bin/python")))
}

/// An archive did not keep the modes of files.
pub fn not_executable(stage: &Stage<'_>) -> Made {
    let copy = stage.program("env/bin/python", stage.binary()?)?;
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o644))?;
    Ok(Case::of(&copy).naming(copy))
}

/// A symlink was replaced by a text file that contains its target.
pub fn text_link(stage: &Stage<'_>) -> Made {
    let python = stage.program("env/bin/python", stage.name())?;
    Ok(Case::of(&python).naming(python).showing("/executable/problem/target", stage.name()))
}

/// An empty file, as a full disk leaves it.
pub fn empty(stage: &Stage<'_>) -> Made {
    let python = stage.program("base/bin/python3", "")?;
    Ok(Case::of(stage.link("env/bin/python", &python)?).naming(python))
}

/// A copy that was interrupted.
pub fn half(stage: &Stage<'_>) -> Made {
    let binary = stage.binary()?;
    let python = stage.program("env/bin/python", &binary[..binary.len() / 2])?;
    Ok(Case::of(&python).naming(python))
}

/// An environment was copied to another architecture.
pub fn wrong_architecture(stage: &Stage<'_>) -> Made {
    const MACHINE: usize = 18;
    const AARCH64: u8 = 183;
    const X86_64: u8 = 62;
    let mut binary = stage.binary()?;
    binary[MACHINE] = if binary[MACHINE] == AARCH64 { X86_64 } else { AARCH64 };
    let python = stage.program("env/bin/python", binary)?;
    Ok(Case::of(&python).naming(python))
}

/// An environment was copied to a system with another C library.
pub fn missing_loader(stage: &Stage<'_>) -> Made {
    let mut binary = stage.binary()?;
    let at = binary.find("/ld-").ok_or_else(|| Unmade::NotHere("the binary names no loader".to_owned()))?;
    binary[at + 1] = b'X';
    let python = stage.program("env/bin/python", binary)?;
    Ok(Case::of(&python).naming(python))
}

/// A copied interpreter whose run path does not exist, because its base was removed.
pub fn libpython_missing(stage: &Stage<'_>) -> Made {
    let dir = format!("{}/lib\0", stage.installed_prefix().display());
    let mut binary = stage.binary()?;
    let at = binary.find(&dir).ok_or_else(|| Unmade::NotHere("the binary has no such run path".to_owned()))?;
    binary[at + 1] = b'#';
    let library = format!("libpython{}.so.1.0", stage.python.xy());
    if ["/usr/lib", "/usr/local/lib", "/lib"].iter().any(|dir| holds(Path::new(dir), &library)) {
        return Err(Unmade::NotHere(format!("the system has a {library} of its own")));
    }
    let python = stage.program("env/bin/python", binary)?;
    Ok(Case::of(&python).naming(library))
}

/// Whether a directory, or one directly in it, contains a file of this name.
fn holds(dir: &Path, name: &str) -> bool {
    let below = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    dir.join(name).exists() || below.into_iter().any(|dir| dir.join(name).exists())
}

/// `LD_LIBRARY_PATH` is searched before the run path of the executable.
pub fn libpython_substituted(stage: &Stage<'_>) -> Made {
    let library = shared_library(stage.python).ok_or_else(|| Unmade::NotHere("no shared library".to_owned()))?;
    let name = library.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let other = stage.write(format!("other/{name}"), fs::read(&library)?)?;
    let python = stage.environment(&stage.sound_cfg())?;
    let variable = format!("LD_LIBRARY_PATH={}", stage.text("other"));
    Ok(Case::of(python).with(&["--env", &variable]).showing("/interpreter/library", other.display().to_string()))
}

/// The base is in a directory that the user may not enter.
pub fn unreachable(stage: &Stage<'_>) -> Made {
    let hidden = stage.dir("private")?;
    stage.program("private/bin/python3", stage.binary()?)?;
    let python = stage.link("env/bin/python", stage.at("private/bin/python3"))?;
    fs::set_permissions(&hidden, fs::Permissions::from_mode(0o700))?;
    if fs::write(hidden.join("probe"), "").is_ok() && !Path::new("/usr/bin/setpriv").exists() {
        return Err(Unmade::NotHere("no unprivileged user is available".to_owned()));
    }
    Ok(Case { unprivileged: true, ..Case::of(python).naming(hidden) })
}

/// A script that starts the real interpreter under its own path.
pub fn wrapper(stage: &Stage<'_>) -> Made {
    let script = format!("#!/bin/sh\nexec {} \"$@\"\n", stage.installed().display());
    let python = stage.program("env/bin/python", script)?;
    stage.write("env/pyvenv.cfg", stage.sound_cfg())?;
    Ok(Case::of(python).showing("/executable/problem/kind", "script"))
}

/// The executable is a symlink to a shim of pyenv.
pub fn pyenv_shim(stage: &Stage<'_>) -> Made {
    let root = stage.text("pyenv");
    let shim = format!(
        "#!/usr/bin/env bash\nexport PYENV_ROOT=\"{root}\"\nexec \"{root}/bin/pyenv\" exec \"${{0##*/}}\" \"$@\"\n"
    );
    stage.program("pyenv/shims/python", shim)?;
    stage.write("pyenv/version", "3.99.1\n")?;
    let real = stage.program("pyenv/versions/3.99.1/bin/python", "")?;
    let python = stage.link("env/bin/python", stage.at("pyenv/shims/python"))?;
    Ok(Case::of(python).showing("/executable/problem/real", real.display().to_string()))
}

/// A script whose shell does not exist.
pub fn wrapper_without_shell(stage: &Stage<'_>) -> Made {
    let gone = stage.text("gone/bash");
    let python = stage.program("env/bin/python", format!("#!{gone}\nexec python3\n"))?;
    Ok(Case::of(python).naming(gone))
}

/// `pyvenv.cfg` is of another version than the interpreter, as after `venv` was run by another Python.
pub fn names_disagree(stage: &Stage<'_>) -> Made {
    let python = stage.environment("home = /usr/bin\nversion = 3.99.0\n")?;
    let version = format!("{}.{}", stage.python.xy(), stage.python.micro);
    Ok(Case::of(python)
        .showing("/interpreter/version", version)
        .showing("/pyvenv_cfg/entries/1/value", "3.99.0")
        .showing("/pyvenv_cfg/entries/1/used_by", serde_json::json!([])))
}

/// A `._pth` file determines all of `sys.path`.
pub fn under_pth(stage: &Stage<'_>) -> Made {
    let python = stage.environment(&stage.sound_cfg())?;
    let stdlib = stage.stdlib().display().to_string();
    stage.write("env/bin/python._pth", format!("{stdlib}\n"))?;
    Ok(Case::of(python)
        .showing("/sys/path/0/value", stdlib)
        .showing("/sys/path/0/origin", "_pth-file")
        .showing("/sys/path/1", serde_json::Value::Null)
        .showing("/site/enabled", false))
}

/// Before 3.11, the file is ignored on POSIX.
pub fn under_pth_ignored(stage: &Stage<'_>) -> Made {
    let python = stage.environment(&stage.sound_cfg())?;
    stage.write("env/bin/python._pth", "nothing\n")?;
    Ok(Case::of(python).showing("/sys/prefix", stage.text("env")))
}
