//! `GET /v1/users/invitations`: lists the invitations that wait to be accepted, newest first. For admins.

use byline_shared::auth::invitations;
use byline_shared::model::Invitation;
use byline_shared::prelude::*;
use byline_shared::store::keys::{INVITATIONS, USER_PREFIX};

/// Lists invitations.
pub struct ListInvitations;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListInvitations>(module_path!());

/// Which invitations.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Input {
    /// The page.
    #[serde(flatten)]
    pub page: PageParams,
}

/// The invitation of the examples.
pub(crate) fn example() -> Invitation {
    let inviter = byline_shared::examples::user().name;
    invitations::shown(byline_shared::examples::invitation(), Some(inviter), true)
}

impl Endpoint for ListInvitations {
    const NAME: &'static str = "users-invitations-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/users/invitations";
    const SUMMARY: &'static str = "List the invitations that wait to be accepted";
    const DESCRIPTION: &'static str = "For admins. Newest first. Expired invitations are left out, so a page can be shorter than \
        `limit`, and even empty, while `next_cursor` says that more follow.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Identity, INVITATIONS, &[Query]),
        Permission::Items(Identity, USER_PREFIX, &[BatchGetItem]),
    ];

    type Auth = scope::Admin;
    type Input = Input;
    type Output = Json<Page<Invitation>>;

    fn example() -> Example<Self> {
        let page = PageParams { limit: 20, cursor: None };
        let items = vec![example()];
        Example { input: Input { page }, output: Json(Page { items, next_cursor: None }) }
    }

    async fn handle(
        cx: &Context,
        _: Caller,
        input: Input,
    ) -> Result<Json<Page<Invitation>>, Problem> {
        invitations::list(cx, &input.page).await.map(Json)
    }
}
