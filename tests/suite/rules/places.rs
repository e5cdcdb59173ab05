//! VD8xx: permissions and places.

use std::fs;
use std::io;
use std::os::unix::fs::chown;
use std::path::PathBuf;
use std::process::Command;

use crate::rules::cast::Role;
use crate::rules::pair::{Builder, Fixed, Made, Pair, Source, Subject, Unmade};
use crate::support::stage::Stage;

const BY_COMMANDS: Fixed = Fixed::ByCommands;
const MOVE: Fixed = Fixed::NotHere("the user decides where the environment is created instead");

const fn made(code: &'static str, fails: Builder, passes: Builder, fixed: Option<Fixed>) -> Pair {
    Pair { code, source: Source::Made { plays: Role::Usual, fails, passes }, fixed }
}

const fn written(code: &'static str, reason: &'static str) -> Pair {
    Pair { code, source: Source::Written(reason), fixed: Some(Fixed::NotHere(reason)) }
}

// The pairs, in the order of their codes: each is a test of its own.
crate::rules::pairs! {
    vd801_package_unreadable => written("VD801", "root, who may run the tests, may read everything");
    vd802_foreign_owner => made("VD802", of_another, of_one, Some(BY_COMMANDS));
    vd803_world_writable => made("VD803", open_to_all, sticky, Some(BY_COMMANDS));
    vd804_separator_in_path => made("VD804", with_colon, with_comma, Some(MOVE));
    vd805_newline_in_path => made("VD805", with_line_break, with_blank, None);
    vd806_path_not_utf8 => written("VD806", "the test uses file names in UTF-8 only");
    vd807_path_not_ascii => made("VD807", accented_in_c, plain_in_c, Some(BY_COMMANDS));
    vd808_path_too_long => written("VD808", "only Windows limits paths to 260 characters");
    vd809_filesystem_without_symlinks => written("VD809", "needs a mounted file system without symlinks");
    vd810_network_base => written("VD810", "needs a mounted network file system");
    vd811_synced_directory => made("VD811", in_dropbox, in_projects, Some(MOVE));
}

/// A user ID without a user.
const OTHER: u32 = 61_234;

fn of_another(stage: &Stage<'_>) -> Made {
    let subject = of_one(stage)?;
    let info = stage.at(stage.site()).join("tomli-2.0.1.dist-info");
    match chown(&info, Some(OTHER), None) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err(Unmade::NotHere("only root may change the owner of a file".to_owned()))
        }
        result => Ok(result.map(|()| subject)?),
    }
}

fn of_one(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.install("tomli", "2.0.1", &[("tomli/__init__.py", "")])?;
    Ok(subject)
}

fn open_to_all(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.mode(stage.site(), 0o777)?;
    stage.mode("env/pyvenv.cfg", 0o666)?;
    Ok(subject)
}

fn sticky(stage: &Stage<'_>) -> Made {
    let subject = stage.sound()?;
    stage.mode(stage.site(), 0o1777)?;
    stage.mode("env/pyvenv.cfg", 0o664)?;
    Ok(subject)
}

/// An environment that was renamed, because `venv` refuses to create one with this name.
fn renamed(stage: &Stage<'_>, name: &str) -> Made {
    stage.venv(&[])?;
    fs::rename(stage.at("env"), stage.at(name))?;
    Ok(Subject::of(stage.at(name).join("bin/python")))
}

fn with_colon(stage: &Stage<'_>) -> Made {
    renamed(stage, "env:1")
}

fn with_comma(stage: &Stage<'_>) -> Made {
    renamed(stage, "env,1")
}

/// An environment that was created in a directory of that name.
fn made_in(stage: &Stage<'_>, dir: &str) -> io::Result<PathBuf> {
    let env = stage.dir(dir)?.join("env");
    stage.run(Command::new(stage.installed()).args(["-m", "venv", "--without-pip"]).arg(&env))?;
    Ok(env.join("bin/python"))
}

fn with_line_break(stage: &Stage<'_>) -> Made {
    Ok(Subject::of(made_in(stage, "two\nlines")?))
}

fn with_blank(stage: &Stage<'_>) -> Made {
    Ok(Subject::of(made_in(stage, "one line")?))
}

fn in_c(python: PathBuf) -> Subject {
    Subject::of(python).with("LC_ALL", "C").with("PYTHONUTF8", "0").with("PYTHONCOERCECLOCALE", "0")
}

fn accented_in_c(stage: &Stage<'_>) -> Made {
    Ok(in_c(made_in(stage, "projé")?))
}

fn plain_in_c(stage: &Stage<'_>) -> Made {
    Ok(in_c(made_in(stage, "proje")?))
}

fn in_dropbox(stage: &Stage<'_>) -> Made {
    Ok(Subject::of(made_in(stage, "Dropbox/tools")?))
}

fn in_projects(stage: &Stage<'_>) -> Made {
    Ok(Subject::of(made_in(stage, "projects/tools")?))
}
