//! `POST /v1/auth/verify-email`: confirms the e-mail address of a sign-up with the token of the mailed link,
//! and creates the account. [`byline_shared::auth::sign_up`] has the rules.

use byline_shared::auth::{audit, sign_up};
use byline_shared::model::{Name, Password, Secret};
use byline_shared::prelude::*;

use crate::known_device::KnownDevice;

/// Confirms an e-mail address.
pub struct VerifyEmail;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<VerifyEmail>(module_path!());

/// The proof that the mail arrived, and the password of the new account.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The `token` parameter of the link in the mail.
    pub token: Secret,
    /// 12 to 256 characters. Passwords that are easily guessed are rejected.
    pub password: Password,
    /// The name that readers see. If it is left out, the one of the sign-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
}

impl Endpoint for VerifyEmail {
    const NAME: &'static str = "auth-verify-email";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/verify-email";
    const SUMMARY: &'static str = "Confirm an e-mail address and create the account";
    const DESCRIPTION: &'static str = "Sets the password of the new account. It is not chosen at sign-up, because anybody can sign \
        up with any address. If others signed up with this address too, each of the mails works, \
        and the first one that is confirmed makes the account. The answer has a `device_token` for \
        this device: send it with the first sign-in.\n\
        \n\
        If people are invited by now (the setting `registration`), the answer is 403 \
        `registration_closed`.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, Query, PutItem, UpdateItem, DeleteItem]),
        Permission::AccountSecret,
        sign_up::REGISTRATION_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] =
        &[Code::RegistrationClosed, Code::EmailTaken, Code::TooManyRequests];
    const MEMORY: Memory = Memory::Hashing;

    type Auth = Public;
    type Input = Input;
    type Output = Json<KnownDevice>;

    fn example() -> Example<Self> {
        let token = Secret::new(byline_shared::examples::MAILED_TOKEN);
        let password = Password::new(byline_shared::examples::PASSWORD);
        let input = Input { token, password, name: None };
        Example { input, output: Json(KnownDevice::example()) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<KnownDevice>, Problem> {
        let Input { token, password, name } = input;
        let device_token = sign_up::confirm(cx, &token, password, name).await?.device_token;
        Ok(Json(KnownDevice { device_token }))
    }
}
