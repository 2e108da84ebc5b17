//! Who did something, and with what.

use byline_shared::model::{ActorKind, By};
use maud::{Markup, html};

/// A person's name; for an agent its own name first, then whose key or app it is:
/// `Build server (API key of Ada)`, `Claude, claude-opus-5 (app of Ada)`.
pub(crate) fn by(by: &By) -> Markup {
    let owner = by.user_name.as_ref().map_or("a deleted account", |name| name.as_str());
    let (agent, what) = match by.kind {
        ActorKind::Person => {
            let owner = if by.user_name.is_some() { owner } else { "A deleted account" };
            return html! { span { (owner) } };
        }
        ActorKind::ApiKey => {
            (by.api_key_name.as_ref().map_or("An API key", |name| name.as_str()), "API key of")
        }
        ActorKind::McpClient => (by.client.as_deref().unwrap_or("An app"), "app of"),
        ActorKind::Agent => ("Byline", "for"),
    };
    html! {
        span {
            (agent)
            @if let Some(model) = &by.model { ", " (model) }
            " (" (what) " " (owner) ")"
        }
    }
}
