//! Mails: their texts, and delivery through Amazon SES.

mod decisions;
mod invitation;
mod layout;
mod links;
mod news;
mod notices;
mod outbox;
mod proposals;
mod schedules;
mod sender;
mod template;
mod told;

pub use decisions::Decided;
pub use layout::Mail;
pub use news::{send_digests, tell};
pub use outbox::{deliver, sign_in_token};
pub use sender::Sender;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::ProvideErrorMetadata;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};

use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::Email;

/// Errors of SES that a retry does not change.
const PERMANENT: [&str; 2] = ["BadRequestException", "MessageRejected"];

/// Why a mail was not sent.
#[derive(Debug)]
enum SendError {
    /// SES rejects it for good, with this code: the address is malformed or blocked.
    Permanent(String),
    /// SES is unavailable or throttles; a retry may succeed.
    Temporary(Problem),
}

/// Sends a mail.
async fn send(cx: &Context, to: &Email, mail: &Mail) -> Result<(), SendError> {
    let message = message(mail).map_err(SendError::Temporary)?;
    let outcome = Client::new(&cx.sdk)
        .send_email()
        .from_email_address(&cx.config.mail_from)
        .destination(Destination::builder().to_addresses(to.as_str()).build())
        .content(EmailContent::builder().simple(message).build())
        .send()
        .await;
    match outcome {
        Ok(_) => Ok(()),
        Err(error) => match error.code() {
            Some(code) if PERMANENT.contains(&code) => Err(SendError::Permanent(code.to_owned())),
            _ => Err(SendError::Temporary(Problem::unavailable(error))),
        },
    }
}

fn message(mail: &Mail) -> Result<Message, Problem> {
    let part = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let part = |text: &str| part(text).map_err(Problem::internal);
    let body = Body::builder().text(part(&mail.text())?).html(part(&mail.html())?).build();
    Ok(Message::builder().subject(part(&mail.subject)?).body(body).build())
}
