//! How the environment is made and where it lies.

use std::io;

use bstr::{BString, ByteSlice};

use super::draft::{Draft, Place, join, name};
use super::generate::{Choice, choice};
use super::kinds_made;

/// Names of the directory that holds everything.
pub const NAMES: &[Choice] = &[
    choice("ordinary", 20, |_| Ok(())),
    choice("blank", 1, |d| rename(d, b"a directory")),
    choice("utf-8", 1, |d| rename(d, "dæ mon".as_bytes())),
    choice("not-utf-8", 1, |d| rename(d, b"b\xFFd")),
    choice("latin-1", 1, |d| rename(d, b"caf\xE9")),
    choice("newline", 1, |d| rename(d, b"two\nlines")),
    choice("quote", 1, |d| rename(d, b"it's \"so\"")),
    choice("hash", 1, |d| rename(d, b"a#b=c")),
    choice("colon", 1, |d| rename(d, b"a:b")),
    choice("escape", 1, |d| rename(d, b"\x1b[31mred")),
    choice("one-letter", 1, |d| rename(d, b"x")),
    choice("long", 1, |d| rename(d, &[b'n'; 200])),
    choice("deep", 1, |d| rename(d, b"d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d")),
    choice("very-long", 1, |d| rename(d, &[[b'n'; 200], [b'm'; 200], [b'o'; 200]].join(&b'/'))),
];

fn rename(d: &mut Draft<'_>, name: &[u8]) -> io::Result<()> {
    d.work = join(&d.work, name);
    d.venv = d.at("v");
    d.exe = d.at("v/bin/python");
    let home = d.at("home");
    d.set("HOME", home.clone());
    d.dir(home)
}

/// How the environment is made.
pub const SHAPES: &[Choice] = &[
    choice("ordinary", 12, symlinked),
    choice("copy", 5, |d| {
        let from = d.base_exe.clone();
        environment(d)?;
        d.copy(d.exe.clone(), from)
    }),
    choice("copy-named-X.Y", 2, |d| {
        d.exe = d.at(&format!("v/bin/python{}", d.python.xy()));
        let from = d.base_exe.clone();
        environment(d)?;
        d.copy(d.exe.clone(), from)
    }),
    choice("copy-named-otherwise", 1, |d| {
        d.exe = d.at("v/bin/snake");
        let from = d.base_exe.clone();
        environment(d)?;
        d.copy(d.exe.clone(), from)
    }),
    choice("link-chain-inside", 3, |d| {
        environment(d)?;
        let (bin, base) = (d.bin(), d.base_exe.clone());
        d.link(join(&bin, "python3"), base)?;
        d.link(d.exe.clone(), "python3")
    }),
    choice("link-chain-backwards", 2, |d| {
        symlinked(d)?;
        d.link(join(d.bin(), "python3"), "python")?;
        d.exe = d.at("v/bin/python3");
        Ok(())
    }),
    choice("relative-link", 2, |d| {
        environment(d)?;
        let target = relative(&d.bin(), &d.base_exe);
        d.link(d.exe.clone(), target)
    }),
    choice("chain-through-other-directory", 2, |d| {
        environment(d)?;
        let (hop, base) = (d.at("pub/bin/python"), d.base_exe.clone());
        d.link(&hop, base)?;
        d.link(d.exe.clone(), hop)
    }),
    choice("home-is-a-link-farm", 2, |d| {
        let (hop, base) = (d.at("pub/bin/python"), d.base_exe.clone());
        environment(d)?;
        d.link(&hop, base)?;
        d.link(d.exe.clone(), hop)?;
        d.cfg.lines[0] = format_line("home = ", &d.at("pub/bin"));
        Ok(())
    }),
    choice("long-chain", 1, |d| {
        environment(d)?;
        let base = d.base_exe.clone();
        d.link(d.at("c0"), base)?;
        for hop in 1..30 {
            d.link(d.at(&format!("c{hop}")), format!("c{}", hop - 1))?;
        }
        d.link(d.exe.clone(), "../../c29")
    }),
    choice("venv", 3, |d| kinds_made::venv(d, &[])),
    choice("venv-copies", 2, |d| kinds_made::venv(d, &["--copies"])),
    choice("venv-system", 2, |d| kinds_made::venv(d, &["--system-site-packages"])),
    choice("venv-system-copies", 1, |d| kinds_made::venv(d, &["--system-site-packages", "--copies"])),
    choice("virtualenv", 1, kinds_made::virtualenv),
    choice("uv", 1, kinds_made::uv),
    choice("no-environment", 4, |d| {
        d.exe = d.base_exe.clone();
        d.cfg.place = Place::Neither;
        d.dir(d.site())
    }),
    choice("link-beside-nothing", 2, |d| {
        environment(d)?;
        let base = d.base_exe.clone();
        d.cfg.place = Place::Neither;
        d.link(d.exe.clone(), base)
    }),
    choice("copy-beside-nothing", 1, |d| {
        let base = d.base_exe.clone();
        environment(d)?;
        d.cfg.place = Place::Neither;
        d.copy(d.exe.clone(), base)
    }),
    choice("flat", 2, |d| {
        environment(d)?;
        d.exe = d.at("v/python");
        let base = d.base_exe.clone();
        d.cfg.place = Place::Beside;
        d.link(d.exe.clone(), base)
    }),
    choice("venv-of-venv", 2, |d| second_environment(d, false)),
    choice("venv-of-venv-copies", 1, |d| second_environment(d, true)),
    choice("moved", 2, |d| {
        symlinked(d)?;
        d.rename(d.venv.clone(), d.at("moved"))?;
        d.venv = d.at("moved");
        d.exe = d.at("moved/bin/python");
        Ok(())
    }),
    choice("directory-link", 2, |d| {
        symlinked(d)?;
        d.link(d.at("vl"), "v")?;
        d.venv = d.at("vl");
        d.exe = d.at("vl/bin/python");
        Ok(())
    }),
    choice("bin-link-elsewhere", 1, |d| {
        symlinked(d)?;
        let bin = d.bin();
        d.finish()?;
        d.cfg.place = Place::Neither;
        d.link(d.at("vbin"), bin)?;
        d.exe = d.at("vbin/python");
        Ok(())
    }),
    choice("bin-is-a-link", 1, |d| {
        symlinked(d)?;
        d.rename(d.bin(), d.at("realbin"))?;
        d.link(d.bin(), "../realbin")
    }),
    choice("link-from-outside", 2, |d| {
        symlinked(d)?;
        d.finish()?;
        let exe = d.exe.clone();
        d.exe = d.at("tools/deep/x");
        d.cfg.place = Place::Neither;
        d.link(d.exe.clone(), exe)
    }),
    choice("copy-linked-from-outside", 1, |d| {
        let base = d.base_exe.clone();
        environment(d)?;
        d.copy(d.exe.clone(), base)?;
        d.finish()?;
        let exe = d.exe.clone();
        d.exe = d.at("tools/deep/x");
        d.cfg.place = Place::Neither;
        d.link(d.exe.clone(), exe)
    }),
    choice("base-through-directory-link", 2, |d| {
        d.link(d.at("link"), d.base_prefix.clone())?;
        if let Some(rest) = d.base_exe.strip_prefix(d.base_prefix.as_slice()) {
            d.base_exe = BString::from([d.at("link").as_slice(), rest].concat());
        }
        symlinked(d)
    }),
    choice("base-itself-through-directory-link", 1, |d| {
        d.link(d.at("link"), d.base_prefix.clone())?;
        if let Some(rest) = d.base_exe.strip_prefix(d.base_prefix.as_slice()) {
            d.exe = BString::from([d.at("link").as_slice(), rest].concat());
        }
        d.cfg.place = Place::Neither;
        Ok(())
    }),
    choice("lib64-link", 1, |d| {
        symlinked(d)?;
        d.link(d.at("v/lib64"), "lib")
    }),
    choice("only-lib64", 1, |d| {
        symlinked(d)?;
        d.rename(d.at("v/lib"), d.at("v/lib64"))
    }),
    choice("no-site-packages", 1, |d| {
        symlinked(d)?;
        d.rename(d.at("v/lib"), d.at("v/gone"))
    }),
    choice("site-packages-link", 1, |d| {
        symlinked(d)?;
        d.rename(d.site(), d.at("elsewhere"))?;
        d.link(d.site(), d.at("elsewhere"))
    }),
    choice("site-packages-file", 1, |d| {
        symlinked(d)?;
        d.rename(d.site(), d.at("elsewhere"))?;
        d.file(d.site(), "not a directory")
    }),
    choice("debian-directories-inside", 1, |d| {
        symlinked(d)?;
        let lib = d.lib();
        for dir in ["lib/python3".to_owned(), lib.clone(), format!("local/{lib}")] {
            d.file(d.at(&format!("v/{dir}/dist-packages/x.pth")), "../here\n")?;
            d.dir(d.at(&format!("v/{dir}/here")))?;
        }
        Ok(())
    }),
    choice("other-minor-inside", 1, |d| {
        symlinked(d)?;
        d.rename(d.at(&format!("v/{}", d.lib())), d.at("v/lib/python3.5"))
    }),
    choice("windows-directories", 1, |d| {
        symlinked(d)?;
        d.dir(d.at("v/Lib/site-packages"))?;
        d.rename(d.bin(), d.at("v/Scripts"))?;
        d.exe = d.at("v/Scripts/python");
        Ok(())
    }),
    choice("named-python.exe", 1, |d| {
        symlinked(d)?;
        d.link(join(d.bin(), "python.exe"), "python")
    }),
    choice("dangling", 1, |d| {
        environment(d)?;
        d.link(d.exe.clone(), d.at("gone/python"))
    }),
    choice("link-loop", 1, |d| {
        environment(d)?;
        d.link(d.exe.clone(), "python")
    }),
    choice("missing", 1, environment),
    choice("not-executable", 1, |d| {
        environment(d)?;
        d.file(d.exe.clone(), "")?;
        d.mode(d.exe.clone(), 0o644)
    }),
    choice("binary-of-another-machine", 1, |d| {
        environment(d)?;
        let mut header = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0xF3, 0, 1, 0, 0, 0];
        header.resize(256, 0);
        d.file(d.exe.clone(), header)?;
        d.mode(d.exe.clone(), 0o755)
    }),
    choice("script-for-missing-program", 1, |d| {
        environment(d)?;
        d.file(d.exe.clone(), "#!/nonexistent/interpreter\n")?;
        d.mode(d.exe.clone(), 0o755)
    }),
];

/// The directories of an environment, and the ordinary `pyvenv.cfg`.
pub fn environment(d: &mut Draft<'_>) -> io::Result<()> {
    let version = format!("version = 3.{}.{}", d.python.minor, d.python.micro);
    d.cfg.lines = vec![
        format_line("home = ", &d.base_bin()),
        BString::from("include-system-site-packages = false"),
        BString::from(version),
    ];
    d.dir(d.bin())?;
    d.dir(d.site())
}

/// The usual environment: `bin/python` is a symlink to the base.
pub fn symlinked(d: &mut Draft<'_>) -> io::Result<()> {
    environment(d)?;
    let base = d.base_exe.clone();
    d.link(d.exe.clone(), base)
}

/// `before` and then a path.
pub fn format_line(before: &str, path: &BString) -> BString {
    BString::from([before.as_bytes(), path].concat())
}

fn second_environment(d: &mut Draft<'_>, copies: bool) -> io::Result<()> {
    let base = d.base_exe.clone();
    environment(d)?;
    if copies {
        d.copy(d.exe.clone(), base)?;
    } else {
        d.link(d.exe.clone(), base)?;
    }
    d.finish()?;
    let (first, bin) = (d.exe.clone(), d.bin());
    d.venv = d.at("v2");
    d.exe = d.at("v2/bin/python");
    environment(d)?;
    d.cfg.lines[0] = format_line("home = ", &bin);
    if copies { d.copy(d.exe.clone(), first) } else { d.link(d.exe.clone(), first) }
}

/// A path from the directory `from` to `to`, both absolute.
fn relative(from: &BString, to: &BString) -> BString {
    let up = from.split(|&byte| byte == b'/').count() - 1;
    let mut path = "../".repeat(up).into_bytes();
    path.extend(to.trim_start_with(|character| character == '/'));
    debug_assert!(!name(to).is_empty(), "a binary has a name");
    BString::from(path)
}
