//! The stream of OpenAI's Responses API.
//!
//! It has exactly the events that OpenAI's SDKs read: one that they do not know ends the stream of the one for
//! Node.js. It ends with one of `response.completed`, `.incomplete` and `.failed`, which holds all items.

use serde_json::{Value, json};

use super::Wire;
use crate::agent::turn::TurnEvent;
use crate::model::{CallStatus, ConversationItemId, Response, TurnStatus};

/// A rendering from its beginning, or behind a number.
pub(in crate::agent) struct Responses {
    /// The number of the next event.
    next: u64,
    /// The number of the last one that the client has.
    after: Option<u64>,
}

impl Responses {
    /// The events behind this number, or all.
    pub(in crate::agent) fn behind(after: Option<u64>) -> Self {
        Self { next: 0, after }
    }
}

impl Wire for Responses {
    fn render(&mut self, event: &TurnEvent, out: &mut String) {
        match event {
            TurnEvent::Started(response) => {
                self.send(out, "response.created", json!({ "response": response }));
            }
            TurnEvent::MessageStarted { index, id } => {
                let item = json!({
                    "id": id, "type": "message", "status": "in_progress", "role": "assistant",
                    "content": [],
                });
                self.send(out, "response.output_item.added", of_item(*index, &item));
                let members = of_part(*index, id, "part", part(""));
                self.send(out, "response.content_part.added", members);
            }
            TurnEvent::Text { index, id, text } => {
                let mut members = of_part(*index, id, "delta", json!(text));
                members["logprobs"] = json!([]);
                self.send(out, "response.output_text.delta", members);
            }
            TurnEvent::MessageDone { index, message } => {
                let (id, text) = (&message.id, message.text());
                let mut members = of_part(*index, id, "text", json!(text));
                members["logprobs"] = json!([]);
                self.send(out, "response.output_text.done", members);
                let members = of_part(*index, id, "part", part(&text));
                self.send(out, "response.content_part.done", members);
                self.send(out, "response.output_item.done", of_item(*index, &json!(message)));
            }
            TurnEvent::CallWritten { index, call } => {
                self.send(out, "response.output_item.added", of_item(*index, &json!(call)));
                self.send(out, "response.mcp_call.in_progress", of_call(*index, &call.id));
                let mut members = of_call(*index, &call.id);
                members["arguments"] = json!(call.arguments);
                self.send(out, "response.mcp_call_arguments.done", members);
            }
            TurnEvent::CallReturned { index, call } => {
                let name = match call.status {
                    CallStatus::Completed => "response.mcp_call.completed",
                    _ => "response.mcp_call.failed",
                };
                self.send(out, name, of_call(*index, &call.id));
                self.send(out, "response.output_item.done", of_item(*index, &json!(call)));
            }
            TurnEvent::Ended(response) => self.end(out, response),
        }
    }
}

impl Responses {
    /// The end, which every client gets.
    fn end(&mut self, out: &mut String, response: &Response) {
        // There is no event for a response that was stopped.
        let name = match response.status {
            TurnStatus::Completed => "response.completed",
            TurnStatus::Failed => "response.failed",
            TurnStatus::Incomplete | TurnStatus::Cancelled | TurnStatus::InProgress => {
                "response.incomplete"
            }
        };
        self.after = None;
        self.send(out, name, json!({ "response": response }));
    }

    fn send(&mut self, out: &mut String, name: &str, mut members: Value) {
        let number = self.next;
        self.next += 1;
        if self.after.is_some_and(|after| number <= after) {
            return;
        }
        members["type"] = json!(name);
        members["sequence_number"] = json!(number);
        out.push_str(&format!("event: {name}\ndata: {members}\n\n"));
    }
}

fn of_item(index: usize, item: &Value) -> Value {
    json!({ "output_index": index, "item": item })
}

fn of_call(index: usize, id: &ConversationItemId) -> Value {
    json!({ "output_index": index, "item_id": id })
}

fn of_part(index: usize, id: &ConversationItemId, name: &str, value: Value) -> Value {
    let mut members = of_call(index, id);
    members["content_index"] = json!(0);
    members[name] = value;
    members
}

fn part(text: &str) -> Value {
    json!({ "type": "output_text", "text": text, "annotations": [], "logprobs": [] })
}
