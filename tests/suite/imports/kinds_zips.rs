//! Zip files and eggs on `sys.path`.

use std::io;

use bstr::BString;

use super::archive::{Member, TIME, archive, member};
use super::kind::{Kind, kind};
use super::layout::Layout;
use crate::differential::draft::join;

/// The kinds.
pub const KINDS: &[Kind] = &[
    kind("zip-with-all-members", all_members),
    kind("zip-with-bad-headers", bad_headers),
    kind("zip-with-mixed-parents", mixed),
    kind("zip-subdirectory", subdirectory),
    kind("zip-with-directories", |l| directories(l, true)),
    kind("zip-without-directories", |l| directories(l, false)),
    kind("zip-and-directory-namespace", shared_namespace),
    kind("zip-that-is-none", broken),
    kind("zip-with-prefix-and-comment", wrapped),
    kind("zip-compressed", compressed),
    kind("zip-with-extensions", extensions),
    kind("zip-through-symlink", through_symlink),
    kind("zip-named-otherwise", named_otherwise),
    kind("zip-of-odd-names", odd_names),
    kind("zip-of-the-standard-library", library_zip),
    kind("egg-by-easy-install", egg),
    kind("egg-directory-by-easy-install", egg_directory),
    kind("zip-empty", empty),
];

/// Places a zip file on `sys.path`, at one of the places where that is done.
fn place(l: &mut Layout<'_>, content: Vec<u8>) -> io::Result<BString> {
    let name = l.pick(&["code.zip", "more.zip", "code.egg"]);
    let file = join(l.at("zips"), name);
    l.draft.file(&file, content)?;
    if l.chance(2) {
        l.search(&file);
    } else {
        let line = [file.as_slice(), b"\n"].concat();
        l.in_site(&format!("{name}.pth"), line)?;
    }
    Ok(file)
}

/// The members that a name may have, some of them, in any order.
fn members(l: &mut Layout<'_>, name: &str) -> Vec<Member> {
    let good = l.facts.pyc(TIME, 0);
    let bad = l.facts.foreign_pyc();
    let old = l.facts.pyc(TIME - 1000, 0);
    let long = l.facts.pyc(TIME, 99);
    let mut all = Vec::new();
    for suffix in l.some(&["/__init__.pyc", "/__init__.py", ".pyc", ".py"]) {
        let content = if suffix.ends_with('c') {
            l.pick(&[good.clone(), good.clone(), bad.clone(), old.clone(), long.clone(), Vec::new(), b"\0".to_vec()])
        } else {
            Vec::new()
        };
        all.push(member(format!("{name}{suffix}"), content));
    }
    let order = l.rng.shuffled(all.len());
    let mut all: Vec<Option<Member>> = all.into_iter().map(Some).collect();
    order.into_iter().filter_map(|index| all[index].take()).collect()
}

fn all_members(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.name();
    let good = l.facts.pyc(TIME, 0);
    let all = l.some(&["/__init__.pyc", "/__init__.py", ".pyc", ".py", "/child.py", "/child.pyc"]);
    let content = |file: &str| if file.ends_with('c') { good.clone() } else { Vec::new() };
    let all: Vec<Member> = all.iter().map(|file| member(format!("{name}{file}"), content(file))).collect();
    place(l, archive(&all, b"", b""))?;
    l.ask(name.clone());
    // Compiled code may do anything.
    l.code = true;
    l.ask_children(&name, &["child", "other"]);
    l.code = false;
    Ok(())
}

fn bad_headers(l: &mut Layout<'_>) -> io::Result<()> {
    let mut all = Vec::new();
    for name in ["spam", "eggs", "ham"] {
        all.extend(members(l, name));
        l.ask(name);
    }
    place(l, archive(&all, b"", b""))?;
    Ok(())
}

fn mixed(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.name();
    let mut all = vec![member(format!("{name}/__init__.py"), "")];
    all.extend(members(l, &format!("{name}/child")));
    all.push(member(format!("{name}/sub/__init__.py"), ""));
    all.push(member(format!("{name}/sub/deep.py"), ""));
    place(l, archive(&all, b"", b""))?;
    if l.chance(2) {
        let dir = l.entry()?;
        l.put(&dir, format!("{name}.py"))?;
    }
    l.ask_children(&name, &["child", "sub", "sub.deep", "sub.none"]);
    l.ask(name);
    Ok(())
}

fn subdirectory(l: &mut Layout<'_>) -> io::Result<()> {
    let all = [
        member("top.py", ""),
        member("lib/spam.py", ""),
        member("lib/pack/__init__.py", ""),
        member("lib/pack/child.py", ""),
        member("lib/deep/eggs.py", ""),
    ];
    let file = l.at("zips/sub.zip");
    l.draft.file(&file, archive(&all, b"", b""))?;
    for below in l.some(&["lib", "lib/", "lib/deep", "none", "lib/spam.py", ""]) {
        l.search(&join(&file, below));
    }
    l.ask_all(&["top", "spam", "pack", "pack.child", "deep", "eggs", "lib", "deep.eggs"]);
    Ok(())
}

fn directories(l: &mut Layout<'_>, recorded: bool) -> io::Result<()> {
    let name = l.name();
    let mut all = Vec::new();
    if recorded {
        all.push(member(format!("{name}/"), ""));
        all.push(member(format!("{name}/inner/"), ""));
    }
    all.push(member(format!("{name}/child.py"), ""));
    all.push(member(format!("{name}/inner/deep.py"), ""));
    place(l, archive(&all, b"", b""))?;
    l.ask_children(&name, &["child", "inner", "inner.deep", "none"]);
    l.ask(name);
    Ok(())
}

fn shared_namespace(l: &mut Layout<'_>) -> io::Result<()> {
    let (dir, name) = (l.entry()?, l.name());
    let all = [member(format!("{name}/"), ""), member(format!("{name}/zipped.py"), "")];
    place(l, archive(&all, b"", b""))?;
    l.put(&dir, format!("{name}/plain.py"))?;
    l.ask_children(&name, &["zipped", "plain"]);
    l.ask(name);
    Ok(())
}

fn broken(l: &mut Layout<'_>) -> io::Result<()> {
    let good = archive(&[member("spam.py", "")], b"", b"");
    let cut = good[..good.len() - 10].to_vec();
    let garbled = good.iter().map(|byte| byte.wrapping_add(1)).collect();
    let longer = [good.as_slice(), b"trailing text"].concat();
    let content = l.pick(&[Vec::new(), b"no zip file at all".to_vec(), cut, garbled, longer]);
    place(l, content)?;
    l.ask_all(&["spam", "code"]);
    Ok(())
}

fn wrapped(l: &mut Layout<'_>) -> io::Result<()> {
    let all = [member("spam.py", ""), member("pack/__init__.py", ""), member("pack/eggs.py", "")];
    let before: &[u8] = l.pick(&[b"".as_slice(), b"#!/usr/bin/env python3\n", &[0; 3000]]);
    let comment: &[u8] =
        l.pick(&[b"".as_slice(), b"a comment", &[b'c'; 9000], b"PK\x05\x06 in a comment that is long enough"]);
    place(l, archive(&all, before, comment))?;
    l.ask_all(&["spam", "pack", "pack.eggs"]);
    Ok(())
}

fn compressed(l: &mut Layout<'_>) -> io::Result<()> {
    let mut all = Vec::new();
    for name in ["spam", "eggs"] {
        all.extend(members(l, name));
        l.ask(name);
    }
    for member in &mut all {
        member.deflated = true;
    }
    place(l, archive(&all, b"", b""))?;
    Ok(())
}

fn extensions(l: &mut Layout<'_>) -> io::Result<()> {
    let suffixes = l.facts.suffixes.clone();
    let mut all: Vec<Member> = suffixes.iter().map(|suffix| member(format!("spam{suffix}"), "")).collect();
    all.push(member("eggs/__init__.so", ""));
    all.push(member("ham.pyo", ""));
    all.push(member("__pycache__/larch.cpython-312.pyc", ""));
    place(l, archive(&all, b"", b""))?;
    l.ask_all(&["spam", "eggs", "ham", "larch", "__pycache__"]);
    Ok(())
}

fn through_symlink(l: &mut Layout<'_>) -> io::Result<()> {
    let file = l.at("zips/real.zip");
    l.draft.file(&file, archive(&[member("spam.py", "")], b"", b""))?;
    let link = l.at("zips/link.zip");
    l.draft.link(&link, "real.zip")?;
    l.search(&link);
    if l.chance(2) {
        l.search(&file);
    }
    l.ask("spam");
    Ok(())
}

fn named_otherwise(l: &mut Layout<'_>) -> io::Result<()> {
    let name = l.pick(&["library", "code.py", "wheel-1.0-py3-none-any.whl", "app.pyz", "code.ZIP", "a b.zip"]);
    let file = join(l.at("zips"), name);
    l.draft.file(&file, archive(&[member("spam.py", ""), member("eggs/__init__.py", "")], b"", b""))?;
    l.search(&file);
    l.ask_all(&["spam", "eggs", "library", "code"]);
    Ok(())
}

fn odd_names(l: &mut Layout<'_>) -> io::Result<()> {
    let all: Vec<Member> =
        ["with blank.py", "é.py", "Spam.py", "./eggs.py", "/ham.py", "a\\b.py", "../larch.py", "dir//x.py", "spam.PY"]
            .iter()
            .map(|name| member(*name, ""))
            .collect();
    place(l, archive(&all, b"", b""))?;
    l.ask_all(&["with blank", "é", "Spam", "spam", "eggs", "ham", "a\\b", "larch", "dir", "dir.x", "b"]);
    Ok(())
}

fn library_zip(l: &mut Layout<'_>) -> io::Result<()> {
    // Before the standard library, as `lib/pythonXY.zip` is, but without a base of its own.
    let all = [member("json.py", ""), member("csv/__init__.py", ""), member("spam.py", ""), member("os.py", "")];
    let file = l.at(&format!("zips/python{}.zip", l.python().nodot()));
    // Up to 3.10, startup itself takes `os`.
    let all = if l.since(11) && !l.python().pypy { &all[..] } else { &all[..3] };
    l.draft.file(&file, archive(all, b"", b""))?;
    l.search(&file);
    l.ask_all(&["json", "json.decoder", "csv", "spam", "os"]);
    Ok(())
}

fn egg(l: &mut Layout<'_>) -> io::Result<()> {
    let all = [
        member("EGG-INFO/PKG-INFO", "Metadata-Version: 1.0\nName: spam\nVersion: 1.0\n"),
        member("spam/__init__.py", ""),
        member("spam/child.py", ""),
    ];
    l.in_site("spam-1.0-py3.egg", archive(&all, b"", b""))?;
    let text = easy_install(l, "./spam-1.0-py3.egg");
    l.in_site("easy-install.pth", text)?;
    l.ask_all(&["spam", "spam.child"]);
    Ok(())
}

/// What `easy_install` wrote: up to 2017 with code before and behind the lines.
fn easy_install(l: &mut Layout<'_>, line: &str) -> String {
    if l.chance(2) {
        return format!("{line}\n");
    }
    format!(
        "import sys; sys.__plen = len(sys.path)\n{line}\nimport sys; new=sys.path[sys.__plen:]; \
         del sys.path[sys.__plen:]; p=getattr(sys,'__egginsert',0); sys.path[p:p]=new; \
         sys.__egginsert = p+len(new)\n"
    )
}

fn egg_directory(l: &mut Layout<'_>) -> io::Result<()> {
    let egg = join(l.draft.site(), "spam-2.0-py3.egg");
    l.put(&egg, "spam.py")?;
    l.put(&egg, "EGG-INFO/PKG-INFO")?;
    let text = easy_install(l, "./spam-2.0-py3.egg");
    l.in_site("easy-install.pth", text)?;
    if l.chance(2) {
        let dir = l.entry()?;
        l.put(&dir, "spam.py")?;
    }
    l.ask("spam");
    Ok(())
}

fn empty(l: &mut Layout<'_>) -> io::Result<()> {
    place(l, archive(&[], b"", b""))?;
    l.ask_all(&["spam", "spam.eggs"]);
    Ok(())
}
