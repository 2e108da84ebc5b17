//! `whoami`: the user, and what this token may do.

use byline_shared::auth::actor::Actor;
use byline_shared::endpoint::NoInput;
use byline_shared::model::{AgentPublishing, Email, Name, Role, Scope};
use byline_shared::prelude::*;
use byline_shared::settings;
use serde_json::Value;

use super::published_schema;
use super::tool::{Hints, Tool};
use crate::tool_result::ToolResult;

/// The scopes that tools require, in the order of [`Scope::ALL`].
pub(super) const SCOPES_OF_TOOLS: [Scope; 6] = [
    Scope::Profile,
    Scope::PostsRead,
    Scope::PostsWrite,
    Scope::PostsPropose,
    Scope::PostsPublish,
    Scope::MediaWrite,
];

pub(super) struct Whoami;

#[derive(Serialize, JsonSchema)]
struct Output {
    name: Name,
    email: Email,
    role: Role,
    /// The scopes that this token has and the role allows.
    scopes: Vec<&'static str>,
    /// Further scopes that the role allows and a tool requires.
    more_scopes: Vec<&'static str>,
    /// What agents may publish.
    agent_publishing: AgentPublishing,
}

impl Tool for Whoami {
    const NAME: &'static str = "whoami";
    const TITLE: &'static str = "Who am I";
    const DESCRIPTION: &'static str = "Returns the user's name and role, the scopes of this token, and \
        what agents may publish.";
    const SCOPE: Scope = Scope::Profile;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = NoInput;

    fn output() -> Option<Value> {
        published_schema::output::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, _: NoInput) -> Result<ToolResult, Problem> {
        let caller = &actor.caller;
        let (may, more): (Vec<Scope>, Vec<Scope>) = Scope::ALL
            .into_iter()
            .filter(|scope| caller.user.role >= scope.role())
            .partition(|scope| caller.may(*scope));
        // Scopes that no tool requires are left out.
        let more = more.into_iter().filter(|scope| SCOPES_OF_TOOLS.contains(scope)).collect();
        let names = |scopes: Vec<Scope>| scopes.into_iter().map(Scope::as_str).collect();
        Ok(ToolResult::structured(&Output {
            name: caller.user.name.clone(),
            email: caller.user.email.clone(),
            role: caller.user.role,
            scopes: names(may),
            more_scopes: names(more),
            agent_publishing: settings::current(cx).await?.agent_publishing,
        }))
    }
}
