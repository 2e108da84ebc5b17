//! `/desk/agent/{conversation_id}/latest`: the last turn of a conversation, as far as it is. The page of the
//! conversation asks for it while the agent answers: that works where nothing can be streamed.

use byline_shared::agent;
use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::prelude::*;
use byline_shared::store::keys;
use maud::html;

use crate::agent::{fresh, last_turn, running};
use crate::layout;
use crate::page::{self, Page};
use crate::visit::Visit;

/// Shows the last turn.
struct Latest;

/// The operation.
pub const OPERATION: Operation = page::operation::<Latest>(module_path!());

impl Page for Latest {
    const NAME: &'static str = "desk-agent-latest";
    const PATH: &'static str = "/desk/agent/{conversation_id}/latest";
    const SUMMARY: &'static str = "See how far the agent is";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[GetItem, Query])];
    const FRAME: bool = true;
    // It renders what the agent says, each second.
    const LIMIT: Option<RateLimit> = Some(limits::FOLLOW_ACCOUNT);
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] =
        &[("conversation_id", byline_shared::examples::CONVERSATION_ID)];

    type Needs = scope::Conversations;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let id = visit.id("conversation_id")?;
        let opened = agent::open_last(cx, &visit.caller, &id).await?;
        let form = opened.running.as_ref().map(|turn| running(visit, turn, false));
        let main = html! { (last_turn(cx, &opened, form).await?) (fresh(cx)) };
        Ok(layout::framed(cx, "The last answer", &main))
    }
}
