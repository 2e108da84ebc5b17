//! `POST /v1/auth/verify-email`: confirms the e-mail address of a sign-up with the token of the mailed link,
//! and creates the account.

use byline_shared::auth::audit;
use byline_shared::auth::{limits, password};
use byline_shared::crypto::{digest, random};
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{RegistrationId, Role, Secret, Slug, User, UserId};
use byline_shared::prelude::*;
use byline_shared::store::WriteError;
use byline_shared::store::registrations::RegistrationItem;
use byline_shared::store::tokens::Purpose;
use byline_shared::store::users::{NotCreated, UsedRegistration, UserItem};

/// Confirms an e-mail address.
pub struct VerifyEmail;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<VerifyEmail>(module_path!());

/// The proof that the mail arrived.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The `token` parameter of the link in the mail.
    pub token: Secret,
    /// The password of the sign-up. Required only if the address was signed up more than once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
}

impl Endpoint for VerifyEmail {
    const NAME: &'static str = "auth-verify-email";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/verify-email";
    const SUMMARY: &'static str = "Confirm an e-mail address and create the account";
    const DESCRIPTION: &'static str = "If the address was signed up more than once, the token alone does not tell which sign-up \
        is the owner's: the answer is 422 with `/password` `required`. Ask for the password of \
        the sign-up and send it with the same token.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, Query, PutItem, UpdateItem, DeleteItem]),
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::TOKEN_NETWORK);
    const ERRORS: &'static [Code] = &[Code::EmailTaken];
    const MEMORY: Memory = Memory::Hashing;

    type Auth = Public;
    type Input = Input;
    type Output = NoContent;

    fn example() -> Example<Self> {
        let token = Secret::new(byline_shared::examples::MAILED_TOKEN);
        Example { input: Input { token, password: None }, output: NoContent }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<NoContent, Problem> {
        let digest = digest::sha256(input.token.expose());
        let now = cx.clock.now();
        let token = cx.store.tokens().get(&digest).await?.filter(|token| token.is_live(now));
        let token = token.ok_or_else(spent)?;
        let Purpose::ConfirmSignUp { registration_id } = &token.purpose else {
            return Err(spent());
        };
        let own = cx.store.registrations().get(&token.email, registration_id).await?;
        let own = own.filter(|own| own.ttl > now.as_seconds()).ok_or_else(spent)?;
        // The sign-up of the link comes first, however many others followed it.
        let mut pending = cx.store.registrations().list(&token.email, now).await?;
        pending.retain(|registration| registration.id != own.id);
        pending.insert(0, own);
        let ids: Vec<RegistrationId> = pending.iter().map(|item| item.id.clone()).collect();
        let registration = choose(cx, pending, input.password).await?;
        let admin = cx.config.admin_email.as_ref().map(byline_shared::model::Email::normalised);
        let is_admin = admin == Some(registration.email.normalised());
        let slug = Slug::from_text(registration.name.as_str());
        let slug = slug.unwrap_or_else(|| Slug::trusted("author"));
        let mut account = UserItem {
            user: User {
                id: UserId::new(now),
                email: registration.email,
                name: registration.name,
                slug: slug.clone(),
                role: if is_admin { Role::Admin } else { Role::Reader },
                created_at: now,
                disabled: false,
                two_factor: false,
            },
            password_hash: registration.password_hash,
            token_version: 0,
            totp: None,
            email_change: None,
        };
        let id = account.user.id.clone();
        let entry = AuditEntry::new(cx, Event::EmailVerified).by_user(&account.user).about(&id);
        let others: Vec<&RegistrationId> =
            ids.iter().filter(|id| **id != registration.id).collect();
        let used_up = Some(UsedRegistration { id: &registration.id, others, token: &digest });
        for _ in 0..3 {
            match cx.store.users().create(&account, used_up.as_ref(), &entry).await {
                Ok(()) => return Ok(NoContent),
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

/// The sign-up to confirm: the only one, or the one with this password. With several, the link does not
/// tell whose it is, because anybody can sign up with any address.
async fn choose(
    cx: &Context,
    mut pending: Vec<RegistrationItem>,
    password: Option<Secret>,
) -> Result<RegistrationItem, Problem> {
    if pending.len() == 1 {
        return pending.pop().ok_or_else(spent);
    }
    let Some(password) = password else {
        let message = "There is more than one sign-up for this address. Send the password that you \
                       chose as well.";
        return Err(Problem::invalid_field("password", "required", message));
    };
    for registration in pending {
        let stored = Some(registration.password_hash.clone());
        if password::verify(cx, password.expose().to_owned(), stored).await? {
            return Ok(registration);
        }
    }
    let message = "This password does not match any sign-up for this address.";
    Err(Problem::invalid_field("password", "wrong_password", message))
}

fn spent() -> Problem {
    let message = "The link has expired, has already been used, or is incomplete. If your address is \
                   confirmed, sign in; otherwise sign up again for a new link.";
    Problem::invalid_field("token", "invalid_token", message)
}
