//! What comes near to a missing module, and what does not.

use crate::support::stage::Stage;
use crate::which::{Build, document, stage};

/// A situation, the name, and what is near: the path and the beginning of why; `SITE` is the environment's site-packages.
struct Case {
    build: Build,
    command: &'static [&'static str],
    near: Option<(&'static str, &'static str)>,
}

const fn near(build: Build, command: &'static [&'static str], path: &'static str, why: &'static str) -> Case {
    Case { build, command, near: Some((path, why)) }
}

const fn nothing(build: Build, command: &'static [&'static str]) -> Case {
    Case { build, command, near: None }
}

fn in_site(stage: &Stage<'_>, name: &str) -> std::io::Result<()> {
    stage.write(format!("{}/{name}", stage.site()), "").map(drop)
}

const CASES: &[Case] = &[
    near(
        |stage| in_site(stage, "Tide.py"),
        &["env", "--", "tide"],
        "SITE/Tide.py",
        "is spelled in another letter case",
    ),
    near(
        |stage| in_site(stage, "Tide/__init__.py"),
        &["env", "--", "tide"],
        "SITE/Tide",
        "is spelled in another letter case",
    ),
    near(|stage| in_site(stage, "my-tide.py"), &["env", "--", "my_tide"], "SITE/my-tide.py", "has a dash in its name"),
    near(|stage| in_site(stage, "tide.pyi"), &["env", "--", "tide"], "SITE/tide.pyi", "is a stub"),
    near(|stage| in_site(stage, "tide.pyx"), &["env", "--", "tide"], "SITE/tide.pyx", "is source code of Cython"),
    near(
        |stage| in_site(stage, "tide.cpython-312-darwin.so"),
        &["env", "--", "tide"],
        "SITE/tide.cpython-312-darwin.so",
        "is built for CPython 3.12 on darwin",
    ),
    near(
        |stage| in_site(stage, "__pycache__/tide.cpython-312.pyc"),
        &["env", "--", "tide"],
        "SITE/__pycache__/tide.cpython-312.pyc",
        "is the compiled code of",
    ),
    near(
        |stage| stage.link(format!("{}/tide.py", stage.site()), "/nowhere/tide.py").map(drop),
        &["env", "--", "tide"],
        "SITE/tide.py",
        "is a symlink to /nowhere/tide.py, which does not exist",
    ),
    near(
        |stage| {
            stage.install("tide", "1.0", &[("tide/__init__.py", "")])?;
            std::fs::remove_dir_all(stage.at(format!("{}/tide", stage.site())))
        },
        &["env", "--", "tide"],
        "SITE/tide",
        "is listed in RECORD of tide 1.0, and does not exist",
    ),
    near(
        |stage| in_site(stage, "tide-1.0.dist-info/METADATA"),
        &["env", "--", "tide"],
        "SITE/tide-1.0.dist-info",
        "is all that is left of tide 1.0",
    ),
    near(
        |stage| {
            stage.write("home/.local/src/tide.py", "")?;
            stage.write(format!("{}/.tide.pth", stage.site()), stage.text("home/.local/src"))?;
            in_site(stage, "unrelated.py")
        },
        &["env", "-S", "--", "unrelated"],
        "SITE/unrelated.py",
        "is in site-packages, which -S leaves out",
    ),
    near(
        |stage| stage.write("tide.py", "").map(drop),
        &["env", "-P", "--", "tide"],
        "tide.py",
        "is in the working directory, which -P keeps off sys.path",
    ),
    near(
        |stage| stage.write("src/tide/__init__.py", "").map(drop),
        &["env", "--", "tide"],
        "src/tide/__init__.py",
        "is in @/src, which is not on sys.path",
    ),
    near(
        |stage| {
            stage.write(".venv/pyvenv.cfg", stage.sound_cfg())?;
            stage.write(format!(".venv/lib/{}/site-packages/tide/core.py", stage.name()), "")?;
            stage.write(format!(".venv/lib/{}/site-packages/tide/__init__.py", stage.name()), "").map(drop)
        },
        &["env", "--", "tide.core"],
        ".venv/lib/PYTHON/site-packages/tide/core.py",
        "is installed in the environment @/.venv, which is not the one that runs",
    ),
    near(
        |stage| {
            stage.write("more/tide.py", "")?;
            stage.write("path/more.pth", "../more\n").map(drop)
        },
        &["env", "--env", "PYTHONPATH=path", "--", "tide"],
        "path/../more/tide.py",
        "is in @/path/../more, which @/path/more.pth names",
    ),
    // What only resembles it is not near, nor is what has nothing to do with it.
    nothing(|stage| in_site(stage, "tides.py"), &["env", "--", "tide"]),
    nothing(|stage| in_site(stage, "tide-data/readme"), &["env", "--", "tide"]),
    nothing(|stage| in_site(stage, "Tide/readme"), &["env", "--", "tide"]),
    nothing(|stage| in_site(stage, "tide.json"), &["env", "--", "tide"]),
    nothing(|stage| stage.install("harbor", "1.0", &[("harbor/tide.py", "")]), &["env", "--", "tide"]),
];

#[test]
fn what_comes_near_is_named() {
    let mut wrong = Vec::new();
    for case in CASES {
        let Some(stage) = stage() else { return };
        (case.build)(&stage).expect("the situation can be made");
        let document = document(&stage, &[], case.command);
        let near = document["names"][0]["near"].as_array().expect("a list").clone();
        let fitted = |text: &str| {
            let site = stage.site();
            text.replace("SITE", &site)
                .replace("PYTHON", &stage.name())
                .replace('@', stage.path().to_str().expect("readable"))
        };
        let is_right = match case.near {
            None => near.is_empty(),
            Some((path, why)) => near.first().is_some_and(|first| {
                first["path"] == stage.text(&fitted(path))
                    && first["why"].as_str().expect("text").starts_with(&fitted(why))
            }),
        };
        if !is_right {
            wrong.push(format!("{:?}: {:?}, and there is {}", case.command, case.near, document["names"][0]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
