//! What the kernel and dyld refuse, and what they take.

use venv_doctor::internals::host::MemoryHost;
use venv_doctor::internals::interpreter::Problem;
use venv_doctor::internals::startup::Status;

use super::build::{Cpu, Exports, File, universal};
use super::machine::{APPLE, INTEL, binary, environment, framework, mac};
use super::{findings, identified, problem, start};

const ROSETTA: &str = "/Library/Apple/usr/libexec/oah/libRosettaRuntime";
const PYTHON: &str = "/opt/py/bin/python3";

fn python(cpu: Cpu) -> File {
    File::program().python("3.12.1").on(cpu)
}

fn with(bytes: &[u8]) -> MemoryHost {
    binary(mac(), PYTHON, bytes)
}

/// What the architecture is that runs; none where the kernel refuses.
fn runs(host: &MemoryHost) -> Option<String> {
    let found = identified(host, PYTHON);
    match found.problem {
        None => found
            .interpreter
            .evidence
            .iter()
            .find(|fact| fact.fact == "architecture")
            .map(|fact| fact.value.to_string()),
        Some(Problem::WrongArchitecture { .. }) => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn which_slice_runs() {
    let (arm, intel) = (python(Cpu::Arm64), python(Cpu::X86_64));
    let both = universal(&[intel.clone(), arm.clone()]);
    let on = |bytes: &[u8], machine| runs(&with(bytes).machine(machine));
    assert_eq!(on(&both, APPLE).unwrap(), "arm64");
    assert_eq!(on(&both, INTEL).unwrap(), "x86_64");
    assert_eq!(on(&arm.bytes(), APPLE).unwrap(), "arm64");
    assert_eq!(on(&arm.bytes(), INTEL), None);
    assert_eq!(on(&universal(std::slice::from_ref(&arm)), INTEL), None);
    // Rosetta is installed on demand.
    assert_eq!(on(&intel.bytes(), APPLE), None);
    assert_eq!(runs(&with(&intel.bytes()).file(ROSETTA, "")).unwrap(), "x86_64");
    // Every release that is simulated has 64 bits; whether this system runs anything else is not known.
    let old = problem(&with(&File::program().on(Cpu::I386).bytes()).machine(INTEL), PYTHON);
    assert!(matches!(old, Some(Problem::LoadingUnknown { .. })), "{old:?}");
    let refused = findings(&with(&arm.bytes()).machine(INTEL), PYTHON);
    assert!(
        refused.iter().any(|(code, message, effect)| {
            code == "VD113" && message.contains("Mach-O arm64") && effect.contains("Bad CPU type in executable")
        }),
        "{refused:?}"
    );
}

#[test]
fn names_of_exports_are_found_in_either_table() {
    for how in [Exports::Trie, Exports::Symbols] {
        let found = identified(&with(&python(Cpu::Arm64).listing(how).bytes()), PYTHON);
        assert_eq!(found.interpreter.version.unwrap().to_string(), "3.12.1", "{how:?}");
    }
    let other = with(&File::program().exports("main", b"\0").text("3.12.1").bytes());
    assert_eq!(problem(&other, PYTHON), Some(Problem::NotPython));
}

#[test]
fn what_is_no_program() {
    let whole = python(Cpu::Arm64).bytes();
    assert_eq!(problem(&with(&whole[..whole.len() - 1]), PYTHON), Some(Problem::Truncated));
    assert_eq!(problem(&with(&whole[..100]), PYTHON), Some(Problem::Truncated));
    assert_eq!(problem(&with(&File::library("/x").python("3.12.1").bytes()), PYTHON), Some(Problem::NotAProgram));
    assert_eq!(problem(&with(&[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0]), PYTHON), Some(Problem::NotAProgram));
    assert_eq!(problem(&with(&[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2, 1]), PYTHON), Some(Problem::Truncated));
}

/// A shared build whose library is named in the way, and lies in `lib`.
fn around(name: &str, rpaths: &[&str], library: Option<&[u8]>) -> MemoryHost {
    let main = rpaths.iter().fold(File::main(name), |file, rpath| file.rpath(rpath));
    let host = with(&main.bytes());
    match library {
        Some(bytes) => binary(host, "/opt/py/lib/libpython3.12.dylib", bytes),
        None => host,
    }
}

#[test]
fn libraries_are_found_by_every_kind_of_name() {
    const FILE: &str = "/opt/py/lib/libpython3.12.dylib";
    let library = File::library(FILE).python("3.12.1").bytes();
    let found = |name: &str, rpaths: &[&str]| {
        let found = identified(&around(name, rpaths, Some(&library)), PYTHON);
        (found.problem, found.interpreter.library.map(|path| path.to_string()))
    };
    let right = (None, Some(FILE.to_owned()));
    assert_eq!(found(FILE, &[]), right);
    assert_eq!(found("@executable_path/../lib/libpython3.12.dylib", &[]), right);
    assert_eq!(found("@loader_path/../lib/libpython3.12.dylib", &[]), right);
    assert_eq!(found("@rpath/libpython3.12.dylib", &["/nowhere", "/opt/py/lib"]), right);
    assert_eq!(found("@rpath/libpython3.12.dylib", &["@loader_path/../lib/"]), right);
    assert_eq!(found("@rpath/lib/libpython3.12.dylib", &["@executable_path/.."]), right);
    let missing = |name: &str, rpaths: &[&str], searched: &[&str]| {
        let searched = searched.iter().map(|path| (*path).into()).collect();
        let expected = Problem::MissingLibrary { library: name.into(), searched, is_musl: false, needed_by: None };
        assert_eq!(found(name, rpaths).0, Some(expected), "{name}");
    };
    missing(
        "@rpath/libpython3.12.dylib",
        &["/a", "@loader_path"],
        &["/a/libpython3.12.dylib", "/opt/py/bin/libpython3.12.dylib"],
    );
    missing("@rpath/libpython3.12.dylib", &[], &[]);
    missing("/gone/libpython3.12.dylib", &[], &["/gone/libpython3.12.dylib"]);
}

/// The `LC_RPATH` of the program counts for its libraries, and `@loader_path` means the directory of each file itself.
#[test]
fn what_a_library_needs_is_searched_from_where_it_is() {
    const ID: &str = "@rpath/libpython3.12.dylib";
    let library = |needed: &str| File::library(ID).python("3.12.1").needs(needed).bytes();
    let finds = |needed: &str, place: &str| {
        let host = around(ID, &["/opt/py/lib"], Some(&library(needed)));
        problem(&binary(host, place, &File::library(needed).bytes()), PYTHON).is_none()
    };
    assert!(finds("@rpath/libintl.8.dylib", "/opt/py/lib/libintl.8.dylib"));
    assert!(finds("@loader_path/libintl.8.dylib", "/opt/py/lib/libintl.8.dylib"));
    assert!(!finds("@executable_path/libintl.8.dylib", "/opt/py/lib/libintl.8.dylib"));
    assert!(finds("@executable_path/libintl.8.dylib", "/opt/py/bin/libintl.8.dylib"));
    assert!(!finds("@loader_path/libintl.8.dylib", "/opt/py/bin/libintl.8.dylib"));
}

#[test]
fn libraries_of_the_system_need_no_file_and_weak_ones_may_be_missing() {
    let system = "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation";
    let good = python(Cpu::Arm64).needs(system).may_need("/opt/gone/libx.dylib");
    assert_eq!(problem(&with(&good.bytes()), PYTHON), None);
    let bad = python(Cpu::Arm64).needs("/opt/homebrew/opt/gettext/lib/libintl.8.dylib");
    let host = with(&bad.bytes());
    let found = findings(&host, PYTHON);
    assert!(
        found.iter().any(|(code, message, effect)| {
            code == "VD116" && message.contains("libintl.8.dylib") && effect.contains("SIGABRT")
        }),
        "{found:?}"
    );
    let printed = start(&host, PYTHON).messages;
    assert_eq!(printed, ["dyld: Library not loaded: /opt/homebrew/opt/gettext/lib/libintl.8.dylib"]);
}

#[test]
fn a_library_for_another_processor_is_passed_over_and_then_complained_about() {
    const ID: &str = "@rpath/libpython3.12.dylib";
    let other = File::library(ID).python("3.12.1").on(Cpu::X86_64);
    let host = around(ID, &["/opt/py/lib"], Some(&other.bytes()));
    let complaint = "mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64')";
    let expected = Problem::BadLibrary {
        library: "/opt/py/lib/libpython3.12.dylib".into(),
        complaint: Some(complaint.into()),
        wanted: None,
    };
    assert_eq!(problem(&host, PYTHON), Some(expected));
    assert!(findings(&host, PYTHON).iter().any(|(code, ..)| code == "VD118"));
    // A later directory has one that fits.
    let fitting = File::library(ID).python("3.12.1");
    let host = around(ID, &["/opt/py/lib", "/opt/py/more"], Some(&other.bytes()));
    let host = binary(host, "/opt/py/more/libpython3.12.dylib", &universal(&[other, fitting]));
    assert_eq!(problem(&host, PYTHON), None);
}

#[test]
fn what_decides_is_not_always_known() {
    let unknown = |host: MemoryHost| {
        let resolution = start(&host, PYTHON);
        assert_eq!(resolution.outcome.status, Status::NotSimulated);
        assert!(findings(&host, PYTHON).iter().any(|(code, ..)| code == "VD138"));
        match resolution.identification.problem {
            Some(Problem::LoadingUnknown { object, .. }) => object.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let needs = |name: &str| with(&python(Cpu::Arm64).needs(name).bytes());
    // dyld forgets the variable for programs with a hardened runtime.
    let file = "/opt/more/libssl.3.dylib";
    let host = binary(needs("/opt/ssl/libssl.3.dylib"), file, &File::library(file).bytes());
    let host = host.variable("DYLD_LIBRARY_PATH", "/none:/opt/more");
    assert_eq!(unknown(host), file);
    // It looks there for programs that are built for an old system.
    let file = "/usr/local/lib/libssl.3.dylib";
    assert_eq!(unknown(binary(needs("/opt/ssl/libssl.3.dylib"), file, &File::library(file).bytes())), file);
    // The stub is there, and what it starts is not.
    let versions = "/opt/py/Python.framework/Versions";
    let id = format!("{versions}/3.12/Python");
    let host = binary(mac(), &id, &File::library(&id).python("3.12.1").bytes());
    let app = format!("{versions}/3.12/Resources/Python.app/Contents/MacOS/Python");
    assert_eq!(unknown(binary(host, PYTHON, &File::stub(&id).bytes())), app);
}

#[test]
fn programs_that_embed_python_are_told_from_stubs() {
    let id = "/opt/py/Python.framework/Versions/3.12/Python";
    let host = framework(mac(), "/opt/py/Python.framework/Versions", "3.12.1", "Python", id);
    let embedding = File::program().needs(id).imports(&["Py_InitializeFromConfig", "dladdr"]);
    let alike = File::stub(id).imports(&["Py_Finalize"]);
    for program in [embedding, alike] {
        let host = binary(host.clone(), "/Applications/Blender", &program.bytes());
        assert_eq!(problem(&host, "/Applications/Blender"), Some(Problem::EmbedsPython { library: id.into() }));
    }
    assert_eq!(problem(&host, "/opt/py/Python.framework/Versions/3.12/bin/python3"), None);
}

/// `venv --copies` with a framework that names its library relative to the program.
#[test]
fn a_copy_of_a_program_of_apple_misses_its_library() {
    let versions = "/Library/Developer/CommandLineTools/Library/Frameworks/Python3.framework/Versions";
    let id = "@executable_path/../Python3";
    let host = framework(mac(), versions, "3.9.6", "Python3", id);
    assert_eq!(problem(&host, &format!("{versions}/3.9/bin/python3")), None);
    let host = environment(host, "/Users/u/work/.venv", &format!("{versions}/3.9/bin/python3.9"), "3.9");
    assert_eq!(problem(&host, "/Users/u/work/.venv/bin/python3"), None);
    let host = binary(host, "/Users/u/work/.copy/bin/python3", &File::stub(id).bytes());
    assert!(findings(&host, "/Users/u/work/.copy/bin/python3").iter().any(|(code, ..)| code == "VD131"));
}

/// Compilers for x86_64 write short texts into instructions, so that the path in the bundle is no text of the stub.
#[test]
fn stubs_are_recognized_by_what_they_take() {
    const VERSIONS: &str = "/opt/py/Python3.framework/Versions";
    let id = format!("{VERSIONS}/3.12/Python3");
    let host = framework(mac(), VERSIONS, "3.12.1", "Python3", &id);
    let stub = File::stub(&id).without_texts().bytes();
    let host = binary(host, &format!("{VERSIONS}/3.12/bin/python3.12"), &stub);
    let started = |host: &MemoryHost| {
        let found = identified(host, &format!("{VERSIONS}/3.12/bin/python3"));
        found.interpreter.real_executable.unwrap().to_string()
    };
    let bundle = format!("{VERSIONS}/3.12/Resources/Python.app/Contents/MacOS");
    assert_eq!(started(&host), format!("{bundle}/Python"));
    let host = binary(host, &format!("{bundle}/Python3"), &File::main(&id).bytes());
    assert_eq!(started(&host), format!("{bundle}/Python3"));
}
