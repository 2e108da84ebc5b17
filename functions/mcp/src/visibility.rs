//! Which tools, prompts and resources a caller sees in lists.

use byline_shared::auth::{Caller, Credential};
use byline_shared::model::Scope;

/// Whether a tool, prompt or resource with this scope is listed for a caller: the role must allow the
/// scope, and an API key must have it. An OAuth client sees everything that the role allows, because
/// it can ask the user for more scopes when a call is refused.
pub(crate) fn is_visible(caller: &Caller, scope: Scope) -> bool {
    let can_step_up = matches!(caller.credential, Credential::Grant { .. });
    caller.may(scope) || (can_step_up && caller.user.role >= scope.role())
}
