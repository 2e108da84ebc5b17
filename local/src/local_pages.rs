//! Who may see the pages under `/_local/`. The links in the mailbox open accounts, so it is for people
//! and programs on this machine.
//!
//! A proxy on this machine connects from this machine, too. Nothing tells it apart for certain, so a
//! request is refused as soon as anything speaks for one: a header that proxies add, another host's name,
//! the old version of HTTP that some proxies use, or a Byline that is meant to be reached under another
//! URL than this machine's.

use std::net::{IpAddr, SocketAddr};

use axum::http::Version;
use axum::http::header::{HOST, HeaderMap};
use url::{Host, Url};

/// The variable that opens the pages to everybody who can reach the port.
pub(crate) const VARIABLE: &str = "BYLINE_LOCAL_PAGES";

/// Headers of proxies, beside those that begin with one of [`PROXY_PREFIXES`].
const PROXY_HEADERS: [&str; 8] = [
    "cdn-loop",
    "client-ip",
    "fastly-client-ip",
    "forwarded",
    "true-client-ip",
    "via",
    "x-client-ip",
    "x-real-ip",
];

const PROXY_PREFIXES: [&str; 8] = [
    "cf-",
    "ngrok-",
    "tailscale-",
    "x-cluster-",
    "x-envoy-",
    "x-forwarded",
    "x-original-",
    "x-proxy",
];

/// Whom the pages are for.
pub(crate) enum LocalPages {
    /// Programs and browsers on this machine.
    ThisMachine,
    /// Nobody, because Byline is meant to be reached under this URL.
    PublicUrl(String),
    /// Everybody: [`VARIABLE`] is on.
    Everybody,
}

impl LocalPages {
    /// For a Byline at this public URL.
    pub(crate) fn new(public_url: &str, switched_on: bool) -> Self {
        let is_loopback = Url::parse(public_url).is_ok_and(|url| match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        });
        match (switched_on, is_loopback) {
            (true, _) => Self::Everybody,
            (false, true) => Self::ThisMachine,
            (false, false) => Self::PublicUrl(public_url.to_owned()),
        }
    }

    /// Checks a request.
    ///
    /// # Errors
    /// Why it is refused, and what to do.
    pub(crate) fn check(
        &self,
        peer: SocketAddr,
        version: Version,
        headers: &HeaderMap,
    ) -> Result<(), String> {
        let reason = match self {
            Self::Everybody => return Ok(()),
            Self::PublicUrl(url) => format!("Byline's public URL is {url}"),
            Self::ThisMachine => match refusal(peer, version, headers) {
                None => return Ok(()),
                Some(reason) => reason.to_owned(),
            },
        };
        Err(format!(
            "These pages are only for this machine, because the links in the mails open accounts: \
             {reason}.\nIf nobody else can reach this port, set {VARIABLE}=on and start Byline again.\n"
        ))
    }
}

fn refusal(peer: SocketAddr, version: Version, headers: &HeaderMap) -> Option<&'static str> {
    if !peer.ip().to_canonical().is_loopback() {
        return Some("the request comes from another machine");
    }
    let of_proxy = |name: &str| {
        PROXY_HEADERS.contains(&name)
            || PROXY_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
    };
    if headers.keys().any(|name| of_proxy(name.as_str())) {
        return Some("the request comes through a proxy");
    }
    if version < Version::HTTP_11 {
        return Some("the request uses HTTP/1.0, as some proxies do");
    }
    // After DNS rebinding, a web page could read the mails under its own host name.
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    if hosts.next().is_some() || !host.is_some_and(is_loopback_host) {
        return Some("the Host header names another machine");
    }
    None
}

/// Whether a `Host` header, with its port, names this machine.
fn is_loopback_host(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let ip = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || ip.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_loopback_hosts() {
        for host in
            ["localhost", "localhost:8000", "127.0.0.1:1", "127.9.9.9", "[::1]:8000", "[::1]"]
        {
            assert!(is_loopback_host(host), "{host}");
        }
        for host in [
            "",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
            "192.168.1.5:8000",
            "0.0.0.0:8000",
            "[::2]:8000",
            "localhost:80@evil.example",
        ] {
            assert!(!is_loopback_host(host), "{host}");
        }
    }

    #[test]
    fn a_public_url_of_another_machine_closes_the_pages() {
        for url in ["http://127.0.0.1:8000", "http://localhost", "https://[::1]:1"] {
            assert!(matches!(LocalPages::new(url, false), LocalPages::ThisMachine), "{url}");
        }
        for url in ["https://api.example.com", "http://0.0.0.0:8000", "http://localhost.example"] {
            assert!(matches!(LocalPages::new(url, false), LocalPages::PublicUrl(_)), "{url}");
            assert!(matches!(LocalPages::new(url, true), LocalPages::Everybody), "{url}");
        }
    }
}
