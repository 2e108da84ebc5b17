//! Old addresses on their way: what leads elsewhere leads to the same place here.

use byline_shared::model::old_path;
use url::Url;

use super::run::{ImportError, Run, counted};
use super::target::Target;
use crate::fetch::Fetch;
use crate::journal::Kind as Done;
use crate::model::{Redirect, RedirectKind};

impl<T: Target, F: Fetch> Run<'_, T, F> {
    /// A redirect of a path.
    pub(super) async fn redirect(&mut self, from: &str, to: &str) -> Result<(), ImportError> {
        let from = old_path::normal(from);
        if self.journal.done(Done::Redirect, &from).is_some() {
            self.report.redirects.earlier += 1;
            return Ok(());
        }
        match self.target.redirect(&from, to).await {
            Ok(outcome) => {
                counted(&mut self.report.redirects, outcome);
                Ok(self.journal.note(Done::Redirect, &from, to)?)
            }
            Err(why) => self.skip(format!("the redirect from {from}"), why),
        }
    }

    /// A redirect that the source lists, of whatever kind.
    pub(super) async fn listed_redirect(&mut self, redirect: &Redirect) -> Result<(), ImportError> {
        let Redirect { from, to, kind } = redirect;
        if *kind == RedirectKind::Path {
            let to = self.moved(to).or_else(|| self.found_at(to)).unwrap_or_else(|| to.clone());
            return self.redirect(from, &to).await;
        }
        let (name, key) = match kind {
            RedirectKind::Tag => ("tag", format!("tag {from}")),
            _ => ("slug", format!("slug {from}")),
        };
        if self.journal.done(Done::Redirect, &key).is_some() {
            self.report.redirects.earlier += 1;
            return Ok(());
        }
        let made = match kind {
            RedirectKind::Tag => self.target.old_tag(from, to).await,
            _ => self.target.old_slug(from, to).await,
        };
        match made {
            Ok(outcome) => {
                counted(&mut self.report.redirects, outcome);
                Ok(self.journal.note(Done::Redirect, &key, to)?)
            }
            Err(why) => self.skip(format!("the old {name} {from}"), why),
        }
    }

    /// What is found now under a path that the site had: a post is named, so that it is found
    /// wherever it and the site go.
    fn found_at(&self, to: &str) -> Option<String> {
        let path = match Url::parse(to) {
            Ok(url) if self.finder.is_own_site(&url) => url.path().to_owned(),
            Ok(_) => return None,
            // A place in a page, or a search, is more than the page.
            Err(_) if to.contains(['?', '#']) => return None,
            Err(_) => to.to_owned(),
        };
        let found = self.journal.done(Done::Redirect, &old_path::normal(&path));
        found.map(str::to_owned)
    }
}
