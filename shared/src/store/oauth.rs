//! OAuth, in `identity`: programs that registered themselves, authorization codes, and what users
//! agreed to. A grant is a session ([`SessionItem::oauth`]).

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::outbox::OutboxItem;
use super::sessions::{OAuthPart, SessionItem};
use super::transact::{Condition, ConditionFailed};
use super::{Store, StoreError, Write, WriteError, keys};
use crate::auth::audit::Entry;
use crate::auth::one_time;
use crate::endpoint::Table::Identity;
use crate::model::{OAuthClientId, Scope, SessionId, Time, UserId};

/// A program that registered itself (RFC 7591).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClientItem {
    /// Its id.
    pub id: OAuthClientId,
    /// What it calls itself.
    pub name: String,
    /// Where its users are sent back to.
    pub redirect_uris: Vec<String>,
    /// How it proves at the token endpoint who it is.
    pub auth_method: AuthMethod,
    /// The SHA-256 of its secret, in base64url, where it has one.
    #[serde(default)]
    pub secret_digest: Option<String>,
    /// When it registered.
    pub created_at: Time,
    /// When it ends unless it is used, in seconds since 1970; DynamoDB removes it some time later.
    pub ttl: i64,
}

/// How a program proves at the token endpoint who it is (RFC 7591 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// Not at all: it runs where it can keep no secret.
    None,
    /// By its secret, in the `Authorization` header.
    ClientSecretBasic,
    /// By its secret, in the body.
    ClientSecretPost,
}

/// An authorization code. The code itself is nowhere; its SHA-256 is the key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeItem {
    /// Who agreed.
    pub user_id: UserId,
    /// Their account's `token_version` then: a code does not outlive a change of the password.
    pub token_version: u64,
    /// To which program.
    pub client_id: String,
    /// As it named itself then.
    pub client_name: String,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// The SHA-256 of the verifier, in base64url (RFC 7636 §4.2).
    pub challenge: String,
    /// The resource that the tokens are for.
    pub resource: String,
    /// What was agreed to.
    pub scopes: Vec<Scope>,
    /// When it ends.
    pub expires_at: Time,
    /// The session that was begun with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_by: Option<SessionId>,
    /// When DynamoDB removes it, in seconds since 1970: later than it ends, so that it is known again
    /// when it is used twice.
    pub ttl: i64,
}

/// What a user lets a program do, whatever becomes of its tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConsentItem {
    /// The program.
    pub client_id: String,
    /// Where.
    pub resource: String,
    /// Where the answer went: to another address nothing goes unasked.
    pub redirect_uri: String,
    /// What.
    pub scopes: Vec<Scope>,
    /// What it has asked for so far, that and what was left out.
    pub asked: Vec<Scope>,
    /// Their account's `token_version` then: what ends all sessions ends this, too.
    pub token_version: u64,
    /// Since when.
    pub given_at: Time,
    /// When it is asked for again, in seconds since 1970.
    pub ttl: i64,
}

/// How using a code ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The session has begun.
    Begun,
    /// Somebody used the code before.
    Used,
    /// The user has taken it back since, or the account has changed.
    Withdrawn,
}

/// Names a program and resource in the key of a consent.
fn consent_digest(client_id: &str, resource: &str) -> String {
    // Neither holds a space.
    one_time::digest(&format!("{client_id} {resource}"))
}

/// Registered OAuth clients.
#[derive(Clone, Copy, Debug)]
pub struct OAuthClients<'a>(pub(super) &'a Store);

impl OAuthClients<'_> {
    /// Keeps a new program.
    ///
    /// # Errors
    /// As any call.
    pub async fn create(self, item: &ClientItem, entry: &Entry) -> Result<(), StoreError> {
        let writes = vec![
            Write::put_new(self.0, Identity, &keys::oauth_client(&item.id), item)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await.map(drop)
    }

    /// A program that registered itself.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(self, id: &OAuthClientId) -> Result<Option<ClientItem>, StoreError> {
        self.0.get(Identity, &keys::oauth_client(id)).await
    }

    /// Keeps a program until `ttl`, because it is used.
    ///
    /// # Errors
    /// As any call.
    pub async fn extend(self, id: &OAuthClientId, ttl: i64) -> Result<(), StoreError> {
        let change = Change::new().set("ttl", &ttl)?;
        self.0.change(Identity, &keys::oauth_client(id), change).await.map(drop)
    }
}

/// OAuth authorization codes.
#[derive(Clone, Copy, Debug)]
pub struct OAuthCodes<'a>(pub(super) &'a Store);

impl OAuthCodes<'_> {
    /// Keeps a new code.
    ///
    /// # Errors
    /// As any call.
    pub async fn create(self, digest: &str, item: &CodeItem) -> Result<(), StoreError> {
        self.0.put_new(Identity, &keys::oauth_code(digest), item).await.map(drop)
    }

    /// The code with this digest.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(self, digest: &str) -> Result<Option<CodeItem>, StoreError> {
        self.0.get(Identity, &keys::oauth_code(digest)).await
    }

    /// Begins the session of a program with a code, which is used up: of many at once, one begins.
    ///
    /// # Errors
    /// As any call.
    pub async fn redeem(
        self,
        digest: &str,
        session: &SessionItem,
        part: &OAuthPart,
        entry: &Entry,
    ) -> Result<Redeemed, StoreError> {
        let used = Change::new().only_if_absent("used_by").set("used_by", &session.id)?;
        let account = Condition::new("token_version = :version")
            .with(":version", AttributeValue::N(session.token_version.to_string()));
        // A program that was shut out, or held to less, while its code was under way stays so.
        let consent = consent_digest(&part.client_id, &part.resource);
        let consent = keys::oauth_consent(&session.user_id, &consent);
        let names: Vec<String> = (0..part.scopes.len()).map(|place| format!(":s{place}")).collect();
        let agreed: Vec<String> = names.iter().map(|n| format!("contains(scopes, {n})")).collect();
        let scopes = names.iter().zip(&part.scopes);
        let agreed = scopes.fold(Condition::new(agreed.join(" AND ")), |agreed, (name, scope)| {
            agreed.with(name, AttributeValue::S(scope.as_str().to_owned()))
        });
        let writes = vec![
            used.write(self.0, Identity, &keys::oauth_code(digest)),
            Write::check_that(self.0, Identity, &keys::user(&session.user_id), account),
            Write::check_that(self.0, Identity, &consent, agreed),
            Write::put_new(
                self.0,
                Identity,
                &keys::session(&session.user_id, &session.id),
                session,
            )?,
            self.0.audit_log().write(entry)?,
        ];
        let reason = |failed: ConditionFailed| match failed.at(0) {
            true => Redeemed::Used,
            false => Redeemed::Withdrawn,
        };
        match self.0.transact(writes, reason).await {
            Ok(()) => Ok(Redeemed::Begun),
            Err(WriteError::Conflict(outcome)) => Ok(outcome),
            Err(WriteError::Store(error)) => Err(error),
        }
    }
}

/// Consents of users to OAuth clients.
#[derive(Clone, Copy, Debug)]
pub struct OAuthConsents<'a>(pub(super) &'a Store);

impl OAuthConsents<'_> {
    /// What a user lets a program do at a resource.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(
        self,
        user: &UserId,
        client_id: &str,
        resource: &str,
    ) -> Result<Option<ConsentItem>, StoreError> {
        let digest = consent_digest(client_id, resource);
        self.0.get(Identity, &keys::oauth_consent(user, &digest)).await
    }

    /// Keeps what a user lets a program do, in place of what they did before, and the code that
    /// tells the program.
    ///
    /// # Errors
    /// As any call.
    pub async fn put_with_code(
        self,
        user: &UserId,
        consent: &ConsentItem,
        (digest, code): (&str, &CodeItem),
        notice: Option<&OutboxItem>,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let place = consent_digest(&consent.client_id, &consent.resource);
        let mut writes = vec![
            Write::put(self.0, Identity, &keys::oauth_consent(user, &place), consent)?,
            Write::put_new(self.0, Identity, &keys::oauth_code(digest), code)?,
            self.0.audit_log().write(entry)?,
        ];
        writes.extend(notice.map(|notice| self.0.outbox().write(notice)).transpose()?);
        self.0.commit(writes).await.map(drop)
    }

    /// Forgets what a user lets a program do: it has to ask again, and its codes are void.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(
        self,
        user: &UserId,
        client_id: &str,
        resource: &str,
    ) -> Result<(), StoreError> {
        let digest = consent_digest(client_id, resource);
        self.0.delete(Identity, &keys::oauth_consent(user, &digest)).await
    }
}

/// OAuth grants: the sessions of OAuth clients.
#[derive(Clone, Copy, Debug)]
pub struct OAuthGrants<'a>(pub(super) &'a Store);

impl OAuthGrants<'_> {
    /// Ends what a program may do, and forgets that its user agreed: it has to ask again. Says
    /// whether there was something to end.
    ///
    /// # Errors
    /// As any call.
    pub async fn revoke(self, session: &SessionItem, entry: &Entry) -> Result<bool, StoreError> {
        let Some(part) = &session.oauth else { return Ok(false) };
        let user = &session.user_id;
        let digest = consent_digest(&part.client_id, &part.resource);
        let present = Condition::new("attribute_exists(pk)");
        let writes = vec![
            Write::delete_if(self.0, Identity, &keys::session(user, &session.id), Some(present)),
            Write::delete(self.0, Identity, &keys::oauth_consent(user, &digest)),
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await
    }
}
