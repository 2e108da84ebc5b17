//! The device token in the responses of operations that end the earlier ones.

use byline_shared::auth::device;
use byline_shared::model::{Representation, Secret, User};
use byline_shared::prelude::*;
use byline_shared::store::users::UserItem;

/// This device, as later sign-ins know it.
#[derive(Serialize, JsonSchema)]
pub struct KnownDevice {
    /// Send this with the next sign-in on this device, in place of an earlier one. It grants nothing by
    /// itself.
    pub device_token: Secret,
}

impl Representation for KnownDevice {}

impl KnownDevice {
    /// For an account whose sessions end with this request: its earlier device tokens end too.
    ///
    /// # Errors
    /// 503 while the account secret cannot be read.
    pub(crate) async fn after_end_of_sessions(
        cx: &Context,
        account: &UserItem,
    ) -> Result<Self, Problem> {
        Self::of(cx, &account.user, account.token_version + 1).await
    }

    /// For an account at this `token_version`.
    ///
    /// # Errors
    /// 503 while the account secret cannot be read.
    pub(crate) async fn of(cx: &Context, user: &User, token_version: u64) -> Result<Self, Problem> {
        Ok(Self { device_token: device::token(cx, &user.email, token_version).await? })
    }

    /// An example for the API description.
    pub(crate) fn example() -> Self {
        Self { device_token: Secret::new(byline_shared::examples::DEVICE_TOKEN) }
    }
}
