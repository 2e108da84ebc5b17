//! Lists as OpenAI's API has them.

use byline_shared::http::page::Page;
use byline_shared::model::{
    Conversation, ConversationId, ConversationItem, ConversationItemId, Representation,
};
use schemars::JsonSchema;
use serde::Serialize;

/// A page of conversations.
#[derive(Serialize, JsonSchema)]
pub struct ConversationList {
    /// Always `list`.
    pub object: &'static str,
    /// The conversations.
    pub data: Vec<Conversation>,
    /// The id of the first one; null if there is none.
    pub first_id: Option<ConversationId>,
    /// The id of the last one; null if there is none.
    pub last_id: Option<ConversationId>,
    /// Whether a page follows.
    pub has_more: bool,
    /// Send this as `cursor` to get the next page. Null on the last page.
    pub next_cursor: Option<String>,
}

impl Representation for ConversationList {}

impl ConversationList {
    pub(crate) fn new(page: Page<Conversation>) -> Self {
        let Page { items: data, next_cursor } = page;
        Self {
            object: "list",
            first_id: data.first().map(|first| first.id.clone()),
            last_id: data.last().map(|last| last.id.clone()),
            data,
            has_more: next_cursor.is_some(),
            next_cursor,
        }
    }
}

/// A page of messages and calls.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConversationItemList")]
pub struct ItemList {
    /// Always `list`.
    pub object: &'static str,
    /// The messages and calls.
    pub data: Vec<ConversationItem>,
    /// The id of the first one; null if there is none.
    pub first_id: Option<ConversationItemId>,
    /// The id of the last one; null if there is none.
    pub last_id: Option<ConversationItemId>,
    /// Whether a page follows.
    pub has_more: bool,
}

impl Representation for ItemList {}

impl ItemList {
    pub(crate) fn new(data: Vec<ConversationItem>, has_more: bool) -> Self {
        Self {
            object: "list",
            first_id: data.first().map(|first| first.id().clone()),
            last_id: data.last().map(|last| last.id().clone()),
            data,
            has_more,
        }
    }
}
