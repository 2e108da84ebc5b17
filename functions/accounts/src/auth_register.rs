//! `POST /v1/auth/register`: signs up for an account.
//!
//! The response and the work (one transaction) are the same whether or not the address has an account.
//! Only the mail, which a worker writes, tells the difference. The password is chosen when the address
//! is confirmed, so that a stranger cannot choose it.

use byline_shared::auth::audit;
use byline_shared::auth::limits::{self, MailKind};
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{Email, Name, RegistrationId};
use byline_shared::prelude::*;
use byline_shared::store::outbox::{Message, OutboxItem};
use byline_shared::store::registrations::RegistrationItem;

use crate::mails::MailSent;

/// The lifetime of the mailed link, in seconds: 24 hours.
const LIFETIME: i64 = 24 * 3600;

/// Signs up for an account.
pub struct Register;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Register>(module_path!());

/// Who wants an account.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The e-mail address to sign in with. It gets the confirmation mail.
    pub email: Email,
    /// The name that readers see.
    pub name: Name,
}

impl Endpoint for Register {
    const NAME: &'static str = "auth-register";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/register";
    const SUMMARY: &'static str = "Sign up";
    const DESCRIPTION: &'static str = "Sends a mail with a link that confirms the address. The link leads to your frontend \
        (`/verify-email?token=…`), which asks for a password and sends both to \
        `POST /v1/auth/verify-email`. The account exists from then on. There is no password in this \
        request: it is chosen with the mailed link.\n\
        \n\
        Always answers 202 with the same body, whether or not the address has an account.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[PutItem]),
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::MAIL_NETWORK);

    type Auth = Public;
    type Input = Input;
    type Output = Accepted<MailSent>;

    fn example() -> Example<Self> {
        let user = byline_shared::examples::user();
        let input = Input { email: user.email, name: user.name };
        Example { input, output: MailSent::new() }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Accepted<MailSent>, Problem> {
        let Input { email, name } = input;
        limits::acquire_mail(cx, MailKind::SignUp, &email).await?;
        let now = cx.clock.now();
        let ttl = now.plus_seconds(LIFETIME).as_seconds();
        let id = RegistrationId::new(now);
        let message = Message::SignUp { registration_id: id.clone() };
        let mail = OutboxItem::new(now, email.clone(), message);
        let entry = AuditEntry::new(cx, Event::Registered).about(limits::address(&email));
        let registration = RegistrationItem { id, email, name, ttl };
        cx.store.registrations().create(&registration, &mail, &entry).await?;
        Ok(MailSent::new())
    }
}
