//! `DELETE /v1/auth/totp`: turns one-time codes off.

use byline_shared::auth::audit;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::prelude::*;
use byline_shared::store::outbox::Notice;

use crate::mails::notice;

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
        let id = &caller.user.id;
        let notice = notice(cx, &caller.user, Notice::TotpDisabled);
        let entry = AuditEntry::new(cx, Event::TotpDisabled).by(id).about(id);
        cx.store.totp().delete(id, &notice, &entry).await?;
        Ok(NoContent)
    }
}
