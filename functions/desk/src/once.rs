//! Ids of what a form makes, known before it is sent: a form that is sent twice makes it once.
//!
//! The form carries a ULID. The id has its time, so that it sorts as the moment at which the form was
//! opened; the rest is a digest over it and the session, so that nobody can choose an id. Secrets that a form
//! makes come from the same ULID ([`seed`]).

use aws_lc_rs::digest::{SHA256, digest};
use byline_shared::Context;
use byline_shared::auth::form_seed::{self, FormSeed, LONGEST};
use byline_shared::crypto::random;
use byline_shared::http::problem::Problem;
use byline_shared::model::Time;
use maud::{Markup, html};
use ulid::Ulid;

use crate::visit::Visit;

/// The name of the field.
const NAME: &str = "once";

/// The hidden field of a form that makes something.
pub(crate) fn field(now: Time) -> Markup {
    let random = u128::from_be_bytes(random::bytes());
    let ulid = Ulid::from_parts(now.as_millis().max(0).unsigned_abs(), random);
    html! { input type="hidden" name=(NAME) value=(ulid); }
}

/// The ULID of what the form makes; `what` keeps the things apart that one form makes.
///
/// # Errors
/// 422 for a form without the field, or with a time that no open form has.
pub(crate) fn ulid(visit: &Visit, what: &str, now: Time) -> Result<Ulid, Problem> {
    let ulid = sent(visit, now)?;
    let seed = format!("{what}\n{}\n{ulid}", visit.session.id);
    let digest = digest(&SHA256, seed.as_bytes());
    let bytes = digest.as_ref().first_chunk::<16>().expect("a SHA-256 has 32 bytes");
    Ok(Ulid::from_parts(ulid.timestamp_ms(), u128::from_be_bytes(*bytes)))
}

/// What the secrets of the form are made from.
///
/// # Errors
/// As [`ulid`]; 503 while the account secret cannot be read.
pub(crate) async fn seed(cx: &Context, visit: &Visit) -> Result<FormSeed, Problem> {
    let ulid = sent(visit, cx.clock.now())?;
    FormSeed::of(cx, &visit.session.id, &ulid).await
}

/// The ULID that the form carries.
fn sent(visit: &Visit, now: Time) -> Result<Ulid, Problem> {
    let sent = visit.form.text(NAME);
    let age = |ulid: &Ulid| {
        let made = i64::try_from(ulid.timestamp_ms()).unwrap_or(i64::MAX);
        now.as_millis().saturating_sub(made)
    };
    let ulid =
        Ulid::from_string(sent).ok().filter(|ulid| (-60_000..=LONGEST * 1000).contains(&age(ulid)));
    ulid.ok_or_else(form_seed::too_old)
}
