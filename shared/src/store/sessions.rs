//! Sessions, in `identity`: one item per sign-in, read on every authenticated request.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, KeysAndAttributes, ReturnValue, ReturnValuesOnConditionCheckFailure,
};
use serde::{Deserialize, Serialize};

use super::users::UserItem;
use super::{Store, StoreError, keys};
use crate::endpoint::Table::Identity;
use crate::model::{SessionId, Time, UserId};

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
}

/// How a refresh ended.
#[derive(Clone, Debug)]
pub enum Refreshed {
    /// The session is now in the next generation.
    Advanced(SessionItem),
    /// It was not in the presented generation, or is over; this is how it stands.
    NotAdvanced(Option<SessionItem>),
}

impl Store {
    /// Keeps a new session.
    ///
    /// # Errors
    /// As any call.
    pub async fn put_session(&self, item: &SessionItem) -> Result<(), StoreError> {
        self.put_new(Identity, &keys::session(&item.user_id, &item.id), item).await?;
        Ok(())
    }

    /// A session and its user, in one call and both as they are now.
    ///
    /// # Errors
    /// As any call.
    pub async fn session_and_user(
        &self,
        user: &UserId,
        session: &SessionId,
    ) -> Result<Option<(SessionItem, UserItem)>, StoreError> {
        let (session, user) = (keys::session(user, session), keys::user(user));
        let wanted = KeysAndAttributes::builder()
            .keys(session.attributes())
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
        let session = super::read(by_sk.remove(&session.sk))?;
        let user = super::read(by_sk.remove(&user.sk))?;
        Ok(session.zip(user))
    }

    /// Moves a session from `generation` to the next, by one conditional update: of two at once,
    /// one wins.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh_session(
        &self,
        user: &UserId,
        session: &SessionId,
        generation: u32,
        now: Time,
        idle_at: Time,
    ) -> Result<Refreshed, StoreError> {
        let text = |time: Time| AttributeValue::S(time.to_string());
        let outcome = self
            .client
            .update_item()
            .table_name(self.table(Identity))
            .set_key(Some(keys::session(user, session).attributes()))
            .update_expression(
                "SET generation = generation + :one, refreshed_at = :now, idle_at = :idle",
            )
            .condition_expression(
                "generation = :presented AND idle_at > :now AND expires_at > :now",
            )
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":presented", AttributeValue::N(generation.to_string()))
            .expression_attribute_values(":now", text(now))
            .expression_attribute_values(":idle", text(idle_at))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match outcome {
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

    /// Ends a session. Ending one that is over already is no error.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete_session(
        &self,
        user: &UserId,
        session: &SessionId,
    ) -> Result<(), StoreError> {
        let request = self.client.delete_item().table_name(self.table(Identity));
        request.set_key(Some(keys::session(user, session).attributes())).send().await?;
        Ok(())
    }
}
