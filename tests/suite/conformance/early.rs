//! Vectors 1 to 18: which file is started, and which `pyvenv.cfg` counts.

use bstr::BString;

use super::{Expected, check, standard};
use crate::differential::draft::{Draft, Place, join, parent};
use crate::differential::kinds_exe::{environment, format_line, symlinked};
use crate::differential::observed::Value;
use crate::support::world::Cwd;

/// Whether this is 3.10 or older, where the path configuration is the old one in C.
pub fn old(d: &Draft<'_>) -> bool {
    d.python.minor <= 10
}

/// Whether this is 3.14 or newer, where the path configuration alone decides about the prefix of an environment.
pub fn anchored(d: &Draft<'_>) -> bool {
    d.python.minor >= 14
}

/// The empty first entry, the standard library, and then these.
pub fn path_with(d: &Draft<'_>, more: &[BString]) -> Vec<BString> {
    let mut path = vec![BString::from("")];
    path.extend(standard(d.python));
    path.extend_from_slice(more);
    path
}

/// An environment whose `bin/python` is a copy, where a copy can start.
pub fn copied(d: &mut Draft<'_>) -> std::io::Result<()> {
    let base = d.base_exe.clone();
    environment(d)?;
    d.copy(d.exe.clone(), base)?;
    if d.python.relocated {
        d.impossible("a copy of this binary does not find its library");
    }
    Ok(())
}

/// The warnings of 3.14 and later that the prefix is not where `site` expects it.
fn warned(d: &Draft<'_>, e: &mut Expected) {
    e.message("Unexpected value in sys.", if anchored(d) { 2 } else { 0 });
}

#[test]
fn vector_01_linked_environment() {
    check("v01", symlinked, |d, e| {
        let path = path_with(d, &[d.site()]);
        e.prefixes(d.venv.clone(), d.python.prefix.clone()).text("sys._home", d.base_bin()).whole_path(path);
        match d.python.minor {
            ..8 => e.value("sys._base_executable", Value::None),
            8..11 => e.text("sys._base_executable", d.exe.clone()),
            _ => e.text("sys._base_executable", d.python.exe.clone()),
        };
    });
}

#[test]
fn vector_02_copied_environment() {
    check("v02", copied, |d, e| {
        e.prefixes(d.venv.clone(), d.python.prefix.clone()).whole_path(path_with(d, &[d.site()]));
        if !old(d) {
            let names = ["python".to_owned(), "python3".to_owned(), format!("python{}", d.python.xy())];
            let exists = |name: &&String| d.outside(join(d.base_bin(), name)).symlink_metadata().is_ok();
            let name = names.iter().find(exists).expect("the base has a binary");
            e.text("sys._base_executable", join(d.base_bin(), name));
        }
    });
}

#[test]
fn vector_03_without_site() {
    let build = |d: &mut Draft<'_>| {
        d.flags = vec!["-S"];
        symlinked(d)
    };
    check("v03", build, |d, e| {
        let prefix = if anchored(d) { d.venv.clone() } else { d.python.prefix.clone() };
        e.prefixes(prefix, d.python.prefix.clone()).value("sys._home", Value::Absent);
    });
}

#[test]
fn vector_04_empty_cfg() {
    let build = |d: &mut Draft<'_>| {
        symlinked(d)?;
        d.cfg.lines.clear();
        Ok(())
    };
    check("v04", build, |d, e| {
        e.prefixes(d.venv.clone(), d.python.prefix.clone()).value("site.ENABLE_USER_SITE", Value::Bool(true));
        e.value("sys._home", Value::None);
        if !old(d) {
            e.text("sys._base_executable", d.exe.clone());
        }
    });
}

#[test]
fn vector_05_cfg_beside_executable() {
    let build = |d: &mut Draft<'_>| {
        symlinked(d)?;
        d.cfg.place = Place::Beside;
        Ok(())
    };
    check("v05", build, |d, e| {
        let prefix = if anchored(d) { d.bin() } else { d.venv.clone() };
        let site = if anchored(d) { Vec::new() } else { vec![d.site()] };
        e.prefixes(prefix, d.python.prefix.clone()).whole_path(path_with(d, &site));
        warned(d, e);
    });
}

#[test]
fn vector_06_executable_and_cfg_in_one_dir() {
    let build = |d: &mut Draft<'_>| {
        environment(d)?;
        d.exe = d.at("v/python");
        d.cfg.place = Place::Beside;
        let base = d.base_exe.clone();
        d.link(d.exe.clone(), base)
    };
    check("v06", build, |d, e| {
        let prefix = if anchored(d) { d.venv.clone() } else { d.work.clone() };
        e.prefixes(prefix, d.python.prefix.clone());
        warned(d, e);
    });
}

#[test]
fn vector_07_two_different_cfgs() {
    let build = |d: &mut Draft<'_>| {
        copied(d)?;
        d.cfg.place = Place::Both;
        Ok(())
    };
    check("v07", build, |d, e| {
        e.prefixes(d.venv.clone(), d.python.prefix.clone()).text("sys._home", d.at("elsewhere"));
        e.value("site.ENABLE_USER_SITE", Value::Bool(true)).message("Unexpected value in sys.", 0);
    });
}

#[test]
fn vector_08_link_from_outside() {
    let build = |d: &mut Draft<'_>| {
        symlinked(d)?;
        d.finish()?;
        d.cfg.place = Place::Neither;
        let target = d.exe.clone();
        d.exe = d.at("x");
        d.link(d.exe.clone(), target)
    };
    check("v08", build, |d, e| {
        e.prefixes(d.python.prefix.clone(), d.python.prefix.clone()).value("sys._home", Value::None);
    });
}

#[test]
fn vector_09_link_to_bin() {
    let build = |d: &mut Draft<'_>| {
        symlinked(d)?;
        d.finish()?;
        d.cfg.place = Place::Neither;
        let bin = d.bin();
        d.exe = d.at("vbin/python");
        d.link(d.at("vbin"), bin)
    };
    check("v09", build, |d, e| {
        e.prefixes(d.python.prefix.clone(), d.python.prefix.clone());
    });
}

#[test]
fn vector_10_link_to_environment() {
    let build = |d: &mut Draft<'_>| {
        symlinked(d)?;
        d.finish()?;
        d.cfg.place = Place::Neither;
        d.exe = d.at("vl/bin/python");
        d.link(d.at("vl"), "v")
    };
    check("v10", build, |d, e| {
        e.prefixes(d.at("vl"), d.python.prefix.clone());
    });
}

#[test]
fn vector_11_base_through_dir_link() {
    let build = |d: &mut Draft<'_>| {
        d.link(d.at("link"), d.python.prefix.clone())?;
        d.cfg.place = Place::Neither;
        let rest = d.python.exe.strip_prefix(d.python.prefix.as_slice()).unwrap_or_default();
        d.exe = BString::from([d.at("link").as_slice(), rest].concat());
        Ok(())
    };
    check("v11", build, |d, e| {
        e.prefixes(d.at("link"), d.at("link"));
    });
}

#[test]
fn vector_12_from_bin() {
    let build = |d: &mut Draft<'_>| {
        symlinked(d)?;
        d.cwd = Some(Cwd::At(d.bin()));
        d.typed = Some(BString::from("./python"));
        Ok(())
    };
    check("v12", build, |d, e| {
        e.text("sys.executable", d.exe.clone()).prefixes(d.venv.clone(), d.python.prefix.clone());
    });
}

#[test]
fn vector_13_from_sibling() {
    let build = |d: &mut Draft<'_>| {
        symlinked(d)?;
        d.dir(d.at("s"))?;
        d.cwd = Some(Cwd::At(d.at("s")));
        d.typed = Some(BString::from("../v/bin/python"));
        Ok(())
    };
    check("v13", build, |d, e| {
        let prefix = if anchored(d) { d.at("s/../v") } else { d.venv.clone() };
        e.text("sys.executable", d.at("s/../v/bin/python")).prefixes(prefix, d.python.prefix.clone());
        warned(d, e);
    });
}

#[test]
fn vector_14_slashes_and_dots() {
    let build = |d: &mut Draft<'_>| {
        symlinked(d)?;
        d.cwd = Some(Cwd::At(d.work.clone()));
        d.typed = Some(BString::from("v//bin/./python"));
        Ok(())
    };
    check("v14", build, |d, e| {
        e.text("sys.executable", if old(d) { d.at("v//bin/./python") } else { d.exe.clone() });
    });
}

#[test]
fn vector_15_relative_search_path() {
    let build = |d: &mut Draft<'_>| {
        symlinked(d)?;
        d.cwd = Some(Cwd::At(d.work.clone()));
        d.set("PATH", "v/bin");
        d.typed = Some(BString::from("python"));
        Ok(())
    };
    check("v15", build, |d, e| {
        let executable = if old(d) { d.exe.clone() } else { BString::from("v/bin/python") };
        let prefix = if anchored(d) { d.python.prefix.clone() } else { d.venv.clone() };
        let (site, lost) = (d.site(), anchored(d));
        e.text("sys.executable", executable).prefixes(prefix, d.python.prefix.clone());
        e.path(move |path| path.contains(&site) != lost);
        warned(d, e);
    });
}

#[test]
fn vector_16_argv0_decides() {
    let build = |d: &mut Draft<'_>| {
        symlinked(d)?;
        d.executed = Some(d.python.exe.clone());
        Ok(())
    };
    check("v16", build, |d, e| {
        e.prefixes(d.venv.clone(), d.python.prefix.clone());
    });
}

/// An environment `v2` made from the environment `v`.
fn second(d: &mut Draft<'_>) -> std::io::Result<BString> {
    d.finish()?;
    let first = d.exe.clone();
    d.venv = d.at("v2");
    d.exe = d.at("v2/bin/python");
    environment(d)?;
    d.cfg.lines[0] = format_line("home = ", &parent(&first));
    Ok(first)
}

#[test]
fn vector_17_environment_of_environment() {
    let build = |d: &mut Draft<'_>| {
        symlinked(d)?;
        let first = second(d)?;
        d.link(d.exe.clone(), first)
    };
    check("v17", build, |d, e| {
        if old(d) || !d.python.relocated {
            e.prefixes(d.venv.clone(), d.python.prefix.clone());
        }
    });
}

#[test]
fn vector_18_copy_of_copy() {
    let build = |d: &mut Draft<'_>| {
        copied(d)?;
        let first = second(d)?;
        d.copy(d.exe.clone(), first)
    };
    check("v18", build, |d, e| {
        e.prefixes(d.venv.clone(), d.python.prefix.clone());
        if !old(d) {
            e.text("sys._base_executable", d.at("v/bin/python"));
        }
    });
}
