//! What a caller is offered.

use byline_shared::auth::{Caller, Credential};
use byline_shared::model::Scope;

/// Whether what takes this scope is listed for a caller: what their role allows, and of that, with
/// an API key, what the key is for. A program that a person let in can ask them for more, which it
/// does when a call is refused; it has to know of the call.
pub(crate) fn is_offered(caller: &Caller, scope: Scope) -> bool {
    let can_get_more = matches!(caller.credential, Credential::Grant { .. });
    caller.may(scope) || (can_get_more && caller.user.role >= scope.role())
}
