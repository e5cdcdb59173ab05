//! The standard library: built in, frozen, from files; what hides it, and what is loaded too early to be hidden.

use std::fs;
use std::io;

use bstr::BString;

use super::archive::{archive, member};
use super::kind::{Kind, kind};
use super::kinds_entries::start_the_base;
use super::layout::Layout;
use crate::differential::draft::join;

/// The kinds.
pub const KINDS: &[Kind] = &[
    kind("library-names", names),
    kind("built-in-names", built_in),
    kind("frozen-names", frozen),
    kind("library-aliases", aliases),
    kind("loaded-names", loaded),
    kind("library-hidden-by-launch", |l| hidden(l, "cwd")),
    kind("library-hidden-by-variable", |l| hidden(l, "pp-a")),
    kind("library-hidden-by-directory", by_directory),
    kind("library-hidden-by-bytecode", by_bytecode),
    kind("library-not-hidden-by-site-packages", by_site),
    kind("frozen-modules-option", frozen_option),
    kind("frozen-modules-variable", frozen_variable),
    kind("other-locale", locale),
    kind("encodings-hidden", encodings),
    Kind { name: "zip-of-the-base", code: false, build: zip_of_base },
];

fn names(l: &mut Layout<'_>) -> io::Result<()> {
    if l.chance(2) {
        start_the_base(l);
    }
    for _ in 0..30 {
        let library = &l.facts.library;
        let name = library[l.rng.below(library.len())].clone();
        l.ask(name);
    }
    Ok(())
}

fn built_in(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = [l.cwd(), l.at("pp-a")];
    l.search(&dirs[1]);
    for _ in 0..12 {
        let builtin = &l.facts.builtin;
        let name = builtin[l.rng.below(builtin.len())].clone();
        if l.chance(2) {
            let dir = l.pick(&dirs);
            l.put(&dir, format!("{name}.py"))?;
        }
        l.ask(format!("{name}.child"));
        l.ask(name);
    }
    // Built in or not, as the build has it.
    l.ask_all(&["math", "zlib", "_json", "_struct", "array", "_datetime", "_ssl", "_ctypes", "readline", "xxsubtype"]);
    Ok(())
}

fn frozen(l: &mut Layout<'_>) -> io::Result<()> {
    l.ask_all(&[
        "__hello__",
        "__hello_alias__",
        "__hello_only__",
        "__phello__",
        "__phello__.spam",
        "__phello__.ham",
        "__phello__.ham.eggs",
        "__phello_alias__",
        "__phello_alias__.spam",
        "__phello__.other",
        "runpy",
        "importlib",
        "importlib.util",
        "importlib.machinery",
        "importlib.abc",
        "zipimport",
        "ntpath",
        "linecache",
        "_frozen_importlib_external",
        "codecs",
        "io",
        "stat",
    ]);
    ask_bootstrap(l);
    let names = ["runpy", "ntpath", "__hello__", "importlib.util", "zipimport", "__phello__"];
    for name in l.some(&names) {
        let dir = l.cwd();
        l.put(&dir, format!("{}.py", name.replace('.', "/")))?;
    }
    Ok(())
}

/// The importer of a PyPy for built-in modules finds this module, too, which no table tells.
fn ask_bootstrap(l: &mut Layout<'_>) {
    if !l.python().pypy {
        l.ask("_frozen_importlib");
    }
}

fn aliases(l: &mut Layout<'_>) -> io::Result<()> {
    l.ask_all(&[
        "os.path",
        "os.path.join",
        "collections.abc",
        "collections",
        "importlib._bootstrap",
        "importlib._bootstrap_external",
        "typing.io",
        "typing.re",
        "xml.parsers.expat.model",
        "xml.parsers.expat.errors",
        "xml.parsers.expat",
        "concurrent.futures.thread",
        "posixpath",
        "os",
        "xml.etree.cElementTree",
        "xml.etree.ElementTree",
        "logging.handlers",
        "email.mime.text",
    ]);
    Ok(())
}

const LOADED: &[&str] = &[
    "sys",
    "builtins",
    "_io",
    "io",
    "abc",
    "codecs",
    "os",
    "stat",
    "site",
    "_sitebuiltins",
    "posix",
    "posixpath",
    "genericpath",
    "_collections_abc",
    "encodings",
    "encodings.utf_8",
    "encodings.aliases",
    "encodings.latin_1",
    "encodings.ascii",
    "encodings.utf_8_sig",
    "_bootlocale",
    "_locale",
    "_weakrefset",
    "sysconfig",
    "linecache",
    "runpy",
    "importlib",
    "importlib.util",
    "types",
    "warnings",
    "_warnings",
    "zipimport",
    "time",
    "errno",
    "collections",
    "functools",
    "re",
    "keyword",
    "contextlib",
    "pkgutil",
    "marshal",
    "_signal",
    "_thread",
    "_weakref",
    "_abc",
    "_stat",
    "_codecs",
    "_imp",
    "readline",
    "typing",
    "sitecustomize",
    "usercustomize",
    "tokenize",
];

fn loaded(l: &mut Layout<'_>) -> io::Result<()> {
    l.ask_all(LOADED);
    if l.chance(2) {
        l.in_site("some.pth", "below\n")?;
    }
    match l.rng.below(4) {
        0 => start_the_base(l),
        1 => l.draft.flags.push("-S"),
        2 => l.draft.flags.push("-I"),
        _ => {}
    }
    Ok(())
}

/// Copies a module of the standard library, so that nothing that needs it fails.
pub fn copy(l: &mut Layout<'_>, dir: &BString, name: &str) -> io::Result<()> {
    let file = format!("{name}.py");
    match fs::read(l.draft.outside(join(&l.python().stdlib, &file))) {
        Ok(text) => l.write(dir, file, text),
        Err(_) => Ok(()),
    }
}

fn hidden(l: &mut Layout<'_>, place: &str) -> io::Result<()> {
    let dir = l.at(place);
    l.draft.dir(&dir)?;
    if place != "cwd" {
        l.search(&dir);
    }
    let all = [
        "os",
        "stat",
        "abc",
        "codecs",
        "io",
        "genericpath",
        "posixpath",
        "_collections_abc",
        "_sitebuiltins",
        "random",
        "types",
        "string",
        "linecache",
        "token",
        "copy",
        "enum",
        "_bootlocale",
        "_weakrefset",
        "warnings",
        "runpy",
        "functools",
        "operator",
        "keyword",
        "contextlib",
        "sysconfig",
        "tempfile",
        "struct",
        "site",
    ];
    for name in l.some(&all) {
        copy(l, &dir, name)?;
    }
    l.ask_all(&all);
    Ok(())
}

fn by_directory(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    for name in l.some(&["json", "email", "random", "html", "distutils", "asyncio"]) {
        let file = l.pick(&["child.py", "__init__.py"]);
        l.put(&dir, format!("{name}/{file}"))?;
    }
    l.ask_all(&[
        "json",
        "email",
        "random",
        "html",
        "json.child",
        "json.decoder",
        "html.parser",
        "distutils",
        "asyncio",
    ]);
    Ok(())
}

fn by_bytecode(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    let good = l.facts.pyc(0, 0);
    for name in l.some(&["random", "csv", "zlib", "math", "queue"]) {
        let suffix = l.pick(&[".pyc", ".so"]);
        l.write(&dir, format!("{name}{suffix}"), &good)?;
    }
    l.ask_all(&["random", "csv", "zlib", "math", "queue"]);
    Ok(())
}

fn by_site(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.draft.site();
    let all = [
        "dataclasses.py",
        "typing.py",
        "enum/__init__.py",
        "distutils/__init__.py",
        "asyncore.py",
        "imp.py",
        "smtpd.py",
        "tomllib/__init__.py",
        "contextvars.py",
        "binhex.py",
        "cgi.py",
        "_ssl.so",
    ];
    for file in l.some(&all) {
        l.put(&dir, file)?;
    }
    for file in all {
        l.ask(file.split(['.', '/']).next().unwrap_or_default());
    }
    l.ask_all(&["distutils.core", "enum.child"]);
    Ok(())
}

fn frozen_names(l: &mut Layout<'_>) -> io::Result<()> {
    l.ask_all(&[
        "os",
        "abc",
        "runpy",
        "ntpath",
        "__hello__",
        "__phello__.spam",
        "zipimport",
        "importlib.util",
        "linecache",
        "codecs",
        "os.path",
        "io",
        "site",
        "stat",
    ]);
    ask_bootstrap(l);
    if l.chance(2) {
        let dir = l.at("pp-a");
        l.search(&dir);
        for name in l.some(&["os", "abc", "io", "stat", "codecs", "runpy", "ntpath"]) {
            copy(l, &dir, name)?;
        }
    }
    Ok(())
}

fn frozen_option(l: &mut Layout<'_>) -> io::Result<()> {
    let options = l.pick(&[
        &["frozen_modules=off"][..],
        &["frozen_modules=on"],
        &["frozen_modules"],
        &["frozen_modules=off", "frozen_modules=on"],
        &["frozen_modules=on", "frozen_modules=off"],
    ]);
    l.options.extend(options);
    frozen_names(l)
}

fn frozen_variable(l: &mut Layout<'_>) -> io::Result<()> {
    let value = l.pick(&["off", "on"]);
    l.draft.set("PYTHON_FROZEN_MODULES", value);
    match l.rng.below(4) {
        0 => l.draft.flags.push("-E"),
        1 => l.options.push("frozen_modules=on"),
        _ => {}
    }
    frozen_names(l)
}

fn locale(l: &mut Layout<'_>) -> io::Result<()> {
    let locale = l.pick(&["C", "POSIX", "C.UTF-8", "xx_YY.ISO8859-1", ""]);
    l.draft.set("LC_ALL", locale);
    if l.chance(3) {
        let value = l.pick(&["0", "1"]);
        l.draft.set("PYTHONUTF8", value);
    }
    if l.chance(3) {
        let value = l.pick(&["ascii", "latin-1", "utf-8", "cp1252", "utf-8:strict"]);
        l.draft.set("PYTHONIOENCODING", value);
    }
    l.ask_all(&[
        "encodings",
        "encodings.ascii",
        "encodings.latin_1",
        "encodings.utf_8",
        "encodings.cp1252",
        "encodings.iso8859_1",
        "_bootlocale",
        "encodings.aliases",
        "encodings.utf_16",
    ]);
    Ok(())
}

fn encodings(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    // The directory does not hide the package, and a child of that name is another module.
    l.put(&dir, "encodings/utf_8.py")?;
    l.put(&dir, "utf_8.py")?;
    l.ask_all(&["encodings", "encodings.utf_8", "utf_8", "encodings.idna", "encodings.none"]);
    Ok(())
}

fn zip_of_base(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.python().nodot();
    let file = l.at(&format!("b/lib/python{name}.zip"));
    let all = [member("spam.py", ""), member("json/__init__.py", ""), member("runpy.py", ""), member("csv.py", "")];
    if l.python().pypy || !l.draft.base_prefix.starts_with(l.draft.work.as_slice()) {
        l.draft.impossible("this base is not made here");
        return Ok(());
    }
    l.draft.file(&file, archive(&all, b"", b""))?;
    l.ask_all(&["spam", "json", "json.decoder", "csv", "os", "runpy"]);
    Ok(())
}
