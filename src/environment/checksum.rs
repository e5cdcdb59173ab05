//! The hash of a file as a `RECORD` gives it.

use bstr::{BStr, ByteSlice};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A recorded hash that can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    algorithm: Algorithm,
    digest: Vec<u8>,
}

/// The algorithms that `hashlib` guarantees and that are strong enough for the specification of `RECORD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    /// How many bytes a digest has.
    fn size(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

impl Checksum {
    /// A field such as `sha256=…`. The specification wants base 64 for URLs without padding; builders of distributions of
    /// operating systems also wrote hexadecimal digits. The length tells which it is. None where it is neither.
    pub fn parse(field: &BStr) -> Option<Self> {
        let (name, text) = field.split_once_str("=")?;
        let algorithm = match name {
            b"sha256" => Algorithm::Sha256,
            b"sha384" => Algorithm::Sha384,
            b"sha512" => Algorithm::Sha512,
            _ => return None,
        };
        let text = text.trim_end_with(|character| character == '=');
        let digest = if text.len() == 2 * algorithm.size() {
            HEXLOWER_PERMISSIVE.decode(text).ok()?
        } else {
            BASE64URL_NOPAD.decode(text).ok()?
        };
        (digest.len() == algorithm.size()).then_some(Self { algorithm, digest })
    }

    /// Something that computes a hash of the same kind, part by part.
    pub fn hasher(&self) -> Hasher {
        match self.algorithm {
            Algorithm::Sha256 => Hasher::Sha256(Sha256::new()),
            Algorithm::Sha384 => Hasher::Sha384(Sha384::new()),
            Algorithm::Sha512 => Hasher::Sha512(Sha512::new()),
        }
    }

    /// Whether a content has this hash.
    pub fn fits(&self, content: &[u8]) -> bool {
        let mut hasher = self.hasher();
        hasher.update(content);
        self.is(hasher)
    }

    /// Whether what was computed is this hash.
    pub fn is(&self, hasher: Hasher) -> bool {
        hasher.finish() == self.digest
    }
}

/// Computes a hash.
#[derive(Debug)]
pub enum Hasher {
    /// SHA-256.
    Sha256(Sha256),
    /// SHA-384.
    Sha384(Sha384),
    /// SHA-512.
    Sha512(Sha512),
}

impl Hasher {
    /// Adds the next part of the content.
    pub fn update(&mut self, part: &[u8]) {
        match self {
            Self::Sha256(digest) => digest.update(part),
            Self::Sha384(digest) => digest.update(part),
            Self::Sha512(digest) => digest.update(part),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha256(digest) => digest.finalize().to_vec(),
            Self::Sha384(digest) => digest.finalize().to_vec(),
            Self::Sha512(digest) => digest.finalize().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_read_in_every_spelling() {
        let cases: [(&str, Option<bool>); 9] = [
            ("sha256=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0", Some(true)),
            ("sha256=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0=", Some(true)),
            ("sha256=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Some(true)),
            ("sha256=BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD", Some(true)),
            ("sha256=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ae", Some(false)),
            ("sha384=ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP_W-2AhgcroefMI1i67KE0yCWn", Some(true)),
            (
                "sha512=ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                 2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
                Some(true),
            ),
            ("md5=kAFQmDzST7DWlj99KOF_cg", None),
            ("sha256=short", None),
        ];
        for (field, fits) in cases {
            assert_eq!(Checksum::parse(field.into()).map(|checksum| checksum.fits(b"abc")), fits, "{field}");
        }
    }
}
