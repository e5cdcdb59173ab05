//! The names of the standard library's modules in each minor version.

use crate::startup::MAY_BE_BUILT_IN;

/// The first and the last minor version that has these modules, in alphabetical order. The newest version that is
/// listed also covers later ones.
///
/// Not listed are modules that no file on `sys.path` can replace because every build has them built in (`sys`, `time`),
/// modules that only the library itself imports (names that begin with `_`), and modules that nobody imports (`test`,
/// `this`).
const NAMES: &[(u8, u8, &[&str])] = &[
    (6, 8, &["dummy_threading"]),
    (6, 9, &["formatter", "parser", "symbol"]),
    (6, 10, &["binhex"]),
    (6, 11, &["asynchat", "asyncore", "distutils", "imp", "smtpd"]),
    (
        6,
        12,
        &[
            "aifc",
            "audioop",
            "cgi",
            "cgitb",
            "chunk",
            "crypt",
            "imghdr",
            "lib2to3",
            "mailcap",
            "nis",
            "nntplib",
            "ossaudiodev",
            "pipes",
            "sndhdr",
            "spwd",
            "sunau",
            "telnetlib",
            "uu",
            "xdrlib",
        ],
    ),
    (6, 14, &["sre_compile", "sre_constants", "sre_parse"]),
    (
        6,
        15,
        &[
            "abc",
            "argparse",
            "array",
            "ast",
            "asyncio",
            "base64",
            "bdb",
            "binascii",
            "bisect",
            "bz2",
            "cProfile",
            "calendar",
            "cmath",
            "cmd",
            "code",
            "codecs",
            "codeop",
            "collections",
            "colorsys",
            "compileall",
            "concurrent",
            "configparser",
            "contextlib",
            "copy",
            "copyreg",
            "csv",
            "ctypes",
            "curses",
            "datetime",
            "dbm",
            "decimal",
            "difflib",
            "dis",
            "doctest",
            "email",
            "encodings",
            "ensurepip",
            "enum",
            "fcntl",
            "filecmp",
            "fileinput",
            "fnmatch",
            "fractions",
            "ftplib",
            "functools",
            "genericpath",
            "getopt",
            "getpass",
            "gettext",
            "glob",
            "grp",
            "gzip",
            "hashlib",
            "heapq",
            "hmac",
            "html",
            "http",
            "idlelib",
            "imaplib",
            "importlib",
            "inspect",
            "io",
            "ipaddress",
            "json",
            "keyword",
            "linecache",
            "locale",
            "logging",
            "lzma",
            "mailbox",
            "math",
            "mimetypes",
            "mmap",
            "modulefinder",
            "multiprocessing",
            "netrc",
            "ntpath",
            "nturl2path",
            "numbers",
            "opcode",
            "operator",
            "optparse",
            "os",
            "pathlib",
            "pdb",
            "pickle",
            "pickletools",
            "pkgutil",
            "platform",
            "plistlib",
            "poplib",
            "posixpath",
            "pprint",
            "profile",
            "pstats",
            "pty",
            "py_compile",
            "pyclbr",
            "pydoc",
            "pydoc_data",
            "pyexpat",
            "queue",
            "quopri",
            "random",
            "re",
            "readline",
            "reprlib",
            "resource",
            "rlcompleter",
            "runpy",
            "sched",
            "secrets",
            "select",
            "selectors",
            "shelve",
            "shlex",
            "shutil",
            "signal",
            "site",
            "smtplib",
            "socket",
            "socketserver",
            "sqlite3",
            "ssl",
            "stat",
            "statistics",
            "string",
            "stringprep",
            "struct",
            "subprocess",
            "symtable",
            "sysconfig",
            "syslog",
            "tabnanny",
            "tarfile",
            "tempfile",
            "termios",
            "textwrap",
            "threading",
            "timeit",
            "tkinter",
            "token",
            "tokenize",
            "trace",
            "traceback",
            "tracemalloc",
            "tty",
            "turtle",
            "turtledemo",
            "types",
            "typing",
            "unicodedata",
            "unittest",
            "urllib",
            "uuid",
            "venv",
            "warnings",
            "wave",
            "weakref",
            "webbrowser",
            "wsgiref",
            "xml",
            "xmlrpc",
            "zipapp",
            "zipfile",
            "zlib",
        ],
    ),
    (7, 15, &["contextvars", "dataclasses"]),
    (9, 15, &["graphlib", "zoneinfo"]),
    (11, 15, &["tomllib"]),
    (14, 15, &["annotationlib", "compression"]),
    (15, 15, &["profiling"]),
];

/// Modules that every version loads before the first line of the user's code runs.
const LOADED: &[&str] = &["abc", "codecs", "encodings", "genericpath", "io", "os", "posixpath", "site", "stat"];

/// Modules that are frozen into the binary since 3.11, where Python finds them before it searches `sys.path`.
const FROZEN: &[&str] = &["abc", "codecs", "genericpath", "io", "ntpath", "os", "posixpath", "runpy", "site", "stat"];

/// The newest minor version of the table.
const NEWEST: u8 = 15;

/// The module of that name, if the standard library of 3.`minor` has one.
pub fn find(name: &[u8], minor: u8) -> Option<&'static str> {
    let minor = minor.min(NEWEST);
    let tables = NAMES.iter().filter(|(first, last, _)| (*first..=*last).contains(&minor));
    tables.into_iter().find_map(|(_, _, names)| {
        let at = names.binary_search_by(|known| known.as_bytes().cmp(name)).ok()?;
        names.get(at).copied()
    })
}

/// Whether the module is compiled, so that a build may have it built in.
pub fn is_compiled(name: &str) -> bool {
    MAY_BE_BUILT_IN.contains(&name)
}

/// Whether an `import` in the user's code always finds the standard library's module.
pub fn is_safe_at_launch(name: &str, has_frozen: bool) -> bool {
    LOADED.contains(&name) || is_frozen(name, has_frozen)
}

/// Whether the module is frozen, where the release has frozen modules (`has_frozen`), so that not even a directory of `PYTHONPATH` can replace it.
pub fn is_frozen(name: &str, has_frozen: bool) -> bool {
    has_frozen && FROZEN.contains(&name)
}

/// Whether startup itself imports the module from `sys.path`.
pub fn is_needed_to_start(name: &str, has_frozen: bool) -> bool {
    LOADED.contains(&name) && !is_frozen(name, has_frozen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_added_and_removed() {
        for (_, _, names) in NAMES {
            assert!(names.is_sorted(), "{names:?}");
        }
        for (name, minor, known) in [
            ("random", 6, true),
            ("random", 99, true),
            ("dataclasses", 6, false),
            ("dataclasses", 7, true),
            ("imp", 11, true),
            ("imp", 12, false),
            ("test", 12, false),
            ("numpy", 12, false),
        ] {
            assert_eq!(find(name.as_bytes(), minor).is_some(), known, "{name} in 3.{minor}");
        }
        assert!(
            is_needed_to_start("os", false) && !is_needed_to_start("os", true) && is_needed_to_start("encodings", true)
        );
    }
}
