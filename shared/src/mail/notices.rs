//! The mails about changes of accounts.

use super::layout::{Mail, Part, greeting, line, text};
use super::links::LinkedPage;
use crate::config::Config;
use crate::model::{Name, Time};
use crate::store::outbox::{About, Notice};

impl Mail {
    /// Tells the owner of an account what has changed, when, and from where.
    #[must_use]
    pub fn notice(config: &Config, name: &Name, notice: Notice, at: Time, about: &About) -> Self {
        let site = &config.site_name;
        let mut parts = vec![greeting(name), text(event(notice)), Part::Facts(facts(at, about))];
        if notice != Notice::ManyWrongPasswords {
            parts.push(text("If it was you, you do not need to do anything."));
        }
        let (remedy, link) = remedy(config, notice);
        parts.extend([text(remedy), Part::Link(link)]);
        let subject = match notice {
            Notice::ManyWrongPasswords => {
                format!("Many wrong passwords for your account at {site}")
            }
            _ => format!("A change to your account at {site}"),
        };
        Self::new(config, &subject, parts)
    }
}

fn event(notice: Notice) -> &'static str {
    match notice {
        Notice::PasswordChanged => "The password of your account was changed.",
        Notice::PasswordReset => {
            "The password of your account was reset with a link from an e-mail."
        }
        Notice::EmailChanged => "The e-mail address of your account was changed.",
        Notice::TotpEnabled => "One-time codes were turned on for your account.",
        Notice::TotpDisabled => "One-time codes were turned off for your account.",
        Notice::RecoveryCodeUsed => "Somebody signed in to your account with a recovery code.",
        Notice::ManyWrongPasswords => {
            "Somebody is trying many passwords for your account. The attempts failed, and your \
             account is not locked. Sign-in with the password may be slow from new devices while \
             this goes on. It works as usual where you have signed in before, and with a link by \
             e-mail it works everywhere."
        }
        Notice::ApiKeyCreated => "A new API key was created for your account.",
        Notice::AppAuthorized => {
            "An app was authorized to use your account, or was given more permissions. The app chose \
             its name itself."
        }
        Notice::AccountDeleted => {
            "Your account was deleted. Your published posts stay online, without your name."
        }
    }
}

fn facts(at: Time, about: &About) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    facts.extend(about.name.as_ref().map(|name| ("Name", line(name))));
    if !about.scopes.is_empty() {
        let may: Vec<&str> = about.scopes.iter().map(|scope| scope.in_words()).collect();
        facts.push(("It may", may.join("; ")));
    }
    facts.push(("When", at.in_words()));
    facts.extend(about.ip.map(|ip| ("From the address", ip.to_string())));
    facts
}

/// What to do if it was somebody else, and where.
fn remedy(config: &Config, notice: Notice) -> (&'static str, String) {
    let reset = LinkedPage::NotMe.url(config);
    match notice {
        Notice::AccountDeleted | Notice::EmailChanged => {
            ("If it was not you, contact the people who run the site now:", config.site_url.clone())
        }
        Notice::ApiKeyCreated => (
            "If it was not you, revoke the key now: a new password alone does not revoke API keys. \
             Reset your password here, sign in, and revoke the key:",
            reset,
        ),
        Notice::ManyWrongPasswords => (
            "You do not need to do anything: another password would not stop the attempts. Sign in \
             or ask for a link here:",
            LinkedPage::SignIn.url(config),
        ),
        _ => ("If it was not you, reset your password now:", reset),
    }
}
