//! How far a turn is, for those who follow it in its own process.
//!
//! It is a state and not a queue: who is slow gets more at once, nobody is waited for, and nothing is lost
//! or kept that is not a part of the answer.

use tokio::sync::watch;

use crate::model::{ConversationItem, ConversationItemId, hidden};
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

    /// The text of a message, as far as it was said. A text without a word is none yet. What nobody sees of it
    /// is left out, as it is when the message is written down.
    pub(super) fn says(&self, id: &ConversationItemId, text: &str) {
        let text = hidden::replace(text, |_| None).text;
        if text.trim().is_empty() {
            return;
        }
        self.0.send_if_modified(|progress| {
            let new = || Saying { id: id.clone(), text: String::new() };
            let saying = progress.saying.get_or_insert_with(new);
            // What is visible may depend on what follows: then the written message tells the rest.
            let more = text.strip_prefix(saying.text.as_str()).unwrap_or_default();
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
