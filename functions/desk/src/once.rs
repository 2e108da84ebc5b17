//! What a form makes, known before it is sent: a form that is sent twice makes it once.
//!
//! The form carries a ULID. Ids have its time, so that they sort as the moment at which the form was opened;
//! the rest, and every secret, comes from it, the session and a key of the server ([`FormSeed`]): nobody can
//! choose or foresee an id.

use byline_shared::Context;
use byline_shared::auth::form_seed::{self, FormSeed};
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

/// The same field as it was sent: of a form that may have done its work though its answer was a failure.
pub(crate) fn same_field(visit: &Visit) -> Markup {
    html! { input type="hidden" name=(NAME) value=(visit.form.text(NAME)); }
}

/// The ULID of what the form makes; `what` keeps the things apart that one form makes.
///
/// # Errors
/// As [`seed`].
pub(crate) async fn ulid(cx: &Context, visit: &Visit, what: &str) -> Result<Ulid, Problem> {
    Ok(seed(cx, visit).await?.ulid(what))
}

/// What the ids and the secrets of the form are made from.
///
/// # Errors
/// 422 for a form without the field, or with a time that no open form has; 503 while the account secret
/// cannot be read.
pub(crate) async fn seed(cx: &Context, visit: &Visit) -> Result<FormSeed, Problem> {
    let once = Ulid::from_string(visit.form.text(NAME)).map_err(|_| form_seed::too_old())?;
    FormSeed::of(cx, &visit.session.id, &once).await
}
