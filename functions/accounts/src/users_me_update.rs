//! `PATCH /v1/users/me`: changes the caller's name, or requests a change of e-mail address.
//!
//! The address changes when the old and the new one have both confirmed it by mail. The request needs a recent
//! sign-in (ASVS 7.5.1).

use byline_shared::auth::audit;
use byline_shared::auth::limits::{self, MailKind};
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{
    AddressSide, Email, EmailChangeId, Name, PropagationJobId, User, author_of,
};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use byline_shared::store::outbox::{Message, OutboxItem};
use byline_shared::store::propagation::{Changed, PropagationJob};
use byline_shared::store::users::EmailChange;

/// Changes the caller's account.
pub struct UpdateMe;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<UpdateMe>(module_path!());

/// How long a change of e-mail address can be confirmed, in seconds: 24 hours.
const WAITS: i64 = 24 * 3600;

/// What to change.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The new e-mail address. The old and the new address each get a mail, and both must confirm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
}

impl Endpoint for UpdateMe {
    const NAME: &'static str = "users-me-update";
    const METHOD: Method = Method::PATCH;
    const PATH: &'static str = "/v1/users/me";
    const SUMMARY: &'static str = "Change your name or e-mail address";
    const DESCRIPTION: &'static str = "A new name reaches your posts within moments. That raises the `version` of each post, so \
        an edit based on the version before is answered with 412.\n\
        \n\
        A new e-mail address takes effect when both the old and the new address have confirmed \
        it by mail, within 24 hours; the new one's link also takes your password. If the new address already has an account, the change \
        silently has no effect. Changing the password, signing out everywhere or requesting \
        another change cancels it.\n\
        \n\
        Needs a sign-in of the last 15 minutes.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem]),
        Permission::Items(Content, keys::PROPAGATION_PREFIX, &[PutItem]),
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::TooManyRequests];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = JustSignedIn;
    type Input = Input;
    type Output = Json<User>;

    fn example() -> Example<Self> {
        let user = byline_shared::examples::user();
        let input = Input { name: Some(user.name.clone()), email: None };
        Example { input, output: Json(user) }
    }

    async fn handle(cx: &Context, caller: Person, input: Input) -> Result<Json<User>, Problem> {
        let mut user = caller.user;
        // The part that can fail comes first, so that a refused request changes nothing.
        if let Some(email) = input.email.filter(|email| *email != user.email) {
            request_email_change(cx, &user, email).await?;
        }
        if let Some(name) = input.name.filter(|name| *name != user.name) {
            let entry = AuditEntry::new(cx, Event::ProfileChanged).by_user(&user).about(&user.id);
            user.name = name;
            let (id, change) =
                (PropagationJobId::new(cx.clock.now()), Changed::Author(author_of(&user)));
            let job = PropagationJob { id, change };
            cx.store.users().rename(&user.id, &user.name, &job, &entry).await?;
        }
        Ok(Json(user))
    }
}

/// Sends a mail to both addresses. If the new one already has an account, the request does not say so;
/// the confirmation fails instead.
async fn request_email_change(cx: &Context, user: &User, email: Email) -> Result<(), Problem> {
    limits::acquire(cx, &limits::MAIL_ACCOUNT, &limits::account(&user.id)).await?;
    limits::acquire_mail(cx, MailKind::EmailChange, &email).await?;
    let now = cx.clock.now();
    let id = EmailChangeId::new(now);
    let mail = |to: &Email, side: AddressSide| {
        let (user_id, change_id) = (user.id.clone(), id.clone());
        let message = Message::ConfirmEmailChange { user_id, change_id, side };
        OutboxItem::new(now, to.clone(), message)
    };
    let mails = [&mail(&user.email, AddressSide::Old), &mail(&email, AddressSide::New)];
    let change =
        EmailChange { id: id.clone(), email: email.clone(), ends_at: now.plus_seconds(WAITS) };
    let entry = AuditEntry::new(cx, Event::EmailChangeRequested).by_user(user).about(&user.id);
    Ok(cx.store.email_changes().create(&user.id, &change, mails, &entry).await?)
}
