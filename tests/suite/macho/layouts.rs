//! Pythons as people have them on macOS, each with the answer that is known of it.

use venv_doctor::internals::host::{MemoryHost, Platform, RootedHost};
use venv_doctor::internals::interpreter::{Implementation, Vendor};
use venv_doctor::internals::startup::{Resolution, Status};

use super::build::File;
use super::machine::{binary, developer_tool, environment, framework, library, mac};
use super::{identified, replayed, start};
use crate::systems::machine::{path, places};

const PYTHON_ORG: &str = "/Library/Frameworks/Python.framework/Versions";
const TOOLS: &str = "/Library/Developer/CommandLineTools";
/// The prefixes of python.org, of the command line tools, and of Homebrew.
const ORG: &str = "/Library/Frameworks/Python.framework/Versions/3.12";
const APPLES: &str = "/Library/Developer/CommandLineTools/Library/Frameworks/Python3.framework/Versions/3.9";
const KEG: &str = "/opt/homebrew/Cellar/python@3.12/3.12.4/Frameworks/Python.framework/Versions/3.12";

/// A machine, what is typed, and what is known: executable, prefix, base prefix, version, vendor.
struct Layout {
    name: &'static str,
    host: MemoryHost,
    typed: &'static str,
    executable: &'static str,
    prefix: &'static str,
    base_prefix: &'static str,
    version: &'static str,
    vendor: Vendor,
}

fn python_org() -> MemoryHost {
    let host = framework(mac(), PYTHON_ORG, "3.12.1", "Python", &format!("{PYTHON_ORG}/3.12/Python"));
    host.symlink("/usr/local/bin/python3", "../../../Library/Frameworks/Python.framework/Versions/3.12/bin/python3")
}

fn homebrew() -> MemoryHost {
    const CELLAR: &str = "/opt/homebrew/Cellar/python@3.12/3.12.4";
    let versions = format!("{CELLAR}/Frameworks/Python.framework/Versions");
    let id = "/opt/homebrew/opt/python@3.12/Frameworks/Python.framework/Versions/3.12/Python";
    framework(mac(), &versions, "3.12.4", "Python", id)
        .symlink("/opt/homebrew/opt/python@3.12", "../Cellar/python@3.12/3.12.4")
        .symlink(format!("{CELLAR}/bin/python3.12"), "../Frameworks/Python.framework/Versions/3.12/bin/python3.12")
        .symlink("/opt/homebrew/bin/python3.12", "../Cellar/python@3.12/3.12.4/bin/python3.12")
}

fn command_line_tools() -> MemoryHost {
    let versions = format!("{TOOLS}/Library/Frameworks/Python3.framework/Versions");
    let host = framework(mac(), &versions, "3.9.6", "Python3", "@rpath/Python3.framework/Versions/3.9/Python3");
    let stub = File::stub("@rpath/Python3.framework/Versions/3.9/Python3").rpath("@executable_path/../../../..");
    let host = binary(host, &format!("{versions}/3.9/bin/python3.9"), &stub.bytes());
    developer_tool(host, "/usr/bin/python3").symlink(
        format!("{TOOLS}/usr/bin/python3"),
        "../../Library/Frameworks/Python3.framework/Versions/3.9/bin/python3.9",
    )
}

/// A build without a library: everything is in the program.
fn whole(prefix: &str, version: &str, compiled: &str) -> MemoryHost {
    let program = format!("{prefix}/bin/python3.{}", version.split('.').nth(1).unwrap());
    let host = library(mac(), prefix, version, compiled, "");
    binary(host, &program, &File::program().python(version).bytes())
        .symlink(format!("{prefix}/bin/python3"), program.rsplit_once('/').unwrap().1)
}

fn shared(prefix: &str, version: &str) -> MemoryHost {
    let minor = version.split('.').nth(1).unwrap();
    let id = format!("@rpath/libpython3.{minor}.dylib");
    let host = library(mac(), prefix, version, prefix, "");
    let host =
        binary(host, &format!("{prefix}/lib/libpython3.{minor}.dylib"), &File::library(&id).python(version).bytes());
    let main = File::main(&id).rpath("/nowhere").rpath("@executable_path/../lib");
    binary(host, &format!("{prefix}/bin/python3"), &main.bytes())
}

/// A layout that is no environment, built by the project itself.
fn of(
    name: &'static str,
    host: MemoryHost,
    typed: &'static str,
    executable: &'static str,
    prefix: &'static str,
    version: &'static str,
) -> Layout {
    Layout { name, host, typed, executable, prefix, base_prefix: prefix, version, vendor: Vendor::Upstream }
}

fn frameworks() -> Vec<Layout> {
    const TYPED: &str = "/Library/Developer/CommandLineTools/usr/bin/python3";
    const BREWED: &str = "/opt/homebrew/bin/python3.12";
    const MADE: &str = "/Users/u/work/.venv";
    let made = |host: MemoryHost, base: &str| environment(host, MADE, base, "3.12");
    let of_org = made(python_org(), &format!("{ORG}/bin/python3.12"));
    let of_brew = made(homebrew(), "/opt/homebrew/opt/python@3.12/bin/python3.12");
    let python3 = "/Users/u/work/.venv/bin/python3";
    vec![
        of("python.org", python_org(), "python3", "/usr/local/bin/python3", ORG, "3.12.1"),
        of("Homebrew", homebrew(), BREWED, BREWED, KEG, "3.12.4"),
        of("command line tools", command_line_tools(), TYPED, TYPED, APPLES, "3.9.6"),
        Layout {
            base_prefix: ORG,
            ..of("its environment", of_org, ".venv/bin/python", "/Users/u/work/.venv/bin/python", MADE, "3.12.1")
        },
        Layout { base_prefix: KEG, ..of("one of Homebrew", of_brew, ".venv/bin/python3", python3, MADE, "3.12.4") },
    ]
}

fn other_builds() -> Vec<Layout> {
    const PYENV: &str = "/Users/u/.pyenv/versions/3.11.4";
    const PYENVS: &str = "/Users/u/.pyenv/versions/3.11.4/bin/python3";
    const CONDAS: &str = "/opt/miniconda3/bin/python3.10";
    const UV: &str = "/Users/u/.local/share/uv/python/cpython-3.12.3-macos-aarch64-none";
    const UVS: &str = "/Users/u/.local/share/uv/python/cpython-3.12.3-macos-aarch64-none/bin/python3.12";
    const SHARED: &str = "/opt/py/bin/python3";
    let conda = whole("/opt/miniconda3", "3.10.13", "/opt/miniconda3").directory("/opt/miniconda3/conda-meta");
    let standalone = Vendor::PythonBuildStandalone;
    vec![
        of("pyenv", whole(PYENV, "3.11.4", PYENV), PYENVS, PYENVS, PYENV, "3.11.4"),
        of("conda", conda, CONDAS, CONDAS, "/opt/miniconda3", "3.10.13"),
        Layout { vendor: standalone, ..of("uv", whole(UV, "3.12.3", "/install"), UVS, UVS, UV, "3.12.3") },
        of("shared library", shared("/opt/py", "3.13.2"), SHARED, SHARED, "/opt/py", "3.13.2"),
    ]
}

fn layouts() -> impl Iterator<Item = Layout> {
    frameworks().into_iter().chain(other_builds())
}

fn judge(layout: &Layout, resolution: &Resolution) {
    let name = layout.name;
    let interpreter = &resolution.identification.interpreter;
    assert_eq!(resolution.outcome.status, Status::Starts, "{name}: {:?}", resolution.outcome);
    assert_eq!(interpreter.implementation, Implementation::CPython, "{name}");
    assert_eq!(interpreter.version.unwrap().to_string(), layout.version, "{name}");
    assert_eq!(interpreter.vendor, layout.vendor, "{name}");
    let [executable, _, prefix, base_prefix] = places(resolution);
    assert_eq!([&executable, &prefix, &base_prefix], [layout.executable, layout.prefix, layout.base_prefix], "{name}");
    let minor = interpreter.version.unwrap().minor;
    assert!(path(resolution).contains(&format!("{}/lib/python3.{minor}", layout.base_prefix)), "{name}");
}

#[test]
fn every_kind_of_installation_is_identified_and_started() {
    for layout in layouts() {
        judge(&layout, &start(&layout.host, layout.typed));
    }
}

#[test]
fn a_snapshot_of_each_says_the_same() {
    for layout in layouts() {
        judge(&layout, &replayed(&layout.host, layout.typed));
    }
}

/// The tree of a Mac on a disk of Linux.
#[test]
fn below_another_root_directory_the_rules_of_macos_hold() {
    let mut host = MemoryHost::new(Platform::Linux).cwd("/home/u").directory("/home/u");
    let stub = File::stub(&format!("{PYTHON_ORG}/3.12/Python")).bytes();
    let image = File::library(&format!("{PYTHON_ORG}/3.12/Python")).python("3.12.1").bytes();
    let prefix = format!("/mnt/mac{PYTHON_ORG}/3.12");
    host = library(host, &prefix, "3.12.1", &format!("{PYTHON_ORG}/3.12"), "Python");
    host = binary(host, &format!("{prefix}/Python"), &image);
    host = binary(host, &format!("{prefix}/bin/python3.12"), &stub);
    host = binary(host, &format!("{prefix}/Resources/Python.app/Contents/MacOS/Python"), &stub);
    let host = host.symlink("/mnt/mac/usr/local/bin/python3", format!("{PYTHON_ORG}/3.12/bin/python3.12"));
    let rooted = RootedHost::new(host, "/mnt/mac".into()).unwrap();
    let resolution = start(&rooted, "/usr/local/bin/python3");
    assert_eq!(resolution.invocation.platform, Platform::Macos);
    assert_eq!(places(&resolution)[0], "/usr/local/bin/python3");
    assert_eq!(places(&resolution)[2], format!("{PYTHON_ORG}/3.12"));
}

#[test]
fn the_facts_of_a_framework() {
    let found = identified(&python_org(), "/usr/local/bin/python3").interpreter;
    let app = format!("{PYTHON_ORG}/3.12/Resources/Python.app/Contents/MacOS/Python");
    assert_eq!(found.library.unwrap(), format!("{PYTHON_ORG}/3.12/Python"));
    assert_eq!(found.real_executable.unwrap(), app);
    assert_eq!(found.compiled.framework.unwrap(), "Python");
    assert_eq!(found.compiled.prefix.unwrap(), format!("{PYTHON_ORG}/3.12"));
    assert_eq!(found.extension_suffix.unwrap(), ".cpython-312-darwin.so");
    let facts: Vec<&str> = found.evidence.iter().map(|fact| fact.fact.as_ref()).collect();
    for fact in ["architecture", "oldest_system", "real_executable", "library", "version"] {
        assert!(facts.contains(&fact), "{fact}");
    }
}

/// `/usr/bin/python3` belongs to the system, and starts what `xcode-select` has chosen.
#[test]
fn the_program_of_the_system_names_that_of_the_developer_tools() {
    let reason = |host: &MemoryHost| {
        let resolution = start(host, "/usr/bin/python3");
        assert_eq!(resolution.outcome.status, Status::NotSimulated);
        let replayed = replayed(host, "/usr/bin/python3").outcome.reason;
        assert_eq!(resolution.outcome.reason, replayed);
        replayed.unwrap().to_string()
    };
    let named = format!("starts {TOOLS}/usr/bin/python3 of the developer tools");
    assert!(reason(&command_line_tools()).ends_with(&named));
    let chosen = command_line_tools().symlink("/var/db/xcode_select_link", TOOLS);
    assert!(reason(&chosen).ends_with(&named));
    let elsewhere = command_line_tools().symlink("/var/db/xcode_select_link", "/Applications/Xcode-beta.app");
    assert!(reason(&elsewhere).contains("where these are is not known"));
    assert!(reason(&command_line_tools().variable("DEVELOPER_DIR", "/x")).contains("where these are is not known"));
}
