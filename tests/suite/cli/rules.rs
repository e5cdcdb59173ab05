//! `rule` in every form.

use super::{dangling_environment, found};
use crate::support::program::{json, run, scratch, stderr, stdout};

#[test]
fn rules_are_printed_in_every_form() {
    let dir = scratch();
    let output = run(dir.path(), &["rule", "vd102"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).starts_with("error[VD102] dangling-symlink (certain)\n"), "{}", stdout(&output));
    let all = run(dir.path(), &["rule", "--all", "--format", "json"]);
    let document = json(&all);
    assert!(document["rules"].as_array().unwrap().len() >= 100);
    let page = run(dir.path(), &["rule", "VD9", "--format", "markdown"]);
    assert_eq!(stdout(&page).matches("\n### VD9").count(), 6);
    for wrong in [&["rule"][..], &["rule", "VD000"], &["rule", "--all", "VD102"], &["check", "--select", "E501"]] {
        assert_eq!(run(dir.path(), wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn rules_are_named_by_code_by_prefix_and_by_name() {
    let dir = scratch();
    let named = |name: &str| {
        let output = run(dir.path(), &["rule", "--json", name]);
        let document = json(&output);
        assert_eq!(document["schema"], "venv-doctor/rules/2");
        let rules = document["rules"].as_array().unwrap();
        rules.iter().map(|rule| rule["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named("dangling-symlink"), ["VD102"]);
    assert_eq!(named("vd102"), ["VD102"]);
    assert!(named("VD2").len() > 10);
    for (wrong, advice) in
        [("dangling-symlnk", "did you mean `dangling-symlink`?"), ("VD1022", "did you mean `VD102`?")]
    {
        for arguments in [["rule", wrong], ["check", &format!("--select={wrong}")]] {
            let output = run(dir.path(), &arguments);
            assert_eq!(output.status.code(), Some(2));
            assert!(stderr(&output).contains(advice), "{}", stderr(&output));
        }
    }
    dangling_environment(&dir.path().join(".venv"));
    let output = run(dir.path(), &["check", "--json", "--select", "dangling-symlink"]);
    assert_eq!(found(&output), ["VD102"]);
    let output = run(dir.path(), &["check", "--json", "--ignore", "dangling-symlink"]);
    assert!(!found(&output).contains(&"VD102".to_owned()));
}
