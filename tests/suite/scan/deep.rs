//! A tree that is deeper than a path can be long: both walks end soon, and say where.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use venv_doctor::internals::host::{HostError, LiveHost};
use venv_doctor::internals::scan::{self, Options, Progress};

use super::bytes;
use crate::support::program::scratch;

const LEVELS: usize = 5000;
/// Far more than it takes, on a busy machine too; with a walk whose time is cubic it would be minutes.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn a_tree_that_is_deeper_than_paths_are_long_is_soon_searched() {
    let dir = scratch();
    let root = dir.path().join("tree");
    fs::create_dir(&root).unwrap();
    // No path leads there, so each level is made from the one above it, by a process of its own.
    let code = format!("import os\nfor _ in range({LEVELS}):\n    os.mkdir('d')\n    os.chdir('d')");
    let made = Command::new("python3").args(["-c", &code]).current_dir(&root).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: no Python that makes {LEVELS} levels");
        return;
    }
    symlink("..", root.join("d/up")).unwrap();
    for (follow, threads) in [(false, 1), (false, 4), (true, 1), (true, 4)] {
        let mut options = Options::new([bytes(&root)]);
        (options.follow, options.threads) = (follow, Some(threads));
        let unreadable = Mutex::new(Vec::new());
        let start = Instant::now();
        let note = |dir, error| unreadable.lock().unwrap().push((dir, error));
        scan::find(&LiveHost, &options, &Progress::default(), &|_| {}, &note).unwrap();
        let (taken, what) = (start.elapsed(), format!("follow {follow}, {threads} threads"));
        println!("{LEVELS} levels, {what}: {} ms", taken.as_millis());
        assert!(taken < PATIENCE, "{what}: {taken:?}");
        let unreadable = unreadable.into_inner().unwrap();
        let errors: Vec<&HostError> = unreadable.iter().map(|(_, error)| error).collect();
        assert_eq!(errors, [&HostError::NameTooLong], "{what}");
    }
    // What removes directories by their paths cannot remove these.
    Command::new("rm").args(["-rf", "--"]).arg(&root).status().unwrap();
}
