//! Environments with an unusual `pyvenv.cfg`, or without one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::situations::case::{Case, Made, Unmade, prefix};
use crate::support::stage::{Stage, cfg};

/// Without the file, the directory is no environment, and the base is used.
pub fn missing(stage: &Stage<'_>) -> Made {
    Ok(Case::of(stage.environment_without_cfg()?)
        .showing("/pyvenv_cfg", Value::Null)
        .showing("/sys/prefix", prefix(stage)))
}

/// Without `home`, the executable of the environment is its own base.
pub fn without_home(stage: &Stage<'_>) -> Made {
    let python = stage.environment("include-system-site-packages = false\n")?;
    Ok(Case::of(python).showing("/sys/prefix", stage.text("env")).showing("/sys/_home", Value::Null))
}

/// A copied executable that finds its standard library only through `home`.
pub fn without_home_copied(stage: &Stage<'_>) -> Made {
    let name = format!("libpython{}.so.1.0", stage.python.xy());
    let library = stage.installed().with_file_name("../lib").join(&name);
    if library.exists() {
        // Such builds look for their library next to themselves.
        stage.link(format!("env/lib/{name}"), library)?;
    }
    let python = stage.program("env/bin/python", stage.binary()?)?;
    stage.write("env/pyvenv.cfg", "include-system-site-packages = false\n")?;
    Ok(Case::of(python).naming("/install/lib"))
}

/// Neither `home` nor the compiled-in prefix exists.
pub fn home_nonexistent(stage: &Stage<'_>) -> Made {
    let python = stage.environment(&cfg(stage.text("gone/bin")))?;
    Ok(Case::of(python).naming("/install/lib").showing("/findings/0/evidence/0/line", 1))
}

/// `home` does not exist, but the compiled-in prefix does, so Python starts.
pub fn home_masked(stage: &Stage<'_>) -> Made {
    let python = stage.environment(&cfg(stage.text("gone/bin")))?;
    Ok(Case::of(python).showing("/sys/base_prefix", prefix(stage)).showing("/sys/_home", stage.text("gone/bin")))
}

/// `home` is the executable instead of its directory.
pub fn home_is_file(stage: &Stage<'_>) -> Made {
    let home = stage.installed();
    let python = stage.environment(&cfg(home.display().to_string()))?;
    Ok(Case::of(python).naming(home))
}

/// The same before 3.11, where Python starts.
pub fn home_is_file_legacy(stage: &Stage<'_>) -> Made {
    let python = stage.environment(&cfg(stage.installed().display().to_string()))?;
    Ok(Case::of(python).showing("/sys/base_prefix", prefix(stage)))
}

/// A relative `home` is relative to the working directory.
pub fn home_relative(stage: &Stage<'_>) -> Made {
    stage.base()?;
    let python = stage.environment(&cfg("base/bin"))?;
    Ok(Case::of(python).showing("/sys/base_prefix", "base"))
}

/// The same from another directory, where it does not exist.
pub fn home_relative_elsewhere(stage: &Stage<'_>) -> Made {
    stage.base()?;
    let python = stage.environment(&cfg("base/bin"))?;
    let dir = stage.text("env");
    Ok(Case::of(python).with(&["--cwd", &dir]).showing("/sys/base_prefix", prefix(stage)))
}

/// Quotes are part of the value.
pub fn home_decorated(stage: &Stage<'_>) -> Made {
    let quoted = format!("\"{}\"", stage.installed_bin().display());
    let python = stage.environment(&cfg(&quoted))?;
    Ok(Case::of(python)
        .showing("/sys/_home", quoted)
        .showing("/pyvenv_cfg/entries/0/used_by", json!(["getpath", "site"])))
}

/// The same where Python cannot start without `home`.
pub fn home_decorated_fatal(stage: &Stage<'_>) -> Made {
    let python = stage.environment(&cfg(format!("\"{}\"", stage.installed_bin().display())))?;
    Ok(Case::of(python).naming("/install/lib"))
}

/// `getpath` reads the first line and `site` the last.
pub fn home_twice(stage: &Stage<'_>) -> Made {
    let python = stage.environment(&format!("home = {}\nhome = /second\n", stage.installed_bin().display()))?;
    Ok(Case::of(python)
        .showing("/pyvenv_cfg/entries/0/used_by", json!(["getpath"]))
        .showing("/pyvenv_cfg/entries/1/used_by", json!(["site"]))
        .showing("/sys/_home", "/second"))
}

/// The byte order mark becomes part of the first key.
pub fn byte_order_mark(stage: &Stage<'_>) -> Made {
    let python = stage.environment(&format!("\u{feff}{}", stage.sound_cfg()))?;
    Ok(Case::of(python)
        .showing("/pyvenv_cfg/entries/0/key", "\u{feff}home")
        .showing("/pyvenv_cfg/entries/0/used_by", json!([]))
        .showing("/sys/_home", Value::Null))
}

fn bad_cfg(stage: &Stage<'_>, bytes: &[u8]) -> Made {
    let python = stage.environment_without_cfg()?;
    let file = stage.write("env/pyvenv.cfg", bytes)?;
    Ok(Case::of(python).naming(file))
}

/// One byte that is not UTF-8, in a line that startup does not need.
pub fn latin1(stage: &Stage<'_>) -> Made {
    bad_cfg(stage, &[stage.sound_cfg().as_bytes(), b"prompt = caf\xe9\n"].concat())
}

/// The file is UTF-16, as PowerShell writes it.
pub fn utf16(stage: &Stage<'_>) -> Made {
    let units = format!("\u{feff}{}", stage.sound_cfg());
    let bytes: Vec<u8> = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bad_cfg(stage, &bytes)
}

/// Without `site`, the file is not decoded.
pub fn latin1_without_site(stage: &Stage<'_>) -> Made {
    Ok(latin1(stage)?.with(&["-S"]).showing("/site/enabled", false))
}

/// Only its owner may read the file.
pub fn unreadable(stage: &Stage<'_>) -> Made {
    let python = stage.environment(&stage.sound_cfg())?;
    let file = stage.at("env/pyvenv.cfg");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
    Ok(Case { unprivileged: true, ..Case::of(python).naming(file) })
}

/// A directory named `pyvenv.cfg` is ignored before 3.14.
pub fn directory_before_314(stage: &Stage<'_>) -> Made {
    if stage.python.minor > 13 {
        return Err(Unmade::NotHere("no shared build of 3.11 to 3.13".to_owned()));
    }
    stage.dir("env/pyvenv.cfg")?;
    Ok(Case::of(stage.environment_without_cfg()?).showing("/sys/prefix", prefix(stage)))
}

/// From 3.14 on, it has the effect of an empty file.
pub fn directory_in_314(stage: &Stage<'_>) -> Made {
    let python = pretend_314(stage)?;
    stage.dir("env/pyvenv.cfg")?;
    Ok(Case::of(python).with(&["--python-version", "3.14.2"]).showing("/sys/prefix", stage.text("env")))
}

/// An environment of a base with the landmarks of 3.14, to be explained as one of 3.14.
fn pretend_314(stage: &Stage<'_>) -> Result<PathBuf, Unmade> {
    stage.write("base/lib/python3.14/os.py", "")?;
    for (module, text) in [
        ("encodings/__init__", "import codecs\ncodecs.register(None)\n"),
        ("encodings/aliases", "aliases = {}\n"),
        ("encodings/utf_8", "def getregentry():\n    return None\n"),
        ("linecache", "def _register_code(code, source, name):\n    pass\n"),
    ] {
        stage.write(format!("base/lib/python3.14/{module}.py"), text)?;
    }
    stage.dir("base/lib/python3.14/lib-dynload")?;
    let base = stage.program("base/bin/python3.14", stage.binary()?)?;
    Ok(stage.link("env/bin/python", base)?)
}

/// A `pyvenv.cfg` in `bin` is read, and the prefix is the directory of the environment.
pub fn in_bin_before_314(stage: &Stage<'_>) -> Made {
    if stage.python.minor > 13 {
        return Err(Unmade::NotHere("no shared build of 3.11 to 3.13".to_owned()));
    }
    let python = stage.environment_without_cfg()?;
    stage.write("env/bin/pyvenv.cfg", stage.sound_cfg())?;
    Ok(Case::of(python).showing("/sys/prefix", stage.text("env")))
}

/// From 3.14 on, the prefix is `bin`, with a warning.
pub fn in_bin_in_314(stage: &Stage<'_>) -> Made {
    let python = pretend_314(stage)?;
    stage.write("env/bin/pyvenv.cfg", cfg(stage.text("base/bin")))?;
    Ok(Case::of(python).with(&["--python-version", "3.14.2"]).showing("/sys/prefix", stage.text("env/bin")))
}

/// A `pyvenv.cfg` makes an environment of an installation.
pub fn stray_in_base(stage: &Stage<'_>) -> Made {
    let python = stage.base()?;
    stage.write("base/pyvenv.cfg", "include-system-site-packages = false\n")?;
    Ok(Case::of(python)
        .showing("/site/ENABLE_USER_SITE", false)
        .showing("/pyvenv_cfg/path", stage.text("base/pyvenv.cfg")))
}

/// Startup does not read the version.
pub fn version_stale(stage: &Stage<'_>) -> Made {
    let python = stage.environment(&format!("{}version = 3.1.4\n", stage.sound_cfg()))?;
    Ok(Case::of(python)
        .showing("/pyvenv_cfg/entries/2/key", "version")
        .showing("/pyvenv_cfg/entries/2/used_by", json!([]))
        .showing("/sys/prefix", stage.text("env")))
}

fn prefixes(stage: &Stage<'_>, line: &str, expected: &[String]) -> Made {
    let python = stage.environment(&format!("home = {}\n{line}", stage.installed_bin().display()))?;
    Ok(Case::of(python).showing("/site/PREFIXES", json!(expected)))
}

/// Without the line, the packages of the base are visible.
pub fn system_site_missing(stage: &Stage<'_>) -> Made {
    prefixes(stage, "", &[stage.text("env"), prefix(stage), prefix(stage)])
}

/// Any other value than `true` hides them.
pub fn system_site_odd(stage: &Stage<'_>) -> Made {
    prefixes(stage, "include-system-site-packages = 1\n", &[stage.text("env")])
}
