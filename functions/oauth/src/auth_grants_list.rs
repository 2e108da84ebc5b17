//! `GET /v1/auth/grants`: the apps that the caller authorized, one entry for each grant.

use byline_shared::model::{GrantId, Scope, Time};
use byline_shared::oauth;
use byline_shared::prelude::*;
use byline_shared::store::sessions::SessionItem;

/// Lists the caller's grants.
pub struct ListGrants;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListGrants>(module_path!());

/// One authorization of an app by the caller.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Grant")]
pub struct GrantOutput {
    /// The id of the grant.
    pub id: GrantId,
    /// The app's `client_id`. A URL if the app has a client metadata document.
    pub client_id: String,
    /// The app's name, as it was when the caller authorized it.
    pub client_name: String,
    /// The granted scopes. The caller's role limits them, too.
    pub scopes: Vec<Scope>,
    /// The resource that the tokens are for: the URL of the MCP endpoint or of the API.
    pub resource: String,
    /// When the app got its first tokens.
    pub created_at: Time,
    /// When the app last got new tokens.
    pub refreshed_at: Time,
    /// When the grant ends, even if it is in use.
    pub expires_at: Time,
    /// The IP address that the first tokens were requested from.
    pub ip: Option<String>,
}

impl GrantOutput {
    fn from_item(item: SessionItem) -> Option<Self> {
        let id = item.grant_id();
        let part = item.oauth?;
        Some(Self {
            id,
            client_id: part.client_id,
            client_name: part.client_name,
            scopes: part.scopes,
            resource: part.resource,
            created_at: item.created_at,
            refreshed_at: item.refreshed_at,
            expires_at: item.expires_at,
            ip: item.ip,
        })
    }
}

impl Endpoint for ListGrants {
    const NAME: &'static str = "auth-grants-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/auth/grants";
    const SUMMARY: &'static str = "List the apps you authorized, newest first";
    const DESCRIPTION: &'static str =
        "Expired grants are left out, so a page can be shorter than `limit`.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Table(Identity, &[Query])];

    type Auth = SignedIn;
    type Input = PageParams;
    type Output = Json<Page<GrantOutput>>;

    fn example() -> Example<Self> {
        let items = GrantOutput::from_item(byline_shared::examples::grant()).into_iter().collect();
        Example {
            input: PageParams { limit: 20, cursor: None },
            output: Json(Page { items, next_cursor: None }),
        }
    }

    async fn handle(
        cx: &Context,
        caller: Person,
        page: PageParams,
    ) -> Result<Json<Page<GrantOutput>>, Problem> {
        let grants = oauth::list_grants(cx, &caller, &page).await?;
        let items = grants.items.into_iter().filter_map(GrantOutput::from_item).collect();
        Ok(Json(Page { items, next_cursor: grants.next_cursor }))
    }
}
