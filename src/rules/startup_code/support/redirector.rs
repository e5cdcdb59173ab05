//! The modules by which editable installs find the code of a project elsewhere. They are read as data, and never run.
//!
//! Each back end writes its own: setuptools a table `MAPPING`, the package editables (hatchling, pdm-backend) calls of
//! `map_module`, scikit-build-core and meson-python one call after the code of their import hook.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::files;
use super::literal::{self, Value};
use crate::environment::{Distribution, Survey};
use crate::rules::Evidence;
use crate::text::sentence;

/// A path of the project that such a module names.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    line: usize,
    text: BString,
    path: BString,
}

/// What the redirectors of a distribution name and does not exist: the line that names each, and the path.
pub fn gone(survey: &Survey<'_>, distribution: &Distribution) -> Vec<(Evidence, BString)> {
    let mut gone = Vec::new();
    for file in redirectors(survey, distribution) {
        let Ok(content) = files::content(survey, file.as_bstr()) else { continue };
        for target in targets(&content) {
            if survey.is_absolute(target.path.as_bstr()) && is_gone(survey, target.path.as_bstr()) {
                let evidence = Evidence::line(file.clone(), target.line, target.text).marking(&target.path);
                gone.push((evidence, target.path));
            }
        }
    }
    gone
}

/// What a redirector cannot work without.
#[derive(Debug, PartialEq, Eq)]
pub enum Need {
    /// A module that it imports.
    Module(BString),
    /// A program that it runs.
    Program(BString),
}

/// What the redirectors of a distribution need, each with the line that shows it.
pub fn needs(survey: &Survey<'_>, distribution: &Distribution) -> Vec<(Evidence, Need)> {
    let mut needs = Vec::new();
    for file in redirectors(survey, distribution) {
        let Ok(content) = files::content(survey, file.as_bstr()) else { continue };
        for (line, text, need) in needs_of(&content) {
            needs.push((Evidence::line(file.clone(), line, text), need));
        }
    }
    needs
}

/// The package editables at the beginning of its redirectors, and the build program of meson-python.
fn needs_of(content: &[u8]) -> Vec<(usize, BString, Need)> {
    let mut needs = Vec::new();
    if let Some(first) = content.lines().next().filter(|line| line.starts_with(b"from editables.redirector import ")) {
        needs.push((1, first.into(), Need::Module("editables".into())));
    }
    for function in ["install", "MesonpyMetaFinder"] {
        for (line, text, arguments) in literal::calls(content, function) {
            if let [Value::Text(_), Value::List(_), Value::Text(_), Value::List(command), ..] = arguments.as_slice() {
                let program = command.first().and_then(Value::text).filter(|path| path.starts_with(b"/"));
                needs.extend(program.map(|path| (line, text, Need::Program(path.clone()))));
            }
        }
    }
    needs
}

/// The redirectors that startup imports and that belong to the distribution.
fn redirectors(survey: &Survey<'_>, distribution: &Distribution) -> Vec<BString> {
    let mut seen = HashSet::new();
    let hooks = survey.resolution.startup.iter();
    let files = hooks.filter_map(|hook| {
        let module = imported(hook.code.as_ref()?)?;
        let file = survey.join(survey.parent(hook.file.as_bstr()), format!("{module}.py"));
        let is_new = seen.insert(file.clone());
        let ownership = is_new.then(|| survey.owner_of(file.as_bstr()))?;
        let owner = ownership.owner()?;
        (owner.distribution.directory == distribution.directory).then_some(file)
    });
    files.collect()
}

/// The redirector that a line imports first: the names of all of them say what they are.
fn imported(code: &BString) -> Option<&str> {
    let module = code.to_str().ok()?.strip_prefix("import ")?.split(';').next()?.trim();
    let is_name = module.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_name && module.starts_with('_') && module.contains("editable")).then_some(module)
}

fn targets(content: &[u8]) -> Vec<Target> {
    let mut targets = mapping(content);
    for (line, text, arguments) in literal::calls(content, "map_module") {
        if let [Value::Text(_), Value::Text(path)] = arguments.as_slice() {
            targets.push(Target { line, text, path: path.clone() });
        }
    }
    for function in ["install", "MesonpyMetaFinder"] {
        for (line, text, arguments) in literal::calls(content, function) {
            let paths = installed(&arguments).into_iter();
            targets.extend(paths.map(|path| Target { line, text: text.clone(), path }));
        }
    }
    targets
}

/// The table of setuptools.
fn mapping(content: &[u8]) -> Vec<Target> {
    let Some((line, text, Value::Map(entries))) = literal::assigned(content, "MAPPING") else { return Vec::new() };
    let paths = entries.into_iter().filter_map(|(_, value)| value.text().cloned());
    paths.map(|path| Target { line, text: text.clone(), path }).collect()
}

/// What the arguments of the call name that installs the hook: the source files of scikit-build-core, or the build directory of meson-python.
fn installed(arguments: &[Value]) -> Vec<BString> {
    match arguments {
        [Value::Map(sources), Value::Map(_), ..] => tops(sources),
        [Value::Text(_), Value::List(_), Value::Text(build), Value::List(_), ..] => vec![build.clone()],
        _ => Vec::new(),
    }
}

/// The sources of the modules and packages at the top. A single module within a package may have been removed from the
/// project on purpose. Where nothing is at the top, as in a namespace package, all of them.
fn tops(sources: &[(Value, Value)]) -> Vec<BString> {
    let is_top = |(name, _): &&(Value, Value)| name.text().is_some_and(|name| !name.contains(&b'.'));
    let path = |(_, path): &(Value, Value)| path.text().cloned();
    let tops: Vec<BString> = sources.iter().filter(is_top).filter_map(path).collect();
    if tops.is_empty() { sources.iter().filter_map(path).collect() } else { tops }
}

/// Whether a target does not exist: a package is a directory, and a module has a suffix that setuptools omits.
fn is_gone(survey: &Survey<'_>, target: &BStr) -> bool {
    if !survey.is_missing(target) {
        return false;
    }
    let (dir, name) = (survey.parent(target), sentence!(survey.base_name(target), "."));
    match survey.ask.list_dir(dir.as_bstr()) {
        Ok(names) => !names.iter().any(|known| known.starts_with(&name)),
        Err(_) => survey.is_missing(dir.as_bstr()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_back_end_names_its_paths() {
        let cases: [(&str, &[(usize, &str)]); 6] = [
            (
                "x = 1\nMAPPING: dict[str, str] = {'a': '/p/a', 'b': '/p/b'}\nNAMESPACES = {}\n",
                &[(2, "/p/a"), (2, "/p/b")],
            ),
            (
                "from editables.redirector import RedirectingFinder as F\nF.install()\nF.map_module('a', '/p/a.py')\n",
                &[(3, "/p/a.py")],
            ),
            (
                "def install(a, b):\n    f(a)\ninstall({'a': '/p/a/__init__.py', 'a.b': '/p/a/b.py'}, {'a.c': 'a/c.so'}, None, False)\n",
                &[(3, "/p/a/__init__.py")],
            ),
            ("install(\n    'a',\n    {'a'},\n    '/p/build',\n    ['ninja'],\n    False,\n)\n", &[(1, "/p/build")]),
            (
                "class MesonpyMetaFinder(x):\n    pass\n\ndef init():\n    finder = MesonpyMetaFinder(\n        'a',\n        {'a'},\n        '/p/build',\n        ['ninja'],\n    )\n",
                &[(5, "/p/build")],
            ),
            ("install('/p')\n", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = targets(text.as_bytes()).into_iter().map(|it| (it.line, it.path.to_string())).collect();
            let expected: Vec<_> = expected.iter().map(|(line, path)| (*line, (*path).to_owned())).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn redirectors_need_modules_and_programs() {
        let needs = |text: &str| needs_of(text.as_bytes()).into_iter().map(|(_, _, need)| need).collect::<Vec<_>>();
        let editables = "from editables.redirector import RedirectingFinder as F\nF.install()\n";
        assert_eq!(needs(editables), [Need::Module("editables".into())]);
        let meson = "    finder = MesonpyMetaFinder(\n        'a',\n        {'a'},\n        '/p/build',\n        ['/tmp/x/ninja'],\n    )\n";
        assert_eq!(needs(meson), [Need::Program("/tmp/x/ninja".into())]);
        assert_eq!(needs("import sys\nMAPPING = {'a': '/p/a'}\n"), []);
    }

    #[test]
    fn redirectors_are_known_by_their_names() {
        for (line, expected) in [
            (
                "import __editable___a_1_0_finder; __editable___a_1_0_finder.install()",
                Some("__editable___a_1_0_finder"),
            ),
            ("import _editable_impl_a", Some("_editable_impl_a")),
            ("import _a_editable", Some("_a_editable")),
            ("import _a_editable_loader", Some("_a_editable_loader")),
            ("import os; os.x", None),
            ("import a.editable", None),
        ] {
            assert_eq!(imported(&line.into()), expected, "{line}");
        }
    }
}
