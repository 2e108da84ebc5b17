//! Where the links in mails lead: to the pages of Byline, or to those of a frontend that has its own
//! (docs/decisions/0020-pages-that-mails-lead-to.md).

use super::sender::Sender;

/// A page that mails link to.
#[derive(Clone, Copy, Debug)]
pub(super) enum LinkedPage {
    /// Confirms the address of a sign-up, and takes the password.
    ConfirmAddress,
    /// Accepts an invitation, and takes the password.
    AcceptInvitation,
    /// Signs in.
    SignIn,
    /// Signs in with the token of the link.
    SignInLink,
    /// Takes a new password.
    ResetPassword,
    /// Sends a link to choose a new password, to somebody who learns of a change that they did not make.
    NotMe,
    /// Confirms a change of address.
    ChangeAddress,
}

impl LinkedPage {
    /// Its URL.
    pub(super) fn url(self, sender: &Sender<'_>) -> String {
        match &sender.config.account_pages_url {
            Some(frontend) => format!("{frontend}{}", self.of_frontend()),
            None => format!("{}{}", sender.config.public_url, self.of_byline()),
        }
    }

    /// Its URL with a token, which is base64url and needs no encoding. The page uses it up by POST alone,
    /// so that nothing happens when a mail scanner follows the link.
    pub(super) fn with_token(self, sender: &Sender<'_>, token: &str) -> String {
        format!("{}?token={token}", self.url(sender))
    }

    const fn of_byline(self) -> &'static str {
        match self {
            Self::ConfirmAddress => "/desk/confirm",
            Self::AcceptInvitation => "/desk/accept-invitation",
            Self::SignIn | Self::SignInLink => "/desk/sign-in",
            Self::ResetPassword => "/desk/reset-password",
            Self::NotMe => "/desk/forgot-password?not-me=1",
            Self::ChangeAddress => "/desk/change-address",
        }
    }

    const fn of_frontend(self) -> &'static str {
        match self {
            Self::ConfirmAddress => "/verify-email",
            Self::AcceptInvitation => "/accept-invitation",
            Self::SignIn => "/login",
            Self::SignInLink => "/sign-in",
            Self::ResetPassword => "/reset-password",
            Self::NotMe => "/forgot-password",
            Self::ChangeAddress => "/confirm-email-change",
        }
    }
}
