//! Extension modules for the other processor, in environments of macOS.

use venv_doctor::internals::environment::Depth;
use venv_doctor::internals::explanation;
use venv_doctor::internals::host::MemoryHost;
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::startup::Options;

use super::build::{Cpu, File, universal};
use super::machine::{binary, environment, library, mac};

const SITE: &str = "/Users/u/work/.venv/lib/python3.12/site-packages";

/// An environment of an arm64 Python, with a distribution that has one module.
fn with(module: &[u8]) -> MemoryHost {
    let host = library(mac(), "/opt/py", "3.12.1", "/opt/py", "");
    let host = binary(host, "/opt/py/bin/python3.12", &File::program().python("3.12.1").bytes());
    let name = "_speed.cpython-312-darwin.so";
    environment(host, "/Users/u/work/.venv", "/opt/py/bin/python3.12", "3.12")
        .file(format!("{SITE}/{name}"), module)
        .file(format!("{SITE}/speed-1.0.dist-info/METADATA"), "Metadata-Version: 2.1\nName: speed\nVersion: 1.0\n")
        .file(format!("{SITE}/speed-1.0.dist-info/WHEEL"), "Wheel-Version: 1.0\nTag: cp312-cp312-macosx_11_0_arm64\n")
        .file(format!("{SITE}/speed-1.0.dist-info/INSTALLER"), "pip\n")
        .file(format!("{SITE}/speed-1.0.dist-info/RECORD"), format!("{name},,\nspeed-1.0.dist-info/RECORD,,\n"))
}

fn codes(host: &MemoryHost) -> Vec<(String, String)> {
    let invocation = Invocation::on(host, ".venv/bin/python").unwrap();
    let explained = explanation::examine(host, &invocation, &Options::default(), Depth::Environment);
    let found = explained.findings.iter().map(|finding| (finding.rule.code.to_string(), finding.message.to_string()));
    found.filter(|(code, _)| code.starts_with("VD7")).collect()
}

#[test]
fn a_module_needs_a_slice_for_the_processor_as_which_python_runs() {
    let module = |cpu: Cpu| File::bundle().exports("PyInit__speed", b"\0").on(cpu);
    assert_eq!(codes(&with(&module(Cpu::Arm64).bytes())), []);
    assert_eq!(codes(&with(&universal(&[module(Cpu::X86_64), module(Cpu::Arm64)]))), []);
    let found = codes(&with(&module(Cpu::X86_64).bytes()));
    let message = format!("{SITE}/_speed.cpython-312-darwin.so is built for x86_64, but this Python runs as arm64");
    assert_eq!(found, [("VD702".to_owned(), message)]);
}

#[test]
fn a_module_of_linux_is_no_module_of_macos() {
    let mut elf = b"\x7fELF\x02\x01\x01".to_vec();
    elf.resize(64, 0);
    let found = codes(&with(&elf));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "VD710");
    assert!(found[0].1.ends_with("is a library for Linux (ELF), but this is macOS"), "{found:?}");
    let whole = File::bundle().exports("PyInit__speed", b"\0").bytes();
    assert_eq!(codes(&with(&whole[..whole.len() - 1]))[0].0, "VD704");
}

#[test]
fn a_module_needs_its_libraries() {
    const LIBRARY: &str = "/Users/u/work/.venv/lib/python3.12/site-packages/.dylibs/libfast.1.dylib";
    let module = |needed: &str| File::bundle().exports("PyInit__speed", b"\0").needs(needed);
    let library = |needed: &str| File::library("/DLC/libfast.1.dylib").needs(needed).bytes();
    let has = |host: MemoryHost, needed: &str| binary(host, LIBRARY, &library(needed));
    let system = "/usr/lib/libc++.1.dylib";
    let relative = module("@loader_path/.dylibs/libfast.1.dylib").bytes();
    assert_eq!(codes(&has(with(&relative), system)), []);
    let by_rpath = module("@rpath/libfast.1.dylib").rpath("@loader_path/.dylibs").bytes();
    assert_eq!(codes(&has(with(&by_rpath), system)), []);
    let weak = File::bundle().exports("PyInit__speed", b"\0").may_need("/opt/gone.dylib").bytes();
    assert_eq!(codes(&with(&weak)), []);
    let missing = |host: &MemoryHost, library: &str| {
        let found = codes(host);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "VD711");
        assert!(found[0].1.contains(&format!("it needs the library {library}, which")), "{found:?}");
    };
    missing(&with(&relative), "@loader_path/.dylibs/libfast.1.dylib");
    missing(&has(with(&module("@rpath/libfast.1.dylib").bytes()), system), "@rpath/libfast.1.dylib");
    // A library of the library, as an upgrade of Homebrew leaves it.
    missing(
        &has(with(&relative), "/opt/homebrew/opt/openssl@1.1/lib/libssl.1.1.dylib"),
        "/opt/homebrew/opt/openssl@1.1/lib/libssl.1.1.dylib",
    );
}
