//! Redirect URIs: which may be registered, and which match a registered one (OAuth 2.1 §2.3, §8.4.2;
//! RFC 9700 §2.1).

use url::{Host, Url};

use super::apps;
use crate::config::Config;
use crate::http::public_address::is_public;

/// The longest redirect URI, in bytes.
const MAX_LENGTH: usize = 2000;

/// Checks that a redirect URI may be registered in this deployment.
///
/// # Errors
/// The reason, in plain ASCII; it completes "a redirect URI …".
pub fn check(config: &Config, uri: &str) -> Result<(), &'static str> {
    check_with(&config.oauth_redirect_uris, uri)
}

/// Checks a redirect URI where the deployment allows those of `listed`, too.
fn check_with(listed: &[String], uri: &str) -> Result<(), &'static str> {
    if uri.len() > MAX_LENGTH || !uri.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("must be at most 2000 ASCII characters without spaces");
    }
    let url = Url::parse(uri).map_err(|_| "must be an absolute URI")?;
    if uri.contains('#') {
        return Err("must not have a fragment");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not have a user name or password");
    }
    // A URI that the parser corrects could lead a browser elsewhere than the consent page says.
    if url.as_str().strip_prefix(uri).is_none_or(|rest| !matches!(rest, "" | "/")) {
        return Err("must be in its normal form: scheme and host in lower case, two slashes, no \
                    default port, no \"..\"");
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(&url) => Ok(()),
        "http" => Err("must use https, unless its host is localhost or a loopback address"),
        // RFC 8252 §7.1: a reversed domain name, which rules out javascript:, data: and the like.
        scheme if scheme.contains('.') => Ok(()),
        _ if apps::name(uri).is_some() || listed.iter().any(|listed| listed == uri) => Ok(()),
        _ => Err(
            "must use https, http on localhost, a scheme that is a reversed domain name, or be \
                  the callback of an app that this server knows; its owner can allow others with \
                  OAuthRedirectUris",
        ),
    }
}

/// Whether `sent` is the `registered` URI, byte for byte. On a loopback host any port matches, because
/// a native app listens on whichever is free (RFC 8252 §7.3).
#[must_use]
pub fn matches(registered: &str, sent: &str) -> bool {
    if registered == sent {
        return true;
    }
    match (loopback_parts(registered), loopback_parts(sent)) {
        (Some(registered), Some(sent)) => registered == sent,
        _ => false,
    }
}

/// Whether a redirect URI leads to an app on the user's own machine or network: by its host, or by a
/// scheme that an app has claimed.
#[must_use]
pub fn is_local(uri: &str) -> bool {
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https");
    Url::parse(uri).is_ok_and(|url| !is_web(&url) || is_nearby(&url))
}

/// Suffixes of local names, for which no public authority issues certificates: RFC 6761, 6762 and
/// 8375, and others in common use.
const NEARBY: [&str; 6] =
    [".localhost", ".local", ".localdomain", ".internal", ".home.arpa", ".lan"];

/// Whether a host is on the user's machine or network, where its name proves nothing.
fn is_nearby(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => !is_public(ip.into()),
        Some(Host::Ipv6(ip)) => !is_public(ip.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            !name.contains('.') || NEARBY.iter().any(|ending| name.ends_with(ending))
        }
        None => true,
    }
}

/// Whether it is http on a loopback host.
#[must_use]
pub fn is_loopback_uri(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| url.scheme() == "http" && is_loopback(&url))
}

/// Whether a certificate proves who receives the response. For the user's own machine none does.
#[must_use]
pub fn is_proven(uri: &str) -> bool {
    uri.starts_with("https://") && !is_local(uri)
}

/// The app that a redirect URI opens by a scheme of its own: its name, or the scheme if it is not a
/// known one. `None` for https and http.
#[must_use]
pub fn app(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok().filter(|url| !matches!(url.scheme(), "http" | "https"))?;
    Some(match apps::name(uri) {
        Some(name) => format!("the app {name}"),
        None => format!("the app for {}: links", url.scheme()),
    })
}

/// How the pages show it: the host, or the app that opens.
#[must_use]
pub fn shown(uri: &str) -> String {
    if let Some(app) = app(uri) {
        return format!("{app} on this device");
    }
    let Ok(url) = Url::parse(uri) else { return uri.to_owned() };
    match (url.scheme(), url.host_str(), url.port()) {
        ("https", Some(host), Some(port)) => format!("{host}:{port}"),
        (_, Some(host), _) => host.to_owned(),
        (_, None, _) => uri.to_owned(),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Host and rest of a loopback URI, byte for byte, without its port.
fn loopback_parts(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    for host in ["127.0.0.1", "[::1]", "localhost"] {
        let Some(port) = authority.strip_prefix(host) else { continue };
        let digits = port.strip_prefix(':').unwrap_or_default();
        // `parse` would take a sign.
        let is_port = digits.parse::<u16>().is_ok() && !digits.starts_with('+');
        if port.is_empty() || is_port {
            return Some((host, path));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_uri_has_2000_characters_at_most() {
        let start = "https://a.example/";
        let uri = format!("{start}{}", "x".repeat(2000 - start.len()));
        assert_eq!(check_with(&[], &uri), Ok(()));
        assert!(check_with(&[], &format!("{uri}x")).is_err());
    }

    #[test]
    fn only_safe_redirect_uris_may_be_registered() {
        let listed = ["listed://oauth/cb".to_owned()];
        for uri in [
            "https://a.example/cb",
            "https://a.example:8443/cb?x=1",
            "http://127.0.0.1/cb",
            "http://[::1]:9/cb",
            "http://localhost:33418/",
            "com.example.app:/cb",
            "cursor://anysphere.cursor-mcp/oauth/callback",
            "listed://oauth/cb",
        ] {
            assert_eq!(check_with(&listed, uri), Ok(()), "{uri}");
        }
        for uri in [
            "http://a.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://localhost.evil.example/",
            "https://a.example/cb#x",
            "https://a.example/cb#",
            "https://user@a.example/cb",
            "https:a.example/cb",
            "https:/a.example/cb",
            "https:\\\\a.example\\cb",
            "HTTPS://a.example/cb",
            "https://A.example/cb",
            "https://a.example:443/cb",
            "https://a.example/x/../cb",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "myapp://cb",
            "listed://oauth/cb/more",
            "listed://oauth/cb?x",
            "cursor://anysphere.cursor-deeplink/mcp/install?name=x",
            "CURSOR://anysphere.cursor-mcp/oauth/callback",
            "/cb",
            "",
            "https://a.example/c b",
        ] {
            assert!(check_with(&listed, uri).is_err(), "{uri}");
        }
    }

    #[test]
    fn a_local_redirect_uri_is_never_proven() {
        assert!(is_proven("https://a.example/cb") && !is_local("https://a.example/cb"));
        for uri in [
            "https://localhost:8443/cb",
            "https://x.localhost/cb",
            "https://127.0.0.1/cb",
            "https://[::1]/cb",
            "https://[::ffff:127.0.0.1]/cb",
            "https://0.0.0.0:8443/cb",
            "https://192.168.1.1/cb",
            "https://printer.local/cb",
            "https://mypc/cb",
            "https://localhost../cb",
            "http://localhost/cb",
            "com.example.app:/cb",
        ] {
            assert!(is_local(uri) && !is_proven(uri), "{uri}");
        }
    }

    #[test]
    fn a_page_says_which_app_opens() {
        let cursor = "cursor://anysphere.cursor-mcp/oauth/callback";
        assert_eq!(shown(cursor), "the app Cursor on this device");
        assert_eq!(shown("com.example:/cb"), "the app for com.example: links on this device");
        assert_eq!(shown("https://a.example:8443/cb"), "a.example:8443");
        assert_eq!(app("http://localhost/cb"), None);
    }

    #[test]
    fn only_the_port_of_a_loopback_uri_may_differ() {
        assert!(matches("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"));
        assert!(matches("http://localhost:1/cb", "http://localhost:2/cb"));
        assert!(matches("http://[::1]/cb", "http://[::1]:7/cb"));
        for (registered, sent) in [
            ("http://127.0.0.1/cb", "http://localhost/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:80/cb/"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:+80/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:1@evil.example/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb"),
            ("http://127.0.0.1/cb", "https://127.0.0.1/cb"),
            ("https://a.example/cb", "https://a.example:444/cb"),
            ("https://a.example/cb", "https://a.example/cb?x"),
            ("https://a.example/cb", "https://A.example/cb"),
            ("https://a.example/cb", "https://a.example/cb/../cb"),
            ("zed://mcp/oauth/callback", "zed://mcp:1/oauth/callback"),
            ("zed://mcp/oauth/callback", "zed://mcp/oauth/callback?x"),
        ] {
            assert!(!matches(registered, sent), "{registered} {sent}");
        }
    }

    #[test]
    fn a_refusal_says_what_is_wrong() {
        for (uri, reason) in [
            ("http://a.example/cb", "must use https, unless its host is localhost"),
            ("myapp://cb", "must use https, http on localhost, a scheme that is"),
            ("https://a.example/cb#x", "must not have a fragment"),
            ("https://user@a.example/cb", "must not have a user name or password"),
            ("https://:p@a.example/cb", "must not have a user name or password"),
            ("https://A.example/cb", "must be in its normal form"),
            ("/cb", "must be an absolute URI"),
            ("https:", "must be an absolute URI"),
            ("https://a.example/c b", "must be at most 2000 ASCII characters"),
        ] {
            let refused = check_with(&[], uri).unwrap_err();
            assert!(refused.starts_with(reason), "{uri}: {refused}");
        }
    }
}
