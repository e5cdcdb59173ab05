//! Wall time of `check` beside that of `explain`, in an environment with 100 distributions and 20,000 files whose contents
//! are cached.
//!
//! `cargo bench --bench check -- [PYTHON]` (`python3` on PATH where none is named).
#![allow(clippy::disallowed_methods, reason = "a measurement makes its environment and starts the program")]
#![allow(clippy::print_stdout, reason = "a measurement prints its result")]

use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use turns::{candidate, measure};

mod turns;

const DISTRIBUTIONS: usize = 100;
const FILES: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let python = env::args_os().skip(1).find(|argument| !argument.as_encoded_bytes().starts_with(b"-"));
    let dir = tempfile::tempdir()?;
    let root = dir.path().join("env");
    let made = Command::new(python.unwrap_or_else(|| "python3".into()))
        .args(["-m", "venv", "--without-pip"])
        .arg(&root)
        .status()?;
    if !made.success() {
        return Err("venv made no environment".into());
    }
    let library = fs::read_dir(root.join("lib"))?.next().ok_or("lib is empty")??.path();
    for number in 0..DISTRIBUTIONS {
        install(&root, &library.join("site-packages"), number)?;
    }
    let doctor = PathBuf::from(env!("CARGO_BIN_EXE_venv-doctor"));
    let arguments =
        |words: &[&str]| words.iter().map(OsString::from).chain([root.join("bin/python").into()]).collect::<Vec<_>>();
    measure(vec![
        candidate("explain", doctor.clone(), &arguments(&["explain", "--json"])),
        candidate("check", doctor.clone(), &arguments(&["check", "--format", "json"])),
        candidate("check, text", doctor.clone(), &arguments(&["check"])),
        candidate("check --files", doctor, &arguments(&["check", "--files"])),
    ])
}

/// A distribution as an installer leaves it: a package with directories, a script, and the files that describe it.
fn install(root: &Path, site: &Path, number: usize) -> Result<(), Box<dyn Error>> {
    let name = format!("package{number}");
    let info = format!("{name}-1.{number}.dist-info");
    let mut files = vec![
        (
            format!("{info}/METADATA"),
            format!(
                "Metadata-Version: 2.1\nName: {name}\nVersion: 1.{number}\nRequires-Python: >=3.6\n\n{}",
                "A description.\n".repeat(400)
            ),
        ),
        (format!("{info}/WHEEL"), "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n".to_owned()),
        (format!("{info}/INSTALLER"), "pip\n".to_owned()),
        (format!("../../../bin/{name}"), format!("#!{}/bin/python\nfrom {name} import main\n", root.display())),
    ];
    while files.len() < FILES {
        let index = files.len();
        files.push((format!("{name}/part{}/module{index}.py", index % 10), format!("VALUE = {index}\n")));
    }
    let mut record = String::new();
    for (path, content) in files {
        let file = site.join(&path);
        fs::create_dir_all(file.parent().ok_or("no directory")?)?;
        fs::write(&file, &content)?;
        if path.contains("/bin/") {
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
        }
        // No hash: what is compared with it is measured elsewhere.
        writeln!(record, "{path},,{}", content.len())?;
    }
    writeln!(record, "{name}/__init__.py,,0\n{info}/RECORD,,")?;
    fs::write(site.join(&name).join("__init__.py"), "")?;
    fs::write(site.join(&info).join("RECORD"), record)?;
    Ok(())
}
