//! This site as authenticators know it (WebAuthn §4, "Relying Party").

use url::{Host, Url};

/// The name that passkeys are bound to, and the origin that may ask for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// The host name. Another one makes every passkey worthless.
    pub id: String,
    /// The origin of the pages.
    pub origin: String,
}

impl RelyingParty {
    /// Follows from the public URL. `None` where browsers offer no passkeys: at an IP address, or without
    /// https. This machine's own addresses count as `localhost`, for which browsers make an exception.
    #[must_use]
    pub fn of(public_url: &str) -> Option<Self> {
        let mut url = Url::parse(public_url).ok()?;
        let is_loopback = match url.host()? {
            Host::Domain(_) => false,
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
        };
        if is_loopback {
            url.set_host(Some("localhost")).ok()?;
        }
        let Host::Domain(name) = url.host()? else { return None };
        let is_secure = url.scheme() == "https" || name == "localhost";
        let id = name.to_owned();
        is_secure.then(|| Self { id, origin: url.origin().ascii_serialization() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> Option<(String, String)> {
        RelyingParty::of(url).map(|party| (party.id, party.origin))
    }

    #[test]
    fn it_follows_from_the_public_url() {
        let some = |id: &str, origin: &str| Some((id.to_owned(), origin.to_owned()));
        let site = some("desk.example.com", "https://desk.example.com");
        assert_eq!(of("https://desk.example.com"), site);
        assert_eq!(of("https://desk.example.com/prod"), site);
        assert_eq!(of("https://a.example:8443"), some("a.example", "https://a.example:8443"));
        let local = some("localhost", "http://localhost:8000");
        for url in ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"] {
            assert_eq!(of(url), local, "{url}");
        }
        for url in ["http://desk.example.com", "https://192.0.2.1", "http://0.0.0.0:8000"] {
            assert_eq!(of(url), None, "{url}");
        }
    }
}
