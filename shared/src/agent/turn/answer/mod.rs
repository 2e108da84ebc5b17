//! One answer of the model: asked for, and put together from its pieces.

#[cfg(test)]
mod tests;

use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::watch;

use super::lease::Signal;
use super::progress::Teller;
use crate::agent::MAX_MESSAGE_BYTES;
use crate::agent::model::{Delta, Model, ModelError, ModelRequest, StopReason, Usage};
use crate::crypto::random;
use crate::model::{ConversationItemId, VisibleText};

/// How often a request is sent that does not reach the model.
const ATTEMPTS: u32 = 3;

/// How long to wait before the second attempt, at most. Twice as long before the third.
const BACKOFF: Duration = Duration::from_millis(500);

/// How many calls an answer may have that is read to its end.
const MAX_CALLS: usize = 64;

/// The longest arguments of a call, in bytes.
const MAX_ARGUMENTS: usize = MAX_MESSAGE_BYTES;

/// An answer, as far as it came.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) text: String,
    /// What people see of it.
    pub(super) seen: VisibleText,
    pub(super) calls: Vec<WantedCall>,
    pub(super) usage: Option<Usage>,
    pub(super) end: AnswerEnd,
    /// How many bytes came.
    pub(super) bytes: usize,
    /// Whether the request may have its price: it was sent, and not refused.
    pub(super) may_be_paid: bool,
}

/// A call that the model wants to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WantedCall {
    pub(super) name: String,
    pub(super) arguments: String,
    /// Whether the arguments are longer than they may be, and were left out.
    pub(super) is_too_long: bool,
}

/// How an answer ended.
#[derive(Debug, Default)]
pub(super) enum AnswerEnd {
    /// It is complete.
    Done,
    /// It reached the limit of its length: its calls are broken.
    Length,
    /// The server withheld the rest.
    Filtered,
    /// It broke, or never began.
    Failed(ModelError),
    /// The turn stopped.
    #[default]
    Stopped,
}

/// Asks the model, and tells what it says as the message `id`. An answer that has begun is never asked for
/// again: it was paid, and the user has seen it.
pub(super) async fn ask(
    model: &dyn Model,
    request: &ModelRequest,
    signal: &mut watch::Receiver<Signal>,
    (told, id): (&Teller, &ConversationItemId),
) -> Answer {
    let mut answer = Answer::default();
    let mut attempt = 1;
    let mut deltas = loop {
        if *signal.borrow() != Signal::Run {
            return answer;
        }
        let begun = tokio::select! {
            biased;
            () = stopped(signal) => {
                answer.may_be_paid = true;
                return answer;
            }
            begun = model.stream(request) => begun,
        };
        match begun {
            Ok(deltas) => break deltas,
            Err(error) if error.may_pass() && attempt < ATTEMPTS => {
                tracing::info!(%error, attempt, "the model is asked again");
                tokio::select! {
                    biased;
                    () = stopped(signal) => return answer,
                    () = tokio::time::sleep(backoff(attempt)) => {}
                }
                attempt += 1;
            }
            Err(error) => {
                answer.may_be_paid = error.may_be_paid();
                answer.end = AnswerEnd::Failed(error);
                return answer;
            }
        }
    };
    answer.may_be_paid = true;
    loop {
        let delta = tokio::select! {
            biased;
            () = stopped(signal) => return answer,
            delta = deltas.next() => delta,
        };
        match delta {
            None => return answer.complete(),
            Some(Ok(delta)) => {
                let fits = answer.take(delta);
                told.says(id, &answer.seen);
                if !fits {
                    answer.end = AnswerEnd::Length;
                    return answer;
                }
                // Many pieces may be there at once. Others get their turn between them.
                tokio::task::consume_budget().await;
            }
            Some(Err(error)) => {
                answer.end = AnswerEnd::Failed(error);
                return answer;
            }
        }
    }
}

/// Waits until the turn stops.
async fn stopped(signal: &mut watch::Receiver<Signal>) {
    let nobody_tells = signal.wait_for(|signal| *signal != Signal::Run).await.is_err();
    if nobody_tells {
        // Nobody tells any more, so nothing stops it.
        std::future::pending::<()>().await;
    }
}

/// A random time within the limit.
fn backoff(attempt: u32) -> Duration {
    let most = BACKOFF.saturating_mul(attempt);
    let most = u64::try_from(most.as_millis()).unwrap_or(u64::MAX).max(1);
    Duration::from_millis(u64::from_be_bytes(random::bytes()) % most)
}

impl Answer {
    /// Adds a piece. `false` if it is longer than an answer may be.
    fn take(&mut self, delta: Delta) -> bool {
        match delta {
            Delta::Text(text) => {
                self.bytes += text.len();
                let room = MAX_MESSAGE_BYTES - self.text.len();
                let end = (0..=room.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
                let fits = &text[..end.unwrap_or(0)];
                self.text.push_str(fits);
                self.seen.push(fits);
                return fits.len() == text.len();
            }
            Delta::CallStart { index, name } => {
                self.bytes += name.len();
                if index >= MAX_CALLS {
                    return false;
                }
                while self.calls.len() <= index {
                    self.calls.push(WantedCall::default());
                }
                self.calls[index].name = name;
            }
            Delta::CallArguments { index, fragment } => {
                self.bytes += fragment.len();
                let Some(call) = self.calls.get_mut(index) else { return true };
                if call.arguments.len() + fragment.len() > MAX_ARGUMENTS {
                    call.is_too_long = true;
                    call.arguments.clear();
                }
                if !call.is_too_long {
                    call.arguments.push_str(&fragment);
                }
            }
            Delta::Stop(reason) => {
                self.end = match reason {
                    StopReason::Done => AnswerEnd::Done,
                    StopReason::Length => AnswerEnd::Length,
                    StopReason::Filtered => AnswerEnd::Filtered,
                };
            }
            Delta::Usage(usage) => self.usage = Some(usage),
        }
        true
    }

    /// Whether people see nothing of its text.
    pub(super) fn is_blank(&self) -> bool {
        self.seen.is_blank()
    }

    /// The same when nothing more comes. Where it says nothing and calls nothing, there is no answer.
    fn complete(mut self) -> Self {
        let is_empty = self.is_blank() && self.calls.is_empty();
        self.end = match self.end {
            AnswerEnd::Done if is_empty => AnswerEnd::Failed(ModelError::Malformed),
            AnswerEnd::Stopped => AnswerEnd::Failed(ModelError::Cut),
            end => end,
        };
        self
    }
}
