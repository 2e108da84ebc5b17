//! Mails: their texts, and sending them through SES.

mod template;

pub use template::Mail;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};

use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::Email;

/// Sends a mail.
///
/// # Errors
/// Where SES does not take it; nothing was sent then.
pub async fn send(cx: &Context, to: &Email, mail: &Mail) -> Result<(), Problem> {
    let part = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let part = |text: &str| part(text).map_err(Problem::internal);
    let body = Body::builder().text(part(&mail.text())?).html(part(&mail.html())?).build();
    let message = Message::builder().subject(part(&mail.subject)?).body(body).build();
    Client::new(&cx.sdk)
        .send_email()
        .from_email_address(&cx.config.mail_from)
        .destination(Destination::builder().to_addresses(to.as_str()).build())
        .content(EmailContent::builder().simple(message).build())
        .send()
        .await
        .map_err(Problem::unavailable)?;
    Ok(())
}
