//! Faults of directories.

use std::fs;
use std::io;

use super::Fault;
use crate::support::stage::Stage;

/// In the order in which they can be combined.
pub const FAULTS: [Fault; 11] = [
    ("lib64 is gone", |stage| stage.remove("env/lib64")),
    ("lib64 leads to another environment", |stage| stage.link("env/lib64", "/old/env/lib").map(drop)),
    ("lib64 is an empty directory", |stage| {
        if stage.at("env/lib64").symlink_metadata().is_ok() {
            stage.remove("env/lib64")?;
        }
        stage.dir("env/lib64").map(drop)
    }),
    ("anybody may write to bin", |stage| stage.mode("env/bin", 0o777)),
    ("bin may not be written", |stage| stage.mode("env/bin", 0o555)),
    ("the packages are for another minor version", |stage| {
        let dir = format!("env/lib/{}{}", stage.python.stem(), stage.python.xy());
        let other = format!("env/lib/{}3.{}", stage.python.stem(), stage.python.minor - 1);
        fs::rename(stage.at(dir), stage.at(other))
    }),
    ("site-packages is a symlink out of the environment", |stage| out(stage, &stage.site(), "shared-site")),
    ("lib is a symlink out of the environment", |stage| out(stage, "env/lib", "shared-lib")),
    ("bin is a symlink out of the environment", |stage| out(stage, "env/bin", "shared-bin")),
    ("bin is a relative symlink out of the environment", |stage| {
        fs::rename(stage.at("env/bin"), stage.at("nearby-bin"))?;
        stage.link("env/bin", "../nearby-bin").map(drop)
    }),
    ("the environment is a symlink", |stage| out(stage, "env", "real-env")),
];

/// Moves something out of the environment, and leaves a symlink.
fn out(stage: &Stage<'_>, name: &str, to: &str) -> io::Result<()> {
    fs::rename(stage.at(name), stage.at(to))?;
    stage.link(name, stage.text(to)).map(drop)
}
