//! Environments with a very large number of files of one kind: the number of lookups grows with it, not with its square.

use serde_json::{Value, json};

use crate::hostile::judge;

const SITE: &str = "/home/u/app/env/lib/python3.12/site-packages";
const BIN: &str = "/home/u/app/env/bin";

/// Examines a recorded environment to which files have been added, and says how many findings there are.
fn with(files: impl IntoIterator<Item = (String, String)>) -> usize {
    let text = include_bytes!("../../../fixtures/rules/VD901/passes.json");
    let mut document: Value = serde_json::from_slice(text).unwrap();
    let known = document["files"].as_array_mut().unwrap();
    known.extend(files.into_iter().map(|(path, text)| json!({"path": path, "type": "file", "text": text})));
    let told = judge::examine(&serde_json::to_vec(&document).unwrap());
    told.unwrap_or_else(|wrong| panic!("{wrong}")).expect("a sound snapshot").findings
}

fn distribution(name: &str, record: String) -> [(String, String); 2] {
    let dir = format!("{SITE}/{name}-1.0.dist-info");
    let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n");
    [(format!("{dir}/METADATA"), metadata), (format!("{dir}/RECORD"), record)]
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

#[test]
fn many_distributions_whose_files_are_gone() {
    let many = (0..2000).flat_map(|number| distribution(&format!("d{number}"), format!("d{number}/__init__.py,,\n")));
    assert!(with(many) >= 2000);
}

#[test]
fn many_lines_that_lead_nowhere() {
    let missing = (format!("{SITE}/x.pth"), lines(4000, |number| format!("/gone/{number}\n")));
    let url = r#"{"url": "file:///gone", "dir_info": {"editable": true}}"#.to_owned();
    let editable = (0..200).flat_map(|number| {
        let [metadata, record] =
            distribution(&format!("d{number}"), format!("d{number}-1.0.dist-info/direct_url.json,,\n"));
        let direct = (format!("{SITE}/d{number}-1.0.dist-info/direct_url.json"), url.clone());
        [metadata, record, direct]
    });
    let found = with(editable.chain([missing]));
    assert!((200..500).contains(&found), "{found}");
}

#[test]
fn many_lines_with_blanks_before_their_import() {
    let found = with([(format!("{SITE}/x.pth"), " import sys\n".repeat(20_000))]);
    assert!((20..200).contains(&found), "{found}");
}

#[test]
fn many_lines_that_could_do_anything() {
    assert!(with([(format!("{SITE}/x.pth"), "import sys; exec('x')\n".repeat(4000))]) > 60);
}

#[test]
fn a_mapping_with_many_entries_in_one_long_line() {
    let line = format!("MAPPING = {{{}}}\n", lines(9000, |number| format!("'a{number}': '/gone/{number}', ")));
    let finder = (format!("{SITE}/__editable___x_finder.py"), line);
    let pth = (format!("{SITE}/x.pth"), "import __editable___x_finder; __editable___x_finder.install()\n".repeat(1000));
    with([finder, pth]);
}

#[test]
fn many_scripts_and_a_record_of_many_lines() {
    let record = lines(100_000, |number| format!("../../../bin/other{number},,\n"));
    let script = format!(
        "#!{BIN}/python\nimport sys\nfrom gone import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
    );
    let scripts = (0..1000).map(|number| (format!("{BIN}/s{number}"), script.clone()));
    with(scripts.chain(distribution("a", record)));
}

#[test]
fn many_names_that_a_synchronized_dir_leaves() {
    let names = (0..3000).map(|number| (format!("{SITE}/m{number}.sync-conflict-1.py"), String::new()));
    let record = lines(20_000, |number| format!("n{number}.py,,\n"));
    assert!(with(names.chain(distribution("a", record))) > 0);
}
