//! The history of a conversation as a model gets it.
//!
//! Servers refuse much that a stored history may hold: a call without its output, an empty text, two turns
//! of the user in a row, arguments that are no JSON. One such message would make every later turn of the
//! conversation fail. So [`to_model`] makes a valid request of any items whatsoever, and the adapters
//! translate it without a look.

mod fold;
mod shrink;
#[cfg(test)]
mod tests;
mod turns;

pub(super) use fold::without_calls;

use self::turns::{Call, turns};
use super::model::{ModelCall, ModelMessage};
use crate::store::conversations::ItemRecord;

/// Closes a turn that ended without an answer.
const NO_ANSWER: &str = "(The answer was interrupted here.)";

/// The messages of a request with this history, in at most about `budget` bytes. It begins with the user,
/// and ends with what the model is to answer.
pub(super) fn to_model(items: &[ItemRecord], budget: usize) -> Vec<ModelMessage> {
    let mut turns = turns(items);
    shrink::to(&mut turns, budget);
    let mut messages = Vec::new();
    let last = turns.len().saturating_sub(1);
    for (place, turn) in turns.into_iter().enumerate() {
        messages.push(ModelMessage::User(turn.user));
        let is_open = turn.steps.last().is_none_or(|step| !step.calls.is_empty());
        for step in turn.steps {
            let (calls, outputs) = step.calls.into_iter().map(Call::into_messages).unzip();
            let outputs: Vec<ModelMessage> = outputs;
            messages.push(ModelMessage::Assistant { text: step.text, calls });
            messages.extend(outputs);
        }
        if is_open && place < last {
            let (text, calls) = (NO_ANSWER.to_owned(), Vec::new());
            messages.push(ModelMessage::Assistant { text, calls });
        }
    }
    messages
}

/// How many bytes of text messages have.
pub(super) fn bytes(messages: &[ModelMessage]) -> usize {
    let of = |message: &ModelMessage| match message {
        ModelMessage::User(text) | ModelMessage::Output { text, .. } => text.len(),
        ModelMessage::Assistant { text, calls } => {
            let of_call = |call: &ModelCall| call.name.len() + call.arguments.len();
            text.len() + calls.iter().map(of_call).sum::<usize>()
        }
    };
    messages.iter().map(of).sum()
}
