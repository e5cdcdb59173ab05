//! Installed distributions, and files that come near to a name that is missing.

use std::io;

use bstr::BString;

use super::kind::{Kind, kind};
use super::layout::Layout;
use crate::differential::draft::join;

/// The kinds.
pub const KINDS: &[Kind] = &[
    kind("distribution-with-record", recorded),
    kind("distributions-of-a-namespace", of_namespace),
    kind("distribution-under-another-name", other_name),
    kind("near-of-another-version", other_version),
    kind("near-of-another-case", other_case),
    kind("near-in-pycache", in_pycache),
    kind("near-by-symlink", by_symlink),
];

/// Writes the metadata of a distribution with these files.
fn install(l: &mut Layout<'_>, name: &str, version: &str, files: &[&str]) -> io::Result<()> {
    let info = format!("{name}-{version}.dist-info");
    let mut record = String::new();
    for file in files {
        l.in_site(file, "")?;
        record += &format!("{file},sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n");
    }
    record += &format!("{info}/METADATA,,\n{info}/RECORD,,\n");
    l.in_site(&format!("{info}/METADATA"), format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"))?;
    l.in_site(&format!("{info}/RECORD"), record)?;
    l.in_site(&format!("{info}/INSTALLER"), "pip\n")
}

fn recorded(l: &mut Layout<'_>) -> io::Result<()> {
    let suffix = l.facts.suffixes[0].clone();
    let core = format!("spam/core{suffix}");
    let files = ["spam/__init__.py", "spam/child.py", "ham.py", &core];
    install(l, "Spam.Eggs", "1.2.3", &files)?;
    for name in ["spam", "spam.child", "ham", "spam.core"] {
        l.ask_owned(name, "Spam.Eggs", "1.2.3");
    }
    Ok(())
}

fn of_namespace(l: &mut Layout<'_>) -> io::Result<()> {
    install(l, "ns_one", "1.0", &["ns/one/__init__.py"])?;
    install(l, "ns_two", "2.0", &["ns/two.py"])?;
    l.ask("ns");
    l.ask_owned("ns.one", "ns_one", "1.0");
    l.ask_owned("ns.two", "ns_two", "2.0");
    Ok(())
}

fn other_name(l: &mut Layout<'_>) -> io::Result<()> {
    install(l, "opencv_python", "4.9.0", &["cv2/__init__.py"])?;
    l.ask("opencv_python");
    l.ask_owned("cv2", "opencv_python", "4.9.0");
    Ok(())
}

/// Asks a name for which there is only this file.
fn only(l: &mut Layout<'_>, dir: &BString, file: &str) -> io::Result<()> {
    l.put(dir, file)?;
    l.ask_near("spam", &join(dir, file));
    Ok(())
}

fn other_version(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.draft.site();
    let suffix = l.pick(&[
        ".cpython-34m-x86_64-linux-gnu.so",
        ".cpython-312-aarch64-linux-gnu.so",
        ".pypy39-pp73-x86_64-linux-gnu.so",
    ]);
    only(l, &dir, &format!("spam{suffix}"))
}

fn other_case(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.draft.site();
    let file = l.pick(&["Spam.py", "SPAM.py"]);
    only(l, &dir, file)
}

fn in_pycache(l: &mut Layout<'_>) -> io::Result<()> {
    let dir = l.draft.site();
    let tag = if l.python().pypy { "pypy311".to_owned() } else { format!("cpython-{}", l.python().nodot()) };
    only(l, &dir, &format!("__pycache__/spam.{tag}.pyc"))
}

fn by_symlink(l: &mut Layout<'_>) -> io::Result<()> {
    let link = join(l.draft.site(), "spam.py");
    l.draft.link(&link, "/nowhere/spam.py")?;
    l.ask_near("spam", &link);
    Ok(())
}
