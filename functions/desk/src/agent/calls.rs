//! Calls of tools in words. A tool's name and arguments come from a language model, and what it returned is for
//! that model: nothing here is taken for more than a text, and ids lead somewhere only if they are ids.

use byline_shared::model::hidden;
use byline_shared::model::{AgentMode, CallStatus, PostId, ProposalId, ToolCall};
use maud::{Markup, html};
use serde_json::Value;

use super::{MAY_DO, SETTINGS};
use crate::refusals;

/// The longest text of a call that is repeated, in characters.
const LONGEST: usize = 200;

/// What each tool does: when it is done, and while it does it.
const DEEDS: [(&str, &str, &str); 18] = [
    ("drafts_status", "Looked at what waits and what goes live", "Looking at what waits"),
    ("fetch", "Read a post", "Reading a post"),
    ("media_list", "Looked through the media", "Looking through the media"),
    ("post_create_draft", "Began a draft", "Beginning a draft"),
    ("post_diff", "Compared two texts of a post", "Comparing two texts of a post"),
    ("post_edit", "Edited a draft", "Editing a draft"),
    ("post_get", "Read a post", "Reading a post"),
    ("post_propose", "Proposed a text", "Proposing a text"),
    ("post_publish", "Published a post", "Publishing a post"),
    ("post_schedule", "Scheduled a post", "Scheduling a post"),
    ("posts_list", "Looked through the posts", "Looking through the posts"),
    ("proposal_get", "Read a proposal", "Reading a proposal"),
    ("proposals_list", "Looked through the proposals", "Looking through the proposals"),
    ("revisions_list", "Looked at the history of a post", "Looking at the history of a post"),
    ("search", "Searched the posts", "Searching the posts"),
    ("site_get", "Read the style guide", "Reading the style guide"),
    ("tags_list", "Looked through the tags", "Looking through the tags"),
    ("whoami", "Looked up what it may do", "Looking up what it may do"),
];

/// What became of a call.
pub(super) fn words(call: &ToolCall) -> Markup {
    let known = DEEDS.iter().find(|(name, ..)| *name == call.name);
    let doing = known.map_or_else(
        || format!("Calling \u{201c}{}\u{201d}", cleaned(&call.name)),
        |(.., doing)| (*doing).to_owned(),
    );
    match call.status {
        CallStatus::Completed => {
            let Some((_, done, _)) = known else {
                return html! { li { "Called \u{201c}" (cleaned(&call.name)) "\u{201d}" } };
            };
            Deed { done, arguments: object(&call.arguments), output: output(call) }
                .words(&call.name)
        }
        CallStatus::Calling => html! { li { (doing) "\u{2026}" } },
        CallStatus::Failed => html! {
            li.failed {
                (doing) " did not work"
                @match why(call) {
                    Some(why) => {
                        ": " (why)
                        @if AgentMode::ALL.iter().any(|mode| mode.sentence() == why) {
                            " You can change that under " a href={ "#" (SETTINGS) } { (MAY_DO) } "."
                        }
                    }
                    None => ".",
                }
            }
        },
        CallStatus::Incomplete => html! {
            li.failed { (doing) " was interrupted. Whether it was done is not known." }
        },
    }
}

/// A call that is done.
struct Deed {
    /// What was done, without what it was done to.
    done: &'static str,
    arguments: Value,
    output: Value,
}

impl Deed {
    fn words(&self, tool: &str) -> Markup {
        let (title, post) = (self.text("/title"), self.post());
        match (tool, &title) {
            ("post_propose", Some(title)) => {
                let is_change = self.arguments.get("post_id").is_some_and(|id| !id.is_null());
                let what = if is_change { "Proposed a change to" } else { "Proposed a new post:" };
                let proposal: Option<ProposalId> = self.id("/proposal_id");
                let place = proposal.map(|id| format!("/desk/proposals/{id}"));
                let before = self.text("/base_title").filter(|before| before != title);
                let name = before.map(|before| format!("{before} \u{2192} {title}"));
                let name = name.as_ref().unwrap_or(title);
                let (next, label) = match self.text("/status").as_deref() {
                    Some("approved") if self.is_live() => {
                        ("It was approved, and readers see it.", "See it")
                    }
                    Some("approved") => ("It was approved. Readers do not see it yet.", "See it"),
                    Some("rejected") => ("It was sent back.", "See why"),
                    Some("withdrawn") => ("It was withdrawn.", "See it"),
                    _ => ("It waits for a decision.", "Review it"),
                };
                card(what, name, next, place.as_deref(), label)
            }
            ("post_create_draft" | "post_edit", Some(title)) => {
                let what = if tool == "post_edit" { "Edited" } else { "Began the draft" };
                let place = post.map(|id| format!("/desk/posts/{id}"));
                let next = match self.is_live() {
                    true => "Readers see it now.",
                    false => "Readers do not see it.",
                };
                card(what, title, next, place.as_deref(), "Open it")
            }
            ("post_get" | "fetch", Some(title)) => {
                named("Read the post", title, post.map(|id| format!("/desk/posts/{id}")))
            }
            ("proposal_get", _) => match self.text("/proposal/title") {
                Some(title) => {
                    let proposal: Option<ProposalId> = self.id("/proposal/id");
                    let place = proposal.map(|id| format!("/desk/proposals/{id}"));
                    named("Read the proposal", &title, place)
                }
                None => html! { li { (self.done) } },
            },
            ("search", _) => match self.arguments.get("query").and_then(Value::as_str) {
                Some(query) => named("Searched for", &cleaned(query), None),
                None => html! { li { (self.done) } },
            },
            _ => html! { li { (self.done) } },
        }
    }

    /// Whether readers see it now: see [`super::outcomes`].
    fn is_live(&self) -> bool {
        self.output.get("is_live").and_then(Value::as_bool).unwrap_or_default()
    }

    fn text(&self, pointer: &str) -> Option<String> {
        self.output.pointer(pointer).and_then(Value::as_str).map(cleaned)
    }

    fn id<T: std::str::FromStr>(&self, pointer: &str) -> Option<T> {
        self.output.pointer(pointer).and_then(Value::as_str)?.parse().ok()
    }

    /// The post that was read or written. A post that is live is fetched by its slug.
    fn post(&self) -> Option<PostId> {
        self.id("/id").or_else(|| self.id("/metadata/post_id"))
    }
}

fn named(what: &str, name: &str, place: Option<String>) -> Markup {
    html! {
        li {
            (what) " "
            @match place {
                Some(place) => a href=(place) { "\u{201c}" (name) "\u{201d}" },
                None => { "\u{201c}" (name) "\u{201d}" }
            }
        }
    }
}

/// Something that the agent made, and that a person looks at next.
fn card(what: &str, name: &str, next: &str, place: Option<&str>, label: &str) -> Markup {
    html! {
        li.card {
            p.grow { (what) " \u{201c}" (name) "\u{201d}. " span.quiet { (next) } }
            @if let Some(place) = place {
                a.button href=(place) { (label) span.sr { ": " (name) } }
            }
        }
    }
}

/// Why a call failed, if it can be told to people: the first sentence. The next ones tell models what to call next.
fn why(call: &ToolCall) -> Option<String> {
    let first = call.returned()?.lines().next()?;
    let told = first.split_inclusive(". ").next()?.trim();
    refusals::plain(told).map(cleaned).filter(|told| !told.is_empty())
}

/// A text of a model in one line, no longer than it is repeated, and without characters that nobody sees.
fn cleaned(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut start: String = line.chars().take(LONGEST).collect();
    if start.len() < line.len() {
        start.push('…');
    }
    hidden::replace(&start, |_| Some('\u{fffd}')).text.into_owned()
}

fn object(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// The JSON object that an output begins with. A text may follow it.
pub(super) fn output(call: &ToolCall) -> Value {
    let text = call.output.as_deref().unwrap_or_default();
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    values.next().and_then(Result::ok).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use byline_shared::model::{ConversationItemId, Time};

    use super::*;

    fn call(name: &str, arguments: &str) -> ToolCall {
        let id = ConversationItemId::at_place(Time::from_millis(0), 1);
        ToolCall::new(id, name.to_owned(), arguments.to_owned())
    }

    #[test]
    fn what_a_model_wrote_is_a_short_text_in_one_line() {
        let hostile = format!("</li><script>\u{202e}a\u{e0041}\n{}", "x".repeat(500));
        for shown in [
            words(&call(&hostile, "{}")),
            words(&call(&hostile, "{}").completed(String::new())),
            words(
                &call("search", &serde_json::json!({ "query": hostile }).to_string())
                    .completed("{}".to_owned()),
            ),
            words(&call("post_get", "{}").failed(hostile.clone())),
        ] {
            let shown = shown.into_string();
            assert!(shown.contains("&lt;script&gt;") && shown.len() < 400, "{shown}");
            assert!(!shown.contains(['\u{202e}', '\u{e0041}', '\n']), "{shown}");
        }
    }

    #[test]
    fn only_ids_lead_somewhere() {
        let output =
            |id: &str| serde_json::json!({ "proposal_id": id, "title": "Tides" }).to_string();
        let shown =
            |id: &str| words(&call("post_propose", "{}").completed(output(id))).into_string();
        let id = byline_shared::examples::PROPOSAL_ID;
        assert!(shown(id).contains(&format!("href=\"/desk/proposals/{id}\"")), "{}", shown(id));
        for wrong in ["../sign-out", "https://evil.example", "", "post_01JD9ZN5V8Q2M4T6W8X0Y2Z4G8"]
        {
            let shown = shown(wrong);
            assert!(shown.contains("Tides") && !shown.contains("href"), "{shown}");
        }
    }

    #[test]
    fn a_call_that_the_mode_forbids_says_where_to_change_it() {
        let why = format!("{} The user can change that.", AgentMode::Propose.sentence());
        let shown = words(&call("post_edit", "{}").failed(why)).into_string();
        assert!(shown.contains("may only read and propose changes. You can change"), "{shown}");
        assert!(shown.contains("href=\"#settings\""), "{shown}");
        let other = words(&call("post_edit", "{}").failed("It is too long.".to_owned()));
        assert!(!other.into_string().contains("href"));
    }

    #[test]
    fn an_output_that_is_cut_off_is_told_in_general() {
        let cut = "{\"title\": \"Tid".to_owned();
        assert_eq!(
            words(&call("post_get", "{}").completed(cut)).into_string(),
            "<li>Read a post</li>"
        );
        let long = format!("{{\"title\":\"Tides\",\"id\":\"x\"}}\n\n{}", "# Text\n".repeat(10));
        let shown = words(&call("post_get", "{}").completed(long)).into_string();
        assert_eq!(shown, "<li>Read the post \u{201c}Tides\u{201d}</li>");
    }
}
