//! What an import would find, without a target: nothing is fetched or written.

use std::collections::{HashMap, HashSet};

use byline_shared::model::{Slug, old_path};
use indicatif::ProgressBar;

use super::claimed::{Claimed, claimed_by, lacks_address};
use super::finder::{Finder, Media, Wanted, key_of};
use super::run::{status_of, too_long};
use super::visible;
use crate::media;
use crate::model::{Post, Publication, Redirect, RedirectKind};
use crate::report::Report;

/// What was seen so far.
struct Look {
    finder: Finder,
    report: Report,
    files: HashSet<String>,
    paths: HashSet<String>,
    claimed: Claimed,
    key: String,
    tags: HashSet<String>,
    slugs: HashMap<String, String>,
}

/// What an import of a publication would find. What can only be known where it goes, such as a slug
/// that is taken there, and whether the web still has a file, is not.
#[must_use]
pub fn look(mut publication: Publication, which: Media, bar: &ProgressBar) -> Report {
    visible::publication(&mut publication);
    let Publication { key, authors, tags, media, redirects, places, posts, skipped, .. } =
        publication;
    let mut look = Look {
        finder: Finder { which, places },
        report: Report { skipped, ..Report::default() },
        files: HashSet::new(),
        paths: HashSet::new(),
        claimed: Claimed::default(),
        key,
        tags: tags.into_iter().map(|tag| tag.slug).collect(),
        slugs: HashMap::new(),
    };
    look.report.authors.new = authors.len() as u64;
    if which != Media::None {
        let places = &look.finder.places;
        let listed = media.iter().filter_map(|file| media::place(&file.path, None, places));
        look.files.extend(listed.map(|place| key_of(&place)));
    }
    for post in posts {
        bar.inc(1);
        match post {
            Ok(post) => look.post(post),
            Err(skipped) => look.report.skipped.push(skipped),
        }
    }
    look.paths.extend(redirects.into_iter().map(|Redirect { from, kind, .. }| match kind {
        RedirectKind::Path => old_path::normal(&from),
        other => format!("{other:?} {from}"),
    }));
    let mut report = look.report;
    report.media.new = look.files.len() as u64;
    report.redirects.new = look.paths.len() as u64;
    report.tags.new = look.tags.len() as u64;
    bar.finish_and_clear();
    report
}

impl Look {
    fn post(&mut self, mut post: Post) {
        if let Some(skipped) = too_long(&post) {
            self.report.skipped.push(skipped);
            return;
        }
        visible::post(&mut post);
        self.report.posts.new += 1;
        *self.report.statuses.entry(status_of(&post)).or_default() += 1;
        let made = || Slug::from_text(&post.title).map(|slug| slug.to_string());
        if let Some(slug) = post.slug.clone().or_else(made) {
            match self.slugs.get(&slug) {
                Some(other) => {
                    let note = format!("{other} has the slug {slug}, too; it gets another one.");
                    post.skip(note);
                }
                None => {
                    self.slugs.insert(slug, post.source_id.clone());
                }
            }
        }
        if self.finder.which != Media::None {
            self.media(&mut post);
        }
        self.report.count_reading(post.fidelity);
        self.report.without_address += u64::from(lacks_address(&post, &self.key));
        for path in std::mem::take(&mut post.old_paths) {
            if let Some(other) = self.claimed.of(&path, &post) {
                self.report.claimed_twice += 1;
                post.skip(claimed_by(&path, &other));
            }
            self.paths.insert(old_path::normal(&path));
        }
        self.tags.extend(post.tags.into_iter().map(|tag| tag.slug));
        self.report.skipped.extend(post.skipped);
    }

    fn media(&mut self, post: &mut Post) {
        let references = media::references(&post.body).unwrap_or_else(|why| {
            post.skip(media::not_looked_for(&why));
            Vec::new()
        });
        let folder = post.folder.as_deref();
        let wanted: Vec<Wanted> = self.finder.wanted(&references, folder);
        let wanted = wanted.into_iter().chain(self.finder.cover_of(post));
        self.files.extend(wanted.map(|(place, _)| key_of(&place)));
        let urls = references.iter().map(|reference| reference.url.as_str());
        for url in urls.chain(post.cover.iter().map(|cover| cover.url.as_str())) {
            if let Some((path, place)) = self.finder.address_of(url, folder)
                && self.files.contains(&key_of(&place))
            {
                self.paths.insert(old_path::normal(&path));
            }
        }
        for url in self.finder.lost(post, &references) {
            post.skip(format!("the file `{url}` is not there."));
        }
    }
}
