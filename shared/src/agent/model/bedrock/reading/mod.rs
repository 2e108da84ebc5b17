//! An answer of Bedrock, event by event.

#[cfg(test)]
mod tests;

use std::time::Duration;

use aws_sdk_bedrockruntime::primitives::event_stream::EventReceiver;
use aws_sdk_bedrockruntime::types::error::ConverseStreamOutputError;
use aws_sdk_bedrockruntime::types::{
    ContentBlockDelta, ContentBlockStart, ConverseStreamOutput as Event,
    ReasoningContentBlockDelta, StopReason as Reason, TokenUsage,
};
use futures_util::{StreamExt, stream};

use super::errors;
use crate::agent::model::rest::Rest;
use crate::agent::model::{Delta, Deltas, ModelError, StopReason, Usage};

/// The longest answer, in bytes: 8,192 tokens, and as many again to think, with room for long ones.
const MAX_ANSWER: usize = 1024 * 1024;

type Events = EventReceiver<Event, ConverseStreamOutputError>;

/// Waits for the first event, and returns the pieces of the answer. Between two events the server may be
/// silent for `silence`.
///
/// # Errors
/// Where an exception comes in place of the first event. Nothing was said then.
pub(super) async fn begin(mut events: Events, silence: Duration) -> Result<Deltas, ModelError> {
    let first = tokio::time::timeout(silence, events.recv()).await;
    if let Ok(Err(error)) = &first
        && let Some(refused) = errors::in_place_of_an_answer(error)
    {
        return Err(refused);
    }
    let first = first.map_err(|_| ModelError::Silent);
    let first = first.and_then(|event| event.map_err(errors::of_stream));
    let reading = Reading {
        events,
        silence,
        first: Some(first),
        rest: Rest::new(silence),
        answer: Answer::default(),
        is_over: false,
    };
    let pieces = stream::unfold(reading, |mut reading| async move {
        let piece = reading.next().await?;
        Some((piece, reading))
    });
    Ok(pieces.boxed())
}

struct Reading {
    events: Events,
    silence: Duration,
    /// What came first, until it is read.
    first: Option<Result<Option<Event>, ModelError>>,
    rest: Rest,
    answer: Answer,
    is_over: bool,
}

impl Reading {
    async fn next(&mut self) -> Option<Result<Delta, ModelError>> {
        while !self.is_over {
            let event = match self.first.take() {
                Some(first) => first,
                None => self.event().await,
            };
            let piece = event.and_then(|event| match event {
                Some(event) => self.answer.take(event),
                None => Err(ModelError::Cut),
            });
            match piece {
                Ok(None) => {}
                Ok(Some(delta)) => return Some(Ok(delta)),
                // What follows the end is usage at most. An answer does not fail for that.
                Err(_) if self.answer.is_stopped => self.is_over = true,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    async fn event(&mut self) -> Result<Option<Event>, ModelError> {
        let event = tokio::time::timeout(self.silence, self.events.recv());
        let event = self.rest.next(self.answer.is_stopped, event).await;
        // Too late behind the end is nothing.
        let Some(event) = event else { return Ok(None) };
        event.map_err(|_| ModelError::Silent)?.map_err(errors::of_stream)
    }
}

/// What has come of an answer.
#[derive(Default)]
struct Answer {
    /// The calls that have begun, by the numbers of their blocks.
    calls: Vec<i32>,
    bytes: usize,
    is_stopped: bool,
}

impl Answer {
    /// Reads an event. Events that a newer Bedrock sends, and thoughts, are passed over.
    fn take(&mut self, event: Event) -> Result<Option<Delta>, ModelError> {
        Ok(match event {
            Event::Metadata(event) => event.usage.map(|usage| Delta::Usage(of_usage(&usage))),
            _ if self.is_stopped => None,
            Event::ContentBlockStart(event) => match event.start {
                Some(ContentBlockStart::ToolUse(call)) => {
                    let index = self.calls.len();
                    self.calls.push(event.content_block_index);
                    Some(Delta::CallStart { index, name: call.name })
                }
                _ => None,
            },
            Event::ContentBlockDelta(event) => {
                let piece = event.delta.unwrap_or(ContentBlockDelta::Text(String::new()));
                self.bytes += length(&piece);
                if self.bytes > MAX_ANSWER {
                    return Err(ModelError::TooLong);
                }
                self.piece(event.content_block_index, piece)
            }
            Event::MessageStop(event) => {
                let reason = reason(&event.stop_reason)?;
                self.is_stopped = true;
                Some(Delta::Stop(reason))
            }
            _ => None,
        })
    }

    fn piece(&self, block: i32, piece: ContentBlockDelta) -> Option<Delta> {
        match piece {
            ContentBlockDelta::Text(text) => (!text.is_empty()).then_some(Delta::Text(text)),
            ContentBlockDelta::ToolUse(piece) if !piece.input.is_empty() => {
                let index = self.calls.iter().rposition(|call| *call == block)?;
                Some(Delta::CallArguments { index, fragment: piece.input })
            }
            _ => None,
        }
    }
}

fn length(piece: &ContentBlockDelta) -> usize {
    match piece {
        ContentBlockDelta::Text(text) => text.len(),
        ContentBlockDelta::ToolUse(piece) => piece.input.len(),
        ContentBlockDelta::ReasoningContent(ReasoningContentBlockDelta::Text(text)) => text.len(),
        _ => 0,
    }
}

/// Why the answer ends. Reasons that a newer Bedrock gives count as an end: calls are known by themselves.
fn reason(reason: &Reason) -> Result<StopReason, ModelError> {
    match reason {
        Reason::MaxTokens | Reason::ModelContextWindowExceeded => Ok(StopReason::Length),
        Reason::ContentFiltered | Reason::GuardrailIntervened => Ok(StopReason::Filtered),
        Reason::MalformedModelOutput | Reason::MalformedToolUse => Err(ModelError::Malformed),
        _ => Ok(StopReason::Done),
    }
}

/// What an answer took. Bedrock counts what it has kept, or keeps, besides the rest of a request.
fn of_usage(usage: &TokenUsage) -> Usage {
    let tokens = |number: i32| u64::try_from(number).unwrap_or_default();
    let cached = tokens(usage.cache_read_input_tokens.unwrap_or_default());
    let kept = tokens(usage.cache_write_input_tokens.unwrap_or_default());
    Usage {
        input: tokens(usage.input_tokens) + cached + kept,
        cached,
        output: u64::try_from(usage.output_tokens).ok(),
        reasoning: 0,
    }
}
