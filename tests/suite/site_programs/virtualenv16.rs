//! Environments made by the real virtualenv of before 20, changed in every way that its `site.py` looks at.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::start::{Situation, Tally, check};
use crate::support::interpreters::{self, Interpreter};
use crate::support::rng::Rng;
use crate::support::world::Cwd;

/// Releases with different texts of `site.py`.
const RELEASES: [&str; 4] = ["15.2.0", "16.2.0", "16.6.2", "16.7.10"];
/// How many situations are tried for each interpreter and release.
const SITUATIONS: usize = 14;

/// Lines of `.pth` files that change nothing, add a path, or run code that is known.
const LINES: [&str; 14] = [
    "extra",
    "",
    "./",
    "nowhere",
    "# comment",
    "import os",
    "import sys",
    "../../..",
    "extra/",
    "import sys; sys.__plen = len(sys.path)",
    "  ",
    "import",
    "/usr/share",
    "extra\r",
];
/// Lines that end the start, or might.
const BAD: [&str; 9] = [
    "import nosuchmodule_x",
    "importlib",
    "imports/here",
    "import os, ;",
    "import-able",
    "imported = 3",
    "import sys; sys.exit(3)",
    "import xml.nosuch",
    "important.thing",
];

#[test]
fn old_virtualenvs_start_as_predicted() {
    let scratch = tempfile::tempdir_in(fs::canonicalize(std::env::temp_dir()).unwrap()).unwrap();
    let mut total = Tally::default();
    for (index, release) in RELEASES.into_iter().enumerate() {
        let Some(program) = download(scratch.path(), release) else {
            println!("skipped: virtualenv {release} is not at hand (VENV_DOCTOR_TOOLS)");
            continue;
        };
        for python in interpreters::installed().filter(|python| python.minor <= 10) {
            let mut rng = Rng::new(16, usize::try_from(python.minor).unwrap() * RELEASES.len() + index);
            let tally = run(python, &program, scratch.path(), &mut rng);
            println!(
                "virtualenv {release}, {}: {} starts, {} of them fatal, {} uncertain",
                python.label, tally.count, tally.fatal, tally.uncertain
            );
            total.add(tally);
        }
    }
    println!("{} starts, {} of them fatal, {} uncertain", total.count, total.fatal, total.uncertain);
    assert!(total.differences.is_empty(), "{}", total.differences.join("\n"));
}

/// The single file of a release; it needs a network.
fn download(scratch: &Path, release: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "a variable says whether a network may be used")]
    std::env::var_os("VENV_DOCTOR_TOOLS").filter(|wanted| !wanted.is_empty())?;
    let dir = scratch.join(release);
    let python = |args: &[&str]| {
        let run = Command::new("python3").args(args).arg(&dir).output();
        run.is_ok_and(|output| output.status.success())
    };
    let wanted = format!("virtualenv=={release}");
    let is_here = python(&["-m", "pip", "download", "--quiet", "--no-deps", "--timeout", "15", &wanted, "-d"]);
    let wheel = fs::read_dir(&dir).ok()?.flatten().map(|entry| entry.path()).next().filter(|_| is_here)?;
    python(&["-m", "zipfile", "-e", wheel.to_str()?]).then(|| dir.join("virtualenv.py"))
}

fn run(python: &Interpreter, program: &Path, scratch: &Path, rng: &mut Rng) -> Tally {
    let mut tally = Tally::default();
    let made = scratch.join("made");
    // Creation reports errors that have nothing to do with the start, such as one about distutils.
    let options = ["--no-pip", "--no-setuptools", "--no-wheel", "-q"];
    let exe = python.exe.to_string();
    let _ = Command::new(&exe).arg(program).args(options).arg(&made).output().unwrap();
    if !made.join("bin/python").exists() {
        println!("skipped: this virtualenv makes no environment for {}", python.label);
        return tally;
    }
    for _ in 0..SITUATIONS {
        let dir = scratch.join("case");
        fs::create_dir(&dir).unwrap();
        let env = dir.join("env");
        assert!(Command::new("cp").arg("-a").args([&made, &env]).status().unwrap().success());
        let situation = change(python, &dir, &env, rng);
        check(python, &situation, &dir, &mut tally);
        fs::remove_dir_all(&dir).unwrap();
    }
    fs::remove_dir_all(&made).unwrap();
    tally
}

/// Whether something that happens once in so many cases happens.
fn once_in(rng: &mut Rng, cases: usize) -> bool {
    rng.below(cases) == 0
}

fn change(python: &Interpreter, dir: &Path, env: &Path, rng: &mut Rng) -> Situation {
    let library = format!("lib/python{}", python.xy());
    let own = env.join(&library);
    let marker = own.join("no-global-site-packages.txt");
    if once_in(rng, 2) {
        fs::remove_file(&marker).unwrap();
    }
    let home = dir.join("home");
    let mut variables = vec![("PATH", "/usr/bin:/bin".to_owned()), ("HOME", home.display().to_string())];
    let real = change_real_prefix(python, dir, &own, rng);
    let sites: Vec<String> = ["site-packages", "dist-packages"].map(|name| format!("{library}/{name}")).into();
    let mut places = vec![env.join(&sites[0]), real.join(&sites[0]), home.join(".local").join(&sites[0])];
    places.push(home.join(".local").join(&sites[1]));
    for root in [env, &real] {
        for name in ["lib/site-python", "lib/python3/dist-packages", "lib/dist-python"] {
            places.push(root.join(name));
        }
        for name in [
            format!("local/{}", sites[0]),
            format!("local/{}", sites[1]),
            format!("lib64/python{}/site-packages", python.xy()),
        ] {
            places.push(root.join(name));
        }
        places.push(root.join(format!("python{}/lib-dynload", python.xy())));
    }
    let has_bad = once_in(rng, 5);
    for (index, place) in places.iter().enumerate() {
        if index == 0 || once_in(rng, 4) {
            fill(place, has_bad, rng);
        }
    }
    if once_in(rng, 4) && !env.join("lib64").exists() {
        symlink("lib", env.join("lib64")).unwrap();
    }
    change_variables(dir, &mut variables, rng);
    let flags = [vec![], vec![], vec![], vec!["-s"], vec!["-E"], vec!["-I"], vec!["-S"]][rng.below(7)].clone();
    let cwd = if once_in(rng, 12) {
        Cwd::Removed(dir.join("gone").to_str().unwrap().into())
    } else {
        Cwd::At(dir.to_str().unwrap().into())
    };
    Situation { exe: env.join("bin/python").display().to_string(), cwd, flags, env: variables }
}

/// The base in `orig-prefix.txt`: usually a directory that shares the library of the real one.
fn change_real_prefix(python: &Interpreter, dir: &Path, own: &Path, rng: &mut Rng) -> PathBuf {
    let file = own.join("orig-prefix.txt");
    let real = dir.join("real");
    let library = real.join(format!("lib/python{}", python.xy()));
    fs::create_dir_all(&library).unwrap();
    for entry in fs::read_dir(python.stdlib.to_string()).unwrap().flatten() {
        if entry.file_name() != "site-packages" {
            symlink(entry.path(), library.join(entry.file_name())).unwrap();
        }
    }
    for name in ["plat-linux", "plat-x86_64-linux-gnu", "lib-tk"] {
        if once_in(rng, 6) {
            fs::create_dir(library.join(name)).unwrap();
        }
    }
    let text = real.display().to_string();
    match rng.below(16) {
        0 => fs::remove_file(&file).unwrap(),
        1 => fs::write(&file, format!("\r\n {text}/ \n\n")).unwrap(),
        2 => fs::write(&file, "real").unwrap(),
        3 => fs::write(&file, b"/caf\xff").unwrap(),
        4 => fs::write(&file, "").unwrap(),
        _ => fs::write(&file, text).unwrap(),
    }
    real
}

/// A site directory with files.
fn fill(place: &Path, has_bad: bool, rng: &mut Rng) {
    // One of them may be a symlink to another.
    if fs::create_dir_all(place).is_err() {
        return;
    }
    fs::create_dir_all(place.join("extra")).unwrap();
    for name in ["a.pth", "b.pth", ".hidden.pth", "c.txt"] {
        if once_in(rng, 2) {
            let mut lines: Vec<&str> = (0..rng.below(4)).map(|_| LINES[rng.below(LINES.len() - 3)]).collect();
            lines.push(LINES[rng.below(LINES.len())]);
            lines.retain(|line| *line != "import");
            if has_bad && once_in(rng, 3) {
                lines.push(BAD[rng.below(BAD.len())]);
            }
            fs::write(place.join(name), lines.join("\n")).unwrap();
        }
    }
    if once_in(rng, 12) {
        fs::create_dir(place.join("d.pth")).unwrap();
        symlink("nowhere", place.join("e.pth")).unwrap();
    }
    for name in ["sitecustomize.py", "usercustomize.py"] {
        if once_in(rng, 12) {
            let text = ["", "x = (\n", "raise SystemExit(3)\n", "pass\n"][rng.below(if has_bad { 4 } else { 1 })];
            fs::write(place.join(name), text).unwrap();
        }
    }
}

fn change_variables(dir: &Path, variables: &mut Vec<(&'static str, String)>, rng: &mut Rng) {
    variables.push(("LC_ALL", ["C.UTF-8", "C.UTF-8", "C"][rng.below(3)].to_owned()));
    if once_in(rng, 5) {
        variables.push(("PYTHONNOUSERSITE", "1".to_owned()));
    }
    if once_in(rng, 5) {
        variables.push(("PYTHONUSERBASE", dir.join("home/.local/").display().to_string()));
    }
    if once_in(rng, 3) {
        let absolute = dir.join("added");
        fs::create_dir(&absolute).unwrap();
        variables.push((
            "PYTHONPATH",
            [absolute.display().to_string(), "relative".to_owned(), ":x:".to_owned()][rng.below(3)].clone(),
        ));
    }
}
