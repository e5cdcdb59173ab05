//! Mach-O files that real linkers wrote for real Pythons, as `tests/macos/prepare.sh` unpacks them.

use std::fs;
use std::path::PathBuf;

use venv_doctor::internals::host::{Lookups, MemoryHost};
use venv_doctor::internals::interpreter::{Implementation, Problem, module_tables};

use super::build::{Cpu, File, universal};
use super::machine::{APPLE, INTEL, binary, library, mac};
use super::{identified, start};

/// The file of that name, where it is prepared.
fn prepared(name: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("VENV_DOCTOR_MACHO").map(PathBuf::from);
    let root = root.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/macos"));
    let content = fs::read(root.join(name)).ok();
    if content.is_none() {
        println!("skipped: {name} is not below {} (tests/macos/prepare.sh)", root.display());
    }
    content
}

/// What is identified, with the modules that are built in and frozen.
fn judge(host: &MemoryHost, path: &str, version: &str) {
    let found = identified(host, path);
    assert_eq!(found.problem, None, "{version}");
    assert_eq!(found.interpreter.implementation, Implementation::CPython, "{version}");
    assert_eq!(found.interpreter.version.unwrap().to_string(), version);
    let lookups = Lookups::new(host, Some("/".into()));
    let tables = module_tables(&lookups, &found).expect("the tables of modules");
    let builtin: Vec<String> = tables.builtin.iter().map(ToString::to_string).collect();
    for name in ["_imp", "builtins", "marshal", "posix", "sys", "time"] {
        assert!(builtin.contains(&name.to_owned()), "{version}: {name} in {builtin:?}");
    }
    let frozen: Vec<String> = tables.frozen.iter().map(|module| module.name.to_string()).collect();
    for name in ["_frozen_importlib", "zipimport", "codecs", "os", "site", "__hello__"] {
        assert!(frozen.contains(&name.to_owned()), "{version}: {name} in {frozen:?}");
    }
    let is_package = |name: &str| tables.frozen.iter().find(|module| module.name == name).unwrap().is_package;
    assert!(is_package("__phello__") && !is_package("os"), "{version}");
}

#[test]
fn whole_programs() {
    for (name, version) in [("program-3.11", "3.11.15"), ("program-3.12", "3.12.13")] {
        let Some(bytes) = prepared(&format!("{name}/python.exe")) else { continue };
        let host = binary(mac(), "/opt/py/bin/python3", &bytes);
        judge(&host, "/opt/py/bin/python3", version);
        let refused = identified(&host.machine(INTEL), "/opt/py/bin/python3").problem;
        assert!(matches!(refused, Some(Problem::WrongArchitecture { .. })), "{refused:?}");
    }
}

#[test]
fn libraries_for_one_and_for_two_processors() {
    const LIBRARY: &str = "/opt/py/lib/libpython3.13.dylib";
    let main = |cpu: Cpu| File::main(LIBRARY).on(cpu);
    for (name, version) in [("intel", "3.13.9"), ("universal", "3.13.11")] {
        let Some(bytes) = prepared(&format!("{name}/libpython3.13.dylib")) else { continue };
        let host = binary(mac(), LIBRARY, &bytes);
        let host = binary(host, "/opt/py/bin/python3", &universal(&[main(Cpu::X86_64), main(Cpu::Arm64)]));
        judge(&host.clone().machine(INTEL), "/opt/py/bin/python3", version);
        let on_apple = host.machine(APPLE);
        if name == "universal" {
            judge(&on_apple, "/opt/py/bin/python3", version);
        } else {
            let problem = identified(&on_apple, "/opt/py/bin/python3").problem;
            assert!(matches!(problem, Some(Problem::BadLibrary { .. })), "{problem:?}");
        }
    }
}

/// Nothing of a real file that is cut or changed makes the reader fail otherwise than with an answer.
#[test]
fn damaged_files() {
    for name in ["program-3.12/python.exe", "universal/libpython3.13.dylib"] {
        let Some(bytes) = prepared(name) else { continue };
        for end in [0, 3, 8, 31, 32, 100, 4000, 4096, 8192, 20_000, bytes.len() / 2, bytes.len() - 1] {
            let host = binary(mac(), "/opt/py/bin/python3", &bytes[..end]);
            assert_ne!(identified(&host, "/opt/py/bin/python3").problem, None, "{name}: {end}");
        }
    }
}

#[test]
fn a_real_program_starts_with_its_library() {
    let Some(bytes) = prepared("program-3.12/python.exe") else { return };
    let host = library(mac(), "/opt/py", "3.12.13", "/opt/py", "");
    let resolution = start(&binary(host, "/opt/py/bin/python3", &bytes), "/opt/py/bin/python3");
    assert_eq!(resolution.sys.unwrap().prefix, "/opt/py");
}
