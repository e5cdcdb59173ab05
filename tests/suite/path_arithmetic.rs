//! Path arithmetic, compared with the interpreters that are installed.
//!
//! Every `python3` on `PATH` and every interpreter that `VENV_DOCTOR_PYTHONS` lists (in the manner of `PATH`) runs once,
//! is given thousands of pairs of paths, and must answer exactly as the library does.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic, and says what it compared with")]

use std::collections::HashSet;
use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bstr::{BStr, BString, ByteSlice};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use venv_doctor::internals::host::path::{Flavor, getpath, module};

/// Answers for each pair, in the order of [`answers`]. Windows paths travel as text, as they do in a real startup.
const PROGRAM: &str = r"
import json, ntpath, os, posixpath, sys
request = json.load(sys.stdin)

def answer(path, a, b, encode):
    head, tail = path.split(a)
    values = [path.join(a, b), head, tail, path.dirname(a), path.basename(a), path.normpath(a), path.normcase(a),
              path.abspath(a)]
    return [encode(value) for value in values] + [path.isabs(a)]

unhex = bytearray.fromhex
def tohex(value):
    return ''.join('%02x' % byte for byte in bytearray(value))
def text(value):
    return bytes(unhex(value)).decode('utf-8', 'surrogateescape')
def untext(value):
    return tohex(value.encode('utf-8', 'surrogateescape'))

os.getcwdb = lambda: b'/home/u'
posix = [answer(posixpath, bytes(unhex(a)), bytes(unhex(b)), tohex) for a, b in request['posix']]
os.getcwd = lambda: 'C:\\home\\u'
nt = [answer(ntpath, text(a), text(b), untext) for a, b in request['nt']]
try:
    from _testinternalcapi import normalize_path
except ImportError:
    normal = None
else:
    normal = [untext(normalize_path(text(a))) for a, b in request['posix']]
json.dump({'version': list(sys.version_info[:3]), 'posix': posix, 'nt': nt, 'normal': normal}, sys.stdout)
";

const NAMES: [&str; 9] =
    ["join", "split[0]", "split[1]", "dirname", "basename", "normpath", "normcase", "abspath", "isabs"];

fn answers(flavor: Flavor, a: &BStr, b: &BStr) -> [Value; 9] {
    let cwd = BStr::new(if flavor == Flavor::Posix { "/home/u" } else { r"C:\home\u" });
    let (head, tail) = module::split(flavor, a);
    let paths = [
        module::join(flavor, &[a, b]),
        head,
        tail,
        module::dirname(flavor, a),
        module::basename(flavor, a),
        module::normpath(flavor, a),
        module::normcase(flavor, a),
        module::abspath(flavor, Some(cwd), a),
    ];
    let mut values = paths.map(|path| Value::String(HEXLOWER.encode(&path))).into_iter();
    std::array::from_fn(|_| values.next().unwrap_or_else(|| module::is_absolute(flavor, a).into()))
}

/// Every path of up to `most` names below each of `roots`, with `separators` taking turns between the names.
fn paths(roots: &[&str], names: &[&[u8]], separators: &[&str], most: usize) -> Vec<BString> {
    let mut paths: Vec<BString> = roots.iter().map(|root| BString::from(*root)).collect();
    let mut longest = paths.clone();
    for level in 0..most {
        let separator = if level == 0 { "" } else { separators[level % separators.len()] };
        let longer = longest.iter().flat_map(|path| {
            names.iter().map(move |name| [path.as_slice(), separator.as_bytes(), name].concat().into())
        });
        longest = longer.collect();
        paths.extend_from_slice(&longest);
    }
    paths
}

/// A question to the interpreters, with the library's answers.
struct Case<'p> {
    a: &'p BStr,
    b: &'p BStr,
    ours: [Value; 9],
}

/// Each path with another one, far away in the list.
fn cases(flavor: Flavor, paths: &[BString]) -> Vec<Case<'_>> {
    let case = |index: usize| {
        let (a, b) = (paths[index].as_bstr(), paths[(index * 7919 + 13) % paths.len()].as_bstr());
        Case { a, b, ours: answers(flavor, a, b) }
    };
    (0..paths.len()).map(case).collect()
}

fn posix_paths() -> Vec<BString> {
    let names: [&[u8]; 8] = [b"", b".", b"..", b"a", b".b", b"b..", "é".as_bytes(), b"\xff"];
    paths(&["", "/", "//", "///"], &names, &["/"], 4)
}

fn nt_paths() -> Vec<BString> {
    let roots = [
        "",
        "/",
        r"\",
        "C:",
        "c:",
        "C:/",
        r"C:\",
        "d:",
        r"D:\",
        r"\\",
        "//",
        r"\\server\",
        "//server/share",
        r"\\server\share\",
        r"\\?\",
        r"\\.\",
        r"\\?\C:\",
        r"\\?\UNC\",
        "//?/unc/server/share/",
        r"\\\",
    ];
    let names: [&[u8]; 8] = [b"", b".", b"..", b"a", b".B", b"x:", "É".as_bytes(), b"\xff"];
    paths(&roots, &names, &["/", r"\"], 3)
}

fn interpreters() -> Vec<PathBuf> {
    let on_path = env::var_os("PATH").unwrap_or_default();
    let listed = env::var_os("VENV_DOCTOR_PYTHONS").unwrap_or_default();
    let listed = env::split_paths(&listed).filter(|path| !path.as_os_str().is_empty()).collect::<Vec<_>>();
    let found = env::split_paths(&on_path).map(|dir| dir.join("python3")).filter(|python| python.is_file());
    let mut seen = HashSet::new();
    listed
        .into_iter()
        .chain(found)
        .filter(|python| seen.insert(python.canonicalize().unwrap_or(python.clone())))
        .collect()
}

/// The answers of one interpreter, or why there are none.
fn ask(python: &Path, request: &Value) -> Result<Value, String> {
    let mut child = Command::new(python)
        .args(["-I", "-S", "-B", "-c", PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    // An interpreter that fails closes the pipe; its output then says why.
    let _ = child.stdin.take().unwrap().write_all(request.to_string().as_bytes());
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if output.status.success() {
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
    } else {
        Err(output.stderr.lines().next_back().unwrap_or_default().to_str_lossy().into_owned())
    }
}

/// Whether the releases before the one that the library follows may answer otherwise.
fn changed_since(version: (u64, u64), name: &str, a: &BStr, b: &BStr) -> bool {
    let is_separator = |byte: &u8| matches!(byte, b'/' | b'\\');
    let leading = |path: &[u8]| path.iter().take_while(|byte| is_separator(byte)).count();
    let behind_drive = if a.get(1) == Some(&b':') { &a[2..] } else { a };
    match name {
        // What `ntpath` takes for a drive was redefined in 3.11, the parts of a path in 3.12.
        _ if version < (3, 12) && (leading(a) > 1 || name == "join" && leading(b) > 1) => true,
        "split[0]" | "dirname" => version < (3, 12) && leading(behind_drive) > 1,
        // A root without a drive was absolute.
        "isabs" | "abspath" => version < (3, 13) && leading(a) == 1,
        _ => false,
    }
}

/// Without Windows at hand, `ntpath.abspath` leaves a path on another drive relative; `GetFullPathNameW` never does.
fn is_stand_in(name: &str, theirs: &Value) -> bool {
    let Some(Ok(path)) = theirs.as_str().map(|hex| HEXLOWER.decode(hex.as_bytes())) else { return false };
    name == "abspath" && !module::is_absolute(Flavor::Windows, path.as_bstr())
}

fn compare(flavor: Flavor, version: (u64, u64), cases: &[Case], theirs: &[Value]) -> Vec<String> {
    assert_eq!(cases.len(), theirs.len());
    let mut differences = Vec::new();
    for (Case { a, b, ours }, theirs) in cases.iter().zip(theirs) {
        for ((name, ours), theirs) in NAMES.iter().zip(ours).zip(theirs.as_array().unwrap()) {
            let excused =
                flavor == Flavor::Windows && (changed_since(version, name, a, b) || is_stand_in(name, theirs));
            if ours != theirs && !excused {
                let (theirs, ours) = (readable(theirs), readable(ours));
                differences.push(format!("{flavor:?} {name}({a:?}, {b:?}): {theirs} not {ours}"));
            }
        }
    }
    differences
}

fn readable(value: &Value) -> String {
    let bytes = value.as_str().and_then(|hex| HEXLOWER.decode(hex.as_bytes()).ok());
    bytes.map_or_else(|| value.to_string(), |bytes| format!("{:?}", bytes.as_bstr()))
}

/// `_testinternalcapi.normalize_path` is `_Py_normpath` itself.
fn compare_normalization(cases: &[Case], theirs: &[Value]) -> Vec<String> {
    let mut differences = Vec::new();
    for (Case { a, .. }, theirs) in cases.iter().zip(theirs) {
        let ours = HEXLOWER.encode(&getpath::normpath(Flavor::Posix, a));
        // A lone `.` stays or goes by release; see `getpath::normpath`.
        if *a != "." && theirs.as_str() != Some(&ours) {
            differences.push(format!("_Py_normpath({a:?}): {}", readable(theirs)));
        }
    }
    differences
}

fn hexadecimal(cases: &[Case]) -> Value {
    cases.iter().map(|Case { a, b, .. }| json!([HEXLOWER.encode(a), HEXLOWER.encode(b)])).collect()
}

#[test]
fn paths_are_computed_as_python_computes_them() {
    let (posix, nt) = (posix_paths(), nt_paths());
    let (posix, nt) = (cases(Flavor::Posix, &posix), cases(Flavor::Windows, &nt));
    let request = json!({ "posix": hexadecimal(&posix), "nt": hexadecimal(&nt) });
    let mut failures = Vec::new();
    for python in interpreters() {
        let python_name = python.display();
        let reply = match ask(&python, &request) {
            Ok(reply) => reply,
            Err(reason) => {
                eprintln!("skipped {python_name}: {reason}");
                continue;
            }
        };
        let version = (reply["version"][0].as_u64().unwrap(), reply["version"][1].as_u64().unwrap());
        let mut differences = compare(Flavor::Posix, version, &posix, reply["posix"].as_array().unwrap());
        differences.extend(compare(Flavor::Windows, version, &nt, reply["nt"].as_array().unwrap()));
        let normal = reply["normal"].as_array();
        differences.extend(normal.map(|normal| compare_normalization(&posix, normal)).unwrap_or_default());
        let extent = if normal.is_some() { " and _Py_normpath" } else { "" };
        let pairs = posix.len() + nt.len();
        eprintln!("{python_name} {}: {pairs} pairs{extent}, {} differ", reply["version"], differences.len());
        failures.extend(differences.into_iter().take(20).map(|text| format!("{python_name}: {text}")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
