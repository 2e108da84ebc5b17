//! The page for a form that was sent without a session. It keeps what was entered.

use byline_shared::Context;
use byline_shared::http::Response;
use http::StatusCode;
use maud::html;

use crate::answers::sign_in_path;
use crate::fields::Fields;
use crate::layout;

/// Keeps the fields of the form in the page, and sends them to `target` again after a sign-in in another
/// tab. They are then shown, not acted on: the new session has other form tokens.
pub(crate) fn page(cx: &Context, target: &str, form: &Fields) -> Response {
    let title = "You are signed out";
    layout::plain(
        cx,
        StatusCode::FORBIDDEN,
        title,
        &html! {
            h1 { (title) }
            p { "Nothing was changed. What you entered is kept on this page as long as you leave it open." }
            ol {
                li { a href=(sign_in_path("/desk", false)) target="_blank" rel="noopener" { "Sign in" } ", which opens in a new tab." }
                li { "Come back to this tab and continue. You can check everything before it is sent." }
            }
            form method="post" action=(target) {
                @for (name, value) in form.iter().filter(|(name, _)| is_kept(name)) {
                    input type="hidden" name=(name) value=(value);
                }
                button.button.go type="submit" { "Continue" }
            }
        },
    )
}

/// Whether a field stays in the page. Passwords and codes do not: they are entered again.
fn is_kept(name: &str) -> bool {
    !["form_token", "current_password", "new_password", "code"].contains(&name)
}
