//! What startup code adds.

use std::fs;
use std::io;

use super::kind::{Kind, code, kind};
use super::kinds_entries::{see_the_base, start_the_base};
use super::layout::Layout;
use crate::differential::draft::join;

/// The kinds.
pub const KINDS: &[Kind] = &[
    kind("sitecustomize-that-does-nothing", |l| customize_calmly(l, "sitecustomize")),
    kind("usercustomize-that-does-nothing", |l| customize_calmly(l, "usercustomize")),
    code("sitecustomize-with-code", |l| customize(l, "sitecustomize")),
    code("usercustomize-with-code", |l| customize(l, "usercustomize")),
    code("pth-imports-a-module", pth_import),
    code("pth-with-code", pth_code),
    kind("distutils-hack-of-the-base", hack_of_base),
    kind("distutils-hack", hack),
    kind("namespace-by-pth", namespace_by_pth),
    kind("namespace-by-several-pth", namespaces_by_pth),
    kind("namespace-by-pth-and-init", namespace_with_init),
];

fn customize_calmly(l: &mut Layout<'_>, name: &str) -> io::Result<()> {
    if name == "usercustomize" {
        see_the_base(l)?;
    }
    for dir in l.entries(2)? {
        let text = l.pick(&["", "# nothing\n", "\"\"\"Documentation.\"\"\"\n", "import sys\n", "pass\n"]);
        l.write(&dir, format!("{name}.py"), text)?;
    }
    let dir = l.entry()?;
    l.put(&dir, "spam.py")?;
    l.ask_all(&["spam", "json", name]);
    Ok(())
}

fn customize(l: &mut Layout<'_>, name: &str) -> io::Result<()> {
    if name == "usercustomize" {
        see_the_base(l)?;
    }
    l.all_code = true;
    let hidden = l.at("hidden");
    l.put(&hidden, "spam.py")?;
    let dir = l.entry()?;
    let texts = [
        "import json\n".to_owned(),
        format!("import sys\nsys.path.insert(0, {:?})\n", hidden.to_string()),
        format!("import sys\nsys.path.append({:?})\n", hidden.to_string()),
        "import sys\nsys.modules['spam'] = None\n".to_owned(),
        "import sys\nsys.path.clear()\n".to_owned(),
        "raise ImportError\n".to_owned(),
        "import os\nos.environ['X'] = '1'\n".to_owned(),
    ];
    let text = l.pick(&texts);
    l.write(&dir, format!("{name}.py"), text)?;
    let dir = l.entry()?;
    l.put(&dir, "spam.py")?;
    l.ask_all(&["spam", "json", "json.decoder", "re", name]);
    Ok(())
}

fn pth_import(l: &mut Layout<'_>) -> io::Result<()> {
    l.all_code = true;
    let line =
        l.pick(&["import spam\n", "import spam, ham\n", "import spam.eggs\n", "import json\n", "import nowhere\n"]);
    l.in_site("start.pth", line)?;
    for file in l.some(&["spam.py", "spam/__init__.py", "spam/eggs.py", "ham.py"]) {
        l.in_site(file, "")?;
    }
    let dir = l.cwd();
    l.put(&dir, "spam.py")?;
    l.put(&dir, "json.py")?;
    l.ask_all(&["spam", "ham", "spam.eggs", "json", "re", "nowhere"]);
    Ok(())
}

fn pth_code(l: &mut Layout<'_>) -> io::Result<()> {
    l.all_code = true;
    let hidden = l.at("hidden");
    l.put(&hidden, "spam.py")?;
    let path = hidden.to_string();
    let lines = [
        format!("import sys; sys.path.insert(0, {path:?})\n"),
        format!("import sys; sys.path.append({path:?})\n"),
        "import sys; sys.path.reverse()\n".to_owned(),
        "import os, sys; exec('x = 1')\n".to_owned(),
        "import sys; sys.dont_write_bytecode = True\n".to_owned(),
        "import sys; sys.setrecursionlimit(2000)\n".to_owned(),
    ];
    let line = l.pick(&lines);
    l.in_site("start.pth", line)?;
    let dir = l.entry()?;
    l.put(&dir, "spam.py")?;
    l.ask_all(&["spam", "json", "os"]);
    Ok(())
}

fn hack_names(l: &mut Layout<'_>) {
    match l.rng.below(5) {
        0 => l.draft.set("SETUPTOOLS_USE_DISTUTILS", "stdlib"),
        1 => l.draft.set("SETUPTOOLS_USE_DISTUTILS", "local"),
        _ => {}
    }
    l.ask_all(&[
        "distutils",
        "distutils.core",
        "distutils.command.build",
        "distutils.nothing",
        "setuptools",
        "setuptools._distutils",
        "setuptools._distutils.core",
        "_distutils_hack",
        "pip",
        "test.test_distutils",
    ]);
    // Its parent has code that changes `sys.modules`.
    l.code = true;
    l.ask("_distutils_hack.override");
    l.code = false;
}

fn hack_of_base(l: &mut Layout<'_>) -> io::Result<()> {
    start_the_base(l);
    let dir = l.cwd();
    match l.rng.below(3) {
        0 => l.write(&dir, "pybuilddir.txt", "build")?,
        1 => l.put(&dir, "distutils.py")?,
        _ => {}
    }
    hack_names(l);
    Ok(())
}

fn hack(l: &mut Layout<'_>) -> io::Result<()> {
    // What the base has of setuptools, by symlinks.
    let packages = join(&l.python().stdlib, "site-packages");
    let names = ["_distutils_hack", "setuptools", "distutils-precedence.pth", "pkg_resources"];
    if !l.draft.outside(join(&packages, names[2])).exists() {
        l.draft.impossible("the base has no setuptools that replaces distutils");
        return Ok(());
    }
    let left_out = if l.chance(3) { l.rng.below(2) } else { 9 };
    for (number, name) in names.iter().enumerate() {
        if number != left_out {
            l.draft.link(join(l.draft.site(), name), join(&packages, name))?;
        }
    }
    if l.chance(3) {
        let dir = l.cwd();
        l.put(&dir, "distutils/__init__.py")?;
    }
    hack_names(l);
    Ok(())
}

/// The line that setuptools wrote up to 3.4 (`new` is false) and later.
fn namespace_line(name: &str, has_children: bool, new: bool) -> String {
    let parts: String = name.split('.').map(|part| format!("'{part}', ")).collect();
    let parts = parts.trim_end_matches(", ");
    let parts = if name.contains('.') { parts.to_owned() } else { format!("{parts},") };
    let mut line = if new {
        format!(
            "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1).f_locals['sitedir'], \
             *({parts}));importlib = has_mfs and __import__('importlib.util');has_mfs and __import__('importlib.machinery');\
             m = has_mfs and sys.modules.setdefault('{name}', importlib.util.module_from_spec(importlib.machinery.PathFinder.\
             find_spec('{name}', [os.path.dirname(p)])));m = m or sys.modules.setdefault('{name}', types.ModuleType('{name}'));\
             mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)"
        )
    } else {
        format!(
            "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *({parts}));\
             ie = os.path.exists(os.path.join(p,'__init__.py'));m = not ie and sys.modules.setdefault('{name}', \
             types.ModuleType('{name}'));mp = (m or []) and m.__dict__.setdefault('__path__',[]);\
             (p not in mp) and mp.append(p)"
        )
    };
    if has_children && let Some((parent, child)) = name.rsplit_once('.') {
        line += &format!(";m and setattr(sys.modules['{parent}'], '{child}', m)");
    }
    line + "\n"
}

fn namespace_by_pth(l: &mut Layout<'_>) -> io::Result<()> {
    let new = !l.chance(4);
    l.in_site("ns.spam-1.0-nspkg.pth", namespace_line("ns", false, new))?;
    l.in_site("ns/spam.py", "")?;
    if l.chance(2) {
        let dir = l.entry()?;
        let file = l.pick(&["ns/eggs.py", "ns/__init__.py", "ns.py", "ns/spam.py"]);
        l.put(&dir, file)?;
    }
    l.ask_all(&["ns", "ns.spam", "ns.eggs", "types", "importlib.util", "os"]);
    Ok(())
}

fn namespaces_by_pth(l: &mut Layout<'_>) -> io::Result<()> {
    let text = namespace_line("ns", false, true) + &namespace_line("ns.sub", true, true);
    l.in_site("ns.sub.one-1.0-nspkg.pth", &text)?;
    l.in_site("ns/sub/one.py", "")?;
    if l.chance(2) {
        l.in_site("ns.sub.two-1.0-nspkg.pth", &text)?;
        l.in_site("ns/sub/two/__init__.py", "")?;
    }
    l.ask_all(&["ns", "ns.sub", "ns.sub.one", "ns.sub.two", "ns.other"]);
    Ok(())
}

fn namespace_with_init(l: &mut Layout<'_>) -> io::Result<()> {
    let new = l.chance(2);
    l.in_site("ns.spam-1.0-nspkg.pth", namespace_line("ns", false, new))?;
    l.in_site("ns/__init__.py", "")?;
    l.in_site("ns/spam.py", "")?;
    let dir = l.cwd();
    if l.chance(2) {
        l.put(&dir, "ns/eggs.py")?;
    }
    if fs::metadata(l.draft.outside(join(&dir, "ns"))).is_ok() && l.chance(2) {
        l.put(&dir, "ns/__init__.py")?;
    }
    l.ask_all(&["ns", "ns.spam", "ns.eggs"]);
    Ok(())
}
