//! API keys as a person creates and sees them.

use byline_shared::auth::own_api_keys::{DEFAULT_DAYS, MAX_DAYS, NewKey};
use byline_shared::model::{Role, Scope, Secret, Time};
use byline_shared::prelude::*;
use byline_shared::store::api_keys::ApiKeyItem;
use maud::{Markup, html};

use crate::once;
use crate::parts::{self, Field, Kind};
use crate::typed;
use crate::visit::Visit;

/// How long a key can be valid, in days, and in words.
const LIVES: [(&str, &str); 4] =
    [("30", "30 days"), ("90", "90 days"), ("180", "Half a year"), ("366", "A year")];

/// What a key is for, unless somebody ticks more: to read and to propose, which a person can undo.
const TICKED: [Scope; 3] = [Scope::Profile, Scope::PostsRead, Scope::PostsPropose];

/// The keys, each with the way to revoke it.
pub(crate) fn list(now: &parts::Now, keys: &[(ApiKeyItem, Option<Time>)]) -> Markup {
    html! {
        ul.list {
            @for (key, last_use) in keys {
                li {
                    div.main {
                        p.name { (key.name) }
                        (facts(now, key, *last_use))
                    }
                    div.side {
                        a.button.slim href={ "/desk/account/keys?revoke=" (key.id) } {
                            "Revoke" span.sr { " " (key.name) }
                        }
                    }
                }
            }
        }
    }
}

/// What a key may do, and since when.
pub(crate) fn facts(now: &parts::Now, key: &ApiKeyItem, last_use: Option<Time>) -> Markup {
    html! {
        p.meta {
            span { "created " (parts::time(now, key.created_at)) }
            span {
                @match last_use {
                    Some(at) => { "last used " (parts::time(now, at)) }
                    None => "never used",
                }
            }
            span { "expires " (parts::time(now, key.expires_at)) }
        }
        details {
            summary { "What it may do" }
            ul {
                @for scope in &key.scopes {
                    li { (scope.in_words()) }
                }
            }
        }
    }
}

/// The form for a new key.
pub(crate) fn form(now: Time, visit: &Visit, problem: Option<&Problem>) -> Markup {
    let form = &visit.form;
    let is_sent = form.has("once");
    let is_ticked = |scope: Scope| match is_sent {
        true => form.all("scope").any(|sent| sent == scope.as_str()),
        false => TICKED.contains(&scope),
    };
    let role = visit.caller.user.role;
    let days = DEFAULT_DAYS.to_string();
    html! {
        form.form method="post" action="/desk/account/keys" {
            (parts::token(visit))
            (once::field(now))
            (parts::field(Field {
                name: "name",
                label: "Name of the key",
                value: form.text("name"),
                hint: Some("What uses it: \u{201c}Build server\u{201d}. Editors see it beside what the key did."),
                required: true,
                max: Some(100),
                fault: parts::fault(problem, "name"),
                ..Field::default()
            }))
            fieldset #scopes {
                legend { "It may" }
                @if let Some(fault) = parts::fault(problem, "scopes") {
                    p.fault { (fault) }
                }
                @for scope in Scope::ALL.into_iter().filter(|scope| role >= scope.role()) {
                    (parts::tick("scope", scope.as_str(), scope.in_words(), Some(scope.as_str()), is_ticked(scope)))
                }
            }
            (parts::field(Field {
                name: "days",
                label: "Valid for",
                value: form.get("days").unwrap_or(&days),
                kind: Kind::Choice(&LIVES),
                fault: parts::fault(problem, "days"),
                ..Field::default()
            }))
            div.row { button.button.go type="submit" name="step" value="create" { "Create the key" } }
        }
    }
}

/// The key that somebody asks for. Scopes that their role does not include are refused, not left out.
///
/// # Errors
/// 422 with what to change.
pub(crate) fn entered(visit: &Visit) -> Result<NewKey, Problem> {
    let name = typed::line(&visit.form, "name")?;
    let role: Role = visit.caller.user.role;
    let scope = |sent: &str| {
        let known = Scope::ALL.into_iter().find(|scope| scope.as_str() == sent);
        known.filter(|scope| role >= scope.role())
    };
    let scopes: Option<Vec<Scope>> = visit.form.all("scope").map(scope).collect();
    let Some(scopes) = scopes.filter(|scopes| !scopes.is_empty()) else {
        let message = "Tick what the key may do. Your role limits the choice.";
        return Err(Problem::invalid_field("scopes", "required", message));
    };
    let days =
        visit.form.text("days").parse::<u16>().ok().filter(|days| (1..=MAX_DAYS).contains(days));
    let Some(days) = days else {
        let message = "Choose how long the key is valid.";
        return Err(Problem::invalid_field("days", "invalid", message));
    };
    Ok(NewKey { name, scopes, days })
}

/// The key itself, this once.
pub(crate) fn created(cx: &Context, key: &Secret, item: &ApiKeyItem) -> Markup {
    let asks_agent = item.scopes.contains(&Scope::Conversations) && cx.config.agent.is_some();
    html! {
        section.sheet {
            header { h2 { "Your new API key: " (item.name) } }
            div.padded.stack {
                p { "Copy it now. It is not stored, and cannot be shown again." }
                p.once { code #key { (key.expose()) } }
                p { "Use it as " code { "Authorization: Bearer …" } ", for the REST API and for MCP." }
                @if asks_agent {
                    p { "OpenAI's SDKs ask the agent with it: the base URL is "
                        code { (cx.config.public_url) "/v1" } ", and the key is their API key." }
                }
                p.row { a.button.go href="/desk/account/keys" { "I have copied the key" } }
            }
        }
    }
}
