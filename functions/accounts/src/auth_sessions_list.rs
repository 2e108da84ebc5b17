//! `GET /v1/auth/sessions`: lists the caller's sessions.

use byline_shared::model::{SessionId, Time};
use byline_shared::prelude::*;
use byline_shared::store::sessions::SessionItem;

/// Lists the caller's sessions.
pub struct ListSessions;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListSessions>(module_path!());

/// One sign-in.
#[derive(Serialize, JsonSchema)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When the sign-in was.
    pub created_at: Time,
    /// When it was last refreshed.
    pub refreshed_at: Time,
    /// When it ends in any case.
    pub expires_at: Time,
    /// The address that it was signed in from.
    pub ip: Option<String>,
    /// What the client called itself.
    pub user_agent: Option<String>,
}

impl Session {
    fn of(item: SessionItem, current: &SessionId) -> Self {
        Self {
            current: item.id == *current,
            id: item.id,
            created_at: item.created_at,
            refreshed_at: item.refreshed_at,
            expires_at: item.expires_at,
            ip: item.ip,
            user_agent: item.user_agent,
        }
    }
}

impl Endpoint for ListSessions {
    const NAME: &'static str = "auth-sessions-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/auth/sessions";
    const SUMMARY: &'static str = "Where you are signed in, newest first";
    const PERMISSIONS: &'static [Permission] = &[Permission::Table(Identity, &[Query])];

    type Auth = SignedIn;
    type Input = PageParams;
    type Output = Json<Page<Session>>;

    fn example() -> Example<Self> {
        let session = byline_shared::examples::session();
        let current = session.id.clone();
        let items = vec![Session::of(session, &current)];
        Example {
            input: PageParams { limit: 20, cursor: None },
            output: Json(Page { items, next_cursor: None }),
        }
    }

    async fn handle(
        cx: &Context,
        caller: Person,
        page: PageParams,
    ) -> Result<Json<Page<Session>>, Problem> {
        let account = cx.store.sessions().list(&caller.user.id, &page).await?;
        let now = cx.clock.now();
        let live = account.items.into_iter().filter(|session| {
            session.is_live(now) && session.token_version == caller.token_version
        });
        let items = live.map(|session| Session::of(session, &caller.session_id)).collect();
        Ok(Json(Page { items, next_cursor: account.next_cursor }))
    }
}
