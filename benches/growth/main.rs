//! How the time of a command grows with its input: each shape at the sizes n, 2n, 4n and 8n.
//!
//! `cargo bench --bench growth -- [PYTHON]` prints a line for each shape: the times, and their ratios. A ratio of 2 is linear
//! growth; anything above [`LIMIT`] is marked, and ends the run with an error.
#![allow(clippy::disallowed_methods, reason = "a measurement makes its environments and starts the program")]
#![allow(clippy::print_stdout, reason = "a measurement prints its result")]

use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use shapes::{SHAPES, Shape};

mod shapes;

/// The largest ratio per doubling that still counts as linear.
const LIMIT: f64 = 2.4;
/// Each size is measured so often, and the least time counts: what else the machine does only adds.
const ROUNDS: usize = 5;

/// An environment that a shape fills.
pub struct Place {
    /// A directory of its own, in which the environment is `env`.
    pub dir: PathBuf,
    /// Its site-packages.
    pub packages: PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let python = env::args_os().skip(1).find(|argument| !argument.as_encoded_bytes().starts_with(b"-"));
    let python = python.unwrap_or_else(|| "python3".into());
    let mut worst: f64 = 0.0;
    for shape in SHAPES {
        let mut times = Vec::new();
        for size in [1, 2, 4, 8].map(|factor| shape.size * factor) {
            times.push(time(&python, shape, size)?.as_secs_f64());
        }
        // The start of the process hides in the first ratio.
        let ratios: Vec<f64> = times.windows(2).map(|pair| pair[1] / pair[0]).collect();
        let highest = ratios[1..].iter().copied().fold(0.0, f64::max);
        worst = worst.max(highest);
        let mark = if highest > LIMIT { "  too fast" } else { "" };
        let times: Vec<String> = times.iter().map(|time| format!("{:>8.1}", time * 1e3)).collect();
        let ratios: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
        println!("{:<44} {:>6}  {} ms  {}{mark}", shape.name, shape.size, times.join(" "), ratios.join(" "));
    }
    println!("highest ratio per doubling: {worst:.2}");
    if worst > LIMIT { Err("time grows faster than the input".into()) } else { Ok(()) }
}

/// The least time of the command over an input of that size.
fn time(python: &OsString, shape: &Shape, size: usize) -> Result<Duration, Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let place = environment(python, dir.path())?;
    (shape.fill)(&place, size)?;
    let mut least = Duration::MAX;
    for _ in 0..ROUNDS {
        let mut command = Command::new(env!("CARGO_BIN_EXE_venv-doctor"));
        command.args(shape.arguments).arg(place.dir.join(shape.target)).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(variable) = shape.variable {
            command.env(variable, fs::read_to_string(place.dir.join("variable"))?);
        }
        let start = Instant::now();
        command.stdin(Stdio::null()).status()?;
        least = least.min(start.elapsed());
    }
    Ok(least)
}

fn environment(python: &OsString, dir: &Path) -> Result<Place, Box<dyn Error>> {
    let root = dir.join("env");
    let made = Command::new(python).args(["-m", "venv", "--without-pip"]).arg(&root).status()?;
    if !made.success() {
        return Err("venv made no environment".into());
    }
    let library = fs::read_dir(root.join("lib"))?.next().ok_or("lib is empty")??.path();
    Ok(Place { dir: dir.to_owned(), packages: library.join("site-packages") })
}
