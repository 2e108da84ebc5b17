//! The forms in which a turn is streamed. Each is a rendering of the same events.

mod responses;
mod ui_messages;

pub(super) use responses::Responses;
pub(super) use ui_messages::UiMessages;

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::unfold;

use super::turn::{Following, TurnEvent};
use crate::http::Body;

/// How often something is sent while nothing happens: what lies between closes a silent connection after
/// 30 seconds.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// A comment, which clients of event streams ignore.
const COMMENT: &str = ": keep-alive\n\n";

/// A form of a stream.
pub(super) trait Wire {
    /// Adds an event to what is sent.
    fn render(&mut self, event: &TurnEvent, out: &mut String);
}

/// A stream of a turn.
pub(super) fn stream(following: Following, wire: impl Wire + Send + 'static) -> Body {
    let pieces = unfold((following, wire), |(mut following, mut wire)| async move {
        let events: Vec<TurnEvent> = following.next(KEEP_ALIVE).await?;
        let mut text = String::new();
        for event in &events {
            wire.render(event, &mut text);
        }
        if text.is_empty() {
            text.push_str(COMMENT);
        }
        Some((Bytes::from(text), (following, wire)))
    });
    Body::pieces(pieces)
}
