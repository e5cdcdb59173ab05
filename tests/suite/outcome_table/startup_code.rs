//! Code that ends startup, or fails in it, in every file that the site module runs.

use std::fs;

use super::pick;
use super::situation::{Launch, Situation, Subject};

/// Statements, first those with which Python ends.
const CODE: [&str; 44] = [
    "import sys; sys.exit()",
    "import sys; sys.exit(0)",
    "import sys; sys.exit(3)",
    "import sys; sys.exit('why')",
    "import sys; sys.exit(None)",
    "import sys; sys.exit(True)",
    "import sys as s; s.exit(1)",
    "import sys; raise SystemExit",
    "import sys; raise SystemExit()",
    "import sys; raise SystemExit(2)",
    "import sys; raise SystemExit('text')",
    "import sys; raise KeyboardInterrupt",
    "import sys; raise KeyboardInterrupt()",
    "import sys; raise KeyboardInterrupt('x')",
    "import sys; raise GeneratorExit",
    "import sys; raise BaseException",
    "import sys; raise BaseException('x')",
    "import os; os._exit(0)",
    "import os; os._exit(1)",
    "import os; os._exit(255)",
    "import os as o; o._exit(4)",
    "import os; os.abort()",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "import os; os.kill(os.getpid(), 9)",
    "import os; os.execv('/bin/true', ['true'])",
    "import sys; exit()",
    "import sys; exit(2)",
    "import sys; quit()",
    "import sys; sys.path.append('/p'); sys.exit(2)",
    "import sys; x = 1; sys.exit(x)",
    "import leaves",
    "import leaves.sub",
    "import ends",
    "import raises_exit",
    "import interrupts",
    "import not_python",
    "import sys; raise ValueError('no')",
    "import sys; raise MemoryError",
    "import sys; raise StopIteration",
    "import no_such_module",
    "import sys; x = (",
    "import sys; return",
    "import sys; assert False",
    "import sys; 1 / 0",
];

/// Modules next to it.
const MODULES: [(&str, &str); 6] = [
    ("leaves/__init__.py", "import sys\nsys.exit(5)\n"),
    ("leaves/sub.py", "x = 1\n"),
    ("ends.py", "import os\nos._exit(6)\n"),
    ("raises_exit.py", "x = 1\nraise SystemExit(7)\n"),
    ("interrupts.py", "raise KeyboardInterrupt\n"),
    ("not_python.py", "x = = 1\n"),
];

/// The file with the code.
const PLACES: [&str; 7] =
    ["pth", "pth-after", "sitecustomize", "usercustomize", "path-sitecustomize", "path-package", "module-later"];

/// Flags: some keep the code from being run.
const FLAGS: [&str; 6] = ["", "-s", "-E", "-O", "-I", "-S"];

const LAUNCHES: [Launch; 3] = [Launch::Command, Launch::Script("vdmain.py"), Launch::Module("vdmain")];

/// How many situations there are.
pub fn count() -> usize {
    CODE.len() * PLACES.len() * FLAGS.len() * LAUNCHES.len()
}

/// One of them.
pub fn build(subject: &Subject<'_>, number: usize) -> Option<Situation> {
    let mut rest = number;
    let (code, place) = (pick(&mut rest, &CODE), pick(&mut rest, &PLACES));
    let (flag, launch) = (pick(&mut rest, &FLAGS), pick(&mut rest, &LAUNCHES));
    // There, `-m` does not find the module.
    if launch == Launch::Module("vdmain") && flag == "-I" {
        return None;
    }
    let name = format!("code{number}");
    let exe = subject.environment(&name);
    let outside = subject.outside(&name);
    let cfg = format!("home = {}\ninclude-system-site-packages = true\n", subject.python.bin());
    if place == "usercustomize" {
        fs::write(outside.join("pyvenv.cfg"), cfg).unwrap();
    }
    let site = outside.join(subject.site_packages());
    let on_path = outside.join("path");
    fs::create_dir_all(&on_path).unwrap();
    let (dir, file, text) = match place {
        "pth" => (&site, "a.pth", format!("{code}\n")),
        "pth-after" => (&site, "a.pth", format!("# comment\nadded\nimport sys\n{code}\nmore\n")),
        "sitecustomize" => (&site, "sitecustomize.py", code.replace("; ", "\n") + "\n"),
        "usercustomize" => (&on_path, "usercustomize.py", code.replace("; ", "\n") + "\n"),
        "path-sitecustomize" => (&on_path, "sitecustomize.py", format!("'''Text.'''\n{code}\n")),
        "path-package" => (&on_path, "sitecustomize/__init__.py", format!("\n{code}\n")),
        _ => (&on_path, "sitecustomize.py", format!("import os\nVALUE = 'x'\n{code}\nVALUE = 'y'\n")),
    };
    for (module, text) in MODULES.iter().copied().chain([(file, text.as_str())]) {
        let path = dir.join(module);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut situation = Situation::new(format!("{place} {code:?}"), exe);
    situation.words.extend(Some(flag).filter(|flag| !flag.is_empty()).map(Into::into));
    situation.launch = launch;
    situation.env.push(("PYTHONPATH".to_owned(), subject.path(&format!("{name}/path"))));
    situation.undo = Box::new(move || fs::remove_dir_all(outside).unwrap());
    Some(situation)
}
