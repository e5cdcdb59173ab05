//! Environments made by the tools that people use: `venv`, `virtualenv`, `uv`.

use std::fs;
use std::io;
use std::process::Command;

use bstr::{BString, ByteSlice};

use super::draft::{Draft, join};
use crate::support::tools;
use crate::support::world::{Cwd, Start};

/// `python -m venv` with options.
pub fn venv(d: &mut Draft<'_>, options: &[&str]) -> io::Result<()> {
    let mut args: Vec<BString> = ["-B", "-m", "venv", "--without-pip"].map(BString::from).into();
    args.extend(options.iter().copied().map(BString::from));
    args.push(d.venv.clone());
    d.recipe.push(format!("{} {}", d.base_exe, bstr::join(" ", &args).as_bstr()));
    let cwd = Cwd::At(d.work.clone());
    let ended = d.python.world.run(&Start {
        file: d.base_exe.clone(),
        arg0: d.base_exe.clone(),
        args,
        env: vec![("PATH".to_owned(), BString::from("/usr/bin:/bin"))],
        cwd: &cwd,
        unprivileged: false,
        stdin: None,
        capture: d.outside(join(&d.work, "making")),
    })?;
    if ended.code != Some(0) {
        d.impossible("venv cannot make an environment here");
        return Ok(());
    }
    take_over(d)
}

/// `virtualenv`.
pub fn virtualenv(d: &mut Draft<'_>) -> io::Result<()> {
    if d.python.minor < 8 {
        // It would, but its own startup code does not compile there.
        d.impossible("this tool makes no environment for this interpreter");
        return Ok(());
    }
    made_by(d, "virtualenv", &["--no-download", "--no-pip", "--no-setuptools", "--no-periodic-update", "-p"])
}

/// `uv venv`.
pub fn uv(d: &mut Draft<'_>) -> io::Result<()> {
    made_by(d, "uv", &["venv", "--offline", "--no-config", "--no-cache", "--no-project", "--python"])
}

fn made_by(d: &mut Draft<'_>, tool: &'static str, args: &[&str]) -> io::Result<()> {
    let Some(bin) = tools::find(&d.python.world) else {
        d.impossible("virtualenv and uv are not at hand (VENV_DOCTOR_TOOLS)");
        return Ok(());
    };
    let (exe, venv) = (d.outside(&d.base_exe), d.outside(&d.venv));
    d.recipe.push(format!("{tool} {} {} {}", args.join(" "), exe.display(), venv.display()));
    let ended = Command::new(bin.join(tool)).args(args).arg(exe).arg(venv).current_dir(d.outside(&d.work)).output()?;
    if !ended.status.success() {
        d.impossible("this tool makes no environment for this interpreter");
        return Ok(());
    }
    take_over(d)
}

/// What was made is the layout's environment, its `pyvenv.cfg` the one that later choices change.
fn take_over(d: &mut Draft<'_>) -> io::Result<()> {
    let cfg = fs::read(d.outside(join(&d.venv, "pyvenv.cfg")))?;
    d.cfg.lines = cfg.lines().map(BString::from).collect();
    Ok(())
}
