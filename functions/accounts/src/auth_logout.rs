//! `POST /v1/auth/logout`: ends the session of the access token at once.

use byline_shared::auth::{audit, own_sessions};
use byline_shared::prelude::*;

/// Signs out.
pub struct Logout;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Logout>(module_path!());

impl Endpoint for Logout {
    const NAME: &'static str = "auth-logout";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/logout";
    const SUMMARY: &'static str = "Sign out of this session";
    const DESCRIPTION: &'static str = "The session's access and refresh tokens are rejected from the next request on. API keys \
        and authorized apps stay valid.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Identity, &[DeleteItem]), audit::AUDIT_PERMISSION];

    type Auth = SignedIn;
    type Input = NoInput;
    type Output = NoContent;

    fn example() -> Example<Self> {
        Example { input: NoInput {}, output: NoContent }
    }

    async fn handle(cx: &Context, caller: Person, _: NoInput) -> Result<NoContent, Problem> {
        own_sessions::sign_out(cx, &caller).await?;
        Ok(NoContent)
    }
}
