//! What browsers and authenticators answer, and the checks that registering and signing in share.

use aws_lc_rs::digest::{SHA256, digest};
use serde::Deserialize;

use super::public_key::PublicKey;
use super::refusal::Refusal;
use super::relying_party::RelyingParty;

/// The longest credential id, in bytes (WebAuthn §4, "Credential ID").
const MAX_ID: usize = 1023;

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const HAS_CREDENTIAL: u8 = 0x40;
const HAS_EXTENSIONS: u8 = 0x80;

/// What a browser says that it asked an authenticator for (WebAuthn §5.8.1).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientData {
    #[serde(rename = "type")]
    purpose: String,
    /// The challenge, in base64url.
    pub(super) challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: Option<bool>,
    #[serde(default)]
    top_origin: Option<String>,
}

impl ClientData {
    /// Reads it, and checks that a page of ours asked, in no frame of another site.
    pub(super) fn read(json: &[u8], purpose: &str, party: &RelyingParty) -> Result<Self, Refusal> {
        let data: Self = serde_json::from_slice(json).map_err(|_| Refusal::Unreadable)?;
        if data.purpose != purpose {
            return Err(Refusal::Purpose);
        }
        let is_framed = data.cross_origin == Some(true) || data.top_origin.is_some();
        if data.origin != party.origin || is_framed {
            return Err(Refusal::Origin);
        }
        Ok(data)
    }
}

/// What an authenticator says (WebAuthn §6.1).
pub(super) struct AuthenticatorData<'b> {
    /// How often it has signed; 0 where it does not count.
    pub(super) sign_count: u32,
    /// Whether its owner can have it on several devices.
    pub(super) is_synced: bool,
    flags: u8,
    rest: &'b [u8],
}

impl<'b> AuthenticatorData<'b> {
    /// Reads it, and checks that it is for this site and that its owner unlocked it.
    pub(super) fn read(bytes: &'b [u8], party: &RelyingParty) -> Result<Self, Refusal> {
        let (site, rest) = bytes.split_first_chunk::<32>().ok_or(Refusal::Unreadable)?;
        let (flags, rest) = rest.split_first().ok_or(Refusal::Unreadable)?;
        let (sign_count, rest) = rest.split_first_chunk::<4>().ok_or(Refusal::Unreadable)?;
        if site[..] != *digest(&SHA256, party.id.as_bytes()).as_ref() {
            return Err(Refusal::Site);
        }
        let has = |flag: u8| flags & flag != 0;
        if !has(USER_PRESENT) || !has(USER_VERIFIED) {
            return Err(Refusal::Unverified);
        }
        // What is copied can be copied, and nothing follows that was not announced.
        let is_odd = has(BACKED_UP) && !has(BACKUP_ELIGIBLE);
        let has_more = has(HAS_CREDENTIAL) || has(HAS_EXTENSIONS);
        if is_odd || !has_more && !rest.is_empty() {
            return Err(Refusal::Unreadable);
        }
        let sign_count = u32::from_be_bytes(*sign_count);
        Ok(Self { sign_count, is_synced: has(BACKUP_ELIGIBLE), flags: *flags, rest })
    }

    /// The id and the public key of a new passkey (WebAuthn §6.5.2).
    pub(super) fn credential(&self) -> Result<(&'b [u8], &'b [u8]), Refusal> {
        if self.flags & HAS_CREDENTIAL == 0 {
            return Err(Refusal::Unreadable);
        }
        let parts = || {
            let (_make, rest) = self.rest.split_first_chunk::<16>()?;
            let (length, rest) = rest.split_first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (id, rest) = rest.split_at_checked(length)?;
            (1..=MAX_ID).contains(&length).then_some((id, rest))
        };
        let (id, rest) = parts().ok_or(Refusal::Unreadable)?;
        let (_, length) = PublicKey::read(rest).ok_or(Refusal::Key)?;
        let (key, extensions) = rest.split_at(length);
        if self.flags & HAS_EXTENSIONS == 0 && !extensions.is_empty() {
            return Err(Refusal::Unreadable);
        }
        Ok((id, key))
    }
}

/// What a passkey signs: both sides' data (WebAuthn §7.2, step 20).
pub(super) fn signed(authenticator_data: &[u8], client_data: &[u8]) -> Vec<u8> {
    [authenticator_data, digest(&SHA256, client_data).as_ref()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party() -> RelyingParty {
        RelyingParty { id: "a.example".to_owned(), origin: "https://a.example".to_owned() }
    }

    /// What an authenticator says, with a counter of 258.
    fn said(flags: u8, rest: &[u8]) -> Vec<u8> {
        let site = digest(&SHA256, b"a.example");
        [site.as_ref(), &[flags, 0, 0, 1, 2], rest].concat()
    }

    #[test]
    fn a_page_of_this_site_asked_for_this() {
        let json = |more: &str| {
            let start = r#"{"type":"webauthn.get","challenge":"c","origin":"https://a.example""#;
            format!("{start}{more}}}")
        };
        let read = |json: &str, purpose: &str| {
            ClientData::read(json.as_bytes(), purpose, &party()).map(|data| data.challenge)
        };
        for more in ["", r#","crossOrigin":false"#, r#","crossOrigin":null,"other":1"#] {
            assert_eq!(read(&json(more), "webauthn.get").as_deref(), Ok("c"), "{more}");
        }
        for more in [
            r#","crossOrigin":true"#,
            r#","topOrigin":"https://a.example""#,
            r#","crossOrigin":false,"topOrigin":"https://b.example""#,
        ] {
            assert_eq!(read(&json(more), "webauthn.get"), Err(Refusal::Origin), "{more}");
        }
        let elsewhere = json("").replace("a.example", "b.example");
        assert_eq!(read(&elsewhere, "webauthn.get"), Err(Refusal::Origin));
        assert_eq!(read(&json(""), "webauthn.create"), Err(Refusal::Purpose));
        assert_eq!(read("[]", "webauthn.get"), Err(Refusal::Unreadable));
    }

    #[test]
    fn an_authenticator_says_that_its_owner_unlocked_it_and_nothing_odd() {
        let read = |flags: u8, rest: &[u8]| {
            let bytes = said(flags, rest);
            let data = AuthenticatorData::read(&bytes, &party())?;
            Ok((data.sign_count, data.is_synced))
        };
        for (flags, rest, expected) in [
            (0x05, &b""[..], Ok((258, false))),
            (0x0d, b"", Ok((258, true))),
            (0x1d, b"", Ok((258, true))),
            // Copied, and not to be copied.
            (0x15, b"", Err(Refusal::Unreadable)),
            (0x00, b"", Err(Refusal::Unverified)),
            (0x01, b"", Err(Refusal::Unverified)),
            (0x04, b"", Err(Refusal::Unverified)),
            (0x05, b"more", Err(Refusal::Unreadable)),
            (0x45, b"more", Ok((258, false))),
            (0x85, b"more", Ok((258, false))),
            (0xc5, b"more", Ok((258, false))),
        ] {
            assert_eq!(read(flags, rest), expected, "{flags:#x} {rest:?}");
        }
        let bytes = said(0x05, b"");
        let of = |bytes: &[u8], id: &str| {
            let party = RelyingParty { id: id.to_owned(), ..party() };
            AuthenticatorData::read(bytes, &party).map(|data| data.sign_count)
        };
        assert_eq!(of(&bytes, "b.example"), Err(Refusal::Site));
        for length in 0..bytes.len() {
            assert_eq!(of(&bytes[..length], "a.example"), Err(Refusal::Unreadable), "{length}");
        }
    }

    #[test]
    fn a_new_passkey_has_an_id_and_a_key_and_what_was_announced() {
        use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
        let pair = Ed25519KeyPair::generate().unwrap();
        let head = [0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20];
        let key = [&head[..], pair.public_key().as_ref()].concat();
        let new = |flags: u8, length: usize, more: &[u8]| {
            let count = u16::try_from(length).unwrap().to_be_bytes();
            let rest = [&[7; 16][..], &count, &vec![9; length], &key, more].concat();
            let bytes = said(flags, &rest);
            let data = AuthenticatorData::read(&bytes, &party()).map_err(|_| Refusal::Site)?;
            data.credential().map(|(id, key)| (id.len(), key.to_vec()))
        };
        for length in [1, MAX_ID] {
            assert_eq!(new(0x45, length, b""), Ok((length, key.clone())));
        }
        for length in [0, MAX_ID + 1] {
            assert_eq!(new(0x45, length, b""), Err(Refusal::Unreadable), "{length}");
        }
        assert_eq!(new(0x45, 1, b"more"), Err(Refusal::Unreadable));
        assert_eq!(new(0xc5, 1, b"more"), Ok((1, key.clone())));
        assert_eq!(new(0x85, 1, b""), Err(Refusal::Unreadable), "no passkey was announced");
        let other = said(0x45, &[&[7; 16][..], &[0, 1, 9], b"no key"].concat());
        let other = AuthenticatorData::read(&other, &party()).ok().unwrap();
        assert_eq!(other.credential(), Err(Refusal::Key));
        assert_eq!(MAX_ID, 1023);
    }
}
