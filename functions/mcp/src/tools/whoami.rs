//! `whoami`: who the caller is and what they may do.

use serde_json::{Value, json};
use shared::endpoint::NoInput;
use shared::model::Scope;
use shared::prelude::*;
use shared::publishing::Actor;

use super::Tool;

pub(super) struct Whoami;

impl Tool for Whoami {
    const NAME: &'static str = "whoami";
    const TITLE: &'static str = "Who am I";
    const DESCRIPTION: &'static str =
        "Your account, role and what you may do here. Call it first if you are unsure.";
    const SCOPE: Scope = Scope::Profile;
    const READ_ONLY: bool = true;
    type Input = NoInput;

    async fn call(_: &Context, actor: &Actor, _: NoInput) -> Result<Value, Problem> {
        let caller = &actor.caller;
        let may = Scope::ALL.into_iter().filter(|scope| caller.may(*scope)).map(Scope::as_str);
        Ok(json!({
            "id": caller.user.id,
            "name": caller.user.name,
            "email": caller.user.email,
            "role": caller.user.role,
            "scopes": may.collect::<Vec<_>>(),
        }))
    }
}
