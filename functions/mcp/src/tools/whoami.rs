//! `whoami`: who the caller is and what they may do.

use byline_shared::auth::actor::Actor;
use byline_shared::endpoint::NoInput;
use byline_shared::model::{AgentPublishing, Email, Name, Role, Scope};
use byline_shared::prelude::*;
use byline_shared::settings;
use serde_json::Value;

use super::{ALL, Hints, Tool, schema};
use crate::answer::Answer;

pub(super) struct Whoami;

#[derive(Serialize, JsonSchema)]
struct Output {
    name: Name,
    email: Email,
    role: Role,
    /// What this token may do, the role taken into account.
    scopes: Vec<&'static str>,
    /// What another token could do here beside, as the role allows it.
    more_scopes: Vec<&'static str>,
    /// What agents may make live here.
    agent_publishing: AgentPublishing,
}

impl Tool for Whoami {
    const NAME: &'static str = "whoami";
    const TITLE: &'static str = "Who am I";
    const DESCRIPTION: &'static str = "Whose account this is, its role, what this token may do \
        (scopes), and what agents may make live here.";
    const SCOPE: Scope = Scope::Profile;
    const HINTS: Hints = Hints::READS;
    type Input = NoInput;

    fn output() -> Option<Value> {
        schema::of::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, _: NoInput) -> Result<Answer, Problem> {
        let caller = &actor.caller;
        let (may, more): (Vec<Scope>, Vec<Scope>) = Scope::ALL
            .into_iter()
            .filter(|scope| caller.user.role >= scope.role())
            .partition(|scope| caller.may(*scope));
        // Others would be of no use here.
        let is_of_use = |scope: &Scope| ALL.iter().any(|tool| tool.scope == *scope);
        let more = more.into_iter().filter(is_of_use).collect();
        let names = |scopes: Vec<Scope>| scopes.into_iter().map(Scope::as_str).collect();
        Ok(Answer::of(&Output {
            name: caller.user.name.clone(),
            email: caller.user.email.clone(),
            role: caller.user.role,
            scopes: names(may),
            more_scopes: names(more),
            agent_publishing: settings::current(cx).await?.agent_publishing,
        }))
    }
}
