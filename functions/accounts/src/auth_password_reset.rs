//! `POST /v1/auth/password/reset`: sets a new password with the token of a mail.
//! [`byline_shared::auth::new_password`] has the rules.

use byline_shared::auth::{audit, limits, new_password};
use byline_shared::known_settings::SETTINGS_PERMISSION;
use byline_shared::model::{Password, Secret};
use byline_shared::prelude::*;

use crate::known_device::KnownDevice;

/// Sets a new password.
pub struct Reset;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Reset>(module_path!());

/// The proof that the mail arrived, and the new password.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The `token` parameter of the link in the mail.
    pub token: Secret,
    /// 12 to 256 characters. Passwords that are easily guessed are rejected.
    pub new_password: Password,
}

impl Endpoint for Reset {
    const NAME: &'static str = "auth-password-reset";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/password/reset";
    const SUMMARY: &'static str = "Reset a password with the token from the mail";
    const DESCRIPTION: &'static str = "Ends all sessions of the account and the device tokens of all devices; API keys stay valid. \
        It does not sign in: if the account uses one-time codes, the next sign-in still needs one. \
        The answer has a `device_token` for this device: send it with that sign-in.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem, DeleteItem]),
        Permission::AccountSecret,
        limits::LIMIT_PERMISSION,
        SETTINGS_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::TooManyRequests];
    const MEMORY: Memory = Memory::Hashing;

    type Auth = Public;
    type Input = Input;
    type Output = Json<KnownDevice>;

    fn example() -> Example<Self> {
        let token = Secret::new(byline_shared::examples::MAILED_TOKEN);
        let new_password = Password::new(byline_shared::examples::PASSWORD);
        let output = Json(KnownDevice::example());
        Example { input: Input { token, new_password }, output }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<KnownDevice>, Problem> {
        let device_token = new_password::reset(cx, &input.token, input.new_password).await?;
        Ok(Json(KnownDevice { device_token }))
    }
}
