//! Faults of `.pth` files and of what is installed.

use std::fs;
use std::io;

use super::Fault;
use crate::support::stage::Stage;

/// In the order in which they can be combined.
pub const FAULTS: [Fault; 23] = [
    ("a .pth file names a directory that is gone", |stage| pth(stage, "gone.pth", stage.text("gone-project"))),
    ("a .pth file imports a module that is gone", |stage| {
        pth(
            stage,
            "hack.pth",
            "import os; var = 'X'; enabled = os.environ.get(var, 'y') == 'y'; enabled and __import__('_gone_hack').add_shim();",
        )
    }),
    ("a .pth file imports two modules that are gone", |stage| {
        pth(stage, "two.pth", "import gone_module\nimport another_gone_module")
    }),
    ("a .pth file names two directories that are gone, and then one with a module", |stage| {
        stage.write("kept-project/kept.py", "")?;
        pth(stage, "several.pth", ["gone-one", "gone-two", "kept-project"].map(|name| stage.text(name)).join("\n"))
    }),
    ("a .pth file is in UTF-16", |stage| {
        stage.dir("wide")?;
        let text = format!("\u{feff}{}\n", stage.text("wide"));
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        stage.write(format!("{}/wide.pth", stage.site()), bytes).map(drop)
    }),
    ("a .pth file is in ISO-8859-1", |stage| {
        stage.dir("café")?;
        let text = [stage.text("caf").as_bytes(), b"\xe9\n"].concat();
        stage.write(format!("{}/cafe.pth", stage.site()), text).map(drop)
    }),
    ("a .pth file is hidden", |stage| {
        stage.dir("hidden")?;
        pth(stage, ".hidden.pth", stage.text("hidden"))
    }),
    ("a .pth file begins with a space", |stage| pth(stage, "early.pth", " import sys")),
    ("a .pth file is a symlink out of the environment", |stage| {
        stage.dir("marked")?;
        stage.write("shared.pth", format!("\u{feff}{}\n", stage.text("marked")))?;
        stage.link(format!("{}/shared.pth", stage.site()), stage.text("shared.pth")).map(drop)
    }),
    ("macOS left a file next to a .pth file", |stage| {
        stage.write(format!("{}/._early.pth", stage.site()), b"\0\x05\x16\x07\0\x02\0\0Mac OS X        ").map(drop)
    }),
    ("sitecustomize has null bytes", |stage| {
        stage.write(format!("{}/sitecustomize.py", stage.site()), "import sys\n\0\0\0\0").map(drop)
    }),
    ("the project of an egg-link is gone", |stage| {
        let place = stage.text("project");
        stage.write(format!("{}/project.egg-link", stage.site()), format!("{place}\n."))?;
        pth(stage, "easy-install.pth", place)
    }),
    ("an editable project is gone", |stage| {
        let place = stage.text("plotlib");
        let direct = format!("{{\"dir_info\": {{\"editable\": true}}, \"url\": \"file://{place}\"}}");
        let line = format!("{place}/src\n");
        let files =
            [("__editable__.plotlib-1.0.pth", line.as_str()), ("plotlib-1.0.dist-info/direct_url.json", &direct)];
        stage.install("plotlib", "1.0", &files)
    }),
    ("a directory of metadata is empty", |stage| {
        stage.dir(format!("{}/requests-2.31.0.dist-info", stage.site())).map(drop)
    }),
    ("a distribution is there twice", |stage| {
        stage.install("twice", "1.0", &[("twice.py", "version = '1.0'\n")])?;
        stage.install("twice", "2.0", &[("twice.py", "version = '2.0'\n")])
    }),
    ("a RECORD is gone", |stage| {
        stage.install("lost", "1.0", &[("lost.py", "")])?;
        stage.remove(format!("{}/lost-1.0.dist-info/RECORD", stage.site()))
    }),
    ("a RECORD is cut", |stage| {
        stage.install("cut", "1.0", &[("cut.py", "")])?;
        let path = stage.at(stage.site()).join("cut-1.0.dist-info/RECORD");
        let text = fs::read_to_string(&path)?;
        fs::write(path, &text[..text.len() - 9])
    }),
    ("an installed module was edited", |stage| {
        stage.install("edited", "1.0", &[("edited.py", "x = 1\n")])?;
        stage.write(format!("{}/edited.py", stage.site()), "x = 2\n").map(drop)
    }),
    ("pip left a module and metadata behind", |stage| {
        stage.write(format!("{}/~wice.py", stage.site()), "version = '0.9'\n")?;
        let info = format!("{}/~wice-0.9.dist-info/METADATA", stage.site());
        stage.write(info, "Name: twice\nVersion: 0.9\n").map(drop)
    }),
    ("a user's own directory is named like a leftover", |stage| {
        stage.write(format!("{}/~notes/mine.txt", stage.site()), "mine\n").map(drop)
    }),
    ("a synchronization left a copy of a module", |stage| {
        stage.install("synced", "1.0", &[("synced.py", "x = 1\n")])?;
        stage.write(format!("{}/synced 2.py", stage.site()), "x = 1\n").map(drop)
    }),
    ("packages are below local", |stage| {
        let dir = format!("env/local/lib/{}/dist-packages", stage.name());
        stage.write(format!("{dir}/idna.py"), "")?;
        stage.write(format!("{dir}/idna-3.7.dist-info/METADATA"), "Name: idna\nVersion: 3.7\n").map(drop)
    }),
    ("anybody may write to site-packages", |stage| stage.mode(stage.site(), 0o777)),
];

fn pth(stage: &Stage<'_>, name: &str, line: impl Into<String>) -> io::Result<()> {
    stage.write(format!("{}/{name}", stage.site()), format!("{}\n", line.into())).map(drop)
}
