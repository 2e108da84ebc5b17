//! Sends each new mail of the outbox at once.

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use byline_shared::auth::sign_up::REGISTRATION_PERMISSION;
use byline_shared::endpoint::BoxFuture;
use byline_shared::mail;
use byline_shared::model::{MailId, RegistrationId};
use byline_shared::prelude::*;
use byline_shared::store::keys::{self, MAIL_PREFIX, POST_PREFIX, PROPOSAL_PREFIX};
use byline_shared::store::outbox::{Message, OutboxItem};
use byline_shared::worker::{NewItems, Trigger, Worker, new_item};

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-mail",
    module: module_path!(),
    summary: "Send each new mail",
    trigger: Trigger::NewItems(NewItems { table: Identity, prefix: MAIL_PREFIX, example, handle }),
    permissions: MAIL_PERMISSIONS,
};

/// The permissions for composing and sending a mail.
pub(crate) const MAIL_PERMISSIONS: &[Permission] = &[
    Permission::Table(Identity, &[DeleteItem, GetItem, PutItem, Query]),
    Permission::Index(Identity, "gsi1"),
    // The proposals and posts that mails are about, and where readers find them.
    Permission::Items(Content, PROPOSAL_PREFIX, &[GetItem]),
    Permission::Items(Content, POST_PREFIX, &[GetItem]),
    Permission::Index(Content, "gsi1"),
    Permission::SendMail,
    REGISTRATION_PERMISSION,
];

#[derive(Deserialize)]
struct New {
    id: MailId,
}

fn example() -> Event {
    let user = byline_shared::examples::user();
    let registration_id: RegistrationId =
        "reg_01JD9ZK3V8Q2M4T6W8X0Y2Z4E4".parse().expect("it is an id");
    let message = Message::SignUp { registration_id };
    let mut item = OutboxItem::new(user.created_at, user.email, message);
    item.id = "mail_01JD9ZK3V8Q2M4T6W8X0Y2Z4E4".parse().expect("it is an id");
    (item.gsi1pk, item.gsi1sk) = (None, None);
    new_item(&keys::mail(&item.id), &item)
}

fn handle(cx: &Context, record: EventRecord) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(async move {
        let new: New =
            serde_dynamo::from_item(record.change.new_image).map_err(Problem::internal)?;
        mail::deliver(cx, &new.id).await
    })
}
