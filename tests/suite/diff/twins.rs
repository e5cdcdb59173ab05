//! The pairs of the rules, of which one has a finding and the other does not: what comes first is the finding or explains it.

use std::fs;
use std::path::Path;

use venv_doctor::internals::difference::environments::{Aspect, Look, Side, contrast};
use venv_doctor::internals::environment::Depth;
use venv_doctor::internals::snapshot::{self, Snapshot};

/// Where something else comes first: the rule is about a start that is not simulated (VD110, VD117, VD138), about the limits
/// of what is known (VD904, VD905), or the pair has another difference that weighs as much or more.
const OTHERS: [&str; 16] = [
    "VD110", "VD117", "VD138", "VD140", "VD210", "VD213", "VD219", "VD227", "VD231", "VD307", "VD317", "VD405",
    "VD417", "VD901", "VD904", "VD905",
];

fn opened(file: &Path) -> Option<Snapshot> {
    snapshot::load(&fs::read(file).ok()?).ok()
}

fn look(it: &Snapshot) -> Look<'_> {
    let Snapshot { host, invocation, options, depth, has_installed, .. } = it;
    Look { host, invocation, options, held: *depth, has_installed: *has_installed }
}

#[test]
fn what_a_rule_finds_comes_first_in_its_pair() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(rules).unwrap() {
        let entry = entry.unwrap();
        let code = entry.file_name().into_string().unwrap();
        let pair = opened(&entry.path().join("passes.json")).zip(opened(&entry.path().join("fails.json")));
        let Some((passes, fails)) = pair.filter(|_| !OTHERS.contains(&code.as_str())) else { continue };
        let (a, b) = Side::both(look(&passes), look(&fails), Depth::Files);
        let contrast = contrast(&a, &b);
        let is_told = contrast.causes.first().is_some_and(|cause| {
            let changes = cause.changes.iter().chain(&cause.consequences).map(|&index| &contrast.changes[index]);
            changes.into_iter().any(|change| change.aspect == Aspect::Findings && change.name == code.as_str())
        });
        if !is_told {
            wrong.push(format!("{code}: {}", contrast.headline));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 180, "{count} pairs");
}
