//! The items of a conversation as turns: a message of the user, and what came of it.

use serde_json::Value;

use crate::agent::model::{ModelCall, ModelMessage};
use crate::model::{CallStatus, ConversationItem, MessageRole, ToolCall};
use crate::store::conversations::ItemRecord;

/// In place of a message that was deleted, where an answer to it is left.
pub(super) const DELETED: &str = "(A message was deleted here.)";

/// What a tool returned that returned nothing.
const NO_OUTPUT: &str = "(no output)";

/// A message of the user, and what came of it.
#[derive(Debug, Default)]
pub(super) struct Turn {
    pub(super) user: String,
    pub(super) steps: Vec<Step>,
}

/// An answer of the model, with the outputs of its calls.
#[derive(Debug, Default)]
pub(super) struct Step {
    id: Option<u32>,
    pub(super) text: String,
    pub(super) calls: Vec<Call>,
}

/// A call, as the model gets it back.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) call: ModelCall,
    pub(super) output: String,
    failed: bool,
}

/// The turns of these items, oldest first.
pub(super) fn turns(items: &[ItemRecord]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for record in items {
        match &record.item {
            ConversationItem::Message(message) if message.role == MessageRole::User => {
                let text = message.text();
                match turns.last_mut() {
                    // What was said without an answer is one message.
                    Some(turn) if turn.steps.is_empty() => join(&mut turn.user, &text),
                    _ => turns.push(Turn { user: text, steps: Vec::new() }),
                }
            }
            ConversationItem::Message(message) => {
                let text = message.text();
                if !is_blank(&text) {
                    join(&mut step(&mut turns, record.step).text, &text);
                }
            }
            ConversationItem::Call(call) => {
                step(&mut turns, record.step).calls.push(Call::of(call));
            }
        }
    }
    for turn in &mut turns {
        if is_blank(&turn.user) {
            DELETED.clone_into(&mut turn.user);
        }
    }
    turns
}

/// The step that an item of the agent belongs to.
fn step(turns: &mut Vec<Turn>, id: Option<u32>) -> &mut Step {
    if turns.is_empty() {
        turns.push(Turn::default());
    }
    let steps = &mut turns.last_mut().expect("a turn is there").steps;
    // An answer without calls is the last of its turn. If another one follows, calls between them were
    // deleted, and the two are one.
    let goes_on = steps.last().is_some_and(|step| step.calls.is_empty() || step.id == id);
    if !goes_on {
        steps.push(Step { id, ..Step::default() });
    }
    let step = steps.last_mut().expect("a step is there");
    step.id = id;
    step
}

impl Call {
    fn of(call: &ToolCall) -> Self {
        let interrupted;
        let ended = match call.status {
            CallStatus::Calling => {
                interrupted = call.clone().interrupted();
                &interrupted
            }
            CallStatus::Completed | CallStatus::Failed | CallStatus::Incomplete => call,
        };
        let output = ended.returned().filter(|text| !is_blank(text)).unwrap_or(NO_OUTPUT);
        let is_object = serde_json::from_str::<Value>(&call.arguments).is_ok_and(|v| v.is_object());
        Self {
            call: ModelCall {
                id: format!("call{:05}", call.id.place() % 100_000),
                name: name(&call.name),
                arguments: if is_object { call.arguments.clone() } else { "{}".to_owned() },
            },
            output: output.to_owned(),
            failed: ended.status != CallStatus::Completed,
        }
    }

    pub(super) fn into_messages(self) -> (ModelCall, ModelMessage) {
        let Self { call, output: text, failed } = self;
        let output = ModelMessage::Output { call: call.id.clone(), text, failed };
        (call, output)
    }
}

/// The name of a tool as servers take it. A model may invent any.
fn name(written: &str) -> String {
    let plain = |char: char| if char.is_ascii_alphanumeric() || char == '-' { char } else { '_' };
    let name: String = written.chars().take(64).map(plain).collect();
    if name.is_empty() { "unknown".to_owned() } else { name }
}

pub(super) fn join(text: &mut String, more: &str) {
    if is_blank(more) {
        return;
    }
    if is_blank(text) {
        text.clear();
    } else {
        text.push_str("\n\n");
    }
    text.push_str(more);
}

pub(super) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
