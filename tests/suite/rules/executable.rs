//! VD1xx: the file that is started as Python.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;

use bstr::ByteSlice;

use crate::rules::cast::{self, Role};
use crate::rules::pair::{Builder, Fixed, Made, Pair, Source, Subject, Unmade};
use crate::support::stage::Stage;

const fn pair(code: &'static str, fixed: Option<Fixed>, fails: Builder, passes: Builder) -> Pair {
    Pair { code, source: Source::Made { plays: Role::Usual, fails, passes }, fixed }
}

const fn written(code: &'static str, reason: &'static str, fixed: Option<Fixed>) -> Pair {
    Pair { code, source: Source::Written(reason), fixed }
}

const BY_COMMANDS: Option<Fixed> = Some(Fixed::ByCommands);

// The pairs, in the order of their codes: each is a test of its own.
crate::rules::pairs! {
    vd101_executable_missing => pair("VD101", BY_COMMANDS, missing, sound);
    vd102_dangling_symlink => pair("VD102", BY_COMMANDS, dangling, leads_to_base);
    vd103_symlink_loop => pair("VD103", BY_COMMANDS, circle, sound);
    vd104_executable_is_directory => pair("VD104", None, directory, sound);
    vd105_executable_is_no_file => pair("VD105", None, pipe, sound);
    vd106_executable_unreachable => written("VD106", "root may enter every directory", Some(Fixed::NotHere("root may enter every directory")));
    vd107_not_executable => pair("VD107", BY_COMMANDS, modes_lost, copied);
    vd108_executable_empty => pair("VD108", BY_COMMANDS, empty, filled);
    vd109_symlink_became_text => pair("VD109", BY_COMMANDS, texts, sound);
    vd110_executable_is_script => pair("VD110", BY_COMMANDS, wrapper, sound);
    vd111_not_a_program => pair("VD111", None, nonsense, filled);
    vd112_executable_truncated => pair("VD112", BY_COMMANDS, half, copied);
    vd113_wrong_architecture => pair("VD113", BY_COMMANDS, other_processor, copied);
    vd114_wrong_system => pair("VD114", None, other_system, filled);
    vd115_loader_missing => pair("VD115", BY_COMMANDS, other_libc, copied);
    vd116_library_missing => pair("VD116", BY_COMMANDS, library_gone, copied);
    vd117_not_python => pair("VD117", None, no_python, sound);
    vd118_library_broken => pair("VD118", None, library_empty, library_whole);
    vd119_redirector_finds_nothing => written("VD119", "only Windows has redirectors", None);
    vd120_refresh_left_dangling => pair("VD120", BY_COMMANDS, refreshed, sound);
    vd121_cellar_removed => pair("VD121", BY_COMMANDS, cellar_removed, cellar_present);
    vd122_store_collected => pair("VD122", BY_COMMANDS, collected, leads_to_base);
    vd123_other_machine => pair("VD123", BY_COMMANDS, of_the_host, leads_to_base);
    vd124_tool_interpreter_removed => pair("VD124", BY_COMMANDS, cache_removed, cache_present);
    vd125_library_substituted => pair("VD125", BY_COMMANDS, substituted, same_library);
    vd126_names_disagree => pair("VD126", BY_COMMANDS, two_releases, one_release);
    vd127_underpth_override => pair("VD127", BY_COMMANDS, under_pth, under_pth_of_another);
    vd128_noexec_mount => written(
        "VD128",
        "needs a file system that is mounted with noexec",
        Some(Fixed::NotHere("the user chooses another file system")),
    );
    vd129_setuid_interpreter => pair("VD129", BY_COMMANDS, setuid, copied);
    vd130_copy_outdated => Pair {
        code: "VD130",
        source: Source::Made { plays: Role::Debian, fails: base_upgraded, passes: base_as_it_was },
        fixed: BY_COMMANDS,
    };
    vd131_framework_copied => written("VD131", "only macOS has frameworks", Some(Fixed::NotHere("only macOS has frameworks")));
    vd132_private_base => Pair {
        code: "VD132",
        source: Source::Made { plays: Role::Debian, fails: private, passes: public },
        fixed: Some(Fixed::NotHere("the user decides where an interpreter is installed")),
    };
    vd133_library_too_old => pair("VD133", BY_COMMANDS, needs_newer, copied);
    vd134_loader_unusable => pair("VD134", None, loader_is_directory, copied);
    vd135_symbol_missing => pair("VD135", Some(Fixed::NotHere("it changes only the shell in which it is run")), other_library, library_whole);
    vd136_program_only_listed => pair("VD136", Some(Fixed::NotHere("it changes only the shell in which it is run")), listed, sound);
    vd137_library_forbidden => written("VD137", "a file cannot have the rights of another user than its caller in a test", None);
    vd138_loading_unknown => pair("VD138", None, audited, not_audited);
    vd140_env_passes_environment => pair("VD140", None, env_outside, env_inside);
}

fn sound(stage: &Stage<'_>) -> Made {
    Ok(stage.sound()?)
}

fn copied(stage: &Stage<'_>) -> Made {
    Ok(Subject::of(stage.venv(&["--copies"])?))
}

/// The names of the interpreter in the environment.
fn names(stage: &Stage<'_>) -> Vec<PathBuf> {
    ["python".to_owned(), "python3".to_owned(), stage.name()].map(|name| stage.at("env/bin").join(name)).into()
}

/// An environment whose interpreter is a symlink to `target`.
fn linked_to(stage: &Stage<'_>, target: &Path) -> Made {
    let subject = stage.sound()?;
    for name in names(stage) {
        if fs::read_link(&name)?.is_absolute() {
            stage.link(&name, target)?;
        }
    }
    let bin = target.parent().expect("a directory");
    stage.edit("env/pyvenv.cfg", &stage.installed_bin().display().to_string(), &bin.display().to_string())?;
    Ok(subject)
}

/// An environment whose interpreter is a file with this content, under all its names.
fn made_of(stage: &Stage<'_>, content: &[u8]) -> Made {
    let subject = copied(stage)?;
    for name in names(stage) {
        stage.program(name, content)?;
    }
    Ok(subject)
}

/// A copy of the installed interpreter below `prefix`, with a symlink to its standard library.
fn base(stage: &Stage<'_>, prefix: &str) -> Result<PathBuf, Unmade> {
    stage.dir(format!("{prefix}/lib"))?;
    stage.link(format!("{prefix}/lib/{}", stage.name()), stage.stdlib())?;
    Ok(stage.program(format!("{prefix}/bin/{}", stage.name()), binary(stage)?)?)
}

fn binary(stage: &Stage<'_>) -> Result<Vec<u8>, Unmade> {
    Ok(fs::read(stage.installed())?)
}

/// `bin` was emptied.
fn missing(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.remove("env/bin")?;
    stage.dir("env/bin")?;
    Ok(subject)
}

/// The symlink leads to a base that does not exist.
fn dangling(stage: &Stage<'_>) -> Made {
    linked_to(stage, &stage.at("base/bin").join(stage.name()))
}

/// The symlink leads to a base that exists.
fn leads_to_base(stage: &Stage<'_>) -> Made {
    linked_to(stage, &base(stage, "base")?)
}

fn circle(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.link("env/bin/python", "python3")?;
    stage.link("env/bin/python3", "python")?;
    Ok(subject)
}

fn directory(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.remove("env/bin/python")?;
    stage.dir("env/bin/python")?;
    Ok(subject)
}

fn pipe(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.remove("env/bin/python")?;
    stage.run(Command::new("mkfifo").arg(&subject.python))?;
    Ok(subject)
}

/// An archive dropped the execute permissions.
fn modes_lost(stage: &Stage<'_>) -> Made {
    let subject = copied(stage)?;
    stage.write("env/bin/tool", format!("#!{}\n", subject.python.display()))?;
    for name in names(stage) {
        stage.mode(name, 0o644)?;
    }
    Ok(subject)
}

fn empty(stage: &Stage<'_>) -> Made {
    linked_to(stage, &stage.program("base/bin/python3", "")?)
}

fn filled(stage: &Stage<'_>) -> Made {
    leads_to_base(stage)
}

/// Git stored the symlinks as text files.
fn texts(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    for name in names(stage) {
        let target = fs::read_link(&name)?;
        stage.remove(&name)?;
        stage.write(&name, target.to_str().expect("readable"))?;
    }
    Ok(subject)
}

fn wrapper(stage: &Stage<'_>) -> Made {
    let script = format!("#!/bin/sh\nexec {} \"$@\"\n", stage.installed().display());
    linked_to(stage, &stage.program("wrappers/python3", script)?)
}

fn nonsense(stage: &Stage<'_>) -> Made {
    linked_to(stage, &stage.program("base/bin/python3", b"\x00\x01\x02\x03 no program at all\n")?)
}

fn half(stage: &Stage<'_>) -> Made {
    let binary = binary(stage)?;
    made_of(stage, &binary[..binary.len() / 2])
}

fn other_processor(stage: &Stage<'_>) -> Made {
    const MACHINE: usize = 18;
    const AARCH64: u8 = 183;
    const X86_64: u8 = 62;
    let mut binary = binary(stage)?;
    binary[MACHINE] = if binary[MACHINE] == AARCH64 { X86_64 } else { AARCH64 };
    made_of(stage, &binary)
}

fn other_system(stage: &Stage<'_>) -> Made {
    linked_to(stage, &stage.program("base/bin/python3", b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01 a program for macOS")?)
}

fn other_libc(stage: &Stage<'_>) -> Made {
    let mut binary = binary(stage)?;
    let at =
        binary.find("/ld-").ok_or_else(|| Unmade::NotHere("the binary does not name a dynamic loader".to_owned()))?;
    binary[at + 1] = b'X';
    made_of(stage, &binary)
}

/// A copied interpreter whose run path names a directory that does not exist.
fn library_gone(stage: &Stage<'_>) -> Made {
    let dir = format!("{}/lib\0", stage.installed_prefix().display());
    let mut binary = binary(stage)?;
    let at = binary.find(&dir).ok_or_else(|| Unmade::NotHere("the binary does not have this run path".to_owned()))?;
    let gone = b"/opt/gone/lib\0";
    if gone.len() > dir.len() {
        return Err(Unmade::NotHere("its run path is too short to be replaced".to_owned()));
    }
    binary[at..at + gone.len()].copy_from_slice(gone);
    made_of(stage, &binary)
}

fn no_python(stage: &Stage<'_>) -> Made {
    linked_to(stage, Path::new("/usr/bin/true"))
}

/// The library of the installed interpreter.
fn library(stage: &Stage<'_>) -> Result<PathBuf, Unmade> {
    let path = stage.installed_prefix().join(format!("lib/lib{}.so.1.0", stage.name()));
    if path.is_file() { Ok(path) } else { Err(Unmade::NotHere("the interpreter has no shared library".to_owned())) }
}

fn library_empty(stage: &Stage<'_>) -> Made {
    let name = library(stage)?.file_name().expect("a name").to_owned();
    stage.write(Path::new("other").join(name), "")?;
    Ok(stage.sound()?.with("LD_LIBRARY_PATH", stage.text("other")))
}

/// The interpreter names a directory as its dynamic loader.
fn loader_is_directory(stage: &Stage<'_>) -> Made {
    let mut binary = binary(stage)?;
    let loader = b"/lib64/ld-linux-x86-64.so.2\0";
    let at =
        binary.find(loader).ok_or_else(|| Unmade::NotHere("the binary names another dynamic loader".to_owned()))?;
    binary[at + "/lib64".len()..at + loader.len()].fill(0);
    made_of(stage, &binary)
}

/// Another library under the name of one that the interpreter needs comes first.
fn other_library(stage: &Stage<'_>) -> Made {
    let subject = library_whole(stage)?;
    let name = library(stage)?.file_name().expect("a name").to_owned();
    let other = "/lib/x86_64-linux-gnu/libz.so.1";
    let content = fs::read(other).map_err(|_| Unmade::NotHere(format!("there is no {other}")))?;
    stage.write(Path::new("other").join(name), content)?;
    Ok(subject.with("LD_LIBRARY_PATH", stage.at("other").to_str().expect("readable")))
}

fn listed(stage: &Stage<'_>) -> Made {
    Ok(stage.sound()?.with("LD_TRACE_LOADED_OBJECTS", "1"))
}

/// A library that exists watches the dynamic loader.
fn audited(stage: &Stage<'_>) -> Made {
    stage.write("audit.so", "library")?;
    Ok(stage.sound()?.with("LD_AUDIT", stage.at("audit.so").to_str().expect("readable")))
}

/// The library that is named does not exist, and the loader goes on without it.
fn not_audited(stage: &Stage<'_>) -> Made {
    Ok(stage.sound()?.with("LD_AUDIT", stage.at("audit.so").to_str().expect("readable")))
}

/// The interpreter was built for a C library that does not exist yet. The loader compares hashes.
fn needs_newer(stage: &Stage<'_>) -> Made {
    let elf_hash = |name: &[u8]| {
        name.iter().fold(0, |hash: u32, byte| {
            let hash = (hash << 4).wrapping_add(u32::from(*byte));
            let high = hash & 0xf000_0000;
            (hash ^ (high >> 24)) & !high
        })
    };
    let [old, new] = [b"GLIBC_2.34", b"GLIBC_9.34"];
    let binary = binary(stage)?;
    if !binary.contains_str(old) {
        return Err(Unmade::NotHere("the interpreter does not need this version".to_owned()));
    }
    let renamed = binary.replace(old, new);
    made_of(stage, &renamed.replace(elf_hash(old).to_le_bytes(), elf_hash(new).to_le_bytes()))
}

fn library_whole(stage: &Stage<'_>) -> Made {
    let dir = library(stage)?.parent().expect("a directory").to_owned();
    Ok(stage.sound()?.with("LD_LIBRARY_PATH", dir.to_str().expect("readable")))
}

/// `pyvenv.cfg` is new, and the symlinks are old.
fn refreshed(stage: &Stage<'_>) -> Made {
    let subject = linked_to(stage, &stage.at("old/bin").join(stage.name()))?;
    stage.venv(&[])?;
    Ok(subject)
}

/// Homebrew on Linux has removed the old version after an upgrade.
fn cellar_removed(stage: &Stage<'_>) -> Made {
    let formula = format!("python@{}", stage.python.xy());
    base(stage, &format!("brew/Cellar/{formula}/{}.99", stage.python.xy()))?;
    stage.link(format!("brew/opt/{formula}"), format!("../Cellar/{formula}/{}.99", stage.python.xy()))?;
    let old = stage.at(format!("brew/Cellar/{formula}/{}.98/bin", stage.python.xy())).join(stage.name());
    linked_to(stage, &old)
}

fn cellar_present(stage: &Stage<'_>) -> Made {
    let formula = format!("python@{}", stage.python.xy());
    let present = base(stage, &format!("brew/Cellar/{formula}/{}.99", stage.python.xy()))?;
    linked_to(stage, &present)
}

fn collected(stage: &Stage<'_>) -> Made {
    let hash = "0c2ag5n7d6xk1n2z4r6m8q0s3v5y7b9d";
    linked_to(stage, &Path::new(&format!("/nix/store/{hash}-python3/bin")).join(stage.name()))
}

/// An environment created on macOS and mounted into a container.
fn of_the_host(stage: &Stage<'_>) -> Made {
    linked_to(stage, &Path::new("/Users/ada/python/bin").join(stage.name()))
}

/// The CI image has another micro version than the one that the environment was created with.
fn cache_removed(stage: &Stage<'_>) -> Made {
    base(stage, &format!("hostedtoolcache/Python/{}.99/x64", stage.python.xy()))?;
    let old = format!("hostedtoolcache/Python/{}.98/x64/bin", stage.python.xy());
    linked_to(stage, &stage.at(old).join(stage.name()))
}

fn cache_present(stage: &Stage<'_>) -> Made {
    let present = base(stage, &format!("hostedtoolcache/Python/{}.99/x64", stage.python.xy()))?;
    linked_to(stage, &present)
}

/// `LD_LIBRARY_PATH` names another library of the same name.
fn substituted(stage: &Stage<'_>) -> Made {
    let library = library(stage)?;
    let name = library.file_name().expect("a name").to_owned();
    stage.dir("other")?;
    fs::copy(&library, stage.at("other").join(name))?;
    Ok(stage.sound()?.with("LD_LIBRARY_PATH", stage.text("other")))
}

fn same_library(stage: &Stage<'_>) -> Made {
    library_whole(stage)
}

/// Another minor version recreates an environment that contains packages.
fn two_releases(stage: &Stage<'_>) -> Made {
    let other = cast::actor(Role::Minor(11))
        .ok_or_else(|| Unmade::NotHere("only one minor version is installed".to_owned()))?;
    let subject = one_release(stage)?;
    let other = other.exe.to_str().expect("readable");
    stage.run(Command::new(other).args(["-m", "venv", "--without-pip"]).arg(stage.at("env")))?;
    Ok(subject)
}

fn one_release(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.install("proj", "1.0", &[("proj.py", "")])?;
    stage.run(Command::new(stage.installed()).args(["-m", "venv", "--without-pip"]).arg(stage.at("env")))?;
    Ok(subject)
}

/// The file is named after an interpreter of the environment.
fn under_pth(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.write("env/bin/python._pth", format!("{}\n", stage.stdlib().display()))?;
    Ok(subject)
}

/// The file is named after an interpreter that does not exist.
fn under_pth_of_another(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.write("env/bin/python3.99._pth", format!("{}\n", stage.stdlib().display()))?;
    Ok(subject)
}

fn setuid(stage: &Stage<'_>) -> Made {
    let subject = copied(stage)?;
    stage.mode(&subject.python, 0o4755)?;
    Ok(subject)
}

/// A copied interpreter, and a base whose headers name this micro version.
fn copy_of_base(stage: &Stage<'_>, micro: u32) -> Made {
    let base = base(stage, "base")?;
    let header = format!("base/include/{}/patchlevel.h", stage.name());
    stage.write(header, format!("#define PY_VERSION \"{}.{micro}\"\n", stage.python.xy()))?;
    let subject = copied(stage)?;
    let bin = base.parent().expect("a directory").display().to_string();
    stage.edit("env/pyvenv.cfg", &stage.installed_bin().display().to_string(), &bin)?;
    Ok(subject)
}

fn base_as_it_was(stage: &Stage<'_>) -> Made {
    copy_of_base(stage, stage.python.micro)
}

/// The base was upgraded: its headers and its program contain another version. Debian's program contains the interpreter.
fn base_upgraded(stage: &Stage<'_>) -> Made {
    let subject = copy_of_base(stage, stage.python.micro + 1)?;
    let mut binary = binary(stage)?;
    let version = |micro: u32| u64::from(0x0300_00f0 | stage.python.minor << 16 | micro << 8).to_le_bytes();
    let (old, new) = (version(stage.python.micro), version(stage.python.micro + 1));
    let places: Vec<usize> = binary.find_iter(&old).collect();
    if places.is_empty() {
        return Err(Unmade::NotHere("the binary does not contain its version".to_owned()));
    }
    for at in places {
        binary[at..at + new.len()].copy_from_slice(&new);
    }
    stage.program(format!("base/bin/{}", stage.name()), binary)?;
    Ok(subject)
}

/// The owner of the environment may not enter the directory of its interpreter.
fn private(stage: &Stage<'_>) -> Made {
    let subject = public(stage)?;
    stage.mode("base", 0o700)?;
    Ok(subject)
}

fn public(stage: &Stage<'_>) -> Made {
    let subject = linked_to(stage, &base(stage, "base")?)?;
    let somebody = 12_345;
    if chown(stage.at("env"), Some(somebody), None).is_err() {
        return Err(Unmade::NotHere("only root may change the owner of a directory".to_owned()));
    }
    Ok(subject)
}

/// A script next to an environment, whose Python is the first on PATH.
fn by_env(stage: &Stage<'_>, bin: &Path) -> Made {
    stage.venv(&[])?;
    fs::rename(stage.at("env"), stage.at(".venv"))?;
    let script = stage.program("tool.py", "#!/usr/bin/env python3\n")?;
    Ok(Subject::of(script).with("PATH", format!("{}:/usr/bin:/bin", bin.display())))
}

fn env_outside(stage: &Stage<'_>) -> Made {
    by_env(stage, &stage.installed_bin())
}

fn env_inside(stage: &Stage<'_>) -> Made {
    by_env(stage, &stage.at(".venv/bin"))
}
