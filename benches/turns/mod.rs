//! Whole processes that take turns, so that whatever else the machine does hits all of them alike.

use std::error::Error;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 300;
const WARM_UP: usize = 20;

/// A program that is measured.
pub struct Candidate {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<OsString>,
    times: Vec<Duration>,
}

/// A program with its arguments.
pub fn candidate(name: &'static str, program: PathBuf, arguments: &[OsString]) -> Candidate {
    Candidate { name, program, arguments: arguments.to_vec(), times: Vec::with_capacity(ROUNDS) }
}

/// Runs them in turns, and prints the median of each and its ratio to that of the first.
pub fn measure(mut candidates: Vec<Candidate>) -> Result<(), Box<dyn Error>> {
    for round in 0..WARM_UP + ROUNDS {
        for candidate in &mut candidates {
            let time = once(candidate)?;
            if round >= WARM_UP {
                candidate.times.push(time);
            }
        }
    }
    let mut unit = None;
    for candidate in &mut candidates {
        let median = median(&mut candidate.times).as_secs_f64();
        let ratio = median / *unit.get_or_insert(median);
        println!("{:<20} {:>9.3} ms {ratio:>8.2} ×", candidate.name, median * 1e3);
    }
    Ok(())
}

fn once(candidate: &Candidate) -> Result<Duration, Box<dyn Error>> {
    let mut command = Command::new(&candidate.program);
    command.args(&candidate.arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    command.spawn()?.wait()?;
    Ok(start.elapsed())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
