//! Every Python of this machine is identified, and the result is compared with what the interpreter says.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use bstr::ByteSlice;
use venv_doctor::internals::host::{LiveHost, Lookups};
use venv_doctor::internals::interpreter::{Identification, LoaderVariables, identify};

/// What the real interpreter says of itself; `build_time_vars` are the values before `sysconfig` adapts them.
const SELF_PORTRAIT: &str = r"
import sys, sysconfig
def show(key, value):
    print(key + '\t' + str(value))
show('implementation', sys.implementation.name)
v = sys.version_info
show('version', '%d.%d.%d' % v[:3] + ('' if v[3] == 'final' else {'alpha': 'a', 'beta': 'b', 'candidate': 'rc'}[v[3]] + str(v[4])))
if sys.implementation.name == 'cpython':
    build = __import__(sysconfig._get_sysconfigdata_name()).build_time_vars
    show('prefix', build['prefix'])
    show('exec_prefix', build['exec_prefix'])
    show('platlibdir', build.get('PLATLIBDIR', 'lib'))
    show('pythonpath', build['PYTHONPATH'])
    show('abi_thread', build.get('ABI_THREAD', ''))
with open('/proc/self/maps') as maps:
    for line in maps:
        path = line.rstrip('\n').split(None, 5)[5:]
        if path and ('/libpython3.' in path[0] or '/libpypy3.' in path[0]):
            show('library', path[0])
            break
import site
show('debian', 'dist-packages' in str(site.getsitepackages.__code__.co_consts))
";

fn interpreters() -> BTreeSet<PathBuf> {
    let mut found: BTreeSet<PathBuf> =
        env::var_os("VENV_DOCTOR_PYTHONS").map(|list| env::split_paths(&list).collect()).unwrap_or_default();
    let home = env::var_os("HOME").map(PathBuf::from);
    let root = env::var_os("PYENV_ROOT").map(PathBuf::from).or_else(|| Some(home?.join(".pyenv")));
    if let Some(versions) = root.and_then(|root| root.join("versions").read_dir().ok()) {
        found.extend(versions.flatten().map(|version| version.path().join("bin/python3")));
    }
    if let Ok(programs) = Path::new("/usr/bin").read_dir() {
        found.extend(programs.flatten().map(|program| program.path()).filter(|path| is_python_name(path)));
    }
    found.into_iter().filter(|path| path.exists()).collect()
}

fn is_python_name(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_bytes();
    let rest = name.strip_prefix(b"python3").or_else(|| name.strip_prefix(b"pypy3"));
    rest.is_some_and(|rest| rest.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b't')))
}

fn identified(path: &Path) -> Identification {
    let host = LiveHost;
    let cwd = env::current_dir().expect("a working directory");
    let lookups = Lookups::new(&host, Some(cwd.as_os_str().as_bytes().into()));
    identify(&lookups, path.as_os_str().as_bytes().as_bstr(), LoaderVariables::default())
}

/// The self-portrait of a real interpreter; none where it does not run.
fn ask(path: &Path) -> Option<BTreeMap<String, String>> {
    let output = Command::new(path).args(["-I", "-S", "-c", SELF_PORTRAIT]).env_clear().output().ok()?;
    if !output.status.success() {
        println!("  {}", output.stderr.as_bstr());
        return None;
    }
    let lines = String::from_utf8(output.stdout).ok()?;
    Some(lines.lines().filter_map(|line| line.split_once('\t')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
}

#[test]
fn agrees_with_every_interpreter_found() {
    let mut compared = 0;
    for path in interpreters() {
        let Some(truth) = ask(&path) else {
            println!("skipped, does not run: {}", path.display());
            continue;
        };
        let found = identified(&path);
        assert_eq!(found.problem, None, "{}", path.display());
        let python = found.interpreter;
        let real = |file: &[u8]| Path::new(OsStr::from_bytes(file)).canonicalize().ok();
        let says = |key: &str| truth.get(key).map(String::as_bytes).map(bstr::BString::from);
        let implementation = python.implementation.name();
        println!(
            "compared: {} is {implementation} {:?} by {:?}",
            path.display(),
            python.version.map(|v| v.to_string()),
            python.vendor
        );
        assert_eq!(Some(implementation.into()), says("implementation"), "{}", path.display());
        assert_eq!(python.version.map(|version| version.to_string().into()), says("version"), "{}", path.display());
        assert_eq!(python.compiled.prefix, says("prefix"), "{}", path.display());
        assert_eq!(python.compiled.exec_prefix, says("exec_prefix"), "{}", path.display());
        assert_eq!(python.compiled.platlibdir, says("platlibdir"), "{}", path.display());
        assert_eq!(python.compiled.pythonpath, says("pythonpath"), "{}", path.display());
        assert_eq!(python.compiled.abi_thread, says("abi_thread"), "{}", path.display());
        let library = python.library.and_then(|library| real(&library));
        assert_eq!(library, says("library").and_then(|library| real(&library)), "{}", path.display());
        assert_eq!(
            Some((python.vendor.name() == "debian").to_string()),
            says("debian").map(|d| d.to_string().to_lowercase())
        );
        compared += 1;
    }
    println!("{compared} compared");
}

/// The time that one identification takes: `cargo test --release -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn time_of_one_identification() {
    for path in interpreters() {
        let mut times: Vec<_> = (0..50)
            .map(|_| {
                let start = std::time::Instant::now();
                let found = identified(&path);
                let time = start.elapsed();
                assert!(found.file.is_some());
                time
            })
            .collect();
        times.sort();
        println!("{}: best {:?}, median {:?}", path.display(), times[0], times[25]);
    }
}
