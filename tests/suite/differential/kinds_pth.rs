//! Path configuration files (`.pth`) and startup configuration files (`.start`).

use std::io;

use bstr::BString;

use super::draft::{Draft, join};
use super::generate::{Choice, choice};
use super::kinds_env::archive;

/// `.pth` files in the site-packages of the environment.
pub const PTH: &[Choice] = &[
    choice("ordinary", 50, |_| Ok(())),
    choice("absolute", 2, |d| {
        d.dir(d.at("lib-a"))?;
        let line = [d.at("lib-a").as_slice(), b"\n"].concat();
        pth(d, line)
    }),
    choice("relative", 2, |d| inside(d, "sub\nsub/deeper\n")),
    choice("dot", 1, |d| inside(d, ".\n..\n./sub\nsub/../sub\n")),
    choice("missing", 2, |d| inside(d, "/nonexistent/a\nmissing\nsub\n")),
    choice("names-a-file", 1, |d| {
        d.file(join(d.site(), "code.zip"), archive(&[("x.py", "")])?)?;
        inside(d, "code.zip\n")
    }),
    choice("duplicates", 1, |d| inside(d, "sub\nsub\nsub/\n./sub\n")),
    choice("names-stdlib", 1, |d| {
        let line = [d.python.stdlib.as_slice(), b"\n"].concat();
        pth(d, line)
    }),
    choice("names-site-packages", 1, |d| inside(d, ".\n")),
    choice("trailing-blanks", 1, |d| inside(d, "sub  \t \n")),
    choice("leading-blanks", 1, |d| inside(d, "  sub\n\tsub/deeper\n")),
    choice("comments", 1, |d| inside(d, "# sub\n#sub\n  # sub\nsub # not a comment\n")),
    choice("blank-lines", 1, |d| inside(d, "\n\n   \n\t\nsub\n\n")),
    choice("no-final-newline", 1, |d| inside(d, "sub")),
    choice("empty", 1, |d| pth(d, "")),
    choice("bom", 1, |d| inside(d, "\u{feff}sub\nsub/deeper\n")),
    choice("bom-only", 1, |d| inside(d, "\u{feff}")),
    choice("bom-comment", 1, |d| inside(d, "\u{feff}# comment\nsub\n")),
    choice("crlf", 1, |d| inside(d, "sub\r\nsub/deeper\r\n")),
    choice("cr", 1, |d| inside(d, "sub\rsub/deeper\r")),
    choice("vertical-tab", 1, |d| inside(d, "sub\x0bsub/deeper\n")),
    choice("form-feed", 1, |d| inside(d, "sub\x0csub/deeper\n")),
    choice("file-separator", 1, |d| inside(d, "sub\x1csub/deeper\x1dx\x1esub\n")),
    choice("unit-separator", 1, |d| inside(d, "sub\x1fsub/deeper\nsub\x1f\n")),
    choice("next-line", 1, |d| inside(d, "sub\u{85}sub/deeper\n")),
    choice("line-separator", 1, |d| inside(d, "sub\u{2028}sub/deeper\u{2029}sub\n")),
    choice("nbsp", 1, |d| inside(d, "sub\u{a0}\n\u{a0}sub\n\u{3000}sub/deeper\n")),
    choice("utf-8", 1, |d| {
        d.dir(join(d.site(), "dæmon"))?;
        pth(d, "dæmon\n")
    }),
    choice("latin-1", 1, |d| {
        d.dir(join(d.site(), b"caf\xE9"))?;
        pth(d, b"caf\xE9\n".as_slice())
    }),
    choice("latin-1-comment", 1, |d| inside(d, b"# caf\xE9\nsub\n".as_slice())),
    choice("nul", 1, |d| inside(d, "su\0b\nsub\n")),
    choice("nul-last", 1, |d| inside(d, "sub\n\0\n")),
    choice("nul-comment", 1, |d| inside(d, "# \0\nsub\n")),
    choice("tilde", 1, |d| inside(d, "~\n$HOME\n")),
    choice("quoted", 1, |d| inside(d, "\"sub\"\n'sub'\n")),
    choice("long-line", 1, |d| {
        let line = ["x".repeat(300), "sub".to_owned()].join("\n");
        inside(d, line)
    }),
    choice("very-long-line", 1, |d| {
        let line = ["y/".repeat(3000), "sub".to_owned()].join("\n");
        inside(d, line)
    }),
    choice("many", 1, |d| {
        for name in ["1", "B", "a", "A", "_", "z.y", "é", "-", "~"] {
            d.dir(join(d.site(), format!("from-{name}")))?;
            d.file(join(d.site(), format!("{name}.pth")), format!("from-{name}\n"))?;
        }
        Ok(())
    }),
    choice("upper-case-suffix", 1, |d| {
        d.dir(join(d.site(), "sub"))?;
        d.file(join(d.site(), "x.PTH"), "sub\n")
    }),
    choice("only-suffix", 1, |d| {
        d.dir(join(d.site(), "sub"))?;
        d.file(join(d.site(), ".pth"), "sub\n")
    }),
    choice("hidden", 1, |d| {
        d.dir(join(d.site(), "sub"))?;
        d.file(join(d.site(), ".hidden.pth"), "sub\n")
    }),
    choice("disabled", 1, |d| {
        d.dir(join(d.site(), "sub"))?;
        d.file(join(d.site(), "x.pth.disabled"), "sub\n")
    }),
    choice("not-utf-8-name", 1, |d| {
        d.dir(join(d.site(), "sub"))?;
        d.file(join(d.site(), b"\xFF.pth"), "sub\n")
    }),
    choice("newline-name", 1, |d| {
        d.dir(join(d.site(), "sub"))?;
        d.file(join(d.site(), "a\nb.pth"), "sub\nmissing\n")
    }),
    choice("directory", 1, |d| d.dir(join(d.site(), "x.pth"))),
    choice("dangling", 1, |d| d.link(join(d.site(), "x.pth"), "nowhere")),
    choice("loop", 1, |d| d.link(join(d.site(), "x.pth"), "x.pth")),
    choice("link", 1, |d| {
        d.dir(join(d.site(), "sub"))?;
        d.file(d.at("real.pth"), "sub\n")?;
        d.link(join(d.site(), "x.pth"), d.at("real.pth"))
    }),
    choice("null-device", 1, |d| d.link(join(d.site(), "x.pth"), "/dev/null")),
    choice("unreadable", 1, |d| {
        d.unprivileged = true;
        inside(d, "sub\n")?;
        d.mode(file(d), 0o000)
    }),
    choice("import-missing", 1, |d| inside(d, "import no_such_module_at_all\nsub\n")),
    choice("import-missing-last", 1, |d| inside(d, "sub\nimport no_such_module_at_all\n")),
    choice("import-missing-dotted", 1, |d| inside(d, "import no_such_module_at_all.sub as x\nsub\n")),
    choice("import-tab", 1, |d| inside(d, "import\tno_such_module_at_all\nsub\n")),
    choice("import-indented", 1, |d| inside(d, "  import no_such_module_at_all\nsub\n")),
    choice("import-no-blank", 1, |d| inside(d, "importsys\nsub\n")),
    choice("import-harmless", 2, |d| inside(d, "import sys\nsub\n")),
    choice("import-os", 1, |d| inside(d, "import os\nimport sys, os\nsub\n")),
    choice("import-syntax-error", 1, |d| {
        // Whether a line compiles is for the compiler to say.
        d.uncertain = true;
        inside(d, "import sys sub\nsub\n")
    }),
    choice("import-empty", 1, |d| {
        d.uncertain = true;
        inside(d, "import \nsub\n")
    }),
    choice("import-crlf", 1, |d| inside(d, "import sys\r\nsub\r\n")),
    choice("import-appends", 1, |d| {
        d.uncertain = true;
        inside(d, "import sys; sys.path.append('/appended')\nsub\n")
    }),
    choice("import-executes", 1, |d| {
        d.uncertain = true;
        inside(d, "import os; exec('x = 1')\nsub\n")
    }),
    choice("editable-setuptools", 1, |d| {
        d.file(join(d.site(), "__editable___app_1_0_finder.py"), "def install():\n    pass\n")?;
        d.uncertain = true;
        inside(d, "import __editable___app_1_0_finder; __editable___app_1_0_finder.install()\nsub\n")
    }),
];

/// The file of this dimension.
fn file(d: &Draft<'_>) -> BString {
    join(d.site(), format!("m{}.pth", d.serial))
}

fn pth(d: &mut Draft<'_>, content: impl AsRef<[u8]>) -> io::Result<()> {
    d.file(file(d), content)
}

/// A file in site-packages that has `sub` and `sub/deeper` to name.
fn inside(d: &mut Draft<'_>, content: impl AsRef<[u8]>) -> io::Result<()> {
    d.dir(join(d.site(), "sub/deeper"))?;
    pth(d, content)
}

/// `.start` files, which only 3.15 reads.
pub const START: &[Choice] = &[
    choice("ordinary", 40, |_| Ok(())),
    choice("function", 1, |d| {
        d.file(join(d.site(), "harmless.py"), "def main():\n    pass\n")?;
        d.uncertain = true;
        start(d, "harmless:main\n")
    }),
    choice("missing-module", 1, |d| start(d, "no_such_module_at_all:main\n")),
    choice("no-colon", 1, |d| start(d, "harmless.main\n")),
    choice("two-colons", 1, |d| start(d, "a:b:c\n")),
    choice("blank-inside", 1, |d| start(d, "a : b\n")),
    choice("no-callable", 1, |d| start(d, "a:\n")),
    choice("no-module", 1, |d| start(d, ":b\n")),
    choice("number", 1, |d| start(d, "1a:b\n")),
    choice("comments", 1, |d| start(d, "# nothing\n\n   # more\n")),
    choice("empty-suppresses", 1, |d| {
        d.file(join(d.site(), "s.pth"), "import no_such_module_at_all\nsub\n")?;
        d.dir(join(d.site(), "sub"))?;
        start(d, "")
    }),
    choice("undecodable", 1, |d| {
        d.file(join(d.site(), "s.pth"), "import no_such_module_at_all\n")?;
        start(d, b"\xFF\n".as_slice())
    }),
    choice("hidden", 1, |d| d.file(join(d.site(), ".s.start"), "no_such_module_at_all:main\n")),
    choice("directory", 1, |d| d.dir(join(d.site(), "s.start"))),
    choice("bom", 1, |d| start(d, "\u{feff}no_such_module_at_all:main\n")),
    choice("stdlib-function", 1, |d| {
        d.uncertain = true;
        start(d, "os:getpid\nos:getpid\n")
    }),
];

fn start(d: &mut Draft<'_>, content: impl AsRef<[u8]>) -> io::Result<()> {
    d.file(join(d.site(), "s.start"), content)
}
