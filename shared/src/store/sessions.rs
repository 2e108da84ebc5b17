//! Sessions, in `identity`: one item per sign-in, read on every authenticated request.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::transact::Condition;
use super::users::UserItem;
use super::{List, Store, StoreError, Write, keys};
use crate::http::page::{Page, PageParams};
use crate::model::audit::AuditEntry;
use crate::model::{GrantId, Scope, SessionId, Time, UserId};
use crate::permission::Table::Identity;

/// A stored session. It holds no secret: refresh tokens are derived from the token secret, the
/// session's id and its generation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionItem {
    /// The id; `sid` in access tokens.
    pub id: SessionId,
    /// The account.
    pub user_id: UserId,
    /// The account's `token_version` when the session began. A different value in the account ends
    /// the session.
    pub token_version: u64,
    /// How often it was refreshed. Only the refresh token of this generation is valid.
    pub generation: u32,
    /// When the user signed in.
    pub created_at: Time,
    /// When it was last refreshed.
    pub refreshed_at: Time,
    /// When it expires unless refreshed.
    pub idle_at: Time,
    /// When it expires in any case.
    pub expires_at: Time,
    /// `expires_at` as the item's TTL, in seconds since 1970.
    pub ttl: i64,
    /// The IP address of the sign-in.
    #[serde(default)]
    pub ip: Option<String>,
    /// The `User-Agent` of the sign-in.
    #[serde(default)]
    pub user_agent: Option<String>,
    /// Whether it is the session of a browser, which has a cookie and no tokens.
    #[serde(default)]
    pub browser: bool,
    /// The OAuth grant, if the session belongs to an OAuth client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oauth: Option<OAuthPart>,
}

/// What a user authorized an OAuth client to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthPart {
    /// The client's `client_id`.
    pub client_id: String,
    /// The client's name at the time of consent.
    pub client_name: String,
    /// The granted scopes, limited further by the user's role.
    pub scopes: Vec<Scope>,
    /// The resource: the audience of the tokens.
    pub resource: String,
}

impl SessionItem {
    /// Whether it has not expired.
    #[must_use]
    pub fn is_live(&self, now: Time) -> bool {
        self.expires_at > now && self.idle_at > now
    }

    /// The id of the grant, if the session belongs to an OAuth client.
    #[must_use]
    pub fn grant_id(&self) -> GrantId {
        GrantId::from_ulid(self.id.ulid())
    }
}

/// The outcome of a refresh.
#[derive(Clone, Debug)]
pub enum Refreshed {
    /// The session is now in the next generation.
    Advanced(SessionItem),
    /// The generation did not match, or the session has expired. Holds the session as it is.
    NotAdvanced(Option<SessionItem>),
}

/// Sessions of users.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a>(pub(super) &'a Store);

impl Sessions<'_> {
    /// Creates a session with its audit entry. Returns `false` if the account's `token_version` has
    /// changed since it was read: it was disabled, or its password was changed.
    pub async fn create(self, item: &SessionItem, entry: &AuditEntry) -> Result<bool, StoreError> {
        let writes = self.creation(item, entry)?;
        self.0.commit(writes).await
    }

    /// The same, using up a mailed token. Returns `false` also if the token was used before.
    pub async fn create_by_mail(
        self,
        item: &SessionItem,
        token_digest: &str,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut writes = self.creation(item, entry)?;
        let present = Condition::new("attribute_exists(pk)");
        let token = keys::token(token_digest);
        writes.push(Write::delete_if(self.0, Identity, &token, Some(present)));
        self.0.commit(writes).await
    }

    /// The writes of a new session.
    pub(super) fn creation(
        self,
        item: &SessionItem,
        entry: &AuditEntry,
    ) -> Result<Vec<Write>, StoreError> {
        let account = Condition::new("token_version = :version")
            .with(":version", AttributeValue::N(item.token_version.to_string()));
        Ok(vec![
            Write::check_that(self.0, Identity, &keys::user(&item.user_id), account),
            Write::put_new(self.0, Identity, &keys::session(&item.user_id, &item.id), item)?,
            self.0.audit_log().write(entry)?,
        ])
    }

    /// The sessions of a user without those of OAuth clients, newest first. May include expired
    /// ones.
    pub async fn list(
        self,
        user: &UserId,
        params: &PageParams,
    ) -> Result<Page<SessionItem>, StoreError> {
        let list = List::from_table(Identity, keys::sessions_of(user)).without("oauth");
        self.0.page(&list, params).await
    }

    /// The ids of all sessions of a user, also those of OAuth clients.
    pub async fn ids(
        self,
        user: &UserId,
        params: &PageParams,
    ) -> Result<Page<SessionId>, StoreError> {
        #[derive(Deserialize)]
        struct Id {
            id: SessionId,
        }
        let list = List::from_table(Identity, keys::sessions_of(user));
        let page: Page<Id> = self.0.page(&list, params).await?;
        Ok(page.map(|session| session.id))
    }

    /// A session.
    pub async fn get(
        self,
        user: &UserId,
        session: &SessionId,
    ) -> Result<Option<SessionItem>, StoreError> {
        self.0.get(Identity, &keys::session(user, session)).await
    }

    /// A session and its user, in one consistent read.
    pub async fn get_with_user(
        self,
        user: &UserId,
        session: &SessionId,
    ) -> Result<Option<(SessionItem, UserItem)>, StoreError> {
        self.0.with_user(user, keys::session(user, session)).await
    }

    /// Advances a session from `generation` to the next in one conditional update: of two
    /// concurrent calls, one succeeds. The session must belong to the OAuth client `client`, or to
    /// none.
    pub async fn refresh(
        self,
        user: &UserId,
        session: &SessionId,
        generation: u32,
        client: Option<&str>,
        (now, idle_at): (Time, Time),
    ) -> Result<Refreshed, StoreError> {
        let text = |time: Time| AttributeValue::S(time.to_string());
        let whose = match client {
            Some(_) => "oauth.client_id = :client",
            None => "attribute_not_exists(oauth)",
        };
        let request = self
            .0
            .client
            .update_item()
            .table_name(self.0.table(Identity))
            .set_key(Some(keys::session(user, session).attributes()))
            .update_expression(
                "SET generation = generation + :one, refreshed_at = :now, idle_at = :idle",
            )
            .condition_expression(format!(
                "generation = :presented AND idle_at > :now AND expires_at > :now AND {whose}"
            ))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":presented", AttributeValue::N(generation.to_string()))
            .expression_attribute_values(":now", text(now))
            .expression_attribute_values(":idle", text(idle_at))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let request = match client {
            Some(client) => {
                let client = AttributeValue::S(client.to_owned());
                request.expression_attribute_values(":client", client)
            }
            None => request,
        };
        match request.send().await {
            Ok(answer) => match super::read(answer.attributes)? {
                Some(session) => Ok(Refreshed::Advanced(session)),
                None => Ok(Refreshed::NotAdvanced(None)),
            },
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    Ok(Refreshed::NotAdvanced(super::read(failed.item.clone())?))
                }
                _ => Err(error.into()),
            },
        }
    }

    /// Moves the end of an idle session. A session that has ended meanwhile stays ended.
    pub async fn note_visit(
        self,
        user: &UserId,
        session: &SessionId,
        now: Time,
        idle_at: Time,
    ) -> Result<(), StoreError> {
        let change = Change::new().set("refreshed_at", &now)?.set("idle_at", &idle_at)?;
        self.0.change(Identity, &keys::session(user, session), change).await.map(drop)
    }

    /// Deletes a session. Returns `false` if it did not exist.
    pub async fn delete(self, user: &UserId, session: &SessionId) -> Result<bool, StoreError> {
        self.0.delete_existing(Identity, &keys::session(user, session)).await
    }

    /// Ends every session of a user, with an audit entry. A concurrent sign-in has the previous
    /// `token_version`, so it ends too.
    pub async fn delete_all(self, user: &UserId, entry: &AuditEntry) -> Result<(), StoreError> {
        let change = Change::new().end_sessions();
        let writes = vec![
            change.write(self.0, Identity, &keys::user(user)),
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await.map(drop)
    }

    /// The same for every session of a user but one. `version` is the account's `token_version`. Returns
    /// `false` if it is another one now.
    pub async fn delete_others(
        self,
        user: &UserId,
        version: u64,
        session: &SessionId,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let account = Change::new().only_if("token_version", &version)?.end_sessions();
        let kept = Change::new()
            .only_if("token_version", &version)?
            .set("token_version", &(version + 1))?;
        let writes = vec![
            account.write(self.0, Identity, &keys::user(user)),
            kept.write(self.0, Identity, &keys::session(user, session)),
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await
    }
}
