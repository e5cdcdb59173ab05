//! `virtualenv` and `uv`, installed for the tests where that is wanted.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::world::World;

/// The directory with `virtualenv` and `uv`, installed once into an environment of their own. None in a root directory, and none
/// unless `VENV_DOCTOR_TOOLS` says that they are wanted: installing them needs a network.
pub fn find(world: &World) -> Option<&'static Path> {
    static TOOLS: OnceLock<Option<PathBuf>> = OnceLock::new();
    if world.root().is_some() {
        return None;
    }
    TOOLS.get_or_init(|| install(world)).as_deref()
}

fn install(world: &World) -> Option<PathBuf> {
    std::env::var_os("VENV_DOCTOR_TOOLS").filter(|wanted| !wanted.is_empty())?;
    let scratch = world.work_outside().join("tools");
    let made = Command::new("python3").args(["-m", "venv"]).arg(&scratch).output().ok()?;
    let pip = |package: &str| {
        let mut command = Command::new(scratch.join("bin/python"));
        command.args(["-m", "pip", "install", "--quiet", "--timeout", "15", "--retries", "1", package]);
        command.output().is_ok_and(|output| output.status.success())
    };
    (made.status.success() && pip("virtualenv") && pip("uv")).then(|| scratch.join("bin"))
}
