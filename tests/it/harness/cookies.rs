//! The cookies of a browser.

use std::collections::BTreeMap;

use http::HeaderMap;

/// Values by name.
#[derive(Clone, Default)]
pub(crate) struct Cookies(pub(crate) BTreeMap<String, String>);

impl Cookies {
    /// The `Cookie` header.
    pub(crate) fn header(&self) -> String {
        let cookies = self.0.iter().map(|(name, value)| format!("{name}={value}"));
        cookies.collect::<Vec<_>>().join("; ")
    }

    /// Keeps what an answer sets, and drops what it deletes.
    pub(crate) fn keep(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all("set-cookie") {
            self.set(cookie.to_str().unwrap());
        }
    }

    /// The same with the value of one `Set-Cookie` header.
    pub(crate) fn set(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        if value.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), value.to_owned());
        }
    }
}
