//! How messages and evidence name scripts.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Script, Start};
use crate::rules::Evidence;
use crate::text::sentence;

/// How many scripts are named and shown; the rest is counted.
const SHOWN: usize = 3;

/// Such as `pip, pip3 and 5 more in /w/env/bin`, and whether it is more than one script.
pub fn list<'n>(names: impl IntoIterator<Item = &'n BStr>, dir: &BStr) -> (BString, bool) {
    let names: Vec<&BStr> = names.into_iter().collect();
    let shown = if names.len() == SHOWN + 1 { SHOWN + 1 } else { SHOWN };
    let text = match names.split_at_checked(shown) {
        Some((first, rest)) if !rest.is_empty() => {
            sentence!(bstr::join(", ", first), " and ", rest.len().to_string(), " more")
        }
        _ => match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, first)) => sentence!(bstr::join(", ", first), " and ", last),
            None => BString::default(),
        },
    };
    (sentence!(text, " in ", dir), names.len() > 1)
}

/// The verb for one script or for several.
pub fn verb(several: bool, one: &'static str, many: &'static str) -> &'static str {
    if several { many } else { one }
}

/// The places where the first scripts name their Python, as evidence.
pub fn all_evidence<'s>(scripts: impl IntoIterator<Item = (&'s Script, &'s Start)>) -> Vec<Evidence> {
    let shown = scripts.into_iter().take(SHOWN);
    shown.map(|(script, start)| evidence(script, start)).collect()
}

/// The place where a script names its Python, as evidence.
pub fn evidence(script: &Script, start: &Start) -> Evidence {
    let line = start.line;
    Evidence { line, ..Evidence::about(script.path.clone(), start.text.clone()) }.span(start.span.clone())
}

/// The first lines of the first scripts, with a part of each marked, as evidence.
pub fn first_lines<'s>(
    scripts: impl IntoIterator<Item = &'s Script>,
    span: impl Fn(&Script) -> std::ops::Range<usize>,
) -> Vec<Evidence> {
    let shown = scripts.into_iter().take(SHOWN);
    shown.map(|script| Evidence::line(script.path.clone(), 1, script.first.clone()).span(span(script))).collect()
}

/// The names of scripts.
pub fn names<'s>(scripts: impl IntoIterator<Item = &'s Script>) -> impl Iterator<Item = &'s BStr> {
    scripts.into_iter().map(|script| script.name.as_bstr())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_scripts_are_counted() {
        let all = ["a", "b", "c", "d", "e"].map(BStr::new);
        let cases = [(1, "a in /b"), (2, "a and b in /b"), (4, "a, b, c and d in /b"), (5, "a, b, c and 2 more in /b")];
        for (count, expected) in cases {
            assert_eq!(list(all.into_iter().take(count), "/b".into()), (expected.into(), count > 1));
        }
    }
}
