//! The base installation: the real one, or a tree of the layout's own; build trees; `._pth` files.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;

use bstr::BString;

use super::draft::{Draft, join, name};
use super::generate::{Choice, choice};

/// What the base installation is.
pub const TREES: &[Choice] = &[
    choice("ordinary", 24, |_| Ok(())),
    choice("own-tree", 6, |d| own_tree(d, true)),
    choice("own-tree-linked-library", 2, |d| {
        own_exe(d)?;
        let stdlib = d.python.stdlib.clone();
        d.link(d.at(&format!("b/{}", d.lib())), stdlib)
    }),
    choice("own-tree-linked-binary", 2, |d| {
        own_tree(d, true)?;
        let (exe, base) = (d.base_exe.clone(), d.python.exe.clone());
        d.link(exe, base)
    }),
    choice("own-tree-with-zip", 1, |d| {
        own_tree(d, true)?;
        d.file(d.at(&format!("b/lib/python{}.zip", d.python.nodot())), "")
    }),
    choice("zip-in-parent", 2, |d| {
        own_tree(d, true)?;
        d.file(d.at(&format!("lib/python{}.zip", d.python.nodot())), "")
    }),
    choice("zip-directory-in-parent", 1, |d| {
        own_tree(d, true)?;
        d.dir(d.at(&format!("lib/python{}.zip", d.python.nodot())))
    }),
    choice("no-lib-dynload", 2, |d| own_tree(d, false)),
    choice("lib-dynload-is-a-file", 1, |d| {
        own_tree(d, false)?;
        d.file(d.at(&format!("b/{}/lib-dynload", d.lib())), "")
    }),
    choice("lib-dynload-above", 1, |d| {
        own_tree(d, false)?;
        d.dir(d.at(&format!("{}/lib-dynload", d.lib())))
    }),
    choice("lib-dynload-here-library-above", 1, |d| {
        own_tree(d, true)?;
        d.rename(d.at(&format!("b/{}", d.lib())), d.at("moving"))?;
        d.dir(d.at(&format!("b/{}/lib-dynload", d.lib())))?;
        d.dir(d.at("lib"))?;
        d.rename(d.at("moving"), d.at(&d.lib()))
    }),
    choice("only-lib-dynload", 1, |d| {
        own_exe(d)?;
        d.dir(d.at(&format!("b/{}/lib-dynload", d.lib())))
    }),
    choice("only-os.py", 1, |d| {
        own_exe(d)?;
        d.file(d.at(&format!("b/{}/os.py", d.lib())), "")
    }),
    choice("os.py-is-a-directory", 1, |d| {
        own_exe(d)?;
        d.dir(d.at(&format!("b/{}/os.py", d.lib())))
    }),
    choice("os.pyc-instead", 1, |d| {
        own_tree(d, true)?;
        let lib = d.lib();
        d.rename(d.at(&format!("b/{lib}/os.py")), d.at(&format!("b/{lib}/os.pyc")))?;
        // The landmark is there; what is imported must still be source.
        d.link(d.at(&format!("b/{lib}/os/__init__.py")), "../os.pyc")
    }),
    choice("empty-tree", 1, own_exe),
    choice("tree-for-other-minor", 1, |d| {
        own_tree(d, true)?;
        d.rename(d.at(&format!("b/{}", d.lib())), d.at("b/lib/python3.5"))
    }),
    choice("tree-in-lib64", 1, |d| {
        own_tree(d, true)?;
        d.rename(d.at("b/lib"), d.at("b/lib64"))
    }),
    choice("tree-in-lib64-said-so", 1, |d| {
        own_tree(d, true)?;
        d.rename(d.at("b/lib"), d.at("b/lib64"))?;
        d.set("PYTHONPLATLIBDIR", "lib64");
        Ok(())
    }),
    choice("deep-binary", 2, |d| {
        own_tree(d, true)?;
        let exe = d.base_exe.clone();
        d.base_exe = d.at("b/libexec/very/deep/python");
        d.dir(d.at("b/libexec/very/deep"))?;
        d.rename(exe, d.base_exe.clone())
    }),
    choice("tree-inside-environment", 1, |d| {
        d.base_prefix = d.at("v/base");
        own_tree_at(d, true)
    }),
    choice("tree-is-the-environment", 1, |d| {
        d.base_prefix = d.at("v");
        own_tree_at(d, true)
    }),
    choice("system-site-filled", 3, |d| {
        own_tree(d, true)?;
        let site = d.at(&format!("b/{}/site-packages", d.lib()));
        d.file(join(&site, "base.pth"), "more\n../outside\n")?;
        d.dir(join(&site, "more"))?;
        d.dir(d.at(&format!("b/{}/outside", d.lib())))
    }),
    choice("no-site.py", 1, |d| {
        own_tree(d, true)?;
        d.rename(d.at(&format!("b/{}/site.py", d.lib())), d.at("site-gone.py"))
    }),
    choice("no-encodings", 1, |d| {
        own_tree(d, true)?;
        d.rename(d.at(&format!("b/{}/encodings", d.lib())), d.at("encodings-gone"))
    }),
];

/// A directory `b` with the binary and the shared libraries it may look for.
pub fn own_exe(d: &mut Draft<'_>) -> io::Result<()> {
    d.base_prefix = d.at("b");
    own_exe_at(d)
}

fn own_exe_at(d: &mut Draft<'_>) -> io::Result<()> {
    d.base_exe = join(&d.base_prefix, format!("bin/python{}", d.python.xy()));
    let exe = d.python.exe.clone();
    d.copy(d.base_exe.clone(), exe)?;
    let library = join(&d.python.prefix, "lib");
    for entry in sorted(d, &library)? {
        if entry.starts_with(b"libpython") {
            d.link(join(&d.base_prefix, join("lib", &entry)), join(&library, &entry))?;
        }
    }
    Ok(())
}

/// An installation in `b`, with symlinks to the standard library and its own site-packages.
pub fn own_tree(d: &mut Draft<'_>, dynload: bool) -> io::Result<()> {
    d.base_prefix = d.at("b");
    own_tree_at(d, dynload)
}

fn own_tree_at(d: &mut Draft<'_>, dynload: bool) -> io::Result<()> {
    own_exe_at(d)?;
    let library = join(&d.base_prefix, d.lib());
    let stdlib = d.python.stdlib.clone();
    let log = d.recipe.len();
    for entry in sorted(d, &stdlib)? {
        let skipped = ["site-packages", "dist-packages", "__pycache__", "test"].iter().any(|name| entry == *name);
        if !skipped && (dynload || entry != "lib-dynload") {
            d.link(join(&library, &entry), join(&stdlib, &entry))?;
        }
    }
    d.recipe.truncate(log);
    d.recipe.push(format!("mkdir -p {library}; ln -s {stdlib}/[!st]* {stdlib}/s[!i]* {library} # and the rest"));
    d.dir(join(&library, "site-packages"))
}

fn sorted(d: &Draft<'_>, dir: &BString) -> io::Result<Vec<BString>> {
    let mut names: Vec<BString> = fs::read_dir(d.outside(dir))?
        .map(|entry| Ok(BString::from(entry?.file_name().as_os_str().as_bytes())))
        .collect::<io::Result<_>>()?;
    names.sort();
    Ok(names)
}

/// `._pth` files.
pub const UNDERPTH: &[Choice] = &[
    choice("ordinary", 60, |_| Ok(())),
    choice("beside-exe", 1, |d| underpth(d, &["LIB", "LIB/lib-dynload"])),
    choice("with-site", 1, |d| underpth(d, &["LIB", "LIB/lib-dynload", "import site"])),
    choice("comments-and-blanks", 1, |d| {
        underpth(d, &["# a comment", "", "  LIB  # trailing", "LIB/lib-dynload", "relative/more", "  import site  "])
    }),
    choice("bad-import", 1, |d| underpth(d, &["LIB", "import os", "LIB/lib-dynload", "importlib"])),
    choice("relative-lines", 1, |d| underpth(d, &["LIB", ".", "..", "x/../y", "/abs//twice/"])),
    choice("duplicates", 1, |d| underpth(d, &["LIB", "LIB", "LIB/lib-dynload", "import site", "a", "a", "./a"])),
    choice("crlf", 1, |d| underpth(d, &["LIB\r", "LIB/lib-dynload\r", "import site\r"])),
    choice("empty", 1, |d| underpth(d, &[])),
    choice("a-directory", 1, |d| {
        let file = under_name(d);
        if d.skip.is_none() { d.dir(file) } else { Ok(()) }
    }),
    choice("dangling", 1, |d| {
        let file = under_name(d);
        if d.skip.is_none() { d.link(file, "nowhere") } else { Ok(()) }
    }),
    choice("beside-base", 1, |d| {
        let lib = d.python.stdlib.clone();
        if d.base_exe == d.python.exe {
            d.impossible("the real installation is not to be changed");
            return Ok(());
        }
        d.file(format!("{}._pth", d.base_exe), format!("{lib}\n{lib}/lib-dynload\nimport site\n"))
    }),
    choice("other-name", 1, |d| d.file(join(d.bin(), format!("python{}._pth", d.python.nodot())), "/nonexistent\n")),
];

fn under_name(d: &mut Draft<'_>) -> BString {
    if d.exe == d.python.exe {
        d.impossible("the real installation is not to be changed");
        return d.at("unused._pth");
    }
    join(d.bin(), [name(&d.exe).as_slice(), b"._pth"].concat())
}

fn underpth(d: &mut Draft<'_>, lines: &[&str]) -> io::Result<()> {
    let stdlib = d.python.stdlib.to_string();
    let text: String = lines.iter().map(|line| line.replace("LIB", &stdlib) + "\n").collect();
    let file = under_name(d);
    d.file(file, text)
}

/// Signs of a build tree next to a binary.
pub const BUILDS: &[Choice] = &[
    choice("ordinary", 60, |_| Ok(())),
    choice("pybuilddir", 1, |d| beside(d, "pybuilddir.txt", "build/lib.x")),
    choice("pybuilddir-newline", 1, |d| beside(d, "pybuilddir.txt", "build/lib.x\nmore\n")),
    choice("pybuilddir-empty", 1, |d| beside(d, "pybuilddir.txt", "")),
    choice("pybuilddir-absolute", 1, |d| beside(d, "pybuilddir.txt", "/nonexistent/build")),
    choice("pybuilddir-with-Lib", 1, |d| {
        beside(d, "pybuilddir.txt", "build/lib.x")?;
        let stdlib = d.python.stdlib.clone();
        d.link(join(d.base_bin(), "Lib"), stdlib)
    }),
    choice("setup-and-Lib", 1, |d| {
        for file in ["Modules/Setup", "Modules/Setup.local"] {
            beside(d, file, "")?;
        }
        let stdlib = d.python.stdlib.clone();
        d.link(join(d.base_bin(), "Lib"), stdlib)
    }),
    choice("setup-only", 1, |d| beside(d, "Modules/Setup.local", "")),
    choice("setup-in-environment", 1, |d| d.file(join(d.bin(), "Modules/Setup.local"), "")),
    choice("pybuilddir-in-environment", 1, |d| d.file(join(d.bin(), "pybuilddir.txt"), "build/lib.y")),
];

/// A file next to the base binary, which must be in the layout.
fn beside(d: &mut Draft<'_>, name: &str, content: &str) -> io::Result<()> {
    if d.base_exe == d.python.exe {
        // A home in the layout, with a symlink to the real binary.
        let (bin, base) = (d.at("built"), d.base_exe.clone());
        d.copy(join(&bin, name_of_build(d)), base)?;
        d.base_exe = join(&bin, name_of_build(d));
        if d.exe.starts_with(d.venv.as_slice()) && !d.cfg.lines.is_empty() {
            d.cfg.lines[0] = super::kinds_exe::format_line("home = ", &bin);
            let exe = d.exe.clone();
            d.link(exe, d.base_exe.clone())?;
        } else {
            d.exe = d.base_exe.clone();
        }
    }
    if d.base_exe.starts_with(d.work.as_slice()) {
        d.file(join(d.base_bin(), name), content)?;
    } else {
        d.impossible("the real installation is not to be changed");
    }
    Ok(())
}

fn name_of_build(d: &Draft<'_>) -> String {
    format!("python{}", d.python.xy())
}
