//! The search for names in text, in every spelling in which they may be there.
//!
//! Names are found whatever their case, also where some of their bytes are percent-encoded as in URLs, and where they are in
//! Latin-1. All are searched for at once, so that the time does not grow with their number.

use std::borrow::Cow;

use aho_corasick::AhoCorasick;
use bstr::{BStr, BString, ByteSlice};

use super::is_name_byte;

/// What is replaced, and by what.
struct Target {
    stand_in: BString,
    /// The path that it has to be to the letter; none for a word.
    path: Option<BString>,
}

/// All names, ready to be searched for.
pub(super) struct Words {
    search: Option<AhoCorasick>,
    targets: Vec<Target>,
}

/// Something found: where it is in the text that was searched, and which target.
#[derive(Clone, Copy)]
struct Found {
    start: usize,
    end: usize,
    target: usize,
}

impl Words {
    /// Of words, and of paths with what they are called instead. On a machine that knows no case, paths need not match to
    /// the letter.
    pub fn new<'n>(
        words: impl Iterator<Item = (&'n BString, &'n BString)>,
        paths: impl Iterator<Item = (&'n BString, &'n BString)>,
        knows_case: bool,
    ) -> Self {
        let mut patterns: Vec<BString> = Vec::new();
        let mut targets = Vec::new();
        for (path, renamed) in paths {
            targets.push(Target { stand_in: renamed.clone(), path: knows_case.then(|| path.clone()) });
            patterns.push(path.clone());
        }
        for (name, stand_in) in words {
            for (spelling, stand_in) in spellings(name.as_bstr(), stand_in.as_bstr()) {
                targets.push(Target { stand_in, path: None });
                patterns.push(spelling);
            }
        }
        let search = AhoCorasick::builder().ascii_case_insensitive(true).build(&patterns);
        Self { search: search.ok().filter(|_| !patterns.is_empty()), targets }
    }

    /// The text with every name replaced.
    pub fn replace(&self, text: &[u8]) -> BString {
        let (plain, starts) = without_percent(text);
        let found = self.find(&plain);
        // Where a byte of the searched text begins in the given one.
        let at =
            |index: usize| starts.get(index).copied().unwrap_or(if starts.is_empty() { index } else { text.len() });
        let mut out = BString::from(Vec::with_capacity(text.len()));
        let mut copied = 0;
        for Found { start, end, target } in found {
            out.extend_from_slice(&text[copied..at(start)]);
            let target = &self.targets[target];
            match &target.path {
                Some(_) => out.extend_from_slice(&target.stand_in),
                None => out.extend(in_case_of(&target.stand_in, &plain[start..end])),
            }
            copied = at(end);
        }
        out.extend_from_slice(&text[copied..]);
        out
    }

    /// What is to be replaced, in order; of two that overlap the first, and of two at one place the longer.
    fn find(&self, text: &[u8]) -> Vec<Found> {
        let Some(search) = &self.search else { return Vec::new() };
        let mut all: Vec<Found> = search
            .find_overlapping_iter(text)
            .map(|found| Found { start: found.start(), end: found.end(), target: found.pattern().as_usize() })
            .filter(|found| self.is_whole(text, *found))
            .collect();
        all.sort_by_key(|found| (found.start, usize::MAX - found.end));
        let mut end = 0;
        all.retain(|found| {
            let is_free = found.start >= end;
            end = if is_free { found.end } else { end };
            is_free
        });
        all
    }

    /// Whether it is a whole word, or a whole path and nothing else of another case.
    fn is_whole(&self, text: &[u8], found: Found) -> bool {
        let (before, after) = (found.start.checked_sub(1).map(|at| text[at]), text.get(found.end).copied());
        match &self.targets[found.target].path {
            Some(path) => {
                path == &text[found.start..found.end]
                    && !before.is_some_and(is_name_byte)
                    && !after.is_some_and(is_name_byte)
            }
            None => !before.is_some_and(is_word_byte) && !after.is_some_and(is_word_byte),
        }
    }
}

/// Whether the byte can be part of a word. An underscore joins words.
fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// A name in the spellings that a search without regard to ASCII's case does not find, each with what stands for it.
fn spellings(name: &BStr, stand_in: &BStr) -> Vec<(BString, BString)> {
    let mut spellings = vec![(name.to_owned(), stand_in.to_owned())];
    if let Ok(text) = name.to_str()
        && !text.is_ascii()
    {
        for other in [text.to_lowercase(), text.to_uppercase()] {
            spellings.push((other.into(), stand_in.to_owned()));
        }
        let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        let plain =
            stand_in.to_str_lossy().chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect::<Vec<u8>>();
        spellings.extend(latin.map(|latin| (latin.into(), plain.into())));
    }
    spellings
}

/// The stand-in in capitals where the word is, so that two names that differ in nothing but case stay two.
fn in_case_of<'s>(stand_in: &'s [u8], word: &'s [u8]) -> impl Iterator<Item = u8> + 's {
    let all_capitals = !word.iter().any(u8::is_ascii_lowercase);
    stand_in.iter().enumerate().map(move |(at, byte)| {
        let is_capital = all_capitals || word.get(at).or(word.last()).is_some_and(u8::is_ascii_uppercase);
        if is_capital { byte.to_ascii_uppercase() } else { *byte }
    })
}

/// The text with percent-encoded bytes decoded, and where each byte begins in the given text (empty: where it is).
fn without_percent(text: &[u8]) -> (Cow<'_, [u8]>, Vec<usize>) {
    if !text.contains(&b'%') {
        return (Cow::Borrowed(text), Vec::new());
    }
    let (mut plain, mut starts) = (Vec::with_capacity(text.len()), Vec::with_capacity(text.len()));
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let encoded = if byte == b'%' { text.get(at + 1..at + 3).and_then(hexadecimal) } else { None };
        plain.push(encoded.unwrap_or(byte));
        starts.push(at);
        at += if encoded.is_some() { 3 } else { 1 };
    }
    (Cow::Owned(plain), starts)
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let [high, low] = digits else { return None };
    u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_every_spelling() {
        let names = [("alice".into(), "user".into()), ("renée".into(), "user2é".into())];
        let paths = [("/srv/app".into(), "/srv/user".into())];
        let words = Words::new(names.iter().map(|(a, b)| (a, b)), paths.iter().map(|(a, b)| (a, b)), true);
        let cases: [(&[u8], &[u8]); 11] = [
            (b"alice's Alice ALICE", b"user's User USER"),
            (b"alice_x malice alices /alice/", b"user_x malice alices /user/"),
            (b"file:///home/%61lic%65/x%20y%", b"file:///home/user/x%20y%"),
            (b"%41lice%20", b"User%20"),
            ("renée RENÉE".as_bytes(), "user2é USER2é".as_bytes()),
            (b"ren%C3%a9e/", "user2é/".as_bytes()),
            (b"ren\xe9e", b"user2\xe9"),
            (b"/srv/app/x /srv/apple /srv/App x/srv/app", b"/srv/user/x /srv/apple /srv/App x/srv/app"),
            (b"alice-b.alice", b"user-b.user"),
            (b"%", b"%"),
            (b"", b""),
        ];
        for (text, replaced) in cases {
            assert_eq!(words.replace(text).as_bstr(), replaced.as_bstr(), "{}", text.as_bstr());
        }
    }
}
