//! The public keys of passkeys, in the form that authenticators send (COSE, RFC 9052 §7).
//!
//! WebAuthn §6.5.1 requires the canonical CBOR of CTAP2, so a key of each kind has one spelling. It is
//! compared byte by byte; there is no CBOR parser that could be misled.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};

/// `{1: 2, 3: -7, -1: 1, -2:` and the head of 32 bytes: ECDSA on P-256 with SHA-256.
const ES256: [u8; 10] = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
/// `-3:` and the head of 32 bytes.
const ES256_Y: [u8; 3] = [0x22, 0x58, 0x20];
/// `{1: 1, 3: -8, -1: 6, -2:` and the head of 32 bytes: Ed25519.
const EDDSA: [u8; 10] = [0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20];
/// `{1: 3, 3: -257, -1:` and the head of a text of bytes whose length takes two: RSA with SHA-256.
const RS256: [u8; 9] = [0xa4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, 0x59];
/// `-2: 65537`, the exponent of every such key.
const RS256_E: [u8; 5] = [0x21, 0x43, 0x01, 0x00, 0x01];

/// The kinds that are asked for, the best first, by their numbers in the COSE registry. Windows Hello may
/// have RSA alone.
pub(super) const ALGORITHMS: [i32; 3] = [-7, -8, -257];

/// A key that has been read.
pub(super) struct PublicKey(ParsedPublicKey);

impl PublicKey {
    /// Reads the key at the beginning. Returns also how long it is; `None` for another kind of key, and for
    /// one that cannot be.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let (key, rest) = read(bytes)?;
        Some((Self(key), bytes.len() - rest.len()))
    }

    /// Whether the signature over the message was made with its private half.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify_sig(message, signature).is_ok()
    }
}

fn read(bytes: &[u8]) -> Option<(ParsedPublicKey, &[u8])> {
    if let Some(rest) = bytes.strip_prefix(&ES256) {
        let (x, rest) = rest.split_first_chunk::<32>()?;
        let (y, rest) = rest.strip_prefix(&ES256_Y)?.split_first_chunk::<32>()?;
        let point = [&[0x04], &x[..], &y[..]].concat();
        return Some((ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).ok()?, rest));
    }
    if let Some(rest) = bytes.strip_prefix(&EDDSA) {
        let (key, rest) = rest.split_first_chunk::<32>()?;
        return Some((ParsedPublicKey::new(&ED25519, key).ok()?, rest));
    }
    let (length, rest) = bytes.strip_prefix(&RS256)?.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    if !(256..=512).contains(&length) {
        return None;
    }
    let (n, rest) = rest.split_at_checked(length)?;
    let rest = rest.strip_prefix(&RS256_E)?;
    let key = RsaPublicKeyComponents { n, e: &RS256_E[2..] };
    Some((key.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    };

    use super::*;

    /// Holds a key to check its own signatures, and to be refused if any byte of its head is another.
    fn checks(spelling: &[u8], signature: &[u8]) {
        let more = [spelling, b"more"].concat();
        let (key, length) = PublicKey::read(&more).unwrap();
        assert_eq!(length, spelling.len());
        assert!(key.has_signed(b"words", signature));
        assert!(!key.has_signed(b"other words", signature));
        assert!(!key.has_signed(b"words", &signature[1..]));
        assert!(!key.has_signed(b"words", b""));
        for at in 0..RS256.len() {
            let mut other = spelling.to_vec();
            other[at] ^= 1;
            assert!(PublicKey::read(&other).is_none(), "byte {at}");
        }
        for length in 0..spelling.len() {
            assert!(PublicKey::read(&spelling[..length]).is_none(), "{length} bytes");
        }
    }

    #[test]
    fn keys_of_the_kinds_that_are_asked_for_are_read() {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let point = key.public_key().as_ref();
        let spelling = [&ES256[..], &point[1..33], &ES256_Y, &point[33..]].concat();
        checks(&spelling, key.sign(&random, b"words").unwrap().as_ref());
        // No point of the curve.
        let nowhere = [&ES256[..], &[7; 32], &ES256_Y, &[7; 32]].concat();
        assert!(PublicKey::read(&nowhere).is_none());

        let key = Ed25519KeyPair::generate().unwrap();
        let spelling = [&EDDSA[..], key.public_key().as_ref()].concat();
        checks(&spelling, key.sign(b"words").as_ref());

        let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        // In the DER of PKCS #1, the modulus follows the heads of the sequence and of the number.
        let n = &key.public_key().as_ref()[9..265];
        let spelling = [&RS256[..], &256_u16.to_be_bytes(), n, &RS256_E].concat();
        let mut signature = [0; 256];
        key.sign(&RSA_PKCS1_SHA256, &random, b"words", &mut signature).unwrap();
        checks(&spelling, &signature);
    }

    #[test]
    fn the_kinds_are_asked_for_by_their_numbers() {
        assert_eq!(ALGORITHMS, [-7, -8, -257]);
    }
}
