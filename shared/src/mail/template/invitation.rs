//! The text of an invitation.

use super::{Mail, Paragraph, greeting, text};
use crate::config::Config;
use crate::mail::links::LinkedPage;
use crate::model::{Name, Role};

impl Mail {
    /// Invites somebody to make an account. `from` is the admin who does.
    #[must_use]
    pub fn invitation(
        config: &Config,
        from: &Name,
        to: Option<&Name>,
        role: Role,
        token: &str,
    ) -> Self {
        let (site, role) = (&config.site_name, role.as_str());
        Self::new(
            format!("An invitation to {site}"),
            vec![
                to.map_or_else(|| text("Hello,"), greeting),
                text(format!(
                    "{from} invites you to {site}. Your account will have the role {role}. Choose a password \
                     to accept:"
                )),
                Paragraph::Link(LinkedPage::AcceptInvitation.with_token(config, token)),
                text("The link works once and expires after 7 days. Do not pass it on."),
                text("If you did not expect it, ignore this e-mail. No account will be created."),
            ],
        )
    }
}
