//! A scan misses nothing: over random trees with environments in odd places, the parallel walk, the one of a single thread
//! and an exhaustive walk in Python find the same, on the disk and on every other machine that holds the same tree.
//!
//! `VENV_DOCTOR_TREES` sets the number of trees, `VENV_DOCTOR_SEED` the choice of them.

mod deep;
mod examination;
mod machines;
mod tree;
mod upgraded;
mod usage;

use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use crate::support::numbers::{number, seed};
use crate::support::rng::Rng;
use bstr::{BString, ByteSlice};
use serde_json::{Value, json};
use venv_doctor::internals::host::{Host, LiveHost};
use venv_doctor::internals::scan::{self, Found, Mark, Options, Progress};

const WALK: &str = include_str!("walk.py");

fn bytes(path: &Path) -> BString {
    path.as_os_str().as_bytes().into()
}

fn options(dir: &Path, rng: &mut Rng) -> Options {
    // No bound on the depth: it counts along the way that was taken, and with symlinks there are several.
    let mut options = Options::new([bytes(dir)]);
    options.one_file_system = rng.below(4) == 0;
    options.nested = rng.below(3) == 0;
    options.follow = rng.below(3) == 0;
    options.prune = rng.below(3) > 0;
    options.threads = Some(4);
    options
}

type Set = BTreeSet<(BString, &'static str)>;

fn name(mark: Mark) -> &'static str {
    match mark {
        Mark::Cfg => "pyvenv.cfg",
        Mark::CfgInBin => "pyvenv.cfg in bin",
        Mark::Conda => "conda-meta",
        Mark::Activate => "activate",
        Mark::Redirect => "redirect",
        Mark::Symlink => "symlink",
        Mark::Installation => "installation",
    }
}

/// What a walk of the library finds on a machine; each environment must be reported once.
fn ours(host: &dyn Host, options: &Options) -> Set {
    let found: Mutex<Vec<Found>> = Mutex::default();
    scan::find(host, options, &Progress::default(), &|one| found.lock().unwrap().push(one), &|_, _| {}).unwrap();
    let found = found.into_inner().unwrap();
    let set: Set = found.iter().map(|one| (one.root.clone(), name(one.mark))).collect();
    assert_eq!(set.len(), found.len(), "an environment was reported twice: {found:?}");
    set
}

/// What the exhaustive walk in Python finds.
fn theirs(options: &Options) -> Set {
    let dir = options.dirs[0].as_bytes();
    let asked = json!({
        "directory": dir, "depth": options.depth, "nested": options.nested, "follow": options.follow, "prune": options.prune,
    });
    let mut python = Command::new("python3")
        .args(["-I", "-c", WALK])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is on PATH");
    python.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    let found: Vec<(Vec<u8>, Value)> = serde_json::from_slice(&output.stdout).unwrap();
    let known = ["pyvenv.cfg", "pyvenv.cfg in bin", "conda-meta", "activate", "redirect", "symlink"];
    let mark = |mark: &Value| *known.iter().find(|known| mark == **known).unwrap();
    found.iter().map(|(path, it)| (path.as_slice().into(), mark(it))).collect()
}

/// Random trees on the disk, each in a directory of its own, with the number and the random numbers of each.
fn trees(otherwise: usize, mut look: impl FnMut(&Path, usize, &mut Rng)) {
    let seed = seed(1);
    for index in 0..number("VENV_DOCTOR_TREES", otherwise) {
        let mut rng = Rng::new(seed, index);
        let dir = tempfile::Builder::new().prefix("vdscan").tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        tree::grow(&root, &mut rng).unwrap();
        look(&root, index, &mut rng);
        tree::open(&root);
    }
}

/// Compares what both walks find on a machine with what they should.
fn compare(host: &dyn Host, options: &Options, expected: &Set, what: &str) {
    for threads in [4, 1] {
        let mut options = options.clone();
        options.threads = Some(threads);
        let found = ours(host, &options);
        let missed: Vec<_> = expected.difference(&found).collect();
        let extra: Vec<_> = found.difference(expected).collect();
        assert!(
            missed.is_empty() && extra.is_empty(),
            "{what}, {options:?}:\nmissed {missed:?}\nfound in addition {extra:?}"
        );
    }
}

#[test]
fn nothing_is_missed() {
    let mut environments = 0;
    println!("skipped: mount points, since making one would change this machine");
    trees(60, |root, index, rng| {
        for _ in 0..3 {
            let options = options(root, rng);
            let expected = theirs(&options);
            environments += expected.len();
            compare(&LiveHost, &options, &expected, &format!("tree {index}"));
        }
    });
    assert!(environments > 100, "{environments} environments are too few to tell");
}

#[test]
fn a_bound_counts_dirs() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    for depth in ["a", "a/b", "a/b/c"] {
        std::fs::create_dir_all(root.join(depth)).unwrap();
        std::fs::write(root.join(depth).join("pyvenv.cfg"), "").unwrap();
    }
    for (depth, expected) in [(Some(0), 0), (Some(1), 1), (Some(2), 2), (None, 3)] {
        for threads in [4, 1] {
            let mut options = Options::new([bytes(&root)]);
            options.depth = depth;
            options.threads = Some(threads);
            assert_eq!(ours(&LiveHost, &options).len(), expected, "{depth:?}");
        }
    }
}
