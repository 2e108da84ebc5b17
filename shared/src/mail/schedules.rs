//! The mail about a schedule that ended without its text going live.

use super::layout::{Entry, Mail, Part, greeting, line, text};
use super::proposals::choice;
use super::sender::Sender;
use crate::model::{EndedSchedule, PostSummary, RevisionId, Role, User};

impl Mail {
    /// Tells those who are concerned that a text did not go live, or will not.
    #[must_use]
    pub fn schedule_ended(
        sender: &Sender<'_>,
        user: &User,
        post: &PostSummary,
        ended: &EndedSchedule,
    ) -> Self {
        let site = &sender.site.title;
        let title = line(post.fields.title.as_str());
        let mut parts = vec![
            greeting(&user.name),
            text(format!("A schedule ended at {site}, and its text does not go live by itself.")),
            Part::Facts(vec![
                ("Title", title.clone()),
                ("Author", line(post.author.name.as_str())),
                ("Scheduled for", sender.when(ended.publish_at)),
            ]),
            text(ended.reason.clone()),
        ];
        let page = sender.config.post_url(&post.id);
        match unsettled(post, ended) {
            None => parts.extend([
                text("Somebody has taken care of it since. The post is here:"),
                Part::Button("Open the post", page),
            ]),
            Some(revision) if user.role >= Role::Editor => parts.extend([
                text("See what would change for readers, and publish or schedule it here:"),
                Part::Button(
                    "Publish or schedule it",
                    format!("{page}/go-live?revision={revision}"),
                ),
            ]),
            Some(_) => {
                parts.extend([text("The post is here:"), Part::Button("Open the post", page)])
            }
        }
        parts.extend(choice(sender));
        Self::new(sender, &format!("Not live at {site}: {title}"), parts)
    }
}

/// It in a list.
pub(super) fn entry(sender: &Sender<'_>, post: &PostSummary, ended: &EndedSchedule) -> Entry {
    let since = if unsettled(post, ended).is_some() { "" } else { "; taken care of since" };
    Entry {
        title: line(post.fields.title.as_str()),
        line: format!("Scheduled for {}, and not live{since}", sender.when(ended.publish_at)),
        url: sender.config.post_url(&post.id),
    }
}

/// The revision that did not go live, if the post still says so.
fn unsettled<'a>(post: &'a PostSummary, ended: &EndedSchedule) -> Option<&'a RevisionId> {
    let failed = post.schedule_failed.as_ref().filter(|_| post.trashed_at.is_none())?;
    (failed.publish_at == ended.publish_at).then_some(&failed.revision_id)
}
