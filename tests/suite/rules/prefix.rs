//! VD2xx: `pyvenv.cfg`, prefix and base.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::rules::cast::Role;
use crate::rules::pair::{Builder, Fixed, Made, Pair, Source, Subject};
use crate::support::stage::Stage;

const CFG: &str = "env/pyvenv.cfg";
const REBUILD: Fixed = Fixed::NotHere("the base has to be rebuilt");

/// A pair that is created with the usual interpreter, and whose fix is applied.
const fn usual(code: &'static str, fails: Builder, passes: Builder) -> Pair {
    made(code, Role::Usual, fails, passes, Some(Fixed::ByCommands))
}

const fn made(code: &'static str, plays: Role, fails: Builder, passes: Builder, fixed: Option<Fixed>) -> Pair {
    Pair { code, source: Source::Made { plays, fails, passes }, fixed }
}

const fn written(code: &'static str, reason: &'static str) -> Pair {
    Pair { code, source: Source::Written(reason), fixed: None }
}

// The pairs, in the order of their codes: each is a test of its own.
crate::rules::pairs! {
    vd201_fails_to_initialize => made("VD201", Role::Usual, builddir_too_large, lone_base, None);
    vd202_home_masked => usual("VD202", home_gone, sound);
    vd203_cfg_missing => usual("VD203", cfg_missing, sound);
    vd204_home_missing => usual("VD204", home_missing, sound);
    vd205_home_gone => made("VD205", Role::Relocated, home_gone, sound, Some(Fixed::ByCommands));
    vd206_home_is_file => usual("VD206", home_is_file, sound);
    vd207_home_relative => usual("VD207", home_relative, home_absolute);
    vd208_home_decorated => usual("VD208", home_quoted, sound);
    vd209_key_twice => usual("VD209", home_twice, home_twice_alike);
    vd210_cfg_byte_order_mark => usual("VD210", byte_order_mark, sound);
    vd211_cfg_not_utf8 => usual("VD211", utf16, prompt_in_utf8);
    vd212_cfg_unreadable => written("VD212", "the user who can create environments for others can read every file");
    vd213_cfg_is_directory => usual("VD213", cfg_is_directory, sound);
    vd214_cfg_in_bin => usual("VD214", cfg_in_bin, sound);
    vd215_cfg_in_base => usual("VD215", cfg_in_base, installation);
    vd216_cfg_version_stale => usual("VD216", version_stale, sound);
    vd217_system_site_missing => usual("VD217", system_site_missing, sound);
    vd218_system_site_odd => usual("VD218", system_site_odd, sound);
    vd219_key_misspelled => made("VD219", Role::Usual, key_misspelled, unknown_keys, None);
    vd220_line_without_equals => made(
        "VD220",
        Role::Usual,
        home_cut,
        comment,
        Some(Fixed::NotHere("only its users know which other files name the directory that has to be renamed")),
    );
    vd221_home_pinned => usual("VD221", pinned, through_alias);
    vd222_site_packages_orphaned => usual("VD222", orphaned, populated);
    vd223_stdlib_of_another => usual("VD223", stdlib_of_another, stdlib_through_symlink);
    vd224_home_barren => made("VD224", Role::Relocated, home_barren, sound, Some(Fixed::ByCommands));
    vd225_stdlib_incomplete => made("VD225", Role::Usual, without_ctypes, whole_base, Some(REBUILD));
    vd226_build_tree_left_over => usual("VD226", build_tree, installation);
    vd227_store_python => written("VD227", "Windows");
    vd228_home_in_environment => made("VD228", Role::Legacy, in_environment, sound, Some(Fixed::ByCommands));
    vd229_environment_in_conda => usual("VD229", in_conda, conda);
    vd230_build_system_environment => made("VD230", Role::Usual, runfiles, sound, None);
    vd231_start_path_not_normal => written("VD231", "3.14 is not installed outside of root directories");
    vd232_stdlib_missing => made("VD232", Role::Usual, without_encodings, installation, None);
    vd250_packages_for_another_minor => made(
        "VD250",
        Role::Usual,
        partly_orphaned,
        shared_with_another,
        Some(Fixed::NotHere("the packages would come from an index")),
    );
    vd251_environment_bypassed => usual("VD251", symlink_to_environment, symlink_to_base);
    vd252_cfg_passed_over => usual("VD252", cfg_with_ending, cfg_and_copy);
    vd253_interpreter_in_local_bin => made(
        "VD253",
        Role::Usual,
        in_local_bin,
        sound,
        Some(Fixed::NotHere("the interpreter of the environment is then in bin")),
    );
    vd254_symlink_through_environment => usual("VD254", of_another_environment, sound);
}

fn sound(stage: &Stage<'_>) -> Made {
    Ok(stage.sound()?)
}

/// A working environment with an edited `pyvenv.cfg`.
fn edited(stage: &Stage<'_>, edit: impl FnOnce(String) -> Vec<u8>) -> Made {
    let subject = stage.sound()?;
    let text = fs::read_to_string(stage.at(CFG))?;
    stage.write(CFG, edit(text))?;
    Ok(subject)
}

/// A working environment with another `home`.
fn with_home(stage: &Stage<'_>, home: &str) -> Made {
    let own = format!("home = {}", stage.installed_bin().display());
    edited(stage, |text| {
        assert!(text.contains(&own), "{own} in {text}");
        text.replace(&own, &format!("home = {home}")).into()
    })
}

fn without_line(text: &str, key: &str) -> Vec<u8> {
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with(key)).chain([""]).collect();
    kept.join("\n").into()
}

/// A copy of the installed interpreter in `base/bin`, with a symlink to its standard library.
fn installation(stage: &Stage<'_>) -> Made {
    stage.link(format!("base/lib/{}", stage.name()), stage.stdlib())?;
    Ok(Subject::of(copied(stage)?))
}

fn copied(stage: &Stage<'_>) -> io::Result<PathBuf> {
    stage.program(format!("base/bin/{}", stage.name()), fs::read(stage.installed())?)
}

/// A standard library whose entries are symlinks, without those in `left_out`.
fn symlinked_stdlib(stage: &Stage<'_>, left_out: &[&str]) -> io::Result<PathBuf> {
    let dir = PathBuf::from(format!("base/lib/{}", stage.name()));
    for entry in fs::read_dir(stage.stdlib())? {
        let entry = entry?;
        let is_wanted = entry.file_name() != "site-packages" && left_out.iter().all(|name| entry.file_name() != *name);
        if is_wanted {
            stage.link(dir.join(entry.file_name()), entry.path())?;
        }
    }
    Ok(dir)
}

/// An environment with `base/bin`, which has the standard library above it, as its home.
fn lone_base(stage: &Stage<'_>) -> Made {
    stage.dir("base/bin")?;
    stage.link(format!("base/lib/{}", stage.name()), stage.stdlib())?;
    with_home(stage, &stage.text("base/bin"))
}

/// `getpath.py` reads only files of less than 32 KiB.
fn builddir_too_large(stage: &Stage<'_>) -> Made {
    let subject = lone_base(stage)?;
    stage.write("base/bin/pybuilddir.txt", "x".repeat(33 << 10))?;
    Ok(subject)
}

fn home_gone(stage: &Stage<'_>) -> Made {
    with_home(stage, &stage.text("gone/bin"))
}

fn cfg_missing(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.remove(CFG)?;
    Ok(subject)
}

fn home_missing(stage: &Stage<'_>) -> Made {
    edited(stage, |text| without_line(&text, "home"))
}

fn home_is_file(stage: &Stage<'_>) -> Made {
    with_home(stage, &stage.installed().display().to_string())
}

fn home_relative(stage: &Stage<'_>) -> Made {
    lone_base(stage)?;
    stage.edit(CFG, &stage.text("base/bin"), "base/bin")?;
    Ok(Subject::of(stage.at("env/bin/python")))
}

fn home_absolute(stage: &Stage<'_>) -> Made {
    lone_base(stage)
}

fn home_quoted(stage: &Stage<'_>) -> Made {
    with_home(stage, &format!("\"{}\"  # the base", stage.installed_bin().display()))
}

fn home_twice(stage: &Stage<'_>) -> Made {
    edited(stage, |text| format!("{text}home = {}\n", stage.text("second/bin")).into())
}

fn home_twice_alike(stage: &Stage<'_>) -> Made {
    let home = stage.installed_bin().display().to_string();
    edited(stage, |text| format!("{text}home = {home}\n").into())
}

fn byte_order_mark(stage: &Stage<'_>) -> Made {
    edited(stage, |text| format!("\u{feff}{text}").into())
}

/// A snapshot contains bytes that are not UTF-8 unchanged, so they must not name anything of this machine.
const NEUTRAL: &str = "home = /usr/bin\ninclude-system-site-packages = false\nprompt = café\n";

fn utf16(stage: &Stage<'_>) -> Made {
    edited(stage, |_| format!("\u{feff}{NEUTRAL}").encode_utf16().flat_map(u16::to_le_bytes).collect())
}

fn prompt_in_utf8(stage: &Stage<'_>) -> Made {
    edited(stage, |_| NEUTRAL.into())
}

fn cfg_is_directory(stage: &Stage<'_>) -> Made {
    let subject = cfg_missing(stage)?;
    stage.dir(CFG)?;
    Ok(subject)
}

fn cfg_in_bin(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    fs::rename(stage.at(CFG), stage.at("env/bin/pyvenv.cfg"))?;
    Ok(subject)
}

fn cfg_in_base(stage: &Stage<'_>) -> Made {
    stage.write("base/pyvenv.cfg", "include-system-site-packages = false\n")?;
    installation(stage)
}

fn version_stale(stage: &Stage<'_>) -> Made {
    let own = format!("version = {}.{}", stage.python.xy(), stage.python.micro);
    let older = format!("version = {}.{}", stage.python.xy(), stage.python.micro + 6);
    edited(stage, |text| {
        assert!(text.contains(&own), "{own} in {text}");
        text.replace(&own, &older).into()
    })
}

fn system_site_missing(stage: &Stage<'_>) -> Made {
    edited(stage, |text| without_line(&text, "include"))
}

fn system_site_odd(stage: &Stage<'_>) -> Made {
    edited(stage, |text| text.replace("packages = false", "packages = no  # keep it clean").into())
}

fn key_misspelled(stage: &Stage<'_>) -> Made {
    edited(stage, |text| text.replace("include-system-site-packages", "include-system-packages").into())
}

fn unknown_keys(stage: &Stage<'_>) -> Made {
    edited(stage, |text| format!("{text}include-seeds = false\nname = home\n").into())
}

/// The name of the base's directory contains a line break.
fn home_cut(stage: &Stage<'_>) -> Made {
    stage.link("build\n42", stage.installed_prefix())?;
    let python = stage.at("build\n42/bin").join(stage.name());
    stage.run(Command::new(python).args(["-m", "venv", "--without-pip"]).arg(stage.at("env")))?;
    Ok(Subject::of(stage.at("env/bin/python")))
}

fn comment(stage: &Stage<'_>) -> Made {
    edited(stage, |text| format!("# written by hand\n\n{text}").into())
}

/// An environment of an interpreter in this directory below `pythons`, where one name has the micro version and one has not.
fn of_release(stage: &Stage<'_>, dir: &str) -> Made {
    stage.link(format!("pythons/cpython-{}-linux", stage.python.xy()), stage.installed_prefix())?;
    stage.link(format!("pythons/cpython-{}.9-linux", stage.python.xy()), stage.installed_prefix())?;
    let python = stage.at("pythons").join(dir).join("bin").join(stage.name());
    stage.run(Command::new(python).args(["-m", "venv", "--without-pip"]).arg(stage.at("env")))?;
    Ok(Subject::of(stage.at("env/bin/python")))
}

fn pinned(stage: &Stage<'_>) -> Made {
    of_release(stage, &format!("cpython-{}.9-linux", stage.python.xy()))
}

fn through_alias(stage: &Stage<'_>) -> Made {
    of_release(stage, &format!("cpython-{}-linux", stage.python.xy()))
}

fn populated(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.install("plotlib", "1.0", &[("plotlib.py", "")])?;
    Ok(subject)
}

/// The packages are installed for the previous minor version.
fn orphaned(stage: &Stage<'_>) -> Made {
    let subject = populated(stage)?;
    let before = format!("env/lib/python3.{}", stage.python.minor - 1);
    fs::rename(stage.at(format!("env/lib/{}", stage.name())), stage.at(before))?;
    Ok(subject)
}

/// Packages for the version that runs, and others for the one before.
fn partly_orphaned(stage: &Stage<'_>) -> Made {
    let subject = populated(stage)?;
    let info = format!("env/lib/python3.{}/site-packages/tidelib-2.0.dist-info", stage.python.minor - 1);
    stage.write(format!("{info}/METADATA"), "Metadata-Version: 2.1\nName: tidelib\nVersion: 2.0\n")?;
    Ok(subject)
}

/// The same, where the standard library of the other version is next to them.
fn shared_with_another(stage: &Stage<'_>) -> Made {
    let subject = partly_orphaned(stage)?;
    stage.write(format!("env/lib/python3.{}/os.py", stage.python.minor - 1), "")?;
    Ok(subject)
}

fn symlink_to_environment(stage: &Stage<'_>) -> Made {
    stage.sound()?;
    Ok(Subject::of(stage.link("programs/plot-python", stage.at("env/bin/python"))?))
}

fn symlink_to_base(stage: &Stage<'_>) -> Made {
    stage.sound()?;
    Ok(Subject::of(stage.link("programs/plot-python", stage.installed())?))
}

/// The symlink of the environment leads through a second one.
fn of_another_environment(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.run(Command::new(stage.installed()).args(["-m", "venv", "--without-pip"]).arg(stage.at("other")))?;
    stage.link("env/bin/python", stage.at("other/bin/python"))?;
    Ok(subject)
}

fn cfg_with_ending(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    fs::rename(stage.at(CFG), stage.at("env/pyvenv.cfg.txt"))?;
    Ok(subject)
}

fn cfg_and_copy(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    fs::copy(stage.at(CFG), stage.at("env/pyvenv.cfg.txt"))?;
    Ok(subject)
}

fn in_local_bin(stage: &Stage<'_>) -> Made {
    stage.sound()?;
    stage.dir("env/local")?;
    fs::rename(stage.at("env/bin"), stage.at("env/local/bin"))?;
    Ok(Subject::of(stage.at("env/local/bin/python")))
}

/// A standard library with the same modules, but another `os.py`.
fn stdlib_of_another(stage: &Stage<'_>) -> Made {
    let dir = symlinked_stdlib(stage, &["os.py"])?;
    stage.write(dir.join("os.py"), fs::read(stage.stdlib().join("os.py"))?)?;
    stage.dir("base/bin")?;
    with_home(stage, &stage.text("base/bin"))
}

fn stdlib_through_symlink(stage: &Stage<'_>) -> Made {
    lone_base(stage)
}

/// A directory with nothing but a symlink to the interpreter.
fn home_barren(stage: &Stage<'_>) -> Made {
    let python = stage.link(format!("local/bin/{}", stage.name()), stage.installed())?;
    let subject = with_home(stage, &stage.text("local/bin"))?;
    stage.link("env/bin/python3", python)?;
    Ok(subject)
}

/// A base whose compiled modules are symlinks, without those whose names start with `left_out`.
fn base_of_symlinks(stage: &Stage<'_>, left_out: &str) -> Made {
    let sysconfig = "_sysconfigdata__linux_x86_64-linux-gnu.py";
    let dir = symlinked_stdlib(stage, &["lib-dynload", sysconfig])?;
    stage.write(dir.join(sysconfig), "build_time_vars = {'MODBUILT_NAMES': 'atexit  posix  time '\n                   'xxsubtype',\n 'prefix': '/usr/local'}\n")?;
    for entry in fs::read_dir(stage.stdlib().join("lib-dynload"))? {
        let entry = entry?;
        let name = entry.file_name().into_string().expect("modules have readable names");
        if left_out.is_empty() || !name.starts_with(left_out) {
            stage.link(dir.join("lib-dynload").join(&name), entry.path())?;
        }
    }
    Ok(Subject::of(copied(stage)?))
}

fn without_ctypes(stage: &Stage<'_>) -> Made {
    base_of_symlinks(stage, "_ctypes.")
}

fn whole_base(stage: &Stage<'_>) -> Made {
    base_of_symlinks(stage, "")
}

fn build_tree(stage: &Stage<'_>) -> Made {
    stage.write("base/bin/pybuilddir.txt", "build/lib.linux")?;
    installation(stage)
}

/// Up to 3.10, an environment that is created from another environment records that one as its home.
fn in_environment(stage: &Stage<'_>) -> Made {
    stage.run(Command::new(stage.installed()).args(["-m", "venv", "--without-pip"]).arg(stage.at("outer")))?;
    let outer = stage.at("outer/bin/python");
    stage.run(Command::new(outer).args(["-m", "venv", "--without-pip"]).arg(stage.at("env")))?;
    Ok(Subject::of(stage.at("env/bin/python")))
}

fn conda(stage: &Stage<'_>) -> Made {
    stage.write("base/conda-meta/history", "==> 2026-01-01 12:00:00 <==\n")?;
    installation(stage)
}

fn in_conda(stage: &Stage<'_>) -> Made {
    stage.write("base/pyvenv.cfg", "include-system-site-packages = false\n")?;
    conda(stage)
}

fn runfiles(stage: &Stage<'_>) -> Made {
    let dir = stage.at("bazel-out/k8-fastbuild/bin/app.runfiles/env");
    stage.run(Command::new(stage.installed()).args(["-m", "venv", "--without-pip"]).arg(&dir))?;
    Ok(Subject::of(dir.join("bin/python")))
}

fn without_encodings(stage: &Stage<'_>) -> Made {
    stage.write(format!("base/lib/{}/os.py", stage.name()), "")?;
    stage.dir(format!("base/lib/{}/lib-dynload", stage.name()))?;
    Ok(Subject::of(copied(stage)?))
}
