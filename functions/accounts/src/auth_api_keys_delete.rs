//! `DELETE /v1/auth/api-keys/{key_id}`: revokes one of the caller's API keys at once.

use byline_shared::auth::{audit, own_api_keys};
use byline_shared::model::ApiKeyId;
use byline_shared::prelude::*;

use crate::api_keys::ApiKey;

/// Revokes an API key.
pub struct DeleteApiKey;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeleteApiKey>(module_path!());

/// Which key.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The key's id.
    pub key_id: ApiKeyId,
}

impl Endpoint for DeleteApiKey {
    const NAME: &'static str = "auth-api-keys-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/auth/api-keys/{key_id}";
    const SUMMARY: &'static str = "Revoke an API key";
    const DESCRIPTION: &'static str = "The key is rejected from the next request on.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Identity, &[UpdateItem]), audit::AUDIT_PERMISSION];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = SignedIn;
    type Input = Input;
    type Output = NoContent;

    fn example() -> Example<Self> {
        Example { input: Input { key_id: ApiKey::example().id }, output: NoContent }
    }

    async fn handle(cx: &Context, caller: Person, input: Input) -> Result<NoContent, Problem> {
        own_api_keys::revoke(cx, &caller, &input.key_id).await?;
        Ok(NoContent)
    }
}
