//! A history for a model that has no tools now: servers refuse calls in a request that defines none. They become
//! a part of what the agent said.

use super::turns::join;
use crate::agent::model::{ModelCall, ModelMessage};

/// Asks for an answer, where the history ends with a call.
const GO_ON: &str = "(Go on.)";

/// The same messages, in which no tool is called.
pub(in crate::agent) fn without_calls(messages: Vec<ModelMessage>) -> Vec<ModelMessage> {
    let mut folded: Vec<ModelMessage> = Vec::new();
    let mut called: Vec<ModelCall> = Vec::new();
    for message in messages {
        let said = match message {
            ModelMessage::User(_) => {
                folded.push(message);
                continue;
            }
            ModelMessage::Assistant { text, calls } => {
                called = calls;
                text
            }
            ModelMessage::Output { call, text, .. } => {
                let called = called.iter().find(|known| known.id == call);
                let (name, arguments) = called
                    .map_or(("", ""), |called| (called.name.as_str(), called.arguments.as_str()));
                format!("(I called the tool {name} with {arguments}. It returned:)\n{text}")
            }
        };
        match folded.last_mut() {
            Some(ModelMessage::Assistant { text, .. }) => join(text, &said),
            _ => folded.push(ModelMessage::Assistant { text: said, calls: Vec::new() }),
        }
    }
    if matches!(folded.last(), Some(ModelMessage::Assistant { .. })) {
        folded.push(ModelMessage::User(GO_ON.to_owned()));
    }
    folded
}
