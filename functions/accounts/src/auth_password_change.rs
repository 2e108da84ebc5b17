//! `POST /v1/auth/password/change`: changes the caller's password. This session stays, all others end.

use byline_shared::auth::audit;
use byline_shared::auth::{limits, password};
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{Password, Secret};
use byline_shared::prelude::*;
use byline_shared::store::outbox::Notice;

use crate::known_device::KnownDevice;
use crate::mails::notice;

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
        let id = &caller.user.id;
        limits::acquire(cx, &limits::CONFIRM_ACCOUNT, &limits::account(id)).await?;
        let account =
            cx.store.users().get(id).await?.ok_or_else(|| Problem::unauthenticated(true))?;
        let given = input.current_password.expose().to_owned();
        if !password::verify(cx, given, Some(account.password_hash.clone())).await? {
            AuditEntry::new(cx, Event::PasswordChanged).by(id).about(id).refused().record(cx).await;
            let message = "The current password is wrong.";
            return Err(Problem::invalid_field("current_password", "wrong_password", message));
        }
        limits::refund(cx, &limits::CONFIRM_ACCOUNT, &limits::account(id)).await;
        let (email, name) = (&account.user.email, &account.user.name);
        password::refuse_weak(cx, &input.new_password, "new_password", email, name).await?;
        let hash = password::hash(cx, input.new_password).await?;
        let entry = AuditEntry::new(cx, Event::PasswordChanged).by(id).about(id);
        let notice = notice(cx, &account.user, Notice::PasswordChanged);
        let device = KnownDevice::after_end_of_sessions(cx, &account).await?;
        let session = &caller.session_id;
        if cx.store.passwords().change(&account, session, &hash, &notice, &entry).await? {
            return Ok(Json(device));
        }
        let detail = "The account was changed by another request at the same time. Try again.";
        Err(Problem::new(Code::EditConflict, detail))
    }
}
