//! Parameters of OAuth requests, from a query or a form; each at most once (RFC 6749 §3.1).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use http::header::CONTENT_TYPE;

use super::error::{OAuthCode, OAuthError};
use crate::http::Request;

/// The parameters of a request. Empty ones count as absent (RFC 6749 §3.1).
#[derive(Clone, Debug, Default)]
pub struct Form {
    values: BTreeMap<String, String>,
    repeated: Vec<String>,
}

impl Form {
    /// The parameters in the query.
    #[must_use]
    pub fn from_query(request: &Request) -> Self {
        Self::parse(request.uri().query().unwrap_or_default().as_bytes())
    }

    /// The parameters in the body.
    ///
    /// # Errors
    /// `invalid_request` if it is not a form.
    pub fn from_body(request: &Request) -> Result<Self, OAuthError> {
        let content_type = request.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let detail = "send the parameters as application/x-www-form-urlencoded";
            return Err(OAuthError::new(OAuthCode::InvalidRequest, detail));
        }
        if std::str::from_utf8(request.body()).is_err() {
            return Err(OAuthError::new(OAuthCode::InvalidRequest, "the form must be UTF-8"));
        }
        Ok(Self::parse(request.body()))
    }

    fn parse(text: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(text) {
            let (name, value) = (name.into_owned(), value.into_owned());
            if name == "granted" {
                // The checkboxes of the consent page: one value each.
                let list = form.values.entry(name).or_default();
                list.push(' ');
                list.push_str(&value);
                continue;
            }
            match form.values.entry(name) {
                Entry::Occupied(entry) => form.repeated.push(entry.key().clone()),
                Entry::Vacant(entry) => {
                    entry.insert(value);
                }
            }
        }
        form
    }

    /// A parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A required parameter.
    ///
    /// # Errors
    /// `invalid_request` if it is missing.
    pub fn require(&self, name: &str) -> Result<&str, OAuthError> {
        let missing = || {
            OAuthError::new(OAuthCode::InvalidRequest, format!("the parameter {name} is missing"))
        };
        self.get(name).ok_or_else(missing)
    }

    /// Whether a parameter is there more than once.
    #[must_use]
    pub fn repeats(&self, name: &str) -> bool {
        self.repeated.iter().any(|repeated| repeated == name)
    }

    /// Checks that no parameter is there more than once.
    ///
    /// # Errors
    /// `invalid_request`; for `resource`, of which RFC 8707 allows several, `invalid_target`: a token
    /// of this server is for one resource.
    pub fn once(&self) -> Result<(), OAuthError> {
        match self.repeated.first().map(String::as_str) {
            None => Ok(()),
            Some("resource") => {
                let detail = "name one resource: a token is for one resource only";
                Err(OAuthError::new(OAuthCode::InvalidTarget, detail))
            }
            Some(name) => {
                let detail = format!("the parameter {name} is repeated");
                Err(OAuthError::new(OAuthCode::InvalidRequest, detail))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Form {
        Form::parse(text.as_bytes())
    }

    #[test]
    fn a_parameter_is_there_once_and_not_empty() {
        let form = parsed("a=1&b=&c=x+y%26&granted=one&granted=two");
        assert_eq!((form.get("a"), form.get("b"), form.get("d")), (Some("1"), None, None));
        assert_eq!(form.get("c"), Some("x y&"));
        assert_eq!(form.get("granted"), Some(" one two"), "the boxes of a page");
        assert!(form.once().is_ok() && !form.repeats("a") && !form.repeats("granted"));
        assert_eq!(form.require("a").unwrap(), "1");
        for missing in ["b", "d"] {
            let error = form.require(missing).unwrap_err();
            assert_eq!(error.code, OAuthCode::InvalidRequest);
            assert_eq!(error.detail, format!("the parameter {missing} is missing"));
        }
    }

    #[test]
    fn a_repeated_parameter_is_refused_and_the_first_one_counts() {
        let form = parsed("a=1&b=2&a=3");
        assert_eq!((form.get("a"), form.repeats("a"), form.repeats("b")), (Some("1"), true, false));
        let error = form.once().unwrap_err();
        assert_eq!(
            (error.code, error.detail.as_str()),
            (OAuthCode::InvalidRequest, "the parameter a is repeated")
        );
        let error = parsed("resource=a&resource=b").once().unwrap_err();
        assert_eq!(error.code, OAuthCode::InvalidTarget);
    }

    #[test]
    fn a_body_is_a_form_by_its_media_type() {
        let request = |media_type: Option<&str>, body: &'static [u8]| {
            let mut request = http::Request::new(bytes::Bytes::from_static(body));
            if let Some(media_type) = media_type {
                request.headers_mut().insert(CONTENT_TYPE, media_type.parse().unwrap());
            }
            Form::from_body(&request).map(|form| form.get("a").map(str::to_owned))
        };
        let form = "application/x-www-form-urlencoded";
        assert_eq!(request(Some(form), b"a=1").unwrap().as_deref(), Some("1"));
        let spelled = "Application/X-WWW-Form-Urlencoded ; charset=utf-8";
        assert_eq!(request(Some(spelled), b"a=1").unwrap().as_deref(), Some("1"));
        for (media_type, body) in
            [(None, &b"a=1"[..]), (Some("application/json"), b"a=1"), (Some(form), b"a=\xff")]
        {
            assert_eq!(request(media_type, body).unwrap_err().code, OAuthCode::InvalidRequest);
        }
    }
}
