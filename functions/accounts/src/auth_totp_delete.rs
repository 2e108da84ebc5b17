//! `DELETE /v1/auth/totp`: turns one-time codes off.

use byline_shared::auth::{audit, two_factor};
use byline_shared::prelude::*;

/// Turns one-time codes off.
pub struct DeleteTotp;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeleteTotp>(module_path!());

impl Endpoint for DeleteTotp {
    const NAME: &'static str = "auth-totp-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/auth/totp";
    const SUMMARY: &'static str = "Turn one-time codes off";
    const DESCRIPTION: &'static str =
        "Deletes the secret and the recovery codes. Needs a sign-in of the last 15 minutes.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Identity, &[PutItem, UpdateItem]), audit::AUDIT_PERMISSION];

    type Auth = JustSignedIn;
    type Input = NoInput;
    type Output = NoContent;

    fn example() -> Example<Self> {
        Example { input: NoInput {}, output: NoContent }
    }

    async fn handle(cx: &Context, caller: Person, _: NoInput) -> Result<NoContent, Problem> {
        two_factor::turn_off(cx, &caller.user).await?;
        Ok(NoContent)
    }
}
