//! `DELETE /v1/users/me`: deletes the caller's account. Their published posts stay, with a neutral author
//! name.

use byline_shared::auth::audit;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::prelude::*;
use byline_shared::store::WriteError;
use byline_shared::store::outbox::{Notice, OutboxItem};
use byline_shared::store::users::NotChanged;

/// Deletes the caller's account.
pub struct DeleteMe;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeleteMe>(module_path!());

impl Endpoint for DeleteMe {
    const NAME: &'static str = "users-me-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/users/me";
    const SUMMARY: &'static str = "Delete your account";
    const DESCRIPTION: &'static str = "Ends your sessions and API keys at once. Your posts and drafts stay, under a neutral \
        author. The last admin cannot delete their account (409 `last_admin`). Needs a sign-in \
        of the last 15 minutes.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem, DeleteItem]),
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
        let id = &caller.user.id;
        let account =
            cx.store.users().get(id).await?.ok_or_else(|| Problem::unauthenticated(true))?;
        let notice = OutboxItem::notice(
            cx.clock.now(),
            cx.request.source_ip,
            &account.user,
            Notice::AccountDeleted,
        );
        let entry = AuditEntry::new(cx, Event::AccountDeleted).by(id).about(id);
        match cx.store.users().delete(&account, &notice, &entry).await {
            Ok(()) => Ok(NoContent),
            Err(WriteError::Store(error)) => Err(error.into()),
            Err(WriteError::Conflict(NotChanged::LastAdmin)) => {
                let detail = "You are the last admin. Give another user the admin role first.";
                Err(Problem::new(Code::LastAdmin, detail))
            }
            Err(WriteError::Conflict(_)) => {
                let detail =
                    "Your account was changed by another request at the same time. Try again.";
                Err(Problem::new(Code::EditConflict, detail))
            }
        }
    }
}
