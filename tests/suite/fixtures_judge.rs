//! The situations of `fixtures/` come out as the script says that CPython 3.11 and later carry in themselves: the path
//! configuration of each is put before an interpreter of the same minor version, where one is found.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::getpath_judge::case::{Built, Case, File, System};
use crate::getpath_judge::judge::Judge;
use crate::getpath_judge::{compare, judge, ours};
use serde_json::Value;
use venv_doctor::internals::interpreter::Version;

#[test]
fn every_situation_comes_out_as_the_script_says() {
    let mut judges: BTreeMap<u8, Judge> = BTreeMap::new();
    for python in judge::find() {
        if let Ok(judge) = Judge::start(&python) {
            judges.entry(judge.version.minor).or_insert(judge);
        }
    }
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let (mut equal, mut unjudged, mut different) = (0, 0, Vec::new());
    // The directory of pairs holds no situation itself.
    let is_situation = |entry: &fs::DirEntry| entry.path().join("snapshot.json").is_file();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap).filter(is_situation) {
        let name = entry.file_name().into_string().unwrap();
        let document: Value = serde_json::from_slice(&fs::read(entry.path().join("snapshot.json")).unwrap()).unwrap();
        let version: Option<Version> = document["interpreter"]["version"].as_str().map(|text| text.parse().unwrap());
        let judge = version.and_then(|version| judges.get_mut(&version.minor));
        let (Some(judge), Some(case)) = (judge, case(&name, &document)) else {
            unjudged += 1;
            continue;
        };
        let Some(ours) = ours::resolve(&case, judge.version) else {
            unjudged += 1;
            continue;
        };
        match compare::differences(&ours, &judge.evaluate(&case)) {
            None => equal += 1,
            Some(text) => different.push(format!("{name}, by {}:\n{text}", judge.name)),
        }
    }
    println!("{equal} situations equal, {unjudged} without an interpreter to compare with");
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// The judge's form of a snapshot; none where the file is no interpreter, or a text is not UTF-8.
fn case(name: &str, document: &Value) -> Option<Case> {
    let interpreter = &document["interpreter"];
    if interpreter["implementation"] != "cpython"
        || interpreter["problem"].is_object()
        || document["flags"]["isolated"].as_bool()?
    {
        return None;
    }
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let built = |key: &str| text(&interpreter["compiled"][key]).unwrap_or_default();
    let mut case = Case {
        name: name.to_owned(),
        os: serde_json::from_value(document["platform"].clone()).ok()?,
        cwd: text(&document["cwd"])?,
        argv0: text(&document["executable"])?,
        real_executable: text(&interpreter["real_executable"]),
        library: text(&interpreter["library"]),
        compiled: Built {
            prefix: built("prefix"),
            exec_prefix: built("exec_prefix"),
            pythonpath: built("pythonpath"),
            vpath: built("vpath"),
            platlibdir: built("platlibdir"),
            abi_thread: built("abi_thread"),
            framework: !built("framework").is_empty(),
            debug: false,
            winver: built("winver"),
        },
        variables: serde_json::from_value(document["environment"].clone()).ok()?,
        ignore_environment: document["flags"]["ignore_environment"].as_bool()?,
        isolated: false,
        files: Vec::new(),
        directories: Vec::new(),
        links: Vec::new(),
        registry: serde_json::from_value(document["registry"].clone()).ok()?,
    };
    // Before 3.14 the C code hands the library over on Windows and in frameworks only.
    let minor = document["interpreter"]["version"].as_str()?.parse::<Version>().ok()?.minor;
    if minor < 14 && case.os != System::Windows && !case.compiled.framework {
        case.library = None;
    }
    document["files"].as_array()?.iter().try_for_each(|file| add(&mut case, file))?;
    before_the_interpreter(&mut case, document, minor)?;
    Some(case)
}

fn add(case: &mut Case, file: &Value) -> Option<()> {
    let path = file["path"].as_str()?.to_owned();
    match file["type"].as_str()? {
        // Without it, every start ends before `site` could change a value.
        "file" if path.contains("encodings") => {}
        "file" => case.files.push(File {
            path,
            executable: file["executable"].as_bool().unwrap_or_default(),
            text: file["text"].as_str().unwrap_or_default().to_owned(),
            denied: file["error"].is_string(),
        }),
        "directory" => case.directories.push(path),
        "symlink" => case.links.push((path, file["target"].as_str()?.to_owned())),
        _ => return None,
    }
    Some(())
}

/// What the redirector of Windows and the stub of macOS hand over, which the script finds done.
fn before_the_interpreter(case: &mut Case, document: &Value, minor: u8) -> Option<()> {
    let launcher = document["files"].as_array()?.iter().find(|file| file["program"] == "venvlauncher");
    if let (System::Windows, Some(launcher)) = (case.os, launcher) {
        let cfg = case.files.iter().find(|file| file.path.ends_with("pyvenv.cfg"))?;
        let home = cfg.text.lines().find_map(|line| line.strip_prefix("home = "))?;
        let real = format!("{home}\\python.exe");
        case.variables.insert("__PYVENV_LAUNCHER__".to_owned(), launcher["path"].as_str()?.to_owned());
        if minor < 13 {
            case.argv0.clone_from(&real);
        }
        case.real_executable = Some(real);
    }
    if case.os == System::Macos && case.compiled.framework {
        let typed =
            if case.argv0.starts_with('/') { case.argv0.clone() } else { format!("{}/{}", case.cwd, case.argv0) };
        case.variables.insert("__PYVENV_LAUNCHER__".to_owned(), typed);
    }
    Some(())
}
