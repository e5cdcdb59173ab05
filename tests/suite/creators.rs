//! The environment or installation of an interpreter, and its creator: the same in every command, also where the
//! interpreter does not exist.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::program;
use venv_doctor::internals::host::{MemoryHost, Platform};
use venv_doctor::internals::interpreter::{Implementation, Interpreter, Vendor, Version};
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::report::json::v1;
use venv_doctor::internals::report::text::{self, Style};
use venv_doctor::internals::startup::Options;
use venv_doctor::{Depth, Explanation};

/// Where the directories of a situation are on the imaginary machine.
const MEMORY: &str = "/w";

const VENV: &str = "home = /gone/bin\ninclude-system-site-packages = false\nversion = 3.12.1\n";
const VIRTUALENV: &str = "home = /gone/bin\nimplementation = CPython\nversion_info = 3.12.1.final.0\n\
    virtualenv = 20.26.0\ninclude-system-site-packages = false\n";
const POETRY: &str =
    "home = /gone/bin\nvirtualenv = 21.1.0\nversion_info = 3.12.1.final.0\nprompt = \"my-app-py3.12\"\n";
const UV: &str = "home = /gone/bin\nimplementation = CPython\nuv = 0.9.2\nversion_info = 3.12.1\nprompt = app\n";

/// An environment whose interpreter is a symlink to nothing.
struct Environment {
    /// Below the directory of the situation.
    root: &'static str,
    /// What is in its `pyvenv.cfg`; none for conda.
    cfg: Option<&'static str>,
    /// Other files, relative to its root.
    files: &'static [&'static str],
}

impl Environment {
    const fn new(root: &'static str, cfg: &'static str, files: &'static [&'static str]) -> Self {
        Self { root, cfg: Some(cfg), files }
    }

    /// Its files with their contents.
    fn files(&self) -> Vec<(String, &'static str)> {
        let cfg = self.cfg.map(|cfg| (format!("{}/pyvenv.cfg", self.root), cfg));
        let others = self.files.iter().map(|name| (format!("{}/{name}", self.root), ""));
        cfg.into_iter().chain(others).collect()
    }

    fn link(&self) -> String {
        format!("{}/bin/python", self.root)
    }

    /// What `explain` says on an imaginary machine.
    fn in_memory(&self) -> Value {
        let mut host = MemoryHost::new(Platform::Linux).cwd(MEMORY).directory(MEMORY);
        host = host.symlink(format!("{MEMORY}/{}", self.link()), "/gone/bin/python3.12");
        for (path, content) in self.files() {
            host = host.file(format!("{MEMORY}/{path}"), content);
        }
        environment(&explain(&host, &self.link()))
    }

    /// What `explain`, `check` and `scan` say on this machine.
    fn on_disk(&self) -> [Value; 3] {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join(self.link());
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink("/gone/bin/python3.12", &link).unwrap();
        for (path, content) in self.files() {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let link = link.to_str().unwrap();
        let [explained] = run(&dir, &["explain", "--format", "json", link]);
        let [checked] = run(&dir, &["check", "--format", "json", link]);
        let [scanned, _summary] = run(&dir, &["scan", "--format", "json", dir.path().to_str().unwrap()]);
        assert_eq!(scanned["creator"], scanned["environment"]["creator"]);
        let told = [&explained, &checked["environments"][0], &scanned].map(|told| told["environment"].clone());
        told.map(|told| without(dir.path(), told))
    }
}

fn run<const LINES: usize>(dir: &TempDir, arguments: &[&str]) -> [Value; LINES] {
    let output = program::run(dir.path(), arguments);
    let lines = output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let lines: Vec<Value> = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
    lines.try_into().unwrap_or_else(|lines| panic!("{arguments:?}: {lines:?}"))
}

fn explain(host: &MemoryHost, executable: &str) -> Explanation {
    let invocation = Invocation::on(host, executable).unwrap();
    venv_doctor::examine(host, &invocation, &Options::default(), Depth::Startup)
}

/// The same where the interpreter is known.
fn start(host: &MemoryHost, executable: &str, implementation: Implementation) -> Explanation {
    let invocation = Invocation::on(host, executable).unwrap();
    let version = Some(Version::new(3, 12, 4));
    let interpreter = Interpreter { implementation, version, vendor: Vendor::Upstream, ..Interpreter::unknown() };
    let options = Options { interpreter: Some(interpreter), ..Options::default() };
    venv_doctor::examine(host, &invocation, &options, Depth::Startup)
}

/// A machine with CPython 3.12.4 in `/w/opt/python`.
fn installed() -> MemoryHost {
    MemoryHost::new(Platform::Linux)
        .cwd("/w")
        .executable("/w/opt/python/bin/python3.12")
        .file("/w/opt/python/lib/python3.12/os.py", "")
        .file("/w/opt/python/lib/python3.12/encodings/__init__.py", "")
        .directory("/w/opt/python/lib/python3.12/lib-dynload")
}

fn environment(explanation: &Explanation) -> Value {
    let document: Value = serde_json::from_slice(&v1::render(explanation, &[])).unwrap();
    without(Path::new(MEMORY), document["environment"].clone())
}

/// The same with the root relative to the directory of the situation.
fn without(dir: &Path, mut environment: Value) -> Value {
    if let Some(root) = environment["root"].as_str() {
        environment["root"] = Path::new(root).strip_prefix(dir).unwrap().to_str().unwrap().into();
    }
    environment
}

/// Every command reports the same, in memory and on the disk.
fn judge(environment: &Environment, expected: &Value) {
    assert_eq!(environment.in_memory(), *expected);
    assert_eq!(environment.on_disk(), [expected, expected, expected].map(Clone::clone));
}

/// A test for each creator: where the environment is, its `pyvenv.cfg`, other files in it, and then the creator, its
/// version, the version of Python and the prompt.
macro_rules! creators {
    ($($test:ident: $root:literal, $cfg:expr, $files:expr => $creator:expr, $version:expr, $python:expr, $prompt:expr;)+) => {
        $(#[test]
        fn $test() {
            let expected = json!({
                "kind": "virtual-environment", "root": $root, "creator": $creator,
                "creator_version": $version, "python_version": $python, "prompt": $prompt,
            });
            judge(&Environment::new($root, $cfg, &$files), &expected);
        })+
    };
}

const NONE: Option<&str> = None;

creators! {
    venv: "app/.venv", "home = /gone/bin\nversion = 3.12.1\nprompt = 'my app'\n", [] => "venv", NONE, "3.12.1", "my app";
    venv_with_quotes: "app/.venv", "home = /gone/bin\nversion = 3.12.1\nprompt = 'it\\'s \"me\"'\n", [] => "venv", NONE, "3.12.1", "it's \"me\"";
    virtualenv: "app/env", VIRTUALENV, [] => "virtualenv", "20.26.0", "3.12.1", NONE;
    uv: "app/.venv", UV, [] => "uv", "0.9.2", "3.12.1", "app";
    uv_tool: "tools/ruff", UV, ["uv-receipt.toml"] => "uv tool", "0.9.2", "3.12.1", "app";
    uv_tool_by_place: "share/uv/tools/ruff", UV, [] => "uv tool", "0.9.2", "3.12.1", "app";
    pipx: "venvs/black", VENV, ["pipx_metadata.json"] => "pipx", NONE, "3.12.1", NONE;
    pipx_with_uv: "venvs/black", UV, ["pipx_metadata.json"] => "pipx", NONE, "3.12.1", "app";
    pipx_by_place: "pipx/venvs/black", VENV, [] => "pipx", NONE, "3.12.1", NONE;
    poetry: "pypoetry/virtualenvs/app-a1B2c3D4-py3.12", VIRTUALENV, [] => "Poetry", NONE, "3.12.1", NONE;
    pdm: "pdm/venvs/app-a1B2c3D4-3.12", VIRTUALENV, [] => "PDM", NONE, "3.12.1", NONE;
    hatch: "hatch/env/virtual/app/a1B2c3D4/test", VIRTUALENV, [] => "Hatch", NONE, "3.12.1", NONE;
    pipenv: "virtualenvs/app-a1B2c3D4", VIRTUALENV, [".project"] => "Pipenv", NONE, "3.12.1", NONE;
    pipx_shared: "pipx/shared", VENV, [] => "pipx", NONE, "3.12.1", NONE;
    rye: "app/.venv", VIRTUALENV, ["rye-venv.json"] => "Rye", NONE, "3.12.1", NONE;
    virtualenvwrapper: "envs/app", VIRTUALENV, ["bin/postactivate", "bin/predeactivate"]
        => "virtualenvwrapper", NONE, "3.12.1", NONE;
    virtualenvwrapper_of_a_project: "envs/app", VIRTUALENV, ["bin/postactivate", "bin/predeactivate", ".project"]
        => "virtualenvwrapper", NONE, "3.12.1", NONE;
    a_project_file_alone: "envs/app", VIRTUALENV, [".project"] => "virtualenv", "20.26.0", "3.12.1", NONE;
    tox: "app/.tox/py312", VIRTUALENV, [] => "tox", NONE, "3.12.1", NONE;
    nox: "app/.nox/tests-3-12", VIRTUALENV, [] => "nox", NONE, "3.12.1", NONE;
    pre_commit: "pre-commit/repo1a2b/py_env-python3.12", VIRTUALENV, [] => "pre-commit", NONE, "3.12.1", NONE;
    pre_commit_elsewhere: "cache/repo1a2b/py_env-python3", VIRTUALENV, [".install_state_v2"] => "pre-commit", NONE, "3.12.1", NONE;
    pyenv_virtualenv: "pyenv/versions/3.12.1/envs/app", VENV, [] => "pyenv-virtualenv", NONE, "3.12.1", NONE;
    pypy_venv: "app/pypy", "home = /gone/bin\nversion = 3.11.13\n", [] => "venv", NONE, "3.11.13", NONE;
    pypy_virtualenv: "app/pypy", "implementation = PyPy\nvirtualenv = 20.26.0\nversion_info = 3.11.13.final.0\n", []
        => "virtualenv", "20.26.0", "3.11.13", NONE;
    python_2: "app/old", "virtualenv = 20.4.0\nversion_info = 2.7.18.final.0\n", []
        => "virtualenv", "20.4.0", "2.7.18", NONE;
    no_version_written_down: "app/.venv", "home = /gone/bin\n", ["lib/python3.12/site-packages/x.py"]
        => "venv", NONE, "3.12", NONE;
}

#[test]
fn pdm_in_a_project() {
    let host = MemoryHost::new(Platform::Linux).cwd("/w/app").directory("/w/app");
    let host = host.symlink("/w/app/.venv/bin/python", "/gone").file("/w/app/.venv/pyvenv.cfg", VIRTUALENV);
    let creator = |host: &MemoryHost| environment(&explain(host, ".venv/bin/python"))["creator"].clone();
    assert_eq!(creator(&host), "virtualenv");
    assert_eq!(creator(&host.clone().file("/w/app/.pdm-python", "/w/app/.venv/bin/python")), "PDM");
    assert_eq!(creator(&host.file("/w/app/.pdm-python", "/usr/bin/python3")), "virtualenv");
}

/// Tools that keep environments in the project leave no mark in them, but their settings name the directory.
#[test]
fn the_settings_of_the_project_name_the_creator() {
    const SETUPTOOLS: &str = "[build-system]\nbuild-backend = 'setuptools.build_meta'\n";
    let cases = [
        (".venv", VIRTUALENV, "poetry.toml", "[virtualenvs]\nin-project = true\n", "Poetry"),
        (".venv", VIRTUALENV, "poetry.lock", "", "Poetry"),
        (".venv", VIRTUALENV, "pyproject.toml", "[tool.poetry]\nname = 'x'\n", "Poetry"),
        (".venv", VIRTUALENV, "pyproject.toml", "# [tool.poetry]\n", "virtualenv"),
        (".venv", POETRY, "pyproject.toml", "[project]\nname = 'My_App'\n", "Poetry"),
        (".venv", POETRY, "pyproject.toml", "[project]\nname = 'other'\n", "virtualenv"),
        (".venv", VIRTUALENV, "pyproject.toml", SETUPTOOLS, "virtualenv"),
        (".venv", VIRTUALENV, "Pipfile", "", "Pipenv"),
        // uv and venv work in projects of other tools too.
        (".venv", UV, "poetry.lock", "", "uv"),
        (".venv", VENV, "poetry.lock", "", "venv"),
        (".hatch/default", VENV, "pyproject.toml", "[tool.hatch.dirs.env]\nvirtual = '.hatch'\n", "Hatch"),
        (".envs/test", VIRTUALENV, "hatch.toml", "[dirs.env]\nvirtual = './.envs/'\n", "Hatch"),
        (".venv", VIRTUALENV, "pyproject.toml", "[tool.hatch.envs.default]\npath = '.venv'\n", "Hatch"),
        (".venv", VIRTUALENV, "pyproject.toml", "[tool.hatch.envs.default]\npath = 'venv'\n", "virtualenv"),
        ("envs/test", VENV, "hatch.toml", "[envs.test]\npath = 'envs/test'\n", "Hatch"),
        (".other/test", VENV, "hatch.toml", "[dirs.env]\nvirtual = '.envs'\n", "venv"),
        (".envs/test", VENV, "hatch.toml", "[dirs.env\nvirtual = '.envs'\n", "venv"),
    ];
    for (root, cfg, file, content, expected) in cases {
        let host = MemoryHost::new(Platform::Linux).cwd("/w/app").file(format!("/w/app/{file}"), content);
        let host = host.symlink(format!("/w/app/{root}/bin/python"), "/gone");
        let host = host.file(format!("/w/app/{root}/pyvenv.cfg"), cfg);
        let told = environment(&explain(&host, &format!("{root}/bin/python")));
        assert_eq!(told["creator"], expected, "{root} with {file}: {content}");
    }
}

#[test]
fn pixi() {
    let files: &[&str] = &["conda-meta/pixi", "conda-meta/python-3.12.8-h9e4cc4f_1_cpython.json"];
    let expected = json!({
        "kind": "conda", "root": "app/.pixi/envs/default", "creator": "pixi",
        "creator_version": null, "python_version": "3.12.8", "prompt": null,
    });
    judge(&Environment { root: "app/.pixi/envs/default", cfg: None, files }, &expected);
}

#[test]
fn conda() {
    const RECORDS: &[&str] =
        &["conda-meta/python-dateutil-2.9.0-py39_0.json", "conda-meta/python-3.9.21-h194c7f8_0_cpython.json"];
    let expected = json!({
        "kind": "conda", "root": "envs/test", "creator": "conda",
        "creator_version": null, "python_version": "3.9.21", "prompt": null,
    });
    judge(&Environment { root: "envs/test", cfg: None, files: RECORDS }, &expected);
}

/// pyenv leads to the environments of pyenv-virtualenv by a symlink to their directory.
#[test]
fn a_symlink_to_the_directory_of_an_environment() {
    let root = "/w/pyenv/versions/3.12.1/envs/app";
    let host = MemoryHost::new(Platform::Linux).cwd("/w").symlink("/w/pyenv/versions/app", root);
    let host = host.symlink(format!("{root}/bin/python"), "/gone").file(format!("{root}/pyvenv.cfg"), VENV);
    let told = environment(&explain(&host, "/w/pyenv/versions/app/bin/python"));
    assert_eq!((&told["creator"], &told["root"]), (&json!("pyenv-virtualenv"), &json!("pyenv/versions/app")));
}

/// The path by which an interpreter is started does not change its environment.
#[test]
fn the_root_is_absolute_and_normalized() {
    let host = MemoryHost::new(Platform::Linux).cwd("/w/app/src").directory("/w/app/src");
    let host = host.symlink("/w/app/.venv/bin/python", "/gone").file("/w/app/.venv/pyvenv.cfg", UV);
    for typed in ["../.venv/bin/python", "/w/app/./.venv/bin/python", "/w/app/.venv/bin//python"] {
        assert_eq!(environment(&explain(&host, typed))["root"], "app/.venv", "{typed}");
    }
}

#[test]
fn an_executable_that_is_no_program() {
    let host = MemoryHost::new(Platform::Linux).cwd("/w").file("/w/.venv/pyvenv.cfg", UV);
    let host = host.executable("/w/.venv/bin/python").file("/w/.venv/bin/python", "\0\0\0\0");
    let told = environment(&explain(&host, ".venv/bin/python"));
    assert_eq!((&told["creator"], &told["python_version"]), (&json!("uv"), &json!("3.12.1")));
}

#[test]
fn nothing_to_tell() {
    let host = MemoryHost::new(Platform::Linux).cwd("/w").symlink("/w/bin/python", "/gone");
    assert_eq!(environment(&explain(&host, "bin/python")), Value::Null);
    assert_eq!(environment(&explain(&host, "python")), Value::Null);
}

/// It is no virtual environment any more, but that is what it was.
#[test]
fn an_environment_without_pyvenv_cfg() {
    let host = MemoryHost::new(Platform::Linux).cwd("/w").symlink("/w/old/bin/python", "/gone");
    let told = environment(&explain(&host.file("/w/old/bin/activate", ""), "old/bin/python"));
    assert_eq!((&told["kind"], &told["creator"]), (&json!("virtual-environment"), &Value::Null));
}

/// Startup finds the installation behind a symlink, wherever that is.
#[test]
fn an_installation() {
    let host = installed().symlink("/w/bin/python3", "/w/opt/python/bin/python3.12");
    let expected = json!({
        "kind": "installation", "root": "opt/python", "creator": null,
        "creator_version": null, "python_version": "3.12.4", "prompt": null,
    });
    for typed in ["/w/opt/python/bin/python3.12", "bin/python3"] {
        assert_eq!(environment(&start(&host, typed, Implementation::CPython)), expected, "{typed}");
    }
}

#[test]
fn conda_behind_a_symlink() {
    let host = installed().symlink("/w/bin/python3", "/w/opt/python/bin/python3.12");
    let host = host.file("/w/opt/python/conda-meta/history", "");
    let told = environment(&start(&host, "bin/python3", Implementation::CPython));
    assert_eq!((&told["kind"], &told["creator"]), (&json!("conda"), &json!("conda")));
    assert_eq!((&told["root"], &told["python_version"]), (&json!("opt/python"), &json!("3.12.4")));
}

/// What it was made for is what its creator wrote down, and not what starts now.
#[test]
fn an_environment_that_starts_another_version() {
    let host = installed().symlink("/w/.venv/bin/python", "/w/opt/python/bin/python3.12");
    let cfg = "home = /w/opt/python/bin\nversion = 3.12.1\n";
    let told = environment(&start(&host.file("/w/.venv/pyvenv.cfg", cfg), ".venv/bin/python", Implementation::CPython));
    assert_eq!((&told["creator"], &told["python_version"]), (&json!("venv"), &json!("3.12.1")));
}

/// The startup of PyPy may not be simulated, but its environment is no secret.
#[test]
fn an_environment_of_pypy_that_runs() {
    let host = installed().symlink("/w/.venv/bin/python", "/w/opt/python/bin/python3.12");
    let host = host.file("/w/.venv/pyvenv.cfg", VIRTUALENV);
    let told = environment(&start(&host, ".venv/bin/python", Implementation::PyPy));
    assert_eq!((&told["kind"], &told["creator"]), (&json!("virtual-environment"), &json!("virtualenv")));
}

/// The first line of the report names the environment or installation.
#[test]
fn the_first_line_of_the_text() {
    let first = |host: &MemoryHost, executable: &str| {
        let explanation = start(host, executable, Implementation::CPython);
        let style = Style { width: 100, color: false, verbose: false, home: None };
        text::render(&explanation, &[], &style).lines().next().unwrap_or_default().to_owned()
    };
    let host = installed().symlink("/w/.venv/bin/python", "/w/opt/python/bin/python3.12");
    let made = host.clone().file("/w/.venv/pyvenv.cfg", "home = /w/opt/python/bin\nuv = 0.9.2\n");
    let lost = host.clone().file("/w/.venv/bin/activate", "");
    let conda = host.clone().file("/w/opt/python/conda-meta/history", "");
    let [python, link] = ["/w/opt/python/bin/python3.12", ".venv/bin/python"];
    for (host, executable, expected) in [
        (&made, link, "virtual environment /w/.venv (created by uv 0.9.2)"),
        (&lost, link, "virtual environment /w/.venv, not in effect: sys.prefix is /w/opt/python"),
        (&conda, python, "conda environment /w/opt/python"),
        (&host, python, "no virtual environment, installation in /w/opt/python"),
    ] {
        assert_eq!(first(host, executable), format!("CPython 3.12.4 · {expected} · starts"));
    }
}
