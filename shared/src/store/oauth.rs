//! OAuth, in `identity`: registered clients, authorization codes and consents. A grant is a session
//! with [`SessionItem::oauth`].

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::outbox::OutboxItem;
use super::sessions::{OAuthPart, SessionItem};
use super::transact::{Condition, ConditionFailed};
use super::{List, Store, StoreError, Write, WriteError, keys};
use crate::crypto::digest;
use crate::http::page::{Page, PageParams};
use crate::model::audit::AuditEntry;
use crate::model::{OAuthClientId, Scope, SessionId, Time, UserId};
use crate::permission::Table::Identity;

/// A registered client (RFC 7591).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClientItem {
    /// The id.
    pub id: OAuthClientId,
    /// Its name.
    pub name: String,
    /// Its redirect URIs.
    pub redirect_uris: Vec<String>,
    /// How it authenticates at the token endpoint.
    pub auth_method: AuthMethod,
    /// The SHA-256 of its secret in base64url, if it has one.
    #[serde(default)]
    pub secret_digest: Option<String>,
    /// When it was registered.
    pub created_at: Time,
    /// When it expires unless it is used, in seconds since 1970 (the item's TTL).
    pub ttl: i64,
}

/// How a client authenticates at the token endpoint (RFC 7591 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// Not at all: a public client cannot keep a secret.
    None,
    /// With its secret in the `Authorization` header.
    ClientSecretBasic,
    /// With its secret in the body.
    ClientSecretPost,
}

/// An authorization code. The code is not stored; its SHA-256 is the key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeItem {
    /// The user who consented.
    pub user_id: UserId,
    /// Their account's `token_version` at that time: a change of the password voids the code.
    pub token_version: u64,
    /// The client.
    pub client_id: String,
    /// The client's name at that time.
    pub client_name: String,
    /// The redirect URI that the code was sent to.
    pub redirect_uri: String,
    /// The code challenge: SHA-256 of the verifier in base64url (RFC 7636 §4.2).
    pub challenge: String,
    /// The resource: the audience of the tokens.
    pub resource: String,
    /// The scopes that the user consented to.
    pub scopes: Vec<Scope>,
    /// When it expires.
    pub expires_at: Time,
    /// The session that it was exchanged for, if it was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_by: Option<SessionId>,
    /// The item's TTL, in seconds since 1970: later than `expires_at`, so that a second use is
    /// detected.
    pub ttl: i64,
}

/// A user's consent to a client; it outlives the client's tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConsentItem {
    /// The client.
    pub client_id: String,
    /// The resource.
    pub resource: String,
    /// The redirect URI of the consent. Any other URI needs a new consent.
    pub redirect_uri: String,
    /// The granted scopes.
    pub scopes: Vec<Scope>,
    /// All scopes that the client has asked for, granted or not.
    pub asked: Vec<Scope>,
    /// The account's `token_version` at that time: whatever ends all sessions voids the consent
    /// too.
    pub token_version: u64,
    /// When the user consented.
    pub given_at: Time,
    /// When the consent expires, in seconds since 1970 (the item's TTL).
    pub ttl: i64,
}

/// The outcome of exchanging a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The session was created.
    Created,
    /// The code was used before.
    AlreadyUsed,
    /// The consent was withdrawn in between, or the account has changed.
    Withdrawn,
}

/// Identifies a client and resource in the key of a consent.
fn consent_digest(client_id: &str, resource: &str) -> String {
    // Neither contains a space.
    digest::sha256(format!("{client_id} {resource}"))
}

/// Registered OAuth clients.
#[derive(Clone, Copy, Debug)]
pub struct OAuthClients<'a>(pub(super) &'a Store);

impl OAuthClients<'_> {
    /// Registers a client.
    pub async fn create(self, item: &ClientItem, entry: &AuditEntry) -> Result<(), StoreError> {
        let writes = vec![
            Write::put_new(self.0, Identity, &keys::oauth_client(&item.id), item)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await.map(drop)
    }

    /// A registered client.
    pub async fn get(self, id: &OAuthClientId) -> Result<Option<ClientItem>, StoreError> {
        self.0.get(Identity, &keys::oauth_client(id)).await
    }

    /// Extends a client's life until `ttl`, because it is in use.
    pub async fn extend(self, id: &OAuthClientId, ttl: i64) -> Result<(), StoreError> {
        let change = Change::new().set("ttl", &ttl)?;
        self.0.change(Identity, &keys::oauth_client(id), change).await.map(drop)
    }
}

/// OAuth authorization codes.
#[derive(Clone, Copy, Debug)]
pub struct OAuthCodes<'a>(pub(super) &'a Store);

impl OAuthCodes<'_> {
    /// Stores a new code under its digest.
    pub async fn create(self, digest: &str, item: &CodeItem) -> Result<(), StoreError> {
        self.0.put_new(Identity, &keys::oauth_code(digest), item).await.map(drop)
    }

    /// The code with this digest.
    pub async fn get(self, digest: &str) -> Result<Option<CodeItem>, StoreError> {
        self.0.get(Identity, &keys::oauth_code(digest)).await
    }

    /// Exchanges a code for a session and marks it as used: of several concurrent calls, one
    /// succeeds.
    pub async fn redeem(
        self,
        digest: &str,
        session: &SessionItem,
        part: &OAuthPart,
        entry: &AuditEntry,
    ) -> Result<Redeemed, StoreError> {
        let used = Change::new().only_if_absent("used_by").set("used_by", &session.id)?;
        let account = Condition::new("token_version = :version")
            .with(":version", AttributeValue::N(session.token_version.to_string()));
        // If the consent was withdrawn or reduced after the code was issued, the code must not
        // restore it.
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
            true => Redeemed::AlreadyUsed,
            false => Redeemed::Withdrawn,
        };
        match self.0.transact(writes, reason).await {
            Ok(()) => Ok(Redeemed::Created),
            Err(WriteError::Conflict(outcome)) => Ok(outcome),
            Err(WriteError::Store(error)) => Err(error),
        }
    }
}

/// Consents of users to OAuth clients.
#[derive(Clone, Copy, Debug)]
pub struct OAuthConsents<'a>(pub(super) &'a Store);

impl OAuthConsents<'_> {
    /// A user's consent to a client at a resource.
    pub async fn get(
        self,
        user: &UserId,
        client_id: &str,
        resource: &str,
    ) -> Result<Option<ConsentItem>, StoreError> {
        let digest = consent_digest(client_id, resource);
        self.0.get(Identity, &keys::oauth_consent(user, &digest)).await
    }

    /// Stores a consent, replacing an earlier one, together with the authorization code for the
    /// client.
    pub async fn put_with_code(
        self,
        user: &UserId,
        consent: &ConsentItem,
        (digest, code): (&str, &CodeItem),
        notice: Option<&OutboxItem>,
        entry: &AuditEntry,
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

    /// The consents of a user.
    pub async fn list(
        self,
        user: &UserId,
        params: &PageParams,
    ) -> Result<Page<ConsentItem>, StoreError> {
        let list = List::from_table(Identity, keys::oauth_consents_of(user));
        self.0.page(&list.up_to_date(), params).await
    }

    /// Withdraws a consent: the client has to ask again, and its codes are void.
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
    /// The OAuth grants of a user, newest first. May include expired ones.
    pub async fn list(
        self,
        user: &UserId,
        params: &PageParams,
    ) -> Result<Page<SessionItem>, StoreError> {
        let list = List::from_table(Identity, keys::sessions_of(user)).with("oauth");
        self.0.page(&list.up_to_date(), params).await
    }

    /// Revokes a grant and its consent, so that the client has to ask again. Returns `false` if
    /// there was no such grant.
    pub async fn revoke(
        self,
        session: &SessionItem,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
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
