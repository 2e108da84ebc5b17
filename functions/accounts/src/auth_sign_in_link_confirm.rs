//! `POST /v1/auth/sign-in-link/confirm`: signs in with the token of a mail, and a one-time code if the
//! account uses them. [`byline_shared::auth::sign_in`] has the rules.

use byline_shared::auth::sign_in::{by_mail, spent};
use byline_shared::auth::{audit, device, sessions};
use byline_shared::model::Secret;
use byline_shared::prelude::*;

use crate::auth_login::Output;
use crate::tokens::Tokens;

/// Signs in with a mailed link.
pub struct ConfirmSignInLink;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ConfirmSignInLink>(module_path!());

/// The proof that the mail arrived.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The `token` parameter of the link in the mail.
    pub token: Secret,
    /// A one-time code or a recovery code. Required if the account uses one-time codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
}

impl Endpoint for ConfirmSignInLink {
    const NAME: &'static str = "auth-sign-in-link-confirm";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/sign-in-link/confirm";
    const SUMMARY: &'static str = "Sign in with the token from the mail";
    const DESCRIPTION: &'static str = "Answers as `POST /v1/auth/login` does, with a `device_token` for this device. If the account \
        uses one-time codes, send `code` too: without it the answer is 401 \
        `second_factor_required`, and the link stays valid. The link works once; signing out \
        everywhere or a new password voids it.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(
            Identity,
            &[ConditionCheckItem, DeleteItem, GetItem, PutItem, UpdateItem],
        ),
        Permission::TokenSecret,
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::SecondFactorRequired, Code::TooManyRequests];

    type Auth = Public;
    type Input = Input;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        let token = Secret::new(byline_shared::examples::MAILED_TOKEN);
        Example { input: Input { token, code: None }, output: Json(Output::example()) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<Output>, Problem> {
        let who = by_mail(cx, &input.token, input.code.as_ref()).await?;
        let session = sessions::create_by_mail(cx, &who).await?.ok_or_else(spent)?;
        let tokens = Tokens::of(cx, &session).await?;
        let account = who.account;
        let device_token = device::token(cx, &account.user.email, account.token_version).await?;
        Ok(Json(Output { tokens, device_token, user: account.user }))
    }
}
