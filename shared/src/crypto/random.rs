//! Randomness, from the operating system's generator through AWS-LC.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

/// Random bytes.
///
/// # Panics
/// Where the system has no randomness to give; nothing is safe then.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system gives randomness");
    bytes
}

/// A token of 256 random bits, in base64url.
#[must_use]
pub fn token() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// Lower-case letters that cannot be read as digits, for slugs and generated passwords.
#[must_use]
pub fn letters(count: usize) -> String {
    (0..count).map(|_| letter(bytes::<1>()[0])).collect()
}

/// One of these letters for each byte.
#[must_use]
pub fn letters_of(bytes: &[u8]) -> String {
    bytes.iter().copied().map(letter).collect()
}

fn letter(byte: u8) -> char {
    const ALPHABET: &[u8; 16] = b"abcdefghjkmnpqrs";
    char::from(ALPHABET[usize::from(byte % 16)])
}
