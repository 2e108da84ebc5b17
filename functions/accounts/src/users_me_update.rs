//! `PATCH /v1/users/me`: changes the caller's name or which mails they get, or requests a change of e-mail
//! address.
//!
//! The address changes when the old and the new one have both confirmed it by mail. The request needs a recent
//! sign-in (ASVS 7.5.1).

use byline_shared::auth::{address_change, audit, limits, profile};
use byline_shared::model::{Email, Name, NotificationChanges, User};
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Changes the caller's account.
pub struct UpdateMe;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<UpdateMe>(module_path!());

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
    /// Which mails about proposals you get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notifications: Option<NotificationChanges>,
}

impl Endpoint for UpdateMe {
    const NAME: &'static str = "users-me-update";
    const METHOD: Method = Method::PATCH;
    const PATH: &'static str = "/v1/users/me";
    const SUMMARY: &'static str = "Change your name, e-mail address or mails";
    const DESCRIPTION: &'static str = "A new name reaches your posts within moments. That raises the `version` of each post, so \
        an edit based on the version before is answered with 412.\n\
        \n\
        A new e-mail address takes effect when both the old and the new address have confirmed \
        it by mail, within 24 hours; the new one's link also takes your password. If the new address already has an account, the change \
        silently has no effect. Changing the password, signing out everywhere or requesting \
        another change cancels it.\n\
        \n\
        `notifications` says which mails about proposals you get: `waiting`, of what waits for a decision, goes to \
        editors and admins (`at_once`, `daily` or `off`); `decided`, of what became of your proposals and those of \
        your agents, goes to you (`at_once` or `off`). A choice that is left out stays.\n\
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
        let input = Input { name: Some(user.name.clone()), email: None, notifications: None };
        Example { input, output: Json(user.for_owner()) }
    }

    async fn handle(cx: &Context, caller: Person, input: Input) -> Result<Json<User>, Problem> {
        let mut user = caller.user;
        // The part that can fail comes first, so that a refused request changes nothing.
        if let Some(email) = input.email.filter(|email| *email != user.email) {
            address_change::request(cx, &user, email).await?;
        }
        if let Some(name) = input.name {
            profile::rename(cx, &mut user, name).await?;
        }
        if let Some(changes) = input.notifications {
            profile::choose_mails(cx, &mut user, changes).await?;
        }
        Ok(Json(user.for_owner()))
    }
}
