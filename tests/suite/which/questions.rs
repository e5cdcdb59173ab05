//! The questions of people whose import failed or found the wrong file, each with one command whose first line answers it.

use crate::rules::extensions::elf_needing;
use crate::support::stage::Stage;
use crate::which::{Build, first_line, stage};

/// A question, how the situation is made, the command, and what its first line says; `SITE` is the environment's
/// site-packages, and `X.Y` the version of its Python.
struct Question {
    asked: &'static str,
    build: Build,
    variables: &'static [(&'static str, &'static str)],
    command: &'static [&'static str],
    answer: &'static [&'static str],
}

const QUESTIONS: [Question; 15] = [
    Question {
        asked: "Which requests is imported, and who installed it?",
        build: |stage| stage.install("requests", "2.32.3", &[("requests/__init__.py", "")]),
        variables: &[],
        command: &["env", "--", "requests"],
        answer: &["requests → @/SITE/requests/__init__.py, requests 2.32.3, installed by pip"],
    },
    Question {
        asked: "Why is it still the old release, although the new one is installed?",
        build: |stage| {
            stage.write("apps/plotcore/__init__.py", "")?;
            stage.install("plotcore", "2.3.1", &[("plotcore/__init__.py", "")])
        },
        variables: &[("PYTHONPATH", "apps")],
        command: &["env", "--", "plotcore"],
        answer: &["plotcore → ", "/apps/plotcore/__init__.py, on PYTHONPATH, hides @/SITE/plotcore/__init__.py"],
    },
    Question {
        asked: "Why does my script find no submodule of the package that it is named like?",
        build: |stage| {
            stage.write("scripts/numcore.py", "import numcore.random\n")?;
            stage.install("numcore", "1.0", &[("numcore/__init__.py", ""), ("numcore/random/__init__.py", "")])
        },
        variables: &[],
        command: &["env", "--launch", "script=scripts/numcore.py", "--", "numcore.random"],
        answer: &[
            "numcore.random → not found: @/SITE/numcore/random/__init__.py is in the package",
            "@/scripts/numcore.py",
        ],
    },
    Question {
        asked: "Why has random no attribute choice?",
        build: |stage| stage.write("scripts/random.py", "").map(drop),
        variables: &[],
        command: &["env", "--launch", "script=scripts/main.py", "--", "random"],
        answer: &["random → @/scripts/random.py", "hides ", "/random.py"],
    },
    Question {
        asked: "Why does it work here, and not where HOME is another?",
        build: |stage| {
            stage.remove("env/pyvenv.cfg")?;
            stage.write("env/pyvenv.cfg", stage.sound_cfg().replace("false", "true"))?;
            let site = format!("home/.local/lib/{}/site-packages/gridmath/__init__.py", stage.name());
            stage.write(site, "").map(drop)
        },
        variables: &[],
        command: &["env", "--", "gridmath"],
        answer: &["gridmath → ", "~/.local/lib/pythonX.Y/site-packages/gridmath/__init__.py"],
    },
    Question {
        asked: "Why is what I copied into the image not found?",
        build: |stage| stage.write("env/lib/python3.4/site-packages/meshsdk/__init__.py", "").map(drop),
        variables: &[],
        command: &["env", "--", "meshsdk"],
        answer: &[
            "meshsdk → not found: @/env/lib/python3.4/site-packages/meshsdk/__init__.py is installed for Python 3.4 in \
             this environment, and this is Python X.Y",
        ],
    },
    Question {
        asked: "Why does this command of the environment not see the environment?",
        build: |stage| {
            stage.install("tidepack", "1.0", &[("tidepack/__init__.py", "")])?;
            stage.program("env/bin/tide", format!("#!{}\nimport tidepack\n", stage.installed().display())).map(drop)
        },
        variables: &[],
        command: &["env/bin/tide", "--", "tidepack"],
        answer: &["tidepack → ", "not found: @/SITE/tidepack/__init__.py is installed"],
    },
    Question {
        asked: "Why does the extension module of this wheel not load?",
        build: |stage| stage.write(format!("{}/_geo.abi3.so", stage.site()), elf_needing("libqgeos.so.1")).map(drop),
        variables: &[],
        command: &["env", "--", "_geo"],
        answer: &["_geo → @/SITE/_geo.abi3.so, which cannot be loaded: it needs libqgeos.so.1"],
    },
    Question {
        asked: "Why does the package fail that needs this module?",
        build: |stage| {
            stage.write(format!("{}/_geo.abi3.so", stage.site()), elf_needing("libqgeos.so.1"))?;
            stage.install("geo", "1.0", &[("geo/__init__.py", "\"\"\"Maps.\"\"\"\nimport os\nimport _geo\n")])
        },
        variables: &[],
        command: &["env", "--", "geo"],
        answer: &[
            "geo → @/SITE/geo/__init__.py, which fails: it imports _geo, and @/SITE/_geo.abi3.so cannot be loaded: it needs libqgeos.so.1",
        ],
    },
    Question {
        asked: "Why does the package fail after python3 was pointed to another release?",
        build: |stage| {
            stage.write(format!("{}/apt_pkg.cpython-34m-x86_64-linux-gnu.so", stage.site()), "")?;
            stage.install("apt", "1.0", &[("apt/__init__.py", "import sys\nimport apt_pkg\n")])
        },
        variables: &[],
        command: &["env", "--", "apt"],
        answer: &[
            "apt → @/SITE/apt/__init__.py, which fails: it imports apt_pkg, which is not found: ",
            "is built for CPython 3.4",
        ],
    },
    Question {
        asked: "Why is a module for another minor version not found?",
        build: |stage| stage.write(format!("{}/apt_pkg.cpython-34m-x86_64-linux-gnu.so", stage.site()), "").map(drop),
        variables: &[],
        command: &["env", "--", "apt_pkg"],
        answer: &[
            "apt_pkg → not found: @/SITE/apt_pkg.cpython-34m-x86_64-linux-gnu.so is built for CPython 3.4",
            "this is CPython X.Y",
        ],
    },
    Question {
        asked: "Why is opencv not found, although opencv-python is installed?",
        build: |stage| stage.install("opencv_python", "4.10.0", &[("cv2/__init__.py", "")]),
        variables: &[],
        command: &["env", "--", "opencv"],
        answer: &[
            "opencv → not found: @/SITE/cv2/__init__.py is what opencv_python 4.10.0 provides; it is imported as cv2",
        ],
    },
    Question {
        asked: "Why is my editable project not found any more?",
        build: |stage| {
            let finder =
                "MAPPING: dict[str, str] = {'tide': '/gone/src/tide'}\nNAMESPACES: dict[str, list[str]] = {}\n";
            let line = "import __editable___tide_1_0_finder; __editable___tide_1_0_finder.install()";
            let files = [("__editable___tide_1_0_finder.py", finder), ("__editable__.tide-1.0.pth", line)];
            stage.install("tide", "1.0", &files)
        },
        variables: &[],
        command: &["env", "--", "tide"],
        answer: &["tide → ", "/gone/src/tide"],
    },
    Question {
        asked: "Why does the same start find it without -I?",
        build: |stage| stage.write("tools/report.py", "").map(drop),
        variables: &[("PYTHONPATH", "tools")],
        command: &["env", "-I", "--", "report"],
        answer: &["report → not found: @/tools/report.py is in tools of PYTHONPATH, which -I leaves out"],
    },
    Question {
        asked: "Why is nothing imported at all?",
        build: |stage| {
            stage.remove("env/bin/python")?;
            stage.link("env/bin/python", "/nonexistent/python").map(drop)
        },
        variables: &[],
        command: &["env", "--", "os"],
        answer: &["os → unknown: this Python fails to start, so that it imports nothing", "/nonexistent/python"],
    },
];

#[test]
fn the_first_line_answers() {
    let mut wrong = Vec::new();
    for question in &QUESTIONS {
        let Some(stage) = stage() else { return };
        (question.build)(&stage).unwrap_or_else(|error| panic!("{}: {error}", question.asked));
        let line = first_line(&stage, question.variables, question.command);
        let missing = question.answer.iter().find(|part| !line.contains(&fitted(&stage, part)));
        if let Some(missing) = missing {
            wrong.push(format!("{}\n  {line}\n  does not contain: {}", question.asked, fitted(&stage, missing)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn fitted(stage: &Stage<'_>, part: &str) -> String {
    part.replace("SITE", &stage.site()).replace("X.Y", &stage.python.xy())
}
