//! What a killed process leaves.

use byline_shared::store::usage::{Taken, month};
use serde_json::{Value, json};

use super::Killed;
use crate::conversations::PATH;
use crate::conversations::agent::{RESPONSES, ScriptedModel, Step};
use crate::harness::{Answer, App, Client};

/// The key of the request that started the turn.
pub(super) const KEY: &str = "killed";

/// What the user asked.
pub(super) fn request(conversation: &str) -> Value {
    json!({ "input": "Write about birds", "conversation": conversation })
}

/// The titles of what the tools make.
pub(super) fn draft_of(conversation: &str) -> String {
    format!("Nightingale of {conversation}")
}

pub(super) fn proposal_of(conversation: &str) -> String {
    format!("Owl of {conversation}")
}

/// The Byline that goes on, and its model.
pub(super) struct Left<'a> {
    pub(super) app: &'a App,
    pub(super) model: &'a ScriptedModel,
}

/// How far a turn came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    /// Its start was not written: nothing is known of it.
    Nowhere,
    /// Its start was written, its end was not.
    Between,
    /// Its end was written.
    ToTheEnd,
}

impl Came {
    /// As the calls say that were carried out. The start writes the idempotency key; the end makes the turn the last
    /// one of its conversation.
    fn by(calls: &[String]) -> Self {
        let writes = || calls.iter().filter(|call| call.starts_with("TransactWriteItems "));
        let is_start = |call: &&String| call.contains("KEY#");
        let is_end = |call: &&String| !is_start(call) && call.contains("last_response");
        match (writes().any(|call| is_start(&call)), writes().any(|call| is_end(&call))) {
            (false, _) => Self::Nowhere,
            (true, false) => Self::Between,
            (true, true) => Self::ToTheEnd,
        }
    }
}

impl Left<'_> {
    /// Holds what is left to what must be, and goes on.
    pub(super) async fn judge(&mut self, killed: &Killed, what: &str) {
        let Killed { key, conversation, seen, answer } = killed;
        let came = Came::by(&seen.calls);
        let what = format!("{what}, the turn came {came:?}, after {:?}", seen.calls.last());
        let path = format!("{PATH}/{conversation}");
        if let Some(answer) = answer {
            assert_eq!(answer["statusCode"], 200, "{what}: {answer}");
        }
        assert!(answer.is_none() || came == Came::ToTheEnd, "{what}: {answer:?}");

        // What was begun reads as interrupted, and what ended as it ended.
        let turn = self.turn(conversation).await;
        assert_eq!(turn.is_some(), came != Came::Nowhere, "{what}");
        if let Some(turn) = &turn {
            let read = key.get(&format!("{RESPONSES}/{turn}"), 200).await;
            is_as_it_came(&read, came, &what);
        }

        // The same request again: it gets that turn, and runs nothing. What was never begun, begins.
        let asked = self.model.asked().len();
        let is_new = came == Came::Nowhere;
        self.model.now(if is_new { super::script(conversation) } else { Vec::new() });
        let headers = [("idempotency-key", KEY)];
        let body = Some(request(conversation));
        let again = key.send(http::Method::POST, RESPONSES, &headers, body, 200).await;
        match &turn {
            Some(turn) => {
                assert_eq!(again.text("/id"), *turn, "{what}");
                assert_eq!(self.model.asked().len(), asked, "{what}: it ran again");
                is_as_it_came(&again, came, &what);
            }
            None => assert_eq!(again.text("/status"), "completed", "{what}: {}", again.body),
        }

        // The next message is answered, by a model that gets a history which every server takes.
        self.model.now(vec![Step::Says("Here again.")]);
        let body = json!({ "input": "And now?", "conversation": conversation });
        let next = key.post(RESPONSES, body, 200).await;
        assert_eq!(next.text("/status"), "completed", "{what}: {}", next.body);
        assert_ne!(next.text("/id"), again.text("/id"), "{what}");
        is_valid(&self.model.messages()).unwrap_or_else(|fault| panic!("{what}: {fault}"));
        let items = key.get(&format!("{path}/items?limit=100"), 200).await;
        for unfinished in ["\"calling\"", "\"in_progress\""] {
            assert!(!items.body.contains(unfinished), "{what}: {}", items.body);
        }

        // Each tool has done its work once, or not at all.
        let (drafts, proposals) =
            (drafts(key, conversation).await, proposals(key, conversation).await);
        let is_whole = is_new || came == Came::ToTheEnd;
        for (name, count) in [("drafts", drafts), ("proposals", proposals)] {
            assert!(count <= 1 && (!is_whole || count == 1), "{what}: {count} {name}");
        }

        let cx = &self.app.byline.context;
        let user = key.get("/v1/users/me", 200).await.text("/id").parse().unwrap();
        let (own, _) = cx.store.usages().of(&user, &month(cx.clock.now())).await.unwrap();
        is_settled(own, &what);
    }

    async fn turn(&self, conversation: &str) -> Option<String> {
        let conversations = self.app.byline.context.store.conversations();
        let head = conversations.get(&conversation.parse().unwrap()).await.unwrap().unwrap();
        head.turn.or(head.last_response).map(|id| id.to_string())
    }

    /// The same for what all take together.
    pub(super) async fn is_settled_for_all(&self) {
        let cx = &self.app.byline.context;
        let user = byline_shared::model::UserId::new(cx.clock.now());
        let (_, all) = cx.store.usages().of(&user, &month(cx.clock.now())).await.unwrap();
        is_settled(all, "all together");
    }
}

/// Nothing is reserved.
fn is_settled(taken: Taken, what: &str) {
    let used = i64::try_from(taken.input + taken.output).unwrap();
    assert!(used > 0, "{what}: {taken:?}");
    assert_eq!(taken.taken - used, 0, "{what}: {taken:?}");
}

fn is_as_it_came(response: &Answer, came: Came, what: &str) {
    let reason = response.json["incomplete_details"]["reason"].as_str();
    let expected = match came {
        Came::ToTheEnd => ("completed", None),
        _ => ("incomplete", Some("interrupted")),
    };
    assert_eq!((response.text("/status").as_str(), reason), expected, "{what}: {}", response.body);
    let output = response.json["output"].as_array().unwrap();
    assert!(output.iter().all(|item| item["status"] != "in_progress"), "{what}: {output:?}");
}

async fn drafts(key: &Client, conversation: &str) -> usize {
    let posts = key.get("/v1/manage/posts?limit=100", 200).await;
    let posts = posts.json["items"].as_array().unwrap();
    let mut count = 0;
    for post in posts.iter().filter(|post| post["title"] == draft_of(conversation).as_str()) {
        let path = format!("/v1/manage/posts/{}/revisions", post["id"].as_str().unwrap());
        count += key.get(&path, 200).await.json["items"].as_array().unwrap().len();
    }
    count
}

async fn proposals(key: &Client, conversation: &str) -> usize {
    let proposals = key.get("/v1/manage/proposals?limit=100", 200).await;
    let proposals = proposals.json["items"].as_array().unwrap();
    let title = proposal_of(conversation);
    proposals.iter().filter(|proposal| proposal["title"] == title.as_str()).count()
}

/// Whether every server takes these messages: the user and the agent take turns, and behind each call comes its
/// output, in order.
fn is_valid(messages: &[Value]) -> Result<(), String> {
    let mut waiting: Vec<&Value> = Vec::new();
    let mut before = "assistant";
    for (place, message) in messages.iter().enumerate() {
        let role = message["role"].as_str().unwrap_or_default();
        let fits = match role {
            "system" => place == 0,
            "user" => before == "assistant" && waiting.is_empty(),
            "assistant" => ["user", "tool"].contains(&before) && waiting.is_empty(),
            "tool" => !waiting.is_empty() && *waiting.remove(0) == message["tool_call_id"],
            _ => false,
        };
        let says = message["content"].as_str().is_some_and(|text| !text.trim().is_empty());
        let calls = message["tool_calls"].as_array();
        if !fits || !(says || calls.is_some()) {
            return Err(format!("message {place} of {messages:#?}"));
        }
        for call in calls.into_iter().flatten() {
            let arguments = call["function"]["arguments"].as_str().unwrap_or_default();
            let arguments: Value = serde_json::from_str(arguments).unwrap_or_default();
            if !arguments.is_object() {
                return Err(format!("{call}"));
            }
            waiting.push(&call["id"]);
        }
        if role != "system" {
            before = role;
        }
    }
    match (before, waiting.is_empty()) {
        ("user", true) => Ok(()),
        _ => Err(format!("the end of {messages:#?}")),
    }
}
