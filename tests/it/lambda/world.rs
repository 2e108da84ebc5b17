//! What the sample events speak of: accounts, tokens, posts and media, as the examples name them.

use std::sync::Arc;

use byline_shared::auth::{browser, password, sessions, totp};
use byline_shared::examples;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{
    Email, Name, Password, PostStatus, ProposalStatus, Revision, Role, Scope, Slug, User, author_of,
};
use byline_shared::store::api_keys::ApiKeyItem;
use byline_shared::store::live::LivePlace;
use byline_shared::store::outbox::{Message, OutboxItem};
use byline_shared::store::post_transaction::{LiveChange, PostTransaction};
use byline_shared::store::posts::PostItem;
use byline_shared::store::proposals::{ProposalItem, ProposedText, SlugSource};
use byline_shared::store::redirects::{RedirectItem, RedirectTarget};
use byline_shared::store::rights::Right;
use byline_shared::store::tags::{NewTag, TagItem};
use byline_shared::store::users::UserItem;
use serde_json::Value;

use super::{conversations, mailed, oauth, previews};
use crate::harness::{App, functions, invoke};
use crate::media::GIF;

/// A Byline that holds what the examples speak of, and the real tokens that take the place of the
/// ones in them.
pub(super) struct World {
    pub(super) app: App,
    access_token: String,
    refresh_token: String,
    review_tag: String,
    session_cookie: String,
    code: String,
    preview_token: String,
}

impl World {
    /// For the function `name`.
    pub(super) async fn new(name: &str, module: &str) -> Self {
        functions::build(name);
        let app = App::start_with(|options| {
            // The host of the sample events.
            options.variable = Arc::new(|name: &str| match name {
                "BYLINE_PUBLIC_URL" => Some("https://api.example.com".to_owned()),
                "BYLINE_SECURITY_CONTACT" => Some("mailto:security@example.com".to_owned()),
                _ => crate::conversations::on(name).filter(|_| name.starts_with("BYLINE_AGENT_")),
            });
        })
        .await;
        let cx = &app.byline.context;
        let hash = password::hash(cx, Password::new(examples::PASSWORD)).await.unwrap();
        let ada = account(User { role: Role::Admin, ..examples::user() }, &hash);
        let other = account(
            User {
                id: examples::OTHER_USER_ID.parse().unwrap(),
                email: Email::trusted("grace@example.com"),
                slug: Slug::trusted("grace"),
                ..examples::user()
            },
            &hash,
        );
        for item in [&ada, &other] {
            let entry = AuditEntry::new(cx, Event::EmailVerified);
            cx.store.users().create(item, None, &entry).await.unwrap();
        }
        let (author, profile) = (author_of(&ada.user), examples::profile());
        let entry = AuditEntry::new(cx, Event::ProfileChanged);
        let authors = cx.store.authors();
        let none = authors.profile(&author.slug, &author.id).await.unwrap();
        authors.set_profile(&author, &none, &profile, None, &entry).await.unwrap();
        mailed::prepare(&app, name, &ada).await;
        credentials(&app, &ada).await;
        let code = enrolled(&app, name, &ada).await;
        post(&app, name, module).await;
        picture(&app, name).await;
        conversations::prepare(&app, &ada).await;
        oauth::prepare(&app, name, &ada).await;
        let mut session = sessions::create(cx, &ada).await.unwrap().unwrap();
        let mut access_token =
            byline_shared::auth::issue(cx, &ada.user.id, &session.id).await.unwrap().token;
        let review_tag = review_tag(&app, &access_token).await;
        if ["oauth-revoke", "oauth-introspect"].contains(&name) {
            // The tokens of the app, which the REST API does not take.
            session = oauth::session(&app).await;
            access_token =
                byline_shared::auth::issue(cx, &ada.user.id, &session.id).await.unwrap().token;
        }
        let refresh_token = sessions::refresh_token(cx, &session).await.unwrap();
        let refresh_token = refresh_token.expose().to_owned();
        let session_cookie = session_cookie(&app, &ada).await;
        if name == "mcp" {
            // The token of a sign-in is good for the REST API alone.
            let body = serde_json::json!({ "name": "Agent", "scopes": ["profile"] });
            let person = app.with_token(&access_token);
            access_token = person.post("/v1/auth/api-keys", body, 201).await.text("/key");
        }
        let preview_token = previews::token(&app, &ada, name).await;
        Self { app, access_token, refresh_token, review_tag, session_cookie, code, preview_token }
    }

    /// An event with the real tokens.
    fn fill(&self, event: &Value) -> Value {
        let text = event.to_string();
        let text = text.replace(examples::REFRESH_TOKEN, &self.refresh_token);
        let text = text.replace(examples::REVIEW_TAG, &self.review_tag);
        let text = text.replace(examples::PREVIEW_TOKEN, &self.preview_token);
        let text = text.replace(examples::SESSION_COOKIE, &self.session_cookie);
        let text = text.replace(&format!("Bearer {}", examples::ACCESS_TOKEN), &{
            format!("Bearer {}", self.access_token)
        });
        let text = text.replace("123456\\\"", &format!("{}\\\"", self.code));
        serde_json::from_str(&text).unwrap()
    }

    pub(super) async fn invoke(&self, name: &str, event: &Value) -> Value {
        let function = functions::command(name, &self.app.byline.lambda_environment);
        let outcome = invoke(function, &self.fill(event)).await;
        outcome.unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

/// The cookie of a browser that is signed in, with its name.
async fn session_cookie(app: &App, ada: &UserItem) -> String {
    let cx = &app.byline.context;
    let session = sessions::create_for_browser(cx, ada).await.unwrap().unwrap();
    let cookie = browser::session_cookie(cx, &session).await.unwrap();
    cookie.to_str().unwrap().split(';').next().unwrap().to_owned()
}

/// The entity tag of the example proposal's review, without quotes. Empty while its post is in the trash: there
/// is no review then.
async fn review_tag(app: &App, access_token: &str) -> String {
    let path = format!("/v1/manage/proposals/{}", examples::PROPOSAL_ID);
    let read = app.with_token(access_token).get(&path, 200).await;
    match read.headers.get("etag") {
        Some(_) => read.header("etag").trim_matches('"').to_owned(),
        None => String::new(),
    }
}

fn account(user: User, hash: &str) -> UserItem {
    let password_hash = hash.to_owned();
    UserItem {
        user,
        password_hash,
        token_version: 0,
        demotions: 0,
        totp: None,
        totp_off_at: None,
        passkeys: Vec::new(),
        email_change: None,
        former_emails: Vec::new(),
    }
}

/// The session and the API key of the examples.
async fn credentials(app: &App, ada: &UserItem) {
    let cx = &app.byline.context;
    let now = cx.clock.now();
    let mut session = examples::session();
    session.idle_at = now.plus_seconds(600);
    session.expires_at = now.plus_seconds(600);
    let entry = AuditEntry::new(cx, Event::SignedIn);
    assert!(cx.store.sessions().create(&session, &entry).await.unwrap());
    let key = ApiKeyItem {
        id: "key_01JD9ZN5V8Q2M4T6W8X0Y2Z4G8".parse().unwrap(),
        user_id: ada.user.id.clone(),
        name: Name::trusted("Build server"),
        scopes: vec![Scope::PostsRead],
        digest: String::new(),
        created_at: now,
        expires_at: now.plus_seconds(600),
        ttl: now.plus_seconds(600).as_seconds(),
    };
    let mail = OutboxItem::new(now, ada.user.email.clone(), Message::SignUpAgain);
    let entry = AuditEntry::new(cx, Event::ApiKeyCreated);
    cx.store.api_keys().create(&key, &mail, &entry).await.unwrap();
}

/// A secret that waits to be confirmed, and its code of now.
async fn enrolled(app: &App, name: &str, ada: &UserItem) -> String {
    let cx = &app.byline.context;
    if name != "auth-totp-confirm" {
        return "123456".to_owned();
    }
    let enrolment = totp::enrol(cx, (&ada.user.id, &ada.user.email), None).await.unwrap();
    assert!(cx.store.totp().enrol(ada, &enrolment.item).await.unwrap());
    crate::harness::code(&enrolment.uri, cx.clock.now())
}

/// The example post with its tag, as `name` needs it: live for readers, in the trash for those who
/// take it out, and else a draft. The example proposal waits.
async fn post(app: &App, name: &str, module: &str) {
    let cx = &app.byline.context;
    let is_reviewed = ["manage-posts-review", "manage-proposals-get"].contains(&name);
    let for_readers = module.starts_with("byline_posts::") || is_reviewed;
    for tag in [examples::tag(), examples::other_tag()] {
        let tag = TagItem::new(tag.slug, tag.name, cx.clock.now());
        assert!(cx.store.tags().create(&[NewTag::new(tag)]).await.unwrap());
    }
    let revision = examples::revision();
    let mut before = PostItem {
        summary: examples::post(false).summary,
        live: None,
        last_slug: None,
        approved: None,
        scheduled_by: None,
        scheduled_content: None,
        draft_media: Vec::new(),
        scheduled_media: Vec::new(),
        people: Default::default(),
    };
    if name == "manage-posts-restore" {
        before.summary.trashed_at = Some(cx.clock.now());
        before.summary.status = PostStatus::Trashed;
    }
    write(app, None, &before, Some(&revision), LiveChange::Keep).await;
    if for_readers {
        let page = examples::public_post();
        let mut after = before.clone();
        after.summary = examples::post(true).summary;
        after.live = Some(LivePlace::new(&page, Vec::new()));
        let live = LiveChange::with_same_cover(&page);
        write(app, Some(&before), &after, None, live).await;
    }
    let path = "/2019/05/hello-world/".to_owned();
    let to = RedirectTarget::Post(before.summary.id.clone());
    cx.store.redirects().put(&RedirectItem { path, to }).await.unwrap();
    let example = examples::proposal(ProposalStatus::Pending);
    let proposal = ProposalItem {
        summary: example.summary,
        author_id: before.summary.author.id.clone(),
        slug_source: SlugSource::Given,
    };
    let text = ProposedText { fields: example.fields, body: example.body };
    let entry = AuditEntry::new(cx, Event::ProposalMade);
    let right = Right::of(&examples::user());
    assert!(cx.store.proposals().create(&proposal, &text, &right, &entry).await.unwrap());
}

async fn write(
    app: &App,
    before: Option<&PostItem>,
    after: &PostItem,
    revision: Option<&Revision>,
    live: LiveChange<'_>,
) {
    let write = PostTransaction { revision, live, ..PostTransaction::new(before, after) };
    app.byline.context.store.posts().write(&write).await.unwrap();
}

/// The picture of the examples: uploaded, or published.
async fn picture(app: &App, name: &str) {
    let cx = &app.byline.context;
    let ready = name != "manage-media-complete";
    let item = examples::media_item(ready);
    cx.store.media().create(&item).await.unwrap();
    let key = format!("pending/{}/{}", item.id.ulid(), item.file);
    let put = aws_sdk_s3::Client::new(&cx.sdk).put_object().bucket(&cx.config.media_bucket);
    put.key(key).body(GIF.to_vec().into()).send().await.unwrap();
}
