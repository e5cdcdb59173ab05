//! What is in one directory: suffixes, packages, files that are none.

use std::io;

use super::archive::TIME;
use super::kind::{Kind, kind};
use super::layout::Layout;
use crate::differential::draft::join;

/// The kinds.
pub const KINDS: &[Kind] = &[
    kind("module", module),
    kind("package", package),
    kind("package-in-package", nested),
    kind("suffixes-of-a-module", suffixes),
    kind("suffixes-of-a-package", package_suffixes),
    kind("stable-abi-tags", stable_abi),
    kind("foreign-suffixes", foreign),
    kind("bytecode", bytecode),
    kind("bytecode-of-another-version", foreign_bytecode),
    kind("only-in-pycache", only_in_pycache),
    kind("pycache-by-name", pycache),
    kind("package-over-module", package_over_module),
    kind("directory-over-module", directory_over_module),
    kind("init-is-a-directory", init_directory),
    kind("module-is-a-directory", module_directory),
    kind("init-and-main-by-name", init_and_main),
    kind("pipe", pipe),
    kind("dangling-symlink", dangling),
    kind("looping-symlink", looping),
    kind("symlinked", symlinked),
    kind("symlinked-to-a-device", device),
    kind("odd-names", odd_names),
    kind("letter-case", letter_case),
    kind("dots-in-file-names", dots),
    kind("composed-and-decomposed", composed),
    kind("same-name-in-every-entry", everywhere),
    kind("nothing", nothing),
    kind("submodules-of-a-module", not_a_package),
    kind("long-names", long_names),
];

fn module(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.put(&dir, format!("{name}.py"))?;
    l.ask(name);
    Ok(())
}

fn package(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.put(&dir, format!("{name}/__init__.py"))?;
    for child in l.some(&["one.py", "two/__init__.py", "three/file.txt", "four.pyc"]) {
        l.put(&dir, format!("{name}/{child}"))?;
    }
    l.ask_children(&name, &["one", "two", "three", "four", "five"]);
    l.ask(name);
    Ok(())
}

fn nested(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    for file in ["__init__.py", "a/__init__.py", "a/b/__init__.py", "a/b/c.py"] {
        if !l.chance(6) {
            l.put(&dir, format!("{name}/{file}"))?;
        }
    }
    l.ask_children(&name, &["a", "a.b", "a.b.c", "a.b.d"]);
    l.ask(name);
    Ok(())
}

/// Every suffix that this interpreter takes.
fn taken(l: &Layout<'_>) -> Vec<String> {
    l.facts.suffixes.iter().cloned().chain([".py".to_owned(), ".pyc".to_owned()]).collect()
}

fn suffixes(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.name();
    let all = taken(l);
    for dir in l.entries(2)? {
        for suffix in l.some(&all) {
            l.put(&dir, format!("{name}{suffix}"))?;
        }
    }
    l.ask(name);
    Ok(())
}

fn package_suffixes(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    let all = taken(l);
    for suffix in l.some(&all) {
        l.put(&dir, format!("{name}/__init__{suffix}"))?;
    }
    for suffix in l.some(&all) {
        l.put(&dir, format!("{name}{suffix}"))?;
    }
    l.ask(name);
    Ok(())
}

const STABLE: &[&str] = &[
    ".abi3.so",
    ".abi3-x86_64-linux-gnu.so",
    ".abi3t.so",
    ".abi3t-x86_64-linux-gnu.so",
    ".so",
    ".abi4.so",
    ".abi2.so",
];

fn stable_abi(l: &mut Layout<'_>) -> io::Result<()> {
    for name in ["spam", "eggs"] {
        let dir = l.entry()?;
        for suffix in l.some(STABLE) {
            l.put(&dir, format!("{name}{suffix}"))?;
        }
        l.ask(name);
    }
    Ok(())
}

const FOREIGN: &[&str] = &[
    ".cpython-34m-x86_64-linux-gnu.so",
    ".cpython-399-x86_64-linux-gnu.so",
    ".cpython-312-aarch64-linux-gnu.so",
    ".cpython-312-x86_64-linux-musl.so",
    ".cpython-312d-x86_64-linux-gnu.so",
    ".cpython-313t-x86_64-linux-gnu.so",
    ".cpython-312-x86_64-linux-gnu.so",
    ".cpython-311-x86_64-linux-gnu.so",
    ".pypy39-pp73-x86_64-linux-gnu.so",
    ".pypy311-pp80-x86_64-linux-gnu.so",
    ".pypy310-pp73-x86_64-linux-gnu.so",
    ".cp312-win_amd64.pyd",
    ".cpython-312-darwin.so",
    ".pyd",
    ".dll",
    ".dylib",
    ".pyo",
    ".pyw",
    ".pyi",
    ".pyx",
    ".PY",
    ".Py",
    ".py.bak",
    ".py~",
    "",
    ".so.1",
    "module.so",
];

fn foreign(l: &mut Layout<'_>) -> io::Result<()> {
    for name in ["spam", "eggs", "ham"] {
        let dir = l.entry()?;
        for _ in 0..3 {
            let suffix = l.pick(FOREIGN);
            l.put(&dir, format!("{name}{suffix}"))?;
            let suffix = l.pick(FOREIGN);
            l.put(&dir, format!("{name}_p/__init__{suffix}"))?;
        }
        l.ask(name);
        l.ask(format!("{name}module"));
        l.ask(format!("{name}_p"));
    }
    Ok(())
}

fn bytecode(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    let good = l.facts.pyc(TIME, 0);
    l.write(&dir, format!("{name}.pyc"), &good)?;
    l.write(&dir, format!("{name}_p/__init__.pyc"), &good)?;
    l.write(&dir, format!("{name}_p/child.pyc"), &good)?;
    if l.chance(2) {
        let dir = l.entry()?;
        l.put(&dir, format!("{name}.py"))?;
    }
    l.ask(format!("{name}_p"));
    l.ask(name.clone());
    // Compiled code may do anything.
    l.code = true;
    l.ask_children(&format!("{name}_p"), &["child", "other"]);
    l.code = false;
    Ok(())
}

fn foreign_bytecode(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    let bad = l.facts.foreign_pyc();
    let content = l.pick(&[bad, Vec::new(), b"text".to_vec()]);
    l.write(&dir, format!("{name}.pyc"), &content)?;
    l.write(&dir, format!("{name}_p/__init__.pyc"), &content)?;
    l.put(&dir, format!("{name}_p/child.py"))?;
    l.ask(name.clone());
    l.ask(format!("{name}_p"));
    // The parent raises.
    l.code = true;
    l.ask(format!("{name}_p.child"));
    l.code = false;
    Ok(())
}

fn only_in_pycache(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    let good = l.facts.pyc(TIME, 0);
    let tag = if l.python().pypy { "pypy311" } else { "cpython" };
    let tag = if l.python().pypy { tag.to_owned() } else { format!("{tag}-{}", l.python().nodot()) };
    l.write(&dir, format!("__pycache__/{name}.{tag}.pyc"), &good)?;
    l.write(&dir, format!("{name}_p/__pycache__/__init__.{tag}.pyc"), &good)?;
    l.write(&dir, format!("{name}_p/__pycache__/child.{tag}.pyc"), &good)?;
    l.ask(format!("{name}_p"));
    l.ask(format!("{name}_p.child"));
    l.ask(name);
    Ok(())
}

fn pycache(l: &mut Layout<'_>) -> io::Result<()> {
    let good = l.facts.pyc(TIME, 0);
    for dir in l.entries(2)? {
        l.write(&dir, "__pycache__/spam.pyc", &good)?;
        l.put(&dir, "__pycache__/eggs.py")?;
    }
    l.ask_all(&["__pycache__", "__pycache__.spam", "__pycache__.eggs", "__pycache__.ham"]);
    Ok(())
}

fn package_over_module(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.put(&dir, format!("{name}.py"))?;
    l.put(&dir, format!("{name}/__init__.py"))?;
    l.put(&dir, format!("{name}/child.py"))?;
    if l.chance(2) {
        let dir = l.entry()?;
        l.put(&dir, format!("{name}.py"))?;
    }
    l.ask_children(&name, &["child"]);
    l.ask(name);
    Ok(())
}

fn directory_over_module(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    let suffix = l.pick(&[".py", ".pyc", ".so"]);
    l.put(&dir, format!("{name}{suffix}"))?;
    l.put(&dir, format!("{name}/child.py"))?;
    if suffix == ".py" {
        l.ask(format!("{name}.child"));
    }
    l.ask(name);
    Ok(())
}

fn init_directory(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.put(&dir, format!("{name}/__init__.py/file.py"))?;
    l.put(&dir, format!("{name}/child.py"))?;
    if l.chance(2) {
        l.put(&dir, format!("{name}.py"))?;
    }
    if l.chance(2) {
        let dir = l.entry()?;
        l.put(&dir, format!("{name}/__init__/file.py"))?;
    }
    l.ask_children(&name, &["child", "__init__", "file"]);
    l.ask(name);
    Ok(())
}

fn module_directory(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.put(&dir, format!("{name}.py/child.py"))?;
    if l.chance(2) {
        let dir = l.entry()?;
        l.put(&dir, format!("{name}.py"))?;
    }
    l.ask(format!("{name}.py"));
    l.ask(name);
    Ok(())
}

fn init_and_main(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.put(&dir, format!("{name}/__init__.py"))?;
    l.put(&dir, format!("{name}/__main__.py"))?;
    l.ask_children(&name, &["__init__", "__main__", "__init__.x"]);
    l.ask("__init__");
    l.ask(name);
    Ok(())
}

fn pipe(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.pipe(&dir, &format!("{name}.py"))?;
    l.draft.dir(join(&dir, format!("{name}_p")))?;
    l.pipe(&dir, &format!("{name}_p/__init__.py"))?;
    if l.chance(2) {
        let dir = l.entry()?;
        l.put(&dir, format!("{name}.py"))?;
    }
    l.ask(format!("{name}_p"));
    l.ask(name);
    Ok(())
}

fn dangling(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.draft.link(join(&dir, format!("{name}.py")), "nowhere.py")?;
    l.draft.link(join(&dir, format!("{name}_d")), "nowhere")?;
    l.put(&dir, format!("{name}_p/file.txt"))?;
    l.draft.link(join(&dir, format!("{name}_p/__init__.py")), "nowhere.py")?;
    if l.chance(2) {
        let dir = l.entry()?;
        l.put(&dir, format!("{name}.py"))?;
    }
    l.ask(format!("{name}_p"));
    l.ask(format!("{name}_d"));
    l.ask(name);
    Ok(())
}

fn looping(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.draft.link(join(&dir, format!("{name}.py")), format!("{name}.py"))?;
    l.draft.link(join(&dir, format!("{name}_d")), format!("{name}_d"))?;
    l.draft.link(join(&dir, format!("{name}_here")), ".")?;
    l.ask(format!("{name}_here.{name}_here.{name}"));
    l.ask(format!("{name}_here"));
    l.ask(format!("{name}_d"));
    l.ask(name);
    Ok(())
}

fn symlinked(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name, real) = (l.entry()?, l.name(), l.at("real"));
    l.put(&real, "code.py")?;
    l.put(&real, "pack/__init__.py")?;
    l.put(&real, "pack/child.py")?;
    l.put(&real, "portion/child.py")?;
    let (suffix, target) = l.pick(&[(".py", "code.py"), ("", "pack"), ("", "portion"), ("/__init__.py", "code.py")]);
    l.draft.link(join(&dir, format!("{name}{suffix}")), join(&real, target))?;
    l.ask_children(&name, &["child"]);
    l.ask(name);
    Ok(())
}

fn device(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.draft.link(join(&dir, format!("{name}.py")), "/dev/null")?;
    l.draft.link(join(&dir, format!("{name}_p/__init__.py")), "/dev/null")?;
    l.ask(format!("{name}_p"));
    l.ask(name);
    Ok(())
}

const ODD: &[&str] =
    &["with blank", "with-dash", "9digit", "a+b", "ünïcode", "日本", "quote'", "semi;colon", "%41", "$HOME", "*"];

fn odd_names(l: &mut Layout<'_>) -> io::Result<()> {
    for name in l.some(ODD) {
        let dir = l.entry()?;
        let file = l.pick(&["{}.py", "{}/__init__.py", "{}/child.py"]).replace("{}", name);
        l.put(&dir, file)?;
        l.ask(name);
        l.ask(format!("{name}.child"));
    }
    Ok(())
}

fn letter_case(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    for file in l.some(&["Spam.py", "SPAM.py", "spam/__init__.py", "Eggs/__init__.py", "eggs.PY", "Ham/__init__.py"]) {
        l.put(&dir, file)?;
    }
    if l.chance(2) {
        l.draft.set("PYTHONCASEOK", "1");
    }
    l.ask_all(&["spam", "Spam", "SPAM", "eggs", "Eggs", "ham", "Json", "OS"]);
    Ok(())
}

fn dots(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    l.put(&dir, "spam.eggs.py")?;
    l.put(&dir, "ham.larch/__init__.py")?;
    if l.chance(2) {
        l.put(&dir, "spam.py")?;
    }
    l.ask_all(&["spam", "spam.eggs", "ham", "ham.larch"]);
    Ok(())
}

fn composed(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    for name in l.some(&["caf\u{e9}", "cafe\u{301}", "\u{ff53}pam"]) {
        l.put(&dir, format!("{name}.py"))?;
    }
    l.ask_all(&["caf\u{e9}", "cafe\u{301}", "\u{ff53}pam"]);
    Ok(())
}

fn everywhere(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.name();
    for dir in l.entries(8)? {
        let file = l.pick(&[".py", "/__init__.py", "/child.py", ".pyc", ".so", "/__init__.pyc", ".txt"]);
        l.put(&dir, format!("{name}{file}"))?;
    }
    l.ask(name);
    Ok(())
}

fn nothing(l: &mut Layout<'_>) -> io::Result<()> {
    l.entry()?;
    l.ask_all(&["spam", "spam.eggs", "os.spam", "json.spam", "json.decoder.spam", "sys.spam", "no_such_module_at_all"]);
    Ok(())
}

fn not_a_package(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    l.put(&dir, format!("{name}.py"))?;
    l.put(&dir, "a.py")?;
    l.ask_children(&name, &["a", "a.b"]);
    l.ask_all(&["a.b.c", "a"]);
    Ok(())
}

fn long_names(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    let name = "n".repeat(l.pick(&[200, 240, 251, 252]));
    l.put(&dir, format!("{name}.py"))?;
    l.ask(name.clone());
    // A name that is too long for any file.
    l.ask(format!("{name}{name}"));
    Ok(())
}
