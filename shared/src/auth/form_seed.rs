//! Secrets that a form makes: an API key, recovery codes, a preview link. They are shown on the page that
//! answers it, and are not stored. A form that is sent twice shows the second answer, so both answers must
//! have the same secret.

use aws_lc_rs::hmac;
use ulid::Ulid;

use crate::context::Context;
use crate::crypto::message::message;
use crate::http::problem::Problem;
use crate::model::{SessionId, Time};

/// How long a form can be open before it is sent, in seconds: as long as a session lasts, and a day.
pub const LONGEST: i64 = 8 * 24 * 3600;

/// For how long a form that was sent twice gets the secret again, in seconds: five minutes.
const AGAIN: i64 = 5 * 60;

/// What the secrets of one form are made from: the ULID that only the form has, its session, and a key of
/// the server. None of what is stored is enough to make them anew.
pub struct FormSeed {
    key: hmac::Key,
    opened: Time,
}

impl FormSeed {
    /// The seed of the form with this ULID.
    ///
    /// # Errors
    /// 503 while the account secret cannot be read.
    pub async fn of(cx: &Context, session: &SessionId, once: &Ulid) -> Result<Self, Problem> {
        let key = &cx.secrets.account.get().await?.page_key;
        let parts = [session.as_str().as_bytes(), &once.to_bytes()];
        let tag = hmac::sign(key, &message("secret of a form", &parts));
        let opened = i64::try_from(once.timestamp_ms()).unwrap_or(i64::MAX);
        let key = hmac::Key::new(hmac::HMAC_SHA256, tag.as_ref());
        Ok(Self { key, opened: Time::from_millis(opened) })
    }

    /// When the form was opened.
    pub(super) fn opened(&self) -> Time {
        self.opened
    }

    /// Bytes that nobody can tell from random ones, others for each purpose and number.
    pub(crate) fn bytes(&self, purpose: &str, number: u8) -> [u8; 32] {
        let tag = hmac::sign(&self.key, &message(purpose, &[&[number]]));
        *tag.as_ref().first_chunk().expect("an HMAC-SHA-256 has 32 bytes")
    }
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
