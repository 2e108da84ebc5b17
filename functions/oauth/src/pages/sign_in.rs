//! The pages to sign in on: with the password, or with a code by e-mail.

use byline_shared::auth::sign_in_fault::Fault;
use byline_shared::http::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::{Page, document, hidden};

fn alert(fault: Option<&Fault>) -> Markup {
    html! {
        @if let Some(fault) = fault {
            div.fault role="alert" tabindex="-1" {
                h2 #fault-title { (fault.title) }
                p #fault { (fault.text) }
                @if let Some(field) = fault.fields.first() {
                    p { a href={ "#" (field) } { "Go to the field" } }
                }
            }
        }
    }
}

/// The title of the document, which screen readers say first.
fn heading(fault: Option<&Fault>, title: &str) -> String {
    fault.map_or_else(|| title.to_owned(), |fault| format!("{}: {title}", fault.title))
}

/// The page to sign in with the password.
pub(crate) fn sign_in(page: &Page<'_>, fault: Option<&Fault>) -> Response {
    let title = format!("Sign in to {}", page.site);
    let wrong = |field: &str| fault.is_some_and(|fault| fault.fields.contains(&field));
    let invalid = |field: &str| wrong(field).then_some("true");
    let describes = |field: &str| wrong(field).then_some("fault");
    let heading = heading(fault, &title);
    let email = page.form.get("email").unwrap_or_default();
    document(
        StatusCode::OK,
        &heading,
        &html! {
            h1 { (title) }
            p { strong { (page.request.client.name) } " asks for access to your account. Sign in to see what it wants to do." }
            (alert(fault))
            form method="post" action="/oauth/authorize" {
                (hidden(page, "sign_in"))
                label for="email" { "E-mail address" }
                input #email type="email" name="email" value=(email) autocomplete="username"
                    required maxlength="254" aria-invalid=[invalid("email")]
                    aria-describedby=[describes("email")];
                label for="password" { "Password" }
                input #password type="password" name="password" autocomplete="current-password"
                    required maxlength="256" aria-invalid=[invalid("password")]
                    aria-describedby=[describes("password")];
                label for="code" { "Authenticator or recovery code" }
                p.hint #code-hint { "Only if your account uses one-time codes." }
                input #code type="text" name="code" autocomplete="one-time-code" maxlength="64"
                    aria-invalid=[invalid("code")]
                    aria-describedby=(if wrong("code") { "fault code-hint" } else { "code-hint" });
                button.primary.wide type="submit" { "Sign in" }
                // The same form without its password; the browser does not ask for one.
                button.wide type="submit" name="by" value="mail" formnovalidate { "Send me a code by e-mail instead" }
            }
            @if page.passkeys {
                p.hint {
                    "To use a passkey, "
                    a href="/desk/sign-in" target="_blank" rel="noopener" { "sign in at the Desk" }
                    ", which opens in a new tab. Then load this page again."
                }
            }
        },
    )
}

/// The page to enter the code of a mail on. It looks the same whether or not there is an account.
pub(crate) fn mail_code(page: &Page<'_>, fault: Option<&Fault>) -> Response {
    let title = "Check your inbox";
    let wrong = |field: &str| fault.is_some_and(|fault| fault.fields.contains(&field));
    let invalid = |field: &str| wrong(field).then_some("true");
    let is_sent = fault.is_none_or(Fault::is_about_sign_in);
    let heading = heading(fault, title);
    document(
        StatusCode::OK,
        &heading,
        &html! {
            h1 { (title) }
            @if is_sent {
                p { "If there is an account at " (page.site) " for the address, a code to sign in with is on its way. It works once, within 15 minutes." }
            }
            (alert(fault))
            form method="post" action="/oauth/authorize" {
                (hidden(page, "mail_code"))
                label for="mail-code" { "Code from the e-mail" }
                input #mail-code type="text" name="mail_code" autocomplete="one-time-code"
                    autocapitalize="none" spellcheck="false" required maxlength="64"
                    aria-invalid=[invalid("mail-code")]
                    aria-describedby=[wrong("mail-code").then_some("fault")];
                label for="code" { "Authenticator or recovery code" }
                p.hint #code-hint { "Only if your account uses one-time codes." }
                input #code type="text" name="code" autocomplete="off" maxlength="64"
                    aria-invalid=[invalid("code")]
                    aria-describedby=(if wrong("code") { "fault code-hint" } else { "code-hint" });
                button.primary.wide type="submit" { "Sign in" }
            }
            p { a href=(page.again) { "Start again" } }
        },
    )
}
