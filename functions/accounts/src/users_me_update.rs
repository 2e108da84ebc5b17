//! `PATCH /v1/users/me`: changes the caller's name, profile or which mails they get, or requests a change of
//! e-mail address.
//!
//! The address changes when the old and the new one have both confirmed it by mail. The request needs a recent
//! sign-in (ASVS 7.5.1).

use byline_shared::auth::{address_change, audit, limits, profile};
use byline_shared::model::{Email, Name, NotificationChanges, ProfileChanges, User};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys;

use crate::users_me;

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
    /// What readers learn of you.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileChanges>,
}

impl Endpoint for UpdateMe {
    const NAME: &'static str = "users-me-update";
    const METHOD: Method = Method::PATCH;
    const PATH: &'static str = "/v1/users/me";
    const SUMMARY: &'static str = "Change your name, profile, e-mail address or mails";
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
        `profile` is what readers learn of you: they get it at once with the author of a published post, and \
        nobody has to approve it. So only a person can change it, with the role author or a higher one; a \
        reader can only remove it. `picture` is the id of an image in the media library.\n\
        \n\
        Needs a sign-in of the last 15 minutes.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[ConditionCheckItem, GetItem, PutItem, UpdateItem]),
        Permission::Items(Content, keys::PROPAGATION_PREFIX, &[PutItem]),
        publishing::CHANGE_PROFILE[0],
        publishing::CHANGE_PROFILE[1],
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::EditConflict, Code::TooManyRequests];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = JustSignedIn;
    type Input = Input;
    type Output = Json<User>;

    fn example() -> Example<Self> {
        let user = byline_shared::examples::user();
        let name = Some(user.name);
        let input = Input { name, email: None, notifications: None, profile: None };
        Example { input, output: Json(users_me::example()) }
    }

    async fn handle(cx: &Context, caller: Person, input: Input) -> Result<Json<User>, Problem> {
        let mut user = caller.user.clone();
        // What can fail comes first, so that a refused request changes nothing.
        let checked = match input.profile {
            Some(changes) => Some(publishing::check_profile(cx, &caller, changes).await?),
            None => None,
        };
        if let Some(email) = input.email.filter(|email| *email != user.email) {
            address_change::request(cx, &user, email).await?;
        }
        let profile = match checked {
            Some(checked) => publishing::save_profile(cx, &caller, checked).await?,
            None => publishing::profile(cx, &user).await?,
        };
        if let Some(name) = input.name {
            profile::rename(cx, &mut user, name).await?;
        }
        if let Some(changes) = input.notifications {
            profile::choose_mails(cx, &mut user, changes).await?;
        }
        Ok(Json(user.for_owner(profile)))
    }
}
