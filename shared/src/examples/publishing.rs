//! The publication of the examples: its posts, tags, files and settings.

use super::{
    BODY, BODY_HTML, MEDIA_ID, OTHER_REVISION_ID, POST_ID, PREVIEW_LINK_ID, PROPOSAL_ID,
    REVISION_ID, author, time, user,
};
use crate::model::{
    ActorKind, AgentPublishing, AiPart, AltText, Author, Bio, By, Caption, Decision, Description,
    Diff, Excerpt, ExcerptSource, FieldChange, FileName, Language, LinkLabel, Markdown, Media,
    MediaKind, MediaStatus, MediaType, Metadata, NewHosts, Note, Post, PostDetails, PostFields,
    PostId, PostPath, PostStatus, PostSummary, PostType, PreviewLink, Profile, ProfileLink,
    ProfileUrl, Proposal, ProposalKind, ProposalStatus, ProposalSummary, PublicAuthor, PublicPost,
    PublicPostSummary, PublicTag, Registration, Review, Revision, RevisionId, RevisionSummary,
    Settings, SiteUrl, Slug, StyleGuide, Tag, TagChange, TagName, TimeZoneName, Title, User,
};
use crate::store::media::MediaItem;

fn tags() -> Vec<Tag> {
    vec![Tag { slug: Slug::trusted("field-notes"), name: TagName::trusted("Field notes") }]
}

/// The tag of the example post, as readers see it.
#[must_use]
pub fn tag() -> PublicTag {
    let Tag { slug, name } = tags().remove(0);
    PublicTag { slug, name, description: None, post_count: 1, version: 0 }
}

/// Another tag.
#[must_use]
pub fn other_tag() -> PublicTag {
    let (slug, name) = (Slug::trusted("notes"), TagName::trusted("Notes"));
    PublicTag { slug, name, description: None, post_count: 1, version: 0 }
}

/// The example author, as readers see them.
#[must_use]
pub fn public_author() -> PublicAuthor {
    let Author { id, name, slug } = author();
    PublicAuthor { id, name, slug, profile: profile(), post_count: 1 }
}

/// What readers learn of the example author.
#[must_use]
pub fn profile() -> Profile {
    Profile {
        bio: Some(Bio::trusted("Writes about engines, and sometimes for them.")),
        picture: None,
        links: vec![ProfileLink {
            label: LinkLabel::trusted("Notes"),
            url: ProfileUrl::trusted("https://notes.example.com/@ada"),
        }],
    }
}

/// What the example post says, beside its body.
#[must_use]
pub fn fields() -> PostFields {
    PostFields {
        title: Title::trusted("Hello, world"),
        slug: Slug::trusted("hello-world"),
        post_type: PostType::Post,
        excerpt: Excerpt::trusted("The first post."),
        tags: tags(),
        cover: None,
        canonical_url: None,
        details: PostDetails::default(),
        language: Some(Language::trusted("en")),
        featured: false,
        metadata: Metadata::default(),
    }
}

/// The example post's first revision.
#[must_use]
pub fn revision() -> Revision {
    Revision {
        summary: RevisionSummary {
            id: REVISION_ID.parse().expect("the constant is an id"),
            post_id: POST_ID.parse().expect("the constant is an id"),
            fields: fields(),
            parent_id: None,
            created_by: by(),
            by_publisher: true,
            approval: None,
            created_at: time(10),
        },
        body: Markdown::trusted(BODY),
    }
}

/// The example author, at work themselves.
#[must_use]
pub fn by() -> By {
    let User { id: user_id, name, .. } = user();
    let (user_name, kind) = (Some(name), ActorKind::Person);
    let (api_key_id, api_key_name, grant_id) = (None, None, None);
    let (client, model, conversation_id) = (None, None, None);
    By {
        user_id,
        user_name,
        kind,
        api_key_id,
        api_key_name,
        grant_id,
        client,
        model,
        conversation_id,
    }
}

/// What a proposal for the example post changes.
#[must_use]
pub fn diff() -> Diff {
    Diff {
        from: Some(REVISION_ID.parse().expect("the constant is an id")),
        to: OTHER_REVISION_ID.parse().expect("the constant is an id"),
        fields: vec![FieldChange {
            field: "title".to_owned(),
            from: "Hello, world".into(),
            to: "Hello again, world".into(),
        }],
        // It changes the title alone.
        hunks: Vec::new(),
        unified: String::new(),
        truncated: false,
        coarse: false,
    }
}

/// A proposal for the example post.
#[must_use]
pub fn proposal(status: ProposalStatus) -> Proposal {
    let mut fields = fields();
    fields.title = Title::trusted("Hello again, world");
    let By { user_id, user_name, .. } = by();
    let decision = Decision {
        by: user_id,
        by_name: user_name,
        at: time(40),
        reason: None,
        edited_revision_id: None,
        head_revision_id: None,
    };
    Proposal {
        summary: ProposalSummary {
            id: PROPOSAL_ID.parse().expect("the constant is an id"),
            post_id: POST_ID.parse().expect("the constant is an id"),
            base_revision_id: Some(REVISION_ID.parse().expect("the constant is an id")),
            revision_id: OTHER_REVISION_ID.parse().expect("the constant is an id"),
            kind: Some(ProposalKind::Change),
            title: fields.title.clone(),
            base_title: Some(Title::trusted("Hello, world")),
            note: Some(Note::trusted("A warmer title.")),
            status,
            created_by: by(),
            created_at: time(30),
            decision: (status != ProposalStatus::Pending).then_some(decision),
        },
        review_url: format!("https://api.example.com/desk/proposals/{PROPOSAL_ID}"),
        fields,
        body: Markdown::trusted(BODY),
        diff: diff(),
        diff_from_head: None,
        conflict: None,
        post_trashed_at: None,
        review: (status == ProposalStatus::Pending).then(review),
    }
}

/// The entity tag of the example review, without quotes. The real one takes its place in tests.
pub const REVIEW_TAG: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\
                              9f864f53e3b0d4735feceb66ffc874e2";

/// The review of the example proposal, while the example post is live.
#[must_use]
pub fn review() -> Review {
    let names: Vec<TagName> = tags().into_iter().map(|tag| tag.name).collect();
    Review {
        post_id: POST_ID.parse().expect("the constant is an id"),
        revision_id: OTHER_REVISION_ID.parse().expect("the constant is an id"),
        live_revision_id: Some(REVISION_ID.parse().expect("the constant is an id")),
        author: author(),
        published_at: Some(time(20)),
        changes: diff(),
        body: revision().body,
        tags: TagChange { before: names.clone(), after: names },
        cover: None,
        live_cover: None,
        made_excerpt: None,
        new_hosts: NewHosts::default(),
        pending_files: Vec::new(),
        findings: Vec::new(),
        unreviewed: Vec::new(),
        unreviewed_truncated: false,
        schedule: None,
        content_digest: REVIEW_TAG[..64].to_owned(),
        etag: format!("\"{REVIEW_TAG}\""),
    }
}

/// A link that shows the example post's first revision.
#[must_use]
pub fn preview_link() -> PreviewLink {
    PreviewLink {
        id: PREVIEW_LINK_ID.parse().expect("the constant is an id"),
        post_id: POST_ID.parse().expect("the constant is an id"),
        revision_id: Some(REVISION_ID.parse().expect("the constant is an id")),
        created_by: by(),
        created_at: time(30),
        expires_at: time(30 + 7 * 24 * 60),
    }
}

/// The settings that a deployment begins with.
#[must_use]
pub fn settings() -> Settings {
    Settings {
        title: Title::trusted("Byline"),
        description: Description::trusted(""),
        url: SiteUrl::trusted("https://example.com"),
        language: Language::trusted("en"),
        time_zone: TimeZoneName::utc(),
        post_path: PostPath::trusted("/posts/{slug}"),
        page_path: Settings::default_page_path(),
        agent_publishing: AgentPublishing::Approved,
        author_publishing: false,
        style_guide: StyleGuide::trusted(""),
        registration: Registration::Invited,
        version: 0,
        updated_at: None,
    }
}

/// The example post as its author sees it: a draft, or published.
#[must_use]
pub fn post(published: bool) -> Post {
    let revision_id: RevisionId = REVISION_ID.parse().expect("the constant is an id");
    Post {
        summary: PostSummary {
            id: POST_ID.parse::<PostId>().expect("the constant is an id"),
            fields: fields(),
            status: if published { PostStatus::Published } else { PostStatus::Draft },
            version: if published { 2 } else { 1 },
            live_revision_id: published.then(|| revision_id.clone()),
            revision_id,
            schedule: None,
            schedule_failed: None,
            approval: None,
            author: author(),
            created_at: time(10),
            updated_at: time(if published { 20 } else { 10 }),
            published_at: published.then(|| time(20)),
            trashed_at: None,
        },
        body: Markdown::trusted(BODY),
    }
}

/// The example post as readers see it.
#[must_use]
pub fn public_post() -> PublicPost {
    let post = post(true);
    let (head, fields) = (post.summary, fields());
    PublicPost {
        summary: PublicPostSummary {
            id: head.id,
            title: fields.title,
            slug: fields.slug,
            post_type: fields.post_type,
            excerpt: fields.excerpt,
            excerpt_source: ExcerptSource::Author,
            tags: fields.tags,
            author: head.author,
            cover: None,
            canonical_url: fields.canonical_url,
            language: fields.language,
            featured: fields.featured,
            revision_id: head.revision_id,
            published_at: time(20),
            updated_at: time(20),
        },
        details: fields.details,
        metadata: fields.metadata,
        ai: Some(AiPart { assisted: Some(false), agents: Vec::new(), reviewed_by_person: true }),
        body_html: BODY_HTML.to_owned(),
        body: post.body,
    }
}

/// The example picture, as it is stored: announced, or ready.
#[must_use]
pub fn media_item(ready: bool) -> MediaItem {
    MediaItem {
        id: MEDIA_ID.parse().expect("the constant is an id"),
        owner: user().id,
        status: if ready { MediaStatus::Ready } else { MediaStatus::Pending },
        kind: MediaKind::Image,
        content_type: MediaType::Gif,
        size: 43,
        filename: FileName::trusted("A dot.gif"),
        file: "a-dot.gif".to_owned(),
        sha256: None,
        width: ready.then_some(1),
        height: ready.then_some(1),
        alt: AltText::trusted("A single dot"),
        caption: Caption::trusted(""),
        version: 0,
        alt_by_publisher: true,
        object_etag: None,
        created_at: time(30),
        updated_at: time(if ready { 31 } else { 30 }),
        ttl: None,
    }
}

/// The example picture, as its owner sees it.
#[must_use]
pub fn media(ready: bool) -> Media {
    let item = media_item(ready);
    let url = "https://media.example.com/media/01JD9ZP7V8Q2M4T6W8X0Y2Z4J2/a-dot.gif";
    item.shown(ready.then(|| url.to_owned()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_example_is_rendered_as_posts_are() {
        let html = crate::publishing::to_html(super::BODY).unwrap();
        assert_eq!(super::super::BODY_HTML, html);
    }
}
