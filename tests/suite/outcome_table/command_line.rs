//! What the first line of a script hands to Python: every option, known or not, with and without what it needs.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::pick;
use super::situation::{Launch, PROGRAM, Situation, Subject};

/// The one word that follows the interpreter.
const WORDS: [&str; 70] = [
    "",
    "-Z",
    "-J",
    "-t",
    "-P",
    "-x",
    "-v",
    "-vv",
    "-R",
    "-b",
    "-bb",
    "-d",
    "-q",
    "-u",
    "-O",
    "-OO",
    "-B",
    "-s",
    "-S",
    "-E",
    "-I",
    "-EZ",
    "-sP",
    "-IZs",
    "-a",
    "-A",
    "-C",
    "-D",
    "-e",
    "-f",
    "-F",
    "-g",
    "-k",
    "-l",
    "-n",
    "-N",
    "-o",
    "-p",
    "-Q",
    "-r",
    "-T",
    "-U",
    "-w",
    "-y",
    "-z",
    "-3",
    "-=",
    "-%",
    "-s -E",
    "-E\r",
    "--nope",
    "--isolated",
    "--help-some",
    "--check-hash-based-pycs",
    "--check-hash-based-pycs=always",
    "--check-hash-based-pycs bad",
    "-Wignore",
    "-Wbad",
    "-Werror::nosuch.X",
    "-Xutf8=2",
    "-Xutf8=1",
    "-X utf8=2",
    "-Xtracemalloc=x",
    "-Xfrozen_modules=maybe",
    "-Xnothing",
    "-Xdev",
    "-SXutf8=x",
    "-SWbad",
    "-XimportTime",
    "-Ximporttime=9",
];

/// Variables that go with it.
const VARIABLES: [&str; 6] =
    ["", "PYTHONHASHSEED=x", "PYTHONUTF8=x", "PYTHONMALLOC=x", "PYTHONIOENCODING=utf-9", "PYTHONWARNINGS=nonsense"];

/// How many situations there are.
pub fn count() -> usize {
    WORDS.len() * VARIABLES.len()
}

/// One of them.
#[allow(clippy::unnecessary_wraps, reason = "of other kinds, some do not exist on every interpreter")]
pub fn build(subject: &Subject<'_>, number: usize) -> Option<Situation> {
    let mut rest = number;
    let (word, variable) = (pick(&mut rest, &WORDS), pick(&mut rest, &VARIABLES));
    let file = subject.outside("tool");
    fs::write(&file, format!("#!{} {word}\n{PROGRAM}", subject.python.exe)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    let mut situation = Situation::new(format!("script with {word:?}"), subject.path("tool"));
    situation.launch = Launch::Itself;
    situation.env.extend(variable.split_once('=').map(|(name, value)| (name.to_owned(), value.into())));
    Some(situation)
}
