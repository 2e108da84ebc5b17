//! The conversation of the examples.

use std::collections::BTreeMap;

use byline_shared::examples;
use byline_shared::model::AgentMode;
use byline_shared::model::ConversationTitle;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::store::conversations::ConversationHead;
use byline_shared::store::users::UserItem;

use crate::harness::App;

/// Stores it with its message.
pub(super) async fn prepare(app: &App, ada: &UserItem) {
    let cx = &app.byline.context;
    let now = cx.clock.now();
    let head = ConversationHead {
        id: examples::conversation().id,
        user_id: ada.user.id.clone(),
        title: Some(ConversationTitle::trusted(examples::MESSAGE)),
        title_from: None,
        mode: AgentMode::Propose,
        metadata: BTreeMap::new(),
        created_at: now,
        used_at: now,
        version: 1,
        next_place: 1,
    };
    let entry = AuditEntry::new(cx, Event::ConversationStarted);
    let items = [examples::conversation_item()];
    cx.store.conversations().create(&head, &items, 1, &entry).await.unwrap();
}
