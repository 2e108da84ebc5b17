//! Requests from any address of the internet, which a test cannot send over HTTP.

use std::collections::HashMap;
use std::net::IpAddr;

use byline_shared::endpoint::Service;
use byline_shared::http::{Request, RequestInfo};
use http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use serde_json::Value;

use crate::harness::App;

/// What somebody got back.
pub(super) struct Got {
    pub(super) status: u16,
    pub(super) json: Value,
    /// In seconds.
    pub(super) retry_after: Option<i64>,
}

impl Got {
    pub(super) fn text(&self, name: &str) -> String {
        self.json[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.json)).to_owned()
    }
}

/// The operations that somebody on the internet posts to.
const OPERATIONS: [&str; 10] = [
    "auth-login",
    "auth-logout-all",
    "auth-password-change",
    "auth-password-forgot",
    "auth-password-reset",
    "auth-sign-in-link",
    "auth-sign-in-link-confirm",
    "auth-totp-confirm",
    "auth-totp-enrol",
    "auth-verify-email-resend",
];

/// The operations of an application.
pub(super) struct Internet {
    services: HashMap<&'static str, Service>,
}

impl Internet {
    pub(super) fn new(app: &App) -> Self {
        let operations = byline_local::operations().into_iter();
        let services: HashMap<_, _> = operations
            .filter(|operation| OPERATIONS.contains(&operation.name))
            .map(|operation| (operation.name, Service::new(operation, app.byline.context.clone())))
            .collect();
        assert_eq!(services.len(), OPERATIONS.len());
        Self { services }
    }

    /// Posts to an operation.
    pub(super) async fn post(
        &self,
        from: IpAddr,
        operation: &str,
        token: Option<&str>,
        body: Value,
    ) -> Got {
        let service = &self.services[operation];
        let request = http::Request::post(service.operation().path);
        let mut request = request.header(CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let mut request: Request = request.body(body.to_string().into()).unwrap();
        let info = RequestInfo::new("test".to_owned(), Some(from), request.headers());
        request.extensions_mut().insert(info);
        let response = service.call(request).await;
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        Got {
            status: response.status().as_u16(),
            retry_after: retry_after.map(|seconds| seconds.parse().unwrap()),
            json: serde_json::from_slice(response.body().whole().unwrap()).unwrap_or_default(),
        }
    }
}
