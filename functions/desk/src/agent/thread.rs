//! What was said and done in a conversation.

use byline_shared::Context;
use byline_shared::agent::Opened;
use byline_shared::http::problem::Problem;
use byline_shared::model::{
    ConversationItem, ConversationMessage, MessageRole, MessageStatus, Time, TooComplex, ToolCall,
};
use byline_shared::publishing;
use maud::{Markup, PreEscaped, html};

use super::{calls, turns};
use crate::parts;

/// The anchor of the user's last message, where a sent form leads to.
pub(crate) const LATEST: &str = "latest";

/// A part of what stands there.
enum Block<'a> {
    /// The user said something.
    User(&'a ConversationMessage),
    /// The agent said and did something.
    Agent(Time, Vec<Part<'a>>),
    /// A turn ended.
    End(Markup),
}

enum Part<'a> {
    Says(Markup),
    Does(Vec<&'a ToolCall>),
}

/// What was said and done, and how each turn ended. Behind it stands what there is to say of the turn that runs.
///
/// The last turn has an element of its own, which agent.js keeps up to date.
///
/// # Errors
/// As any computation.
pub(crate) async fn thread(
    cx: &Context,
    opened: &Opened,
    running: Option<Markup>,
) -> Result<Markup, Problem> {
    let now = &parts::Now::of(cx);
    let mut rendered = rendered(cx, opened).await?.into_iter();
    let from = opened.turns.first().map_or(u32::MAX, |turn| turn.places.start);
    let split = opened.items.partition_point(|item| item.id().place() < from);
    let (before, last) = opened.items.split_at(split);
    let before = blocks(opened, before, &mut rendered);
    let last = blocks(opened, last, &mut rendered);
    let is_anchored = !last.iter().any(|block| matches!(block, Block::User(_)));
    Ok(html! {
        div.thread {
            (told(now, &before, is_anchored))
            (turn(opened, &told(now, &last, true), running))
        }
    })
}

/// The last turn alone, as [`thread`] has it.
///
/// # Errors
/// As any computation.
pub(crate) async fn last_turn(
    cx: &Context,
    opened: &Opened,
    running: Option<Markup>,
) -> Result<Markup, Problem> {
    let mut rendered = rendered(cx, opened).await?.into_iter();
    let blocks = blocks(opened, &opened.items, &mut rendered);
    Ok(turn(opened, &told(&parts::Now::of(cx), &blocks, true), running))
}

fn turn(opened: &Opened, told: &Markup, running: Option<Markup>) -> Markup {
    let id = opened.turns.first().map(|turn| turn.id.as_str()).unwrap_or_default();
    html! {
        div.thread data-turn=(id) aria-busy=[running.is_some().then_some("true")] {
            div.thread { (told) }
            @if let Some(running) = running { (running) }
        }
    }
}

/// What stands there. The user's last message is what a sent form leads to.
fn told(now: &parts::Now, blocks: &[Block<'_>], is_anchored: bool) -> Markup {
    let last = blocks.iter().rposition(|block| matches!(block, Block::User(_)));
    let last = last.filter(|_| is_anchored);
    html! {
        @for (at, block) in blocks.iter().enumerate() {
            @match block {
                Block::User(message) => {
                    article.said.mine id=[(Some(at) == last).then_some(LATEST)] {
                        (who(now, "You", message.id.time()))
                        p.keep { (message.text()) }
                    }
                }
                Block::Agent(time, parts) => {
                    article.said {
                        (who(now, "Agent", *time))
                        @for part in parts { (part_of(part)) }
                    }
                }
                Block::End(words) => (words),
            }
        }
    }
}

fn who(now: &parts::Now, name: &str, time: Time) -> Markup {
    html! { h2.who { (name) " " span.quiet { (parts::time(now, time)) } } }
}

fn part_of(part: &Part<'_>) -> Markup {
    match part {
        Part::Says(text) => text.clone(),
        Part::Does(made) => html! { ul.did { @for call in made { (calls::words(call)) } } },
    }
}

/// The texts of the agent as HTML, in their order.
async fn rendered(
    cx: &Context,
    opened: &Opened,
) -> Result<Vec<Result<String, TooComplex>>, Problem> {
    let texts = opened.items.iter().filter_map(of_agent).map(ConversationMessage::text);
    let texts: Vec<String> = texts.collect();
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    publishing::rendered_answers(cx, texts).await
}

fn of_agent(item: &ConversationItem) -> Option<&ConversationMessage> {
    match item {
        ConversationItem::Message(message) if message.role == MessageRole::Assistant => {
            Some(message)
        }
        _ => None,
    }
}

/// What stands there of these items, with the next of the rendered texts.
fn blocks<'a>(
    opened: &Opened,
    items: &'a [ConversationItem],
    rendered: &mut impl Iterator<Item = Result<String, TooComplex>>,
) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for item in items {
        match item {
            ConversationItem::Message(message) if message.role == MessageRole::User => {
                blocks.push(Block::User(message));
            }
            ConversationItem::Message(message) => {
                let text = says(message, rendered.next());
                of_the_agent(&mut blocks, message.id.time()).push(Part::Says(text));
            }
            ConversationItem::Call(call) => {
                let parts = of_the_agent(&mut blocks, call.id.time());
                match parts.last_mut() {
                    Some(Part::Does(calls)) => calls.push(call),
                    _ => parts.push(Part::Does(vec![call])),
                }
            }
        }
        let place = item.id().place();
        // The last item of a turn that is on this page.
        let ended = opened.turns.iter().filter(|turn| {
            let items = opened.items.iter().map(|item| item.id().place());
            items.filter(|place| turn.places.contains(place)).max() == Some(place)
        });
        blocks.extend(ended.filter_map(turns::end).map(Block::End));
    }
    blocks
}

/// The block of the agent that what it said or did next belongs to.
fn of_the_agent<'a, 'b>(blocks: &'b mut Vec<Block<'a>>, time: Time) -> &'b mut Vec<Part<'a>> {
    if !matches!(blocks.last(), Some(Block::Agent(..))) {
        blocks.push(Block::Agent(time, Vec::new()));
    }
    match blocks.last_mut() {
        Some(Block::Agent(_, parts)) => parts,
        _ => unreachable!("the last block is of the agent"),
    }
}

fn says(message: &ConversationMessage, rendered: Option<Result<String, TooComplex>>) -> Markup {
    html! {
        @match rendered {
            Some(Ok(html)) => div.prose.answer { (PreEscaped(html)) },
            // As it is written: what nobody can render, nobody can hide something in.
            _ => p.keep { (message.text()) },
        }
        @if message.status == MessageStatus::Incomplete {
            p.quiet.small { "The rest of this is missing." }
        }
    }
}
