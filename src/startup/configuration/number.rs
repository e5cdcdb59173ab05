//! Numbers as the C library reads them.

use bstr::BStr;

/// `_Py_str_to_int` of `Python/preconfig.c`: `strtol`, which must take the whole text and yield an `int`.
///
/// An empty text is 0: `strtol` then stops at the end of the text, as it does after a number.
pub fn parse(text: &BStr) -> Option<i32> {
    if text.is_empty() {
        return Some(0);
    }
    let (is_negative, magnitude) = split(text)?;
    let value = i64::try_from(magnitude).ok()?;
    i32::try_from(if is_negative { -value } else { value }).ok()
}

/// `strtoul`, which must take the whole text: a minus sign counts from the largest number downwards.
pub fn parse_unsigned(text: &BStr) -> Option<u64> {
    let (is_negative, magnitude) = split(text)?;
    Some(if is_negative { magnitude.wrapping_neg() } else { magnitude })
}

/// Sign and digits after leading blanks; none where there is anything else, or the number is too large.
fn split(text: &BStr) -> Option<(bool, u64)> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let start = text.iter().position(|byte| !is_blank(byte))?;
    let (is_negative, digits) = match text[start] {
        b'-' => (true, &text[start + 1..]),
        b'+' => (false, &text[start + 1..]),
        _ => (false, &text[start..]),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = 0_u64;
    for digit in digits.iter() {
        let digit = digit.is_ascii_digit().then(|| u64::from(*digit - b'0'))?;
        value = value.checked_mul(10)?.checked_add(digit)?;
    }
    Some((is_negative, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_whole() {
        for (text, value) in [
            ("", Some(0)),
            ("7", Some(7)),
            (" +007", Some(7)),
            ("-1", Some(-1)),
            ("1 ", None),
            (" ", None),
            ("+", None),
            ("0x1", None),
            ("2147483648", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(parse(text.into()), value, "{text:?}");
        }
        assert_eq!(parse_unsigned("-18446744073709551615".into()), Some(1));
        assert_eq!(parse_unsigned("18446744073709551616".into()), None);
    }
}
