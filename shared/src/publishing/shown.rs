//! What readers would get of a revision: beside its own text, which never changes, the names of its
//! tags, its cover with its words, and the files that it names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::references::{self, MAX_FILES, References};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::media;
use crate::model::{
    ContentDigest, Cover, MediaId, MediaStatus, PendingFile, PostFields, Revision, Tag,
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
    /// The files that it names and that exist, except the cover, by id. Of a text that names more than
    /// it may, which cannot be approved ([`Self::has_its_files`]), the first ones.
    files: BTreeMap<MediaId, MediaItem>,
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
        let html = html.to_owned();
        let references = cx.compute(move || references::of(&fields, body.as_str(), &html)).await?;
        let fields = &revision.summary.fields;
        let files = references.files.iter().take(MAX_FILES);
        let ids: BTreeSet<&MediaId> = files.chain(&fields.cover).collect();
        let ids: Vec<MediaId> = ids.into_iter().cloned().collect();
        let found =
            if ids.is_empty() { Vec::new() } else { cx.store.media().get_many(&ids).await? };
        let mut files: BTreeMap<MediaId, MediaItem> =
            found.into_iter().map(|item| (item.id.clone(), item)).collect();
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
        Ok(Self { tags, cover, references, files, content })
    }

    /// The cover as readers would see it.
    pub(super) fn cover(&self, cx: &Context) -> Option<Cover> {
        self.cover.as_ref().map(|item| cover_of(cx, item))
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
    /// can only disappear, and no upload gets an id that a text could have named before. So what
    /// holds here holds for as long as the text is live, without a condition in its transaction.
    ///
    /// # Errors
    /// 422 on the field with this name.
    pub(super) fn has_its_files(&self, field: &str) -> Result<(), Problem> {
        references::check_count(self.references.files.len(), field)?;
        let pending = self.pending();
        if pending.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = pending.iter().take(5).map(|file| file.id.as_str()).collect();
        let message = format!(
            "The text names files whose upload is not complete: {}. Complete the upload, or take \
             them out of the text.",
            names.join(", ")
        );
        Err(Problem::invalid_field(field, "pending_file", message))
    }
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

/// The text and the fields of a revision that are readers' as they are.
fn text(revision: &Revision) -> Value {
    let PostFields {
        title,
        slug,
        excerpt,
        tags: _,
        cover: _,
        canonical_url,
        details,
        language,
        featured,
        metadata,
    } = &revision.summary.fields;
    json!({
        "title": title,
        "slug": slug,
        "excerpt": excerpt,
        "canonical_url": canonical_url,
        "details": details,
        "language": language,
        "featured": featured,
        "metadata": metadata,
        "body": revision.body,
    })
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
