//! Parents whose code decides where their children are, and parents that only look like it.

use std::io;

use bstr::BString;

use super::kind::{Kind, code, kind};
use super::layout::Layout;
use crate::differential::draft::{join, parent};

/// The kinds.
pub const KINDS: &[Kind] = &[
    kind("extend-path", extend_path),
    kind("extend-path-over-mixed-portions", extend_path_mixed),
    kind("extend-path-with-pkg-files", extend_path_pkg),
    code("extend-path-otherwise", extend_path_otherwise),
    code("declare-namespace", declare_namespace),
    code("parent-changes-path", changes_path),
    code("parent-replaces-itself", replaces_itself),
    code("parent-raises", raises),
    code("parent-is-an-extension", extension),
    code("parent-imports-importers", meddles),
    kind("parent-that-seems-to-change-path", seems),
    kind("parent-imports-its-children", imports_children),
    kind("parent-with-usual-code", usual),
    code("six-moves", six),
    kind("relative-to-missing-parents", missing_parents),
];

const EXACT: &[&str] = &[
    "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
    "from pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)\n",
    "import pkgutil\n__path__ = pkgutil.extend_path(__path__, __name__)\n",
    "# a comment\n__path__ = __import__(\"pkgutil\").extend_path(__path__, __name__)  # type: ignore\n",
    "\"\"\"Documentation.\"\"\"\nfrom pkgutil import extend_path\n\n__path__ = extend_path(__path__, __name__)\n",
];

fn extend_path(l: &mut Layout<'_>) -> io::Result<()> {
    let text = l.pick(EXACT);
    for (number, dir) in l.entries(3)?.iter().enumerate() {
        l.write(dir, "ns/__init__.py", text)?;
        l.put(dir, format!("ns/child{number}.py"))?;
        l.put(dir, "ns/same.py")?;
        l.ask(format!("ns.child{number}"));
    }
    l.ask_all(&["ns", "ns.same", "ns.none"]);
    Ok(())
}

fn extend_path_mixed(l: &mut Layout<'_>) -> io::Result<()> {
    let text = l.pick(EXACT);
    for (number, dir) in l.entries(4)?.iter().enumerate() {
        match l.rng.below(4) {
            0 | 1 => l.write(dir, "ns/__init__.py", text)?,
            2 => l.write(dir, "ns/__init__.py", "")?,
            _ => {}
        }
        l.put(dir, format!("ns/child{number}.py"))?;
        if l.chance(2) {
            l.put(dir, format!("ns/sub/child{number}.py"))?;
            l.ask(format!("ns.sub.child{number}"));
        }
        if l.chance(4) {
            l.write(dir, "ns/sub/__init__.py", text)?;
        }
        l.ask(format!("ns.child{number}"));
    }
    l.ask_all(&["ns", "ns.sub", "ns.none"]);
    Ok(())
}

fn extend_path_pkg(l: &mut Layout<'_>) -> io::Result<()> {
    let dirs = l.entries(2)?;
    let far = l.at("far");
    l.put(&far, "distant.py")?;
    l.write(&dirs[0], "ns/__init__.py", EXACT[0])?;
    let line = [b"# comment\n\n", far.as_slice(), b"\n"].concat();
    l.write(&dirs[1], "ns.pkg", line)?;
    l.put(&dirs[1], "ns/child.py")?;
    l.ask_all(&["ns", "ns.distant", "ns.child"]);
    Ok(())
}

fn extend_path_otherwise(l: &mut Layout<'_>) -> io::Result<()> {
    let texts = [
        "from pkgutil import extend_path as e\n__path__ = e(__path__, __name__)\n",
        "from pkgutil import extend_path\n__path__ = extend_path(__path__, 'other')\n",
        "from pkgutil import extend_path\n__path__ = list(reversed(extend_path(__path__, __name__)))\n",
        "if True:\n    from pkgutil import extend_path\n    __path__ = extend_path(__path__, __name__)\n",
        "try:\n    __import__('pkg_resources').declare_namespace(__name__)\nexcept ImportError:\n    \
         __path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
    ];
    let text = l.pick(&texts);
    for dir in l.entries(2)? {
        l.write(&dir, "ns/__init__.py", text)?;
        l.put(&dir, "ns/child.py")?;
    }
    l.ask_all(&["ns", "ns.child", "ns.none"]);
    Ok(())
}

fn declare_namespace(l: &mut Layout<'_>) -> io::Result<()> {
    for dir in l.entries(2)? {
        l.write(&dir, "ns/__init__.py", "__import__('pkg_resources').declare_namespace(__name__)\n")?;
        l.put(&dir, "ns/child.py")?;
    }
    if l.chance(2) {
        let dir = l.cwd();
        l.write(&dir, "pkg_resources.py", "def declare_namespace(name):\n    pass\n")?;
    }
    l.ask_all(&["ns", "ns.child"]);
    Ok(())
}

fn changes_path(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, far) = (l.entry()?, l.at("far"));
    l.put(&far, "child.py")?;
    l.put(&far, "distant.py")?;
    let texts = [
        format!("__path__.append('{far}')\n"),
        format!("__path__ = ['{far}']\n"),
        format!("__path__.insert(0, '{far}')\n"),
        format!("__path__ += ['{far}']\n"),
        "import os\n__path__.append(os.path.join(os.path.dirname(__file__), 'sub'))\n".to_owned(),
        "del __path__\n".to_owned(),
        "__path__ = []\n".to_owned(),
        format!("globals()['__path__'] = ['{far}']\n"),
        format!("def more():\n    __path__.append('{far}')\n\nmore()\n"),
    ];
    let text = l.pick(&texts);
    l.write(&dir, "spam/__init__.py", text)?;
    l.put(&dir, "spam/child.py")?;
    l.put(&dir, "spam/sub/inner.py")?;
    l.ask_all(&["spam", "spam.child", "spam.distant", "spam.inner", "spam.none"]);
    Ok(())
}

fn replaces_itself(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    let texts = [
        "import sys\nsys.modules[__name__] = object()\n",
        "import sys, types\nm = types.ModuleType(__name__)\nm.__path__ = []\nsys.modules[__name__] = m\n",
        "import sys\ndel sys.modules[__name__]\n",
        "import sys\nsys.modules[__name__ + '.child'] = sys\n",
        "import sys\nsys.modules['spam.child'] = None\n",
    ];
    let text = l.pick(&texts);
    l.write(&dir, "spam/__init__.py", text)?;
    l.put(&dir, "spam/child.py")?;
    l.ask_all(&["spam", "spam.child", "spam.none"]);
    Ok(())
}

fn raises(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    let texts = [
        "raise ImportError('no')\n",
        "1 / 0\n",
        "def broken(:\n",
        "import no_such_module_at_all\n",
        "\0",
        "raise SystemExit\n",
        "import os\nos._exit(3)\n",
        "# -*- coding: nonsense -*-\n",
        "assert False\n",
        "  x = 1\n",
    ];
    let text = l.pick(&texts);
    l.write(&dir, "spam/__init__.py", text)?;
    l.put(&dir, "spam/child.py")?;
    l.ask_all(&["spam", "spam.child", "spam.none"]);
    Ok(())
}

fn extension(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    let suffix = l.facts.suffixes[0].clone();
    // One that can be loaded, if the library has it as a file.
    let real = join(&l.python().stdlib, format!("lib-dynload/_bisect{suffix}"));
    let content = std::fs::read(l.draft.outside(real)).unwrap_or_default();
    l.write(&dir, format!("_bisect/__init__{suffix}"), content)?;
    l.put(&dir, "_bisect/child.py")?;
    l.ask_all(&["_bisect", "_bisect.child", "_bisect.none"]);
    Ok(())
}

fn meddles(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, far) = (l.entry()?, l.at("far"));
    l.put(&far, "child.py")?;
    let texts = [
        "import sys\nsys.meta_path.clear()\n".to_owned(),
        "import sys\nsys.path.clear()\n".to_owned(),
        format!("import sys\nsys.path.insert(0, '{far}')\n"),
        "exec('__path__ = []')\n".to_owned(),
        "import sys\nsys.modules['spam'].__path__ = []\n".to_owned(),
    ];
    let text = l.pick(&texts);
    l.write(&dir, "spam/__init__.py", text)?;
    l.put(&dir, "spam/child.py")?;
    l.ask_all(&["spam", "spam.child", "spam.none"]);
    Ok(())
}

fn seems(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    let texts = [
        "# __path__ = []\n",
        "\"\"\"Sets no __path__ and calls no extend_path.\"\"\"\n",
        "TEXT = 'sys.modules[__name__] = None'\n",
        "# sys.path.insert(0, '')\nx = 1\n",
        "def extend():\n    return 'extend_path'\n",
    ];
    let text = l.pick(&texts);
    l.write(&dir, "spam/__init__.py", text)?;
    l.put(&dir, "spam/child.py")?;
    l.ask_all(&["spam", "spam.child", "spam.none"]);
    Ok(())
}

fn imports_children(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    let texts = [
        "from . import child\n",
        "from .child import *\n",
        "from spam import child\n",
        "import spam.child\n",
        "from .inner import deep as d\n",
    ];
    let text = l.pick(&texts);
    l.write(&dir, "spam/__init__.py", text)?;
    l.put(&dir, "spam/child.py")?;
    l.write(&dir, "spam/inner/__init__.py", "from ..child import *\n")?;
    l.put(&dir, "spam/inner/deep.py")?;
    l.ask_all(&["spam", "spam.child", "spam.inner", "spam.inner.deep", "spam.none"]);
    Ok(())
}

const USUAL: &str = "\"\"\"A package.\"\"\"\nfrom __future__ import absolute_import\n\nimport logging\nimport os\nimport sys\n\n\
    from ._version import __version__\n\nlogging.getLogger(__name__).addHandler(logging.NullHandler())\n\n\
    if sys.version_info < (2, 7):\n    raise ImportError('too old')\n\ntry:\n    import json\nexcept ImportError:\n    \
    json = None\n\n__all__ = ['child', '__version__']\n\n\ndef where():\n    return os.path.dirname(__file__)\n\n\n\
    def __getattr__(name):\n    raise AttributeError(name)\n";

fn usual(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    l.write(&dir, "spam/__init__.py", USUAL)?;
    l.write(&dir, "spam/_version.py", "__version__ = '1.2.3'\n")?;
    l.put(&dir, "spam/child/__init__.py")?;
    l.put(&dir, "spam/child/deep.py")?;
    l.ask_all(&["spam", "spam.child", "spam.child.deep", "spam._version", "spam.none", "json", "logging"]);
    Ok(())
}

fn six(l: &mut Layout<'_>) -> io::Result<()> {
    // A copy of the one that pip contains, in the versions of pip that contain one.
    let file = join(&l.python().stdlib, "site-packages/pip/_vendor/six.py");
    let places = [file, BString::from("/usr/lib/python3/dist-packages/six.py")];
    let Some(text) = places.iter().find_map(|place| std::fs::read(l.draft.outside(place)).ok()) else {
        l.draft.impossible("six is not on this machine");
        return Ok(());
    };
    l.in_site("six.py", text)?;
    l.ask_all(&["six", "six.moves", "six.moves.urllib", "six.moves.urllib.parse", "six.moves.cPickle", "six.none"]);
    Ok(())
}

fn missing_parents(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.entry()?;
    l.put(&dir, "spam/eggs.py")?;
    debug_assert!(!parent(&dir).is_empty(), "an entry is an absolute path");
    l.ask_all(&[
        "ham.eggs",
        "ham.eggs.deep",
        "spam.eggs.deep",
        "spam.none.deep",
        "os.none.deep",
        "sys.x",
        "zlib.x",
        "spam",
    ]);
    Ok(())
}
