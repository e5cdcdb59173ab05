//! Kinds of layouts for which random ones found predictions to be wrong, each on every interpreter that it concerns.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;

use bstr::{BStr, BString};

use crate::differential::draft::{Draft, join};
use crate::differential::generate;
use crate::differential::layouts::{Verdict, compare_both};
use crate::support::interpreters::{self, Interpreter};

/// Builds one layout of these choices for each interpreter, changes it, and compares both programs.
fn agree<T: Copy>(
    name: &str,
    concerns: fn(&Interpreter) -> bool,
    choices: &[(&str, &str)],
    variants: &[T],
    change: impl Fn(&mut Draft<'_>, T) -> io::Result<()>,
) {
    let plan = generate::plan(choices);
    let (mut compared, mut different) = (0, Vec::new());
    for python in interpreters::found_all().interpreters.iter().filter(|python| concerns(python)) {
        for (number, variant) in variants.iter().enumerate() {
            let label = format!("{name}-{}-{}-{number}", python.minor, python.micro);
            let mut draft = generate::build(python, &label, &plan).unwrap();
            change(&mut draft, *variant).unwrap();
            if draft.skip.is_some() {
                continue;
            }
            compared += 1;
            if let Verdict::Different { text, .. } = compare_both(&draft, &label) {
                different.push(format!("{} {number}\n{text}", python.label));
            }
            let _ = fs::remove_dir_all(python.world.work_outside().join(&label));
        }
    }
    println!("{compared} layouts");
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn pythonhome_that_the_locale_cannot_decode() {
    let locales =
        ["LC_ALL=C.UTF-8", "LC_ALL=C", "LC_ALL=xx_YY.UTF-8", "LANG=xx_YY.UTF-8", "LC_CTYPE=C.UTF-8", "LANG=C"];
    for choices in [[("name", "latin-1"), ("pythonhome", "environment")], [("name", "utf-8"), ("pythonhome", "right")]]
    {
        agree(
            "home",
            |python| !python.pypy,
            &choices,
            &locales,
            |draft, locale| {
                draft.env.remove("LC_ALL");
                set(draft, locale);
                Ok(())
            },
        );
    }
}

#[test]
fn home_of_an_environment_that_the_locale_cannot_encode() {
    let choices = [("name", "utf-8"), ("tree", "zip-directory-in-parent"), ("home", "no-blanks")];
    agree(
        "unencodable",
        |python| !python.pypy && python.minor < 8,
        &choices,
        &["LC_ALL=C", "LC_ALL=C.UTF-8", "LANG=C"],
        |draft, locale| {
            draft.env.remove("LC_ALL");
            set(draft, locale);
            Ok(())
        },
    );
}

#[test]
fn pth_file_that_the_locale_cannot_decode() {
    for pth in ["latin-1", "latin-1-comment"] {
        let locales = ["LC_ALL=C", "LC_ALL=C.UTF-8", "LC_ALL=xx_YY.UTF-8"];
        agree(
            "pth",
            |python| python.minor > 11,
            &[("pth", pth)],
            &locales,
            |draft, locale| {
                set(draft, locale);
                Ok(())
            },
        );
    }
}

#[test]
fn relative_entry_in_a_removed_directory() {
    let paths = [".", "./", "..", "../..", "../missing", "sub", "LIB:.", "LIB", ":LIB", "LIB:..:sub"];
    let all: Vec<(usize, &str)> = paths.into_iter().enumerate().collect();
    agree(
        "lost",
        |python| python.minor < 11 || python.pypy,
        &[("cwd", "removed")],
        &all,
        |draft, (number, path)| {
            let stdlib = draft.python.stdlib.to_string();
            draft.set("PYTHONPATH", path.replace("LIB", &stdlib));
            draft.flags.extend([&[][..], &["-S"], &[], &["-s"]][number % 4]);
            Ok(())
        },
    );
}

/// What is missing from the library of a `PyPy`, or hidden on `PYTHONPATH`.
const PIECES: &[&str] = &[
    "encodings",
    "encodings/",
    "encodings/__init__.py",
    "encodings/aliases.py",
    "encodings/utf_8.py",
    "encodings/latin_1.py",
    "codecs.py",
    "os.py",
    "abc.py",
    "stat.py",
    "posixpath.py",
    "genericpath.py",
    "_collections_abc.py",
    "io.py",
    "_sitebuiltins.py",
    "_bootlocale.py",
];

/// The contents of files that hide modules, each with one of the first two settings.
const CONTENTS: &[&str] = &[
    "raise RuntimeError('no')\n",
    "raise RuntimeError('no')\n",
    "",
    "raise ImportError('no')\n",
    "raise ValueError\n",
];

const SETTINGS: &[&str] = &["LC_ALL=C.UTF-8", "LC_ALL=xx_YY.UTF-8", "LC_ALL=C", "PYTHONUTF8=x", "PYTHONHASHSEED=x"];

#[test]
fn pypy_with_a_library_that_lacks_something() {
    let all: Vec<(usize, &str)> = PIECES.iter().copied().enumerate().collect();
    agree(
        "lacks",
        |python| python.pypy,
        &[("tree", "own-tree")],
        &all,
        |draft, (number, piece)| {
            set(draft, SETTINGS[number % SETTINGS.len()]);
            take_away(draft, piece)
        },
    );
    for flags in [&["-S"][..], &[]] {
        agree(
            "lacks-bare",
            |python| python.pypy,
            &[("tree", "own-tree")],
            PIECES,
            |draft, piece| {
                draft.flags.extend(flags);
                take_away(draft, piece)
            },
        );
    }
}

#[test]
fn pypy_with_modules_hidden_on_pythonpath() {
    for (number, content) in CONTENTS.iter().enumerate() {
        // With these blank, the site module fails somewhere in the middle.
        let is_late = |piece: &str| content.is_empty() && ["stat.py", "_sitebuiltins.py"].contains(&piece);
        let fits = |piece: &&str| !piece.ends_with('/') && !is_late(piece);
        let modules: Vec<&str> = PIECES.iter().copied().filter(fits).collect();
        agree(
            "hidden",
            |python| python.pypy,
            &[],
            &modules,
            |draft, piece| {
                // Only running these would tell.
                draft.uncertain = content.is_empty();
                let piece = if piece == "encodings" { "encodings.py" } else { piece };
                set(draft, SETTINGS[number % 2]);
                draft.file(draft.at("hides").to_string() + "/" + piece, content)?;
                let dir = draft.at("hides");
                draft.set("PYTHONPATH", dir);
                Ok(())
            },
        );
    }
}

#[test]
fn pypy_with_a_path_beyond_ascii() {
    let locales = ["LC_ALL=C", "LC_ALL=C.UTF-8", "LC_ALL=xx_YY.UTF-8", "LANG=POSIX"];
    let paths = ["/d\u{e6}mon", "/one:/\u{2603}", "/\u{1f600}", "LIB:/d\u{e6}mon", "/\u{e6}:LIB"];
    let all: Vec<(&str, &str)> = paths.iter().flat_map(|path| locales.map(|locale| (*path, locale))).collect();
    agree(
        "beyond",
        |python| python.pypy,
        &[],
        &all,
        |draft, (path, locale)| {
            draft.env.remove("LC_ALL");
            set(draft, locale);
            let stdlib = draft.python.stdlib.to_string();
            draft.set("PYTHONPATH", path.replace("LIB", &stdlib));
            Ok(())
        },
    );
}

fn set(draft: &mut Draft<'_>, setting: &str) {
    let (name, value) = setting.split_once('=').unwrap();
    draft.set(name, value);
}

fn take_away(draft: &mut Draft<'_>, piece: &str) -> io::Result<()> {
    let library = draft.at(&format!("b/{}", draft.lib()));
    let Some((package, file)) = piece.split_once('/') else {
        let at = join(&library, piece);
        if fs::symlink_metadata(draft.outside(&at)).is_err() {
            draft.impossible("this release does not have it");
            return Ok(());
        }
        return draft.rename(at, draft.at("taken"));
    };
    let (own, real) = (join(&library, package), join(&draft.python.stdlib, package));
    draft.rename(&own, draft.at("taken"))?;
    draft.dir(&own)?;
    for entry in fs::read_dir(draft.outside(&real))? {
        let name = BString::from(entry?.file_name().as_bytes());
        if !file.is_empty() && name != file && name != "__pycache__" {
            draft.link(join(&own, BStr::new(&name)), join(&real, BStr::new(&name)))?;
        }
    }
    Ok(())
}
