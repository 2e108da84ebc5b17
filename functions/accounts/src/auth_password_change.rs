//! `POST /v1/auth/password/change`: changes the caller's password. This session stays, all others end.
//! [`byline_shared::auth::new_password`] has the rules.

use byline_shared::auth::{audit, limits, new_password};
use byline_shared::known_settings::SETTINGS_PERMISSION;
use byline_shared::model::{Password, Secret};
use byline_shared::prelude::*;

use crate::known_device::KnownDevice;

/// Changes the password.
pub struct Change;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Change>(module_path!());

/// The present password and the new one.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The current password.
    pub current_password: Secret,
    /// 12 to 256 characters. Passwords that are easily guessed are rejected.
    pub new_password: Password,
}

impl Endpoint for Change {
    const NAME: &'static str = "auth-password-change";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/password/change";
    const SUMMARY: &'static str = "Change your password";
    const DESCRIPTION: &'static str = "Ends all your other sessions and the device tokens of all devices; API keys stay valid. The \
        answer has a new `device_token` for this one. It also cancels a pending change of your \
        e-mail address and voids mailed links.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem]),
        Permission::AccountSecret,
        limits::LIMIT_PERMISSION,
        SETTINGS_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::EditConflict, Code::TooManyRequests];
    const MEMORY: Memory = Memory::Hashing;

    type Auth = SignedIn;
    type Input = Input;
    type Output = Json<KnownDevice>;

    fn example() -> Example<Self> {
        let current_password = Secret::new(byline_shared::examples::PASSWORD);
        let new_password = Password::new(byline_shared::examples::NEW_PASSWORD);
        let output = Json(KnownDevice::example());
        Example { input: Input { current_password, new_password }, output }
    }

    async fn handle(
        cx: &Context,
        caller: Person,
        input: Input,
    ) -> Result<Json<KnownDevice>, Problem> {
        let Input { current_password, new_password } = input;
        let changed = new_password::change(cx, &caller, &current_password, new_password);
        Ok(Json(KnownDevice { device_token: changed.await? }))
    }
}
