//! How the executable is called: what is typed, from where, with which flags, to run what.

use std::io;

use bstr::{BString, ByteSlice};

use super::draft::{Draft, Launch, join, name, parent};
use super::generate::{Choice, choice};
use super::kinds_env::archive;
use crate::support::world::{Cwd, PROBE};

/// What is typed.
pub const CALLS: &[Choice] = &[
    choice("ordinary", 24, |_| Ok(())),
    choice("relative", 2, |d| inside(d, "", "")),
    choice("dot-relative", 1, |d| inside(d, "", "./")),
    choice("from-bin", 2, |d| from_bin(d, "./")),
    choice("from-sibling", 2, |d| {
        d.dir(d.at("s"))?;
        inside(d, "s", "../")
    }),
    choice("from-two-below", 1, |d| {
        d.dir(d.at("s/t"))?;
        inside(d, "s/t", "../../")
    }),
    choice("slashes-and-dots", 2, |d| {
        let typed = d.exe.replace("/bin/", "//bin/./");
        d.typed = Some(BString::from(typed));
        Ok(())
    }),
    choice("relative-slashes-and-dots", 1, |d| {
        inside(d, "", ".//")?;
        d.typed = d.typed.as_ref().map(|typed| BString::from(typed.replace("/bin/", "//bin/./")));
        Ok(())
    }),
    choice("bin-dot-dot-bin", 2, |d| {
        let typed = join(join(d.bin(), format!("../{}", name(&d.bin()))), name(&d.exe));
        d.typed = Some(typed);
        Ok(())
    }),
    choice("leading-slashes", 1, |d| {
        d.typed = Some(BString::from([b"//", d.exe.as_slice()].concat()));
        Ok(())
    }),
    choice("PATH", 3, |d| {
        let path = [d.bin().as_slice(), b":/usr/bin"].concat();
        bare(d, path)
    }),
    choice("PATH-trailing-slash", 1, |d| {
        let path = [d.bin().as_slice(), b"/:/usr/bin"].concat();
        bare(d, path)
    }),
    choice("PATH-second", 1, |d| {
        let bare_name = name(&d.exe);
        d.dir(join(d.at("first"), &bare_name))?;
        d.file(join(d.at("second"), &bare_name), "not executable")?;
        d.link(join(d.at("third"), &bare_name), "nowhere")?;
        let path = format!("{}:{}:{}:", d.at("first"), d.at("second"), d.at("third")).into_bytes();
        let path = [path.as_slice(), &d.bin()].concat();
        bare(d, path)
    }),
    choice("PATH-relative", 2, |d| {
        inside(d, "", "")?;
        let Some(typed) = d.typed.take() else { return Ok(()) };
        bare(d, parent(&typed))
    }),
    choice("PATH-dot-relative", 1, |d| {
        inside(d, "", "./")?;
        let Some(typed) = d.typed.take() else { return Ok(()) };
        bare(d, parent(&typed))
    }),
    choice("PATH-empty-entry", 1, |d| {
        from_bin(d, "")?;
        bare(d, ":/usr/bin")
    }),
    choice("PATH-empty", 1, |d| {
        from_bin(d, "")?;
        bare(d, "")
    }),
    choice("PATH-dot", 1, |d| {
        from_bin(d, "")?;
        bare(d, ".:/nonexistent")
    }),
    choice("PATH-dot-dot", 1, |d| {
        d.dir(join(d.bin(), "below"))?;
        d.cwd = Some(Cwd::At(join(d.bin(), "below")));
        bare(d, "..")
    }),
];

/// Types the path of the executable from a directory inside the layout.
fn inside(d: &mut Draft<'_>, dir: &str, before: &str) -> io::Result<()> {
    let Some(rest) = d.exe.strip_prefix(join(&d.work, "").as_slice()).map(BString::from) else {
        d.impossible("the executable lies outside the layout");
        return Ok(());
    };
    d.cwd = Some(Cwd::At(if dir.is_empty() { d.work.clone() } else { d.at(dir) }));
    d.typed = Some(BString::from([before.as_bytes(), rest.as_slice()].concat()));
    Ok(())
}

fn from_bin(d: &mut Draft<'_>, before: &str) -> io::Result<()> {
    d.cwd = Some(Cwd::At(d.bin()));
    d.typed = Some(BString::from([before.as_bytes(), name(&d.exe).as_slice()].concat()));
    Ok(())
}

fn bare(d: &mut Draft<'_>, path: impl Into<BString>) -> io::Result<()> {
    d.set("PATH", path);
    d.typed = Some(name(&d.exe));
    if d.work.contains(&b':') {
        d.impossible("a search path cannot hold this directory");
    }
    Ok(())
}

/// The working directory, where the call leaves it open.
pub const CWDS: &[Choice] = &[
    choice("ordinary", 8, |_| Ok(())),
    choice("work", 3, |d| go(d, d.work.clone())),
    choice("environment", 2, |d| go(d, d.venv.clone())),
    choice("bin", 1, |d| go(d, d.bin())),
    choice("base", 1, |d| go(d, d.base_prefix.clone())),
    choice("stdlib", 1, |d| go(d, d.python.stdlib.clone())),
    choice("site-packages", 1, |d| go(d, d.site())),
    choice("through-link", 1, |d| {
        d.link(d.at("here"), ".")?;
        go(d, d.at("here"))
    }),
    choice("with-traps", 1, |d| {
        for file in ["sitecustomize.py", "usercustomize.py", "trap/pyvenv.cfg"] {
            d.file(d.at(&format!("traps/{file}")), "pass\n")?;
        }
        go(d, d.at("traps"))
    }),
    choice("removed", 2, |d| {
        if d.cwd.is_none() {
            d.cwd = Some(Cwd::Removed(d.at("gone")));
        }
        Ok(())
    }),
];

fn go(d: &mut Draft<'_>, dir: BString) -> io::Result<()> {
    if d.cwd.is_none() {
        if dir.starts_with(d.work.as_slice()) {
            d.dir(&dir)?;
        }
        d.cwd = Some(Cwd::At(dir));
    }
    Ok(())
}

/// The flags of the command line.
pub const FLAGS: &[Choice] = &[
    choice("ordinary", 30, |_| Ok(())),
    choice("-I", 3, |d| flags(d, &["-I"])),
    choice("-E", 2, |d| flags(d, &["-E"])),
    choice("-s", 2, |d| flags(d, &["-s"])),
    choice("-S", 4, |d| flags(d, &["-S"])),
    choice("-P", 2, |d| flags(d, &["-P"])),
    choice("-I-S", 1, |d| flags(d, &["-I", "-S"])),
    choice("-E-s", 1, |d| flags(d, &["-E", "-s"])),
    choice("-E-S", 1, |d| flags(d, &["-E", "-S"])),
    choice("-s-S", 1, |d| flags(d, &["-s", "-S"])),
    choice("-P-S", 1, |d| flags(d, &["-P", "-S"])),
    choice("-P-E", 1, |d| flags(d, &["-P", "-E"])),
    choice("-E-s-P-S", 1, |d| flags(d, &["-E", "-s", "-P", "-S"])),
];

fn flags(d: &mut Draft<'_>, flags: &[&'static str]) -> io::Result<()> {
    d.flags = flags.to_vec();
    if d.python.minor < 11 && flags.contains(&"-P") {
        d.impossible("this version has no -P");
    }
    Ok(())
}

/// What is run.
pub const LAUNCHES: &[Choice] = &[
    choice("ordinary", 14, |_| Ok(())),
    choice("interactive", 2, |d| launch(d, Launch::Interactive)),
    choice("module", 3, |d| launch(d, Launch::Module)),
    choice("script", 3, |d| script(d, "s/probe.py", "s/probe.py")),
    choice("script-through-link", 1, |d| {
        d.link(d.at("t/link.py"), "../s/probe.py")?;
        script(d, "s/probe.py", "t/link.py")
    }),
    choice("script-through-directory-link", 1, |d| {
        d.link(d.at("t"), "s")?;
        script(d, "s/probe.py", "t/probe.py")
    }),
    choice("script-through-chain", 1, |d| {
        d.link(d.at("u/a.py"), "../t/b.py")?;
        d.link(d.at("t"), "s")?;
        d.link(d.at("s/b.py"), "deep/probe.py")?;
        script(d, "s/deep/probe.py", "u/a.py")
    }),
    choice("script-with-dots", 1, |d| script(d, "s/probe.py", "s/../s//./probe.py")),
    choice("script-relative", 1, |d| {
        d.cwd.get_or_insert(Cwd::At(d.work.clone()));
        script(d, "s/probe.py", "s/probe.py")?;
        relative_script(d, "s/probe.py")
    }),
    choice("script-bare", 1, |d| {
        d.cwd.get_or_insert(Cwd::At(d.work.clone()));
        script(d, "probe.py", "probe.py")?;
        relative_script(d, "probe.py")
    }),
    choice("directory", 2, |d| script(d, "app/__main__.py", "app")),
    choice("directory-trailing-slash", 1, |d| script(d, "app/__main__.py", "app/")),
    choice("directory-through-link", 1, |d| {
        d.link(d.at("link"), "app")?;
        script(d, "app/__main__.py", "link")
    }),
    choice("directory-relative", 1, |d| {
        d.cwd.get_or_insert(Cwd::At(d.work.clone()));
        script(d, "app/__main__.py", "app")?;
        relative_script(d, "app")
    }),
    choice("directory-dot", 1, |d| {
        script(d, "app/__main__.py", "app")?;
        if d.cwd.is_none() {
            d.cwd = Some(Cwd::At(d.at("app")));
            d.launch = Launch::Script(BString::from("."));
        }
        Ok(())
    }),
    choice("zip", 1, |d| {
        d.file(d.at("app.pyz"), archive(&[("__main__.py", PROBE)])?)?;
        launch(d, Launch::Script(d.at("app.pyz")))
    }),
    choice("zip-relative-dots", 1, |d| {
        d.file(d.at("app.pyz"), archive(&[("__main__.py", PROBE)])?)?;
        d.dir(d.at("s"))?;
        d.cwd.get_or_insert(Cwd::At(d.work.clone()));
        launch(d, Launch::Script(d.at("app.pyz")))?;
        relative_script(d, "s/.././app.pyz")
    }),
    choice("zip-with-shebang", 1, |d| {
        let zip = [b"#!/usr/bin/env python3\n".as_slice(), &archive(&[("__main__.py", PROBE)])?].concat();
        d.file(d.at("tool"), zip)?;
        launch(d, Launch::Script(d.at("tool")))
    }),
];

fn launch(d: &mut Draft<'_>, launch: Launch) -> io::Result<()> {
    d.launch = launch;
    Ok(())
}

/// Runs `typed`, which leads to the probe in `file`.
fn script(d: &mut Draft<'_>, file: &str, typed: &str) -> io::Result<()> {
    d.file(d.at(file), PROBE)?;
    launch(d, Launch::Script(d.at(typed)))
}

/// Types a relative path, where the working directory is the directory of the layout.
fn relative_script(d: &mut Draft<'_>, typed: &str) -> io::Result<()> {
    if matches!(&d.cwd, Some(Cwd::At(cwd)) if *cwd == d.work) {
        d.launch = Launch::Script(BString::from(typed));
    }
    Ok(())
}
