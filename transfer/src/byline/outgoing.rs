//! Out of the tables.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use byline_shared::Context;
use byline_shared::http::problem::Problem;
use byline_shared::model::{MediaId, PostId, PostStatus, PostSummary, RevisionId};
use byline_shared::publishing;
use byline_shared::settings;
use byline_shared::store::posts::{PostFilter, PostItem};
use byline_shared::store::redirects::RedirectTarget;
use byline_shared::store::tags::TagFilter;
use indicatif::ProgressBar;
use serde_json::{Map, Value};

use super::library::{Library, NotWritten};
use super::pages::all;
use super::problems::describe;
use crate::export::{Form, Head, Writer};
use crate::model::{Author, Post, PostTag, Redirect, RedirectKind, Site, Skipped, Status, Tag};

/// Why an export was not made. What was there before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder.
    #[error("The folder {0} cannot be written: {1}.")]
    Folder(PathBuf, #[source] io::Error),
    /// The tables.
    #[error("{0}")]
    Tables(String),
}

impl From<Problem> for ExportError {
    fn from(problem: Problem) -> Self {
        Self::Tables(describe(problem))
    }
}

/// What an export has.
#[derive(Debug, Default)]
pub struct Exported {
    /// How many posts.
    pub posts: u64,
    /// How many media files.
    pub media: u64,
    /// What is not in it, and why.
    pub skipped: Vec<Skipped>,
}

/// Writes all that a Byline has into an empty or missing folder.
///
/// # Errors
/// As [`ExportError`] says.
pub async fn export(
    cx: &Context,
    folder: &Path,
    form: Form,
    bar: &ProgressBar,
) -> Result<Exported, ExportError> {
    let in_folder = |error| ExportError::Folder(folder.to_owned(), error);
    let mut ids: BTreeSet<PostId> = BTreeSet::new();
    let mut authors: BTreeMap<String, Author> = BTreeMap::new();
    for status in [None, Some(PostStatus::Trashed)] {
        let filter = PostFilter { status, ..PostFilter::default() };
        for post in all(async |page| cx.store.posts().list(&filter, page).await).await? {
            author(cx, &post, &mut authors).await?;
            ids.insert(post.id);
        }
    }
    bar.set_length(ids.len() as u64);
    let tags = all(async |page| cx.store.tags().list(TagFilter::All, page).await).await?;
    let library = Library::read(cx).await?;
    let head = Head {
        site: site(cx).await?,
        authors: authors.into_values().collect(),
        tags: tags
            .into_iter()
            .map(|tag| Tag {
                slug: tag.slug.to_string(),
                name: tag.name.to_string(),
                description: tag.description.map(|text| text.to_string()),
            })
            .collect(),
        media: library.files(),
        redirects: redirects(cx, &library).await?,
    };
    let mut exported = Exported::default();
    let mut writer = Writer::new(folder, form, head).map_err(in_folder)?;
    for id in ids {
        // One that was purged in the meantime is not there any more.
        if let Some(item) = cx.store.posts().get(&id).await.map_err(Problem::from)? {
            bar.set_message(item.summary.fields.title.to_string());
            let (mut post, cover) = post(cx, &item, &mut exported.skipped).await?;
            library.localise(&mut post, &item, cover.as_ref(), form, &mut exported.skipped);
            writer.post(&post).map_err(in_folder)?;
            exported.posts += 1;
        }
        bar.inc(1);
    }
    exported.media =
        library.write(cx, &writer, bar, &mut exported.skipped).await.map_err(|why| match why {
            NotWritten::Folder(error) => in_folder(error),
            NotWritten::Tables(problem) => problem.into(),
        })?;
    writer.finish().map_err(in_folder)?;
    bar.finish_and_clear();
    Ok(exported)
}

/// What leads elsewhere: old paths, slugs that posts had, and tags that became others.
async fn redirects(cx: &Context, library: &Library) -> Result<Vec<Redirect>, Problem> {
    let mut found = Vec::new();
    for redirect in cx.store.redirects().list().await? {
        let to = match redirect.to {
            RedirectTarget::Post(id) => id.to_string(),
            RedirectTarget::Url(url) => {
                library.path_of(url.as_str()).unwrap_or_else(|| url.to_string())
            }
        };
        found.push(Redirect::path(redirect.path, to));
    }
    for (slug, post) in cx.store.slugs().list_moved().await? {
        // One that was purged left nothing to lead to.
        if cx.store.posts().get(&post).await?.is_some() {
            let (from, to) = (slug.to_string(), post.to_string());
            found.push(Redirect { from, to, kind: RedirectKind::Slug });
        }
    }
    for tag in all(async |page| cx.store.tags().list_moved(page).await).await? {
        // Of one that was removed in the end nothing is left.
        if let Some(end) = publishing::resolve_tags(cx, [&tag.slug]).await?.pop() {
            let (from, to) = (tag.slug.to_string(), end.slug.to_string());
            found.push(Redirect { from, to, kind: RedirectKind::Tag });
        }
    }
    Ok(found)
}

async fn author(
    cx: &Context,
    post: &PostSummary,
    authors: &mut BTreeMap<String, Author>,
) -> Result<(), Problem> {
    let author = &post.author;
    // By the name of their page, which stays where the account is another one.
    let slug = author.slug.to_string();
    if authors.contains_key(&slug) {
        return Ok(());
    }
    let account = cx.store.users().get(&author.id).await?;
    let known = Author {
        source_id: slug.clone(),
        name: author.name.to_string(),
        slug: Some(slug.clone()),
        email: account.map(|account| account.user.email.to_string()),
    };
    authors.insert(slug, known);
    Ok(())
}

async fn site(cx: &Context) -> Result<Site, Problem> {
    let settings = settings::current(cx).await?;
    let agent_publishing = serde_json::to_value(settings.agent_publishing);
    let agent_publishing = agent_publishing.map_err(Problem::internal)?;
    Ok(Site {
        title: Some(settings.title.to_string()),
        description: Some(settings.description.to_string()),
        url: Some(settings.url.to_string()),
        language: Some(settings.language.to_string()),
        time_zone: Some(settings.time_zone.to_string()),
        post_path: Some(settings.post_path.to_string()),
        page_path: Some(settings.page_path.to_string()),
        agent_publishing: agent_publishing.as_str().map(str::to_owned),
        author_publishing: Some(settings.author_publishing),
        style_guide: Some(settings.style_guide.to_string()),
    })
}

/// A post as readers see it, or as it is to be seen; else its draft. And its cover.
async fn post(
    cx: &Context,
    item: &PostItem,
    skipped: &mut Vec<Skipped>,
) -> Result<(Post, Option<MediaId>), Problem> {
    let head = &item.summary;
    let scheduled = head.schedule.as_ref();
    let shown: &RevisionId = head
        .live_revision_id
        .as_ref()
        .or(scheduled.map(|schedule| &schedule.revision_id))
        .unwrap_or(&head.revision_id);
    let revision = cx.store.revisions().get(&head.id, shown).await?;
    let missing = || Problem::internal(format!("{} names {shown}, which is not there", head.id));
    let revision = revision.ok_or_else(missing)?;
    let fields = revision.summary.fields;
    let mut post = Post::new(head.id.as_str(), fields.title.as_str());
    if *shown != head.revision_id {
        let what = format!("{} ({})", head.fields.title, head.id);
        let why = "What was changed since it went live is not in the export.";
        skipped.push(Skipped::new(what, why));
    }
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    post.slug = Some(fields.slug.to_string());
    post.post_type = fields.post_type;
    post.body = revision.body.as_str().to_owned();
    post.excerpt = text(fields.excerpt.as_str());
    // As they are now, and not as they were when it was written.
    let tags = publishing::resolve_tags(cx, fields.tag_slugs()).await?;
    post.tags = tags
        .iter()
        .map(|tag| PostTag { slug: tag.slug.to_string(), name: tag.name.to_string() })
        .collect();
    post.author = Some(head.author.slug.to_string());
    post.status = match (head.status, scheduled) {
        (PostStatus::Published, _) => Status::Published,
        (PostStatus::Trashed, _) => Status::Trashed,
        (PostStatus::Scheduled, Some(schedule)) => Status::Scheduled(schedule.publish_at),
        _ => Status::Draft,
    };
    post.created_at = Some(head.created_at);
    post.updated_at = Some(head.updated_at);
    post.published_at = head.published_at;
    post.canonical_url = fields.canonical_url.map(|url| url.to_string());
    post.meta_title = fields.details.meta_title.map(|title| title.to_string());
    post.meta_description = fields.details.meta_description.and_then(|about| text(about.as_str()));
    post.language = fields.language.map(|language| language.to_string());
    post.featured = fields.featured;
    post.metadata = sorted(fields.metadata.as_object());
    Ok((post, fields.cover))
}

/// An object with its names in order, and those inside it: the database keeps none.
fn sorted(object: &Map<String, Value>) -> Map<String, Value> {
    fn value_of(value: &Value) -> Value {
        match value {
            Value::Object(object) => Value::Object(sorted(object)),
            Value::Array(values) => values.iter().map(value_of).collect(),
            other => other.clone(),
        }
    }
    let mut names: Vec<&String> = object.keys().collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), value_of(&object[name]))).collect()
}
