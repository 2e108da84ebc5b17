//! The values that examples are made of: one small world, the same in every operation's example.

use crate::model::{
    ActorKind, AgentPublishing, AltText, Author, By, Caption, Decision, Description, Diff, Email,
    Excerpt, FieldChange, FileName, Language, Markdown, Media, MediaKind, MediaStatus, MediaType,
    Metadata, Name, Note, Post, PostFields, PostId, PostPath, PostStatus, PostSummary, Proposal,
    ProposalStatus, ProposalSummary, PublicAuthor, PublicPost, PublicPostSummary, PublicTag,
    Revision, RevisionId, RevisionSummary, Role, Scope, Settings, SiteUrl, Slug, StyleGuide, Tag,
    TagName, Time, Title, User, UserId,
};
use crate::store::media::MediaItem;
use crate::store::sessions::{OAuthPart, SessionItem};

/// The example author's account.
pub const USER_ID: &str = "user_01JD9ZK3V8Q2M4T6W8X0Y2Z4A6";
/// Another account.
pub const OTHER_USER_ID: &str = "user_01JD9ZJ1V8Q2M4T6W8X0Y2Z4B8";
/// A sign-in of the example author.
pub const SESSION_ID: &str = "sess_01JD9ZK9V8Q2M4T6W8X0Y2Z4F6";
/// What the example author lets an agent do.
pub const GRANT_ID: &str = "grant_01JD9ZKBV8Q2M4T6W8X0Y2Z4G2";
/// That agent.
pub const OAUTH_CLIENT_ID: &str = "client_01JD9ZKAV8Q2M4T6W8X0Y2Z4G4";
/// Its secret.
pub const OAUTH_CLIENT_SECRET: &str = "CLIENT_SECRET";
/// Where it is sent back to.
pub const OAUTH_REDIRECT_URI: &str = "https://agent.example.com/callback";
/// A code for it.
pub const OAUTH_CODE: &str = "AUTHORIZATION_CODE";
/// RFC 7636, appendix B.
pub const OAUTH_VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The challenge of this verifier.
pub const OAUTH_CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// The example post.
pub const POST_ID: &str = "post_01JD9ZM5V8Q2M4T6W8X0Y2Z4C0";
/// Its revision.
pub const REVISION_ID: &str = "rev_01JD9ZM5V8Q2M4T6W8X0Y2Z4D2";
/// A further revision.
pub const OTHER_REVISION_ID: &str = "rev_01JD9ZN5V8Q2M4T6W8X0Y2Z4D4";
/// A proposal for it.
pub const PROPOSAL_ID: &str = "prop_01JD9ZN5V8Q2M4T6W8X0Y2Z4E0";
/// An appointment of it.
pub const SCHEDULE_ID: &str = "sched_01JD9ZN5V8Q2M4T6W8X0Y2Z4E2";
/// The example picture.
pub const MEDIA_ID: &str = "media_01JD9ZP7V8Q2M4T6W8X0Y2Z4J2";
/// Its Markdown.
pub const BODY: &str = "The *first* post, in **Markdown**.\n";
/// The same as HTML. A constant, so that examples do not link a renderer into every binary.
const BODY_HTML: &str = "<p>The <em>first</em> post, in <strong>Markdown</strong>.</p>\n";
/// A password for the example account.
pub const PASSWORD: &str = "four random words here";

/// Another one.
pub const NEW_PASSWORD: &str = "other words stand here";

/// Stands for a refresh token; a real one takes its place in tests.
pub const REFRESH_TOKEN: &str = "brt_REFRESH_TOKEN";
/// Stands for a device token.
pub const DEVICE_TOKEN: &str = "bdt_DEVICE_TOKEN";
/// Stands for an access token in the sample events; a real one takes its place in tests.
pub const ACCESS_TOKEN: &str = "ACCESS_TOKEN";
/// The token of the example's mailed link.
pub const MAILED_TOKEN: &str = "q8Yc1n0W5m2Kd7Rf4Tz9Xb6Vh3Js0Lp8Ga1Ue5Io2Q";

fn time(minute: i64) -> Time {
    // 2026-01-05T09:00:00Z
    Time::from_millis(1_767_603_600_000 + minute * 60_000)
}

/// The example author.
#[must_use]
pub fn user() -> User {
    User {
        id: USER_ID.parse::<UserId>().expect("the constant is an id"),
        email: Email::trusted("ada@example.com"),
        name: Name::trusted("Ada Example"),
        slug: Slug::trusted("ada-example"),
        role: Role::Author,
        created_at: time(0),
        disabled: false,
        two_factor: false,
    }
}

fn author() -> Author {
    crate::model::author_of(&user())
}

fn tags() -> Vec<Tag> {
    vec![Tag { slug: Slug::trusted("field-notes"), name: TagName::trusted("Field notes") }]
}

/// The tag of the example post, as readers see it.
#[must_use]
pub fn tag() -> PublicTag {
    let Tag { slug, name } = tags().remove(0);
    PublicTag { slug, name, description: None, post_count: 1 }
}

/// Another tag.
#[must_use]
pub fn other_tag() -> PublicTag {
    let (slug, name) = (Slug::trusted("notes"), TagName::trusted("Notes"));
    PublicTag { slug, name, description: None, post_count: 1 }
}

/// The example author, as readers see them.
#[must_use]
pub fn public_author() -> PublicAuthor {
    let Author { id, name, slug } = author();
    PublicAuthor { id, name, slug, post_count: 1 }
}

/// What the example post says, beside its body.
#[must_use]
pub fn fields() -> PostFields {
    PostFields {
        title: Title::trusted("Hello, world"),
        slug: Slug::trusted("hello-world"),
        excerpt: Excerpt::trusted("The first post."),
        tags: tags(),
        cover: None,
        canonical_url: None,
        meta_title: None,
        meta_description: None,
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
            approval: None,
            created_at: time(10),
        },
        body: Markdown::trusted(BODY),
    }
}

/// The example author, at work themselves.
#[must_use]
pub fn by() -> By {
    let user_id = USER_ID.parse().expect("the constant is an id");
    let (api_key_id, grant_id, client, model) = (None, None, None, None);
    By { user_id, kind: ActorKind::Person, api_key_id, grant_id, client, model }
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
    }
}

/// A proposal for the example post.
#[must_use]
pub fn proposal(status: ProposalStatus) -> Proposal {
    let mut fields = fields();
    fields.title = Title::trusted("Hello again, world");
    let decision = Decision { by: by().user_id, at: time(40), reason: None };
    Proposal {
        summary: ProposalSummary {
            id: PROPOSAL_ID.parse().expect("the constant is an id"),
            post_id: POST_ID.parse().expect("the constant is an id"),
            base_revision_id: Some(REVISION_ID.parse().expect("the constant is an id")),
            revision_id: OTHER_REVISION_ID.parse().expect("the constant is an id"),
            title: fields.title.clone(),
            note: Some(Note::trusted("A warmer title.")),
            status,
            created_by: by(),
            created_at: time(30),
            decision: (status != ProposalStatus::Pending).then_some(decision),
        },
        fields,
        body: Markdown::trusted(BODY),
        diff: diff(),
        diff_from_head: None,
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
        post_path: PostPath::trusted("/posts/{slug}"),
        agent_publishing: AgentPublishing::Approved,
        style_guide: StyleGuide::trusted(""),
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
            excerpt: fields.excerpt,
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
        meta_title: fields.meta_title,
        meta_description: fields.meta_description,
        metadata: fields.metadata,
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

/// A session of the example author.
#[must_use]
pub fn session() -> SessionItem {
    SessionItem {
        id: SESSION_ID.parse().expect("the constant is an id"),
        user_id: user().id,
        token_version: 0,
        generation: 0,
        created_at: time(0),
        refreshed_at: time(5),
        idle_at: time(14 * 24 * 60),
        expires_at: time(90 * 24 * 60),
        ttl: time(90 * 24 * 60).as_seconds(),
        ip: Some("203.0.113.7".to_owned()),
        user_agent: Some("Mozilla/5.0".to_owned()),
        browser: false,
        oauth: None,
    }
}

/// The example author's grant to an agent.
#[must_use]
pub fn grant() -> SessionItem {
    SessionItem {
        id: GRANT_ID.replace("grant_", "sess_").parse().expect("the constant is an id"),
        oauth: Some(OAuthPart {
            client_id: OAUTH_CLIENT_ID.to_owned(),
            client_name: "Example agent".to_owned(),
            scopes: vec![Scope::Profile, Scope::PostsRead, Scope::PostsPropose],
            resource: "https://api.example.com/mcp".to_owned(),
        }),
        ..session()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_example_is_rendered_as_posts_are() {
        let html = crate::publishing::to_html(super::BODY).unwrap();
        assert_eq!(super::BODY_HTML, html);
    }
}
