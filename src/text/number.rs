//! Numbers of things in words.

use std::fmt::Display;

/// `1 lookup`, `2 lookups`, `3 more entries`: of several words, the last one is the noun.
pub fn count<N: Copy + Display + PartialEq + From<u8>>(number: N, noun: &str) -> String {
    if number == N::from(1) { format!("1 {noun}") } else { format!("{number} {}", plural(noun)) }
}

/// The plural of a regular noun.
pub fn plural(noun: &str) -> String {
    if let Some(stem) = noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u'])) {
        return format!("{stem}ies");
    }
    let hisses = ["s", "x", "ch", "sh"].iter().any(|end| noun.ends_with(end));
    format!("{noun}{}", if hisses { "es" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_agrees_with_its_noun() {
        for (number, noun, told) in [
            (0_u64, "finding", "0 findings"),
            (1, "entry", "1 entry"),
            (2, "more entry", "2 more entries"),
            (2, "day", "2 days"),
            (1, "safe fix", "1 safe fix"),
            (3, "safe fix", "3 safe fixes"),
        ] {
            assert_eq!(count(number, noun), told);
        }
    }
}
