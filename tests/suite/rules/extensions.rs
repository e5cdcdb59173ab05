//! VD7xx: extension modules, and whether the interpreter can load them.

use std::io;
use std::process::Command;

use crate::rules::cast::Role;
use crate::rules::pair::{Builder, Fixed, Made, Pair, Source};
use crate::support::stage::Stage;

/// Why most fixes are not applied.
const DOWNLOAD: Fixed = Fixed::NotHere("the distribution to reinstall has to be downloaded");

const fn usual(code: &'static str, fails: Builder, passes: Builder, fixed: Option<Fixed>) -> Pair {
    Pair { code, source: Source::Made { plays: Role::Usual, fails, passes }, fixed }
}

// The pairs, in the order of their codes: each is a test of its own.
crate::rules::pairs! {
    vd701_extension_other_python => usual("VD701", other_python, several_tags, Some(DOWNLOAD));
    vd702_extension_other_architecture => usual("VD702", other_machine, this_python, Some(DOWNLOAD));
    vd703_extension_other_libc => usual("VD703", other_libc, this_python, Some(DOWNLOAD));
    vd704_extension_truncated => usual("VD704", truncated, this_python, Some(DOWNLOAD));
    vd705_free_threaded_mismatch => Pair {
        code: "VD705",
        source: Source::Made { plays: Role::Minor(13), fails: free_threaded, passes: both_builds },
        fixed: Some(Fixed::ByCommands),
    };
    vd706_implementation_mismatch => usual("VD706", of_pypy, of_both, Some(Fixed::ByCommands));
    vd707_bytecode_bad_magic => usual("VD707", bytecode_of_another, bytecode_of_this, Some(DOWNLOAD));
    vd708_lib64_dangling => usual("VD708", lib64_of_elsewhere, this_python, Some(Fixed::ByCommands));
    vd709_lib64_split => usual("VD709", lib64_of_its_own, lib64_empty, None);
    vd710_extension_other_system => usual("VD710", other_system, this_python, None);
    vd711_extension_lacks_library => usual("VD711", lacks_library, has_library, None);
}

/// The suffix of the interpreter's own extension modules.
fn suffix(stage: &Stage<'_>) -> io::Result<String> {
    let code = "import sysconfig; print(sysconfig.get_config_var('EXT_SUFFIX'), end='')";
    let output = stage.run(Command::new(stage.installed()).args(["-c", code]))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The header of a 64-bit ELF library for a machine, with nothing after it.
fn elf(machine: u8) -> Vec<u8> {
    let mut header = vec![0; 64];
    header[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    header[16] = 3;
    header[18] = machine;
    header[20] = 1;
    header[52] = 64;
    header[54] = 56;
    header
}

/// The ELF number of this machine, and that of another one.
fn machines() -> (u8, u8) {
    if std::env::consts::ARCH == "aarch64" { (183, 62) } else { (62, 183) }
}

/// An environment with a distribution for this platform that has compiled modules with these suffixes.
fn compiled(stage: &Stage<'_>, suffixes: &[&str], content: &[u8]) -> Made {
    let subject = stage.sound()?;
    let names: Vec<String> = suffixes.iter().map(|suffix| format!("yaml/_yaml{suffix}")).collect();
    let mut files = vec![("yaml/__init__.py", "")];
    files.extend(names.iter().map(|name| (name.as_str(), "compiled")));
    stage.install("PyYAML", "6.0.1", &files)?;
    for name in &names {
        stage.write(format!("{}/{name}", stage.site()), content)?;
    }
    let tag = format!("cp3{0}-cp3{0}-linux_{1}", stage.python.minor, std::env::consts::ARCH);
    stage.edit(format!("{}/PyYAML-6.0.1.dist-info/WHEEL", stage.site()), "py3-none-any", &tag)?;
    Ok(subject)
}

fn this_python(stage: &Stage<'_>) -> Made {
    compiled(stage, &[&suffix(stage)?], &elf(machines().0))
}

fn other_python(stage: &Stage<'_>) -> Made {
    let other = suffix(stage)?.replace(&format!("-3{}", stage.python.minor), "-37m");
    compiled(stage, &[&other], &elf(machines().0))
}

fn several_tags(stage: &Stage<'_>) -> Made {
    let own = suffix(stage)?;
    let other = own.replace(&format!("-3{}", stage.python.minor), "-37m");
    compiled(stage, &[&own, &other], &elf(machines().0))
}

fn other_machine(stage: &Stage<'_>) -> Made {
    compiled(stage, &[&suffix(stage)?], &elf(machines().1))
}

fn other_libc(stage: &Stage<'_>) -> Made {
    compiled(stage, &[&suffix(stage)?.replace("-gnu", "-musl")], &elf(machines().0))
}

fn truncated(stage: &Stage<'_>) -> Made {
    compiled(stage, &[&suffix(stage)?], b"")
}

fn other_system(stage: &Stage<'_>) -> Made {
    compiled(stage, &[&format!(".cp3{}-win_amd64.pyd", stage.python.minor)], b"MZ")
}

/// Packages in the directory of another build or implementation.
fn packages_in(stage: &Stage<'_>, dir: &str) -> Made {
    let subject = stage.sound()?;
    let site = format!("env/lib/{dir}/site-packages");
    stage.write(format!("{site}/six.py"), "")?;
    stage.write(format!("{site}/six-1.16.0.dist-info/METADATA"), "Name: six\nVersion: 1.16.0\n")?;
    Ok(subject)
}

fn free_threaded(stage: &Stage<'_>) -> Made {
    packages_in(stage, &format!("{}t", stage.name()))
}

fn both_builds(stage: &Stage<'_>) -> Made {
    let subject = free_threaded(stage)?;
    stage.install("six", "1.16.0", &[("six.py", "")])?;
    Ok(subject)
}

fn of_pypy(stage: &Stage<'_>) -> Made {
    packages_in(stage, &format!("pypy{}", stage.python.xy()))
}

fn of_both(stage: &Stage<'_>) -> Made {
    let subject = of_pypy(stage)?;
    stage.install("six", "1.16.0", &[("six.py", "")])?;
    Ok(subject)
}

/// A package with a compiled module instead of its source.
fn bytecode_of_this(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.install("engine", "1.0", &[("engine/__init__.py", ""), ("engine/core.pyc", "compiled")])?;
    let source = stage.write("core.py", "x = 1\n")?;
    let target = stage.at(format!("{}/engine/core.pyc", stage.site()));
    let code = "import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], dfile='core.py')";
    stage.run(Command::new(stage.installed()).args(["-c", code]).arg(source).arg(target))?;
    Ok(subject)
}

fn bytecode_of_another(stage: &Stage<'_>) -> Made {
    let subject = bytecode_of_this(stage)?;
    let path = format!("{}/engine/core.pyc", stage.site());
    let mut content = std::fs::read(stage.at(&path))?;
    content[..2].copy_from_slice(&3394_u16.to_le_bytes());
    stage.write(&path, content)?;
    Ok(subject)
}

fn lib64_of_elsewhere(stage: &Stage<'_>) -> Made {
    let subject = this_python(stage)?;
    stage.link("env/lib64", stage.at("old/env/lib"))?;
    Ok(subject)
}

fn lib64_empty(stage: &Stage<'_>) -> Made {
    let subject = this_python(stage)?;
    stage.remove("env/lib64")?;
    stage.dir(format!("env/lib64/{}/site-packages", stage.name()))?;
    Ok(subject)
}

fn lib64_of_its_own(stage: &Stage<'_>) -> Made {
    let subject = lib64_empty(stage)?;
    let site = format!("env/lib64/{}/site-packages", stage.name());
    stage.write(format!("{site}/idna-3.7.dist-info/METADATA"), "Name: idna\nVersion: 3.7\n")?;
    Ok(subject)
}

/// A 64-bit ELF library that needs another one.
pub(crate) fn elf_needing(library: &str) -> Vec<u8> {
    const DYNAMIC: u64 = 176;
    const STRINGS: u64 = 256;
    let strings = format!("\0{library}\0");
    let mut file = elf(machines().0);
    file[32] = 64;
    file[56] = 2;
    let size = STRINGS + strings.len() as u64;
    // PT_LOAD of everything, then PT_DYNAMIC: type and flags, offset, two addresses, two sizes, alignment.
    for (kind, offset, size) in [(1_u64, 0, size), (2, DYNAMIC, 64)] {
        for word in [kind, offset, offset, offset, size, size, 8] {
            file.extend(word.to_le_bytes());
        }
    }
    // DT_NEEDED, DT_STRTAB, DT_STRSZ, DT_NULL.
    for (tag, value) in [(1, 1), (5, STRINGS), (10, strings.len() as u64), (0, 0)] {
        file.extend([tag, value].map(u64::to_le_bytes).concat());
    }
    file.resize(256, 0);
    file.extend(strings.as_bytes());
    file
}

fn lacks_library(stage: &Stage<'_>) -> Made {
    compiled(stage, &[&suffix(stage)?], &elf_needing("libgone.so.1"))
}

fn has_library(stage: &Stage<'_>) -> Made {
    compiled(stage, &[&suffix(stage)?], &elf_needing("libc.so.6"))
}
