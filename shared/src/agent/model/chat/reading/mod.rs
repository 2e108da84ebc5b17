//! An answer of Chat Completions, event by event.

mod body;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http_body_util::LengthLimitError;
use sse_stream::{Error as SseError, Sse, SseStream};

use self::body::{Body, BodyError};
use super::wire::{self, CallPiece, Choice, Chunk};
use crate::agent::model::rest::Rest;
use crate::agent::model::{Delta, Deltas, ModelError, StopReason};

/// What the last event says at most servers.
const DONE: &str = "[DONE]";

/// The longest event, in bytes: longer than the longest text or arguments, even if each byte is escaped. A
/// large one would be millions of values in memory.
const MAX_EVENT: usize = 512 * 1024;

/// How many calls are told apart. An answer has fewer, or is too long.
const MAX_CALLS: usize = 65;

/// The pieces of the answer in a body. The server may be silent for `silence`.
pub(super) fn deltas(body: Body, silence: Duration) -> Deltas {
    let events = SseStream::from_bytes_stream(body::heard(body, silence)).boxed();
    let (rest, answer) = (Rest::new(silence), Answer::default());
    let reading = Reading { events, rest, answer, is_over: false };
    let pieces = stream::unfold(reading, |mut reading| async move {
        let piece = reading.next().await?;
        Some((piece, reading))
    });
    pieces.boxed()
}

struct Reading {
    events: BoxStream<'static, Result<Sse, SseError>>,
    rest: Rest,
    answer: Answer,
    is_over: bool,
}

impl Reading {
    async fn next(&mut self) -> Option<Result<Delta, ModelError>> {
        loop {
            if let Some(delta) = self.answer.pieces.pop_front() {
                return Some(Ok(delta));
            }
            if self.is_over {
                return None;
            }
            let event = self.rest.next(self.answer.is_stopped, self.events.next()).await;
            let read = match event.flatten() {
                Some(Ok(event)) => self.answer.take(&event.data.unwrap_or_default()),
                Some(Err(error)) => Err(broken(&error)),
                None => Err(ModelError::Cut),
            };
            match read {
                Ok(is_over) => self.is_over = is_over,
                // What follows the end is usage at most. An answer does not fail for that.
                Err(_) if self.answer.is_stopped => self.is_over = true,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

fn broken(error: &SseError) -> ModelError {
    let SseError::Body(cause) = error else { return ModelError::Malformed };
    if let Some(BodyError::Silent) = cause.downcast_ref() {
        return ModelError::Silent;
    }
    let first: &dyn std::error::Error = cause.as_ref();
    let mut causes = std::iter::successors(Some(first), |error| error.source());
    if causes.any(|cause| cause.is::<LengthLimitError>()) {
        ModelError::TooLong
    } else {
        ModelError::Cut
    }
}

/// What has come of an answer.
#[derive(Default)]
struct Answer {
    /// The calls that have begun.
    calls: Vec<Call>,
    is_stopped: bool,
    /// What was read and not handed on yet.
    pieces: VecDeque<Delta>,
}

/// What tells a call from the others of its answer.
struct Call {
    index: Option<u64>,
    id: String,
    is_named: bool,
}

impl Answer {
    /// Reads the data of an event. Returns whether it was the last one.
    fn take(&mut self, data: &str) -> Result<bool, ModelError> {
        let data = data.trim();
        if data == DONE {
            if !self.is_stopped {
                self.stop(StopReason::Done);
            }
            return Ok(true);
        }
        if data.is_empty() {
            return Ok(false);
        }
        if data.len() > MAX_EVENT {
            return Err(ModelError::TooLong);
        }
        let chunk: Chunk = serde_json::from_str(data).map_err(|_| ModelError::Malformed)?;
        if let Some(error) = chunk.error.as_ref().filter(|error| !error.is_null()) {
            return Err(ModelError::Reported { code: wire::code_of(error) });
        }
        let usage = chunk.usage();
        // We ask for one choice.
        if let Some(choice) = chunk.choices.into_iter().next() {
            self.choice(choice);
        }
        self.pieces.extend(usage.map(Delta::Usage));
        Ok(false)
    }

    fn choice(&mut self, choice: Choice) {
        if self.is_stopped {
            return;
        }
        for text in [choice.delta.content, choice.delta.refusal] {
            if !text.is_empty() {
                self.pieces.push_back(Delta::Text(text));
            }
        }
        for piece in choice.delta.tool_calls {
            self.call(piece);
        }
        match choice.finish_reason.as_deref() {
            None | Some("") => {}
            Some("length") => self.stop(StopReason::Length),
            Some("content_filter") => self.stop(StopReason::Filtered),
            // `stop`, `tool_calls`, and names of some server: calls are known by themselves.
            Some(_) => self.stop(StopReason::Done),
        }
    }

    fn stop(&mut self, reason: StopReason) {
        self.is_stopped = true;
        self.pieces.push_back(Delta::Stop(reason));
    }

    fn call(&mut self, piece: CallPiece) {
        let name = piece.function.name.clone();
        let index = match self.find(&piece) {
            Some(index) => {
                let call = &mut self.calls[index];
                if !call.is_named && !name.is_empty() {
                    call.is_named = true;
                    self.pieces.push_back(Delta::CallStart { index, name });
                }
                index
            }
            None if self.calls.len() == MAX_CALLS => return,
            None => {
                let index = self.calls.len();
                let is_named = !name.is_empty();
                let id = piece.id.clone();
                self.calls.push(Call { index: piece.index, id, is_named });
                self.pieces.push_back(Delta::CallStart { index, name });
                index
            }
        };
        let fragment = piece.function.fragment();
        if !fragment.is_empty() {
            self.pieces.push_back(Delta::CallArguments { index, fragment });
        }
    }

    /// The call that a piece belongs to, if it has begun: by the number, by the id, or else the last one.
    /// Another id is another call, also under a number that is taken: some servers give all calls 0.
    fn find(&self, piece: &CallPiece) -> Option<usize> {
        let is_other =
            |call: &Call| !piece.id.is_empty() && !call.id.is_empty() && piece.id != call.id;
        let is_same = |call: &Call| match (piece.index, call.index) {
            (Some(index), Some(known)) => index == known && !is_other(call),
            _ if !piece.id.is_empty() => piece.id == call.id,
            _ => piece.function.name.is_empty(),
        };
        self.calls.iter().rposition(is_same)
    }
}
