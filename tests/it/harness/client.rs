//! A caller over HTTP. The expected status is an argument, so that none is forgotten.

use http::Method;
use http::header::HeaderMap;
use serde_json::Value;

/// A caller, with or without a token.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    pub(crate) token: Option<String>,
}

/// An entity tag of no review.
pub(crate) const NO_REVIEW: &str = "\"0000000000000000000000000000000000000000000000000000000000000000\
                                    00000000000000000000000000000000\"";

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// The body as JSON; null where it is none.
    pub(crate) json: Value,
}

impl Client {
    pub(crate) fn new(http: reqwest::Client, base: String, token: Option<String>) -> Self {
        Self { http, base, token }
    }

    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same person at another URL.
    pub(crate) fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    pub(crate) async fn get(&self, path: &str, status: u16) -> Answer {
        self.send(Method::GET, path, &[], None, status).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value, status: u16) -> Answer {
        self.send(Method::POST, path, &[], Some(body), status).await
    }

    /// A POST; the status is the caller's to judge.
    pub(crate) async fn try_post(&self, path: &str, body: Value) -> Answer {
        let headers = [("content-type", "application/json")];
        self.try_send(Method::POST, path, &headers, Some(body.to_string())).await.unwrap()
    }

    pub(crate) async fn patch(&self, path: &str, body: Value, status: u16) -> Answer {
        self.send(Method::PATCH, path, &[], Some(body), status).await
    }

    pub(crate) async fn delete(&self, path: &str, status: u16) -> Answer {
        self.send(Method::DELETE, path, &[], None, status).await
    }

    /// Approves a proposal as somebody does who reads its review first.
    pub(crate) async fn approve(&self, proposal: &str, body: Value, status: u16) -> Answer {
        let path = format!("/v1/manage/proposals/{proposal}");
        let read = self.try_send(Method::GET, &path, &[], None).await.unwrap();
        let seen = read.headers.get("etag").and_then(|etag| etag.to_str().ok());
        self.approve_as_seen(proposal, seen.unwrap_or(NO_REVIEW), body, status).await
    }

    /// Approves a proposal by the entity tag of a review.
    pub(crate) async fn approve_as_seen(
        &self,
        proposal: &str,
        seen: &str,
        body: Value,
        status: u16,
    ) -> Answer {
        let path = format!("/v1/manage/proposals/{proposal}/approve");
        self.send(Method::POST, &path, &[("if-match", seen)], Some(body), status).await
    }

    /// Any request with a JSON body.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
        status: u16,
    ) -> Answer {
        let mut headers = headers.to_vec();
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        let body = body.map(|body| body.to_string());
        self.send_raw(method, path, &headers, body, status).await
    }

    /// Any request with any body.
    pub(crate) async fn send_raw(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
        status: u16,
    ) -> Answer {
        let answer = self.try_send(method.clone(), path, headers, body).await.unwrap();
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        answer
    }

    /// Any request; the status is the caller's to judge.
    pub(crate) async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Result<Answer, reqwest::Error> {
        self.try_send_bytes(method, path, headers, body.map(String::into_bytes)).await
    }

    /// The same with a body that need not be text.
    pub(crate) async fn try_send_bytes(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Answer, reqwest::Error> {
        let response = self.begin(method, path, headers, body).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.text().await?;
        let json = serde_json::from_str(&body).unwrap_or_default();
        Ok(Answer { status, headers, body, json })
    }

    /// Any request, until the head of its answer is there.
    pub(crate) async fn begin(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<reqwest::Response, reqwest::Error> {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        request.send().await
    }
}

impl Answer {
    /// The text at a JSON pointer.
    pub(crate) fn text(&self, pointer: &str) -> String {
        let value = self.json.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("no text at {pointer} in {}", self.body)).to_owned()
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_else(|| panic!("no header {name} in {:?}", self.headers))
    }

    /// Holds the answer to be a problem with this code, and a whole one.
    pub(crate) fn is_problem(&self, code: &str) {
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.text("/code"), code, "{}", self.body);
        assert_eq!(self.json["status"], self.status);
        assert_eq!(self.text("/request_id"), self.header("x-request-id"));
        assert!(self.text("/type").ends_with(&format!("/docs#problem-{code}")));
        assert!(!self.text("/title").is_empty() && !self.text("/detail").is_empty());
    }

    /// The pointer and code of every invalid field.
    pub(crate) fn faults(&self) -> Vec<(String, String)> {
        let errors = self.json["errors"].as_array().into_iter().flatten();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        errors.map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
    }
}
