//! The pages in a real browser, where one is installed: no text of the corpus runs a script or asks for anything, and
//! `axe` finds no serious fault of accessibility.

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use venv_doctor::Explanation;
use venv_doctor::internals::which::Told;

use super::corpus::{BAIT, SENTINEL, corpus};
use super::pages;
use crate::report::sample;
use crate::support::program::{on_path, scratch};

/// The names under which systems install the browser.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// The exit code of the script that runs `axe`, where that is not installed.
const SKIPPED: i32 = 77;

fn browser() -> Option<PathBuf> {
    let found = BROWSERS.iter().find_map(|name| on_path(name));
    if found.is_none() {
        println!("skipped: no Chromium on PATH");
    }
    found
}

/// A listener to which all names of hosts lead, and what it was asked.
struct Listener {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Listener {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { break };
                let mut head = [0; 2048];
                stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
                let read = stream.read(&mut head).unwrap_or(0);
                log.lock().unwrap().push(String::from_utf8_lossy(&head[..read]).into_owned());
                drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            }
        });
        Self { address, asked }
    }

    /// What was asked for since the last time. What the browser asks for itself has another path.
    fn baited(&self) -> Vec<String> {
        let asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.into_iter().filter(|request| request.contains("broken-out")).collect()
    }
}

/// Loads a file, and returns the document as it is after everything in it has had time to run.
fn load(browser: &Path, listener: &Listener, dir: &Path, page: &str) -> String {
    let file = dir.join("page.html");
    fs::write(&file, page).unwrap();
    let output = Command::new(browser)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", "--virtual-time-budget=3000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", dir.join("profile").display()))
        .arg(format!("--host-resolver-rules=MAP * {}", listener.address))
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let document = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(document.contains("</html>"), "{}", String::from_utf8_lossy(&output.stderr));
    document
}

/// Whether a script has run. The corpus names the attribute in its text, which is not the document's own tag.
fn has_run(document: &str) -> bool {
    let start = document.find("<html").unwrap();
    let end = start + document[start..].find('>').unwrap();
    document[start..end].contains(SENTINEL)
}

/// Pages that hold the whole corpus, each in other places.
fn hostile_pages() -> Vec<(&'static str, String)> {
    let explanations: Vec<Explanation> = corpus().iter().map(|text| sample::hostile(text)).collect();
    let mut all = explanations[0].clone();
    for explanation in &explanations[1..] {
        all.findings.extend(explanation.findings.iter().cloned());
        all.resolution.steps.extend(explanation.resolution.steps.iter().cloned());
        all.resolution.startup.extend(explanation.resolution.startup.iter().cloned());
        all.resolution.messages.extend(explanation.resolution.messages.iter().cloned());
        let path = explanation.resolution.sys.iter().flat_map(|sys| sys.path.iter().cloned());
        all.resolution.sys.as_mut().unwrap().path.extend(path);
    }
    let tolds = corpus().into_iter().zip(&explanations).map(|(text, it)| pages::told(it, &text.into()));
    let told = tolds.reduce(|one, other| Told {
        names: one.names.into_iter().chain(other.names).collect(),
        files: one.files.into_iter().chain(other.files).collect(),
        ..one
    });
    let environments = corpus().into_iter().flat_map(|text| [true, false].map(|works| (text.clone(), works)));
    let environments = environments.map(|(text, works)| pages::environment(&text.into(), works)).collect();
    vec![
        ("explain", pages::explain_around(&all)),
        ("check", pages::check(explanations.clone(), &[])),
        ("what-if", pages::what_if(&sample::healthy(), &all, &corpus()[0].clone().into())),
        ("diff", pages::diff(&all, &bstr::join("\n", corpus()).into())),
        ("which", pages::which(&told.unwrap(), &corpus()[0].clone().into())),
        ("scan", pages::scan(environments, &corpus()[1].clone().into())),
    ]
}

#[test]
fn no_script_runs_and_no_request_leaves() {
    let Some(browser) = browser() else { return };
    let (listener, dir) = (Listener::new(), scratch());
    let evil = format!("<script>document.documentElement.setAttribute('{SENTINEL}','1')</script><img src={BAIT}>");

    // What the corpus tries would be seen.
    let document = load(&browser, &listener, dir.path(), &format!("<!DOCTYPE html><html><body>{evil}</body></html>"));
    assert!(has_run(&document), "the browser runs no scripts at all: {document}");
    assert!(!listener.baited().is_empty(), "the browser asks for nothing at all");

    for (name, page) in hostile_pages() {
        let document = load(&browser, &listener, dir.path(), &page);
        assert!(!has_run(&document), "{name}: a script has run");
        assert_eq!(listener.baited(), Vec::<String>::new(), "{name}");
        for tag in ["<script", "<img", "<iframe", "<link", "<object", "<form", "<base", "<image", "<video"] {
            assert!(!document.contains(tag), "{name}: {tag}");
        }
        // Were something not escaped, the policy would still keep it from doing anything.
        let document = load(&browser, &listener, dir.path(), &page.replacen("</main>", &format!("{evil}</main>"), 1));
        assert!(!has_run(&document), "{name}: the policy lets a script run");
        assert_eq!(listener.baited(), Vec::<String>::new(), "{name}: the policy lets a request leave");
    }
}

#[test]
fn axe_finds_nothing_serious() {
    let (Some(browser), Some(node)) = (browser(), on_path("node")) else {
        return println!("skipped: no Chromium or no node on PATH");
    };
    let dir = scratch();
    let told = pages::told(&sample::healthy(), &"/home/u/app/random.py".into());
    let root = |name: &str| format!("/home/u/{name}/.venv").into();
    let judged = [
        ("explain-healthy", pages::explain_around(&sample::healthy())),
        ("explain-broken", pages::explain(&sample::broken())),
        ("check-both", pages::check(vec![sample::healthy(), sample::broken()], &[None, None])),
        ("what-if-broken", pages::what_if(&sample::healthy(), &sample::broken(), &"nothing".into())),
        ("diff-both", pages::diff(&sample::broken(), &"PYTHONPATH is set".into())),
        ("which-random", pages::which(&told, &"a note".into())),
        (
            "scan-both",
            pages::scan(vec![pages::environment(&root("a"), true), pages::environment(&root("b"), false)], &root("c")),
        ),
    ];
    let write = |(name, page): &(&str, String)| {
        let file = dir.path().join(format!("{name}.html"));
        fs::write(&file, page).unwrap();
        file.into_os_string()
    };
    let judged = judged.iter().map(write);
    let files: Vec<OsString> = judged.chain(["--".into()]).chain(hostile_pages().iter().map(write)).collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html/axe.mjs");
    let output = Command::new(node).arg(script).arg(browser).args(files).output().unwrap();
    let told = [output.stdout.as_slice(), &output.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    match output.status.code() {
        Some(SKIPPED) => println!("skipped: {told}"),
        code => assert_eq!(code, Some(0), "{told}"),
    }
}
