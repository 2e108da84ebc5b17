//! What happens in a turn, one event after the other. The wires are renderings of these.
//!
//! Events are stored nowhere: they are made of what the conversation holds. Anyone who looks, when and
//! how often, finds the same events in the same order, because a text is always cut at the same places. So an
//! event has the same number for everybody, and a stream can be taken up behind any of them, also when the
//! turn is over.

use crate::model::{
    CallStatus, ConversationItem, ConversationItemId, ConversationMessage, Response, ToolCall,
};
use crate::store::turns::Saying;

/// The longest piece of a text, in bytes: eight letters of Chinese.
const MAX_PIECE: usize = 24;

/// Something that happens in a turn. `index` is the place of an item in the output.
#[derive(Clone, Debug)]
pub(in crate::agent) enum TurnEvent {
    /// The turn begins.
    Started(Box<Response>),
    /// A message begins.
    MessageStarted { index: usize, id: ConversationItemId },
    /// A piece of its text.
    Text { index: usize, id: ConversationItemId, text: String },
    /// A message is written down.
    MessageDone { index: usize, message: ConversationMessage },
    /// A call is written down, and runs.
    CallWritten { index: usize, call: ToolCall },
    /// A call has returned.
    CallReturned { index: usize, call: ToolCall },
    /// The turn is over. Nothing follows.
    Ended(Box<Response>),
}

/// How much of a turn was told.
#[derive(Debug, Default)]
pub(super) struct Cursor {
    /// How many items.
    done: usize,
    /// How many bytes of the next one, if it has begun.
    begun: Option<usize>,
}

impl Cursor {
    /// How many items were told to their end.
    pub(super) fn done(&self) -> usize {
        self.done
    }

    /// What happened since: in all items of the turn, and in the message that is being said.
    pub(super) fn catch_up(
        &mut self,
        items: &[ConversationItem],
        saying: Option<&Saying>,
    ) -> Vec<TurnEvent> {
        let mut events = Vec::new();
        while let Some(item) = items.get(self.done) {
            let index = self.done;
            match item {
                ConversationItem::Message(message) => {
                    self.say(&message.id, &message.text(), true, &mut events);
                    events.push(TurnEvent::MessageDone { index, message: message.clone() });
                }
                ConversationItem::Call(call) => {
                    if self.begun.is_none() {
                        self.begun = Some(0);
                        let ToolCall { id, name, arguments, .. } = call.clone();
                        let call = ToolCall::new(id, name, arguments);
                        events.push(TurnEvent::CallWritten { index, call });
                    }
                    if call.status == CallStatus::Calling {
                        return events;
                    }
                    events.push(TurnEvent::CallReturned { index, call: call.clone() });
                }
            }
            self.done += 1;
            self.begun = None;
        }
        if let Some(saying) = saying {
            self.say(&saying.id, &saying.text, false, &mut events);
        }
        events
    }

    fn say(
        &mut self,
        id: &ConversationItemId,
        text: &str,
        is_whole: bool,
        events: &mut Vec<TurnEvent>,
    ) {
        let index = self.done;
        let begun = self.begun.unwrap_or_else(|| {
            events.push(TurnEvent::MessageStarted { index, id: id.clone() });
            0
        });
        let mut told = begun;
        for piece in pieces(text.get(begun..).unwrap_or_default(), is_whole) {
            told += piece.len();
            events.push(TurnEvent::Text { index, id: id.clone(), text: piece.to_owned() });
        }
        self.begun = Some(told);
    }
}

/// A text in pieces that depend on nothing else: words, and parts of what is longer than a word. The rest of
/// a text that may go on is left out until its end is known.
fn pieces(mut text: &str, is_whole: bool) -> Vec<&str> {
    let mut pieces = Vec::new();
    while !text.is_empty() {
        let mut ends = text.char_indices().map(|(at, letter)| (at + letter.len_utf8(), letter));
        let end = ends.find(|(end, letter)| letter.is_whitespace() || *end >= MAX_PIECE);
        let Some(end) = end.map(|(end, _)| end).or(is_whole.then_some(text.len())) else { break };
        let (piece, rest) = text.split_at(end);
        pieces.push(piece);
        text = rest;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MessageStatus, Time};

    const TEXT: &str = "Two drafts  wait:\n- *Straße*, \u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600} \
                        https://example.com/a-very-long-address 草稿草稿草稿草稿草稿 end";

    fn texts(events: &[TurnEvent]) -> Vec<String> {
        let text = |event: &TurnEvent| match event {
            TurnEvent::Text { text, .. } => Some(text.clone()),
            _ => None,
        };
        events.iter().filter_map(text).collect()
    }

    #[test]
    fn a_text_has_the_same_pieces_however_it_is_watched() {
        let id = ConversationItemId::at_place(Time::from_millis(0), 3);
        let whole =
            ConversationItem::of_agent(id.clone(), TEXT.to_owned(), MessageStatus::Completed);
        let expected = texts(&Cursor::default().catch_up(std::slice::from_ref(&whole), None));
        assert_eq!(expected.concat(), TEXT);
        assert_eq!(expected[..4], ["Two ", "drafts ", " ", "wait:\n"]);
        assert!(expected.iter().all(|piece| piece.len() <= MAX_PIECE + 3), "{expected:?}");
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..500 {
            let (mut cursor, mut watched) = (Cursor::default(), Vec::new());
            let looks = random.usize(0..20);
            let mut ends: Vec<usize> = (0..looks).map(|_| random.usize(0..=TEXT.len())).collect();
            ends.sort_unstable();
            for end in ends.into_iter().filter(|end| TEXT.is_char_boundary(*end)) {
                let saying = Saying { id: id.clone(), text: TEXT[..end].to_owned() };
                watched.extend(texts(&cursor.catch_up(&[], Some(&saying))));
            }
            watched.extend(texts(&cursor.catch_up(std::slice::from_ref(&whole), None)));
            assert_eq!(watched, expected);
        }
    }

    #[test]
    fn a_call_is_told_once_when_it_runs_and_once_when_it_returns() {
        let id = ConversationItemId::at_place(Time::from_millis(0), 3);
        let call = ToolCall::new(id, "search".to_owned(), "{}".to_owned());
        let returned = ConversationItem::Call(call.clone().completed("[]".to_owned()));
        let calling = ConversationItem::Call(call);
        let mut cursor = Cursor::default();
        let first = cursor.catch_up(std::slice::from_ref(&calling), None);
        assert!(matches!(first[..], [TurnEvent::CallWritten { index: 0, .. }]), "{first:?}");
        assert!(cursor.catch_up(&[calling], None).is_empty());
        let then = cursor.catch_up(std::slice::from_ref(&returned), None);
        assert!(matches!(then[..], [TurnEvent::CallReturned { index: 0, .. }]), "{then:?}");
        let both = Cursor::default().catch_up(&[returned], None);
        let [TurnEvent::CallWritten { call, .. }, TurnEvent::CallReturned { .. }] = &both[..]
        else {
            panic!("{both:?}");
        };
        assert_eq!((call.status, &call.output), (CallStatus::Calling, &None));
    }
}
