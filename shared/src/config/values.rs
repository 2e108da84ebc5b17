//! The values of variables, as they are read.

use http::HeaderValue;

use super::error::ConfigError;

/// The value of a variable that is a switch.
///
/// # Errors
/// Any value but `on` and `off`, so that a misspelt one never switches anything on or off.
pub fn parse_switch(value: &str) -> Result<bool, &'static str> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("must be on or off"),
    }
}

/// RFC 9116 §2.5.3: a contact is a URI.
pub(super) fn contact(given: Option<String>) -> Result<Option<String>, ConfigError> {
    let is_uri =
        |contact: &String| contact.starts_with("mailto:") || contact.starts_with("https://");
    if given.as_ref().is_some_and(|contact| !is_uri(contact)) {
        let fault = "must start with mailto: or https://";
        return Err(ConfigError::new("BYLINE_SECURITY_CONTACT", fault));
    }
    Ok(given)
}

/// Schemes that a browser or the operating system opens itself, instead of an app that waits for an answer.
const FOREIGN_SCHEMES: [&str; 15] = [
    "http",
    "https",
    "javascript",
    "data",
    "vbscript",
    "file",
    "blob",
    "about",
    "view-source",
    "ftp",
    "ws",
    "wss",
    "mailto",
    "tel",
    "sms",
];

/// The redirect URIs of a comma-separated list, each with the scheme of an app.
pub(super) fn redirect_uris(list: &str) -> Result<Vec<String>, ConfigError> {
    let error = |uri: &str, fault: &str| {
        ConfigError::new("BYLINE_OAUTH_REDIRECT_URIS", format!("{uri:?} {fault}"))
    };
    let entries = list.split(',').map(str::trim).filter(|uri| !uri.is_empty());
    entries
        .map(|uri| {
            let Some((scheme, rest)) = uri.split_once("://") else {
                return Err(error(uri, "is not a redirect URI: write it as example://oauth/callback"));
            };
            let of_scheme = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte);
            if !scheme.starts_with(|first: char| first.is_ascii_lowercase()) || !scheme.bytes().all(of_scheme) {
                return Err(error(uri, "has a scheme that is not valid: use letters in lower case, digits and hyphens"));
            }
            if FOREIGN_SCHEMES.contains(&scheme) {
                return Err(error(uri, "cannot be listed: list URIs such as myapp://oauth/callback; https and loopback need no entry"));
            }
            if rest.is_empty() || !rest.bytes().all(|byte| byte.is_ascii_graphic()) || rest.contains(['*', '#']) {
                return Err(error(uri, "must be one whole URI, without spaces, * and #"));
            }
            Ok(uri.to_owned())
        })
        .collect()
}

/// The origins of a comma-separated list. `*` is refused: an API with tokens names who may call.
pub(super) fn origins(list: &str) -> Result<Vec<HeaderValue>, ConfigError> {
    let error = |origin: &str, fault: &str| {
        ConfigError::new("BYLINE_CORS_ORIGINS", format!("{origin:?} {fault}"))
    };
    let entries = list.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    entries
        .map(|origin| {
            if origin == "*" {
                return Err(error(origin, "would let every site in: list the origins instead"));
            }
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            if host.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#', '@'])) {
                let fault = "is not an origin: write it as https://example.com";
                return Err(error(origin, fault));
            }
            HeaderValue::from_str(origin).map_err(|_| error(origin, "holds odd characters"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_listed_one_by_one() {
        assert_eq!(origins("https://a.example, http://localhost:3000").unwrap().len(), 2);
        assert_eq!(origins("").unwrap().len(), 0);
        for wrong in ["*", "https://a.example/", "a.example", "https://a@b", "null"] {
            assert!(origins(wrong).is_err(), "{wrong} was accepted");
        }
    }

    #[test]
    fn redirect_uris_are_whole_and_lead_to_an_app() {
        let listed = redirect_uris("myapp://oauth/callback, my-app.dev://x?y=1,").unwrap();
        assert_eq!(listed, ["myapp://oauth/callback", "my-app.dev://x?y=1"]);
        assert!(redirect_uris("").unwrap().is_empty());
        for wrong in [
            "myapp",
            "myapp:callback",
            "myapp://",
            "myapp://*",
            "myapp://a#b",
            "myapp://a b",
            "MyApp://a",
            "https://a.example/cb",
            "javascript://a/%0aalert(1)",
            "data://x",
            "file:///etc/passwd",
        ] {
            assert!(redirect_uris(wrong).is_err(), "{wrong} was accepted");
        }
    }

    #[test]
    fn a_switch_is_on_or_off() {
        assert_eq!(parse_switch("on"), Ok(true));
        assert_eq!(parse_switch("off"), Ok(false));
        for wrong in ["maybe", "On", "true", "1", " off", "no"] {
            assert!(parse_switch(wrong).is_err(), "{wrong} was accepted");
        }
    }
}
