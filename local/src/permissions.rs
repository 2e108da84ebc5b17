//! Holds an operation to its permissions: a call that IAM would refuse in production fails here, with
//! a message that names both sides.
//!
//! It stands where every SDK's requests pass, so nothing that leaves a handler can go around it.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use byline_shared::permission::Permission;
use serde_json::Value;

use crate::aws::wire::is_for_s3;
use crate::observe::{Fault, Observer};

/// The same SDK settings, with every request of `name` held to `permissions`.
#[must_use]
pub fn enforce(
    sdk: &SdkConfig,
    name: &'static str,
    permissions: Vec<Permission>,
    observer: Arc<Observer>,
) -> SdkConfig {
    let inner = sdk.http_client().expect("the local SDK settings have an HTTP client");
    let guarded = Guarded { inner, guard: Arc::new(Guard { name, permissions, observer }) };
    sdk.to_builder().http_client(SharedHttpClient::new(guarded)).build()
}

#[derive(Debug)]
struct Guard {
    name: &'static str,
    permissions: Vec<Permission>,
    observer: Arc<Observer>,
}

#[derive(Debug)]
struct Guarded<T> {
    inner: T,
    guard: Arc<Guard>,
}

impl HttpClient for Guarded<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Guarded { inner, guard: Arc::clone(&self.guard) })
    }
}

impl HttpConnector for Guarded<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        // The bucket knows who signed a request, and holds them to their permissions itself.
        let checked = if is_for_s3(&request) {
            Ok(())
        } else {
            self.guard.check(target, request.uri(), body)
        };
        if let Err(violation) = checked {
            tracing::error!("{violation}");
            self.guard.observer.violated(violation.clone());
            let error = ConnectorError::user(violation.into());
            return HttpConnectorFuture::ready(Err(error));
        }
        // The REST services name no action.
        let action = target.rsplit('.').next().filter(|action| !action.is_empty());
        let action = action.unwrap_or_else(|| request.method());
        match self.guard.observer.called(self.guard.name, action) {
            None => self.inner.call(request),
            Some(Fault::Throttled) => {
                let (status, body) = if is_for_s3(&request) {
                    (503, "<Error><Code>SlowDown</Code><Message>slow down</Message></Error>")
                } else {
                    (400, r#"{"__type":"ThrottlingException","message":"slow down"}"#)
                };
                let status = StatusCode::try_from(status).expect("both are statuses");
                HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(body))))
            }
            Some(Fault::AnswerLost) => {
                let call = self.inner.call(request);
                HttpConnectorFuture::new(async move {
                    let _ = call.await;
                    Err(ConnectorError::io("the answer is lost".into()))
                })
            }
        }
    }
}

impl Guard {
    fn check(&self, target: &str, uri: &str, body: &[u8]) -> Result<(), String> {
        if let Some(action) = target.strip_prefix("DynamoDB_20120810.") {
            let body: Value = serde_json::from_slice(body).unwrap_or_default();
            return needs(action, &body).iter().try_for_each(|need| self.table(need));
        }
        let (granted, action) = if target.starts_with("AmazonSSM.") {
            (self.parameter(target, body), target)
        } else if uri.contains("/v2/email/outbound-emails") {
            (self.permissions.contains(&Permission::SendMail), "ses:SendEmail")
        } else if uri.contains("/schedules/") {
            (self.permissions.contains(&Permission::Schedules), "a schedule")
        } else {
            (false, uri)
        };
        if granted {
            return Ok(());
        }
        Err(format!("`{}` used {action}, which none of its permissions allows", self.name))
    }

    /// A secret may be read, and made where it is not there; replaced by the one that rotates it.
    fn parameter(&self, target: &str, body: &[u8]) -> bool {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let name = body["Name"].as_str().unwrap_or_default();
        let permission = match name.rsplit('/').next() {
            Some("token-secret") => Permission::TokenSecret,
            Some("account-secret") => Permission::AccountSecret,
            _ => return false,
        };
        let replaces = target.ends_with(".PutParameter") && body["Overwrite"] == true;
        self.permissions.contains(&permission)
            && (!replaces || self.permissions.contains(&Permission::RotateTokenSecret))
    }

    fn table(&self, need: &Need) -> Result<(), String> {
        let granted = self.permissions.iter().any(|permission| match (permission, &need.index) {
            (Permission::Table(table, actions), None) => {
                table.as_str() == need.table
                    && actions.iter().any(|action| action.as_str() == need.action)
            }
            (Permission::Items(table, prefix, actions), None) => {
                table.as_str() == need.table
                    && actions.iter().any(|action| action.as_str() == need.action)
                    && need.partition.as_deref().is_some_and(|pk| pk.starts_with(prefix))
            }
            (Permission::Index(table, index), Some(used)) => {
                table.as_str() == need.table && index == used && need.action == "Query"
            }
            _ => false,
        });
        if granted {
            return Ok(());
        }
        let index = need.index.as_ref().map(|index| format!("/{index}")).unwrap_or_default();
        Err(format!(
            "`{}` used dynamodb:{} on the table `{}{index}`, which none of its permissions allows: \
             add it to PERMISSIONS, or do without it",
            self.name, need.action, need.table
        ))
    }
}

/// An action on a table, as IAM sees it.
struct Need {
    action: String,
    table: String,
    index: Option<String>,
    /// The partition key, where there is one.
    partition: Option<String>,
}

/// What a request needs: a transaction needs the rights of its parts.
fn needs(action: &str, body: &Value) -> Vec<Need> {
    let need = |action: &str, table: &Value, part: &Value| Need {
        action: action.to_owned(),
        table: table.as_str().unwrap_or("(unnamed)").to_owned(),
        index: part["IndexName"].as_str().map(str::to_owned),
        partition: partition(part),
    };
    match action {
        "TransactWriteItems" | "TransactGetItems" => {
            let items = body["TransactItems"].as_array().into_iter().flatten();
            items
                .flat_map(|item| item.as_object().into_iter().flatten())
                .map(|(kind, part)| {
                    let action = match kind.as_str() {
                        "ConditionCheck" => "ConditionCheckItem".to_owned(),
                        kind => format!("{kind}Item"),
                    };
                    need(&action, &part["TableName"], part)
                })
                .collect()
        }
        "BatchGetItem" | "BatchWriteItem" => {
            let tables = body["RequestItems"].as_object().into_iter().flatten();
            tables.map(|(table, _)| need(action, &table.as_str().into(), &Value::Null)).collect()
        }
        _ => vec![need(action, &body["TableName"], body)],
    }
}

/// The partition key of a request's item or query.
fn partition(part: &Value) -> Option<String> {
    let of_item = [&part["Key"]["pk"]["S"], &part["Item"]["pk"]["S"]];
    if let Some(pk) = of_item.into_iter().find_map(Value::as_str) {
        return Some(pk.to_owned());
    }
    // `pk = :name` or `#pk = :name`, as every query here begins.
    let condition = part["KeyConditionExpression"].as_str()?;
    let (_, value) = condition.split_once('=')?;
    let value = value.split_whitespace().next()?;
    part["ExpressionAttributeValues"][value]["S"].as_str().map(str::to_owned)
}
