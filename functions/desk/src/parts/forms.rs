//! What every form carries.

use maud::{Markup, html};

use crate::visit::Visit;

/// The token against forged forms: the first field of every form.
pub(crate) fn token(visit: &Visit) -> Markup {
    html! { input type="hidden" name="form_token" value=(visit.form_token); }
}
