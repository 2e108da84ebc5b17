//! `GET /v1/admin/audit`: the security log, newest first.

use byline_shared::model::audit::{AuditEntry, Event, Outcome};
use byline_shared::model::{Time, UserId};
use byline_shared::prelude::*;
use byline_shared::store::audit::AuditFilter;
use byline_shared::store::keys;

/// Reads the security log.
pub struct ReadAudit;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ReadAudit>(module_path!());

/// Which entries.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Input {
    /// The page.
    #[serde(flatten)]
    pub page: PageParams,
    /// Only what this account did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<UserId>,
    /// Only events of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
    /// Only what happened at this time or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    /// Only what happened before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

impl Endpoint for ReadAudit {
    const NAME: &'static str = "admin-audit";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/admin/audit";
    const SUMMARY: &'static str = "List the security log, newest first";
    const DESCRIPTION: &'static str = "Sign-ins, changes of accounts and credentials, and what was published. Entries are kept \
        for 400 days. With a filter, a page can be shorter than `limit`, and even empty, while \
        `next_cursor` says that more follow.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Items(Content, keys::AUDIT, &[Query])];

    type Auth = scope::Admin;
    type Input = Input;
    type Output = Json<Page<AuditEntry>>;

    fn example() -> Example<Self> {
        let session = byline_shared::examples::session();
        let entry = AuditEntry {
            id: "audit_01JD9ZP7V8Q2M4T6W8X0Y2Z4H0".parse().expect("it is an id"),
            at: session.created_at,
            event: Event::SignedIn,
            outcome: Outcome::Success,
            actor: Some(session.user_id),
            actor_name: Some(byline_shared::examples::user().name),
            api_key: None,
            api_key_name: None,
            grant: None,
            client_name: None,
            agent: None,
            subject: Some(session.id.to_string()),
            subject_name: None,
            detail: None,
            count: None,
            ip: session.ip,
            user_agent: session.user_agent,
            request_id: "JKJaXmPLvHcESHA=".to_owned(),
        };
        Example {
            input: Input {
                page: PageParams { limit: 20, cursor: None },
                actor: None,
                event: None,
                from: None,
                until: None,
            },
            output: Json(Page { items: vec![entry], next_cursor: None }),
        }
    }

    async fn handle(
        cx: &Context,
        _: Caller,
        input: Input,
    ) -> Result<Json<Page<AuditEntry>>, Problem> {
        let Input { page, actor, event, from, until } = input;
        let filter = AuditFilter { actor, person: None, event, from, until };
        Ok(Json(cx.store.audit_log().list(&page, &filter).await?))
    }
}
