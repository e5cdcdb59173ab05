//! File contents damaged at random.

use crate::support::rng::Rng;

/// Texts that one of the readers interprets.
const WORDS: [&[u8]; 48] = [
    b"\0",
    b"\n",
    b"\r\n",
    b"\r",
    b"\x0c",
    b"\x1b[31m",
    b"\x1b]0;title\x07",
    b"\xc2\x9b31m",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    "\u{202e}".as_bytes(),
    "\u{2028}".as_bytes(),
    "ﬁé\u{301}𝜋".as_bytes(),
    b"'",
    b"\"",
    b"\"\"\"",
    b"'''",
    b"\\",
    b"\\\n",
    b"\\N{DIGIT ONE}",
    b"\\x4",
    b"\\U0011ffff",
    b"%",
    b"%zz",
    b"::error::x",
    b"#!",
    b"#!/usr/bin/env -S python3",
    b"\n'''exec' \"",
    b"import os; exec(",
    b"\nimport sys; sys.path.insert(0, '/x')\n",
    b"home = /usr/bin\n",
    b"\n[global]\nuser = yes\ntarget = \xff\n",
    b"../../../../../../../../../../etc/passwd,sha256=x,1\n",
    b"a,sha256=,18446744073709551616\n",
    b"a,\"b\n",
    b"\nVersion: 99999999999999999999!1.0+x\n",
    b"\nRequires-Python: >=3.8,<99999999999999999999999.*,===x,~=3\n",
    b"\nTag: py3.cp312-none.abi3-any.win32\n",
    b"file://host/%00%2f..%2f",
    b"{\"url\": \"file:///x\", \"dir_info\": {\"editable\": true}}",
    b"[[[[[[[[[[[[[[[[",
    b"1e99999",
    b"-9223372036854775809",
    b"99999999999999999999999999999999",
    b"$(touch /x)`x`",
    b" ",
];

/// Damages a content in one of many ways, and says in which.
pub fn damage(rng: &mut Rng, content: &mut Vec<u8>) -> &'static str {
    let at = rng.below(content.len() + 1);
    let len = rng.below(40).min(content.len() - at);
    match rng.below(15) {
        0 => {
            if let Some(byte) = content.get_mut(at) {
                *byte ^= 1 << rng.below(8);
            }
            "a bit flipped"
        }
        1 => {
            if let Some(byte) = content.get_mut(at) {
                *byte = u8::try_from(rng.below(256)).unwrap();
            }
            "a byte changed"
        }
        2 => {
            content.drain(at..at + len);
            "cut"
        }
        3 => {
            content.truncate(at);
            "truncated"
        }
        4 => {
            let piece = content[at..at + len].to_vec();
            let to = rng.below(content.len() + 1);
            content.splice(to..to, piece);
            "a piece repeated"
        }
        5 => {
            let line = content[line_at(content, at)].to_vec();
            content.splice(at..at, line);
            "a line put into another"
        }
        6 => {
            let range = line_at(content, at);
            let line = content[range.clone()].to_vec();
            let many = [2, 3, 50, 400][rng.below(4)].min((200 << 10) / line.len().max(1));
            content.splice(range.end..range.end, line.repeat(many));
            "a line repeated"
        }
        7 => {
            let byte = b"a .,/'\"\\(%\x1b\n\xff1="[rng.below(14)];
            content.splice(at..at, vec![byte; [200, 5000, 70_000][rng.below(3)]]);
            "a long run"
        }
        8 => {
            numbers(rng, content);
            "a number changed"
        }
        9 => {
            content.clear();
            "emptied"
        }
        10 => {
            let most = rng.below(64);
            content.splice(at..at, (0..most).map(|_| u8::try_from(rng.below(256)).unwrap()));
            "noise"
        }
        11 => {
            let word = WORDS[rng.below(WORDS.len())];
            content.splice(at..at, word.repeat([2, 100, 2000][rng.below(3)]));
            "a word many times"
        }
        _ => {
            let range = if rng.below(2) == 0 { at..at } else { at..at + len };
            content.splice(range, WORDS[rng.below(WORDS.len())].iter().copied());
            "a word put in"
        }
    }
}

/// The line around a place, its end included.
fn line_at(content: &[u8], at: usize) -> std::ops::Range<usize> {
    let start = content[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let end = content[at..].iter().position(|byte| *byte == b'\n').map_or(content.len(), |end| at + end + 1);
    start..end
}

/// Replaces one run of digits.
fn numbers(rng: &mut Rng, content: &mut Vec<u8>) {
    const NUMBERS: [&[u8]; 9] =
        [b"", b"0", b"-1", b"256", b"4294967296", b"18446744073709551616", b"00000000000000000003", b"1e9", b"3.99"];
    let is_start = |at: usize| content[at].is_ascii_digit() && (at == 0 || !content[at - 1].is_ascii_digit());
    let starts: Vec<usize> = (0..content.len()).filter(|at| is_start(*at)).collect();
    let Some(&start) = starts.get(rng.below(starts.len())) else { return };
    let len = content[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    content.splice(start..start + len, NUMBERS[rng.below(NUMBERS.len())].iter().copied());
}

/// A file name that is made to do harm.
pub fn name(rng: &mut Rng) -> Vec<u8> {
    const NAMES: [&[u8]; 16] = [
        b"a\nb",
        b"\x1b[2J",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b" ",
        b"-rf",
        b"a'b\"c$(d)`e`",
        b"a:b,c::d",
        b"%0A%25",
        b"...",
        b"x\rY",
        b"\\",
        b"~",
        b"python3.99999999999999",
        "\u{202e}x\u{200b}".as_bytes(),
        "𝜋\u{9b}".as_bytes(),
    ];
    match rng.below(12) {
        0 => vec![b'n'; 255],
        1 => "ß".repeat(127).into_bytes(),
        _ => NAMES[rng.below(NAMES.len())].to_vec(),
    }
}
