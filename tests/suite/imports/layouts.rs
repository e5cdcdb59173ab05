//! Every field of `which` equals what `importlib` says in a real interpreter, over generated layouts.
//!
//! `VENV_DOCTOR_IMPORTS` sets the number of layouts, `VENV_DOCTOR_SEED` the seed, `VENV_DOCTOR_KIND` restricts to kinds
//! whose names contain it; `VENV_DOCTOR_ONLY`, `VENV_DOCTOR_PYTHONS` and `VENV_DOCTOR_ROOT` choose interpreters.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::compare::{Outcome, compare};
use super::facts::Facts;
use super::kind::{self, Kind};
use super::layout::Layout;
use super::observed::{self, Observed};
use super::tally::{Counts, Tally};
use super::{surroundings, taken_away};
use crate::differential::generate;
use crate::support::interpreters::{self, Interpreter};
use crate::support::numbers::{number, seed};
use crate::support::rng::Rng;
use crate::support::world::Cwd;

/// How many layouts are tried where nobody asks for more.
const USUAL: usize = 225;

/// One layout to be tried.
struct Job<'a> {
    number: usize,
    kind: &'static Kind,
    python: &'a Interpreter,
    facts: &'a Facts,
    /// Whether it is of this kind only, in usual surroundings.
    plain: bool,
}

#[test]
fn answers_equal_importlib() {
    let (seed, count) = (seed(1), number("VENV_DOCTOR_IMPORTS", USUAL));
    let only = std::env::var("VENV_DOCTOR_KIND").unwrap_or_default();
    let kinds: Vec<&Kind> = kind::all().into_iter().filter(|kind| kind.name.contains(&only)).collect();
    let names: BTreeSet<&str> = kinds.iter().map(|kind| kind.name).collect();
    assert_eq!(names.len(), kinds.len(), "each kind has a name of its own");
    println!("{} kinds, {count} layouts, seed {seed}", kinds.len());
    if count <= USUAL {
        println!("skipped: the other layouts; VENV_DOCTOR_IMPORTS=3000 tries as many");
    }
    let found = interpreters::found_all();
    if found.interpreters.is_empty() || kinds.is_empty() {
        println!("skipped: no interpreter to compare with");
        return;
    }
    let facts: Vec<Facts> = found.interpreters.iter().map(|python| Facts::ask(python).unwrap()).collect();
    let jobs: Vec<Job<'_>> = (0..count)
        .map(|number| {
            let (which, round) = (number % kinds.len(), number / kinds.len());
            let turn = Rng::new(seed, which).shuffled(facts.len())[round % facts.len()];
            Job {
                number,
                kind: kinds[which],
                python: &found.interpreters[turn],
                facts: &facts[turn],
                plain: round == 0,
            }
        })
        .collect();
    let tally = run(&jobs, seed);
    for description in &tally.descriptions {
        println!("{description}");
    }
    println!("{}", tally.tables());
    assert_eq!(tally.different(), 0, "answers differ from importlib's");
}

fn run(jobs: &[Job<'_>], seed: u64) -> Tally {
    let tally = Mutex::new(Tally::default());
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    try_layout(job, seed, &tally);
                }
            });
        }
    });
    tally.into_inner().unwrap()
}

fn try_layout(job: &Job<'_>, seed: u64, tally: &Mutex<Tally>) {
    let label = format!("i{}", job.number);
    let skip = |why: &str| {
        let count = |counts: &mut Counts| *counts.skipped.entry(why.to_owned()).or_default() += 1;
        tally.lock().unwrap().add(job.kind.name, &job.python.label, count);
    };
    match build(job, seed, &label) {
        Err(error) => skip(&format!("cannot be built here: {error}")),
        Ok(l) => match l.draft.skip {
            Some(why) => skip(why),
            None if l.draft.unprivileged && !job.python.open_to_all => {
                skip("not judged: an unprivileged user cannot run this interpreter");
            }
            None => judge(job, &l, &label, seed, tally),
        },
    }
    if std::env::var_os("VENV_DOCTOR_KEEP").is_none() {
        let _ = fs::remove_dir_all(job.python.world.work_outside().join(label));
    }
}

fn build<'a>(job: &Job<'a>, seed: u64, label: &str) -> std::io::Result<Layout<'a>> {
    let mut rng = Rng::new(seed, job.number);
    let plan = surroundings::plan(job.kind, &mut rng, job.plain);
    let mut draft = generate::build(job.python, label, &plan)?;
    let cwd = draft.at("cwd");
    draft.dir(&cwd)?;
    draft.cwd = Some(Cwd::At(cwd));
    let mut l = Layout::new(draft, job.facts, rng);
    let is_launch = l.draft.skip.is_some() || kind::is_of_launch(job.kind);
    if !job.plain && !is_launch {
        surroundings::vary(&mut l)?;
    }
    let companions = if job.plain { Vec::new() } else { kind::companions() };
    let extra = l.rng.below(3);
    l.code = job.kind.code;
    (job.kind.build)(&mut l)?;
    l.code = false;
    if !companions.is_empty() && extra == 0 {
        let companion = l.pick(&companions);
        (companion.build)(&mut l)?;
    }
    l.ask("no_such_module_at_all");
    l.finish();
    Ok(l)
}

fn judge(job: &Job<'_>, l: &Layout<'_>, label: &str, seed: u64, tally: &Mutex<Tally>) {
    // venv-doctor first: what the interpreter leaves behind must not help it.
    let doctor = l.start_doctor(label).unwrap();
    let real = l.start_real(label).unwrap();
    let Some(observed) = observed::read(&real) else {
        let count = |counts: &mut Counts| {
            *counts.skipped.entry("this Python never comes to the probe".to_owned()).or_default() += 1;
        };
        tally.lock().unwrap().add(job.kind.name, &job.python.label, count);
        return;
    };
    assert_eq!(observed.answers.len(), l.names.len(), "{}", String::from_utf8_lossy(&real.stdout));
    let document: Result<serde_json::Value, _> = serde_json::from_slice(&doctor.stdout);
    let (mut unknown, mut lines) = (0, Vec::new());
    match &document {
        Ok(document) => {
            for (index, (asked, answer)) in l.names.iter().zip(&observed.answers).enumerate() {
                let mut asked = asked.clone();
                asked.code |= l.all_code || shares_code(l, &asked.name);
                // What is in no entry is not near.
                asked.near = asked.near.filter(|near| observed.path.iter().any(|entry| near.starts_with(entry)));
                match compare(&asked, l.unordered, answer, &document["names"][index]) {
                    Outcome::Equal => {}
                    Outcome::Unknown => unknown += 1,
                    Outcome::Different(why) => lines.push(format!("{}:\n      {}", asked.name, why.join("\n      "))),
                }
            }
        }
        Err(error) => {
            let stderr = String::from_utf8_lossy(&doctor.stderr);
            lines.push(format!("no document: {error}; exit {:?}; {stderr}", doctor.code));
        }
    }
    let recipe = describe(job, l, seed, &observed);
    let (taken, surprises) = taken_away::surprises(l, &observed, label).unwrap();
    lines.extend(surprises.into_iter().map(|line| format!("THE PROBE IS WRONG: {line}")));
    let mut tally = tally.lock().unwrap();
    tally.add(job.kind.name, &job.python.label, |counts| {
        counts.layouts += 1;
        counts.names += l.names.len();
        counts.unknown += unknown;
        counts.taken += taken;
        counts.different += lines.len();
    });
    if !lines.is_empty() {
        tally.descriptions.push(format!("{recipe}\n  differences:\n    {}\n", lines.join("\n    ")));
    }
}

fn describe(job: &Job<'_>, l: &Layout<'_>, seed: u64, observed: &Observed) -> String {
    let mut text =
        format!("DIFFERENT {} (seed {seed}, layout {}): {}\n  recipe:\n", job.python.label, job.number, job.kind.name);
    for line in &l.draft.recipe {
        let line: String = line.chars().take(600).collect();
        text += &format!("    {line}\n");
    }
    text += &format!("    {} {:?} {:?}\n", l.draft.command_line(), l.way, l.options);
    text += &format!("    {}\n", bstr::BString::from(bstr::join(" ", l.doctor_args())));
    text + &format!("    sys.path = {:?}", observed.path)
}

/// Whether code is in the way of another name with the same first part.
fn shares_code(l: &Layout<'_>, name: &str) -> bool {
    let top = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    l.names.iter().any(|other| other.code && other.name.contains('.') && top(&other.name) == top(name))
        && name.contains('.')
}
