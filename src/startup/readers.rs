//! The readers of this module, each by itself, for the fuzz targets of this crate.
#![allow(clippy::missing_panics_doc, reason = "what must hold of any input is asserted here")]

use std::collections::BTreeMap;
use std::hint::black_box;

use bstr::{BString, ByteSlice};

use super::behaviors::Behaviors;
use super::python_code::{self, Grammar, Source};
use super::{command, getpath, imports, known_code, redirector, site};
use crate::interpreter::Version;
use crate::text::python;

/// Of many lines, each is as good as another.
const MOST_LINES: usize = 256;

/// The oldest minor version, the newest, and one between them.
fn releases() -> [Behaviors; 3] {
    [6, 12, 15].map(|minor| Behaviors::of(Version::new(3, minor, 0)))
}

/// `pyvenv.cfg`, as the path configuration and the site module read it.
pub fn pyvenv_cfg(content: &[u8]) {
    let lines = getpath::cfg::read_lines(content);
    let home = getpath::cfg::find_home(&lines);
    if let Some((line, _)) = &home {
        assert!(*line >= 1 && *line <= lines.len(), "line {line} of {}", lines.len());
    }
    let keys = site::cfg::parse(content, home.map(|(line, _)| line));
    assert!(keys.entries.len() <= content.len());
    black_box(redirector::home_of(content));
}

/// Lines of Python code, each as the `import` line of a `.pth` file.
pub fn python_lines(content: &[u8]) {
    for behaviors in &releases() {
        let grammar = Grammar::of(behaviors);
        for line in python::universal_lines(content).into_iter().take(MOST_LINES) {
            black_box(python_code::tokens(line, grammar).is_ok());
            black_box(python_code::line(line, grammar).is_ok());
            black_box(known_code::line(line, behaviors));
        }
    }
}

/// A module of Python code.
pub fn python_module(content: &[u8]) {
    for behaviors in &releases() {
        let grammar = Grammar::of(behaviors);
        black_box(Source::read(content, grammar).refused().is_none());
        black_box(python_code::outline(content, grammar).is_some());
        black_box(Source::read(content, grammar).beginning(8).len());
        black_box(python_code::survey_code(content, behaviors));
        imports::readers::source(content, behaviors);
    }
}

/// A module that a startup hook imports.
pub fn hook_module(content: &[u8]) {
    for behaviors in &releases() {
        black_box(known_code::module(content, behaviors));
        black_box(known_code::judge(content, "_virtualenv", None, behaviors));
        black_box(known_code::judge(content, "__editable___plotlib_1_0_finder", Some("install"), behaviors));
        black_box(known_code::may_import(content, "plotlib", behaviors.version()));
        black_box(known_code::may_define(content, "main"));
    }
}

/// Compiled code.
pub fn bytecode(content: &[u8]) {
    for behaviors in &releases() {
        let names = imports::readers::compiled(content, behaviors);
        assert!(names.is_none_or(|names| names.iter().map(Vec::len).sum::<usize>() <= content.len()));
    }
}

/// The beginning of a script: its first line, the `exec` in a shell script, and the shim of a version manager.
pub fn script(content: &[u8]) {
    command::readers::script(content);
}

/// The arguments of `env` and of Python, one a line.
pub fn arguments(content: &[u8]) {
    let arguments: Vec<BString> = content.lines().map(BString::from).collect();
    let set = BTreeMap::from([("HOME".to_owned(), "/home/u".into()), ("A".to_owned(), "b c".into())]);
    command::readers::arguments(&arguments, &set);
}
