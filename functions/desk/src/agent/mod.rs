//! What the pages have in common on which people talk with the built-in agent.

mod calls;
mod forms;
mod outcomes;
mod thread;
mod turns;

pub(crate) use forms::{again, answering, delete, fresh, new_conversation, running, say, settings};
pub(crate) use outcomes::up_to_date;
pub(crate) use thread::{LATEST, last_turn, thread};
pub(crate) use turns::number;

use byline_shared::model::{AgentMode, Conversation, ConversationId};

/// Where the conversations are listed.
pub(crate) const PATH: &str = "/desk/agent";

/// In place of an id: a conversation that begins with its first message.
pub(crate) const NEW: &str = "new";

/// The form that changes the mode, on the page of its conversation.
pub(crate) const SETTINGS: &str = "settings";

/// What that form is called.
pub(crate) const MAY_DO: &str = "Title, and what the agent may do";

/// The modes, as people choose them. A closed list shows some 30 characters on a phone.
pub(crate) const MODES: [(AgentMode, &str); 3] = [
    (AgentMode::Read, "Read only"),
    (AgentMode::Propose, "Read and propose changes"),
    (AgentMode::Draft, "Read, propose and draft"),
];

/// Where a conversation is.
pub(crate) fn path(id: &ConversationId) -> String {
    format!("{PATH}/{id}")
}

/// The title of a conversation. One whose first message was deleted has none.
pub(crate) fn title(conversation: &Conversation) -> &str {
    conversation.metadata.get("title").map_or("A conversation without a title", String::as_str)
}

/// A mode in the words of [`MODES`].
pub(crate) fn mode(mode: AgentMode) -> &'static str {
    MODES.into_iter().find(|(known, _)| *known == mode).map_or("", |(_, words)| words)
}
