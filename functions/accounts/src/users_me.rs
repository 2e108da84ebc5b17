//! `GET /v1/users/me`: reads the caller's own account.

use byline_shared::model::User;
use byline_shared::prelude::*;
use byline_shared::publishing;

/// Reads the caller's account.
pub struct Me;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Me>(module_path!());

impl Endpoint for Me {
    const NAME: &'static str = "users-me";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/users/me";
    const SUMMARY: &'static str = "Get your own account";
    const DESCRIPTION: &'static str =
        "With an API key or an app's token, this is the account of the user it acts for.";
    const PERMISSIONS: &'static [Permission] = &[publishing::READ_PROFILE];

    type Auth = scope::Profile;
    type Input = NoInput;
    type Output = Json<User>;

    fn example() -> Example<Self> {
        Example { input: NoInput {}, output: Json(example()) }
    }

    async fn handle(cx: &Context, caller: Caller, _: NoInput) -> Result<Json<User>, Problem> {
        let profile = publishing::profile(cx, &caller.user).await?;
        Ok(Json(caller.user.for_owner(profile)))
    }
}

/// The example account, as its owner sees it.
pub(crate) fn example() -> User {
    byline_shared::examples::user().for_owner(byline_shared::examples::profile())
}
