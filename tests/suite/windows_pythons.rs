//! `explain --snapshot` says what real Pythons for Windows do: the driver in `tests/windows` generates layouts, describes
//! each in a snapshot, and starts it under Wine.
//!
//! `VENV_DOCTOR_WINDOWS` names a directory that `tests/windows/prepare.sh` made, and `VENV_DOCTOR_LAYOUTS` and
//! `VENV_DOCTOR_SEED` count as in the other tests.

use std::path::Path;
use std::process::Command;

use crate::support::numbers::{number, seed};
use crate::support::program::{PROGRAM, scratch};

#[test]
fn snapshots_of_windows_start_as_the_real_pythons_do() {
    let Some(root) = std::env::var_os("VENV_DOCTOR_WINDOWS").filter(|root| !root.is_empty()) else {
        println!("skipped: real Pythons for Windows (VENV_DOCTOR_WINDOWS is not set)");
        return;
    };
    let work = scratch();
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/windows/differential.py");
    let status = Command::new("python3")
        .arg(driver)
        .args(["--bin", PROGRAM, "--count", &number("VENV_DOCTOR_LAYOUTS", 160).to_string()])
        .args(["--seed", &seed(1).to_string()])
        .arg("--root")
        .arg(root)
        .arg("--work")
        .arg(work.path())
        .status()
        .expect("python3 starts");
    assert!(status.success(), "predictions differ from what the real Pythons did");
}
