//! Faults of `pyvenv.cfg`.

use std::fs;
use std::io;

use super::Fault;
use crate::support::stage::Stage;

const CFG: &str = "env/pyvenv.cfg";

/// In the order in which they can be combined.
pub const FAULTS: [Fault; 20] = [
    ("include-system-site-packages is not there", |stage| rewrite(stage, |text| without(&text, "include-system"))),
    ("include-system-site-packages is neither true nor false", |stage| {
        set(stage, "include-system-site-packages", "no  # keep it clean")
    }),
    ("pyvenv.cfg names another version", |stage| {
        let other = format!("{}.{}", stage.python.xy(), stage.python.micro + 6);
        set(stage, "version", &other).or_else(|_| set(stage, "version_info", &other))
    }),
    ("pyvenv.cfg names another minor version", |stage| {
        let other = format!("3.{}.0", stage.python.minor - 1);
        set(stage, "version", &other).or_else(|_| set(stage, "version_info", &other))
    }),
    ("home is quoted", |stage| {
        let home = value(stage, "home")?;
        set(stage, "home", &format!("\"{home}\"  # the base"))
    }),
    ("home is the interpreter", |stage| set(stage, "home", &stage.installed().display().to_string())),
    ("home is given twice", |stage| rewrite(stage, |text| format!("{text}home = {}\n", stage.text("second/bin")))),
    ("home is not there", |stage| rewrite(stage, |text| without(&text, "home"))),
    ("pyvenv.cfg has carriage returns", |stage| rewrite(stage, |text| text.replace('\n', "\r\n"))),
    ("pyvenv.cfg has a prompt in ISO-8859-1", |stage| {
        let text = fs::read(stage.at(CFG))?;
        fs::write(stage.at(CFG), [&text, b"prompt = caf\xe9\n".as_slice()].concat())
    }),
    ("pyvenv.cfg is in UTF-16", |stage| {
        let text = fs::read_to_string(stage.at(CFG))?;
        let text = format!("\u{feff}{}", text.trim_start_matches('\u{feff}'));
        fs::write(stage.at(CFG), text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())
    }),
    ("anybody may write to pyvenv.cfg", |stage| stage.mode(CFG, 0o666)),
    ("pyvenv.cfg may not be written", |stage| stage.mode(CFG, 0o444)),
    ("pyvenv.cfg has another name", |stage| {
        fs::hard_link(stage.at(CFG), stage.at("cached.cfg"))?;
        Ok(())
    }),
    ("pyvenv.cfg is a symlink out of the environment", |stage| {
        fs::rename(stage.at(CFG), stage.at("shared.cfg"))?;
        stage.link(CFG, stage.text("shared.cfg")).map(drop)
    }),
    ("pyvenv.cfg is in bin", |stage| fs::rename(stage.at(CFG), stage.at("env/bin/pyvenv.cfg"))),
    ("pyvenv.cfg has an ending", |stage| fs::rename(stage.at(CFG), stage.at("env/pyvenv.cfg.txt"))),
    ("pyvenv.cfg is empty", |stage| fs::write(stage.at(CFG), "")),
    ("pyvenv.cfg is a directory", |stage| {
        stage.remove(CFG)?;
        stage.dir(CFG).map(drop)
    }),
    ("pyvenv.cfg is gone", |stage| stage.remove(CFG)),
];

fn rewrite(stage: &Stage<'_>, edit: impl FnOnce(String) -> String) -> io::Result<()> {
    let text = fs::read_to_string(stage.at(CFG))?;
    fs::write(stage.at(CFG), edit(text))
}

fn is_of(line: &str, key: &str) -> bool {
    line.trim_start_matches('\u{feff}').split('=').next().is_some_and(|name| name.trim() == key)
}

fn without(text: &str, key: &str) -> String {
    text.lines()
        .filter(|line| !line.trim_start_matches('\u{feff}').starts_with(key))
        .map(|line| format!("{line}\n"))
        .collect()
}

fn value(stage: &Stage<'_>, key: &str) -> io::Result<String> {
    let text = fs::read_to_string(stage.at(CFG))?;
    let line = text.lines().find(|line| is_of(line, key));
    let value = line.and_then(|line| line.split_once('=')).map(|(_, value)| value.trim().to_owned());
    value.ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Gives a key that is there another value.
pub fn set(stage: &Stage<'_>, key: &str, value: &str) -> io::Result<()> {
    self::value(stage, key)?;
    rewrite(stage, |text| {
        let line = |line: &str| if is_of(line, key) { format!("{key} = {value}\n") } else { format!("{line}\n") };
        let mark = if text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
        format!("{mark}{}", text.trim_start_matches('\u{feff}').lines().map(line).collect::<String>())
    })
}
