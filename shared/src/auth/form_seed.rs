//! What a form makes, known before it is sent: ids, and secrets such as an API key, recovery codes, a preview
//! link. A form that is sent twice makes one thing. Secrets are shown on the page that answers it, and are not
//! stored; the second answer is the one that is seen, so both must have the same secret.
//!
//! The sender of a form chooses the ULID in it, and can read the session in the cookie. So everything here
//! needs a key of the server: nobody knows an id before there is what it names. And what was ended is not made
//! again by the form that made it: its item stays until [`FormSeed`]s of that time are too old ([`until`]).

use aws_lc_rs::hmac;
use ulid::Ulid;

use crate::context::Context;
use crate::crypto::message::message;
use crate::http::problem::Problem;
use crate::model::{SessionId, Time};

/// For how long what a form made remembers it, in seconds: as long as a session lasts, and a day.
const LONGEST: i64 = 8 * 24 * 3600;

/// How far the clock that opened a form may be ahead, in seconds.
const AHEAD: i64 = 60;

/// For how long a form that was sent twice gets the secret again, in seconds: five minutes.
const AGAIN: i64 = 5 * 60;

/// What the ids and the secrets of one form are made from: the ULID that only the form has, its session, and a
/// key of the server. None of what is stored is enough to make them anew.
pub struct FormSeed {
    key: hmac::Key,
    opened: Time,
}

impl FormSeed {
    /// The seed of the form with this ULID.
    ///
    /// # Errors
    /// 422 for a form with a time that no open form has; 503 while the account secret cannot be read.
    pub async fn of(cx: &Context, session: &SessionId, once: &Ulid) -> Result<Self, Problem> {
        let opened = i64::try_from(once.timestamp_ms()).unwrap_or(i64::MAX);
        let age = cx.clock.now().as_millis().saturating_sub(opened);
        // Together as long as [`until`] says, whatever clock opened it.
        if !(-AHEAD * 1000..(LONGEST - AHEAD) * 1000).contains(&age) {
            return Err(too_old());
        }
        let key = &cx.secrets.account.get().await?.page_key;
        let parts = [session.as_str().as_bytes(), &once.to_bytes()];
        let tag = hmac::sign(key, &message("secret of a form", &parts));
        let key = hmac::Key::new(hmac::HMAC_SHA256, tag.as_ref());
        Ok(Self { key, opened: Time::from_millis(opened) })
    }

    /// When the form was opened.
    pub(super) fn opened(&self) -> Time {
        self.opened
    }

    /// The ULID of what the form makes, with the time at which it was opened; `what` keeps the things apart
    /// that one form makes.
    #[must_use]
    pub fn ulid(&self, what: &str) -> Ulid {
        let tag = hmac::sign(&self.key, &message("id", &[what.as_bytes()]));
        let random = tag.as_ref().first_chunk::<16>().expect("an HMAC-SHA-256 has 32 bytes");
        let opened = self.opened.as_millis().max(0).unsigned_abs();
        Ulid::from_parts(opened, u128::from_be_bytes(*random))
    }

    /// Bytes that nobody can tell from random ones, others for each purpose and number.
    pub(crate) fn bytes(&self, purpose: &str, number: u8) -> [u8; 32] {
        let tag = hmac::sign(&self.key, &message(purpose, &[&[number]]));
        *tag.as_ref().first_chunk().expect("an HMAC-SHA-256 has 32 bytes")
    }
}

/// Until when what ends now has to stay, so that no form makes it again.
#[must_use]
pub fn until(now: Time) -> Time {
    now.plus_seconds(LONGEST)
}

/// 422 on `once`, the field with the form's ULID: the form is too old to be taken.
#[must_use]
pub fn too_old() -> Problem {
    let message = "This page was open for too long. Load it again, and send the form anew.";
    Problem::invalid_field("once", "expired", message)
}

/// Whether what was made at this time is shown again.
pub(crate) fn is_shown_again(cx: &Context, made: Time) -> bool {
    made.plus_seconds(AGAIN) >= cx.clock.now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_forgotten_a_day_after_its_session_can_last() {
        let now: Time = "2026-01-05T09:00:00Z".parse().unwrap();
        assert_eq!(until(now).to_string(), "2026-01-13T09:00:00.000Z");
        assert_eq!(AGAIN, 300);
        let problem = too_old();
        assert_eq!(
            (problem.errors[0].pointer.as_str(), problem.errors[0].code.as_str()),
            ("/once", "expired")
        );
    }

    #[test]
    fn a_form_makes_other_things_for_each_purpose_and_number() {
        let seed = |secret: &[u8]| FormSeed {
            key: hmac::Key::new(hmac::HMAC_SHA256, secret),
            opened: Time::from_millis(1_767_603_600_000),
        };
        let (one, same, other) = (seed(b"one"), seed(b"one"), seed(b"other"));
        assert_eq!(one.ulid("key"), same.ulid("key"));
        assert_eq!(one.ulid("key").timestamp_ms(), 1_767_603_600_000);
        assert_eq!(one.opened(), one.opened);
        assert_ne!(one.ulid("key"), one.ulid("link"));
        assert_ne!(one.ulid("key"), other.ulid("key"));
        assert_eq!(one.bytes("key", 0), same.bytes("key", 0));
        assert_ne!(one.bytes("key", 0), one.bytes("key", 1));
        assert_ne!(one.bytes("key", 0), one.bytes("link", 0));
        assert_ne!(one.bytes("key", 0), other.bytes("key", 0));
    }
}
