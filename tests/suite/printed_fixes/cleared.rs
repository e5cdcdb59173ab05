//! Somebody's own files in the directory of an environment: whichever tool made it and whatever is wrong with it, every
//! printed fix leaves them.
//!
//! The tools are played by a program that does the worst that they do: it deletes the directory of the environment.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use venv_doctor::Action;
use venv_doctor::internals::host::Platform;

use super::pasted::effect;
use super::pasted::fixture::{self, Broken, Layout};
use crate::support::program::scratch;

/// What is in the directory besides the environment. What is among the environment's own files may be moved with them.
const OWN: [&str; 8] = [
    "src/main.py",
    ".git/config",
    "data/rows.csv",
    "pyproject.toml",
    ".env",
    "~backup/notes",
    "bin/own-tool",
    "share/notes",
];
/// What deletes the directory of an environment in order to recreate it.
const TOOLS: [&str; 14] = [
    "uv",
    "pipx",
    "poetry",
    "pdm",
    "hatch",
    "pipenv",
    "tox",
    "nox",
    "pre-commit",
    "rye",
    "pixi",
    "conda",
    "virtualenv",
    "venv",
];
/// What deletes nothing of an environment: `uv pip`, `uv venv` without `--clear` …
const WORST: &str = "#!/bin/sh\ncase \" $* \" in *' --clear '*) ;; *) case \"${0##*/} $1\" in \
    'uv pip'|'uv venv'|'uv cache'|'conda deactivate'|'conda config'|virtualenv*|venv*) exit 0;; \
    esac;; esac\n/bin/rm -rf -- \"$ROOT\"\n";
/// A Python that recreates environments does so only with `--clear`.
const PYTHON: &str = "#!/bin/sh\ncase \" $* \" in *' venv '*' --clear '*) /bin/rm -rf -- \"$ROOT\";; esac\n";

/// A creator: its name, where it has its environments, the lines of `pyvenv.cfg` and the files that show it.
type Made = (&'static str, &'static str, &'static str, &'static [&'static str]);

const CREATORS: [Made; 18] = [
    ("venv", "/app/env", "", &[]),
    ("virtualenv", "/app/env", "virtualenv = 20.26.0\n", &[]),
    ("uv", "/app/.venv", "uv = 0.8.0\n", &[]),
    ("uv tool", "/uv/tools/plot", "uv = 0.8.0\n", &["uv-receipt.toml"]),
    ("pipx", "/pipx/venvs/plot", "", &["pipx_metadata.json"]),
    ("pipx's own", "/pipx/shared", "", &[]),
    ("Poetry", "/pypoetry/virtualenvs/plot-py3.12", "virtualenv = 20.26.0\n", &[]),
    ("Poetry in the project", "/app/.venv", "virtualenv = 20.26.0\n", &["../poetry.lock"]),
    ("PDM", "/pdm/venvs/plot-3.12", "", &[]),
    ("Hatch", "/hatch/env/virtual/plot/plot", "", &[]),
    ("Pipenv", "/app/.venv", "virtualenv = 20.26.0\n", &["../Pipfile"]),
    ("tox", "/app/.tox/py312", "virtualenv = 20.26.0\n", &[]),
    ("nox", "/app/.nox/tests", "virtualenv = 20.26.0\n", &[]),
    ("pre-commit", "/pre-commit/repo/py_env-python3.12", "virtualenv = 20.26.0\n", &[]),
    ("pyenv-virtualenv", "/pyenv/versions/3.12.1/envs/plot", "", &[]),
    ("virtualenvwrapper", "/envs/plot", "virtualenv = 20.26.0\n", &["bin/postactivate", "bin/predeactivate"]),
    ("Rye", "/app/.venv", "", &["rye-venv.json"]),
    ("conda", "/envs/plot", "", &["conda-meta/history"]),
];

fn layout((_, environment, cfg, marks): Made) -> Layout<'static> {
    let own = OWN.iter().map(|name| (*name, format!("my own {name}\n")));
    let marks = marks.iter().map(|name| (*name, "{}".to_owned()));
    Layout {
        name: b"home",
        environment: environment.as_bytes(),
        cfg,
        files: own.chain(marks).collect(),
        symlinks: vec![("data/latest", "rows.csv"), ("elsewhere", "../../outside")],
    }
}

/// A directory with the programs, and the environment.
struct Stage {
    place: PathBuf,
    programs: PathBuf,
    root: PathBuf,
}

impl Stage {
    /// Makes what a fix is about, and what is somebody's own.
    fn make(&self, twin: &Broken, fix: &venv_doctor::Fix) {
        effect::made(fix, &self.place, &twin.files).unwrap();
        fs::create_dir_all(self.place.join("home/outside")).unwrap();
        fs::write(self.place.join("home/outside/kept"), "my own kept\n").unwrap();
        for (path, entry) in &twin.files {
            let path = Path::new(OsStr::from_bytes(path));
            let Ok(name) = path.strip_prefix(&self.root) else { continue };
            if OWN.iter().chain(&["data/latest", "elsewhere"]).any(|own| Path::new(own) == name) {
                effect::one(path, entry).unwrap();
            }
        }
    }

    /// Whether nothing outside of the stage would be changed or run.
    fn may_follow(&self, fix: &venv_doctor::Fix) -> bool {
        let is_there =
            |argv: &[bstr::BString]| argv[0].contains(&b'/') || self.programs.join(argv[0].to_string()).exists();
        let mut runs = fix.actions.iter().filter_map(|action| match action {
            Action::Run { argv, .. } => Some(argv.as_slice()),
            _ => None,
        });
        effect::is_below(fix, &self.place) && runs.all(is_there)
    }

    fn follow(&self, fix: &venv_doctor::Fix) {
        let search = std::env::join_paths([&self.programs, Path::new("/usr/bin"), Path::new("/bin")]).unwrap();
        for command in &fix.commands {
            let mut shell = Command::new("/bin/sh");
            shell.arg("-c").arg(OsStr::from_bytes(command)).current_dir(&self.place).env_clear();
            shell.env("PATH", &search).env("ROOT", &self.root).env("HOME", self.place.join("home"));
            shell.output().expect("the shell is there");
        }
    }

    /// What is lost: what is in its place no more, and for what was among the environment's files, in no other either.
    fn lost(&self, python_code: &str) -> Vec<String> {
        let kept = contents(&self.place);
        let is_kept = |name: &str| {
            let content = format!("my own {name}\n").into_bytes();
            let is_among = ["bin/", "share/"].iter().any(|dir| name.starts_with(dir));
            let place = fs::read(self.root.join(name)).unwrap_or_default();
            place == content || is_among && kept.contains(&content)
        };
        let mut lost: Vec<String> =
            OWN.iter().filter(|name| !is_kept(name)).map(|name| format!("{python_code}: {name} is lost")).collect();
        let is_link =
            |name: &str, target: &str| fs::read_link(self.root.join(name)).is_ok_and(|it| it == Path::new(target));
        if !is_link("data/latest", "rows.csv") || !is_link("elsewhere", "../../outside") {
            lost.push(format!("{python_code}: a symlink is lost"));
        }
        if !self.place.join("home/outside/kept").exists() {
            lost.push(format!("{python_code}: what a symlink leads to is lost"));
        }
        lost
    }
}

/// The contents of all files.
fn contents(dir: &Path) -> Vec<Vec<u8>> {
    let (mut found, mut left) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                left.push(entry.path());
            } else if kind.is_file() {
                found.extend(fs::read(entry.path()));
            }
        }
    }
    found
}

fn programs(dir: &Path) {
    fs::create_dir_all(dir).unwrap();
    let versions = (0..20).map(|minor| format!("python3.{minor}"));
    let pythons = versions.chain(["python", "python3", "pypy3", "py"].map(str::to_owned)).map(|name| (name, PYTHON));
    for (name, text) in TOOLS.iter().map(|name| ((*name).to_owned(), WORST)).chain(pythons) {
        fs::write(dir.join(&name), text).unwrap();
        fs::set_permissions(dir.join(&name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    // What only the administrator may do is not tried.
    for name in ["sudo", "chown", "git", "apt-get", "apt", "dnf", "brew"] {
        symlink("/bin/true", dir.join(name)).unwrap();
    }
}

#[test]
fn no_printed_fix_of_any_rule_and_creator_loses_what_is_not_the_environments() {
    let all = std::env::var_os("VENV_DOCTOR_PASTE").is_some_and(|value| value == "all");
    let dir = scratch();
    let (place, tools) = (dir.path().join("place"), dir.path().join("tools"));
    programs(&tools);
    fs::create_dir_all(&place).unwrap();
    let (mut twins, mut followed, mut left_out, mut wrong) = (0, 0, 0, Vec::new());
    for (index, made) in CREATORS.into_iter().enumerate() {
        let layout = layout(made);
        let stage = Stage { place: place.clone(), programs: tools.clone(), root: layout.root(&place) };
        let files = fixture::files();
        let chosen = files
            .iter()
            .enumerate()
            .filter(|(at, _)| all || at % (2 * CREATORS.len()) == 2 * index)
            .map(|(_, file)| file);
        for file in chosen {
            let twin = fixture::broken_at(file, &place, &layout);
            if twin.platform != Platform::Linux {
                continue;
            }
            twins += 1;
            for (code, fix) in twin.fixes.iter().filter(|(_, fix)| !fix.commands.is_empty()) {
                if !stage.may_follow(fix) {
                    left_out += 1;
                    continue;
                }
                stage.make(&twin, fix);
                let what = format!("{}, {}: {code}: {:?}", made.0, twin.code, fix.commands);
                assert_eq!(stage.lost(&what), Vec::<String>::new(), "it was not made");
                stage.follow(fix);
                followed += 1;
                wrong.extend(stage.lost(&what));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!(
        "{twins} twins of {} creators, {followed} fixes followed, {left_out} left out: nothing of what is not the environment's is lost",
        CREATORS.len()
    );
}
