//! The lookups of the explanation are those of the real interpreter: the same, in the same order, no others.
//!
//! A sample of the layouts of the differential test is run under `strace`; variables as there.

use std::fs;

use crate::differential::draft::{Draft, join};
use crate::differential::generate::{self, DIMENSIONS, Plan};
use crate::differential::observed::{self, Value};
use crate::differential::predicted;
use crate::differential::report::{Tally, table};
use crate::support::interpreters::{self, Interpreter};
use crate::support::numbers::{number, seed};
use crate::support::world::{Ended, Start};
use bstr::{BString, ByteSlice};
use serde_json::Value as Json;
use trace::{Landmarks, Question};

mod trace;

/// Dimensions that disturb the trace: code that runs in between, and names that need decoding.
const LEFT_OUT: &[&str] = &["name", "launch", "customize", "locale", "cwd"];

/// Choices of the other dimensions that run code, make the import system ask first or the C library look for accounts.
const AVOIDED: &[&str] =
    &["import", "editable", "function", "stdlib", "site-packages", "suppresses", "user-site", "home-unset"];

/// Why a layout is passed over in which a `.pth` file of the base installation runs code.
const CODE_RUNS: &str = "code of a .pth file asks in between";

#[test]
fn questions_are_those_of_the_real_start() {
    let count = number("VENV_DOCTOR_QUESTIONS", 20);
    let seed = seed(1);
    let found = interpreters::found();
    let mut tallies = Vec::new();
    for (turn, python) in found.interpreters.iter().enumerate() {
        let mut tally = Tally { label: python.label.clone(), ..Tally::default() };
        if python.world.outside(b"/usr/bin/strace".as_bstr()).exists() {
            let plans = generate::plans(seed, count * 2, turn).into_iter().map(|plan| suited(plan, python));
            for (number, plan) in plans.take(count).enumerate() {
                examine(python, &plan, &format!("q{turn}-{number}"), &mut tally);
            }
        } else {
            println!("skipped: {} (no strace)", python.label);
        }
        tallies.push(tally);
    }
    for description in tallies.iter().flat_map(|tally| &tally.descriptions) {
        println!("{description}");
    }
    println!("{}", table(&tallies));
    assert!(tallies.iter().all(|tally| tally.different == 0), "questions differ from those of a real start");
}

/// The plan without the choices that disturb the trace.
fn suited(mut plan: Plan, python: &Interpreter) -> Plan {
    for (dimension, taken) in DIMENSIONS.iter().zip(&mut plan) {
        let name = dimension.choices[*taken].name;
        let blurs = LEFT_OUT.contains(&dimension.name)
            || AVOIDED.iter().any(|text| name.starts_with(text))
            // Before 3.8 the first entries of the path end the phase that is looked at.
            || (dimension.name == "pythonpath" && python.minor < 8)
            // There a NUL byte is an error, and to report it takes imports.
            || (name.starts_with("nul") && python.minor < 8);
        if blurs {
            *taken = 0;
        }
    }
    plan
}

fn examine(python: &Interpreter, plan: &Plan, label: &str, tally: &mut Tally) {
    let draft = match generate::build(python, label, plan) {
        Ok(draft) => draft,
        Err(error) => return skip(tally, format!("cannot be built here: {}", error.kind())),
    };
    if draft.skip.is_some() || draft.unprivileged || draft.uncertain {
        return skip(tally, "not suited to a trace".to_owned());
    }
    let capture = python.world.work_outside();
    let doctor = draft.start_doctor(capture.join(format!("{label}-doctor"))).unwrap();
    let (real, calls) = traced(&draft, label);
    let outcome = match observed::read(&real) {
        Ok(seen) if seen.status == "starts" => {
            let Some(Value::List(path)) = seen.fields.get("sys.path") else { panic!("the probe shows the path") };
            let landmarks = Landmarks { path, zip: format!("python{}.zip", python.nodot()), minor: python.minor };
            let asked = trace::of_startup(&trace::parse(&calls), &landmarks);
            explained(&doctor.stdout).map(|explained| difference(&explained, &asked))
        }
        Ok(_) => return skip(tally, "does not start".to_owned()),
        Err(problem) if problem.contains("strace:") => return skip(tally, "cannot be executed".to_owned()),
        Err(problem) => Err(problem),
    };
    if matches!(&outcome, Err(problem) if problem == CODE_RUNS) {
        return skip(tally, CODE_RUNS.to_owned());
    }
    let text = match outcome {
        Ok(None) => {
            tally.equal += 1;
            None
        }
        Ok(Some(text)) | Err(text) => Some(text),
    };
    if let Some(text) = text {
        tally.different += 1;
        let shown = number("VENV_DOCTOR_SHOWN", 2);
        if tally.descriptions.len() < shown {
            let name = generate::name(plan);
            let recipe = draft.recipe.iter().map(|line| format!("    {line}\n")).collect::<String>();
            let command = draft.command_line();
            tally.descriptions.push(format!("DIFFERENT {}: {name}\n{text}{recipe}    {command}\n", python.label));
        }
    }
    tally.layouts += 1;
    tally.started += 1;
    let _ = fs::remove_dir_all(capture.join(label));
}

fn skip(tally: &mut Tally, why: String) {
    *tally.skipped.entry(why).or_default() += 1;
}

/// Runs the real interpreter under `strace`.
fn traced(draft: &Draft<'_>, label: &str) -> (Ended, Vec<u8>) {
    let world = &draft.python.world;
    let log = join(world.work(), format!("{label}.trace"));
    let mut args: Vec<BString> = ["-f", "-xx", "-s", "9999", "-e", "trace=file", "-o"].map(BString::from).into();
    args.push(log.clone());
    args.push(draft.typed());
    args.extend(draft.real_args().0);
    let cwd = draft.cwd();
    let ended = world
        .run(&Start {
            file: BString::from("/usr/bin/strace"),
            arg0: BString::from("strace"),
            args,
            env: draft.env.clone().into_iter().collect(),
            cwd: &cwd,
            unprivileged: false,
            stdin: None,
            capture: world.work_outside().join(format!("{label}-real")),
        })
        .unwrap();
    (ended, fs::read(world.outside(log.as_bstr())).unwrap_or_default())
}

/// The lookups of the steps that Python itself makes.
fn explained(stdout: &[u8]) -> Result<Vec<Question>, String> {
    let report: Json = serde_json::from_slice(stdout).map_err(|error| error.to_string())?;
    if report["startup"].as_array().is_some_and(|code| code.iter().any(|code| code["kind"] == "pth-import")) {
        return Err(CODE_RUNS.to_owned());
    }
    let mut lookups = Vec::new();
    for step in report["steps"].as_array().ok_or("steps is missing")? {
        let rule = step["rule"].as_str().unwrap_or_default();
        // Rules of the path configuration and of `site`; the import of `site` itself is the import system's.
        let own = rule.starts_with("getpath.") || rule.starts_with("site.");
        if !own || rule == "site.import" || step["phase"] == "customize" {
            continue;
        }
        for check in step["checks"].as_array().ok_or("checks is missing")? {
            let kind = match check["op"].as_str().unwrap_or_default() {
                "is_file" | "is_dir" | "is_executable" | "exists" => "stat",
                "read" => "open",
                "read_link" => "readlink",
                "list_dir" => "list",
                _ => continue,
            };
            let path = predicted::text(&check["path"])?;
            // Python refuses a path with a NUL byte before the kernel hears of it.
            if !path.contains(&0) {
                lookups.push(Question::new(kind, path));
            }
        }
    }
    Ok(lookups)
}

/// The first difference with its surroundings.
fn difference(explained: &[Question], asked: &[Question]) -> Option<String> {
    if explained == asked {
        return None;
    }
    let at = explained.iter().zip(asked).take_while(|(one, other)| one == other).count();
    let mut text = format!("  question {} differs\n", at + 1);
    for (title, list) in [("explained", explained), ("really asked", asked)] {
        text += &format!("    {title} ({}):\n", list.len());
        for (number, question) in list.iter().enumerate().skip(at.saturating_sub(2)).take(8) {
            let shown = &question.path[question.path.len().saturating_sub(150)..];
            text += &format!("      {} {} {}\n", number + 1, question.kind, shown.as_bstr());
        }
    }
    Some(text)
}
