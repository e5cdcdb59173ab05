//! What grows: for each reader, renderer and walk an input of any size.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;

use super::Place;

type Fill = fn(&Place, usize) -> io::Result<()>;

/// An input that can have any size.
pub struct Shape {
    /// What there are so many of.
    pub name: &'static str,
    /// The least size.
    pub size: usize,
    /// The command that reads it.
    pub arguments: &'static [&'static str],
    /// What the command is given, below the directory of the environment.
    pub target: &'static str,
    /// The variable that gets the content of the file `variable`.
    pub variable: Option<&'static str>,
    /// Makes it.
    pub fill: Fill,
}

const EXPLAIN: &[&str] = &["explain"];
const CHECK: &[&str] = &["check"];
const PYTHON: &str = "env/bin/python";

const fn shape(
    name: &'static str,
    size: usize,
    arguments: &'static [&'static str],
    target: &'static str,
    fill: Fill,
) -> Shape {
    Shape { name, size, arguments, target, variable: None, fill }
}

/// All of them.
pub const SHAPES: &[Shape] = &[
    shape("known import lines of a .pth", 2500, EXPLAIN, PYTHON, |place, n| pth(place, "import sys\n", n)),
    shape("unknown import lines of a .pth", 2500, EXPLAIN, PYTHON, |place, n| pth(place, "import sys; f({})\n", n)),
    shape("unknown import lines of a .pth, check", 2500, CHECK, "env", |place, n| pth(place, "import sys; f({})\n", n)),
    shape(".pth files", 2000, EXPLAIN, PYTHON, pth_files),
    shape(".pth files, check", 2000, CHECK, "env", pth_files),
    shape("missing paths in a .pth", 5000, EXPLAIN, PYTHON, |place, n| pth(place, "/no/{}\n", n)),
    shape("missing paths in a .pth, check", 5000, CHECK, "env", |place, n| pth(place, "/no/{}\n", n)),
    shape("existing paths in a .pth", 1000, EXPLAIN, PYTHON, existing_paths),
    shape("existing paths in a .pth, check", 1000, CHECK, "env", existing_paths),
    shape("statements of an import line", 5000, EXPLAIN, PYTHON, |place, n| line(place, "", ";sys.f", n, "")),
    shape("operators of an import line", 5000, EXPLAIN, PYTHON, |place, n| line(place, ";1", "+1", n, "")),
    shape("escapes in a string of an import line", 50_000, EXPLAIN, PYTHON, |place, n| {
        line(place, ";f('", "\\x41", n, "')")
    }),
    shape("names of an import line", 5000, EXPLAIN, PYTHON, |place, n| line(place, "", ",a", n, "")),
    shape("lines of sitecustomize", 5000, EXPLAIN, PYTHON, |place, n| {
        fs::write(place.packages.join("sitecustomize.py"), "def f():\n    x = [1, 'a']\n".repeat(n))
    }),
    shape("lines of pyvenv.cfg", 5000, EXPLAIN, PYTHON, cfg),
    shape("lines of pyvenv.cfg, check", 5000, CHECK, "env", cfg),
    Shape { variable: Some("PYTHONPATH"), ..shape("entries of PYTHONPATH", 1000, EXPLAIN, PYTHON, variable) },
    Shape { variable: Some("PYTHONPATH"), ..shape("entries of PYTHONPATH, check", 1000, CHECK, "env", variable) },
    shape("distributions", 250, CHECK, "env", |place, n| {
        (0..n).try_for_each(|i| dist(place, i, &format!("d{i}/m.py,,\n"), ""))
    }),
    shape("distributions with one file in common", 250, CHECK, "env", |place, n| {
        (0..n).try_for_each(|i| dist(place, i, "same/m.py,,\n", ""))
    }),
    shape("files outside in a RECORD", 25_000, &["check", "--files"], "env", |place, n| {
        dist(place, 0, &numbered("../../../../../x/{}.py,,\n", n), "")
    }),
    shape("missing files in a RECORD", 25_000, &["check", "--files"], "env", |place, n| {
        dist(place, 0, &numbered("x/{}.py,sha256=x,3\n", n), "")
    }),
    shape("unmet requirements", 2000, CHECK, "env", |place, n| {
        dist(place, 0, "", &numbered("Requires-Dist: r{}>=1\n", n))
    }),
    shape("console scripts in entry_points.txt", 2000, CHECK, "env", |place, n| {
        dist(place, 0, "", "")?;
        let file = place.packages.join("d0-1.0.dist-info/entry_points.txt");
        fs::write(file, format!("[console_scripts]\n{}", numbered("c{} = a:b\n", n)))
    }),
    shape("scripts with a shebang that leads nowhere", 500, CHECK, "env", scripts),
    shape("modules in site-packages", 1000, CHECK, "env", |place, n| files(place, "m{}.py", n)),
    shape("extension modules for another release", 500, CHECK, "env", |place, n| {
        files(place, "m{}.cpython-36m-x86_64-linux-gnu.so", n)
    }),
    shape("leftovers of pip", 500, CHECK, "env", |place, n| {
        (0..n).try_for_each(|i| fs::create_dir(place.packages.join(format!("~ackage{i}"))))
    }),
    shape("lines of easy-install.pth, check", 1000, CHECK, "env", |place, n| {
        fs::write(place.packages.join("easy-install.pth"), numbered("/no/p{}.egg\n", n))
    }),
    shape("distributions with a long METADATA", 25, CHECK, "env", |place, n| {
        let classifiers = "Classifier: a :: b\n".repeat(2000);
        (0..n).try_for_each(|i| dist(place, i, "", &classifiers))
    }),
    shape("scripts with carriage returns, fix", 50, &["fix", "--dry-run"], "env", windows_scripts),
    shape("users in a snapshot", 1000, &["snapshot", "--redact"], PYTHON, |place, n| pth(place, "/home/name{}/x\n", n)),
    shape("directories to scan", 1000, &["scan"], "tree", |place, n| {
        (0..n).try_for_each(|i| fs::create_dir_all(place.dir.join(format!("tree/{i}/a"))))
    }),
    shape("levels to scan", 100, &["scan"], "tree", deep),
    shape("levels to scan with -L", 100, &["scan", "-L"], "tree", deep),
    shape("levels to scan with -L in one thread", 100, &["scan", "-L", "--threads", "1"], "tree", deep),
    shape("symlinks to scan with -L in one thread", 250, &["scan", "-L", "--threads", "1"], "tree", symlinks),
];

/// A text so many times, with its number in place of `{}`.
fn numbered(text: &str, n: usize) -> String {
    (0..n).map(|i| text.replace("{}", &i.to_string())).collect()
}

fn pth(place: &Place, text: &str, n: usize) -> io::Result<()> {
    fs::write(place.packages.join("a.pth"), numbered(text, n))
}

fn line(place: &Place, start: &str, text: &str, n: usize, end: &str) -> io::Result<()> {
    fs::write(place.packages.join("a.pth"), format!("import sys{start}{}{end}\n", text.repeat(n)))
}

fn pth_files(place: &Place, n: usize) -> io::Result<()> {
    (0..n).try_for_each(|i| fs::write(place.packages.join(format!("a{i}.pth")), format!("import sys; f({i})\n")))
}

fn existing_paths(place: &Place, n: usize) -> io::Result<()> {
    let dir = place.dir.join("paths");
    (0..n).try_for_each(|i| fs::create_dir_all(dir.join(i.to_string())))?;
    pth(place, &format!("{}/{{}}\n", dir.display()), n)
}

fn cfg(place: &Place, n: usize) -> io::Result<()> {
    let file = place.dir.join("env/pyvenv.cfg");
    let content = fs::read_to_string(&file)?;
    fs::write(file, format!("{content}{}", numbered("key{} = value\n", n)))
}

fn variable(place: &Place, n: usize) -> io::Result<()> {
    fs::write(place.dir.join("variable"), numbered("/no/{}:", n))
}

fn dist(place: &Place, number: usize, record: &str, requires: &str) -> io::Result<()> {
    let dir = place.packages.join(format!("d{number}-1.0.dist-info"));
    fs::create_dir(&dir)?;
    fs::write(dir.join("METADATA"), format!("Metadata-Version: 2.1\nName: d{number}\nVersion: 1.0\n{requires}\n"))?;
    fs::write(dir.join("INSTALLER"), "pip\n")?;
    fs::write(dir.join("RECORD"), record)
}

fn files(place: &Place, name: &str, n: usize) -> io::Result<()> {
    (0..n).try_for_each(|i| fs::write(place.packages.join(name.replace("{}", &i.to_string())), ""))
}

fn scripts(place: &Place, n: usize) -> io::Result<()> {
    (0..n).try_for_each(|i| {
        let file = place.dir.join(format!("env/bin/script{i}"));
        fs::write(&file, "#!/no/such/python\n")?;
        fs::set_permissions(file, fs::Permissions::from_mode(0o755))
    })
}

fn windows_scripts(place: &Place, n: usize) -> io::Result<()> {
    (0..n).try_for_each(|i| {
        let file = place.dir.join(format!("env/bin/script{i}"));
        fs::write(&file, format!("#!{}\r\npass\r\n", place.dir.join("env/bin/python").display()))?;
        fs::set_permissions(file, fs::Permissions::from_mode(0o755))
    })
}

/// Directories, and as many symlinks to them.
fn symlinks(place: &Place, n: usize) -> io::Result<()> {
    (0..n).try_for_each(|i| {
        let dir = place.dir.join(format!("tree/dir{i}"));
        fs::create_dir_all(&dir)?;
        std::os::unix::fs::symlink(dir, place.dir.join(format!("tree/link{i}")))
    })
}

/// Directories within each other.
fn deep(place: &Place, n: usize) -> io::Result<()> {
    fs::create_dir_all(place.dir.join("tree").join("d/".repeat(n)))
}
