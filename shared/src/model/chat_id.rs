//! The id of a chat, as clients of the AI SDK name it.

use super::{ConversationId, UserId};

/// The longest one, in characters.
const MAX_ID: usize = 255;

/// A conversation, or an id that a client made up. The same one leads the same person to the same
/// conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatId(String);

impl ChatId {
    /// The conversation that it names; `None` if it is made up.
    #[must_use]
    pub fn named(&self) -> Option<ConversationId> {
        self.0.parse().ok()
    }

    /// The conversation of this person.
    #[must_use]
    pub fn conversation(&self, user: &UserId) -> ConversationId {
        let made_up = || ConversationId::derived(&[user.as_str(), "chat", &self.0]);
        self.named().unwrap_or_else(made_up)
    }
}

impl std::str::FromStr for ChatId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        let is_id = (1..=MAX_ID).contains(&text.len()) && is_plain;
        if is_id {
            Ok(Self(text.to_owned()))
        } else {
            Err("not 1 to 255 printable ASCII characters")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Time;

    #[test]
    fn an_id_that_is_made_up_leads_each_person_to_one_conversation() {
        let id = |text: &str| text.parse::<ChatId>().unwrap();
        let (ada, bob) = (UserId::new(Time::from_millis(1)), UserId::new(Time::from_millis(2)));
        let of = |text: &str, user: &UserId| id(text).conversation(user);
        assert_eq!(of("x7", &ada), of("x7", &ada));
        assert_ne!(of("x7", &ada), of("x7", &bob));
        assert_ne!(of("x7", &ada), of("x8", &ada));
        let conversation = ConversationId::new(Time::from_millis(3));
        assert_eq!(of(conversation.as_str(), &ada), conversation);
        assert_eq!(id("x7").named(), None);
        for wrong in ["", "a b", "é", &"x".repeat(256)] {
            assert!(wrong.parse::<ChatId>().is_err(), "{wrong}");
        }
    }
}
