//! Files in UTF-16, as Windows writes some: text, although a snapshot holds their bytes.

/// The order of the bytes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// The text of bytes that are UTF-16 throughout: by their mark, else by the zeros that ASCII has in every unit.
pub(super) fn decode(bytes: &[u8]) -> Option<(String, Order)> {
    let order = match bytes {
        [0xff, 0xfe, ..] => Order::Little,
        [0xfe, 0xff, ..] => Order::Big,
        _ if is_mostly_zero(bytes, 1) => Order::Little,
        _ if is_mostly_zero(bytes, 0) => Order::Big,
        _ => return None,
    };
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let units = pairs.iter().map(|pair| match order {
        Order::Little => u16::from_le_bytes(*pair),
        Order::Big => u16::from_be_bytes(*pair),
    });
    Some((char::decode_utf16(units).collect::<Result<_, _>>().ok()?, order))
}

/// The bytes of a text, as [`decode`] has read it.
pub(super) fn encode(text: &str, order: Order) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| match order {
            Order::Little => unit.to_le_bytes(),
            Order::Big => unit.to_be_bytes(),
        })
        .collect()
}

/// Whether more than half of the bytes at odd places (`from` 1) or even ones (`from` 0) are zero.
fn is_mostly_zero(bytes: &[u8], from: usize) -> bool {
    let zeros = bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    bytes.len() >= 2 && zeros * 4 > bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_utf_16_is_read_and_written_as_it_was() {
        let text = "\u{feff}home = C:\\Users\\alice 𝒳\r\n";
        for order in [Order::Little, Order::Big] {
            let bytes = encode(text, order);
            assert_eq!(decode(&bytes), Some((text.to_owned(), order)));
            let bare = encode(&text[3..], order);
            assert_eq!(decode(&bare).map(|(text, _)| text).as_deref(), Some(&text[3..]));
            assert_eq!(decode(&bytes[..bytes.len() - 1]), None);
        }
        for other in [b"".as_slice(), b"\xff", b"\x89PNG\r\n\x1a\n", b"latin \xe9", b"\xff\xfe\x00\xd8"] {
            assert_eq!(decode(other), None);
        }
    }
}
