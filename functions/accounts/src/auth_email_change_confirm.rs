//! `POST /v1/auth/email-change/confirm`: confirms a change of e-mail address with the token of a mail.
//! The change happens when both the old and the new address have confirmed it.
//!
//! The new address may be that of somebody who never asked for it and follows the link. Its confirmation
//! takes the account's password, or they would get an account whose password a stranger chose.

use byline_shared::auth::audit;
use byline_shared::auth::{limits, mailed_token, password};
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{AddressSide, Secret, User};
use byline_shared::prelude::*;
use byline_shared::store::email_changes::Confirmation;
use byline_shared::store::outbox::Notice;
use byline_shared::store::tokens::Purpose;
use byline_shared::store::users::UserItem;

use crate::known_device::KnownDevice;
use crate::mails::notice;

/// Confirms a change of e-mail address.
pub struct ConfirmEmailChange;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ConfirmEmailChange>(module_path!());

/// The proof that the mail arrived.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The `token` parameter of the link in the mail.
    pub token: Secret,
    /// The password of the account. Required with the link that was sent to the new address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
}

/// The state of the change.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EmailChangeState")]
pub struct Output {
    /// Whether both addresses have confirmed, so that the address has changed.
    pub changed: bool,
    /// If the address has changed, this device for later sign-ins: all sessions and earlier device
    /// tokens have ended. It grants nothing by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_token: Option<Secret>,
}

impl Representation for Output {}

impl Endpoint for ConfirmEmailChange {
    const NAME: &'static str = "auth-email-change-confirm";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/email-change/confirm";
    const SUMMARY: &'static str = "Confirm a change of e-mail address";
    const DESCRIPTION: &'static str = "Both the old and the new address get a mail with a link. The address changes when both \
        links were confirmed; the first confirmation answers with `changed: false`. The link to \
        the new address also needs the password of the account: without it the answer is 422 with \
        `/password` `required`, and the link stays valid. If the new \
        address belongs to another account, nothing changes.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem, DeleteItem]),
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::TooManyRequests];
    const MEMORY: Memory = Memory::Hashing;

    type Auth = Public;
    type Input = Input;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        let token = Secret::new(byline_shared::examples::MAILED_TOKEN);
        let output = Output { changed: false, device_token: None };
        Example { input: Input { token, password: None }, output: Json(output) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<Output>, Problem> {
        let now = cx.clock.now();
        let found = mailed_token::find(cx, &input.token).await?.ok_or_else(spent)?;
        let Purpose::ConfirmEmailChange { user_id, change_id, side } = found.item.purpose else {
            return Err(spent());
        };
        let account = cx.store.users().get(&user_id).await?.ok_or_else(spent)?;
        let change = account.email_change.clone();
        let change = change.filter(|change| change.id == change_id && change.ends_at > now);
        let change = change.ok_or_else(spent)?;
        if side == AddressSide::New {
            prove(cx, &account, input.password).await?;
        }
        let moved = User { email: change.email.clone(), ..account.user.clone() };
        let device = KnownDevice::of(cx, &moved, account.token_version + 1).await?;
        let notice = notice(cx, &account.user, Notice::EmailChanged);
        let entry = AuditEntry::new(cx, Event::EmailChanged).by_user(&account.user).about(&user_id);
        let consent = cx
            .store
            .email_changes()
            .confirm(&account, &change, side, &found.digest, &notice, &entry)
            .await?;
        match consent {
            Confirmation::Pending => Ok(Json(Output { changed: false, device_token: None })),
            Confirmation::Completed => {
                Ok(Json(Output { changed: true, device_token: Some(device.device_token) }))
            }
            Confirmation::Invalid => Err(spent()),
        }
    }
}

/// Holds who confirms the new address to the account's password.
async fn prove(cx: &Context, account: &UserItem, given: Option<Secret>) -> Result<(), Problem> {
    let Some(given) = given else {
        let message = "Send the password of the account as well.";
        return Err(Problem::invalid_field("password", "required", message));
    };
    let id = &account.user.id;
    // Not the bucket of the signed-in user, which a stranger at the new address must not fill.
    let bucket = limits::account(id).within("email-change");
    limits::acquire(cx, &limits::CONFIRM_ACCOUNT, &bucket).await?;
    let stored = Some(account.password_hash.clone());
    if password::verify(cx, given.expose().to_owned(), stored).await? {
        limits::refund(cx, &limits::CONFIRM_ACCOUNT, &bucket).await;
        return Ok(());
    }
    AuditEntry::new(cx, Event::EmailChanged).about(id).refused().record(cx).await;
    let message = "This is not the password of the account that asked for this address. If you did not \
                   ask for it, ignore the mail.";
    Err(Problem::invalid_field("password", "wrong_password", message))
}

fn spent() -> Problem {
    let message = "The link has expired, has already been used or is incomplete, or the new address \
                   now belongs to another account.";
    Problem::invalid_field("token", "invalid_token", message)
}
