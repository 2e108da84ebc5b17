//! What readers would get of a revision: beside its own text, which never changes, the names of its
//! tags, its cover with its words, and the files that it names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::made_excerpt;
use super::references::{self, MAX_FILES, References};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::media;
use crate::model::{
    ContentDigest, Cover, Excerpt, Finding, FindingCode, MediaId, MediaStatus, PendingFile,
    PostFields, Revision, Tag,
};
use crate::store::media::MediaItem;

/// What readers would get of a revision, beside its own text.
pub(super) struct Shown {
    /// The tags with the names that readers would see.
    pub(super) tags: Vec<Tag>,
    /// The cover; none if its file is gone.
    pub(super) cover: Option<MediaItem>,
    /// What the text refers to.
    pub(super) references: References,
    /// The excerpt that is made of the text; none where the author wrote one.
    pub(super) made_excerpt: Option<Excerpt>,
    /// The files that it names and that exist, except the cover, by id. Of a text that names more than
    /// it may, which cannot be approved ([`Self::is_complete`]), the first ones.
    files: BTreeMap<MediaId, MediaItem>,
    /// The files at addresses of this publication that do not exist.
    pub(super) missing: Vec<MediaId>,
    /// The digest of all that readers would get.
    pub(super) content: ContentDigest,
}

impl Shown {
    /// What readers would get of `revision` with these tags; `html` is its rendered body.
    ///
    /// # Errors
    /// 503 while the database does not answer.
    pub(super) async fn of(
        cx: &Context,
        revision: &Revision,
        tags: Vec<Tag>,
        html: &str,
    ) -> Result<Self, Problem> {
        let (fields, body) = (revision.summary.fields.clone(), revision.body.clone());
        let (html, media_url) = (html.to_owned(), cx.config.media_url.clone());
        let find = move || {
            let is_made = fields.excerpt.as_str().trim().is_empty();
            let made_excerpt = is_made.then(|| made_excerpt::of_html(&html));
            (references::of(&fields, body.as_str(), &html, &media_url), made_excerpt)
        };
        let (references, made_excerpt) = cx.compute(find).await?;
        let fields = &revision.summary.fields;
        let files = references.files.iter().take(MAX_FILES);
        let ids: BTreeSet<&MediaId> = files.chain(&fields.cover).collect();
        let ids: Vec<MediaId> = ids.into_iter().cloned().collect();
        let found =
            if ids.is_empty() { Vec::new() } else { cx.store.media().get_many(&ids).await? };
        let mut files: BTreeMap<MediaId, MediaItem> =
            found.into_iter().map(|item| (item.id.clone(), item)).collect();
        let is_there =
            |id: &MediaId| files.get(id).is_some_and(|item| item.status != MediaStatus::Deleting);
        let looked_up = ids.iter().filter(|id| references.own.contains(*id));
        let missing = looked_up.filter(|id| !is_there(id)).cloned().collect();
        let cover = fields.cover.as_ref().and_then(|cover| files.remove(cover));
        let cover = cover.filter(|item| item.status == MediaStatus::Ready);
        files.retain(|_, item| item.status != MediaStatus::Deleting);
        let content = ContentDigest::of(
            &text(revision),
            // Their slugs are no words, and that of a new tag is found when it is made.
            &tags.iter().map(|tag| json!(tag.name)).collect(),
            &cover.as_ref().map_or(Value::Null, |item| cover_words(cx, item)),
            &files.values().map(file).collect(),
        );
        Ok(Self { tags, cover, references, made_excerpt, files, missing, content })
    }

    /// The cover as readers would see it.
    pub(super) fn cover(&self, cx: &Context) -> Option<Cover> {
        self.cover.as_ref().map(|item| cover_of(cx, item))
    }

    /// A file that readers would get.
    pub(super) fn file(&self, id: &MediaId) -> Option<&MediaItem> {
        self.files.get(id).or_else(|| self.cover.as_ref().filter(|cover| cover.id == *id))
    }

    /// Every file that readers would get, the cover first.
    pub(super) fn media(&self) -> Vec<MediaId> {
        let cover = self.cover.iter().map(|item| item.id.clone());
        cover.chain(self.files.keys().cloned()).collect()
    }

    /// The files whose upload is not complete.
    pub(super) fn pending(&self) -> Vec<PendingFile> {
        let pending = self.files.values().filter(|item| item.status == MediaStatus::Pending);
        let shown =
            |item: &MediaItem| PendingFile { id: item.id.clone(), filename: item.filename.clone() };
        pending.map(shown).collect()
    }

    /// Refuses a text that names a file whose upload is not complete, or more files than were looked up:
    /// most of those are refused when they are saved, but some spellings only show once they are rendered.
    ///
    /// Nobody can have seen the bytes that may still come. And once a text is approved, or live, its
    /// files cannot be exchanged: a complete upload keeps its bytes ([`MediaItem::object_etag`]) and
    /// can only disappear. No upload gets an id that a text could have named before: ids are random, or
    /// nobody knows them before they are used ([`form_seed`]), and a deleted upload leaves its id taken
    /// ([`MediaFiles::delete`]). Only an import brings a file back, and an admin vouches for it. So what
    /// holds here holds for as long as the text is live, without a condition in its transaction.
    ///
    /// [`form_seed`]: crate::auth::form_seed
    /// [`MediaFiles::delete`]: crate::store::media::MediaFiles::delete
    ///
    /// # Errors
    /// 422 on the field with this name.
    pub(super) fn is_complete(&self, field: &str) -> Result<(), Problem> {
        references::check_count(self.references.files.len(), field)?;
        let pending = self.pending();
        if pending.is_empty() {
            return Ok(());
        }
        let ids = pending.iter().map(|file| &file.id);
        let message = format!(
            "The text names files whose upload is not complete: {}. Complete the upload, or take \
             them out of the text.",
            first(ids)
        );
        Err(Problem::invalid_field(field, "pending_file", message))
    }

    /// As [`Self::is_complete`], and refuses a text that names a file that is not there: those who decide about it
    /// have to see all of it, and a gap shows nothing. What was decided before a file was deleted still holds,
    /// and so does what an import brings.
    ///
    /// # Errors
    /// 422 on the field with this name.
    pub(super) fn has_its_files(&self, field: &str) -> Result<(), Problem> {
        self.is_complete(field)?;
        match self.gap() {
            Some(message) => Err(Problem::invalid_field(field, "missing_file", message)),
            None => Ok(()),
        }
    }

    /// What is missing, in words; `None` if nothing is.
    fn gap(&self) -> Option<String> {
        let ids = (!self.missing.is_empty()).then(|| first(self.missing.iter()))?;
        Some(format!(
            "The text names files of this publication that are not there: {ids}. It cannot go live before \
             they are taken out of it."
        ))
    }

    /// The finding about files that are not there; it is new unless the text with these `live` files has the
    /// same gaps.
    pub(super) fn finding(&self, live: &BTreeSet<MediaId>) -> Option<Finding> {
        let new = self.missing.iter().any(|id| !live.contains(id));
        let (pointer, code) = (String::new(), FindingCode::MissingFile);
        let message = self.gap()?;
        Some(Finding { pointer, code, line: None, column: None, message, new })
    }
}

/// The first of these ids, for a message.
fn first<'a>(ids: impl Iterator<Item = &'a MediaId>) -> String {
    ids.take(5).map(MediaId::as_str).collect::<Vec<_>>().join(", ")
}

/// A cover as readers see it.
fn cover_of(cx: &Context, item: &MediaItem) -> Cover {
    Cover {
        url: media::address(&cx.config, item),
        width: item.width,
        height: item.height,
        alt: item.alt.clone(),
    }
}

/// The text and the fields of a revision that are readers' as they are. What is made of the text needs no place here:
/// it cannot change while the text does not.
fn text(revision: &Revision) -> Value {
    let PostFields {
        title,
        slug,
        post_type,
        excerpt,
        tags: _,
        cover: _,
        canonical_url,
        details,
        language,
        featured,
        metadata,
    } = &revision.summary.fields;
    let mut text = json!({
        "title": title,
        "slug": slug,
        "excerpt": excerpt,
        "canonical_url": canonical_url,
        "details": details,
        "language": language,
        "featured": featured,
        "metadata": metadata,
        "body": revision.body,
    });
    // A post has the digest that it had before there were pages, so that its approvals and schedules stay.
    if !post_type.is_post() {
        text["type"] = json!(post_type);
    }
    text
}

fn cover_words(cx: &Context, item: &MediaItem) -> Value {
    json!({ "shown": cover_of(cx, item), "caption": item.caption, "file": file(item) })
}

/// Which bytes a file has.
fn file(item: &MediaItem) -> Value {
    json!({
        "id": item.id,
        "status": item.status,
        "file": item.file,
        "content_type": item.content_type,
        "size": item.size,
        "sha256": item.sha256,
        "etag": item.object_etag,
    })
}
