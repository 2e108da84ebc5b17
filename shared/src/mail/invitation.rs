//! The text of an invitation.

use super::layout::{Mail, Part, greeting, text};
use super::links::LinkedPage;
use crate::config::Config;
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
            config,
            &format!("An invitation to {site}"),
            vec![
                to.map_or_else(|| text("Hello,"), greeting),
                text(format!(
                    "{from} invites you to {site}. Your account will have the role {role}. Choose a password \
                     to accept:"
                )),
                Part::Link(LinkedPage::AcceptInvitation.with_token(config, token)),
                text("The link works once and expires after 7 days. Do not pass it on."),
                text("If you did not expect it, ignore this e-mail. No account will be created."),
            ],
        )
    }
}
