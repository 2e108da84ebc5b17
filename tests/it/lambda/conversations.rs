//! The conversation of the examples.

use std::collections::BTreeMap;

use byline_shared::examples;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{AgentMode, ConversationTitle, ResponseId, TurnStatus, TurnUsage};
use byline_shared::store::conversations::{ConversationHead, ItemRecord};
use byline_shared::store::turns::{NewTurn, RunningTurns, TurnItem};
use byline_shared::store::usage::{Reservation, month};
use byline_shared::store::users::UserItem;

use crate::harness::App;

/// Stores it with its message, and with the answer to it.
pub(super) async fn prepare(app: &App, ada: &UserItem) {
    let cx = &app.byline.context;
    let now = cx.clock.now();
    let id: ResponseId = examples::RESPONSE_ID.parse().unwrap();
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
        turn: Some(id.clone()),
        last_response: None,
    };
    let until = now.plus_seconds(30);
    let mut turn = TurnItem {
        id: id.clone(),
        user_id: ada.user.id.clone(),
        model: "scripted".to_owned(),
        status: TurnStatus::InProgress,
        reason: None,
        fault: None,
        input: String::new(),
        first_place: 1,
        next_place: 1,
        usage: TurnUsage::default(),
        started_at: now,
        ended_at: None,
        lease_until: until,
        cancel: false,
        previous: None,
        saying: None,
        reservation: None,
    };
    let reservation = Reservation {
        user: ada.user.id.clone(),
        month: month(now),
        tokens: 0,
        user_budget: None,
        site_budget: None,
    };
    let entry = AuditEntry::new(cx, Event::ConversationStarted);
    let new = NewTurn {
        before: None,
        after: &head,
        items: &[ItemRecord::of_user(examples::conversation_item())],
        turn: &turn,
        key: None,
        reservation: &reservation,
        running: &RunningTurns::default(),
        conversation: Some((1, &entry)),
    };
    let turns = cx.store.turns();
    assert!(turns.start(&new).await.is_ok());
    let answer = examples::response().output.remove(0);
    let record = ItemRecord { item: answer, step: Some(1) };
    assert!(turns.add(&id, &record, (now, until)).await.unwrap());
    turn.status = TurnStatus::Completed;
    assert!(turns.end(&turn, now).await.unwrap());
}
