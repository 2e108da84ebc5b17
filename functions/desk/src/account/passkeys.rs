//! Passkeys as a person sees them, and the form that a script sends with the answer of one.

use byline_shared::Context;
use byline_shared::auth::passkeys::RelyingParty;
use byline_shared::store::passkeys::PasskeyItem;
use maud::{Markup, html};

use crate::assets;
use crate::parts::{self, Field};
use crate::visit::Visit;

/// The form at `path` for the answer of a passkey. `call` is what the script asks the browser for: `get` a
/// passkey that is there, or `create` one. It is hidden until the script has found that this can work.
pub(crate) fn form(
    cx: &Context,
    path: &str,
    call: &str,
    fields: &Markup,
    button: &Markup,
) -> Markup {
    let Some(party) = RelyingParty::of(&cx.config.public_url) else { return html! {} };
    let there = format!("{}{path}", party.origin);
    // A page without scripts does not know where it was opened.
    let is_elsewhere = !cx.config.public_url.starts_with(&party.origin);
    html! {
        div.stack {
            form.form #passkey hidden method="post" action=(path) data-call=(call) data-origin=(party.origin) {
                (fields)
                input type="hidden" name="passkey";
                p.fault hidden role="alert" {}
                (button)
            }
            p.note hidden role="note" {
                "Passkeys do not work at this address. To use them, open " a href=(there) { (there) } "."
                @if call == "create" { " You sign in again there: it is another site to your browser." }
            }
            noscript {
                p.quiet {
                    "Passkeys need scripts. Turn scripts on for this site to use them."
                    @if is_elsewhere { " They work only at " a href=(there) { (there) } "." }
                }
            }
        }
        (assets::scripts(&["passkey.js"]))
    }
}

/// The fields and the button for a new passkey. Its name is suggested by the browser that adds it.
pub(crate) fn new(cx: &Context, visit: &Visit, fault: Option<&str>) -> (Markup, Markup) {
    let suggested = parts::device(cx.request.user_agent.as_deref());
    let fields = html! {
        (parts::token(visit))
        input type="hidden" name="step" value="add";
        (parts::field(Field {
            name: "name",
            label: "Name of the passkey",
            value: visit.form.get("name").unwrap_or(&suggested),
            hint: Some("Where you keep it: \u{201c}My phone\u{201d}, \u{201c}Blue security key\u{201d}."),
            required: true,
            max: Some(100),
            fault,
            ..Field::default()
        }))
    };
    (fields, html! { div.row { button.button.go type="submit" { "Add a passkey" } } })
}

/// The passkeys, each with the way to remove it.
pub(crate) fn list(now: &parts::Now, passkeys: &[PasskeyItem]) -> Markup {
    html! {
        ul.list {
            @for passkey in passkeys {
                li {
                    div.main {
                        p.name { (passkey.name) }
                        (facts(now, passkey))
                    }
                    div.side {
                        a.button.slim href={ "/desk/account/passkeys?remove=" (passkey.id) } {
                            "Remove" span.sr { " " (passkey.name) }
                        }
                    }
                }
            }
        }
    }
}

/// Since when it is there, and where it can be.
pub(crate) fn facts(now: &parts::Now, passkey: &PasskeyItem) -> Markup {
    html! {
        p.meta {
            span { "added " (parts::time(now, passkey.created_at)) }
            span {
                @match passkey.last_used_at {
                    Some(at) => { "last used " (parts::time(now, at)) }
                    None => "never used",
                }
            }
            span { @if passkey.synced { "can be on several devices" } @else { "on one device" } }
        }
    }
}
