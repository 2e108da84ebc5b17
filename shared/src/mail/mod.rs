//! Mails: their texts, and sending them through SES.

mod template;

pub use template::Mail;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::ProvideErrorMetadata;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};

use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::Email;

/// SES's refusals that no repetition changes.
const NEVER: [&str; 2] = ["BadRequestException", "MessageRejected"];

/// Sends a mail. One that SES will never take (a malformed or blocked address) is given up, and
/// the log says so: trying again would hold up all others.
///
/// # Errors
/// Where SES does not answer or not now; nothing was sent then, and it is worth trying again.
pub async fn send(cx: &Context, to: &Email, mail: &Mail) -> Result<(), Problem> {
    let part = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let part = |text: &str| part(text).map_err(Problem::internal);
    let body = Body::builder().text(part(&mail.text())?).html(part(&mail.html())?).build();
    let message = Message::builder().subject(part(&mail.subject)?).body(body).build();
    let outcome = Client::new(&cx.sdk)
        .send_email()
        .from_email_address(&cx.config.mail_from)
        .destination(Destination::builder().to_addresses(to.as_str()).build())
        .content(EmailContent::builder().simple(message).build())
        .send()
        .await;
    match outcome {
        Ok(_) => Ok(()),
        Err(error) if error.code().is_some_and(|code| NEVER.contains(&code)) => {
            tracing::error!(cause = error.code(), "SES refuses this mail for good; it is given up");
            Ok(())
        }
        Err(error) => Err(Problem::unavailable(error)),
    }
}
