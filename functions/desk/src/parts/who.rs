//! Who did something, and with what.

use byline_shared::model::{ActorKind, By};
use maud::{Markup, html};

/// A person's name; for an agent the name of its key or app first, then whose it is:
/// `Build server (API key of Ada)`, `Claude (app of Ada), with claude-opus-5`, `Ada's agent, with gpt-oss`.
pub(crate) fn by(by: &By) -> Markup {
    let said = by.client.as_deref().filter(|_| by.api_key_id.is_some());
    html! {
        span {
            (name(by))
            @if let Some(client) = said { ", which says it is \u{201c}" (client) "\u{201d}" }
            @if let Some(model) = &by.model { ", with " (model) }
        }
    }
}

/// The same without what an agent says of itself, as a text.
pub(crate) fn name(by: &By) -> String {
    let owner = by.user_name.as_ref().map(|name| name.as_str());
    let (agent, what) = match by.kind {
        ActorKind::Person => return owner.unwrap_or("A deleted account").to_owned(),
        ActorKind::Agent => return by.agent_name().unwrap_or_default(),
        ActorKind::McpClient if by.api_key_id.is_none() => {
            (by.client.as_deref().unwrap_or("An app"), "app of")
        }
        // What a key's program calls itself is its own choice, so it comes second.
        ActorKind::ApiKey | ActorKind::McpClient => {
            (by.api_key_name.as_ref().map_or("An API key", |name| name.as_str()), "API key of")
        }
    };
    format!("{agent} ({what} {})", owner.unwrap_or("a deleted account"))
}

#[cfg(test)]
mod tests {
    use byline_shared::model::Name;

    use super::*;

    #[test]
    fn an_agent_with_a_key_is_known_by_the_name_of_the_key() {
        let user_id = byline_shared::examples::USER_ID.parse().unwrap();
        let made = By {
            user_id,
            user_name: Some(Name::trusted("Ada")),
            kind: ActorKind::McpClient,
            api_key_id: Some("key_01JD9ZN5V8Q2M4T6W8X0Y2Z4G8".parse().unwrap()),
            api_key_name: Some(Name::trusted("Copy agent")),
            grant_id: None,
            client: Some("Nora, approved by Ada".to_owned()),
            model: None,
            conversation_id: None,
        };
        let expected = "<span>Copy agent (API key of Ada), which says it is \u{201c}Nora, approved by \
                        Ada\u{201d}</span>";
        assert_eq!(by(&made).into_string(), expected);
    }
}
