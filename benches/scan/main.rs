//! Wall time of `scan` beside `find` and `fd`, on generated trees of three sizes.
//!
//! `cargo bench --bench scan -- [DIR [FILES...]]`: the trees are made in DIR, kept there and used again; without one,
//! in a temporary directory with ten and a hundred thousand files. `fd` is measured where it is on PATH.
#![allow(clippy::disallowed_methods, reason = "a measurement makes its trees and starts what it measures")]
#![allow(clippy::print_stdout, reason = "a measurement prints its result")]

mod tree;

use std::env;
use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tree::{Kind, Tree};

const ROUNDS: usize = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1).filter(|argument| !argument.as_encoded_bytes().starts_with(b"-"));
    let scratch = tempfile::tempdir()?;
    let dir = arguments.next().map_or_else(|| scratch.path().to_owned(), PathBuf::from);
    let mut sizes: Vec<usize> =
        arguments.map(|size| size.to_str().unwrap_or_default().parse()).collect::<Result<_, _>>()?;
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    for kind in [Kind::Mixed, Kind::Plain] {
        for &files in &sizes {
            let tree = Tree::prepare(&dir, kind, files)?;
            println!(
                "{} files, {} directories, {} environments ({})",
                tree.files,
                tree.dirs,
                tree.environments,
                kind.name()
            );
            compare(&tree.path)?;
        }
    }
    Ok(())
}

/// Lets the programs take turns and prints the median of each.
fn compare(tree: &Path) -> Result<(), Box<dyn Error>> {
    let doctor = PathBuf::from(env!("CARGO_BIN_EXE_venv-doctor"));
    let path = tree.as_os_str();
    let mut candidates: Vec<(&str, PathBuf, Vec<&OsStr>)> = vec![
        ("find", "find".into(), vec![path, "-name".as_ref(), "pyvenv.cfg".as_ref()]),
        ("fd", "fd".into(), vec!["-HI".as_ref(), "-g".as_ref(), "pyvenv.cfg".as_ref(), path]),
        ("scan", doctor.clone(), vec!["scan".as_ref(), path]),
        ("scan --check", doctor, vec!["scan".as_ref(), "--check".as_ref(), path]),
    ];
    candidates.retain(|(_, program, _)| program.is_absolute() || is_there(program));
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); candidates.len()];
    for round in 0..=ROUNDS {
        for ((_, program, arguments), times) in candidates.iter().zip(&mut times) {
            let start = Instant::now();
            Command::new(program)
                .args(arguments)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()?;
            // The first round fills the caches.
            if round > 0 {
                times.push(start.elapsed());
            }
        }
    }
    let mut unit = None;
    for ((name, ..), times) in candidates.iter().zip(&mut times) {
        times.sort_unstable();
        let median = times[times.len() / 2].as_secs_f64();
        let ratio = median / *unit.get_or_insert(median);
        println!("  {name:<14} {:>9.1} ms {ratio:>7.2} ×", median * 1e3);
    }
    Ok(())
}

fn is_there(program: &Path) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}
