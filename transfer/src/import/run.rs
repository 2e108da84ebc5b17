//! Imports a publication one post at a time. The journal records each finished item, so an
//! interrupted import resumes where it stopped.

use std::collections::{HashMap, HashSet};
use std::io;

use byline_shared::model::Markdown;
use indicatif::ProgressBar;

use super::claimed::{Claimed, claimed_by, lacks_address};
use super::finder::{Finder, Media};
use super::target::{NotTaken, Outcome, PostKey, StoredMedia, Target};
use super::visible;
use crate::fetch::Fetch;
use crate::journal::{self, Journal, Kind as Done};
use crate::model::{Author, MediaFile, Post, Publication, Site, Skipped, Status, Tag};
use crate::report::{Count, Report};

/// Why an import stopped. Run it again to resume: finished items are in the journal.
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
    mut publication: Publication,
    target: &impl Target,
    fetch: &impl Fetch,
    journal: &mut Journal,
    which: Media,
    bar: &ProgressBar,
) -> Result<Report, ImportError> {
    visible::publication(&mut publication);
    let Publication { key, site, authors, tags, media, redirects, places, posts, skipped, .. } =
        publication;
    let described = media.iter().map(|file| (file.path.clone(), file.clone())).collect();
    let mut run = Run {
        target,
        fetch,
        journal,
        key,
        finder: Finder { which, places },
        described,
        report: Report { skipped, ..Report::default() },
        files: HashMap::new(),
        tags: HashSet::new(),
        claimed: Claimed::default(),
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
        run.listed_redirect(redirect).await?;
    }
    bar.finish_and_clear();
    Ok(run.report)
}

/// An import in progress.
pub(super) struct Run<'a, T, F> {
    pub(super) target: &'a T,
    pub(super) fetch: &'a F,
    pub(super) journal: &'a mut Journal,
    pub(super) key: String,
    pub(super) finder: Finder,
    pub(super) described: HashMap<String, MediaFile>,
    pub(super) report: Report,
    /// The files of this run, by where they were: `None` where they could not be had.
    pub(super) files: HashMap<String, Option<StoredMedia>>,
    /// The slugs of the tags that are in the report.
    pub(super) tags: HashSet<String>,
    pub(super) claimed: Claimed,
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
        self.tags.insert(tag.slug.clone());
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

    async fn post(&mut self, mut post: Post) -> Result<(), ImportError> {
        if let Some(skipped) = too_long(&post) {
            self.report.skipped.push(skipped);
            return Ok(());
        }
        visible::post(&mut post);
        self.report.skipped.append(&mut post.skipped);
        let status = status_of(&post);
        let id = match self.journal.done(Done::Post, &post.source_id) {
            Some(id) => {
                let id = id.to_owned();
                self.report.posts.earlier += 1;
                self.again(&mut post, &id).await?;
                id
            }
            None => match self.first(&mut post).await? {
                Some(id) => id,
                None => return Ok(()),
            },
        };
        *self.report.statuses.entry(status).or_default() += 1;
        self.report.count_reading(post.fidelity);
        self.report.without_address += u64::from(lacks_address(&post, &self.key));
        for path in &post.old_paths {
            if let Some(other) = self.claimed.of(path, &post) {
                self.report.claimed_twice += 1;
                let what = format!("{} ({})", post.title, post.source_id);
                self.report.skipped.push(Skipped::new(what, claimed_by(path, &other)));
                continue;
            }
            self.redirect(path, &id).await?;
        }
        Ok(())
    }

    /// Brings a post that was not brought before; answers its id, unless it was refused.
    async fn first(&mut self, post: &mut Post) -> Result<Option<String>, ImportError> {
        let named = post.author.clone();
        let author = named.as_deref().and_then(|name| self.journal.done(Done::Author, name));
        let author = author.map(str::to_owned);
        let brought = self.with_media(post).await?;
        if brought.is_missing {
            self.journal.note(Done::Missing, &post.source_id, journal::SOME)?;
        }
        let key = PostKey { source: &self.key, id: &post.source_id };
        let made = self.target.post(key, post, author.as_deref(), brought.cover.as_deref()).await;
        let outcome = match made {
            Ok(outcome) => outcome,
            Err(why) => {
                self.skip(format!("{} ({})", post.title, post.source_id), why)?;
                return Ok(None);
            }
        };
        let mut stored = counted(&mut self.report.posts, outcome);
        if let (Some(name), None) = (named, author) {
            let note = format!("Its author `{name}` is not in the source; it is the admin's here.");
            stored.notes.push(note);
        }
        if !stored.notes.is_empty() {
            let notes = serde_json::to_string(&stored.notes).map_err(io::Error::from)?;
            self.journal.note(Done::Notes, &post.source_id, &notes)?;
        }
        self.journal.note(Done::Post, &post.source_id, &stored.id)?;
        for tag in &post.tags {
            if self.tags.insert(tag.slug.clone()) {
                match stored.new_tags.contains(&tag.slug) {
                    true => self.report.tags.new += 1,
                    false => self.report.tags.found += 1,
                }
            }
        }
        stored.notes.into_iter().for_each(|note| post.skip(note));
        self.report.skipped.append(&mut post.skipped);
        Ok(Some(stored.id))
    }

    /// Looks again for the files that a post came without, and repeats what was said of it then.
    async fn again(&mut self, post: &mut Post, id: &str) -> Result<(), ImportError> {
        for tag in &post.tags {
            if self.tags.insert(tag.slug.clone()) {
                self.report.tags.earlier += 1;
            }
        }
        let notes = self.journal.done(Done::Notes, &post.source_id);
        let notes: Vec<String> =
            notes.and_then(|notes| serde_json::from_str(notes).ok()).unwrap_or_default();
        notes.into_iter().for_each(|note| post.skip(note));
        self.report.skipped.append(&mut post.skipped);
        let is_missing = self.journal.done(Done::Missing, &post.source_id) == Some(journal::SOME);
        if !is_missing || self.finder.which == Media::None {
            return Ok(());
        }
        let brought = self.with_media(post).await?;
        match self.target.mend(id, post, brought.cover.as_deref()).await {
            Ok(_) if brought.is_missing => Ok(()),
            Ok(_) => Ok(self.journal.note(Done::Missing, &post.source_id, journal::NONE)?),
            Err(why) => self.skip(format!("{} ({})", post.title, post.source_id), why),
        }
    }

    /// Reports an item as skipped, or stops the import if the target failed.
    pub(super) fn skip(&mut self, what: String, why: NotTaken) -> Result<(), ImportError> {
        match why {
            NotTaken::Refused(why) => {
                self.report.skipped.push(Skipped::new(what, why));
                Ok(())
            }
            NotTaken::Failed(why) => Err(ImportError::Target(why)),
        }
    }
}

/// Counts an outcome, and returns what was created or found.
pub(super) fn counted<T>(count: &mut Count, outcome: Outcome<T>) -> T {
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

/// Why a post is not looked into at all: nothing that is done with a text is worth it for one that
/// cannot be kept.
pub(super) fn too_long(post: &Post) -> Option<Skipped> {
    let (length, most) = (post.body.len(), Markdown::MAX_BYTES);
    (length > most).then(|| {
        let what = format!("{} ({})", post.title, post.source_id);
        let why = format!(
            "its text has {length} bytes of Markdown; a post may have {most}. Split it into several."
        );
        Skipped::new(what, why)
    })
}

/// The status of a post, in the words of the report.
pub(super) fn status_of(post: &Post) -> &'static str {
    match post.status {
        Status::Draft => "draft",
        Status::Published => "published",
        Status::Scheduled(_) => "scheduled",
        Status::Trashed => "in the trash",
    }
}
