//! The page for a form that needs a sign-in first. It keeps what was entered.

use byline_shared::Context;
use byline_shared::http::Response;
use byline_shared::http::problem::{Code, Problem};
use http::StatusCode;
use maud::{Markup, html};

use crate::answers::{refusal, sign_in_path};
use crate::fields::Fields;
use crate::layout;

/// The longest that can be kept, in bytes: the longest text and the fields around it. In the page, each
/// character can take six times as many, and an answer has room for 6 MB.
const MAX_KEPT: usize = 512 * 1024;

/// For a form that was sent without a session. What was entered is sent to `target` again after a sign-in in
/// another tab. It is then shown, not acted on: the new session has other form tokens.
pub(crate) fn page(cx: &Context, target: &str, form: &Fields, has_files: bool) -> Response {
    let why = html! {
        p { "Nothing was changed. What you entered is kept on this page as long as you leave it open." }
        @if has_files { p { "Files cannot be kept: choose them again afterwards." } }
    };
    kept(cx, "You are signed out", &why, (target, false), form)
}

/// For a form that a script sent without a session.
pub(crate) fn told() -> Response {
    let detail = "You are signed out, and nothing was changed. Sign in in another tab, and load this page again.";
    refusal(StatusCode::FORBIDDEN.as_u16(), detail)
}

/// For a form that a script sent with the token of an older session.
pub(crate) fn told_again() -> Response {
    let detail = "You have signed in again since this page was opened, and nothing was changed. Load it again.";
    refusal(StatusCode::CONFLICT.as_u16(), detail)
}

/// For a form that was sent without a session from a page that shows the answer in a frame.
pub(crate) fn frame(cx: &Context) -> Response {
    let title = "You are signed out";
    let main = html! {
        div.padded {
            div.note {
                h2 { (title) }
                p { "Nothing is lost: what you wrote is still in the editor. Sign in in another tab, then come \
                     back and save." }
            }
        }
    };
    let mut response = layout::framed(cx, title, &main);
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}

/// For a form that needs a recent sign-in, of somebody whose sign-in is older. It is kept in the same way.
pub(crate) fn again(cx: &Context, target: &str, form: &Fields) -> Response {
    let why = html! {
        p { "This needs a sign-in of the last 15 minutes, so that nobody else does it at a computer that you \
             left open. Nothing was changed. What you entered is kept on this page as long as you leave it \
             open." }
        @if form.iter().any(|(name, value)| !value.is_empty() && SECRET.contains(&name)) {
            p { "Passwords and codes are not kept: enter them again afterwards." }
        }
    };
    kept(cx, "Please sign in again", &why, (target, true), form)
}

fn kept(
    cx: &Context,
    title: &str,
    why: &Markup,
    (target, again): (&str, bool),
    form: &Fields,
) -> Response {
    let fields: Vec<(&str, &str)> = form.iter().filter(|(name, _)| is_kept(name)).collect();
    let size: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > MAX_KEPT {
        let detail = "You have to sign in first, and the form is too long to be kept here. Sign in in another \
                      tab, and then send the form again.";
        return layout::failed(cx, Problem::new(Code::PayloadTooLarge, detail));
    }
    let main = html! {
        h1 { (title) }
        (why)
        ol {
            li { a href=(sign_in_path("/desk", again)) target="_blank" rel="noopener" { "Sign in" } ", which opens in a new tab." }
            li { "Come back to this tab and continue. You can check everything before it is sent." }
        }
        form method="post" action=(target) {
            @for (name, value) in fields {
                input type="hidden" name=(name) value=(value);
            }
            button.button.go type="submit" { "Continue" }
        }
    };
    layout::plain(cx, StatusCode::FORBIDDEN, title, &main)
}

/// What does not stay in the page: it is entered again.
const SECRET: [&str; 4] = ["current_password", "new_password", "password", "code"];

fn is_kept(name: &str) -> bool {
    name != "form_token" && !SECRET.contains(&name)
}
