//! Random machines with Linux and macOS.

use std::collections::BTreeMap;

use venv_doctor::internals::interpreter::Version;

use super::case::{Built, Case, System};
use super::draft::{Draft, Start, cfg_text, under_pth_text};
use crate::support::rng::Rng;

/// Where Pythons may have been installed.
const PREFIXES: [&str; 5] = ["/usr", "/opt/py", "/w/base", "/home/u/.local/py", "/x"];
/// Where environments may lie.
const VENVS: [&str; 3] = ["/w/v", "/w/deep/er/v", "/v"];

/// The names that follow from the version.
struct Names {
    minor: u8,
    platlibdir: &'static str,
    thread: &'static str,
}

impl Names {
    fn python(&self) -> String {
        format!("python3.{}", self.minor)
    }

    fn stdlib(&self) -> String {
        format!("{}/{}{}", self.platlibdir, self.python(), self.thread)
    }

    fn zip(&self) -> String {
        format!("{}/python3{}{}.zip", self.platlibdir, self.minor, self.thread)
    }
}

/// A machine with a Python that is started.
pub fn case(rng: &mut Rng, system: System, version: Version) -> Case {
    let mut draft = Draft::new(rng, system);
    let names = Names {
        minor: version.minor,
        platlibdir: if draft.chance(10) { "lib64" } else { "lib" },
        thread: if version.minor >= 13 && draft.chance(10) { "t" } else { "" },
    };
    let is_framework = system == System::Macos && draft.chance(50);
    let prefix = if is_framework {
        format!("/Library/Frameworks/Python.framework/Versions/3.{}", version.minor)
    } else {
        (*draft.pick(&PREFIXES)).to_owned()
    };
    let other = (*draft.pick(&PREFIXES)).to_owned();
    let venv = (*draft.pick(&VENVS)).to_owned();

    interpreters(&mut draft, &prefix, &names);
    landmarks(&mut draft, &prefix, 80, &names);
    landmarks(&mut draft, &other, 30, &names);
    stray_landmarks(&mut draft, &prefix, &venv, &names);
    if draft.chance(70) {
        environment(&mut draft, &prefix, &venv, &names);
    }
    if is_framework {
        // Not in a bundle: this is the process itself, and no stub comes before it.
        draft.executable(format!("{prefix}/Resources/Python"));
        draft.file(format!("{prefix}/Python"), "library");
    }
    let start = start(&mut draft, &Place { system, is_framework, prefix, other, venv, names, minor: version.minor });
    draft.finish(start)
}

fn interpreters(draft: &mut Draft<'_>, prefix: &str, names: &Names) {
    let versioned = names.python();
    draft.executable(format!("{prefix}/bin/{versioned}"));
    if draft.chance(80) {
        draft.link(format!("{prefix}/bin/python3"), versioned.clone());
    }
    match draft.perhaps(60, &["link", "file", "absolute"]).as_deref() {
        Some("link") => draft.link(format!("{prefix}/bin/python"), "python3"),
        Some("file") => draft.executable(format!("{prefix}/bin/python")),
        Some(_) => draft.link(format!("{prefix}/bin/python"), format!("{prefix}/bin/{versioned}")),
        None => {}
    }
}

/// A standard library, or what is left of one.
fn landmarks(draft: &mut Draft<'_>, prefix: &str, likely: usize, names: &Names) {
    let stdlib = names.stdlib();
    if draft.chance(likely) {
        let name = if draft.chance(15) { "os.pyc" } else { "os.py" };
        draft.file(format!("{prefix}/{stdlib}/{name}"), "");
    }
    if draft.chance(likely) {
        draft.directory(format!("{prefix}/{stdlib}/lib-dynload"));
    }
    if draft.chance(10) {
        draft.file(format!("{prefix}/{}", names.zip()), "");
    }
}

/// What usually is not there: build trees, zip files above, `._pth` files.
fn stray_landmarks(draft: &mut Draft<'_>, prefix: &str, venv: &str, names: &Names) {
    let dirs = [prefix.to_owned(), format!("{prefix}/bin"), format!("{venv}/bin"), venv.to_owned(), "/w".into()];
    if draft.chance(8) {
        let dir = draft.pick(&dirs).clone();
        let text = *draft.pick(&["build/lib.x\n", "", "\n", "/abs/build", "../b"]);
        draft.file(format!("{dir}/pybuilddir.txt"), text);
    }
    if draft.chance(8) {
        let dir = draft.pick(&dirs).clone();
        draft.file(format!("{dir}/Modules/Setup.local"), "");
    }
    if draft.chance(12) {
        let dir = draft.pick(&dirs).clone();
        draft.file(format!("{dir}/Lib/os.py"), "");
    }
    if draft.chance(8) {
        let dir = draft.pick(&dirs).clone();
        draft.file(format!("{dir}/{}", names.zip()), "");
    }
    if draft.chance(10) {
        let text = under_pth_text(draft);
        let places = [
            format!("{venv}/bin/python._pth"),
            format!("{prefix}/bin/{}._pth", names.python()),
            format!("{prefix}/bin/python._pth"),
            format!("{prefix}/Python._pth"),
        ];
        let place = draft.pick(&places).clone();
        if draft.chance(90) { draft.file(place, text) } else { draft.directory(place) }
    }
}

fn environment(draft: &mut Draft<'_>, prefix: &str, venv: &str, names: &Names) {
    let versioned = names.python();
    let base = format!("{prefix}/bin");
    match *draft.pick(&["link", "link", "chain", "copy", "relative", "loop", "dangling"]) {
        "link" => draft.link(format!("{venv}/bin/python"), format!("{base}/{versioned}")),
        "chain" => {
            draft.link(format!("{venv}/bin/python"), "python3");
            draft.link(format!("{venv}/bin/python3"), format!("{base}/python3"));
        }
        "relative" => draft.link(format!("{venv}/bin/python"), format!("../../..{base}/{versioned}")),
        "loop" => {
            draft.link(format!("{venv}/bin/python"), "python3");
            draft.link(format!("{venv}/bin/python3"), "python");
        }
        "dangling" => draft.link(format!("{venv}/bin/python"), "/gone/python"),
        _ => draft.executable(format!("{venv}/bin/python")),
    }
    let homes = [
        base.clone(),
        base.clone(),
        base,
        prefix.to_owned(),
        format!("{prefix}/bin/../bin"),
        "/gone/bin".to_owned(),
        "../base/bin".to_owned(),
        ".".to_owned(),
        "/".to_owned(),
    ];
    let home = draft.pick(&homes).clone();
    let text = cfg_text(draft, &home);
    let places = [venv.to_owned(), venv.to_owned(), venv.to_owned(), format!("{venv}/bin")];
    let place = draft.pick(&places).clone();
    match draft.perhaps(10, &["directory", "loop", "link"]).as_deref() {
        Some("directory") => draft.directory(format!("{place}/pyvenv.cfg")),
        Some("loop") => draft.link(format!("{place}/pyvenv.cfg"), "pyvenv.cfg"),
        Some(_) => {
            draft.file(format!("{place}/real.cfg"), text);
            draft.link(format!("{place}/pyvenv.cfg"), "real.cfg");
        }
        None => draft.file(format!("{place}/pyvenv.cfg"), text),
    }
    if draft.chance(10) {
        let text = cfg_text(draft, &home);
        draft.file(format!("{venv}/bin/pyvenv.cfg"), text);
    }
    if draft.chance(10) {
        draft.link("/w/link", venv.to_owned());
    }
}

/// What was decided about the machine so far.
struct Place {
    system: System,
    is_framework: bool,
    prefix: String,
    other: String,
    venv: String,
    names: Names,
    minor: u8,
}

fn start(draft: &mut Draft<'_>, place: &Place) -> Start {
    let Place { prefix, venv, names, .. } = place;
    let versioned = names.python();
    let typed = [
        format!("{venv}/bin/python"),
        format!("{venv}/bin/python"),
        format!("{venv}/bin/python"),
        format!("{prefix}/bin/{versioned}"),
        format!("{prefix}/bin/python3"),
        format!("{venv}//bin/./python"),
        format!("..{venv}/bin/python"),
        format!("../{versioned}"),
        "bin/python".to_owned(),
        "./python".to_owned(),
        "/w/link/bin/python".to_owned(),
        "python".to_owned(),
        "python3".to_owned(),
        versioned.clone(),
        String::new(),
    ];
    let argv0 = draft.pick(&typed).clone();
    let cwds = ["/w".to_owned(), venv.clone(), format!("{venv}/bin"), "/".to_owned(), format!("{prefix}/lib")];
    let cwd = draft.pick(&cwds).clone();
    let variables = variables(draft, place);
    let (real_executable, library) = process(draft, place);
    let compiled_prefix = draft.pick(&[prefix.clone(), prefix.clone(), place.other.clone(), "/none".into()]).clone();
    let exec_prefixes = [compiled_prefix.clone(), compiled_prefix.clone(), place.other.clone(), String::new()];
    let compiled = Built {
        exec_prefix: draft.pick(&exec_prefixes).clone(),
        prefix: if draft.chance(4) { String::new() } else { compiled_prefix },
        pythonpath: draft.perhaps(10, &["extra", "/abs:rel"]).unwrap_or_default(),
        vpath: (*draft.pick(&["", "..", "../src"])).to_owned(),
        platlibdir: names.platlibdir.to_owned(),
        abi_thread: names.thread.to_owned(),
        framework: place.is_framework,
        debug: false,
        winver: String::new(),
    };
    Start { cwd, argv0, real_executable, library, compiled, variables, registry: BTreeMap::new() }
}

fn variables(draft: &mut Draft<'_>, place: &Place) -> BTreeMap<String, String> {
    let Place { prefix, other, venv, .. } = place;
    let mut variables = BTreeMap::new();
    let paths = [
        format!("{prefix}/bin"),
        format!("/gone:{venv}/bin:{prefix}/bin"),
        format!(":{prefix}/bin"),
        "v/bin:.".to_owned(),
        "/gone".to_owned(),
    ];
    let path = draft.pick(&paths).clone();
    let launchers = [format!("{venv}/bin/python"), format!("{prefix}/bin/python3"), "bin/python".into(), "py".into()];
    let homes = [prefix.clone(), format!("{prefix}:{other}"), format!("{prefix}/"), "rel".into(), ":/x".into()];
    let lists = ["/extra", "a::b", ":", "/e/../f:/w/"];
    let chosen = [
        ("PATH", draft.chance(90).then_some(path)),
        ("PYTHONHOME", draft.chance(8).then(|| draft.pick(&homes).clone())),
        ("PYTHONPATH", draft.perhaps(20, &lists)),
        ("PYTHONPLATLIBDIR", draft.perhaps(4, &["lib64", "lib", "libx"])),
        ("PYTHONEXECUTABLE", draft.chance(5).then(|| draft.pick(&launchers).clone())),
        (
            "__PYVENV_LAUNCHER__",
            draft.chance(if place.is_framework { 70 } else { 6 }).then(|| draft.pick(&launchers).clone()),
        ),
    ];
    for (name, value) in chosen {
        if let Some(value) = value {
            variables.insert(name.to_owned(), value);
        }
    }
    variables
}

/// What the operating system tells of the process: only macOS does.
fn process(draft: &mut Draft<'_>, place: &Place) -> (Option<String>, Option<String>) {
    let prefix = &place.prefix;
    if place.is_framework {
        let real = format!("{prefix}/Resources/Python");
        return (Some(real), Some(format!("{prefix}/Python")));
    }
    let reals = [format!("{prefix}/bin/{}", place.names.python()), format!("{}/bin/python", place.venv)];
    let real = (place.system == System::Macos && draft.chance(85)).then(|| draft.pick(&reals).clone());
    let libraries = [
        format!("{prefix}/lib/libpython3.{}.so.1.0", place.minor),
        format!("{prefix}/libpython.so"),
        format!("{}/lib/x/libpython.so", place.other),
    ];
    let library = (place.minor >= 14 && draft.chance(50)).then(|| draft.pick(&libraries).clone());
    (real, library)
}
