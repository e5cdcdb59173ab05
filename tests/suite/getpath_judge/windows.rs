//! Random machines with Windows.

use std::collections::BTreeMap;

use venv_doctor::internals::interpreter::Version;

use super::case::{Built, Case, System};
use super::draft::{Draft, Start, cfg_text, under_pth_text};
use crate::support::rng::Rng;

/// Where Pythons may have been installed.
const PREFIXES: [&str; 6] = [
    r"C:\Python",
    r"C:\Program Files\Python 3",
    r"C:\Users\u\AppData\Local\Programs\Python\Py",
    r"D:\py\tools",
    r"\\server\share\Python",
    r"C:\cpython",
];
/// Where environments may lie.
const VENVS: [&str; 3] = [r"C:\w\.venv", r"D:\v", r"C:\Users\u\proj\env"];

/// What was decided about the machine so far.
struct Place {
    prefix: String,
    /// The directory of the interpreter: the prefix, or that of a build tree.
    bin: String,
    venv: String,
    debug: &'static str,
    minor: u8,
}

impl Place {
    fn exe(&self) -> String {
        format!("{}\\python{}.exe", self.bin, self.debug)
    }

    fn dll(&self) -> String {
        format!("python3{}{}.dll", self.minor, self.debug)
    }

    fn zip(&self) -> String {
        format!("python3{}{}.zip", self.minor, self.debug)
    }
}

/// A machine with a Python that is started.
pub fn case(rng: &mut Rng, version: Version) -> Case {
    let mut draft = Draft::new(rng, System::Windows);
    let prefix = (*draft.pick(&PREFIXES)).to_owned();
    let bins = [prefix.clone(), prefix.clone(), format!("{prefix}\\PCbuild\\amd64")];
    let place = Place {
        bin: draft.pick(&bins).clone(),
        venv: (*draft.pick(&VENVS)).to_owned(),
        debug: if draft.chance(10) { "_d" } else { "" },
        minor: version.minor,
        prefix,
    };
    draft.executable(place.exe());
    draft.file(format!("{}\\{}", place.bin, place.dll()), "library");
    landmarks(&mut draft, &place);
    stray_landmarks(&mut draft, &place);
    if draft.chance(60) {
        environment(&mut draft, &place);
    }
    let start = start(&mut draft, &place);
    draft.finish(start)
}

fn landmarks(draft: &mut Draft<'_>, place: &Place) {
    let Place { prefix, .. } = place;
    if draft.chance(75) {
        let name = *draft.pick(&["Lib\\os.py", "lib\\OS.PY", "Lib\\os.pyc"]);
        draft.file(format!("{prefix}\\{name}"), "");
    }
    if draft.chance(70) {
        draft.directory(format!("{prefix}\\DLLs"));
    }
    if draft.chance(12) {
        draft.file(format!("{}\\{}", place.bin, place.zip()), "");
    }
    if draft.chance(10) {
        draft.directory(format!("{prefix}\\Lib"));
    }
}

fn stray_landmarks(draft: &mut Draft<'_>, place: &Place) {
    let Place { prefix, bin, venv, .. } = place;
    let dirs = [prefix.clone(), bin.clone(), format!("{venv}\\Scripts"), venv.clone(), "C:\\w".to_owned()];
    if draft.chance(if bin == prefix { 6 } else { 60 }) {
        let dir = if draft.chance(70) { bin.clone() } else { draft.pick(&dirs).clone() };
        let text = *draft.pick(&["", "\n", "build\\x\n", "D:\\abs\n", "a/b\n"]);
        draft.file(format!("{dir}\\pybuilddir.txt"), text);
    }
    if draft.chance(12) {
        draft.file(format!("{prefix}\\Modules\\Setup.local"), "");
    }
    if draft.chance(8) {
        let dir = draft.pick(&dirs).clone();
        draft.file(format!("{dir}\\{}", place.zip()), "");
    }
    if draft.chance(8) {
        let dir = draft.pick(&dirs).clone();
        draft.file(format!("{dir}\\Lib\\os.py"), "");
    }
    if draft.chance(12) {
        let text = under_pth_text(draft);
        let places = [
            format!("{bin}\\{}", place.dll().replace(".dll", "._pth")),
            format!("{bin}\\python{}._pth", place.debug),
            format!("{venv}\\Scripts\\python._pth"),
        ];
        let place = draft.pick(&places).clone();
        if draft.chance(90) { draft.file(place, text) } else { draft.directory(place) }
    }
}

fn environment(draft: &mut Draft<'_>, place: &Place) {
    let Place { bin, venv, .. } = place;
    let scripts = format!("{venv}\\Scripts\\python.exe");
    if draft.chance(80) {
        draft.executable(scripts);
    } else {
        draft.link(scripts, place.exe());
    }
    let homes = [
        bin.clone(),
        bin.clone(),
        bin.to_lowercase(),
        bin.replace('\\', "/"),
        format!("{bin}\\"),
        "C:\\gone".to_owned(),
        "..\\base".to_owned(),
        "C:".to_owned(),
        "\\Python".to_owned(),
    ];
    let home = draft.pick(&homes).clone();
    let text = cfg_text(draft, &home);
    let places = [venv.clone(), venv.clone(), format!("{venv}\\Scripts")];
    let at = draft.pick(&places).clone();
    if draft.chance(92) {
        draft.file(format!("{at}\\pyvenv.cfg"), text);
    } else {
        draft.directory(format!("{at}\\pyvenv.cfg"));
    }
    if draft.chance(10) {
        let text = cfg_text(draft, &home);
        draft.file(format!("{venv}\\Scripts\\pyvenv.cfg"), text);
    }
}

fn start(draft: &mut Draft<'_>, place: &Place) -> Start {
    let Place { prefix, bin, venv, .. } = place;
    let scripts = format!("{venv}\\Scripts\\python.exe");
    // A real file is started, in an environment by way of the redirector or itself.
    let is_venv = draft.has(&scripts) && draft.chance(60);
    let is_redirected = is_venv && draft.chance(70);
    let real = if is_venv && !is_redirected { scripts.clone() } else { place.exe() };
    let typed = [
        if is_venv { scripts.clone() } else { place.exe() },
        real.clone(),
        real.to_uppercase(),
        real.replace('\\', "/"),
        "python".to_owned(),
        "python.exe".to_owned(),
        real.trim_end_matches(".exe").to_owned(),
        ".\\python".to_owned(),
        "..\\Scripts\\python.exe".to_owned(),
        "\\python.exe".to_owned(),
        String::new(),
    ];
    let argv0 = draft.pick(&typed).clone();
    let cwds = ["C:\\w".to_owned(), bin.clone(), format!("{venv}\\Scripts"), "C:\\".to_owned(), "D:\\v".to_owned()];
    let cwd = draft.pick(&cwds).clone();
    let libraries =
        [Some(format!("{bin}\\{}", place.dll())), Some(format!("C:\\Windows\\System32\\{}", place.dll())), None];
    let libraries = [libraries[0].clone(), libraries[0].clone(), libraries[0].clone(), libraries[1].clone(), None];
    let library = if place.debug.is_empty() { draft.pick(&libraries).clone() } else { libraries[0].clone() };
    let mut variables = variables(draft, place);
    if is_redirected {
        variables.insert("__PYVENV_LAUNCHER__".to_owned(), scripts);
    }
    let real_executable = if draft.chance(5) { real.to_lowercase() } else { real };
    let compiled = Built {
        prefix: if draft.chance(5) { prefix.clone() } else { String::new() },
        exec_prefix: String::new(),
        pythonpath: draft.perhaps(5, &["extra", "D:\\abs;rel"]).unwrap_or_default(),
        vpath: "..\\..".to_owned(),
        platlibdir: "DLLs".to_owned(),
        abi_thread: if place.minor >= 13 && draft.chance(15) { "t".to_owned() } else { String::new() },
        framework: false,
        debug: !place.debug.is_empty(),
        winver: format!("3.{}", place.minor),
    };
    let registry = registry(draft);
    Start { cwd, argv0, real_executable: Some(real_executable), library, compiled, variables, registry }
}

fn variables(draft: &mut Draft<'_>, place: &Place) -> BTreeMap<String, String> {
    let Place { prefix, bin, venv, .. } = place;
    let paths = [bin.clone(), format!("C:\\gone;{venv}\\Scripts;{bin}"), format!(";{bin}"), "Scripts;.".to_owned()];
    let homes = [prefix.clone(), format!("{prefix};D:\\exec"), format!("{prefix}\\"), "rel".to_owned()];
    let lists = ["C:\\extra", "a;;b", ";", "C:\\e\\..\\f;C:/w/"];
    let executables = [format!("{venv}\\Scripts\\python.exe"), format!("{bin}\\other.exe"), "py.exe".to_owned()];
    let chosen = [
        ("PATH", draft.chance(90).then(|| draft.pick(&paths).clone())),
        ("PYTHONHOME", draft.chance(8).then(|| draft.pick(&homes).clone())),
        ("PYTHONPATH", draft.perhaps(20, &lists)),
        ("PYTHONPLATLIBDIR", draft.perhaps(4, &["DLLs", "x"])),
        ("PYTHONEXECUTABLE", draft.chance(5).then(|| draft.pick(&executables).clone())),
    ];
    chosen.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn registry(draft: &mut Draft<'_>) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut hives = BTreeMap::new();
    for hive in ["HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"] {
        if !draft.chance(25) {
            continue;
        }
        let mut key = BTreeMap::new();
        for (name, values) in [
            ("", ["C:\\core\\Lib;C:\\core\\DLLs", "C:\\core"]),
            ("pywin32", ["C:\\win32;C:\\win32\\lib", "rel"]),
            ("Extra", ["", "D:\\x"]),
        ] {
            if let Some(value) = draft.perhaps(60, &values) {
                key.insert(name.to_owned(), value);
            }
        }
        hives.insert(hive.to_owned(), key);
    }
    hives
}
