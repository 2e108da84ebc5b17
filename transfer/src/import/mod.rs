//! Bringing a publication into a target, one post at a time, so that it can stop at any moment and
//! go on later.

mod files;
mod target;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;

use indicatif::ProgressBar;

pub use target::{NewMedia, NotTaken, Outcome, PostKey, StoredMedia, StoredPost, Target};

use crate::fetch::Fetch;
use crate::journal::{Journal, Kind as Done};
use crate::model::{Author, MediaFile, Places, Post, Publication, Site, Skipped, Status, Tag};
use crate::report::{Count, Report};

/// Which media files are brought along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// All images, and files of the same site that are linked to.
    All,
    /// Those of the same site, and those on this machine.
    Own,
    /// None: they stay where they are.
    None,
}

/// Why an import stopped. What was done is done; the same command goes on.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The target.
    #[error("{0} Run the same command again to go on.")]
    Target(String),
    /// The state file.
    #[error("The state file cannot be written: {0}. Run the same command again to go on.")]
    Journal(#[from] io::Error),
}

/// Brings a publication into `target`.
///
/// # Errors
/// As [`ImportError`] says.
pub async fn run(
    publication: Publication,
    target: &impl Target,
    fetch: &impl Fetch,
    journal: &mut Journal,
    which: Media,
    bar: &ProgressBar,
) -> Result<Report, ImportError> {
    let Publication { key, site, authors, tags, media, redirects, places, posts, skipped, .. } =
        publication;
    let described = media.iter().map(|file| (file.path.clone(), file.clone())).collect();
    let mut run = Run {
        target,
        fetch,
        journal,
        which,
        key,
        places,
        described,
        report: Report { skipped, ..Report::default() },
        files: HashMap::new(),
    };
    run.site(&site).await?;
    for author in &authors {
        run.author(author).await?;
    }
    for tag in &tags {
        run.tag(tag).await?;
    }
    // Of a Byline export all files come along, and not only those that posts show.
    for file in &media {
        run.listed(file).await?;
    }
    for post in posts {
        match post {
            Ok(post) => {
                bar.set_message(post.title.clone());
                run.post(post).await?;
            }
            Err(skipped) => run.report.skipped.push(skipped),
        }
        bar.inc(1);
    }
    for redirect in &redirects {
        let to = run.moved(&redirect.to).unwrap_or_else(|| redirect.to.clone());
        run.redirect(&redirect.from, &to).await?;
    }
    bar.finish_and_clear();
    Ok(run.report)
}

struct Run<'a, T, F> {
    target: &'a T,
    fetch: &'a F,
    journal: &'a mut Journal,
    which: Media,
    key: String,
    places: Places,
    described: HashMap<String, MediaFile>,
    report: Report,
    /// The files of this run, by where they were: `None` where they could not be had.
    files: HashMap<String, Option<StoredMedia>>,
}

impl<T: Target, F: Fetch> Run<'_, T, F> {
    async fn site(&mut self, site: &Site) -> Result<(), ImportError> {
        if self.journal.done(Done::Site, "").is_some() {
            return Ok(());
        }
        match self.target.site(site).await {
            Ok(_) => Ok(self.journal.note(Done::Site, "", "")?),
            Err(why) => self.skip("the site's settings".into(), why),
        }
    }

    async fn author(&mut self, author: &Author) -> Result<(), ImportError> {
        if self.journal.done(Done::Author, &author.source_id).is_some() {
            self.report.authors.earlier += 1;
            return Ok(());
        }
        match self.target.author(author).await {
            Ok(outcome) => {
                let id = counted(&mut self.report.authors, outcome);
                Ok(self.journal.note(Done::Author, &author.source_id, &id)?)
            }
            Err(why) => self.skip(format!("the author {}", author.name), why),
        }
    }

    async fn tag(&mut self, tag: &Tag) -> Result<(), ImportError> {
        if self.journal.done(Done::Tag, &tag.slug).is_some() {
            self.report.tags.earlier += 1;
            return Ok(());
        }
        match self.target.tag(tag).await {
            Ok(outcome) => {
                counted(&mut self.report.tags, outcome);
                Ok(self.journal.note(Done::Tag, &tag.slug, "")?)
            }
            Err(why) => self.skip(format!("the tag {}", tag.name), why),
        }
    }

    async fn redirect(&mut self, from: &str, to: &str) -> Result<(), ImportError> {
        if self.journal.done(Done::Redirect, from).is_some() {
            self.report.redirects.earlier += 1;
            return Ok(());
        }
        match self.target.redirect(from, to).await {
            Ok(outcome) => {
                counted(&mut self.report.redirects, outcome);
                Ok(self.journal.note(Done::Redirect, from, to)?)
            }
            Err(why) => self.skip(format!("the redirect from {from}"), why),
        }
    }

    async fn post(&mut self, mut post: Post) -> Result<(), ImportError> {
        self.report.skipped.append(&mut post.skipped);
        let status = status_of(&post);
        let id = match self.journal.done(Done::Post, &post.source_id) {
            Some(id) => {
                self.report.posts.earlier += 1;
                id.to_owned()
            }
            None => {
                let author = post.author.as_deref();
                let author = author.and_then(|author| self.journal.done(Done::Author, author));
                let author = author.map(str::to_owned);
                let cover = self.with_media(&mut post).await?;
                let key = PostKey { source: &self.key, id: &post.source_id };
                let made = self.target.post(key, &post, author.as_deref(), cover.as_deref()).await;
                match made {
                    Ok(outcome) => {
                        let stored = counted(&mut self.report.posts, outcome);
                        self.journal.note(Done::Post, &post.source_id, &stored.id)?;
                        stored.notes.into_iter().for_each(|note| post.skip(note));
                        self.report.skipped.append(&mut post.skipped);
                        stored.id
                    }
                    Err(why) => {
                        return self.skip(format!("{} ({})", post.title, post.source_id), why);
                    }
                }
            }
        };
        *self.report.statuses.entry(status).or_default() += 1;
        for path in &post.old_paths {
            self.redirect(path, &id).await?;
        }
        Ok(())
    }

    fn skip(&mut self, what: String, why: NotTaken) -> Result<(), ImportError> {
        match why {
            NotTaken::Refused(why) => {
                self.report.skipped.push(Skipped::new(what, why));
                Ok(())
            }
            NotTaken::Failed(why) => Err(ImportError::Target(why)),
        }
    }
}

fn counted<T>(count: &mut Count, outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::New(made) => {
            count.new += 1;
            made
        }
        Outcome::Found(found) => {
            count.found += 1;
            found
        }
    }
}

/// What an import of a publication would find, without a target: nothing is fetched or written.
#[must_use]
pub fn look(publication: Publication, bar: &ProgressBar) -> Report {
    let mut report = Report { skipped: publication.skipped, ..Report::default() };
    report.authors.new = publication.authors.len() as u64;
    report.tags.new = publication.tags.len() as u64;
    report.redirects.new = publication.redirects.len() as u64;
    for post in publication.posts {
        bar.inc(1);
        match post {
            Ok(post) => {
                report.posts.new += 1;
                report.redirects.new += post.old_paths.len() as u64;
                *report.statuses.entry(status_of(&post)).or_default() += 1;
                report.skipped.extend(post.skipped);
            }
            Err(skipped) => report.skipped.push(skipped),
        }
    }
    bar.finish_and_clear();
    report
}

/// Where a post stands, for a report.
fn status_of(post: &Post) -> &'static str {
    match post.status {
        Status::Draft => "draft",
        Status::Published => "published",
        Status::Scheduled(_) => "scheduled",
        Status::Trashed => "in the trash",
    }
}
