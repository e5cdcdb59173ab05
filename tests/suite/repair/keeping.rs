//! What a file is besides its content stays, and comes back.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

use super::patient::{broken, python, run};
use crate::support::program::{json, stderr};
use crate::support::tree::{differences, tree};

#[test]
fn mode_times_and_hard_links_are_kept() -> std::io::Result<()> {
    let Some(python) = python() else {
        println!("skipped: no interpreter of 3.9 to 3.12");
        return Ok(());
    };
    let stage = broken(python, &[0])?;
    let (script, cache) = (stage.at("env/bin/one"), stage.at("cache"));
    fs::set_permissions(&script, fs::Permissions::from_mode(0o4755))?;
    let file = fs::File::options().write(true).open(&script)?;
    file.set_modified(std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_nanos(1_000_000_000_123_456_789))?;
    fs::hard_link(&script, &cache)?;
    let note = |command: &str| stage.run(Command::new(stage.installed()).args(["-c", command]).arg(&script));
    let is_noted = note("import os, sys; os.setxattr(sys.argv[1], 'user.note', b'mine')").is_ok();
    let (old, before) = (tree(stage.path()), fs::read(&script)?);
    let journal = tempfile::tempdir()?;
    let fixed = run(&stage, journal.path(), &["fix", "env", "--yes", "--select", "VD508", "--json"]);
    assert_eq!(json(&fixed)["state"], "applied", "{}", stderr(&fixed));
    assert_eq!(fs::read(&cache)?, before, "the other name has the old content");
    assert_ne!(fs::read(&script)?, before);
    let (new, kept) = (fs::metadata(&script)?, fs::metadata(&cache)?);
    assert_ne!(new.ino(), kept.ino());
    assert_eq!((new.mode(), new.mtime(), new.mtime_nsec()), (kept.mode(), kept.mtime(), kept.mtime_nsec()));
    if is_noted {
        note("import os, sys; assert os.getxattr(sys.argv[1], 'user.note') == b'mine'")?;
    } else {
        println!("extended attributes: skipped, the file system has none");
    }
    let undone = run(&stage, journal.path(), &["undo"]);
    assert!(undone.status.success(), "{}", stderr(&undone));
    assert!(differences(&old, &tree(stage.path())).is_empty());
    Ok(())
}

#[test]
fn a_journal_on_another_file_system_restores_the_same() -> std::io::Result<()> {
    let shared = std::path::Path::new("/dev/shm");
    let Some(python) = python().filter(|_| shared.is_dir()) else {
        println!("skipped: no interpreter, or no other file system");
        return Ok(());
    };
    let stage = broken(python, &[0, 2, 3, 7])?;
    let journal = tempfile::tempdir_in(shared)?;
    let old = tree(stage.path());
    let fixed = run(&stage, journal.path(), &["fix", "env", "--yes", "--json"]);
    assert_eq!(json(&fixed)["state"], "applied", "{}", stderr(&fixed));
    assert!(!stage.at(stage.site()).join("~emo").exists());
    let undone = run(&stage, journal.path(), &["undo"]);
    assert!(undone.status.success(), "{}", stderr(&undone));
    assert_eq!(differences(&old, &tree(stage.path())), Vec::<std::path::PathBuf>::new());
    Ok(())
}

/// Each finding counts the lines as they are, and another fix may have deleted one of them.
#[test]
fn only_the_lines_that_are_meant_are_deleted() -> std::io::Result<()> {
    let Some(python) = python() else {
        println!("skipped: no interpreter of 3.9 to 3.12");
        return Ok(());
    };
    let stage = broken(python, &[])?;
    stage.dir("kept")?;
    let file = format!("{}/several.pth", stage.site());
    let kept = stage.text("kept") + "\n";
    let lines: Vec<String> = (0..20)
        .map(|number| if number % 5 == 2 { kept.clone() } else { stage.text(&format!("gone-{number}\n")) })
        .collect();
    stage.write(&file, lines.concat())?;
    let journal = tempfile::tempdir()?;
    let fix = ["fix", "./env", "--yes", "--unsafe", "--select", "VD401", "--json"];
    let fixed = run(&stage, journal.path(), &fix);
    assert_eq!(json(&fixed)["state"], "applied", "{}", stderr(&fixed));
    assert_eq!(fs::read_to_string(stage.at(&file))?, kept.repeat(4));
    assert_eq!(json(&run(&stage, journal.path(), &fix))["state"], "nothing", "all of them at once");
    Ok(())
}
