//! `POST /v1/auth/logout`: ends the session of the access token, at once.

use shared::prelude::*;

/// Signs out.
pub struct Logout;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Logout>(module_path!());

impl Endpoint for Logout {
    const NAME: &'static str = "auth-logout";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/logout";
    const SUMMARY: &'static str = "End this session; its tokens are refused from now on";
    const GRANTS: &'static [Grant] = &[Grant::Table(Identity, &[DeleteItem])];

    type Auth = scope::Profile;
    type Input = NoInput;
    type Output = NoContent;

    fn example() -> Example<Self> {
        Example { input: NoInput {}, output: NoContent }
    }

    async fn handle(cx: &Context, caller: Caller, _: NoInput) -> Result<NoContent, Problem> {
        cx.store.delete_session(&caller.user.id, &caller.session_id).await?;
        Ok(NoContent)
    }
}
