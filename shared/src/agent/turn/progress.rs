//! How far a turn is, for those who follow it in its own process.
//!
//! It is a state and not a queue: who is slow gets more at once, nobody is waited for, and nothing is lost
//! or kept that is not a part of the answer.

use tokio::sync::watch;

use crate::model::{ConversationItem, ConversationItemId, VisibleText};
use crate::store::turns::Saying;

/// How far a turn is.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// What is written down.
    pub(super) items: Vec<ConversationItem>,
    /// The message that is being said.
    pub(super) saying: Option<Saying>,
}

/// Tells those who follow. It does not matter whether anybody does.
#[derive(Debug, Default)]
pub(super) struct Teller(watch::Sender<Progress>);

impl Teller {
    /// Follows from now on. The end of the turn is the end of its teller.
    pub(super) fn listen(&self) -> watch::Receiver<Progress> {
        self.0.subscribe()
    }

    /// What people see of a message, as far as it was said. A text without a word is none yet.
    pub(super) fn says(&self, id: &ConversationItemId, text: &VisibleText) {
        if text.is_blank() {
            return;
        }
        self.0.send_if_modified(|progress| {
            let new = || Saying { id: id.clone(), text: String::new() };
            let saying = progress.saying.get_or_insert_with(new);
            // What was told is a beginning of it: it only grows.
            let more = &text.as_str()[saying.text.len()..];
            saying.text.push_str(more);
            !more.is_empty()
        });
    }

    /// An item was written down.
    pub(super) fn added(&self, item: ConversationItem) {
        self.0.send_modify(|progress| {
            progress.items.push(item);
            progress.saying = None;
        });
    }

    /// The last item is a call, and it has returned.
    pub(super) fn returned(&self, item: ConversationItem) {
        self.0.send_modify(|progress| {
            progress.items.pop();
            progress.items.push(item);
        });
    }
}
