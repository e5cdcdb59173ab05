//! Every printed command of every rule's broken twin, below a directory with a hostile name: each shell starts the programs
//! with the words that are meant, and touches nothing but what the fix is about.
//!
//! By default every twin is tried with a few of the names; `VENV_DOCTOR_PASTE=all` tries all with all.

pub mod effect;
pub mod fixture;
mod recorder;
mod words;
mod written;

use std::fs;
use std::path::{Path, PathBuf};

use venv_doctor::Action;
use venv_doctor::internals::host::Platform;

use super::shells::SHELLS;
use crate::support::program::scratch;
use fixture::Broken;
use recorder::{Line, Stage};

/// Each twin is tried with every so many of the names, unless all are wanted.
const SHARE: usize = 6;

/// Names, each a test of its own, with whether a shell can be given them.
macro_rules! names {
    ($($test:ident => $name:expr, $is_writable:expr;)+) => {
        const NAMES: &[&str] = &[$(stringify!($test)),+];
        $(#[test]
        fn $test() {
            let index = NAMES.iter().position(|name| *name == stringify!($test)).unwrap();
            paste(index, $name, $is_writable);
        })+
    };
}

names! {
    values_that_are_no_text => fixture::PLAIN, true;
    spaces => b"two  words", true;
    quotes => b"it's \"quoted\" ''", true;
    substitution => b"$(touch harmed) ${HARMED} $HARMED $$", true;
    backquotes => b"`touch harmed`", true;
    backslashes => b"back\\slash \\n \\\\ ends in \\", true;
    exclamation_marks => b"wow!1 !! !$ !touch ^a^b", true;
    operators => b"; touch harmed & touch harmed | cat > harmed < x #", true;
    patterns => b"*?[a-z]{b,c} .* [[]", true;
    leading_dash => b"-rf --help", true;
    expansions => b"~root =ls %1 @x :p", true;
    formats => b"%s%n%d \\x41 &1 |x", true;
    other_scripts => "\u{fc}n\u{ef}c\u{f6}de \u{2603} \u{540d}\u{524d} e\u{301}".as_bytes(), true;
    zero_width => "zero\u{200b}width".as_bytes(), false;
    turned_around => "a\u{202e}b \u{180e}".as_bytes(), false;
    tag_letters => "a\u{e0041}b".as_bytes(), false;
    line_break => b"line\nbreak", false;
    escape_sequence => b"\x1b[31m\x07\ttab", false;
    invalid_utf_8 => b"caf\xe9 \xff", false;
}

/// What was tried.
#[derive(Default)]
struct Count {
    twins: usize,
    commands: usize,
    spelled_out: usize,
    read_by: Vec<&'static str>,
    followed: usize,
    scripts: usize,
    of_windows: usize,
}

fn paste(index: usize, name: &[u8], is_writable: bool) {
    let dir = scratch();
    let (place, tools) = (dir.path().join("place"), dir.path().join("tools"));
    fs::create_dir_all(&place).unwrap();
    let (mut wrong, mut count) = (Vec::new(), Count::default());
    let all = std::env::var_os("VENV_DOCTOR_PASTE").is_some_and(|value| value == "all");
    let files: Vec<PathBuf> = fixture::files();
    let chosen = files.iter().enumerate().filter(|(at, _)| all || at % SHARE == index % SHARE).map(|(_, file)| file);
    let twins: Vec<Broken> = chosen.map(|file| fixture::broken(file, &place, name)).collect();
    count.twins = twins.len();
    let mut lines = Vec::new();
    for twin in &twins {
        for (code, fix) in &twin.fixes {
            for command in &fix.commands {
                count.commands += 1;
                let what = format!("{}: {code}: {command}", twin.code);
                if twin.platform == Platform::Windows {
                    count.of_windows += 1;
                    wrong.extend(words::powershell(&command.to_string()).err().map(|error| format!("{what}: {error}")));
                    continue;
                }
                match words::posix(command) {
                    Ok(tokens) => lines.push(Line { text: command.to_vec(), calls: words::calls(tokens) }),
                    Err(error) => wrong.push(format!("{what}: {error}")),
                }
                if !is_writable {
                    count.spelled_out += usize::from(command.starts_with(b"venv-doctor fix --select"));
                    wrong.extend(effect::contains(command, name).then(|| format!("{what}: no shell can write that")));
                }
            }
            wrong.extend(other_words(twin, code, fix));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let stage = Stage::new(&place, &tools, &lines);
    let stubs = stage.instead_of(twins.iter().flat_map(|twin| twin.fixes.iter().map(|(_, fix)| fix)));
    read(&stage, &lines, &mut wrong, &mut count);
    // What a shell understands otherwise is not run.
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    follow(&place, &stubs, (name, &twins), &mut wrong, &mut count);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!(
        "{}: {} twins, {} commands ({} for PowerShell, {} of this program), read alike by {}; {} fixes followed, {} scripts tried",
        NAMES[index],
        count.twins,
        count.commands,
        count.of_windows,
        count.spelled_out,
        count.read_by.join(", "),
        count.followed,
        count.scripts
    );
}

/// Where the words of the programs that a fix runs are not those of its actions.
fn other_words(twin: &Broken, code: &str, fix: &venv_doctor::Fix) -> Option<String> {
    let meant: Vec<Vec<Vec<u8>>> = fix
        .actions
        .iter()
        .filter_map(|action| match action {
            Action::Run { argv, .. } => Some(argv.iter().map(|word| word.to_vec()).collect()),
            _ => None,
        })
        .collect();
    let printed: Vec<Vec<Vec<u8>>> = fix.commands.iter().filter_map(|command| argv(twin.platform, command)).collect();
    let is_spelled_out = fix.commands.iter().any(|command| command.starts_with(b"venv-doctor fix --select"));
    let missing = meant.iter().find(|argv| !printed.contains(argv));
    let missing = missing.filter(|_| !is_spelled_out && !fix.commands.is_empty());
    missing.map(|argv| {
        let argv: Vec<_> = argv.iter().map(|word| String::from_utf8_lossy(word)).collect();
        format!("{}: {code}: the actions run {argv:?}, and the commands do not: {:?}", twin.code, fix.commands)
    })
}

fn argv(platform: Platform, command: &[u8]) -> Option<Vec<Vec<u8>>> {
    if platform == Platform::Windows {
        let words = words::powershell(str::from_utf8(command).ok()?).ok()?;
        return Some(words.into_iter().map(String::into_bytes).collect());
    }
    Some(words::calls(words::posix(command).ok()?).remove(0).argv)
}

/// Has every shell read every line.
fn read(stage: &Stage<'_>, lines: &[Line], wrong: &mut Vec<String>, count: &mut Count) {
    for shell in SHELLS {
        match stage.feed(shell, lines) {
            Some(complaints) => {
                count.read_by.push(shell.0);
                wrong.extend(complaints);
            }
            None => println!("skipped: no {} on this machine", shell.0),
        }
    }
}

/// Follows the commands that change files, each fix with another of the shells.
fn follow(place: &Path, stubs: &Path, (name, twins): (&[u8], &[Broken]), wrong: &mut Vec<String>, count: &mut Count) {
    let shells: Vec<_> = SHELLS.into_iter().filter(|(name, _)| count.read_by.contains(name)).collect();
    for twin in twins.iter().filter(|twin| twin.platform == Platform::Linux) {
        for (code, fix) in &twin.fixes {
            let is_spelled_out = fix.commands.iter().any(|command| command.starts_with(b"venv-doctor"));
            if fix.commands.is_empty() || is_spelled_out || !effect::changes_files(fix) || !effect::is_below(fix, place)
            {
                continue;
            }
            let shell = shells[count.followed % shells.len()];
            count.followed += 1;
            let difference = effect::difference(fix, place, &twin.files, stubs, shell);
            wrong.extend(difference.map(|text| format!("{}: {code}: {:?}: {text}", twin.code, fix.commands)));
            let (tried, complaints) =
                written::wrong(fix, place, &twin.interpreters(place, name), &stubs.with_file_name("record"));
            count.scripts += tried;
            wrong.extend(complaints.into_iter().map(|text| format!("{}: {code}: {text}", twin.code)));
        }
    }
}
