use aws_sdk_bedrockruntime::types::{
    ContentBlockDeltaEvent, ContentBlockStartEvent, ContentBlockStopEvent, ConversationRole,
    ConverseStreamMetadataEvent, MessageStartEvent, MessageStopEvent, ToolUseBlockDelta,
    ToolUseBlockStart,
};

use super::*;

fn read(events: Vec<Event>) -> Result<Vec<Delta>, ModelError> {
    let mut answer = Answer::default();
    let mut deltas = Vec::new();
    for event in events {
        deltas.extend(answer.take(event)?);
    }
    Ok(deltas)
}

fn begins() -> Event {
    let event = MessageStartEvent::builder().role(ConversationRole::Assistant).build();
    Event::MessageStart(event.unwrap())
}

fn piece(block: i32, delta: ContentBlockDelta) -> Event {
    let event = ContentBlockDeltaEvent::builder().content_block_index(block).delta(delta).build();
    Event::ContentBlockDelta(event.unwrap())
}

fn text(block: i32, text: &str) -> Event {
    piece(block, ContentBlockDelta::Text(text.to_owned()))
}

fn called(block: i32, name: &str) -> Event {
    let call = ToolUseBlockStart::builder().tool_use_id("tooluse_a").name(name).build().unwrap();
    let event = ContentBlockStartEvent::builder().content_block_index(block);
    Event::ContentBlockStart(event.start(ContentBlockStart::ToolUse(call)).build().unwrap())
}

fn arguments(block: i32, input: &str) -> Event {
    let delta = ToolUseBlockDelta::builder().input(input).build().unwrap();
    piece(block, ContentBlockDelta::ToolUse(delta))
}

fn ends(block: i32) -> Event {
    let event = ContentBlockStopEvent::builder().content_block_index(block).build();
    Event::ContentBlockStop(event.unwrap())
}

fn stops(reason: Reason) -> Event {
    Event::MessageStop(MessageStopEvent::builder().stop_reason(reason).build().unwrap())
}

#[test]
fn calls_are_numbered_in_their_order_whatever_the_numbers_of_their_blocks() {
    let thought = ReasoningContentBlockDelta::Text("hm".to_owned());
    let deltas = read(vec![
        begins(),
        piece(0, ContentBlockDelta::ReasoningContent(thought)),
        ends(0),
        text(1, "I "),
        text(1, ""),
        text(1, "look."),
        ends(1),
        called(2, "search"),
        arguments(2, "{\"query\""),
        arguments(2, ""),
        arguments(2, ":1}"),
        ends(2),
        called(4, "echo"),
        arguments(4, "{}"),
        arguments(9, "of no call"),
        ends(4),
        stops(Reason::ToolUse),
        text(5, "late"),
    ]);
    let arguments = |index: usize, fragment: &str| {
        let fragment = fragment.to_owned();
        Delta::CallArguments { index, fragment }
    };
    let expected = [
        Delta::Text("I ".to_owned()),
        Delta::Text("look.".to_owned()),
        Delta::CallStart { index: 0, name: "search".to_owned() },
        arguments(0, "{\"query\""),
        arguments(0, ":1}"),
        Delta::CallStart { index: 1, name: "echo".to_owned() },
        arguments(1, "{}"),
        Delta::Stop(StopReason::Done),
    ];
    assert_eq!(deltas.unwrap(), expected);
}

#[test]
fn every_reason_to_stop_is_known() {
    for (reason, expected) in [
        ("end_turn", Some(StopReason::Done)),
        ("tool_use", Some(StopReason::Done)),
        ("stop_sequence", Some(StopReason::Done)),
        ("one_of_next_year", Some(StopReason::Done)),
        ("max_tokens", Some(StopReason::Length)),
        ("model_context_window_exceeded", Some(StopReason::Length)),
        ("content_filtered", Some(StopReason::Filtered)),
        ("guardrail_intervened", Some(StopReason::Filtered)),
        ("malformed_tool_use", None),
        ("malformed_model_output", None),
    ] {
        let read = read(vec![stops(Reason::from(reason))]);
        match expected {
            Some(stop) => assert_eq!(read.unwrap(), [Delta::Stop(stop)], "{reason}"),
            None => assert!(matches!(read, Err(ModelError::Malformed)), "{reason}"),
        }
    }
}

#[test]
fn what_is_kept_is_part_of_the_request() {
    let usage = TokenUsage::builder()
        .input_tokens(40)
        .output_tokens(10)
        .total_tokens(110)
        .cache_read_input_tokens(50)
        .cache_write_input_tokens(10);
    let event = ConverseStreamMetadataEvent::builder().usage(usage.build().unwrap()).build();
    let deltas = read(vec![stops(Reason::EndTurn), Event::Metadata(event)]).unwrap();
    let expected = Usage { input: 100, cached: 50, output: Some(10), reasoning: 0 };
    assert_eq!(deltas[1], Delta::Usage(expected));
}

#[test]
fn an_answer_without_an_end_is_too_long() {
    let long = "a".repeat(MAX_ANSWER / 2);
    let thought = ReasoningContentBlockDelta::Text(long.clone());
    let events =
        vec![piece(0, ContentBlockDelta::ReasoningContent(thought)), text(1, &long), text(1, "a")];
    assert!(matches!(read(events), Err(ModelError::TooLong)));
}
