//! `DELETE /v1/auth/grants/{grant_id}`: shuts a program out, at once, wherever it has got in at the
//! same resource. It has to ask again.

use byline_shared::auth::audit;
use byline_shared::model::{GrantId, SessionId};
use byline_shared::oauth;
use byline_shared::prelude::*;

/// Revokes a grant.
pub struct DeleteGrant;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeleteGrant>(module_path!());

/// Which grant.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its id.
    pub grant_id: GrantId,
}

impl Endpoint for DeleteGrant {
    const NAME: &'static str = "auth-grants-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/auth/grants/{grant_id}";
    const SUMMARY: &'static str = "Shut a program out; all its tokens are refused from now on";
    const GRANTS: &'static [Grant] =
        &[Grant::Table(Identity, &[DeleteItem, GetItem, Query]), audit::AUDIT_GRANT];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = SignedIn;
    type Input = Input;
    type Output = NoContent;

    fn example() -> Example<Self> {
        Example {
            input: Input { grant_id: byline_shared::examples::grant().grant_id() },
            output: NoContent,
        }
    }

    async fn handle(cx: &Context, caller: Person, input: Input) -> Result<NoContent, Problem> {
        let (user, id) = (&caller.user.id, SessionId::from_ulid(input.grant_id.ulid()));
        let missing = || Problem::not_found("grant");
        let session = cx.store.sessions().get(user, &id).await?.ok_or_else(missing)?;
        let part = session.oauth.as_ref().ok_or_else(missing)?;
        oauth::shut_out(cx, &session, part).await?;
        Ok(NoContent)
    }
}
