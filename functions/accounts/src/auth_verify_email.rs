//! `POST /v1/auth/verify-email`: confirms an address with the token of the mailed link. Only now
//! is there an account.

use shared::auth::audit::{self, Entry, Event};
use shared::auth::{limits, one_time, random};
use shared::model::{Role, Secret, Slug, User, UserId};
use shared::prelude::*;
use shared::store::tokens::Purpose;
use shared::store::users::{NotCreated, UserItem};

/// Confirms an address.
pub struct VerifyEmail;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<VerifyEmail>(module_path!());

/// The proof that the mail arrived.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// `token` of the mailed link.
    pub token: Secret,
}

impl Endpoint for VerifyEmail {
    const NAME: &'static str = "auth-verify-email";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/verify-email";
    const SUMMARY: &'static str = "Confirm the address with the mailed token; makes the account";
    const GRANTS: &'static [Grant] =
        &[Grant::Table(Identity, &[GetItem, PutItem, UpdateItem, DeleteItem]), audit::AUDIT_GRANT];
    const LIMIT: Option<Policy> = Some(limits::TOKEN_NETWORK);
    const ERRORS: &'static [Code] = &[Code::EmailTaken];

    type Auth = Public;
    type Input = Input;
    type Output = NoContent;

    fn example() -> Example<Self> {
        let token = Secret::new(shared::examples::MAILED_TOKEN);
        Example { input: Input { token }, output: NoContent }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<NoContent, Problem> {
        let digest = one_time::digest(input.token.expose());
        let now = cx.clock.now();
        let token = cx.store.token(&digest).await?.filter(|token| token.is_live(now));
        let token = token.ok_or_else(spent)?;
        let Purpose::ConfirmSignUp { registration_id } = &token.purpose else {
            return Err(spent());
        };
        let registration = cx.store.registration(&token.email, registration_id).await?;
        let registration = registration.ok_or_else(spent)?;
        if registration.ttl <= now.as_seconds() {
            return Err(spent());
        }
        let admin = cx.config.admin_email.as_ref().map(shared::model::Email::normalised);
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
        let entry = Entry::new(cx, Event::EmailVerified).by(&id).about(&id);
        let used_up = Some((&registration.id, digest.as_str()));
        for _ in 0..3 {
            match cx.store.create_user(&account, used_up, &entry).await? {
                Ok(()) => return Ok(NoContent),
                // Two people of one name.
                Err(NotCreated::SlugTaken) => {
                    account.user.slug = slug.with_suffix(&random::letters(5));
                }
                Err(NotCreated::RegistrationGone) => return Err(spent()),
                Err(NotCreated::EmailTaken) => {
                    let detail = "This address was confirmed before and has its account: sign in.";
                    return Err(Problem::new(Code::EmailTaken, detail));
                }
            }
        }
        Err(Problem::internal("three random author slugs were taken"))
    }
}

fn spent() -> Problem {
    let message = "The link has expired, was used already, or was not copied whole. If your \
                   address is confirmed, sign in; otherwise sign up again for a new link.";
    Problem::invalid_field("token", "invalid_token", message)
}
