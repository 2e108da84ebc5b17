//! Configuration, from the environment alone.

use std::collections::HashMap;
use std::env::VarError;
use std::net::SocketAddr;

use http::HeaderValue;

use crate::model::{Email, ProposalId, Registration};
use crate::permission::Table;

/// What a deployment decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// The name of the `content` table.
    pub content_table: String,
    /// The name of the `identity` table.
    pub identity_table: String,
    /// Where the API is reached, without a slash at the end; also the issuer of its tokens.
    pub public_url: String,
    /// Where the frontend is reached, without a slash at the end.
    pub site_url: String,
    /// Where the frontend has the pages that mails lead to, without a slash at the end. `None` if they lead
    /// to the pages of Byline.
    pub account_pages_url: Option<String>,
    /// The publication's name, in mails.
    pub site_name: String,
    /// The origins that browsers may call from.
    pub cors_origins: Vec<HeaderValue>,
    /// The bucket of media.
    pub media_bucket: String,
    /// Where readers find media, without a slash at the end: objects stand under it by their keys.
    pub media_url: String,
    /// The sender of mails.
    pub mail_from: String,
    /// The SSM parameter that holds the token secret.
    pub token_secret_parameter: String,
    /// The SSM parameter that holds the account secret.
    pub account_secret_parameter: String,
    /// Whether password hashes are peppered with the account secret.
    pub password_pepper: bool,
    /// How expensive a password hash is. Only tests change it: no variable does.
    pub password_cost: PasswordCost,
    /// Where security researchers are to write, for `security.txt`: an URI.
    pub security_contact: Option<String>,
    /// How people get an account, until the settings say otherwise.
    pub registration: Registration,
    /// Whether OAuth clients may register at `/oauth/register`.
    pub oauth_registration: bool,
    /// Whether OAuth clients may be described by a metadata document, which is fetched from the internet.
    pub oauth_documents: bool,
    /// Redirect URIs with a scheme of their own that clients may have besides those of known apps.
    pub oauth_redirect_uris: Vec<String>,
    /// Hosts whose client metadata documents are fetched from this address over plain HTTP. Nothing
    /// but a test fills it in: no variable does.
    pub client_document_hosts: HashMap<String, SocketAddr>,
    /// The path of the page with the mails that were sent. Only a local runner has one: its mails never
    /// leave the machine.
    pub mailbox: Option<&'static str>,
    /// Whether rate limits are held. Always, but in a local runner that was told otherwise.
    pub rate_limits: bool,
    /// Who becomes an admin by confirming their address.
    pub admin_email: Option<Email>,
    /// What calls the publishing worker at a time.
    pub scheduler: Option<Scheduler>,
}

/// The parameters of argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory, in KiB.
    pub memory: u32,
    /// How many times the memory is filled.
    pub passes: u32,
}

impl PasswordCost {
    /// OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
    pub const RECOMMENDED: Self = Self { memory: 19 * 1024, passes: 2 };
}

/// How EventBridge Scheduler is used.
#[derive(Clone, Debug)]
pub struct Scheduler {
    /// The group that schedules are made in.
    pub group: String,
    /// The ARN of the function that they call.
    pub target: String,
    /// The ARN of the role that they call it in.
    pub role: String,
}

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
#[error("{variable}: {fault}")]
pub struct ConfigError {
    variable: &'static str,
    fault: String,
}

impl ConfigError {
    /// A variable that is missing or cannot be used; `fault` continues the sentence after its name.
    #[must_use]
    pub fn new(variable: &'static str, fault: impl Into<String>) -> Self {
        Self { variable, fault: fault.into() }
    }
}

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

impl Config {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// Names the variable that is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_lookup(|variable| match std::env::var(variable) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err("is not UTF-8".to_owned()),
        })
    }

    /// Reads from `lookup`, which gives a variable's value.
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn from_lookup(
        lookup: impl Fn(&'static str) -> Result<Option<String>, String>,
    ) -> Result<Self, ConfigError> {
        let optional = |variable| match lookup(variable) {
            Ok(value) => Ok(value.filter(|value| !value.is_empty())),
            Err(fault) => Err(ConfigError { variable, fault }),
        };
        let required = |variable| {
            optional(variable)?
                .ok_or_else(|| ConfigError { variable, fault: "is not set".to_owned() })
        };
        let url = |variable| web_url(variable, required(variable)?);
        let switch = |variable, default| match optional(variable)?.as_deref() {
            None => Ok(default),
            Some(value) => parse_switch(value)
                .map_err(|fault| ConfigError { variable, fault: fault.to_owned() }),
        };
        Ok(Self {
            content_table: required(Table::Content.variable())?,
            identity_table: required(Table::Identity.variable())?,
            public_url: url("BYLINE_PUBLIC_URL")?,
            site_url: url("BYLINE_SITE_URL")?,
            account_pages_url: optional("BYLINE_ACCOUNT_PAGES_URL")?
                .map(|value| web_url("BYLINE_ACCOUNT_PAGES_URL", value))
                .transpose()?,
            site_name: optional("BYLINE_SITE_NAME")?.unwrap_or_else(|| "Byline".to_owned()),
            cors_origins: origins(&optional("BYLINE_CORS_ORIGINS")?.unwrap_or_default())?,
            media_bucket: required("BYLINE_MEDIA_BUCKET")?,
            media_url: url("BYLINE_MEDIA_URL")?,
            mail_from: required("BYLINE_MAIL_FROM")?,
            token_secret_parameter: required("BYLINE_TOKEN_SECRET_PARAMETER")?,
            account_secret_parameter: required("BYLINE_ACCOUNT_SECRET_PARAMETER")?,
            password_pepper: switch("BYLINE_PASSWORD_PEPPER", false)?,
            password_cost: PasswordCost::RECOMMENDED,
            security_contact: contact(optional("BYLINE_SECURITY_CONTACT")?)?,
            registration: match optional("BYLINE_REGISTRATION")? {
                Some(value) => value
                    .parse::<Registration>()
                    .map_err(|fault| ConfigError::new("BYLINE_REGISTRATION", fault))?,
                None => Registration::default(),
            },
            oauth_registration: switch("BYLINE_OAUTH_REGISTRATION", true)?,
            oauth_documents: switch("BYLINE_OAUTH_DOCUMENTS", true)?,
            oauth_redirect_uris: redirect_uris(
                &optional("BYLINE_OAUTH_REDIRECT_URIS")?.unwrap_or_default(),
            )?,
            client_document_hosts: HashMap::new(),
            mailbox: None,
            rate_limits: true,
            admin_email: optional("BYLINE_ADMIN_EMAIL")?.map(Email::trusted),
            scheduler: match optional("BYLINE_SCHEDULE_GROUP")? {
                Some(group) => Some(Scheduler {
                    group,
                    target: required("BYLINE_SCHEDULE_TARGET")?,
                    role: required("BYLINE_SCHEDULE_ROLE")?,
                }),
                None => None,
            },
        })
    }

    /// The page of the Desk where people review a proposal.
    #[must_use]
    pub fn review_url(&self, proposal: &ProposalId) -> String {
        format!("{}/desk/proposals/{proposal}", self.public_url)
    }

    /// The name of a table in this deployment.
    #[must_use]
    pub fn table_name(&self, table: Table) -> &str {
        match table {
            Table::Content => &self.content_table,
            Table::Identity => &self.identity_table,
        }
    }
}

/// A URL that paths can be added to.
fn web_url(variable: &'static str, value: String) -> Result<String, ConfigError> {
    let web = value.starts_with("https://") || value.starts_with("http://");
    if web && !value.ends_with('/') {
        return Ok(value);
    }
    let fault = "must start with https:// or http:// and not end with /";
    Err(ConfigError::new(variable, fault))
}

/// RFC 9116 §2.5.3: a contact is a URI.
fn contact(given: Option<String>) -> Result<Option<String>, ConfigError> {
    let is_uri =
        |contact: &String| contact.starts_with("mailto:") || contact.starts_with("https://");
    if given.as_ref().is_some_and(|contact| !is_uri(contact)) {
        let fault = "must start with mailto: or https://".to_owned();
        return Err(ConfigError { variable: "BYLINE_SECURITY_CONTACT", fault });
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
fn redirect_uris(list: &str) -> Result<Vec<String>, ConfigError> {
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
fn origins(list: &str) -> Result<Vec<HeaderValue>, ConfigError> {
    let error = |origin: &str, fault: &str| ConfigError {
        variable: "BYLINE_CORS_ORIGINS",
        fault: format!("{origin:?} {fault}"),
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

    #[test]
    fn a_missing_variable_is_named() {
        let error = Config::from_lookup(|_| Ok(None)).unwrap_err().to_string();
        assert_eq!(error, "BYLINE_CONTENT_TABLE: is not set");
    }
}
