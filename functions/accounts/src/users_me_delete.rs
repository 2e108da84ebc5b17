//! `DELETE /v1/users/me`: deletes the caller's account. Their published posts stay, with a neutral author
//! name. [`byline_shared::auth::deletion`] has the rules.

use byline_shared::auth::{audit, deletion};
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Deletes the caller's account.
pub struct DeleteMe;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeleteMe>(module_path!());

impl Endpoint for DeleteMe {
    const NAME: &'static str = "users-me-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/users/me";
    const SUMMARY: &'static str = "Delete your account";
    const DESCRIPTION: &'static str = "Ends your sessions and API keys at once, and removes your profile. Your posts and drafts stay, \
        under a neutral author. What you scheduled does not go live, and neither does what agents scheduled on your \
        approval. The last admin cannot delete their account (409 `last_admin`). Needs a sign-in \
        of the last 15 minutes.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem, DeleteItem]),
        Permission::Items(Content, keys::PROPAGATION_PREFIX, &[PutItem]),
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::LastAdmin, Code::EditConflict];

    type Auth = JustSignedIn;
    type Input = NoInput;
    type Output = NoContent;

    fn example() -> Example<Self> {
        Example { input: NoInput {}, output: NoContent }
    }

    async fn handle(cx: &Context, caller: Person, _: NoInput) -> Result<NoContent, Problem> {
        deletion::delete_account(cx, &caller).await.map(|()| NoContent)
    }
}
