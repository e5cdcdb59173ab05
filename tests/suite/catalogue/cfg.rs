//! Group 2: the content of `pyvenv.cfg`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::catalogue::scene::{Case, Made, Scene, Unmade, cfg};

/// Nothing marks the directory as an environment: the base answers.
pub fn missing(scene: &Scene<'_>) -> Made {
    Ok(Case::of(scene.bare_environment()?)
        .betrayed_by("/pyvenv_cfg", Value::Null)
        .betrayed_by("/sys/prefix", scene.installed_prefix()))
}

/// An environment, but the base executable is its own.
pub fn without_home(scene: &Scene<'_>) -> Made {
    let python = scene.environment("include-system-site-packages = false\n")?;
    Ok(Case::of(python).betrayed_by("/sys/prefix", scene.text("env")).betrayed_by("/sys/_home", Value::Null))
}

/// A copy of a build that depends on `home`.
pub fn without_home_copied(scene: &Scene<'_>) -> Made {
    let name = format!("libpython{}.so.1.0", scene.python.xy());
    let library = scene.installed().with_file_name("../lib").join(&name);
    if library.exists() {
        // Such builds look for their library beside themselves.
        scene.link(&format!("env/lib/{name}"), library)?;
    }
    let python = scene.write("env/bin/python", scene.binary()?)?;
    scene.write("env/pyvenv.cfg", "include-system-site-packages = false\n")?;
    Ok(Case::of(python).culprit("/install/lib"))
}

/// `home` is gone, and so is the compiled prefix.
pub fn home_nonexistent(scene: &Scene<'_>) -> Made {
    let python = scene.environment(&cfg(&scene.text("gone/bin")))?;
    Ok(Case::of(python).culprit("/install/lib").betrayed_by("/findings/0/evidence/0/line", 1))
}

/// `home` is gone, but the compiled prefix is not: nothing is noticed.
pub fn home_masked(scene: &Scene<'_>) -> Made {
    let python = scene.environment(&cfg(&scene.text("gone/bin")))?;
    Ok(Case::of(python)
        .betrayed_by("/sys/base_prefix", scene.installed_prefix())
        .betrayed_by("/sys/_home", scene.text("gone/bin")))
}

/// `home` names the executable, not its directory.
pub fn home_is_file(scene: &Scene<'_>) -> Made {
    let home = scene.installed();
    let python = scene.environment(&cfg(&home.display().to_string()))?;
    Ok(Case::of(python).culprit(home))
}

/// The same before 3.11, where it does no harm.
pub fn home_is_file_legacy(scene: &Scene<'_>) -> Made {
    let python = scene.environment(&cfg(&scene.installed().display().to_string()))?;
    Ok(Case::of(python).betrayed_by("/sys/base_prefix", scene.installed_prefix()))
}

/// A relative `home` counts from the working directory.
pub fn home_relative(scene: &Scene<'_>) -> Made {
    scene.base()?;
    let python = scene.environment(&cfg("base/bin"))?;
    Ok(Case::of(python).betrayed_by("/sys/base_prefix", "base"))
}

/// The same from another directory.
pub fn home_relative_elsewhere(scene: &Scene<'_>) -> Made {
    scene.base()?;
    let python = scene.environment(&cfg("base/bin"))?;
    let dir = scene.text("env");
    Ok(Case::of(python).with(&["--cwd", &dir]).betrayed_by("/sys/base_prefix", scene.installed_prefix()))
}

/// Quotes belong to the value.
pub fn home_decorated(scene: &Scene<'_>) -> Made {
    let quoted = format!("\"{}\"", scene.installed_bin());
    let python = scene.environment(&cfg(&quoted))?;
    Ok(Case::of(python)
        .betrayed_by("/sys/_home", quoted)
        .betrayed_by("/pyvenv_cfg/entries/0/used_by", json!(["getpath", "site"])))
}

/// Quotes that nothing forgives.
pub fn home_decorated_fatal(scene: &Scene<'_>) -> Made {
    let python = scene.environment(&cfg(&format!("\"{}\"", scene.installed_bin())))?;
    Ok(Case::of(python).culprit("/install/lib"))
}

/// Two readers, two answers.
pub fn home_twice(scene: &Scene<'_>) -> Made {
    let python = scene.environment(&format!("home = {}\nhome = /second\n", scene.installed_bin()))?;
    Ok(Case::of(python)
        .betrayed_by("/pyvenv_cfg/entries/0/used_by", json!(["getpath"]))
        .betrayed_by("/pyvenv_cfg/entries/1/used_by", json!(["site"]))
        .betrayed_by("/sys/_home", "/second"))
}

/// The mark becomes part of the first key.
pub fn byte_order_mark(scene: &Scene<'_>) -> Made {
    let python = scene.environment(&format!("\u{feff}{}", scene.sound_cfg()))?;
    Ok(Case::of(python)
        .betrayed_by("/pyvenv_cfg/entries/0/key", "\u{feff}home")
        .betrayed_by("/pyvenv_cfg/entries/0/used_by", json!([]))
        .betrayed_by("/sys/_home", Value::Null))
}

fn bad_cfg(scene: &Scene<'_>, bytes: &[u8]) -> Made {
    let python = scene.bare_environment()?;
    let file = scene.write("env/pyvenv.cfg", bytes)?;
    Ok(Case::of(python).culprit(file))
}

/// One bad byte in a line that nobody needs.
pub fn latin1(scene: &Scene<'_>) -> Made {
    bad_cfg(scene, &[scene.sound_cfg().as_bytes(), b"prompt = caf\xe9\n"].concat())
}

/// Written by a shell that writes UTF-16.
pub fn utf16(scene: &Scene<'_>) -> Made {
    let units = format!("\u{feff}{}", scene.sound_cfg());
    let bytes: Vec<u8> = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bad_cfg(scene, &bytes)
}

/// Without `site`, nobody decodes the file.
pub fn latin1_without_site(scene: &Scene<'_>) -> Made {
    Ok(latin1(scene)?.with(&["-S"]).betrayed_by("/site/enabled", false))
}

/// Only its owner may read the file.
pub fn unreadable(scene: &Scene<'_>) -> Made {
    let python = scene.environment(&scene.sound_cfg())?;
    let file = scene.at("env/pyvenv.cfg");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
    Ok(Case { stranger: true, ..Case::of(python).culprit(file) })
}

/// Ignored.
pub fn directory_before_314(scene: &Scene<'_>) -> Made {
    if scene.python.minor > 13 {
        return Err(Unmade::Reason("no shared build of 3.11 to 3.13".to_owned()));
    }
    scene.dir("env/pyvenv.cfg")?;
    Ok(Case::of(scene.bare_environment()?).betrayed_by("/sys/prefix", scene.installed_prefix()))
}

/// Taken for an empty file.
pub fn directory_in_314(scene: &Scene<'_>) -> Made {
    let python = pretend_314(scene)?;
    scene.dir("env/pyvenv.cfg")?;
    Ok(Case::of(python).with(&["--python-version", "3.14.2"]).betrayed_by("/sys/prefix", scene.text("env")))
}

/// What 3.14 would do, asked of an older interpreter: an environment of a base with the landmarks of 3.14.
fn pretend_314(scene: &Scene<'_>) -> Result<PathBuf, Unmade> {
    scene.write("base/lib/python3.14/os.py", "")?;
    scene.write("base/lib/python3.14/encodings/__init__.py", "")?;
    scene.dir("base/lib/python3.14/lib-dynload")?;
    let base = scene.write("base/bin/python3.14", scene.binary()?)?;
    Ok(scene.link("env/bin/python", base)?)
}

/// Accepted: the prefix is the environment's directory.
pub fn in_bin_before_314(scene: &Scene<'_>) -> Made {
    if scene.python.minor > 13 {
        return Err(Unmade::Reason("no shared build of 3.11 to 3.13".to_owned()));
    }
    let python = scene.bare_environment()?;
    scene.write("env/bin/pyvenv.cfg", scene.sound_cfg())?;
    Ok(Case::of(python).betrayed_by("/sys/prefix", scene.text("env")))
}

/// The prefix becomes `bin`, with a warning.
pub fn in_bin_in_314(scene: &Scene<'_>) -> Made {
    let python = pretend_314(scene)?;
    scene.write("env/bin/pyvenv.cfg", cfg(&scene.text("base/bin")))?;
    Ok(Case::of(python).with(&["--python-version", "3.14.2"]).betrayed_by("/sys/prefix", scene.text("env/bin")))
}

/// A base that believes to be an environment.
pub fn stray_in_base(scene: &Scene<'_>) -> Made {
    let python = scene.base()?;
    scene.write("base/pyvenv.cfg", "include-system-site-packages = false\n")?;
    Ok(Case::of(python)
        .betrayed_by("/site/ENABLE_USER_SITE", false)
        .betrayed_by("/pyvenv_cfg/path", scene.text("base/pyvenv.cfg")))
}

/// Nobody reads the version.
pub fn version_stale(scene: &Scene<'_>) -> Made {
    let python = scene.environment(&format!("{}version = 3.1.4\n", scene.sound_cfg()))?;
    Ok(Case::of(python)
        .betrayed_by("/pyvenv_cfg/entries/2/key", "version")
        .betrayed_by("/pyvenv_cfg/entries/2/used_by", json!([]))
        .betrayed_by("/sys/prefix", scene.text("env")))
}

fn prefixes(scene: &Scene<'_>, line: &str, expected: &[String]) -> Made {
    let python = scene.environment(&format!("home = {}\n{line}", scene.installed_bin()))?;
    Ok(Case::of(python).betrayed_by("/site/PREFIXES", json!(expected)))
}

/// A missing line lets the packages of the base in.
pub fn system_site_missing(scene: &Scene<'_>) -> Made {
    prefixes(scene, "", &[scene.text("env"), scene.installed_prefix(), scene.installed_prefix()])
}

/// Any other word than true keeps them out.
pub fn system_site_odd(scene: &Scene<'_>) -> Made {
    prefixes(scene, "include-system-site-packages = 1\n", &[scene.text("env")])
}
