//! Environment variables.

use bstr::{BString, ByteSlice};

use super::draft::{Draft, join};
use super::generate::{Choice, choice};

/// `PYTHONHOME`.
pub const PYTHONHOME: &[Choice] = &[
    choice("ordinary", 40, |_| Ok(())),
    choice("right", 2, |d| put(d, "PYTHONHOME", |d| d.base_prefix.clone())),
    choice("with-exec", 1, |d| {
        d.dir(d.at(&format!("ep/{}/lib-dynload", d.lib())))?;
        put(d, "PYTHONHOME", |d| BString::from(format!("{}:{}", d.base_prefix, d.at("ep"))))
    }),
    choice("with-missing-exec", 1, |d| {
        put(d, "PYTHONHOME", |d| BString::from(format!("{}:{}", d.base_prefix, d.at("no"))))
    }),
    choice("trailing-slash", 1, |d| put(d, "PYTHONHOME", |d| join(&d.base_prefix, ""))),
    choice("trailing-colon", 1, |d| put(d, "PYTHONHOME", |d| BString::from(format!("{}:", d.base_prefix)))),
    choice("three-parts", 1, |d| put(d, "PYTHONHOME", |d| BString::from(format!("{0}:{0}:{0}", d.base_prefix)))),
    choice("leading-colon", 1, |d| put(d, "PYTHONHOME", |d| BString::from(format!(":{}", d.base_prefix)))),
    choice("dots", 1, |d| put(d, "PYTHONHOME", |d| join(&d.base_prefix, "lib/.."))),
    choice("wrong", 1, |d| put(d, "PYTHONHOME", |_| BString::from("/nonexistent"))),
    choice("empty", 1, |d| put(d, "PYTHONHOME", |_| BString::from(""))),
    choice("relative", 1, |d| put(d, "PYTHONHOME", |_| BString::from("b"))),
    choice("relative-to-root", 1, |d| {
        put(d, "PYTHONHOME", |d| BString::from(d.base_prefix.trim_start_with(|character| character == '/')))
    }),
    choice("environment", 1, |d| put(d, "PYTHONHOME", |d| d.venv.clone())),
    choice("blank", 1, |d| put(d, "PYTHONHOME", |d| BString::from(format!(" {}", d.base_prefix)))),
];

fn put(d: &mut Draft<'_>, name: &str, value: fn(&Draft<'_>) -> BString) -> std::io::Result<()> {
    let value = value(d);
    d.set(name, value);
    Ok(())
}

/// `PYTHONPATH`.
pub const PYTHONPATH: &[Choice] = &[
    choice("ordinary", 40, |_| Ok(())),
    choice("empty", 1, |d| put(d, "PYTHONPATH", |_| BString::from(""))),
    choice("directory", 3, |d| {
        d.dir(d.at("extra"))?;
        put(d, "PYTHONPATH", |d| d.at("extra"))
    }),
    choice("missing", 2, |d| put(d, "PYTHONPATH", |_| BString::from("/nonexistent/lib"))),
    choice("relative", 2, |d| put(d, "PYTHONPATH", |_| BString::from("a"))),
    choice("empty-entries", 2, |d| put(d, "PYTHONPATH", |_| BString::from("a::b"))),
    choice("colons", 1, |d| put(d, "PYTHONPATH", |_| BString::from("::"))),
    choice("leading-colon", 1, |d| put(d, "PYTHONPATH", |_| BString::from(":/one"))),
    choice("trailing-colon", 1, |d| put(d, "PYTHONPATH", |_| BString::from("/one:"))),
    choice("duplicates", 1, |d| put(d, "PYTHONPATH", |_| BString::from("/one:/two:/one:/one/:/two/../one"))),
    choice("dots", 1, |d| put(d, "PYTHONPATH", |_| BString::from(".:..:./x:../y:/a/./b:/a/b/.."))),
    choice("double-slash", 1, |d| put(d, "PYTHONPATH", |_| BString::from("//a//b///c/:///d"))),
    choice("above-root", 1, |d| put(d, "PYTHONPATH", |_| BString::from("/../x:../../../../../../../../../y"))),
    choice("blanks", 1, |d| put(d, "PYTHONPATH", |_| BString::from(" /one : /two "))),
    choice("tilde", 1, |d| put(d, "PYTHONPATH", |_| BString::from("~/lib"))),
    choice("stdlib", 1, |d| put(d, "PYTHONPATH", |d| d.python.stdlib.clone())),
    choice("lib-dynload", 1, |d| put(d, "PYTHONPATH", |d| join(&d.python.stdlib, "lib-dynload"))),
    choice("site-packages", 2, |d| {
        d.file(join(d.site(), "known.pth"), "deeper\n")?;
        d.dir(join(d.site(), "deeper"))?;
        let dir = d.site();
        d.set("PYTHONPATH", dir);
        Ok(())
    }),
    choice("user-site", 1, |d| {
        d.dir(d.user_site())?;
        let dir = d.user_site();
        d.set("PYTHONPATH", dir);
        Ok(())
    }),
    choice("zip", 1, |d| {
        let zip = archive(&[("unused.py", "")])?;
        d.file(d.at("lib.zip"), zip)?;
        put(d, "PYTHONPATH", |d| d.at("lib.zip"))
    }),
    choice("not-utf-8", 1, |d| put(d, "PYTHONPATH", |_| BString::from(b"/\xFF\xFE".as_slice()))),
    choice("utf-8", 1, |d| put(d, "PYTHONPATH", |_| BString::from("/dæmon:☃"))),
    choice("newline", 1, |d| put(d, "PYTHONPATH", |_| BString::from("/a\nb"))),
    choice("one-letter", 1, |d| put(d, "PYTHONPATH", |_| BString::from("x:.:y"))),
    choice("zip-of-stdlib", 1, |d| {
        put(d, "PYTHONPATH", |d| join(&d.base_prefix, format!("lib/python{}.zip", d.python.nodot())))
    }),
];

/// A zip file without compression.
pub fn archive(files: &[(&str, &str)]) -> std::io::Result<Vec<u8>> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in files {
        writer.start_file(*name, options).map_err(std::io::Error::other)?;
        writer.write_all(text.as_bytes())?;
    }
    Ok(writer.finish().map_err(std::io::Error::other)?.into_inner())
}

/// The other variables.
pub const VARIABLES: &[Choice] = &[
    choice("ordinary", 40, |_| Ok(())),
    choice("PYTHONPLATLIBDIR=lib", 1, |d| put(d, "PYTHONPLATLIBDIR", |_| BString::from("lib"))),
    choice("PYTHONPLATLIBDIR=lib64", 1, |d| put(d, "PYTHONPLATLIBDIR", |_| BString::from("lib64"))),
    choice("PYTHONPLATLIBDIR=nonsense", 1, |d| put(d, "PYTHONPLATLIBDIR", |_| BString::from("no/such/../x"))),
    choice("PYTHONPLATLIBDIR=empty", 1, |d| put(d, "PYTHONPLATLIBDIR", |_| BString::from(""))),
    choice("PYTHONPLATLIBDIR=lib64-by-link", 1, |d| {
        // Only a tree of the layout's own may get a second name for its library.
        if d.base_prefix.starts_with(d.work.as_slice()) {
            d.link(join(&d.base_prefix, "lib64"), "lib")?;
        }
        d.link(d.at("v/lib64"), "lib")?;
        put(d, "PYTHONPLATLIBDIR", |_| BString::from("lib64"))
    }),
    choice("PYTHONSAFEPATH=1", 1, |d| put(d, "PYTHONSAFEPATH", |_| BString::from("1"))),
    choice("PYTHONSAFEPATH=0", 1, |d| put(d, "PYTHONSAFEPATH", |_| BString::from("0"))),
    choice("PYTHONSAFEPATH=empty", 1, |d| put(d, "PYTHONSAFEPATH", |_| BString::from(""))),
    choice("PYTHONNOUSERSITE=1", 1, |d| put(d, "PYTHONNOUSERSITE", |_| BString::from("1"))),
    choice("PYTHONNOUSERSITE=0", 1, |d| put(d, "PYTHONNOUSERSITE", |_| BString::from("0"))),
    choice("PYTHONNOUSERSITE=empty", 1, |d| put(d, "PYTHONNOUSERSITE", |_| BString::from(""))),
    choice("PYTHONNOUSERSITE=x", 1, |d| put(d, "PYTHONNOUSERSITE", |_| BString::from("x"))),
    choice("PYTHONNOUSERSITE=-1", 1, |d| put(d, "PYTHONNOUSERSITE", |_| BString::from("-1"))),
    choice("PYTHONNOUSERSITE=00", 1, |d| put(d, "PYTHONNOUSERSITE", |_| BString::from("00"))),
    choice("PYTHONNOUSERSITE=0x", 1, |d| put(d, "PYTHONNOUSERSITE", |_| BString::from("0x"))),
    choice("PYTHONEXECUTABLE=absolute", 1, |d| put(d, "PYTHONEXECUTABLE", |d| d.at("other/bin/python"))),
    choice("PYTHONEXECUTABLE=relative", 1, |d| put(d, "PYTHONEXECUTABLE", |_| BString::from("other/python"))),
    choice("PYTHONEXECUTABLE=name", 1, |d| put(d, "PYTHONEXECUTABLE", |_| BString::from("python"))),
    choice("PYTHONEXECUTABLE=empty", 1, |d| put(d, "PYTHONEXECUTABLE", |_| BString::from(""))),
    choice("PYTHONEXECUTABLE=base", 1, |d| put(d, "PYTHONEXECUTABLE", |d| d.base_exe.clone())),
    choice("PYTHONEXECUTABLE=second-environment", 1, |d| {
        let base = d.base_exe.clone();
        d.file(d.at("w/pyvenv.cfg"), format!("home = {}\n", d.base_bin()))?;
        d.link(d.at("w/bin/python"), base)?;
        d.dir(d.at(&format!("w/{}/site-packages", d.lib())))?;
        put(d, "PYTHONEXECUTABLE", |d| d.at("w/bin/python"))
    }),
    choice("__PYVENV_LAUNCHER__=environment", 1, |d| put(d, "__PYVENV_LAUNCHER__", |d| d.exe.clone())),
    choice("__PYVENV_LAUNCHER__=nonsense", 1, |d| put(d, "__PYVENV_LAUNCHER__", |_| BString::from("/no/such/python"))),
    choice("both-launcher-variables", 1, |d| {
        d.set("PYTHONEXECUTABLE", "/first/bin/python");
        put(d, "__PYVENV_LAUNCHER__", |_| BString::from("/second/bin/python"))
    }),
    choice("VIRTUAL_ENV", 1, |d| put(d, "VIRTUAL_ENV", |d| d.at("elsewhere"))),
    choice("CONDA_PREFIX", 1, |d| put(d, "CONDA_PREFIX", |d| d.at("conda"))),
    choice("PYTHONDONTWRITEBYTECODE", 1, |d| put(d, "PYTHONDONTWRITEBYTECODE", |_| BString::from("1"))),
];

/// The locale, which decides how old releases read `.pth` files.
pub const LOCALES: &[Choice] = &[
    choice("ordinary", 20, |_| Ok(())),
    choice("none", 2, |d| locale(d, None)),
    choice("C", 2, |d| locale(d, Some("C"))),
    choice("POSIX", 1, |d| locale(d, Some("POSIX"))),
    choice("unknown", 1, |d| locale(d, Some("xx_YY.UTF-8"))),
    choice("utf8-mode-off", 1, |d| {
        d.set("PYTHONUTF8", "0");
        d.set("PYTHONCOERCECLOCALE", "0");
        locale(d, Some("C"))
    }),
    choice("utf8-mode-on", 1, |d| {
        d.set("PYTHONUTF8", "1");
        locale(d, Some("C"))
    }),
    choice("LANG", 1, |d| {
        d.set("LANG", "C.UTF-8");
        locale(d, None)
    }),
];

fn locale(d: &mut Draft<'_>, value: Option<&str>) -> std::io::Result<()> {
    d.env.remove("LC_ALL");
    if let Some(value) = value {
        d.set("LC_ALL", value);
    }
    Ok(())
}
