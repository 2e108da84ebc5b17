//! `POST /v1/auth/verify-email`: confirms the e-mail address of a sign-up with the token of the mailed link,
//! and creates the account.
//!
//! The password is chosen here, by somebody who has the mailbox, and nowhere before: anybody can sign up
//! with any address, and the mails look alike.

use byline_shared::auth::audit;
use byline_shared::auth::{mailed_token, password};
use byline_shared::crypto::random;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{Name, Password, RegistrationId, Role, Secret, Slug, User, UserId};
use byline_shared::prelude::*;
use byline_shared::store::WriteError;
use byline_shared::store::tokens::Purpose;
use byline_shared::store::users::{NotCreated, UsedRegistration, UserItem};

use crate::known_device::KnownDevice;

/// Confirms an e-mail address.
pub struct VerifyEmail;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<VerifyEmail>(module_path!());

/// The proof that the mail arrived, and the password of the new account.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The `token` parameter of the link in the mail.
    pub token: Secret,
    /// 12 to 256 characters. Passwords that are easily guessed are rejected.
    pub password: Password,
    /// The name that readers see. If it is left out, the one of the sign-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
}

impl Endpoint for VerifyEmail {
    const NAME: &'static str = "auth-verify-email";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/verify-email";
    const SUMMARY: &'static str = "Confirm an e-mail address and create the account";
    const DESCRIPTION: &'static str = "Sets the password of the new account. It is not chosen at sign-up, because anybody can sign \
        up with any address. If others signed up with this address too, each of the mails works, \
        and the first one that is confirmed makes the account. The answer has a `device_token` for \
        this device: send it with the first sign-in.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, Query, PutItem, UpdateItem, DeleteItem]),
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::EmailTaken, Code::TooManyRequests];
    const MEMORY: Memory = Memory::Hashing;

    type Auth = Public;
    type Input = Input;
    type Output = Json<KnownDevice>;

    fn example() -> Example<Self> {
        let token = Secret::new(byline_shared::examples::MAILED_TOKEN);
        let password = Password::new(byline_shared::examples::PASSWORD);
        let input = Input { token, password, name: None };
        Example { input, output: Json(KnownDevice::example()) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<KnownDevice>, Problem> {
        let now = cx.clock.now();
        let token = mailed_token::find(cx, &input.token).await?.ok_or_else(spent)?;
        let Purpose::ConfirmSignUp { registration_id } = &token.item.purpose else {
            return Err(spent());
        };
        let email = &token.item.email;
        let registration = cx.store.registrations().get(email, registration_id).await?;
        let registration = registration.filter(|item| item.ttl > now.as_seconds());
        let registration = registration.ok_or_else(spent)?;
        let pending = cx.store.registrations().list(email, now).await?;
        let others: Vec<&RegistrationId> =
            pending.iter().map(|item| &item.id).filter(|id| **id != registration.id).collect();
        let name = input.name.unwrap_or(registration.name);
        password::refuse_weak(cx, &input.password, "password", &registration.email, &name).await?;
        let password_hash = password::hash(cx, input.password).await?;
        let admin = cx.config.admin_email.as_ref().map(byline_shared::model::Email::normalised);
        let is_admin = admin == Some(registration.email.normalised());
        let slug = Slug::from_text(name.as_str());
        let slug = slug.unwrap_or_else(|| Slug::trusted("author"));
        let mut account = UserItem {
            user: User {
                id: UserId::new(now),
                email: registration.email,
                name,
                slug: slug.clone(),
                role: if is_admin { Role::Admin } else { Role::Reader },
                created_at: now,
                disabled: false,
                two_factor: false,
            },
            password_hash,
            token_version: 0,
            totp: None,
            email_change: None,
        };
        let id = account.user.id.clone();
        let used_up = Some(UsedRegistration { id: &registration.id, others, token: &token.digest });
        // Made first, so that nothing can fail once the account is there.
        let device = KnownDevice::of(cx, &account.user, account.token_version).await?;
        let entry = AuditEntry::new(cx, Event::EmailVerified).by_user(&account.user).about(&id);
        for _ in 0..3 {
            match cx.store.users().create(&account, used_up.as_ref(), &entry).await {
                Ok(()) => return Ok(Json(device)),
                // Somebody with the same name has this slug.
                Err(WriteError::Conflict(NotCreated::SlugTaken)) => {
                    account.user.slug = slug.with_suffix(&random::letters(5));
                }
                // There is an admin already: this becomes an ordinary account.
                Err(WriteError::Conflict(NotCreated::AdminExists)) => {
                    account.user.role = Role::Reader
                }
                Err(WriteError::Conflict(NotCreated::RegistrationGone)) => return Err(spent()),
                Err(WriteError::Conflict(NotCreated::EmailTaken)) => {
                    let detail = "This address is already confirmed and has an account. Sign in.";
                    return Err(Problem::new(Code::EmailTaken, detail));
                }
                Err(WriteError::Store(error)) => return Err(error.into()),
            }
        }
        Err(Problem::internal("three random author slugs were taken"))
    }
}

fn spent() -> Problem {
    let message = "The link has expired, has already been used, or is incomplete. If your address is \
                   confirmed, sign in; otherwise sign up again for a new link.";
    Problem::invalid_field("token", "invalid_token", message)
}
