//! `check` and `fix` say the same of what an action changes.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use super::rebuilt::moved_base::Moved;
use crate::support::program::{environment, json, run, scratch};

/// What each write, symlink and chmod of some actions changes, by path.
fn effects(actions: impl Iterator<Item = Value>) -> BTreeMap<String, Vec<Value>> {
    let keys = ["action", "sha256_before", "sha256_after", "diff", "target", "was", "mode"];
    let told = |action: Value| {
        let path = action["path"].as_str()?.to_owned();
        Some((path, keys.map(|key| action[key].clone()).to_vec()))
    };
    actions.filter_map(told).collect()
}

fn actions(of: &Value) -> impl Iterator<Item = Value> {
    of["actions"].as_array().cloned().unwrap_or_default().into_iter()
}

#[test]
fn check_shows_what_fix_would_change() -> std::io::Result<()> {
    let Some(moved) = Moved::unmoved()? else { return Ok(()) };
    let stage = &moved.stage;
    let crlf = format!("#!{}\r\nprint('one')\r\n", stage.text("env/bin/python"));
    stage.program("env/bin/one", crlf)?;
    stage.link("env/lib64", "gone")?;
    stage.mode("env/pyvenv.cfg", 0o666)?;
    let journal = tempfile::tempdir()?;
    let checked = json(&moved.run(journal.path(), &["check", "env", "--severity", "info", "--json"]));
    let found = checked["environments"][0]["findings"].as_array().expect("findings");
    let shown = effects(found.iter().flat_map(actions));
    let planned = json(&moved.run(journal.path(), &["fix", "env", "--json"]));
    let fixes = planned["environments"][0]["fixes"].as_array().expect("fixes");
    let planned = effects(fixes.iter().flat_map(actions));
    assert!(planned.len() >= 3, "{planned:#?}");
    for (path, effect) in &planned {
        assert_eq!(shown.get(path), Some(effect), "{path}");
    }
    assert!(shown.values().all(|effect| effect[0] != "write" || effect[1].is_string() && effect[2].is_string()));
    Ok(())
}

#[test]
fn more_fixes_than_a_rule_reports_at_once_are_planned_in_bounded_time() {
    let dir = scratch();
    let site = environment(dir.path());
    for number in 0..600 {
        fs::write(site.join(format!("gone{number}.pth")), format!("/gone/{number}\n")).unwrap();
    }
    let planned = json(&run(dir.path(), &["fix", "env", "--json"]));
    let fixes = planned["environments"][0]["fixes"].as_array().expect("fixes");
    let safe = fixes.iter().filter(|fix| fix["safe"] == true).count();
    assert!(safe >= 500, "{safe} of {}", fixes.len());
}
