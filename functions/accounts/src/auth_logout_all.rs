//! `POST /v1/auth/logout-all`: ends all of the caller's sessions at once, this one too.

use byline_shared::auth::audit;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::prelude::*;

/// Signs out everywhere.
pub struct LogoutAll;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<LogoutAll>(module_path!());

impl Endpoint for LogoutAll {
    const NAME: &'static str = "auth-logout-all";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/logout-all";
    const SUMMARY: &'static str = "Sign out everywhere";
    const DESCRIPTION: &'static str = "Ends all your sessions, this one too. It also cancels a pending change of your e-mail \
        address. API keys stay valid.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Identity, &[UpdateItem]), audit::AUDIT_PERMISSION];

    type Auth = SignedIn;
    type Input = NoInput;
    type Output = NoContent;

    fn example() -> Example<Self> {
        Example { input: NoInput {}, output: NoContent }
    }

    async fn handle(cx: &Context, caller: Person, _: NoInput) -> Result<NoContent, Problem> {
        let id = &caller.user.id;
        let entry = AuditEntry::new(cx, Event::SignedOutEverywhere).by(id).about(id);
        cx.store.sessions().delete_all(id, &entry).await?;
        Ok(NoContent)
    }
}
