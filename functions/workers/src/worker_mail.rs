//! Writes the mail of each new registration: a link to confirm the address, or word that it has
//! an account already.
//!
//! The token is made here and stored as its digest, so that it is in the mail and nowhere else. A
//! record that comes twice brings a second mail with a second token, and both work.

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use shared::auth::{one_time, random};
use shared::endpoint::BoxFuture;
use shared::mail::{self, Mail};
use shared::model::RegistrationId;
use shared::prelude::*;
use shared::store::keys::{self, REGISTRATION_PREFIX};
use shared::store::registrations::{RegistrationItem, TokenItem};
use shared::worker::{Worker, new_item};

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-mail",
    module: module_path!(),
    summary: "Mail each new registration",
    table: Identity,
    new_items: REGISTRATION_PREFIX,
    grants: &[Grant::Table(Identity, &[GetItem, PutItem]), Grant::SendMail],
    example,
    handle,
};

fn example() -> Event {
    let user = shared::examples::user();
    let id: RegistrationId = "reg_01JD9ZK3V8Q2M4T6W8X0Y2Z4E4".parse().expect("it is an id");
    let key = keys::registration(&user.email, &id);
    let registration = RegistrationItem {
        id,
        email: user.email,
        name: user.name,
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned(),
        // 2100-01-01: the event stays usable.
        ttl: 4_102_444_800,
    };
    new_item(&key, &registration)
}

fn handle(cx: &Context, record: EventRecord) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(async move {
        let registration: RegistrationItem =
            serde_dynamo::from_item(record.change.new_image).map_err(Problem::internal)?;
        if registration.ttl <= cx.clock.now().as_seconds() {
            return Ok(());
        }
        let (to, name) = (&registration.email, &registration.name);
        if cx.store.account_id(to).await?.is_some() {
            return mail::send(cx, to, &Mail::account_exists(&cx.config, name)).await;
        }
        let token = random::token();
        let item = TokenItem {
            email: to.clone(),
            registration_id: registration.id.clone(),
            ttl: registration.ttl,
        };
        cx.store.put_token(&one_time::digest(&token), &item).await?;
        mail::send(cx, to, &Mail::confirm_address(&cx.config, name, &token)).await
    })
}
