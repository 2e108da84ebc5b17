//! `DELETE /v1/auth/sessions/{session_id}`: ends one of the caller's sessions at once.

use byline_shared::auth::{audit, own_sessions};
use byline_shared::model::SessionId;
use byline_shared::prelude::*;

/// Ends a session.
pub struct DeleteSession;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeleteSession>(module_path!());

/// Which session.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The session's id.
    pub session_id: SessionId,
}

impl Endpoint for DeleteSession {
    const NAME: &'static str = "auth-sessions-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/auth/sessions/{session_id}";
    const SUMMARY: &'static str = "End one of your sessions";
    const DESCRIPTION: &'static str = "Its tokens are rejected from the next request on.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Identity, &[DeleteItem]), audit::AUDIT_PERMISSION];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = SignedIn;
    type Input = Input;
    type Output = NoContent;

    fn example() -> Example<Self> {
        Example {
            input: Input { session_id: byline_shared::examples::session().id },
            output: NoContent,
        }
    }

    async fn handle(cx: &Context, caller: Person, input: Input) -> Result<NoContent, Problem> {
        own_sessions::end(cx, &caller, &input.session_id).await?;
        Ok(NoContent)
    }
}
