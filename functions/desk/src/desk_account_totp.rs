//! `/desk/account/one-time-codes`: turns one-time codes on and off. The secret and the recovery codes are on
//! the page that answers the form, and on no other.

use byline_shared::auth::two_factor::{self, Enrolment};
use byline_shared::auth::{audit, limits};
use byline_shared::http::Response;
use byline_shared::model::{Secret, Time};
use byline_shared::prelude::*;
use maud::{Markup, PreEscaped, html};

use crate::account::{self, Part, question};
use crate::answers::done;
use crate::notice::Done;
use crate::once;
use crate::open::is_theirs;
use crate::page::{self, Page, recent_sign_in};
use crate::parts::{self, Field, Kind};
use crate::typed;
use crate::visit::Visit;

/// One-time codes.
pub struct AccountTotp;

/// The operation.
pub const OPERATION: Operation = page::operation::<AccountTotp>(module_path!());

impl Page for AccountTotp {
    const NAME: &'static str = "desk-account-totp";
    const PATH: &'static str = "/desk/account/one-time-codes";
    const SUMMARY: &'static str = "Turn one-time codes on or off";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem]),
        Permission::AccountSecret,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const DONE: &'static [Done] = &[Done::CodesElsewhere, Done::CodesOff];

    type Needs = scope::Profile;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        if let Some(response) = recent_sign_in(cx, visit) {
            return Ok(response);
        }
        let now = cx.clock.now();
        let is_on = visit.caller.user.two_factor;
        let main = if !account::is_recent(cx, visit) {
            state(is_on, &account::sign_in_again(Part::Codes, "Turning one-time codes on or off"))
        } else if is_on && (visit.query.has("off") || visit.form.text("step") == "off") {
            return Ok(ask(cx, visit));
        } else if is_on {
            let off = html! {
                p.row { a.button href="/desk/account/one-time-codes?off=1" { "Turn them off" } }
            };
            state(true, &off)
        } else if visit.form.text("step") == "confirm" {
            // The secret is in the app already: a new one would make its codes worthless.
            state(false, &code_form(now, visit, None))
        } else {
            beginning(now, visit)
        };
        Ok(account::page(cx, visit, Part::Codes, None, &main))
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        if let Some(response) = recent_sign_in(cx, visit) {
            return Ok(response);
        }
        let outcome = match visit.form.text("step") {
            "off" => {
                two_factor::turn_off(cx, &visit.caller.user).await?;
                return Ok(done(Self::PATH, Done::CodesOff));
            }
            "confirm" => confirm(cx, visit).await,
            _ => enrol(cx, visit).await,
        };
        match outcome {
            Ok(main) => Ok(account::page(cx, visit, Part::Codes, None, &main)),
            // Another window has set it up, or has begun again.
            Err(problem) if problem.code == Code::EditConflict => {
                Ok(done(Self::PATH, Done::CodesElsewhere))
            }
            Err(problem) if is_theirs(&problem) => {
                let now = cx.clock.now();
                let main = match visit.form.text("step") {
                    "confirm" => state(false, &code_form(now, visit, Some(&problem))),
                    _ => beginning(now, visit),
                };
                Ok(account::page(cx, visit, Part::Codes, Some(&problem), &main))
            }
            Err(problem) => Err(problem),
        }
    }
}

fn beginning(now: Time, visit: &Visit) -> Markup {
    state(false, &step(now, visit, "enrol", &html! {}, "Set up one-time codes"))
}

async fn enrol(cx: &Context, visit: &Visit) -> Result<Markup, Problem> {
    let seed = once::seed(cx, visit).await?;
    let made = two_factor::enrol(cx, &visit.caller.user.id, Some(&seed)).await?;
    Ok(enrolled(cx.clock.now(), visit, &made))
}

async fn confirm(cx: &Context, visit: &Visit) -> Result<Markup, Problem> {
    let code: Secret = typed::line(&visit.form, "code")?;
    visit.count(cx, &limits::CONFIRM_ACCOUNT).await?;
    let seed = once::seed(cx, visit).await?;
    let codes = two_factor::confirm(cx, &visit.caller.user.id, &code, Some(&seed)).await?;
    Ok(recovery(&codes))
}

/// Whether they are on, and what can be done about it.
fn state(is_on: bool, next: &Markup) -> Markup {
    html! {
        section.sheet {
            header {
                h2 { "One-time codes" }
                (parts::badge(if is_on { parts::Tone::Live } else { parts::Tone::Plain }, if is_on { "On" } else { "Off" }))
            }
            div.padded.stack {
                @if is_on {
                    p { "Every sign-in needs a code from your authenticator app, or a recovery code." }
                } @else {
                    p { "With one-time codes, a sign-in needs your password and a code from an app on your \
                         phone. Somebody who learns your password cannot get in with it." }
                }
                (next)
            }
        }
    }
}

/// A form with one button.
fn step(now: Time, visit: &Visit, step: &str, fields: &Markup, button: &str) -> Markup {
    html! {
        form.form method="post" action="/desk/account/one-time-codes" {
            (parts::token(visit))
            (once::field(now))
            (fields)
            div.row { button.button.go type="submit" name="step" value=(step) { (button) } }
        }
    }
}

fn enrolled(now: Time, visit: &Visit, made: &Enrolment) -> Markup {
    html! {
        section.sheet {
            header { h2 { "Set up your authenticator app" } }
            div.padded.stack {
                p { "Scan the picture with the app. On this device, "
                    a href=(made.otpauth_uri) { "open the app" } " instead, or enter the secret by hand:" }
                // Our own drawing: no part of it is text from anywhere.
                div.qr role="img" aria-label="QR code with the secret below" { (PreEscaped(made.qr_svg.as_str())) }
                p.once { code #secret { (made.secret) } }
                (code_form(now, visit, None))
            }
        }
    }
}

fn code_form(now: Time, visit: &Visit, problem: Option<&Problem>) -> Markup {
    let field = parts::field(Field {
        name: "code",
        label: "Code from the app",
        hint: Some("Six digits. One-time codes are on once you have entered one."),
        kind: Kind::Code,
        required: true,
        max: Some(64),
        fault: parts::fault(problem, "code"),
        ..Field::default()
    });
    html! {
        (step(now, visit, "confirm", &field, "Turn one-time codes on"))
        @if problem.is_some() {
            p { a href="/desk/account/one-time-codes" { "Start again with a new secret" } }
        }
    }
}

fn recovery(codes: &[String]) -> Markup {
    html! {
        section.sheet {
            header { h2 { "One-time codes are on. Keep these recovery codes" } }
            div.padded.stack {
                p { "Each works for one sign-in without the app. They are not shown again: print them, or put \
                     them into a password manager." }
                ol.recovery {
                    @for code in codes {
                        li { code { (code) } }
                    }
                }
                p.row { a.button.go href="/desk/account/one-time-codes" { "I have kept them" } }
            }
        }
    }
}

fn ask(cx: &Context, visit: &Visit) -> Response {
    let main = html! {
        p { "From then on your password alone signs in. The secret in your app and the recovery codes stop \
             working." }
    };
    let words = ("Turn one-time codes off?", "Turn one-time codes off");
    question(cx, visit, Part::Codes, words, &main, &[("step", "off")])
}
