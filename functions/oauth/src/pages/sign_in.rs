//! The pages to sign in on: with the password, or with a code by e-mail.

use byline_shared::http::Response;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::oauth::Form;
use http::StatusCode;
use maud::{Markup, html};

use super::{Page, document, hidden};

/// Why a sign-in failed.
pub(crate) struct Fault {
    /// What did not happen.
    title: &'static str,
    /// The ids of the fields to correct.
    fields: &'static [&'static str],
    text: String,
}

/// The heading where the user is not signed in.
const NOT_SIGNED_IN: &str = "Sign-in failed";

impl Fault {
    /// The message for a request for a mailed code, which needs the address alone.
    pub(crate) fn with_mail_request(problem: &Problem) -> Self {
        let fields: &[&str] = match problem.code {
            Code::TooManyRequests => &[],
            _ => &["email"],
        };
        Self { title: "No code was sent", fields, text: problem.detail.clone() }
    }

    /// The message for a problem with the password's form, and the fields that it is about.
    pub(crate) fn with_password(problem: &Problem, form: &Form) -> Self {
        match problem.code {
            Code::SecondFactorRequired => {
                let text = if has_code(form) {
                    "The code is wrong or has already been used. Enter your password again, with \
                     the next code from your authenticator app or another recovery code."
                } else {
                    "This account uses one-time codes. Enter your password again, with the one-time \
                     code from your authenticator app or a recovery code."
                };
                Self { title: NOT_SIGNED_IN, fields: &["code"], text: text.to_owned() }
            }
            Code::TooManyRequests => {
                Self { title: NOT_SIGNED_IN, fields: &[], text: problem.detail.clone() }
            }
            // Both fields are marked: the page does not tell which of the two was wrong.
            _ => {
                let text = problem.detail.clone();
                Self { title: NOT_SIGNED_IN, fields: &["email", "password"], text }
            }
        }
    }

    /// The same for the form of the mailed code.
    pub(crate) fn with_mail_code(problem: &Problem, form: &Form) -> Self {
        match problem.code {
            Code::SecondFactorRequired => {
                let text = if has_code(form) {
                    "The one-time code is wrong or has already been used. Enter the code from the \
                     e-mail again, with the next code from your authenticator app or another \
                     recovery code."
                } else {
                    "This account uses one-time codes. Enter the code from the e-mail again, with the \
                     one-time code from your authenticator app or a recovery code."
                };
                Self { title: NOT_SIGNED_IN, fields: &["code"], text: text.to_owned() }
            }
            Code::TooManyRequests => {
                Self { title: NOT_SIGNED_IN, fields: &[], text: problem.detail.clone() }
            }
            _ => {
                let text = "The code has expired, has already been used, or is not complete. Check \
                            the newest e-mail, or start again for another code.";
                Self { title: NOT_SIGNED_IN, fields: &["mail-code"], text: text.to_owned() }
            }
        }
    }
}

fn has_code(form: &Form) -> bool {
    form.get("code").is_some_and(|code| !code.trim().is_empty())
}

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
        },
    )
}

/// The page to enter the code of a mail on. It looks the same whether or not there is an account.
pub(crate) fn mail_code(page: &Page<'_>, fault: Option<&Fault>) -> Response {
    let title = "Check your inbox";
    let wrong = |field: &str| fault.is_some_and(|fault| fault.fields.contains(&field));
    let invalid = |field: &str| wrong(field).then_some("true");
    let is_sent = fault.is_none_or(|fault| fault.title == NOT_SIGNED_IN);
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
