//! The pages where people talk with the built-in agent, whose model follows a script.

mod calls;
mod changes;
pub(crate) mod hostile;
mod latest;
mod off;
mod said;
mod stops;
mod twice;

use std::sync::Arc;

use byline_shared::clock::ManualClock;
use byline_shared::model::Role;

use super::visitor::{Form, Visitor, form};
use crate::conversations::agent::{ScriptedModel, Step, with_model_and};
use crate::harness::{Answer, App, Client};

/// Where the conversations are.
const AGENT: &str = "/desk/agent";

/// An author at the Desk, and the same person as a client of the API; the agent's model follows the script.
struct Scene {
    app: App,
    model: ScriptedModel,
    author: Visitor,
    client: Client,
    clock: Arc<ManualClock>,
}

impl Scene {
    async fn new(steps: Vec<Step>) -> Self {
        let (app, model, clock) = with_model_and(steps, &[]).await;
        let (author, client) = Visitor::with_role(&app, Role::Author).await;
        Self { app, model, author, client, clock }
    }

    /// Begins a conversation with a message. Returns its page with the answer.
    async fn begin(&mut self, message: &str) -> Answer {
        let page = self.author.get(AGENT, 200).await;
        self.author.press(&page, "Send", &[("message", message)]).await
    }

    /// The ids of all conversations, the last used first.
    async fn ids(&self) -> Vec<String> {
        let list = self.client.get("/v1/conversations?limit=100", 200).await;
        let data = list.json["data"].as_array().unwrap().iter();
        data.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    }
}

/// The form that sends a message, filled.
fn message(page: &Answer, text: &str) -> Form {
    let mut sent = form(page, "Send");
    sent.set("message", text);
    sent
}

/// The page of a conversation.
fn page_of(id: &str) -> String {
    format!("{AGENT}/{id}")
}

/// Says a message over the API, with which a conversation begins. Returns the page of the conversation.
async fn ask(client: &Client, input: &str) -> String {
    page_of(&crate::conversations::agent::ask(client, input).await.text("/conversation/id"))
}
