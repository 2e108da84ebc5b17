//! Sessions, in `identity`: one item per sign-in, read on every authenticated request.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, KeysAndAttributes, ReturnValue, ReturnValuesOnConditionCheckFailure,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::keys::Key;
use super::oauth::OAuthGrants;
use super::transact::Condition;
use super::users::UserItem;
use super::{List, Store, StoreError, Write, keys};
use crate::auth::audit::Entry;
use crate::endpoint::Table::Identity;
use crate::http::page::{Page, PageParams};
use crate::model::{GrantId, Scope, SessionId, Time, UserId};

/// A stored session. It holds no secret: its refresh tokens are made from the token secret, its
/// id and its generation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionItem {
    /// Its id, the access token's `sid`.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The account's `token_version` when it began; another one there ends it.
    pub token_version: u64,
    /// How often it was refreshed; the refresh token of any other generation is spent.
    pub generation: u32,
    /// When the user signed in.
    pub created_at: Time,
    /// When it was last refreshed.
    pub refreshed_at: Time,
    /// When it ends without a refresh.
    pub idle_at: Time,
    /// When it ends in any case.
    pub expires_at: Time,
    /// The same in seconds since 1970; DynamoDB removes it some time later.
    pub ttl: i64,
    /// The address that it was signed in from.
    #[serde(default)]
    pub ip: Option<String>,
    /// What the client called itself.
    #[serde(default)]
    pub user_agent: Option<String>,
    /// Whether it is a browser that is signed in at the pages of `/oauth/authorize`. It has a cookie
    /// and no tokens.
    #[serde(default)]
    pub browser: bool,
    /// The program whose sign-in it is, where a user let one in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oauth: Option<OAuthPart>,
}

/// What a user lets a program do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthPart {
    /// The program's `client_id`.
    pub client_id: String,
    /// The program, as it named itself then.
    pub client_name: String,
    /// What it may do, as far as its user may.
    pub scopes: Vec<Scope>,
    /// Where: the audience of its tokens.
    pub resource: String,
}

impl SessionItem {
    /// Whether it is within its times.
    #[must_use]
    pub fn is_live(&self, now: Time) -> bool {
        self.expires_at > now && self.idle_at > now
    }

    /// The grant that it is, where it is a program's.
    #[must_use]
    pub fn grant_id(&self) -> GrantId {
        GrantId::from_ulid(self.id.ulid())
    }
}

/// How a refresh ended.
#[derive(Clone, Debug)]
pub enum Refreshed {
    /// The session is now in the next generation.
    Advanced(SessionItem),
    /// It was not in the presented generation, or is over; this is how it stands.
    NotAdvanced(Option<SessionItem>),
}

/// Sessions of users.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a>(pub(super) &'a Store);

impl Sessions<'_> {
    /// Begins a session, with its entry in the audit log, if the account is as it was read: one
    /// that was disabled or given another password meanwhile gets none. Says whether it did.
    ///
    /// # Errors
    /// As any call.
    pub async fn create(self, item: &SessionItem, entry: &Entry) -> Result<bool, StoreError> {
        let account = Condition::new("token_version = :version")
            .with(":version", AttributeValue::N(item.token_version.to_string()));
        let writes = vec![
            Write::check_that(self.0, Identity, &keys::user(&item.user_id), account),
            Write::put_new(self.0, Identity, &keys::session(&item.user_id, &item.id), item)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await
    }

    /// The sign-ins of a user in person, newest first; among them those that are over.
    ///
    /// # Errors
    /// As any list.
    pub async fn list(
        self,
        user: &UserId,
        params: &PageParams,
    ) -> Result<Page<SessionItem>, StoreError> {
        let list = List::of_table(Identity, keys::sessions_of(user)).without("oauth");
        self.0.page(&list, params).await
    }
}

impl OAuthGrants<'_> {
    /// The programs that a user let in, newest first; among them those whose time is over.
    ///
    /// # Errors
    /// As any list.
    pub async fn list(
        self,
        user: &UserId,
        params: &PageParams,
    ) -> Result<Page<SessionItem>, StoreError> {
        let list = List::of_table(Identity, keys::sessions_of(user)).with("oauth");
        self.0.page(&list.up_to_date(), params).await
    }
}

impl Sessions<'_> {
    /// A session.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(
        self,
        user: &UserId,
        session: &SessionId,
    ) -> Result<Option<SessionItem>, StoreError> {
        self.0.get(Identity, &keys::session(user, session)).await
    }

    /// A session and its user, in one call and both as they are now.
    ///
    /// # Errors
    /// As any call.
    pub async fn get_with_user(
        self,
        user: &UserId,
        session: &SessionId,
    ) -> Result<Option<(SessionItem, UserItem)>, StoreError> {
        self.0.with_user(user, keys::session(user, session)).await
    }
}

impl Store {
    /// What a user signed in with, and the user.
    pub(super) async fn with_user<T: DeserializeOwned>(
        &self,
        user: &UserId,
        credential: Key,
    ) -> Result<Option<(T, UserItem)>, StoreError> {
        let user = keys::user(user);
        let wanted = KeysAndAttributes::builder()
            .keys(credential.attributes())
            .keys(user.attributes())
            .consistent_read(true)
            .build()
            .expect("the keys are given");
        let request = self.client.batch_get_item().request_items(self.table(Identity), wanted);
        let answer = request.send().await?;
        if answer.unprocessed_keys.is_some_and(|left| !left.is_empty()) {
            return Err(StoreError::Unavailable("part of a batch read was throttled".into()));
        }
        let items = answer.responses.unwrap_or_default().remove(self.table(Identity));
        let mut by_sk: HashMap<String, super::Item> = items
            .unwrap_or_default()
            .into_iter()
            .filter_map(|item| Some((item.get("sk")?.as_s().ok()?.clone(), item)))
            .collect();
        let credential = super::read(by_sk.remove(&credential.sk))?;
        let user = super::read(by_sk.remove(&user.sk))?;
        Ok(credential.zip(user))
    }
}

impl Sessions<'_> {
    /// Moves a session from `generation` to the next, by one conditional update: of two at once,
    /// one wins. It must be that of the program `client`, or of no program.
    ///
    /// # Errors
    /// As any call.
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

    /// Ends a session; says whether it was there.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(self, user: &UserId, session: &SessionId) -> Result<bool, StoreError> {
        self.0.delete_existing(Identity, &keys::session(user, session)).await
    }

    /// Ends every session of a user, with an entry in the audit log. A sign-in that is under way
    /// is of the version before, and ends with them.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete_all(self, user: &UserId, entry: &Entry) -> Result<(), StoreError> {
        let change = Change::new().end_sessions();
        let writes = vec![
            change.write(self.0, Identity, &keys::user(user)),
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await.map(drop)
    }
}
