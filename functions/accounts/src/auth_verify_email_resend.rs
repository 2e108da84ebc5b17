//! `POST /v1/auth/verify-email/resend`: sends the mail of a sign-up again.
//!
//! The work is the same for every address; only the mail tells whether there is a sign-up or an account.

use byline_shared::auth::limits::{self, MailKind};
use byline_shared::model::Email;
use byline_shared::prelude::*;
use byline_shared::store::keys::MAIL_PREFIX;
use byline_shared::store::outbox::{Message, OutboxItem};

use crate::mails::MailSent;

/// Sends the mail again.
pub struct Resend;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Resend>(module_path!());

/// Where to.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The e-mail address of the sign-up.
    pub email: Email,
}

impl Endpoint for Resend {
    const NAME: &'static str = "auth-verify-email-resend";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/verify-email/resend";
    const SUMMARY: &'static str = "Send the confirmation mail of a sign-up again";
    const DESCRIPTION: &'static str =
        "Always answers 202 with the same body, whether or not there is such a sign-up.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Identity, MAIL_PREFIX, &[PutItem]), limits::LIMIT_PERMISSION];
    const ERRORS: &'static [Code] = &[Code::TooManyRequests];
    const LIMIT: Option<RateLimit> = Some(limits::MAIL_NETWORK);

    type Auth = Public;
    type Input = Input;
    type Output = Accepted<MailSent>;

    fn example() -> Example<Self> {
        Example {
            input: Input { email: byline_shared::examples::user().email },
            output: MailSent::new(),
        }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Accepted<MailSent>, Problem> {
        limits::acquire_mail(cx, MailKind::SignUp, &input.email).await?;
        let mail = OutboxItem::new(cx.clock.now(), input.email, Message::SignUpAgain);
        cx.store.outbox().create(&mail).await?;
        Ok(MailSent::new())
    }
}
