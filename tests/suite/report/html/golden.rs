//! Golden pages, without their stylesheet.

use super::markup::examine;
use super::pages;
use crate::report::sample;

/// The page as it is kept: its markup is sound, and the stylesheet is left out.
fn kept(page: &str) -> String {
    assert_eq!(examine(page).faults, Vec::<String>::new());
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    let digest = head.find("sha256-").unwrap();
    let end = digest + head[digest..].find(['&', '\'']).unwrap();
    let head = format!("{}sha256-…{}", &head[..digest], &head[end..]);
    // Templates leave empty lines behind.
    let lines = head.lines().chain(body.lines()).filter(|line| !line.trim().is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn explain() {
    insta::assert_snapshot!("html-explain-healthy", kept(&pages::explain_around(&sample::healthy())));
    insta::assert_snapshot!("html-explain-broken", kept(&pages::explain(&sample::broken())));
}

#[test]
fn check() {
    let page = pages::check(vec![sample::healthy(), sample::broken()], &[None, None]);
    insta::assert_snapshot!("html-check", kept(&page));
}

#[test]
fn which() {
    let told = pages::told(&sample::healthy(), &"/home/u/app/random.py".into());
    insta::assert_snapshot!("html-which", kept(&pages::which(&told, &"a note".into())));
}

#[test]
fn scan() {
    let environments = vec![
        pages::environment(&"/home/u/app/.venv".into(), true),
        pages::environment(&"/home/u/old/.venv".into(), false),
    ];
    insta::assert_snapshot!("html-scan", kept(&pages::scan(environments, &"/home/u/closed".into())));
}

#[test]
fn what_if() {
    let page = pages::what_if(&sample::healthy(), &sample::broken(), &"the base does not exist".into());
    insta::assert_snapshot!("html-what-if", kept(&page));
}

#[test]
fn diff() {
    insta::assert_snapshot!("html-diff", kept(&pages::diff(&sample::broken(), &"PYTHONPATH is set".into())));
}
