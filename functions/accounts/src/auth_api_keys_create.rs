//! `POST /v1/auth/api-keys`: creates an API key. The key is in this response only.

use byline_shared::auth::own_api_keys::{self, NewKey};
use byline_shared::auth::{audit, limits};
use byline_shared::model::{ApiKeyId, Name, Scope, Secret};
use byline_shared::prelude::*;

use crate::api_keys::ApiKey;

/// Creates an API key.
pub struct CreateApiKey;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<CreateApiKey>(module_path!());

/// The name, scopes and lifetime of a new key.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// A name to recognise the key by.
    pub name: Name,
    /// What the key may be used for, within what your role allows. For MCP, include `profile`.
    #[schemars(length(min = 1, max = 10))]
    pub scopes: Vec<Scope>,
    /// The number of days until the key expires.
    #[schemars(range(min = 1, max = own_api_keys::MAX_DAYS))]
    #[serde(default = "default_days")]
    pub expires_in_days: u16,
}

fn default_days() -> u16 {
    own_api_keys::DEFAULT_DAYS
}

/// A new API key.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NewApiKey")]
pub struct Output {
    /// The key, for `Authorization: Bearer`. It is not shown again.
    pub key: Secret,
    /// What is kept of it.
    #[serde(flatten)]
    pub api_key: ApiKey,
}

impl Representation for Output {}

impl Endpoint for CreateApiKey {
    const NAME: &'static str = "auth-api-keys-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/api-keys";
    const SUMMARY: &'static str = "Create an API key";
    const DESCRIPTION: &'static str = "The key is in this answer only: it is not stored and cannot be shown again. Use it as \
        `Authorization: Bearer byline_key_…`, for the REST API and for `/mcp`.\n\
        \n\
        A key never does more than your role allows. It cannot do what needs a signed-in person: \
        manage API keys, sessions, passwords, one-time codes, authorized apps or accounts. Needs \
        a sign-in of the last 15 minutes.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Identity, &[PutItem]), audit::AUDIT_PERMISSION];
    const LIMIT: Option<RateLimit> = Some(limits::CONFIRM_ACCOUNT);

    type Auth = JustSignedIn;
    type Input = Input;
    type Output = Created<Output>;

    fn example() -> Example<Self> {
        let api_key = ApiKey::example();
        let input = Input {
            name: api_key.name.clone(),
            scopes: api_key.scopes.clone(),
            expires_in_days: own_api_keys::DEFAULT_DAYS,
        };
        let key = Secret::new("byline_key_EXAMPLE");
        Example { input, output: Created(Output { key, api_key }) }
    }

    async fn handle(
        cx: &Context,
        caller: Person,
        input: Input,
    ) -> Result<Created<Output>, Problem> {
        let Input { name, scopes, expires_in_days: days } = input;
        let new = NewKey { name, scopes, days };
        let (key, item) =
            own_api_keys::create(cx, &caller, ApiKeyId::new(cx.clock.now()), None, new).await?;
        Ok(Created(Output { key, api_key: ApiKey::from_item(item, None) }))
    }
}
