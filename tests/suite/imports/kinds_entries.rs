//! The entries of `sys.path`: variables, flags, `.pth` lines, user site, base.

use std::io;

use bstr::BString;

use super::archive::{archive, member};
use super::kind::{Kind, kind};
use super::layout::Layout;
use crate::differential::draft::join;
use crate::support::world::Cwd;

/// The kinds.
pub const KINDS: &[Kind] = &[
    kind("path-relative", relative),
    kind("path-with-slashes", slashes),
    kind("path-missing-or-file", missing),
    kind("path-duplicate", duplicate),
    kind("path-symlink", symlink),
    kind("path-empty-elements", empty_elements),
    kind("path-is-root", root),
    kind("path-not-utf-8", not_utf8),
    kind("path-ignored", ignored),
    kind("working-directory", working_directory),
    kind("working-directory-removed", removed),
    kind("safe-path", safe_path),
    kind("isolated", |l| flags(l, "-I")),
    kind("no-site", |l| flags(l, "-S")),
    kind("no-user-site", |l| flags(l, "-s")),
    kind("user-site", user_site),
    kind("system-site-packages", system_site),
    kind("pth-lines", pth_lines),
    kind("pth-with-absolute-paths", pth_absolute),
    kind("pth-to-the-standard-library", pth_library),
    kind("base-without-environment", base),
];

/// A module of the same name, and one of its own, in each directory.
fn fill(l: &mut Layout<'_>, dirs: &[BString]) -> io::Result<()> {
    for (number, dir) in dirs.iter().enumerate() {
        let file = l.pick(&["spam.py", "spam/__init__.py", "spam/child.py"]);
        l.put(dir, file)?;
        l.put(dir, format!("only{number}.py"))?;
        l.ask(format!("only{number}"));
    }
    l.ask_all(&["spam", "spam.child"]);
    Ok(())
}

fn variable(l: &mut Layout<'_>, elements: &[&str]) {
    let elements = l.some(elements);
    l.draft.set("PYTHONPATH", elements.join(":"));
}

fn relative(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = [l.at("cwd/rel"), l.at("rel"), l.at("cwd/rel/deep"), l.cwd()];
    fill(l, &dirs)?;
    variable(l, &["rel", "./rel", "../rel", "rel/", "rel//deep", "rel/../rel", ".", "..", "./", "rel/deep/"]);
    Ok(())
}

fn slashes(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = [l.at("pp-a"), l.at("pp-b"), l.at("pp-c")];
    fill(l, &dirs)?;
    let (a, b, c) = (dirs[0].to_string(), dirs[1].to_string(), dirs[2].to_string());
    let doubled = b.replacen('/', "//", 3);
    variable(
        l,
        &[&format!("{a}/"), &format!("{a}//"), &doubled, &format!("{c}/."), &format!("{b}/../pp-c"), &format!("//{a}")],
    );
    Ok(())
}

fn missing(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = [l.at("pp-a")];
    fill(l, &dirs)?;
    l.put(&l.at("files"), "spam.py")?;
    let (a, file) = (dirs[0].to_string(), l.at("files/spam.py").to_string());
    variable(l, &[&l.at("nowhere").to_string(), &file, &format!("{file}/below"), &a, "/dev/null", "~", "$HOME"]);
    Ok(())
}

fn duplicate(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = [l.at("pp-a"), l.at("pp-b")];
    fill(l, &dirs)?;
    let (a, b) = (dirs[0].to_string(), dirs[1].to_string());
    l.draft.set("PYTHONPATH", [&a, &b, &a, &b, &a].map(String::as_str).join(":"));
    if l.chance(2) {
        l.draft.flags.push("-S");
    }
    Ok(())
}

fn symlink(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = [l.at("pp-a")];
    fill(l, &dirs)?;
    l.draft.link(l.at("link"), "pp-a")?;
    l.draft.link(l.at("dangling"), "nowhere")?;
    let elements = ["pp-a", "link", "dangling"].map(|name| l.at(name).to_string());
    variable(l, &elements.each_ref().map(String::as_str));
    Ok(())
}

fn empty_elements(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = [l.at("pp-a"), l.cwd()];
    fill(l, &dirs)?;
    let a = dirs[0].to_string();
    let list = l.pick(&[":", "::", ":A", "A:", "A::A", ""]).replace('A', &a);
    l.draft.set("PYTHONPATH", list);
    Ok(())
}

fn root(l: &mut Layout<'_>) -> io::Result<()> {
    let list = l.pick(&["/", "//", "/.", "/:/usr"]);
    l.draft.set("PYTHONPATH", list);
    // Directories of the root are namespace packages.
    l.ask_all(&["tmp", "usr", "usr.lib", "etc", "spam", "bin"]);
    Ok(())
}

fn not_utf8(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = join(&l.draft.work, b"caf\xE9");
    if l.python().pypy {
        l.draft.impossible("PyPy crashes on a PYTHONPATH that is not UTF-8, or not");
    }
    fill(l, std::slice::from_ref(&dir))?;
    l.search(&dir);
    Ok(())
}

fn ignored(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = [l.at("pp-a"), l.draft.site()];
    fill(l, &dirs)?;
    l.search(&dirs[0]);
    let flag = l.pick(&["-E", "-I", "-s"]);
    l.draft.flags.push(flag);
    Ok(())
}

fn working_directory(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = [l.cwd(), l.draft.site()];
    fill(l, &dirs)?;
    let dir =
        l.pick(&[l.cwd(), l.draft.site(), l.draft.venv.clone(), BString::from("/"), l.draft.python.stdlib.clone()]);
    l.draft.cwd = Some(Cwd::At(dir));
    l.ask_all(&["json", "lib", "bin", "v", "encodings"]);
    Ok(())
}

fn removed(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = [l.draft.site()];
    fill(l, &dirs)?;
    l.draft.cwd = Some(Cwd::Removed(l.at("gone")));
    Ok(())
}

fn safe_path(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = [l.cwd(), l.at("pp-a")];
    fill(l, &dirs)?;
    l.search(&dirs[1]);
    if l.since(11) && l.chance(2) {
        l.draft.flags.push("-P");
    } else {
        let value = l.pick(&["1", "0", "", "no"]);
        l.draft.set("PYTHONSAFEPATH", value);
    }
    Ok(())
}

fn flags(l: &mut Layout<'_>, flag: &'static str) -> io::Result<()> {
    let dirs = l.entries(4)?;
    fill(l, &dirs)?;
    l.draft.flags.push(flag);
    Ok(())
}

/// The environment sees the base's site-packages and the user's.
pub fn see_the_base(l: &mut Layout<'_>) -> io::Result<()> {
    l.all_code |= l.has_base_code();
    if let Some(line) = l.draft.cfg.lines.get_mut(1) {
        *line = BString::from("include-system-site-packages = true");
    }
    l.draft.finish()
}

/// The base itself is started.
pub fn start_the_base(l: &mut Layout<'_>) {
    l.all_code |= l.has_base_code();
    l.draft.typed = Some(l.python().exe.clone());
}

fn user_site(l: &mut Layout<'_>) -> io::Result<()> {
    let mut dirs = vec![l.draft.user_site(), l.cwd()];
    if l.chance(2) {
        start_the_base(l);
    } else {
        see_the_base(l)?;
        dirs.push(l.draft.site());
    }
    match l.rng.below(5) {
        0 => l.draft.set("PYTHONNOUSERSITE", "1"),
        1 => {
            l.draft.set("PYTHONUSERBASE", l.at("base"));
            dirs.push(l.at(&format!("base/{}/site-packages", l.draft.lib())));
        }
        2 => l.draft.flags.push("-s"),
        _ => {}
    }
    fill(l, &dirs)?;
    l.put(&l.draft.user_site(), "json.py")?;
    l.ask("json");
    Ok(())
}

fn system_site(l: &mut Layout<'_>) -> io::Result<()> {
    see_the_base(l)?;
    let dirs = [l.draft.site(), l.draft.user_site()];
    fill(l, &dirs)?;
    l.put(&l.draft.site(), "pip/__init__.py")?;
    l.ask_all(&[
        "pip",
        "setuptools",
        "setuptools.command",
        "pip._internal",
        "pkg_resources",
        "wheel",
        "_distutils_hack",
    ]);
    Ok(())
}

const LINES: &[&str] = &[
    "below",
    "below/",
    "./below/deep",
    "../site-packages/below",
    "# below",
    "missing",
    "  below",
    "below  ",
    "",
    ".",
    "..",
    "below/spam.py",
    "code.zip",
];

fn pth_lines(l: &mut Layout<'_>) -> io::Result<()> {
    let site = l.draft.site();
    let dirs = [join(&site, "below"), join(&site, "below/deep"), site];
    fill(l, &dirs)?;
    l.in_site("code.zip", archive(&[member("zipped.py", "")], b"", b""))?;
    for file in l.some(&["a.pth", "b.pth", "Z.pth", ".hidden.pth", "c.pth.bak"]) {
        let lines = l.some(LINES);
        l.in_site(file, lines.join("\n") + "\n")?;
    }
    l.ask_all(&["zipped", "deep"]);
    Ok(())
}

fn pth_absolute(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = [l.at("extra-1"), l.at("extra-2"), l.draft.site()];
    fill(l, &dirs)?;
    let mut text = Vec::new();
    for dir in [&dirs[1], &dirs[0], &dirs[1]] {
        text.extend([dir.as_slice(), b"\n"].concat());
    }
    l.in_site("__editable__.spam-1.0.pth", text)
}

fn pth_library(l: &mut Layout<'_>) -> io::Result<()> {
    let stdlib = l.python().stdlib.clone();
    let email = join(&stdlib, "email");
    l.in_site("library.pth", [stdlib.as_slice(), b"\n", email.as_slice(), b"\n"].concat())?;
    l.ask_all(&["json", "parser", "message", "charset", "email.parser"]);
    Ok(())
}

fn base(l: &mut Layout<'_>) -> io::Result<()> {
    start_the_base(l);
    let dirs = [l.cwd(), l.at("pp-a"), l.draft.user_site()];
    fill(l, &dirs)?;
    l.search(&dirs[1]);
    l.ask_all(&["pip", "setuptools", "pkg_resources", "distutils", "distutils.core", "wheel", "apt", "six"]);
    Ok(())
}
