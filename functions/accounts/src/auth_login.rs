//! `POST /v1/auth/login`: signs in with e-mail address and password, and a one-time code if the account uses
//! one-time codes. [`byline_shared::auth::sign_in`] has the rules.

use byline_shared::auth::sign_in::{Credentials, refused, sign_in};
use byline_shared::auth::{audit, device, sessions};
use byline_shared::model::{Email, Secret, User};
use byline_shared::prelude::*;

use crate::tokens::Tokens;

/// Signs in.
pub struct Login;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Login>(module_path!());

/// The credentials.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The e-mail address of the account.
    pub email: Email,
    /// The password.
    pub password: Secret,
    /// A one-time code or a recovery code. Required if the account uses one-time codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// The `device_token` of an earlier sign-in on this device. Strangers who guess
    /// passwords cannot slow such a device down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_token: Option<Secret>,
}

/// The tokens of a new session, and its user: also the answer to signing in with a mailed link.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SignedIn")]
pub struct Output {
    /// The tokens.
    #[serde(flatten)]
    pub tokens: Tokens,
    /// Send this with the next sign-in on this device. It grants nothing by itself.
    pub device_token: Secret,
    /// The user who signed in.
    pub user: User,
}

impl Representation for Output {}

impl Output {
    /// An example for the API description.
    pub(crate) fn example() -> Self {
        let user = byline_shared::examples::user();
        let device_token = Secret::new(byline_shared::examples::DEVICE_TOKEN);
        Self { tokens: Tokens::example(), device_token, user }
    }
}

impl Endpoint for Login {
    const NAME: &'static str = "auth-login";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/login";
    const SUMMARY: &'static str = "Sign in with e-mail address and password";
    const DESCRIPTION: &'static str = "If the account uses one-time codes, send `code` too: without it the answer is 401 \
        `second_factor_required`. Each code works once.\n\
        \n\
        `device_token` in the answer marks this device. Send it with the next sign-in, so that \
        strangers who guess passwords for your address cannot slow you down. It grants nothing by \
        itself and is valid for 180 days, or until the sessions of the account end. Without one, \
        after 429, `POST /v1/auth/sign-in-link` is a way in at once.\n\
        \n\
        The access token is for the REST API only; `/mcp` rejects it. Unknown addresses, \
        unconfirmed addresses, disabled accounts and wrong passwords get the same answer.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[ConditionCheckItem, GetItem, PutItem, UpdateItem]),
        Permission::TokenSecret,
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] =
        &[Code::InvalidCredentials, Code::SecondFactorRequired, Code::TooManyRequests];
    const MEMORY: Memory = Memory::Hashing;

    type Auth = Public;
    type Input = Input;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        let email = byline_shared::examples::user().email;
        let password = Secret::new(byline_shared::examples::PASSWORD);
        let input = Input { email, password, code: None, device_token: None };
        Example { input, output: Json(Output::example()) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<Output>, Problem> {
        let Input { email, password, code, device_token } = input;
        let credentials = Credentials { email, password, code, device_token };
        let account = sign_in(cx, &credentials).await?;
        let session = sessions::create(cx, &account).await?.ok_or_else(refused)?;
        let tokens = Tokens::of(cx, &session).await?;
        let device_token = device::token(cx, &account.user.email, account.token_version).await?;
        Ok(Json(Output { tokens, device_token, user: account.user }))
    }
}
