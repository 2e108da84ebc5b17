//! `DELETE /v1/users/invitations/{invitation_id}`: withdraws an invitation. For admins.

use byline_shared::auth::{audit, invitations};
use byline_shared::model::InvitationId;
use byline_shared::prelude::*;

/// Withdraws an invitation.
pub struct DeleteInvitation;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeleteInvitation>(module_path!());

/// Which invitation.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The invitation's id.
    pub invitation_id: InvitationId,
}

impl Endpoint for DeleteInvitation {
    const NAME: &'static str = "users-invitations-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/users/invitations/{invitation_id}";
    const SUMMARY: &'static str = "Withdraw an invitation";
    const DESCRIPTION: &'static str = "For admins. Its link stops working at once. An invitation that was accepted is gone: disable \
        the account instead. Not available to API keys.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Identity, &[DeleteItem, GetItem]), HOLD_RIGHT, audit::AUDIT_PERMISSION];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = ByPerson<scope::Admin>;
    type Input = Input;
    type Output = NoContent;

    fn example() -> Example<Self> {
        let invitation_id = byline_shared::examples::invitation().id;
        Example { input: Input { invitation_id }, output: NoContent }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<NoContent, Problem> {
        invitations::withdraw(cx, &caller, &input.invitation_id).await?;
        Ok(NoContent)
    }
}
