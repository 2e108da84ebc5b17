//! `POST /v1/auth/logout-all`: ends all of the caller's sessions at once, this one too.

use byline_shared::auth::{audit, own_sessions};
use byline_shared::prelude::*;

use crate::known_device::KnownDevice;

/// Signs out everywhere.
pub struct LogoutAll;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<LogoutAll>(module_path!());

impl Endpoint for LogoutAll {
    const NAME: &'static str = "auth-logout-all";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/logout-all";
    const SUMMARY: &'static str = "Sign out everywhere";
    const DESCRIPTION: &'static str = "Ends all your sessions, this one too, and the device tokens of all devices. The answer has a \
        new `device_token` for this one. It also cancels a pending change of your e-mail address and \
        voids mailed links. API keys stay valid.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[UpdateItem]),
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];

    type Auth = SignedIn;
    type Input = NoInput;
    type Output = Json<KnownDevice>;

    fn example() -> Example<Self> {
        Example { input: NoInput {}, output: Json(KnownDevice::example()) }
    }

    async fn handle(
        cx: &Context,
        caller: Person,
        _: NoInput,
    ) -> Result<Json<KnownDevice>, Problem> {
        Ok(Json(KnownDevice { device_token: own_sessions::end_all(cx, &caller).await? }))
    }
}
