use std::collections::HashSet;

use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, Message, ToolResultContentBlock,
};
use fastrand::Rng;
use serde_json::Value;

use super::shrink::BEGINNING_LEFT_OUT;
use super::turns::{DELETED, is_blank};
use super::*;
use crate::agent::model::converse_messages;
use crate::model::{
    ConversationItem, ConversationItemId, MessageStatus, MessageText, Time, ToolCall,
};

fn id(place: u32) -> ConversationItemId {
    ConversationItemId::at_place(Time::from_millis(0), place)
}

fn user(place: u32, text: &str) -> ItemRecord {
    ItemRecord::of_user(ConversationItem::of_user(id(place), vec![MessageText::trusted(text)]))
}

fn agent(place: u32, step: u32, text: &str) -> ItemRecord {
    let status = MessageStatus::Completed;
    ItemRecord {
        item: ConversationItem::of_agent(id(place), text.to_owned(), status),
        step: Some(step),
    }
}

fn called(place: u32, step: u32, output: &str) -> ItemRecord {
    let call = ToolCall::new(id(place), "search".to_owned(), "{\"query\":\"a\"}".to_owned());
    ItemRecord { item: ConversationItem::Call(call.completed(output.to_owned())), step: Some(step) }
}

/// What every server takes, and each of these rules is one of some server.
fn check(messages: &[ModelMessage]) -> Result<(), String> {
    let mut waiting: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    let mut before: Option<&ModelMessage> = None;
    for message in messages {
        match message {
            ModelMessage::User(text) => {
                let fits = matches!(before, None | Some(ModelMessage::Assistant { .. }));
                if !fits || !waiting.is_empty() || is_blank(text) {
                    return Err(format!("the user after {before:?}: {text:?}"));
                }
            }
            ModelMessage::Assistant { text, calls } => {
                let fits =
                    matches!(before, Some(ModelMessage::User(_) | ModelMessage::Output { .. }));
                if !fits || !waiting.is_empty() || (is_blank(text) && calls.is_empty()) {
                    return Err(format!("the agent after {before:?}: {text:?}"));
                }
                for call in calls {
                    let of_name = |char: char| char.is_ascii_alphanumeric() || "_-".contains(char);
                    let is_name =
                        (1..=64).contains(&call.name.len()) && call.name.chars().all(of_name);
                    let of_id = |char: char| char.is_ascii_alphanumeric();
                    let is_id = call.id.len() == 9 && call.id.chars().all(of_id);
                    let arguments: Value =
                        serde_json::from_str(&call.arguments).unwrap_or_default();
                    if !is_name || !is_id || !arguments.is_object() || !seen.insert(&call.id) {
                        return Err(format!("{call:?}"));
                    }
                    waiting.push(call.id.clone());
                }
            }
            ModelMessage::Output { call, text, .. } => {
                if waiting.first() != Some(call) || is_blank(text) {
                    return Err(format!("the output of {call} while {waiting:?} wait"));
                }
                waiting.remove(0);
            }
        }
        before = Some(message);
    }
    match (messages.first(), waiting.as_slice()) {
        (None | Some(ModelMessage::User(_)), []) => Ok(()),
        first => Err(format!("{first:?}")),
    }
}

/// What Bedrock takes: the roles alternate and begin with the user; every message says something; and the user answers
/// all calls of a message in the next one, with nothing else in it.
fn check_converse(messages: &[Message]) -> Result<(), String> {
    let fits = |text: &str, marks: &str| {
        let of = |char: char| char.is_ascii_alphanumeric() || marks.contains(char);
        (1..=64).contains(&text.len()) && text.chars().all(of)
    };
    let mut waiting: Vec<&str> = Vec::new();
    for (place, message) in messages.iter().enumerate() {
        let is_user = message.role == ConversationRole::User;
        if is_user != (place % 2 == 0) || message.content.is_empty() {
            return Err(format!("message {place} is {message:?}"));
        }
        let mut called = Vec::new();
        let mut answered = Vec::new();
        for block in &message.content {
            let is_fine = match block {
                ContentBlock::Text(text) => !is_blank(text) && (!is_user || waiting.is_empty()),
                ContentBlock::ToolUse(call) => {
                    called.push(call.tool_use_id.as_str());
                    let is_call = fits(&call.tool_use_id, "_.:-") && fits(&call.name, "_-");
                    !is_user && is_call && call.input.is_object()
                }
                ContentBlock::ToolResult(result) => {
                    answered.push(result.tool_use_id.as_str());
                    let [ToolResultContentBlock::Text(text)] = result.content.as_slice() else {
                        return Err(format!("{result:?}"));
                    };
                    is_user && !is_blank(text)
                }
                _ => false,
            };
            if !is_fine {
                return Err(format!("{block:?} in message {place}"));
            }
        }
        if is_user && answered != waiting {
            return Err(format!("{waiting:?} wait, and message {place} is {message:?}"));
        }
        waiting = called;
    }
    if waiting.is_empty() { Ok(()) } else { Err(format!("{waiting:?} wait at the end")) }
}

/// Anything that a conversation may hold, and more.
fn random(rng: &mut Rng, longest: usize) -> Vec<ItemRecord> {
    let texts = ["", " \n", "a", "é\u{1f600}", "{", "a longer text with words"];
    let text = |rng: &mut Rng| match rng.u8(..10) {
        0 => "long ".repeat(rng.usize(..longest)),
        _ => (*rng.choice(&texts).unwrap()).to_owned(),
    };
    let names = ["search", "", "post get", "пост", "x", "post_propose"];
    let mut step = 0;
    let mut records = Vec::new();
    for place in 0..rng.u32(1..40) {
        if rng.bool() {
            step = place;
        }
        let item = match rng.u8(..4) {
            0 => {
                let parts = (0..rng.usize(..3)).map(|_| MessageText::trusted(text(rng))).collect();
                records.push(ItemRecord::of_user(ConversationItem::of_user(id(place), parts)));
                continue;
            }
            1 => ConversationItem::of_agent(id(place), text(rng), MessageStatus::Incomplete),
            _ => {
                let mut name = (*rng.choice(&names).unwrap()).to_owned();
                if rng.u8(..8) == 0 {
                    name = name.repeat(20);
                }
                let arguments = if rng.bool() {
                    serde_json::json!({ "text": text(rng) }).to_string()
                } else {
                    text(rng)
                };
                let call = ToolCall::new(id(place), name, arguments);
                ConversationItem::Call(match rng.u8(..4) {
                    0 => call,
                    1 => call.completed(text(rng)),
                    2 => call.failed(text(rng)),
                    _ => call.interrupted(),
                })
            }
        };
        records.push(ItemRecord { item, step: Some(step) });
    }
    records
}

#[test]
fn any_history_becomes_a_request_that_every_server_takes() {
    let mut rng = Rng::with_seed(15);
    for round in 0..3000 {
        let records = random(&mut rng, 60);
        let messages = to_model(&records, usize::MAX);
        check(&messages).unwrap_or_else(|fault| panic!("round {round}: {fault}\n{records:#?}"));
        check_converse(&converse_messages(&messages))
            .unwrap_or_else(|fault| panic!("round {round}: {fault}\n{records:#?}"));
    }
}

#[test]
fn a_history_of_any_length_fits_and_stays_valid() {
    let mut rng = Rng::with_seed(16);
    for round in 0..500 {
        let records = random(&mut rng, 3000);
        let budget = rng.usize(80_000..200_000);
        let messages = to_model(&records, budget);
        check(&messages).unwrap_or_else(|fault| panic!("round {round}: {fault}\n{records:#?}"));
        check_converse(&converse_messages(&messages))
            .unwrap_or_else(|fault| panic!("round {round}: {fault}\n{records:#?}"));
        assert!(bytes(&messages) <= budget, "round {round}: {} of {budget}", bytes(&messages));
        let whole = to_model(&records, usize::MAX);
        let fits = bytes(&whole) + 200 * whole.len() <= budget;
        assert!(!fits || whole == messages, "round {round}: it was shortened without need");
    }
}

#[test]
fn a_history_without_tools_has_no_calls_and_ends_with_the_user() {
    let mut rng = Rng::with_seed(17);
    for round in 0..1000 {
        let records = random(&mut rng, 60);
        let messages = without_calls(to_model(&records, usize::MAX));
        check(&messages).unwrap_or_else(|fault| panic!("round {round}: {fault}\n{records:#?}"));
        let is_plain = |message: &ModelMessage| match message {
            ModelMessage::User(_) => true,
            ModelMessage::Assistant { calls, .. } => calls.is_empty(),
            ModelMessage::Output { .. } => false,
        };
        assert!(messages.iter().all(is_plain), "round {round}: {messages:?}");
        assert!(matches!(messages.last(), None | Some(ModelMessage::User(_))), "round {round}");
    }
    let records = [user(0, "Find it"), agent(1, 1, "I look."), called(2, 1, "one")];
    let said = "I look.\n\n(I called the tool search with {\"query\":\"a\"}. It returned:)\none";
    let expected = [
        ModelMessage::User("Find it".to_owned()),
        ModelMessage::Assistant { text: said.to_owned(), calls: Vec::new() },
        ModelMessage::User("(Go on.)".to_owned()),
    ];
    assert_eq!(without_calls(to_model(&records, usize::MAX)), expected);
}

#[test]
fn of_what_the_last_step_returned_as_much_stays_as_fits() {
    let outputs = ["x".repeat(3000), "x".repeat(30_000), "x".repeat(2000), "x".repeat(20_000)];
    let mut records = vec![user(0, "Find it")];
    for (output, place) in outputs.iter().zip(1..) {
        records.push(called(place, 1, output));
    }
    let kept = |budget: usize| -> Vec<bool> {
        let messages = to_model(&records, budget);
        let outputs = messages.iter().filter_map(|message| match message {
            ModelMessage::Output { text, .. } => Some(text.starts_with('x')),
            _ => None,
        });
        outputs.collect()
    };
    assert_eq!(kept(60_000), [true; 4]);
    assert_eq!(kept(30_000), [true, false, true, true], "the longest goes first");
    assert_eq!(kept(10_000), [true, false, true, false]);
    assert_eq!(kept(4000), [false, false, true, false]);
}

#[test]
fn calls_of_one_answer_stay_together_and_what_is_missing_is_said() {
    let text = |text: &str, calls: Vec<ModelCall>| ModelMessage::Assistant {
        text: text.to_owned(),
        calls,
    };
    let call = |place: u32| ModelCall {
        id: format!("call{place:05}"),
        name: "search".to_owned(),
        arguments: "{\"query\":\"a\"}".to_owned(),
    };
    let output = |place: u32, text: &str| ModelMessage::Output {
        call: format!("call{place:05}"),
        text: text.to_owned(),
        failed: false,
    };
    let says = |text: &str| ModelMessage::User(text.to_owned());
    let records = [
        user(0, "Find it"),
        agent(1, 1, "I look."),
        called(2, 1, "one"),
        called(3, 1, "two"),
        called(4, 4, "three"),
        // The turn ended here, and two messages were added.
        user(5, "And?"),
        user(6, "Well?"),
        agent(7, 7, "Found."),
        user(8, "Thanks"),
    ];
    let expected = [
        says("Find it"),
        text("I look.", vec![call(2), call(3)]),
        output(2, "one"),
        output(3, "two"),
        text("", vec![call(4)]),
        output(4, "three"),
        text(NO_ANSWER, vec![]),
        says("And?\n\nWell?"),
        text("Found.", vec![]),
        says("Thanks"),
    ];
    assert_eq!(to_model(&records, usize::MAX), expected);
    // Somebody deleted what was asked, and a call between two texts.
    let records = [agent(1, 1, "I look."), agent(3, 3, "Found."), user(4, "Thanks")];
    let expected = [says(DELETED), text("I look.\n\nFound.", vec![]), says("Thanks")];
    assert_eq!(to_model(&records, usize::MAX), expected);
}

#[test]
fn what_tools_returned_long_ago_goes_first_then_the_oldest_turns() {
    let long = "x".repeat(10_000);
    let mut records = Vec::new();
    for turn in 0..6 {
        let place = turn * 10;
        records.push(user(place, &format!("Question {turn}")));
        records.push(called(place + 1, place + 1, &long));
        records.push(agent(place + 2, place + 2, &format!("Answer {turn}")));
    }
    let outputs = |budget: usize| -> Vec<bool> {
        let messages = to_model(&records, budget);
        let outputs = messages.iter().filter_map(|message| match message {
            ModelMessage::Output { text, .. } => Some(*text == long),
            _ => None,
        });
        outputs.collect()
    };
    assert_eq!(outputs(70_000), [true; 6]);
    assert_eq!(outputs(40_000), [false, false, false, true, true, true]);
    assert_eq!(outputs(20_000), [false, false, false, false, false, true]);
    assert_eq!(outputs(10_400), [true], "older turns are left out");
    let messages = to_model(&records, 10_400);
    assert_eq!(messages[0], ModelMessage::User(format!("{BEGINNING_LEFT_OUT}\n\nQuestion 5")));
    let short = to_model(&records, 5_000);
    let ModelMessage::Output { text, .. } = &short[2] else { panic!("{short:?}") };
    assert_eq!(text, "(Left out: 10000 characters. Call the tool again if you need them.)");
}
