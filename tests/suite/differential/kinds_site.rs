//! The user's own site-packages, and the modules that customize a site.

use std::io;

use super::draft::{Draft, join};
use super::generate::{Choice, choice};
use super::kinds_env::archive;

/// `HOME`, `PYTHONUSERBASE` and what lies there.
pub const USERS: &[Choice] = &[
    choice("ordinary", 24, |_| Ok(())),
    choice("user-site", 3, |d| d.dir(d.user_site())),
    choice("user-site-pth", 3, |d| {
        d.dir(join(d.user_site(), "mine"))?;
        d.file(join(d.user_site(), "u.pth"), "mine\n../mine\n/nonexistent\n")
    }),
    choice("user-site-bad-pth", 1, |d| d.file(join(d.user_site(), "u.pth"), "import no_such_module_at_all\nx\n")),
    choice("user-site-file", 1, |d| d.file(d.user_site(), "")),
    choice("user-site-link", 1, |d| {
        d.dir(d.at("mine"))?;
        d.link(d.user_site(), d.at("mine"))
    }),
    choice("system-and-user", 3, |d| {
        d.dir(join(d.user_site(), "mine"))?;
        d.file(join(d.user_site(), "u.pth"), "mine\n")?;
        d.cfg.lines.retain(|line| !line.starts_with(b"include-system"));
        d.cfg.lines.push("include-system-site-packages = true".into());
        Ok(())
    }),
    choice("home-unset", 1, |d| {
        d.env.remove("HOME");
        Ok(())
    }),
    choice("home-empty", 1, |d| set(d, "HOME", "")),
    choice("home-relative", 1, |d| set(d, "HOME", "home")),
    choice("home-slash", 1, |d| set(d, "HOME", "/")),
    choice("home-trailing-slash", 1, |d| {
        let home = d.at("home/");
        d.set("HOME", home);
        d.dir(d.user_site())
    }),
    choice("home-double-slash", 1, |d| {
        let home = d.at("/home//x/..");
        d.set("HOME", home);
        d.dir(d.user_site())
    }),
    choice("home-missing", 1, |d| set(d, "HOME", "/nonexistent/home")),
    choice("userbase", 2, |d| {
        d.dir(d.at(&format!("ub/{}/site-packages", d.lib())))?;
        let base = d.at("ub");
        d.set("PYTHONUSERBASE", base);
        Ok(())
    }),
    choice("userbase-relative", 1, |d| set(d, "PYTHONUSERBASE", "ub")),
    choice("userbase-tilde", 1, |d| {
        d.dir(d.at(&format!("home/ub/{}/site-packages", d.lib())))?;
        set(d, "PYTHONUSERBASE", "~/ub")
    }),
    choice("userbase-empty", 1, |d| {
        d.dir(d.user_site())?;
        set(d, "PYTHONUSERBASE", "")
    }),
    choice("userbase-trailing-slash", 1, |d| {
        d.dir(d.at(&format!("ub/{}/site-packages", d.lib())))?;
        let base = d.at("ub/");
        d.set("PYTHONUSERBASE", base);
        Ok(())
    }),
    choice("userbase-is-environment", 1, |d| {
        let base = d.venv.clone();
        d.set("PYTHONUSERBASE", base);
        Ok(())
    }),
    choice("unprivileged", 2, |d| {
        d.unprivileged = true;
        Ok(())
    }),
    choice("unprivileged-home-unset", 1, |d| {
        d.unprivileged = true;
        d.env.remove("HOME");
        Ok(())
    }),
];

fn set(d: &mut Draft<'_>, name: &str, value: &str) -> io::Result<()> {
    d.set(name, value);
    Ok(())
}

const HARMLESS: &str = "pass\n";

/// `sitecustomize` and `usercustomize`.
///
/// What such a module does cannot be foretold; these do nothing, or fail in a way that changes nothing.
pub const CUSTOMIZE: &[Choice] = &[
    choice("ordinary", 40, |_| Ok(())),
    choice("sitecustomize", 2, |d| d.file(join(d.site(), "sitecustomize.py"), HARMLESS)),
    choice("sitecustomize-package", 1, |d| d.file(join(d.site(), "sitecustomize/__init__.py"), HARMLESS)),
    choice("sitecustomize-namespace", 1, |d| d.dir(join(d.site(), "sitecustomize"))),
    choice("package-and-module", 1, |d| {
        d.file(join(d.site(), "sitecustomize.py"), HARMLESS)?;
        d.file(join(d.site(), "sitecustomize/__init__.py"), HARMLESS)
    }),
    choice("usercustomize", 1, |d| d.file(join(d.site(), "usercustomize.py"), HARMLESS)),
    choice("user-usercustomize", 2, |d| {
        d.file(join(d.user_site(), "usercustomize.py"), HARMLESS)?;
        d.file(join(d.user_site(), "sitecustomize.py"), HARMLESS)
    }),
    choice("both", 1, |d| {
        d.file(join(d.site(), "sitecustomize.py"), HARMLESS)?;
        d.file(join(d.site(), "usercustomize.py"), HARMLESS)
    }),
    choice("on-PYTHONPATH", 2, |d| {
        d.file(d.at("custom/sitecustomize.py"), HARMLESS)?;
        d.file(d.at("custom/usercustomize.py"), HARMLESS)?;
        let dir = d.at("custom");
        d.set("PYTHONPATH", dir);
        Ok(())
    }),
    choice("in-zip", 1, |d| {
        d.file(d.at("custom.zip"), archive(&[("sitecustomize.py", HARMLESS)])?)?;
        let zip = d.at("custom.zip");
        d.set("PYTHONPATH", zip);
        Ok(())
    }),
    choice("in-zip-directory", 1, |d| {
        d.file(d.at("custom.zip"), archive(&[("lib/sitecustomize/__init__.py", HARMLESS)])?)?;
        let dir = d.at("custom.zip/lib");
        d.set("PYTHONPATH", dir);
        Ok(())
    }),
    choice("through-pth", 1, |d| {
        d.file(d.at("far/sitecustomize.py"), HARMLESS)?;
        let line = [d.at("far").as_slice(), b"\n"].concat();
        d.file(join(d.site(), "far.pth"), line)
    }),
    choice("dangling", 1, |d| d.link(join(d.site(), "sitecustomize.py"), "nowhere")),
    choice("upper-case", 1, |d| d.file(join(d.site(), "SiteCustomize.py"), "raise SystemExit(9)\n")),
    choice("stub-extension", 1, |d| d.file(join(d.site(), "sitecustomize.pyi"), "raise SystemExit(9)\n")),
];
