//! Configuration, from the environment alone.

mod agent;
mod error;
mod values;

pub use agent::{AgentModel, ModelServer};
pub use error::ConfigError;
pub use values::parse_switch;

use std::collections::HashMap;
use std::env::VarError;
use std::net::SocketAddr;

use http::HeaderValue;

use crate::model::{Email, PostId, ProposalId, Registration};
use crate::permission::Table;
use error::web_url;
use values::{contact, origins, redirect_uris};

/// What a deployment decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// The name of the `content` table.
    pub content_table: String,
    /// The name of the `identity` table.
    pub identity_table: String,
    /// The name of the `agent` table.
    pub agent_table: String,
    /// Where the API is reached, without a slash at the end; also the issuer of its tokens.
    pub public_url: String,
    /// The URL of the publication's website until an admin saves the settings, without a slash at the end.
    pub initial_url: String,
    /// Where the frontend has the pages that mails lead to, without a slash at the end. `None` if they lead
    /// to the pages of Byline.
    pub account_pages_url: Option<String>,
    /// The publication's name until an admin saves the settings.
    pub initial_title: String,
    /// The origins that browsers may call from.
    pub cors_origins: Vec<HeaderValue>,
    /// The bucket of media.
    pub media_bucket: String,
    /// Where readers find media, without a slash at the end: objects stand under it by their keys.
    pub media_url: String,
    /// Where browsers send uploads, without a slash at the end: the origin of the bucket, which the pages that
    /// upload name in their policy.
    pub upload_url: String,
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
    /// The built-in agent; `None` while it is off.
    pub agent: Option<AgentModel>,
    /// Where the agent's operations answer piece by piece, without a slash at the end; `None` if nothing says it.
    pub agent_url: Option<String>,
    /// The days after which a conversation that nobody used is deleted.
    pub agent_retention_days: u16,
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
            agent_table: required(Table::Agent.variable())?,
            public_url: url("BYLINE_PUBLIC_URL")?,
            initial_url: url("BYLINE_SITE_URL")?,
            account_pages_url: optional("BYLINE_ACCOUNT_PAGES_URL")?
                .map(|value| web_url("BYLINE_ACCOUNT_PAGES_URL", value))
                .transpose()?,
            initial_title: optional("BYLINE_SITE_NAME")?.unwrap_or_else(|| "Byline".to_owned()),
            cors_origins: origins(&optional("BYLINE_CORS_ORIGINS")?.unwrap_or_default())?,
            media_bucket: required("BYLINE_MEDIA_BUCKET")?,
            media_url: url("BYLINE_MEDIA_URL")?,
            upload_url: url("BYLINE_UPLOAD_URL")?,
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
            agent: agent::model(&optional)?,
            agent_url: optional("BYLINE_AGENT_URL")?
                .map(|value| web_url("BYLINE_AGENT_URL", value))
                .transpose()?,
            agent_retention_days: agent::retention_days(optional(agent::RETENTION_DAYS)?)?,
        })
    }

    /// The page of the Desk where people review a proposal.
    #[must_use]
    pub fn review_url(&self, proposal: &ProposalId) -> String {
        format!("{}/desk/proposals/{proposal}", self.public_url)
    }

    /// The page of the Desk where a post is written.
    #[must_use]
    pub fn post_url(&self, post: &PostId) -> String {
        format!("{}/desk/posts/{post}", self.public_url)
    }

    /// The name of a table in this deployment.
    #[must_use]
    pub fn table_name(&self, table: Table) -> &str {
        match table {
            Table::Content => &self.content_table,
            Table::Identity => &self.identity_table,
            Table::Agent => &self.agent_table,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_variable_is_named() {
        let error = Config::from_lookup(|_| Ok(None)).unwrap_err().to_string();
        assert_eq!(error, "BYLINE_CONTENT_TABLE: is not set");
    }
}
