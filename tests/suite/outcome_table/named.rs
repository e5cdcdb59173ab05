//! Situations that were once predicted wrongly, each kind with a test of its own, on every interpreter.

use std::fs;

use bstr::BString;

use super::judge::{Tally, compare};
use super::situation::{Launch, Situation, Subject};
use crate::support::interpreters::{self, Interpreter};

/// Starts every interpreter in many ways, inside of an environment and outside, with a file on `PYTHONPATH`.
fn judge(name: &str, file: &str, text: &str) -> Tally {
    judge_in(name, (file, text), |subject| vec![subject.environment("plain"), subject.python.exe.clone()])
}

fn judge_in(name: &str, (file, text): (&str, &str), executables: fn(&Subject<'_>) -> Vec<BString>) -> Tally {
    let mut tally = Tally::default();
    for python in &interpreters::found().interpreters {
        let subject = Subject::named(python, name);
        fs::create_dir_all(subject.outside("hidden")).unwrap();
        fs::write(subject.outside("hidden").join(file), text).unwrap();
        for flags in flags(python) {
            for launch in LAUNCHES {
                for exe in executables(&subject) {
                    let mut situation = Situation::new(name.to_owned(), exe);
                    situation.words = flags.iter().map(|flag| (*flag).into()).collect();
                    situation.launch = launch;
                    situation.env.push(("PYTHONPATH".to_owned(), subject.path("hidden")));
                    compare(&subject, &situation, &mut tally);
                }
            }
        }
    }
    println!("{name}: {tally}");
    tally
}

const FLAGS: [&[&str]; 4] = [&[], &["-S"], &["-X", "frozen_modules=off"], &["-X", "frozen_modules=off", "-S"]];
const LAUNCHES: [Launch; 2] = [Launch::Command, Launch::Module("vdmain")];

/// The flags that an interpreter knows.
fn flags(python: &Interpreter) -> impl Iterator<Item = &'static [&'static str]> {
    FLAGS.into_iter().filter(|flags| !flags.contains(&"-X") || python.minor >= 11)
}

fn holds(tally: &Tally) {
    assert!(tally.different.is_empty(), "{}", tally.shown());
}

#[test]
fn an_empty_abc_fails_first_in_collections() {
    holds(&judge("empty-abc", "abc.py", ""));
}

#[test]
fn an_empty_stat_fails_where_something_exists() {
    holds(&judge("empty-stat", "stat.py", ""));
}

#[test]
fn os_is_imported_as_a_package_by_pkgutil_only() {
    holds(&judge("empty-os", "os.py", "# nothing\n"));
}

#[test]
fn a_damaged_io_fails_in_runpy_where_the_streams_do_without() {
    holds(&judge("raising-io", "io.py", "raise ImportError('hidden')\n"));
}

#[test]
fn system_exit_leaves_no_traceback_of_runpy() {
    // Startup code of an installation may import the first, too.
    let inside = |subject: &Subject<'_>| vec![subject.environment("plain")];
    holds(&judge_in("exiting-importlib", ("importlib.py", "raise SystemExit(3)\n"), inside));
    holds(&judge_in("exiting-runpy", ("runpy.py", "raise SystemExit\n"), inside));
}

#[test]
fn a_runpy_without_its_function_has_one_message_from_some_release_on() {
    holds(&judge("other-runpy", "runpy.py", "answer = 'x'\n"));
}

/// The file is then named by its whole path, and code in it that ends the process is certain.
#[test]
fn a_site_in_the_working_directory_is_one_on_a_relative_entry() {
    for (name, text) in [("ending-site", "import posix\nposix._exit(3)\n"), ("odd-site", "# coding: nope-9\n")] {
        let mut tally = Tally::default();
        for python in &interpreters::found().interpreters {
            let subject = Subject::named(python, name);
            fs::write(subject.outside("cwd/site.py"), text).unwrap();
            for value in ["", ":", "."] {
                let mut situation = Situation::new(name.to_owned(), subject.environment("plain"));
                situation.env.push(("PYTHONPATH".to_owned(), value.into()));
                compare(&subject, &situation, &mut tally);
            }
        }
        println!("{name}: {tally}");
        holds(&tally);
    }
}

#[test]
fn a_slash_among_parameters_is_new() {
    let text = "def register(a, /, b=1):\n    pass\n\n\nABCMeta = ABC = abstractmethod = register\n";
    holds(&judge("slash", "abc.py", text));
}

#[test]
fn an_io_that_takes_what_a_later_release_has_fails_by_name() {
    let text = "import _io\nfrom _io import (open,\n    TextIOWrapper as TextIOWrapper, open_code, text_encoding)\n\
                OpenWrapper = open\n";
    let tally = judge("later-io", "io.py", text);
    holds(&tally);
    assert!(tally.fatal > 0, "older releases fail");
}

/// Starts every interpreter in many ways, with a standard library in which a file is empty.
fn emptied(name: &str, piece: &str) -> Tally {
    let mut tally = Tally::default();
    for python in &interpreters::found().interpreters {
        let subject = Subject::named(python, name);
        subject.library();
        let file = subject.outside(&format!("library/lib/python{}/{piece}.py", python.xy()));
        // `collections.abc` has no file of its own from 3.13 on.
        if !file.exists() {
            println!("skipped: {} has no {piece}.py", python.label);
            continue;
        }
        fs::remove_file(&file).unwrap();
        fs::write(&file, "").unwrap();
        for launch in LAUNCHES.into_iter().chain([Launch::Script("app")]) {
            for flags in flags(python) {
                let mut situation = Situation::new(name.to_owned(), python.exe.clone());
                situation.words = flags.iter().map(|flag| (*flag).into()).collect();
                situation.launch = launch;
                situation.env.push(("PYTHONHOME".to_owned(), subject.path("library")));
                compare(&subject, &situation, &mut tally);
            }
        }
    }
    println!("{name}: {tally}");
    tally
}

/// Where neither `pyvenv.cfg` nor any directory for packages exists.
#[test]
fn an_empty_stat_is_not_noticed_where_nothing_exists() {
    holds(&emptied("bare-stat", "stat"));
}

#[test]
fn the_codec_latin_1_is_only_imported() {
    holds(&emptied("empty-latin-1", "encodings/latin_1"));
}

#[test]
fn collections_abc_may_be_empty_unless_typing_needs_it() {
    holds(&emptied("empty-collections-abc", "collections/abc"));
}

#[test]
fn an_importlib_that_does_not_adopt_its_submodules_fails() {
    let tally = emptied("empty-importlib", "importlib/__init__");
    holds(&tally);
    assert!(tally.fatal > 0, "launches by runpy fail");
}

#[test]
fn runpy_blames_the_module_for_an_empty_importlib_util() {
    holds(&emptied("empty-importlib-util", "importlib/util"));
}
