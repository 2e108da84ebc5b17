//! The access keys of the stand-in for S3. Each operation has its own, so that its permissions apply to every
//! request it signs, even if someone else sends it, as with a presigned upload.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use byline_shared::crypto::random;
use byline_shared::permission::{ObjectAction, Objects, Permission};
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::{S3Result, s3_error};

use super::bucket::BUCKET;
use crate::faults::Observer;

/// The access keys, generated at each start.
pub(crate) struct AccessKeys {
    /// The key without limits, for tests and for Lambda binaries on this data.
    access_key: String,
    secret: String,
    /// By access key, the operation and its permissions.
    operations: RwLock<HashMap<String, (&'static str, Vec<Permission>)>>,
    observer: Arc<Observer>,
}

impl AccessKeys {
    pub(super) fn new(observer: Arc<Observer>) -> Self {
        let (access_key, secret) = (random::letters(20), random::token());
        Self { access_key, secret, operations: RwLock::default(), observer }
    }

    /// The key without limits, and its secret.
    pub(crate) fn unlimited(&self) -> (&str, &str) {
        (&self.access_key, &self.secret)
    }

    /// The same SDK settings, with a key of the operation `name`, limited to `permissions`.
    pub(crate) fn sign_as(
        &self,
        sdk: &SdkConfig,
        name: &'static str,
        permissions: Vec<Permission>,
    ) -> SdkConfig {
        let access_key = format!("{}.{name}", self.access_key);
        let credentials = Credentials::from_keys(&access_key, &self.secret, None);
        let mut operations = self.operations.write().unwrap_or_else(PoisonError::into_inner);
        operations.insert(access_key, (name, permissions));
        let provider = SharedCredentialsProvider::new(credentials);
        sdk.to_builder().credentials_provider(provider).build()
    }

    /// Whether this key may learn that an object does not exist: 404 instead of 403.
    pub(super) fn may_list(&self, access_key: &str) -> bool {
        let operations = self.operations.read().unwrap_or_else(PoisonError::into_inner);
        operations
            .get(access_key)
            .is_none_or(|(_, permissions)| permissions.contains(&Permission::ListObjects))
    }

    fn knows(&self, access_key: &str) -> bool {
        let operations = self.operations.read().unwrap_or_else(PoisonError::into_inner);
        access_key == self.access_key || operations.contains_key(access_key)
    }

    /// Checks the permissions of the operation that this key belongs to.
    fn check(
        &self,
        access_key: &str,
        needs: &[(ObjectAction, String)],
    ) -> Result<(), NotPermitted> {
        let operations = self.operations.read().unwrap_or_else(PoisonError::into_inner);
        let Some((name, permissions)) = operations.get(access_key) else { return Ok(()) };
        let covers = |action: &ObjectAction, key: &str| {
            permissions.iter().any(|permission| {
                matches!(permission, Permission::Objects(objects, actions)
                    if key.starts_with(objects.prefix()) && actions.contains(action))
            })
        };
        match needs.iter().find(|(action, key)| !covers(action, key)) {
            None => Ok(()),
            Some((action, key)) => {
                let place = Objects::ALL.iter().find(|place| key.starts_with(place.prefix()));
                let place = place.map_or("(elsewhere)", |place| place.prefix());
                Err(NotPermitted { operation: name, action: action.as_str(), place })
            }
        }
    }
}

/// A request that no permission of its operation allows.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{operation}` called s3:{action} on the objects `{place}*`, but none of its permissions allows that: \
     add it to PERMISSIONS, or remove the call"
)]
struct NotPermitted {
    operation: &'static str,
    action: &'static str,
    place: &'static str,
}

/// The actions that a request needs. `None` if no permission could allow it.
fn needs(cx: &S3AccessContext<'_>) -> Option<Vec<(ObjectAction, String)>> {
    let (_, key) = cx.s3_path().as_object()?;
    let on_key = |action| (action, key.to_owned());
    Some(match cx.s3_op().name() {
        "GetObject" => vec![on_key(ObjectAction::GetObject)],
        "PutObject" => vec![on_key(ObjectAction::PutObject)],
        "DeleteObject" => vec![on_key(ObjectAction::DeleteObject)],
        "CopyObject" => {
            let source = cx.headers().get("x-amz-copy-source")?.to_str().ok()?;
            let source = source.trim_start_matches('/').strip_prefix(BUCKET)?;
            let source = source.strip_prefix('/')?.to_owned();
            vec![(ObjectAction::GetObject, source), on_key(ObjectAction::PutObject)]
        }
        _ => return None,
    })
}

pub(super) struct Auth(pub(super) Arc<AccessKeys>);

#[async_trait::async_trait]
impl S3Auth for Auth {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        if self.0.knows(access_key) {
            Ok(SecretKey::from(self.0.secret.clone()))
        } else {
            Err(s3_error!(InvalidAccessKeyId))
        }
    }
}

pub(super) struct Access(pub(super) Arc<AccessKeys>);

#[async_trait::async_trait]
impl S3Access for Access {
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        let Some(credentials) = cx.credentials() else { return Err(s3_error!(AccessDenied)) };
        let needs = needs(cx).ok_or_else(|| s3_error!(NotImplemented))?;
        self.0.check(&credentials.access_key, &needs).map_err(|violation| {
            tracing::error!("{violation}");
            self.0.observer.violated(violation.to_string());
            s3_error!(AccessDenied)
        })
    }
}
