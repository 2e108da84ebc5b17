//! `DELETE /v1/auth/grants/{grant_id}`: revokes an app's access at once: this grant, the app's other
//! grants at the same resource, and the consent. The app has to ask the user again.

use byline_shared::auth::audit;
use byline_shared::model::GrantId;
use byline_shared::oauth;
use byline_shared::prelude::*;

/// Revokes an app's grants.
pub struct DeleteGrant;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeleteGrant>(module_path!());

/// The grant to revoke.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The id of one of the app's grants.
    pub grant_id: GrantId,
}

impl Endpoint for DeleteGrant {
    const NAME: &'static str = "auth-grants-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/auth/grants/{grant_id}";
    const SUMMARY: &'static str = "Revoke an app's authorization";
    const DESCRIPTION: &'static str = "All its tokens for the same resource are rejected from the next request on. The app has \
        to ask again.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Identity, &[DeleteItem, GetItem, Query]), audit::AUDIT_PERMISSION];
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
        oauth::revoke_grant(cx, &caller, &input.grant_id).await?;
        Ok(NoContent)
    }
}
