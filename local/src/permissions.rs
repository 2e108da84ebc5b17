//! Enforces the permissions of an operation as IAM does on AWS: a call that no permission allows fails, with a
//! message that names the operation and the action.
//!
//! It wraps the HTTP client of the AWS SDKs, so no call of a handler can bypass it.

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
use serde_json::{Value, json};

use crate::aws::wire::is_for_s3;
use crate::faults::{Fault, Observer};

/// The answer to a transaction whose first condition does not hold.
const OUTRUN: &str = r#"{"__type":"TransactionCanceledException","Message":"cancelled",
    "CancellationReasons":[{"Code":"ConditionalCheckFailed"}]}"#;

/// The same SDK settings, with every request of the operation `name` checked against `permissions`.
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

/// A call that no permission of its operation allows.
#[derive(Debug, thiserror::Error)]
enum NotPermitted {
    /// A call to a service other than DynamoDB.
    #[error("`{operation}` called {action}, but none of its permissions allows that")]
    Call { operation: &'static str, action: String },
    /// A call to DynamoDB.
    #[error(
        "`{operation}` called dynamodb:{action} on the table `{table}`, but none of its permissions allows \
         that: add it to PERMISSIONS, or remove the call"
    )]
    Table { operation: &'static str, action: String, table: String },
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
        // S3 checks the permissions itself, by the access key that signed the request.
        let checked = if is_for_s3(&request) {
            Ok(())
        } else {
            self.guard.check(target, request.uri(), body)
        };
        if let Err(violation) = checked {
            tracing::error!("{violation}");
            self.guard.observer.violated(violation.to_string());
            let error = ConnectorError::user(violation.into());
            return HttpConnectorFuture::ready(Err(error));
        }
        // A request of a REST service names no action.
        let action = target.rsplit('.').next().filter(|action| !action.is_empty());
        let action = action.unwrap_or_else(|| request.method());
        if let Some(gate) = self.guard.observer.gate(self.guard.name, action) {
            let inner = self.inner.clone();
            return HttpConnectorFuture::new(async move {
                gate.pass().await;
                inner.call(request).await
            });
        }
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
            Some(Fault::Outrun) => {
                let status = StatusCode::try_from(400).expect("it is a status");
                HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(OUTRUN))))
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
    fn check(&self, target: &str, uri: &str, body: &[u8]) -> Result<(), NotPermitted> {
        if let Some(action) = target.strip_prefix("DynamoDB_20120810.") {
            let body: Value = serde_json::from_slice(body).unwrap_or_default();
            return needs(action, &body).iter().try_for_each(|need| self.table(need));
        }
        let (granted, action) = if target.starts_with("AmazonSSM.") {
            (self.parameter(target, body), target)
        } else if uri.contains("/v2/email/outbound-emails") {
            (self.permissions.contains(&Permission::SendMail), "ses:SendEmail")
        } else if uri.ends_with("/converse-stream") {
            let action = "bedrock:InvokeModelWithResponseStream";
            (self.permissions.contains(&Permission::Model), action)
        } else if uri.contains("/schedules/") {
            (self.permissions.contains(&Permission::Schedules), "a schedule")
        } else {
            (false, uri)
        };
        if granted {
            return Ok(());
        }
        Err(NotPermitted::Call { operation: self.name, action: action.to_owned() })
    }

    /// A secret may be read, and created if it is missing. Replacing it needs a permission of its own. The key
    /// of the model server may only be read.
    fn parameter(&self, target: &str, body: &[u8]) -> bool {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let name = body["Name"].as_str().unwrap_or_default();
        let permission = match name.rsplit('/').next() {
            Some("token-secret") => Permission::TokenSecret,
            Some("account-secret") => Permission::AccountSecret,
            Some("model-key") if target.ends_with(".GetParameter") => Permission::ModelKey,
            _ => return false,
        };
        let replaces = target.ends_with(".PutParameter") && body["Overwrite"] == true;
        self.permissions.contains(&permission)
            && (!replaces || self.permissions.contains(&Permission::RotateTokenSecret))
    }

    fn table(&self, need: &Need) -> Result<(), NotPermitted> {
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
        Err(NotPermitted::Table {
            operation: self.name,
            action: need.action.clone(),
            table: format!("{}{index}", need.table),
        })
    }
}

/// An action on a table, as IAM sees it.
struct Need {
    action: String,
    table: String,
    index: Option<String>,
    /// The partition key, if the request names one.
    partition: Option<String>,
}

/// The actions that a request needs: those of its parts for a transaction.
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
            tables
                .flat_map(|(table, part)| {
                    // One for each item that is read; what is written is not looked at.
                    let keys = part["Keys"].as_array().into_iter().flatten();
                    let mut parts: Vec<Value> = keys.map(|key| json!({ "Key": key })).collect();
                    if parts.is_empty() {
                        parts.push(Value::Null);
                    }
                    let table = Value::from(table.as_str());
                    parts.into_iter().map(move |part| need(action, &table, &part))
                })
                .collect()
        }
        _ => vec![need(action, &body["TableName"], body)],
    }
}

/// The partition key of a request's item or query.
fn partition(part: &Value) -> Option<String> {
    let keys = [&part["Key"]["pk"]["S"], &part["Item"]["pk"]["S"]];
    if let Some(pk) = keys.into_iter().find_map(Value::as_str) {
        return Some(pk.to_owned());
    }
    // Every query here begins with `pk = :name` or `#pk = :name`.
    let condition = part["KeyConditionExpression"].as_str()?;
    let (_, value) = condition.split_once('=')?;
    let value = value.split_whitespace().next()?;
    part["ExpressionAttributeValues"][value]["S"].as_str().map(str::to_owned)
}
