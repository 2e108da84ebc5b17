//! The sign-up, the invitation and the mailed token of the sample events.

use byline_shared::crypto::digest;
use byline_shared::examples;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{AddressSide, Email, EmailChangeId, Name, RegistrationId};
use byline_shared::store::outbox::{Message, OutboxItem};
use byline_shared::store::registrations::RegistrationItem;
use byline_shared::store::tokens::{Purpose, TokenItem};
use byline_shared::store::users::{EmailChange, UserItem};

use crate::harness::App;

/// What waits in mailboxes, with the token that the function `name` takes.
pub(super) async fn prepare(app: &App, name: &str, ada: &UserItem) {
    pending(app).await;
    invited(app).await;
    token(app, name, ada).await;
}

/// The sign-up whose link the example of `auth-verify-email` follows.
async fn pending(app: &App) {
    let cx = &app.byline.context;
    let now = cx.clock.now();
    let registration = RegistrationItem {
        id: RegistrationId::new(now),
        email: Email::trusted("new@example.com"),
        name: Name::trusted("New"),
        ttl: now.plus_seconds(600).as_seconds(),
    };
    let message = Message::SignUp { registration_id: registration.id.clone() };
    let mail = OutboxItem::new(now, registration.email.clone(), message);
    let entry = AuditEntry::new(cx, Event::Registered);
    cx.store.registrations().create(&registration, &mail, &entry).await.unwrap();
}

/// The example invitation, which waits to be accepted.
async fn invited(app: &App) {
    let cx = &app.byline.context;
    let now = cx.clock.now();
    let mut invitation = examples::invitation();
    invitation.created_at = now;
    invitation.ttl = now.plus_seconds(600).as_seconds();
    let message = Message::Invitation { invitation_id: invitation.id.clone() };
    let mail = OutboxItem::new(now, invitation.email.clone(), message);
    let entry = AuditEntry::new(cx, Event::Invited);
    cx.store.invitations().create(&invitation, None, None, &[mail], &entry).await.unwrap();
}

/// The token of a mailed link, for what the function takes it for.
async fn token(app: &App, name: &str, ada: &UserItem) {
    let cx = &app.byline.context;
    let now = cx.clock.now();
    let email = Email::trusted("new@example.com");
    let user_id = ada.user.id.clone();
    let purpose = match name {
        "auth-verify-email" => {
            let pending = cx.store.registrations().list(&email, now).await.unwrap();
            Purpose::ConfirmSignUp { registration_id: pending[0].id.clone() }
        }
        "auth-accept-invitation" => {
            Purpose::AcceptInvitation { invitation_id: examples::invitation().id }
        }
        "auth-password-reset" => Purpose::ResetPassword { user_id, token_version: 0 },
        "auth-sign-in-link-confirm" => Purpose::SignIn { user_id, token_version: 0 },
        "auth-email-change-confirm" => {
            let change_id = EmailChangeId::new(now);
            let ends_at = now.plus_seconds(600);
            let change = EmailChange { id: change_id.clone(), email: email.clone(), ends_at };
            let mail = |to: &Email| OutboxItem::new(now, to.clone(), Message::ResetPassword);
            let mails = [&mail(&ada.user.email), &mail(&email)];
            let entry = AuditEntry::new(cx, Event::EmailChangeRequested);
            cx.store.email_changes().create(&user_id, &change, mails, &entry).await.unwrap();
            Purpose::ConfirmEmailChange { user_id, change_id, side: AddressSide::Old }
        }
        _ => return,
    };
    let token = TokenItem { email, purpose, ttl: now.plus_seconds(600).as_seconds() };
    cx.store.tokens().create(&digest::sha256(examples::MAILED_TOKEN), &token).await.unwrap();
}
