//! Vectors 19 to 35: variables, landmarks, `._pth`, build trees, `.pth` files.

use std::io;

use bstr::BString;

use super::early::{anchored, old, path_with};
use super::{check, standard};
use crate::differential::draft::{Draft, Place, join, name};
use crate::differential::kinds_exe::symlinked;
use crate::differential::kinds_tree::{own_exe, own_tree};
use crate::differential::observed::Value;
use crate::support::world::Cwd;

/// The interpreter itself, no environment.
fn base(d: &mut Draft<'_>) {
    d.exe = d.python.exe.clone();
    d.cfg.place = Place::Neither;
}

/// A tree of the layout's own, no environment.
fn started_from_tree(d: &mut Draft<'_>) {
    d.exe = d.base_exe.clone();
    d.cfg.place = Place::Neither;
}

#[test]
fn vector_19_pythonhome_in_environment() {
    let build = |d: &mut Draft<'_>| {
        d.set("PYTHONHOME", d.python.prefix.clone());
        symlinked(d)
    };
    check("v19", build, |d, e| {
        e.prefixes(d.venv.clone(), d.python.prefix.clone());
        if (8..14).contains(&d.python.minor) {
            e.text("sys._base_executable", d.exe.clone());
        }
    });
}

#[test]
fn vector_20_pythonhome_with_exec_prefix() {
    let build = |d: &mut Draft<'_>| {
        base(d);
        d.set("PYTHONHOME", format!("{}:{}", d.python.prefix, d.at("ep")));
        Ok(())
    };
    check("v20", build, |d, e| {
        let library = d.at(&format!("ep/{}/lib-dynload", d.lib()));
        e.text("sys.exec_prefix", d.at("ep")).path(move |path| path.contains(&library));
        let warnings = usize::from(d.python.minor >= 15);
        e.message("WARN: Could not find the platform standard library directory!", warnings);
    });
}

#[test]
fn vector_21_pythonhome_with_slash() {
    let build = |d: &mut Draft<'_>| {
        base(d);
        d.set("PYTHONHOME", join(&d.python.prefix, ""));
        Ok(())
    };
    check("v21", build, |d, e| {
        let prefix = if old(d) { d.python.prefix.clone() } else { join(&d.python.prefix, "") };
        e.prefixes(prefix.clone(), prefix);
    });
}

/// `PYTHONPATH=a::b` in the directory of the layout.
fn three_entries(d: &mut Draft<'_>) {
    base(d);
    d.cwd = Some(Cwd::At(d.work.clone()));
    d.set("PYTHONPATH", "a::b");
}

#[test]
fn vector_22_pythonpath_relative_and_empty() {
    let build = |d: &mut Draft<'_>| {
        three_entries(d);
        Ok(())
    };
    check("v22", build, |d, e| {
        let mut start = vec![BString::from(""), d.at("a"), d.work.clone(), d.at("b")];
        start.extend(standard(d.python));
        e.path(move |path| path.starts_with(&start));
    });
}

#[test]
fn vector_23_pythonpath_without_site() {
    let build = |d: &mut Draft<'_>| {
        three_entries(d);
        d.flags = vec!["-S"];
        Ok(())
    };
    check("v23", build, |d, e| {
        let verbatim = ["", "a", "", "b"].map(BString::from);
        let absolute = [BString::from(""), d.at("a"), d.work.clone(), d.at("b")];
        let start = if old(d) { verbatim } else { absolute };
        // 3.6 holds the standard library two times.
        let length = if d.python.minor == 6 { 8 } else { 7 };
        e.path(move |path| path.starts_with(&start) && path.len() == length);
    });
}

#[test]
fn vector_24_pythonpath_names_site_packages() {
    let build = |d: &mut Draft<'_>| {
        d.dir(d.at("b"))?;
        let line = format!("{}\n", d.at("b"));
        d.file(join(d.site(), "x.pth"), line)?;
        d.set("PYTHONPATH", d.site());
        symlinked(d)
    };
    check("v24", build, |d, e| {
        let mut path = vec![BString::from(""), d.site()];
        path.extend(standard(d.python));
        path.push(d.at("b"));
        e.whole_path(path);
    });
}

#[test]
fn vector_25_pythonpath_names_stdlib() {
    let build = |d: &mut Draft<'_>| {
        d.set("PYTHONPATH", d.python.stdlib.clone());
        symlinked(d)
    };
    check("v25", build, |d, e| {
        let [zip, library, dynload] = standard(d.python).try_into().expect("three entries");
        e.whole_path(vec![BString::from(""), library, zip, dynload, d.site()]);
    });
}

#[test]
fn vector_26_zip_is_a_landmark() {
    let build = |d: &mut Draft<'_>| {
        own_tree(d, true)?;
        started_from_tree(d);
        let library = d.python.stdlib.clone();
        d.link(d.at(&d.lib()), library)?;
        d.file(d.at(&format!("lib/python{}.zip", d.python.nodot())), "")
    };
    check("v26", build, |d, e| {
        let prefix = if old(d) { d.at("b") } else { d.work.clone() };
        e.prefixes(prefix.clone(), prefix);
    });
}

#[test]
fn vector_27_no_lib_dynload() {
    let build = |d: &mut Draft<'_>| {
        own_tree(d, false)?;
        started_from_tree(d);
        Ok(())
    };
    check("v27", build, |d, e| {
        if !d.python.relocated {
            e.text("sys.prefix", d.at("b")).text("sys.exec_prefix", d.python.prefix.clone());
            e.message("Could not find", 0);
        }
    });
}

#[test]
fn vector_28_only_lib_dynload() {
    let build = |d: &mut Draft<'_>| {
        own_exe(d)?;
        started_from_tree(d);
        d.dir(d.at(&format!("b/{}/lib-dynload", d.lib())))
    };
    check("v28", build, |d, e| {
        if !d.python.relocated {
            let exec_prefix = if anchored(d) { d.python.prefix.clone() } else { d.at("b") };
            e.text("sys.prefix", d.python.prefix.clone()).text("sys.exec_prefix", exec_prefix);
        }
    });
}

#[test]
fn vector_29_exec_prefix_prefers_prefix() {
    let build = |d: &mut Draft<'_>| {
        own_exe(d)?;
        started_from_tree(d);
        let library = d.python.stdlib.clone();
        d.link(d.at(&d.lib()), library)?;
        d.dir(d.at(&format!("b/{}/lib-dynload", d.lib())))
    };
    check("v29", build, |d, e| {
        let exec_prefix = if anchored(d) { d.work.clone() } else { d.at("b") };
        e.text("sys.prefix", d.work.clone()).text("sys.exec_prefix", exec_prefix);
    });
}

/// The lines of a `._pth` file that leave the standard library where it is.
fn underpth(d: &Draft<'_>) -> String {
    format!("{0}\n{0}/lib-dynload\nimport site\n", d.python.stdlib)
}

#[test]
fn vector_30_underpth() {
    let build = |d: &mut Draft<'_>| {
        own_tree(d, true)?;
        started_from_tree(d);
        let text = underpth(d);
        d.file(format!("{}._pth", d.exe), text)
    };
    check("v30", build, |d, e| {
        let prefix = if old(d) { d.at("b") } else { d.bin() };
        e.prefixes(prefix.clone(), prefix);
        if !old(d) {
            let library = d.python.stdlib.clone();
            e.path(move |path| path.first() == Some(&library));
        }
        if d.python.minor >= 15 {
            e.value("site.ENABLE_USER_SITE", Value::Bool(false));
        }
    });
}

#[test]
fn vector_31_underpth_in_environment() {
    let build = |d: &mut Draft<'_>| {
        symlinked(d)?;
        let text = underpth(d);
        d.file(join(d.bin(), format!("{}._pth", name(&d.exe))), text)
    };
    check("v31", build, |d, e| {
        let base = if old(d) { d.python.prefix.clone() } else { d.bin() };
        e.prefixes(d.venv.clone(), base);
    });
}

/// A binary beside which the standard library lies as in a source tree, but nothing yet that says it was built there.
fn build_dir(d: &mut Draft<'_>) -> io::Result<()> {
    own_exe(d)?;
    started_from_tree(d);
    let library = d.python.stdlib.clone();
    // VPATH, which is compiled in, leads from the binary to the sources: it is empty in most builds, `..` in Debian's.
    for place in ["b/bin/Lib", "b/Lib"] {
        d.link(d.at(place), library.clone())?;
    }
    Ok(())
}

#[test]
fn vector_32_build_dir() {
    let build = |d: &mut Draft<'_>| {
        build_dir(d)?;
        d.file(d.at("b/bin/pybuilddir.txt"), "build/lib.x")
    };
    check("v32", build, |d, e| {
        if d.python.relocated {
            return;
        }
        e.text("sys.prefix", d.python.prefix.clone());
        let platform = d.at("b/bin/build/lib.x");
        e.path(move |path| path.contains(&platform));
        if !old(d) && !d.python.debian {
            e.text("sys._stdlib_dir", d.at("b/bin/Lib"));
        }
    });
}

#[test]
fn vector_33_setup_local() {
    let build = |d: &mut Draft<'_>| {
        build_dir(d)?;
        d.file(d.at("b/bin/Modules/Setup.local"), "")
    };
    check("v33", build, |d, e| {
        if d.python.relocated || d.python.debian {
            return;
        }
        let fixed = match d.python.minor {
            ..8 => true,
            8..11 => false,
            11 => d.python.micro >= 16,
            12 => d.python.micro >= 14,
            13 => d.python.micro >= 15,
            _ => d.python.minor > 14 || d.python.micro >= 7,
        };
        let library = d.at("b/bin/Lib");
        e.path(move |path| path.contains(&library) != fixed);
    });
}

#[test]
fn vector_34_indented_import() {
    let build = |d: &mut Draft<'_>| {
        d.file(join(d.site(), "x.pth"), "  import no_such_module_at_all\n")?;
        symlinked(d)
    };
    check("v34", build, |d, e| {
        e.message("Error in import line", usize::from(d.python.minor >= 15));
        e.message("Error processing line", 0);
    });
}

#[test]
fn vector_35_import_line_runs_twice() {
    let build = |d: &mut Draft<'_>| {
        d.uncertain = true;
        d.file(join(d.site(), "x.pth"), "import sys; sys.path.append('/appended')\n")?;
        symlinked(d)
    };
    check("v35", build, |d, e| {
        let times = if d.python.minor >= 15 { 1 } else { 2 };
        let start = path_with(d, &[d.site()]);
        e.path(move |path| {
            path.starts_with(&start) && path.iter().filter(|entry| *entry == "/appended").count() == times
        });
    });
}
