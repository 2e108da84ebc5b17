//! `GET /v1/users`: lists accounts, newest first, filtered by role and state. For admins.

use byline_shared::model::{Role, User};
use byline_shared::prelude::*;
use byline_shared::store::users::UserSort;

/// Lists accounts.
pub struct ListUsers;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListUsers>(module_path!());

/// Which accounts.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Input {
    /// The page.
    #[serde(flatten)]
    pub page: PageParams,
    /// Only accounts with this role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// `true`: only disabled accounts. `false`: only enabled ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// The order.
    #[serde(default)]
    pub sort: UserSort,
}

impl Endpoint for ListUsers {
    const NAME: &'static str = "users-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/users";
    const SUMMARY: &'static str = "List all accounts";
    const DESCRIPTION: &'static str = "For admins. With a filter, a page can be shorter than `limit`, and even empty, while \
        `next_cursor` says that more follow.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Index(Identity, "gsi1")];

    type Auth = scope::Admin;
    type Input = Input;
    type Output = Json<Page<User>>;

    fn example() -> Example<Self> {
        let items = vec![byline_shared::examples::user()];
        Example {
            input: Input {
                page: PageParams { limit: 20, cursor: None },
                role: None,
                disabled: None,
                sort: UserSort::default(),
            },
            output: Json(Page { items, next_cursor: None }),
        }
    }

    async fn handle(cx: &Context, _: Caller, input: Input) -> Result<Json<Page<User>>, Problem> {
        let Input { page, role, disabled, sort } = input;
        Ok(Json(cx.store.users().list(&page, role, disabled, sort).await?))
    }
}
