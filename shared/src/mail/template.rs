//! Every mail that Byline sends.

use maud::html;

use crate::config::Config;
use crate::model::{AddressSide, Email, Name};
use crate::store::outbox::Notice;

/// A mail, ready to be sent as text and as HTML.
#[derive(Clone)]
pub struct Mail {
    /// The subject.
    pub subject: String,
    paragraphs: Vec<Paragraph>,
}

#[derive(Clone)]
enum Paragraph {
    Text(String),
    Link(String),
}

impl Mail {
    /// Asks somebody who signed up to confirm their address. It holds no word of theirs: anybody can
    /// sign up any address, and would write to it in our name. `token` is base64url, which stands in
    /// a URL as it is.
    #[must_use]
    pub fn confirm_address(config: &Config, token: &str) -> Self {
        let (site, url) = (&config.site_name, &config.site_url);
        Self {
            subject: format!("Confirm your address for {site}"),
            paragraphs: vec![
                Paragraph::Text("Hello,".to_owned()),
                Paragraph::Text(format!("confirm your address to finish signing up at {site}:")),
                Paragraph::Link(format!("{url}/verify-email?token={token}")),
                Paragraph::Text(
                    "The link works once, for 24 hours. If you did not sign up, ignore this \
                     mail: nothing happens then."
                        .to_owned(),
                ),
            ],
        }
    }

    /// Tells somebody who signed up again that they have an account.
    #[must_use]
    pub fn account_exists(config: &Config) -> Self {
        let (site, url) = (&config.site_name, &config.site_url);
        Self {
            subject: format!("You already have an account at {site}"),
            paragraphs: vec![
                Paragraph::Text("Hello,".to_owned()),
                Paragraph::Text(format!(
                    "somebody, perhaps you, signed up at {site} with this address. It has an \
                     account already, which stays as it is. Sign in here:"
                )),
                Paragraph::Link(format!("{url}/login")),
                Paragraph::Text("If it was not you, there is nothing to do.".to_owned()),
            ],
        }
    }

    /// Lets somebody choose a new password.
    #[must_use]
    pub fn reset_password(config: &Config, name: &Name, token: &str) -> Self {
        let (site, url) = (&config.site_name, &config.site_url);
        Self {
            subject: format!("Choose a new password for {site}"),
            paragraphs: vec![
                greeting(name),
                Paragraph::Text(format!("choose a new password for your account at {site}:")),
                Paragraph::Link(format!("{url}/reset-password?token={token}")),
                Paragraph::Text(
                    "The link works once, for 30 minutes. If you did not ask for it, ignore this \
                     mail: your password stays as it is."
                        .to_owned(),
                ),
            ],
        }
    }

    /// Asks one of two addresses to agree to a change from one to the other.
    #[must_use]
    pub fn confirm_email_change(
        config: &Config,
        name: &Name,
        new: &Email,
        side: AddressSide,
        token: &str,
    ) -> Self {
        let (site, url) = (&config.site_name, &config.site_url);
        let is_old = side == AddressSide::Old;
        let what = if is_old {
            format!("your account at {site} is to move from this address to {new}. Agree here:")
        } else {
            format!("an account at {site} is to move to this address. Confirm it here:")
        };
        Self {
            subject: format!("Confirm the new address of your account at {site}"),
            paragraphs: vec![
                if is_old { greeting(name) } else { Paragraph::Text("Hello,".to_owned()) },
                Paragraph::Text(what),
                Paragraph::Link(format!("{url}/confirm-email-change?token={token}")),
                Paragraph::Text(
                    "The address changes once both have agreed, within 24 hours. If it was not \
                     you, do not open the link, and change your password."
                        .to_owned(),
                ),
            ],
        }
    }

    /// Tells the owner of an account what was done to it.
    #[must_use]
    pub fn notice(config: &Config, name: &Name, notice: Notice) -> Self {
        let site = &config.site_name;
        let what = match notice {
            Notice::PasswordChanged => "the password of your account was changed",
            Notice::PasswordReset => "the password of your account was reset by mail",
            Notice::EmailChanged => "the address of your account was changed",
            Notice::TotpEnabled => "signing in to your account now takes a one-time code",
            Notice::TotpDisabled => "signing in to your account takes no one-time code any more",
            Notice::RecoveryCodeUsed => "somebody signed in to your account with a recovery code",
            Notice::ManyWrongPasswords => {
                "somebody is trying many passwords for your account; where you have signed in \
                 before, you still can"
            }
            Notice::ApiKeyCreated => "an API key was made for your account",
            Notice::ClientAuthorized => {
                "a program was let in to work in your name, or may now do more there than before"
            }
            Notice::AccountDeleted => {
                "your account was deleted; what you published stays, without your name"
            }
        };
        let reset = format!("{}/forgot-password", config.site_url);
        let (remedy, link) = match notice {
            Notice::AccountDeleted | Notice::EmailChanged => {
                ("If not, write to the people of the site at once:", config.site_url.clone())
            }
            Notice::ApiKeyCreated => (
                "If not, reset your password, sign in and revoke the key at once; another \
                 password alone leaves keys as they are:",
                reset,
            ),
            _ => ("If not, reset your password at once:", reset),
        };
        Self {
            subject: format!("A change to your account at {site}"),
            paragraphs: vec![
                greeting(name),
                Paragraph::Text(format!("{what}.")),
                Paragraph::Text(format!("If it was you, there is nothing to do. {remedy}")),
                Paragraph::Link(link),
            ],
        }
    }

    /// The body as plain text.
    #[must_use]
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self
            .paragraphs
            .iter()
            .map(|(Paragraph::Text(text) | Paragraph::Link(text))| text.as_str())
            .collect();
        texts.join("\n\n") + "\n"
    }

    /// The body as HTML.
    #[must_use]
    pub fn html(&self) -> String {
        let page = html! {
            @for paragraph in &self.paragraphs {
                @match paragraph {
                    Paragraph::Text(text) => p { (text) },
                    Paragraph::Link(url) => p { a href=(url) { (url) } },
                }
            }
        };
        page.into_string()
    }
}

fn greeting(name: &Name) -> Paragraph {
    Paragraph::Text(format!("Hello {name},"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_bring_markup_along() {
        let mail = Mail {
            subject: String::new(),
            paragraphs: vec![Paragraph::Text("Hello <b>you</b>".to_owned())],
        };
        assert_eq!(mail.html(), "<p>Hello &lt;b&gt;you&lt;/b&gt;</p>");
    }
}
