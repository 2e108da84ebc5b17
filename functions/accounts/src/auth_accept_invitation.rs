//! `POST /v1/auth/accept-invitation`: makes the account of an invitation with the token of the mailed link,
//! and signs in. [`byline_shared::auth::invitations`] has the rules.

use byline_shared::auth::{audit, invitations, sessions};
use byline_shared::known_settings::SETTINGS_PERMISSION;
use byline_shared::model::{Name, Password, Secret};
use byline_shared::prelude::*;

use crate::auth_login::Output;
use crate::tokens::Tokens;

/// Accepts an invitation.
pub struct AcceptInvitation;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<AcceptInvitation>(module_path!());

/// The proof that the mail arrived, and the password of the new account.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The `token` parameter of the link in the mail.
    pub token: Secret,
    /// 12 to 256 characters. Passwords that are easily guessed are rejected.
    pub password: Password,
    /// The name that readers see. Required if the invitation has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
}

impl Endpoint for AcceptInvitation {
    const NAME: &'static str = "auth-accept-invitation";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/accept-invitation";
    const SUMMARY: &'static str = "Accept an invitation and create the account";
    const DESCRIPTION: &'static str = "The account has the address and the role of the invitation. Answers as `POST /v1/auth/login` \
        does: the person is signed in. A link that was used, withdrawn or replaced, that has expired, \
        or whose sender is no longer an enabled admin is 422 with `/token` `invalid_token`.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(
            Identity,
            &[ConditionCheckItem, DeleteItem, GetItem, PutItem, Query, UpdateItem],
        ),
        Permission::TokenSecret,
        Permission::AccountSecret,
        SETTINGS_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::EmailTaken, Code::EditConflict, Code::TooManyRequests];
    const MEMORY: Memory = Memory::Hashing;

    type Auth = Public;
    type Input = Input;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        let token = Secret::new(byline_shared::examples::MAILED_TOKEN);
        let password = Password::new(byline_shared::examples::PASSWORD);
        let input = Input { token, password, name: None };
        Example { input, output: Json(Output::example()) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<Output>, Problem> {
        let Input { token, password, name } = input;
        let made = invitations::accept(cx, &token, password, name).await?;
        let session = sessions::create(cx, &made.account).await?;
        let session = session.ok_or_else(|| {
            let detail = "The account is there, but it was changed at the same moment. Sign in.";
            Problem::new(Code::EditConflict, detail)
        })?;
        let tokens = Tokens::of(cx, &session).await?;
        let (device_token, user) = (made.device_token, made.account.user);
        Ok(Json(Output { tokens, device_token, user }))
    }
}
