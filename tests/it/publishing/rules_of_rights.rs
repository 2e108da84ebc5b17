//! What must be so of people's rights: they count as they are now, and so does what rests on them.

use byline_shared::model::Role;

use super::model::{Account, FORBIDDEN, Model, No, Post, UNAUTHENTICATED, Who};

impl Account {
    /// Whether they may work on posts at all.
    pub(super) fn writes(self) -> bool {
        !self.disabled && self.role >= Role::Author
    }

    /// Whether they may publish.
    pub(super) fn publishes(self) -> bool {
        !self.disabled && self.role >= Role::Editor
    }

    /// Whether with this change they lose a right over posts.
    pub(super) fn loses(self, after: Self) -> bool {
        self.writes() && (after.disabled || after.role < self.role)
    }
}

impl Model {
    pub(super) fn may_still_publish(&self, user: usize) -> bool {
        self.accounts[user].publishes()
    }

    /// Who may decide: they are told of proposals and of schedules that ended.
    pub(super) fn deciders(&self) -> Vec<usize> {
        (0..self.accounts.len()).filter(|user| self.may_still_publish(*user)).collect()
    }

    /// What somebody is told who may do nothing at all with posts.
    pub(super) fn refusal(&self, who: Who) -> Option<No> {
        let account = self.accounts[who.user];
        match account.writes() {
            true => None,
            false if account.disabled => Some(UNAUTHENTICATED),
            false => Some(FORBIDDEN),
        }
    }

    /// Whether the schedule of a post rests on rights that are still there: that of the account that made it,
    /// and for an agent's also that of the person who approved it.
    fn may_go_on(&self, post: &Post) -> bool {
        let Some(made) = &post.schedule else { return true };
        let approved = post.approved.as_ref().filter(|it| it.revision == made.revision);
        let rests_on = approved.filter(|_| !made.person).map(|approved| approved.by);
        rests_on.into_iter().chain([made.by]).all(|user| self.may_still_publish(user))
    }

    /// Somebody has lost a right: the schedules that rest on it end. Answers the posts, and who made those
    /// schedules.
    pub(super) fn end_without_right(&mut self) -> Vec<(usize, usize)> {
        let mut ended = Vec::new();
        for place in 0..self.posts.len() {
            let post = &self.posts[place];
            let made_by = post.schedule.as_ref().map(|made| made.by);
            if let Some(by) = made_by.filter(|_| !self.may_go_on(post)) {
                self.end_schedule(place);
                ended.push((place, by));
            }
        }
        ended
    }
}
