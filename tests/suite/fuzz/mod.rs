//! Fuzz targets: every reader, and the whole from a snapshot to its reports.
//!
//! `cargo test fuzz` runs each target for a moment, always with the same inputs: contents of the files in `fixtures`,
//! damaged. `tests/fuzz.sh` runs them for as long as you want, and with libFuzzer, where the bytes that it chooses are the
//! input as they are. `VENV_DOCTOR_SEED` gives another choice, `BOLERO_RANDOM_ITERATIONS` another number.

mod alone;
mod in_place;
mod managers;
mod seeds;
mod whole;

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::hostile::bytes;
use crate::support::numbers::{number, seed};
use crate::support::rng::Rng;

/// No input is larger.
const LARGEST: usize = 64 << 10;
/// Most are no larger than this, so that there are many.
const USUAL: usize = 4 << 10;
/// How long a target runs under `cargo test`.
const MOMENT: Duration = Duration::from_millis(300);

/// Calls a target with inputs that are made from seeds, until its executions or its time are used up.
///
/// It has to end soon for each of them, and without a panic.
macro_rules! target {
    ($name:ident, $seeds:expr, $read:expr) => {
        #[test]
        fn $name() {
            let fuzzed = crate::fuzz::Fuzzed::new(stringify!($name), $seeds);
            if fuzzed.writes_corpus() {
                return;
            }
            bolero::check!()
                .with_shrink_time(std::time::Duration::ZERO)
                .with_iterations(crate::fuzz::iterations())
                .with_test_time(crate::fuzz::time())
                .with_max_len(if cfg!(fuzzing) { crate::fuzz::LARGEST } else { 256 })
                .for_each(|input: &[u8]| fuzzed.run(input, &$read));
            fuzzed.tell();
        }
    };
}

pub(crate) use target;

/// Whether a number of executions is wanted, and not as many as fit into a moment.
fn is_long() -> bool {
    std::env::var_os("BOLERO_RANDOM_ITERATIONS").is_some()
}

/// The number of executions, unless the time is used up earlier.
pub fn iterations() -> usize {
    number("BOLERO_RANDOM_ITERATIONS", 2000)
}

/// A moment, unless a number of executions is wanted.
pub fn time() -> Duration {
    if is_long() { Duration::MAX } else { MOMENT }
}

/// The most time of a processor for an input. The ordinary build for debugging is many times slower than that for long runs.
fn longest() -> Duration {
    Duration::from_secs(if is_long() { 1 } else { 8 })
}

/// A target while it runs.
pub struct Fuzzed {
    name: &'static str,
    seeds: Vec<Vec<u8>>,
    seed: u64,
    began: Instant,
    executions: Cell<usize>,
    longest: Cell<Duration>,
    input: RefCell<Vec<u8>>,
}

// After a panic, the counters are as they were and the input is the one that is printed.
impl UnwindSafe for Fuzzed {}
impl RefUnwindSafe for Fuzzed {}

impl Fuzzed {
    /// A target with real contents to begin with.
    pub fn new(name: &'static str, seeds: Vec<Vec<u8>>) -> Self {
        assert!(!seeds.is_empty(), "{name} has nothing to begin with");
        let (executions, longest, input) = (Cell::new(0), Cell::default(), RefCell::default());
        Self { name, seeds, seed: seed(12), began: Instant::now(), executions, longest, input }
    }

    /// Writes the seeds where libFuzzer finds them, if that is all that is wanted.
    pub fn writes_corpus(&self) -> bool {
        let Some(dir) = std::env::var_os("VENV_DOCTOR_CORPUS") else { return false };
        let dir = Path::new(&dir).join(self.name);
        fs::create_dir_all(&dir).unwrap();
        for (index, content) in self.seeds.iter().enumerate() {
            fs::write(dir.join(index.to_string()), content).unwrap();
        }
        true
    }

    /// One execution. The first argument of the target is the number of the seed.
    pub fn run(&self, given: &[u8], read: &dyn Fn(usize, &[u8])) {
        let execution = self.executions.get();
        self.executions.set(execution + 1);
        let mut rng = Rng::new(self.seed, execution);
        let index = rng.below(self.seeds.len());
        *self.input.borrow_mut() = if cfg!(fuzzing) { given.to_vec() } else { self.damaged(&mut rng, index, given) };
        let input = self.input.borrow();
        let began = Instant::now();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| read(index, &input))) {
            println!("{}, seed {}, execution {execution}: {}", self.name, self.seed, printed(&input));
            resume_unwind(panic);
        }
        let mut took = began.elapsed();
        if took > longest() {
            // The machine may have been busy with something else.
            took = of_processor(|| read(index, &input)).unwrap_or(took);
            assert!(took < longest(), "{} takes {took:?}: {}", self.name, printed(&input));
        }
        self.longest.set(self.longest.get().max(took));
    }

    /// A seed that was damaged up to four times; now and then what the fuzzer gives, as it is.
    fn damaged(&self, rng: &mut Rng, index: usize, given: &[u8]) -> Vec<u8> {
        if rng.below(16) == 0 {
            return given.to_vec();
        }
        let mut content = self.seeds[index].clone();
        for _ in 0..=rng.below(4) {
            bytes::damage(rng, &mut content);
        }
        content.truncate(if rng.below(32) > 0 { USUAL } else { LARGEST });
        content
    }

    /// Prints how many executions there were.
    pub fn tell(&self) {
        let (executions, took, longest) = (self.executions.get(), self.began.elapsed(), self.longest.get());
        println!("fuzz {}: {executions} executions in {} s, {longest:?} at most", self.name, took.as_secs());
    }
}

/// How long this thread was on a processor, where the system says so.
fn of_processor(work: impl FnOnce()) -> Option<Duration> {
    let so_far = || {
        let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    };
    let before = so_far()?;
    work();
    so_far()?.checked_sub(before)
}

/// The input as it can be put into a test, without its end where it is long.
fn printed(input: &[u8]) -> String {
    let mut text = format!("{} bytes, b\"", input.len());
    for byte in &input[..input.len().min(4096)] {
        _ = write!(text, "{}", byte.escape_ascii());
    }
    text + "\""
}
