//! `POST /v1/auth/password/reset`: sets a new password with the token of a mail.
//!
//! It does not sign the user in: one-time codes still apply (ASVS 6.4.3). But its device is known from
//! then on, so that strangers who guess passwords do not keep its owner out.

use byline_shared::auth::audit;
use byline_shared::auth::{limits, mailed_token, password};
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{Password, Secret};
use byline_shared::prelude::*;
use byline_shared::store::outbox::Notice;
use byline_shared::store::tokens::Purpose;

use crate::known_device::KnownDevice;
use crate::mails::notice;

/// Sets a new password.
pub struct Reset;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Reset>(module_path!());

/// The proof that the mail arrived, and the new password.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The `token` parameter of the link in the mail.
    pub token: Secret,
    /// 12 to 256 characters. Passwords that are easily guessed are rejected.
    pub new_password: Password,
}

impl Endpoint for Reset {
    const NAME: &'static str = "auth-password-reset";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/password/reset";
    const SUMMARY: &'static str = "Reset a password with the token from the mail";
    const DESCRIPTION: &'static str = "Ends all sessions of the account and the device tokens of all devices; API keys stay valid. \
        It does not sign in: if the account uses one-time codes, the next sign-in still needs one. \
        The answer has a `device_token` for this device: send it with that sign-in.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem, DeleteItem]),
        Permission::AccountSecret,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::TooManyRequests];
    const MEMORY: Memory = Memory::Hashing;

    type Auth = Public;
    type Input = Input;
    type Output = Json<KnownDevice>;

    fn example() -> Example<Self> {
        let token = Secret::new(byline_shared::examples::MAILED_TOKEN);
        let new_password = Password::new(byline_shared::examples::PASSWORD);
        let output = Json(KnownDevice::example());
        Example { input: Input { token, new_password }, output }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<KnownDevice>, Problem> {
        let found = mailed_token::find(cx, &input.token).await?.ok_or_else(spent)?;
        let Purpose::ResetPassword { user_id, token_version } = found.item.purpose else {
            return Err(spent());
        };
        let digest = found.digest;
        let account = cx.store.users().get(&user_id).await?.ok_or_else(spent)?;
        let user = &account.user;
        let (email, name) = (&user.email, &user.name);
        password::refuse_weak(cx, &input.new_password, "new_password", email, name).await?;
        let hash = password::hash(cx, input.new_password).await?;
        let device = KnownDevice::of(cx, user, token_version + 1).await?;
        let entry = AuditEntry::new(cx, Event::PasswordReset).by_user(user).about(&user_id);
        let notice = notice(cx, user, Notice::PasswordReset);
        let store = &cx.store;
        let done = store
            .passwords()
            .reset(&account, token_version, &digest, &hash, &notice, &entry)
            .await?;
        if done { Ok(Json(device)) } else { Err(spent()) }
    }
}

fn spent() -> Problem {
    let message = "The link has expired, has already been used, or is incomplete. Request a new \
                   one.";
    Problem::invalid_field("token", "invalid_token", message)
}
