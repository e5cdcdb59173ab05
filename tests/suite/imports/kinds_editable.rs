//! Editable installs.

use std::fs;
use std::io;

use bstr::BString;

use super::backends::BACKENDS;
use super::kind::{Kind, code, kind};
use super::layout::Layout;
use crate::differential::draft::join;

/// The kinds.
pub const KINDS: &[Kind] = &[
    kind("editable-by-path", by_path),
    kind("editable-strict", strict),
    kind("editable-finder", |l| finder(l, false)),
    kind("editable-finder-of-namespaces", |l| finder(l, true)),
    kind("editable-finder-of-modules", finder_of_modules),
    kind("editable-finder-of-nested-names", nested_names),
    kind("editable-finder-missing", finder_missing),
    kind("editable-finders-several", several),
    kind("editable-by-editables", editables),
    code("editable-by-scikit-build-core", scikit_build_core),
    code("editable-by-meson-python", meson_python),
    kind("editable-self-replacing", self_replacing),
];

fn by_path(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.at("project/src");
    l.put(&dir, "spam/__init__.py")?;
    l.put(&dir, "spam/child.py")?;
    let name = l.pick(&["__editable__.spam-1.0.pth", "_spam.pth", "spam.pth", "_editable_impl_spam.pth"]);
    l.in_site(name, dir.as_slice())?;
    if l.chance(3) {
        let dir = l.entry()?;
        l.put(&dir, "spam.py")?;
    }
    l.ask_all(&["spam", "spam.child", "project"]);
    Ok(())
}

fn strict(l: &mut Layout<'_>) -> io::Result<()> {
    let (real, links) = (l.at("project"), l.at("project/build/__editable__.spam-1.0-py3-none-any"));
    l.put(&real, "spam/__init__.py")?;
    l.put(&real, "spam/child.py")?;
    l.draft.link(join(&links, "spam/__init__.py"), join(&real, "spam/__init__.py"))?;
    l.draft.link(join(&links, "spam/child.py"), join(&real, "spam/child.py"))?;
    l.in_site("__editable__.spam-1.0.pth", links.as_slice())?;
    l.ask_all(&["spam", "spam.child", "spam.new"]);
    Ok(())
}

/// A dictionary as `repr` writes it.
fn dictionary(entries: &[(String, String)]) -> String {
    let entries: Vec<String> = entries.iter().map(|(key, value)| format!("'{key}': {value}")).collect();
    format!("{{{}}}", entries.join(", "))
}

fn quoted(path: &BString) -> String {
    format!("'{path}'")
}

/// Installs a finder of setuptools.
fn install(
    l: &mut Layout<'_>,
    module: &str,
    mapping: &[(String, String)],
    namespaces: &[(String, String)],
) -> io::Result<()> {
    if BACKENDS.setuptools.is_empty() {
        l.draft.impossible("no setuptools that writes finders is on this machine");
        return Ok(());
    }
    let text = l.pick(&BACKENDS.setuptools);
    if text.contains("annotations") && !l.since(7) {
        l.draft.impossible("no setuptools for this version writes such finders");
        return Ok(());
    }
    let text = text
        .replace("{name!r}", &format!("'{module}'"))
        .replace("{mapping!r}", &dictionary(mapping))
        .replace("{namespaces!r}", &dictionary(namespaces));
    l.in_site(&format!("{module}.py"), text)?;
    let name = module.trim_start_matches("__editable___").trim_end_matches("_finder");
    let name = name.replacen("_1_0", "-1.0", 1);
    l.in_site(&format!("__editable__.{name}.pth"), format!("import {module}; {module}.install()"))
}

fn finder(l: &mut Layout<'_>, with_namespaces: bool) -> io::Result<()> {
    let project = l.at("project");
    for file in [
        "spam/__init__.py",
        "spam/child.py",
        "spam/inner/__init__.py",
        "spam/inner/deep.py",
        "ns/pack/__init__.py",
        "ns/pack/child.py",
    ] {
        if !l.chance(8) {
            l.put(&project, file)?;
        }
    }
    let mut mapping = vec![("spam".to_owned(), quoted(&join(&project, "spam")))];
    let mut namespaces = Vec::new();
    if with_namespaces {
        mapping.push(("ns.pack".to_owned(), quoted(&join(&project, "ns/pack"))));
        let places = l.pick(&["[]".to_owned(), format!("[{}]", quoted(&join(&project, "ns")))]);
        namespaces.push(("ns".to_owned(), places));
        if l.chance(2) {
            let dir = l.entry()?;
            l.put(&dir, "ns/other/__init__.py")?;
        }
    }
    if l.chance(3) {
        let dir = l.entry()?;
        let file = l.pick(&["spam/readme.txt", "spam.py", "spam/__init__.py"]);
        l.put(&dir, file)?;
    }
    install(l, "__editable___proj_1_0_finder", &mapping, &namespaces)?;
    l.ask_all(&[
        "spam",
        "spam.child",
        "spam.inner",
        "spam.inner.deep",
        "spam.none",
        "ns",
        "ns.pack",
        "ns.pack.child",
        "ns.other",
        "ns.none",
        "__editable___proj_1_0_finder",
        "json",
        "pathlib",
    ]);
    Ok(())
}

fn finder_of_modules(l: &mut Layout<'_>) -> io::Result<()> {
    let project = l.at("project");
    let suffix = l.facts.suffixes[0].clone();
    for file in [
        "spam.py".to_owned(),
        format!("spam{suffix}"),
        "spam.pyc".to_owned(),
        "spam/__init__.py".to_owned(),
        "spam/x.py".to_owned(),
    ] {
        if l.chance(2) {
            l.put(&project, file)?;
        }
    }
    l.put(&project, format!("eggs{suffix}"))?;
    l.put(&project, "ham.py")?;
    let mapping = ["spam", "eggs", "ham", "json"].map(|name| (name.to_owned(), quoted(&join(&project, name)))).to_vec();
    install(l, "__editable___mods_1_0_finder", &mapping, &[])?;
    l.ask_all(&["spam", "spam.x", "eggs", "ham", "ham.x", "json", "json.decoder"]);
    Ok(())
}

fn nested_names(l: &mut Layout<'_>) -> io::Result<()> {
    let project = l.at("project");
    for file in
        ["a/__init__.py", "lib/b/__init__.py", "lib/b/one.py", "lib/b/c/__init__.py", "a/b/__init__.py", "other/d.py"]
    {
        if !l.chance(4) {
            l.put(&project, file)?;
        }
    }
    let mapping = [("a", "a"), ("a.b", "lib/b"), ("a.e", "other")]
        .map(|(name, path)| (name.to_owned(), quoted(&join(&project, path))))
        .to_vec();
    let namespaces = if l.chance(2) { vec![("a.e".to_owned(), "[]".to_owned())] } else { Vec::new() };
    install(l, "__editable___deep_1_0_finder", &mapping, &namespaces)?;
    l.ask_all(&["a", "a.b", "a.b.one", "a.b.c", "a.e", "a.e.d", "a.none", "a.b.none"]);
    Ok(())
}

fn finder_missing(l: &mut Layout<'_>) -> io::Result<()> {
    let project = l.at("gone");
    let mapping = [("spam".to_owned(), quoted(&join(&project, "spam")))];
    install(l, "__editable___gone_1_0_finder", &mapping, &[])?;
    if l.draft.skip.is_none() && l.chance(2) {
        // Only the line is left.
        let file = l.draft.outside(join(l.draft.site(), "__editable___gone_1_0_finder.py"));
        fs::remove_file(file)?;
    }
    l.ask_all(&["spam", "spam.child", "__editable___gone_1_0_finder"]);
    Ok(())
}

fn several(l: &mut Layout<'_>) -> io::Result<()> {
    for (project, module) in [("p1", "__editable___one_1_0_finder"), ("p2", "__editable___two_1_0_finder")] {
        let dir = l.at(project);
        for file in l.some(&["spam/__init__.py", "ns/child.py", "ns/__init__.py", "spam/child.py"]) {
            l.put(&dir, file)?;
        }
        let mapping = [("spam".to_owned(), quoted(&join(&dir, "spam"))), ("ns".to_owned(), quoted(&join(&dir, "ns")))];
        let namespaces = [("ns".to_owned(), format!("[{}]", quoted(&join(&dir, "ns"))))];
        let count = if l.chance(2) { 1 } else { 2 };
        install(l, module, &mapping[..count], &namespaces[..count - 1])?;
    }
    l.ask_all(&["spam", "spam.child", "ns", "ns.child"]);
    Ok(())
}

fn editables(l: &mut Layout<'_>) -> io::Result<()> {
    let project = l.at("project");
    l.put(&project, "spam/__init__.py")?;
    l.put(&project, "spam/child.py")?;
    l.put(&project, "ham.py")?;
    let mut text = "from editables.redirector import RedirectingFinder as F\nF.install()\n".to_owned();
    for (name, file) in [("spam", "spam/__init__.py"), ("ham", "ham.py"), ("json", "ham.py")] {
        text += &format!("F.map_module({}, {})\n", quoted(&name.into()), quoted(&join(&project, file)));
    }
    l.in_site("_editable_impl_proj.py", text.trim_end())?;
    l.in_site("_editable_impl_proj.pth", "import _editable_impl_proj")?;
    let Some(dir) = &BACKENDS.editables else {
        l.draft.impossible("editables is not on this machine");
        return Ok(());
    };
    if !l.chance(5) {
        for file in ["__init__.py", "redirector.py"] {
            l.in_site(&format!("editables/{file}"), fs::read(dir.join(file))?)?;
        }
    }
    if l.chance(3) {
        let dir = l.entry()?;
        let file = l.pick(&["spam/readme.txt", "spam.py", "ham/__init__.py"]);
        l.put(&dir, file)?;
    }
    l.ask_all(&["spam", "spam.child", "ham", "json", "editables", "editables.redirector", "_editable_impl_proj"]);
    Ok(())
}

fn scikit_build_core(l: &mut Layout<'_>) -> io::Result<()> {
    let project = l.at("project");
    if BACKENDS.scikit_build_core.is_empty() || !l.since(8) {
        l.draft.impossible("scikit-build-core is not on this machine");
        return Ok(());
    }
    l.all_code = true;
    let text = l.pick(&BACKENDS.scikit_build_core);
    l.unordered = !text.contains("ranked_locations");
    let suffix = l.facts.suffixes[0].clone();
    for file in ["spam/__init__.py", "spam/child.py", "spam/sub/__init__.py", "ham.py"] {
        l.put(&project, file)?;
    }
    l.in_site(&format!("spam/core{suffix}"), "")?;
    let files = ["spam", "spam.child", "spam.sub", "ham"];
    let source = files.map(|name| {
        let path = name.replace('.', "/");
        let path =
            if ["spam", "spam.sub"].contains(&name) { format!("{path}/__init__.py") } else { format!("{path}.py") };
        (name.to_owned(), quoted(&join(&project, path)))
    });
    let wheel = [("spam.core".to_owned(), format!("'spam/core{suffix}'"))];
    let (source, wheel) = (dictionary(&source), dictionary(&wheel));
    let arguments = if text.contains("known_directories") {
        let root = quoted(&join(&project, "spam"));
        let sub = quoted(&join(&project, "spam/sub"));
        format!(
            "{source}, {wheel}, {{'spam': ['spam', {root}], 'spam.sub': [{sub}]}}, ['spam', 'spam.sub'], None, False, False, [], [], ''"
        )
    } else if text.contains("install_dir") {
        format!("{source}, {wheel}, None, False, False, [], [], ''")
    } else {
        format!("{source}, {wheel}, None, False, False, [], []")
    };
    l.in_site("_proj_editable.py", format!("{text}\n\ninstall({arguments})\n"))?;
    l.in_site("_proj_editable.pth", "import _proj_editable\n")?;
    l.ask_all(&["spam", "spam.child", "spam.sub", "spam.core", "ham", "spam.none", "json"]);
    Ok(())
}

fn meson_python(l: &mut Layout<'_>) -> io::Result<()> {
    let (project, build) = (l.at("project"), l.at("project/build/cp"));
    if BACKENDS.meson_python.is_empty() || !l.since(8) || l.python().pypy {
        l.draft.impossible("meson-python is not on this machine");
        return Ok(());
    }
    l.all_code = true;
    let text = l.pick(&BACKENDS.meson_python);
    let mut plan = String::new();
    for file in ["spam/__init__.py", "spam/child.py", "ham.py"] {
        l.put(&project, file)?;
        let source = join(&project, file);
        plan += &format!(
            "\"{source}\": {{\"destination\": \"{{py_purelib}}/{file}\", \"tag\": null, \"subproject\": null}}, "
        );
    }
    let plan = format!("{{\"python\": {{{}}}}}", plan.trim_end_matches(", "));
    l.write(&build, "meson-info/intro-install_plan.json", plan)?;
    l.write(&build, "meson-logs/nothing", "")?;
    let project = if text.contains("def install(names") { "" } else { "'proj', " };
    let arguments = format!("{project}{{'spam', 'ham'}}, {}, ['/bin/true'], False", quoted(&build));
    let (end, line) = if text.contains("\ndef install(") {
        (format!("\ninstall(\n    {arguments},\n)\n"), "import _proj_editable_loader")
    } else {
        let body = "sys.meta_path.insert(0, finder)\n    sys.path_hooks.insert(0, finder._path_hook)\n";
        let end = format!("\ndef init():\n    finder = MesonpyMetaFinder(\n        {arguments},\n    )\n    {body}");
        (end, "import _proj_editable_loader; _proj_editable_loader.init()")
    };
    l.in_site("_proj_editable_loader.py", text + &end)?;
    l.in_site("proj-editable.pth", line)?;
    l.ask_all(&["spam", "spam.child", "ham", "spam.none", "json"]);
    Ok(())
}

fn self_replacing(l: &mut Layout<'_>) -> io::Result<()> {
    let target = join(l.at("project"), "spam/__init__.py");
    l.draft.file(&target, "")?;
    l.draft.file(join(l.at("project"), "spam/child.py"), "")?;
    let text = format!(
        "import importlib.util\nimport sys\n\ndef import_from_path(module_name, file_path):\n    \
         spec = importlib.util.spec_from_file_location(module_name, file_path)\n    \
         module = importlib.util.module_from_spec(spec)\n    sys.modules[module_name] = module\n    \
         spec.loader.exec_module(module)\n\nimport_from_path(__name__, {})\n",
        quoted(&target)
    );
    l.in_site("spam.py", text)?;
    l.ask("spam");
    // The module replaces itself by a package.
    l.code = true;
    l.ask("spam.child");
    l.code = false;
    Ok(())
}
