//! The UI message stream of the AI SDK, which `useChat` reads. It has no numbers: who takes it up again reads
//! all of it.

use serde_json::{Value, json};

use super::Wire;
use crate::agent::turn::TurnEvent;
use crate::model::{CallStatus, ConversationItemId, Response, ToolCall, TurnReason, TurnStatus};

/// A rendering from its beginning.
#[derive(Default)]
pub(in crate::agent) struct UiMessages {
    /// The message that is being said.
    open: Option<ConversationItemId>,
}

impl Wire for UiMessages {
    fn render(&mut self, event: &TurnEvent, out: &mut String) {
        match event {
            TurnEvent::Started(response) => {
                // Where the client finds the conversation again, and what it stops.
                let metadata = json!({
                    "conversation_id": response.conversation.id, "response_id": response.id,
                });
                send(
                    out,
                    "start",
                    json!({ "messageId": response.id, "messageMetadata": metadata }),
                );
                send(out, "start-step", json!({}));
            }
            TurnEvent::MessageStarted { id, .. } => {
                self.open = Some(id.clone());
                send(out, "text-start", json!({ "id": id }));
            }
            TurnEvent::Text { id, text, .. } => {
                send(out, "text-delta", json!({ "id": id, "delta": text }));
            }
            TurnEvent::MessageDone { .. } => self.close(out),
            TurnEvent::CallWritten { call, .. } => {
                let mut members = of_call(call);
                members["toolName"] = json!(call.name);
                send(out, "tool-input-start", members.clone());
                // Models write what is no JSON, too. It is shown as it is.
                let text = || json!(call.arguments);
                members["input"] = serde_json::from_str(&call.arguments).unwrap_or_else(|_| text());
                send(out, "tool-input-available", members);
            }
            TurnEvent::CallReturned { call, .. } => {
                let (mut members, returned) = (of_call(call), call.returned().unwrap_or_default());
                if call.status == CallStatus::Completed {
                    members["output"] = json!(returned);
                    send(out, "tool-output-available", members);
                } else {
                    members["errorText"] = json!(returned);
                    send(out, "tool-output-error", members);
                }
            }
            TurnEvent::Ended(response) => self.end(out, response),
        }
    }
}

impl UiMessages {
    fn close(&mut self, out: &mut String) {
        if let Some(id) = self.open.take() {
            send(out, "text-end", json!({ "id": id }));
        }
    }

    fn end(&mut self, out: &mut String, response: &Response) {
        // What was being said when a process ended stays as it is.
        self.close(out);
        send(out, "finish-step", json!({}));
        match response.status {
            TurnStatus::Cancelled => send(out, "abort", json!({})),
            TurnStatus::Failed => {
                let message = response.error.as_ref().map(|error| error.message.as_str());
                send(out, "error", json!({ "errorText": message.unwrap_or_default() }));
            }
            TurnStatus::Completed | TurnStatus::Incomplete | TurnStatus::InProgress => {
                let reason = response.incomplete_details.as_ref().map(|details| details.reason);
                let finish = match reason {
                    None => "stop",
                    Some(TurnReason::MaxOutputTokens) => "length",
                    Some(TurnReason::ContentFilter) => "content-filter",
                    Some(_) => "other",
                };
                let metadata = json!({ "status": response.status, "reason": reason });
                send(out, "finish", json!({ "finishReason": finish, "messageMetadata": metadata }));
            }
        }
        out.push_str("data: [DONE]\n\n");
    }
}

/// The server runs its tools itself, and clients know none of them.
fn of_call(call: &ToolCall) -> Value {
    json!({ "toolCallId": call.id, "dynamic": true, "providerExecuted": true })
}

fn send(out: &mut String, name: &str, mut members: Value) {
    members["type"] = json!(name);
    out.push_str(&format!("data: {members}\n\n"));
}
