//! What becomes of the texts of a request: messages at their places, and a title.

use crate::model::{ConversationItem, ConversationItemId, ConversationTitle, MessageText, Time};
use crate::store::conversations::{ConversationHead, ItemRecord};

/// How long a title is that is made of a message, in characters.
const TITLE_LENGTH: usize = 60;

/// The messages of these texts, at the next places of a conversation.
pub(super) fn new_items(
    head: &mut ConversationHead,
    now: Time,
    texts: Vec<Vec<MessageText>>,
) -> Vec<ItemRecord> {
    let new = |texts| {
        let id = ConversationItemId::at_place(now, head.next_place);
        head.next_place += 1;
        ItemRecord::of_user(ConversationItem::of_user(id, texts))
    };
    texts.into_iter().map(new).collect()
}

/// Names a conversation that has no title after the first of these texts, which go to its next places.
pub(super) fn name(head: &mut ConversationHead, texts: &[Vec<MessageText>]) {
    if head.title.is_none() {
        head.title = title(texts);
        head.title_from = head.title.as_ref().map(|_| head.next_place);
    }
}

/// The head without the message at a place: the same, unless its title is the beginning of that message.
pub(super) fn unname(head: &ConversationHead, place: u32) -> ConversationHead {
    if head.title_from == Some(place) {
        ConversationHead { title: None, title_from: None, ..head.next() }
    } else {
        head.clone()
    }
}

/// The title that a conversation takes from its first message: the beginning of it.
fn title(texts: &[Vec<MessageText>]) -> Option<ConversationTitle> {
    let text = texts.first()?.iter().map(MessageText::as_str).collect::<Vec<_>>().join(" ");
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let start: String = line.chars().take(TITLE_LENGTH).collect();
    let cut = if start.len() < line.len() { "…" } else { "" };
    format!("{}{cut}", start.trim_end()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        let title = title(&[vec![text.parse().unwrap()]]);
        title.map(|title| title.as_str().to_owned())
    }

    #[test]
    fn a_title_is_the_beginning_of_the_first_message_in_one_line() {
        assert_eq!(of("Shorten\n\n the intro").as_deref(), Some("Shorten the intro"));
        let long = "word ".repeat(40);
        let title = of(&long).unwrap();
        assert!(title.ends_with("word…") && title.chars().count() <= TITLE_LENGTH + 1, "{title}");
        assert_eq!(of(&"é".repeat(60)).unwrap().chars().count(), 60);
        assert!(super::title(&[]).is_none());
    }
}
