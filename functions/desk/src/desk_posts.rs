//! `/desk/posts`: the posts that the visitor may work on, and the form that begins a new one.

use byline_shared::auth::limits;
use byline_shared::endpoint::{InputContract, typed};
use byline_shared::http::Response;
use byline_shared::model::{PostId, PostStatus, PostSummary, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, NewPost};
use byline_shared::store::posts::PostFilter;
use maud::{Markup, html};
use std::sync::LazyLock;
use url::form_urlencoded::Serializer;

use crate::answers::done;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page::{self, Page};
use crate::parts::{self, Field, Kind};
use crate::post::status;
use crate::visit::Visit;
use crate::{once, post};

/// Lists posts, and begins new ones.
struct Posts;

/// The operation.
pub const OPERATION: Operation = page::operation::<Posts>(module_path!());

/// Where it is.
const PATH: &str = "/desk/posts";

/// How many posts a page shows.
const LIMIT: u8 = 20;

/// The filters by status: their names in the query, and their words.
const FILTERS: [(&str, &str); 5] = [
    ("", "All"),
    ("draft", "Drafts"),
    ("scheduled", "Scheduled"),
    ("published", "Live"),
    ("trashed", "Trash"),
];

/// The limits of a title are those of the API.
static NEW: LazyLock<InputContract> = LazyLock::new(InputContract::from_body::<NewPost>);

impl Page for Posts {
    const NAME: &'static str = "desk-posts";
    const PATH: &'static str = PATH;
    const SUMMARY: &'static str = "List posts and begin a new one";
    const PERMISSIONS: &'static [Permission] = &[
        limits::LIMIT_PERMISSION,
        publishing::SAVE,
        HOLD_RIGHT,
        Permission::Index(Content, "gsi1"),
        Permission::Index(Content, "gsi2"),
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::EditConflict, Code::SlugTaken];
    const DONE: &'static [Done] = &[Done::Trashed];

    type Needs = scope::PostsRead;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        answer(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        match act(cx, visit).await {
            Ok(response) => Ok(response),
            Err(problem) if post::is_for_the_form(&problem) => {
                answer(cx, visit, Some(&problem)).await
            }
            Err(problem) => Err(problem),
        }
    }
}

async fn act(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    match visit.form.text("action") {
        "restore" => post::restore(cx, visit, &restored_id(visit)?).await,
        _ => begin(cx, visit).await,
    }
}

fn restored_id(visit: &Visit) -> Result<PostId, Problem> {
    visit.form.text("post").parse().map_err(|_| Problem::not_found("post"))
}

/// Makes a draft, and leads to its editor. A form that is sent twice makes one.
async fn begin(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
    visit.caller.require(Scope::PostsWrite)?;
    let title = visit.form.text("title");
    let sent = serde_json::json!({ "title": title, "body": "" });
    let new: NewPost = typed(NEW.validate(sent)?)?;
    // Another title is another post.
    let id = PostId::from_ulid(once::ulid(cx, visit, &format!("post {title}")).await?);
    let made = publishing::create_once(cx, &visit.actor(), id, new).await?;
    Ok(done(&post::path(&made.summary.id), Done::PostBegun))
}

async fn answer(
    cx: &Context,
    visit: &Visit,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let wanted = Wanted::of(visit);
    let page = PageParams { limit: LIMIT, cursor: visit.query.get("cursor").map(str::to_owned) };
    let mut found = publishing::list(cx, &visit.actor(), wanted.filter(), &page).await?;
    publishing::without_lapsed(cx, &mut found.items).await?;
    let main = html! {
        (parts::head("Posts", None, None))
        @if let Some(problem) = problem { (parts::problem(problem)) }
        (new_post(cx, visit, problem))
        (search(&wanted))
        @if found.items.is_empty() {
            (nothing(&wanted, found.next_cursor.is_some()))
        } @else {
            ul.list {
                @for summary in &found.items { (row(cx, visit, summary)) }
            }
        }
        (parts::pager(&wanted.path(wanted.status.as_str()), found.next_cursor.as_deref()))
    };
    Ok(sheet(cx, visit, Sheet::new("Posts", Section::Posts).telling(problem), &main))
}

/// What the query asks for.
struct Wanted {
    /// The status, as in [`FILTERS`].
    status: String,
    /// A part of the title.
    words: String,
    is_oldest_first: bool,
}

impl Wanted {
    fn of(visit: &Visit) -> Self {
        let known = |status: &&str| FILTERS.iter().any(|(name, _)| name == status);
        Self {
            status: visit.query.get("status").filter(known).unwrap_or_default().to_owned(),
            words: visit.query.text("q").trim().chars().take(100).collect(),
            is_oldest_first: visit.query.text("sort") == "updated_at",
        }
    }

    fn filter(&self) -> PostFilter {
        let status = match self.status.as_str() {
            "draft" => Some(PostStatus::Draft),
            "scheduled" => Some(PostStatus::Scheduled),
            "published" => Some(PostStatus::Published),
            "trashed" => Some(PostStatus::Trashed),
            _ => None,
        };
        PostFilter {
            status,
            title: Some(self.words.clone()).filter(|words| !words.is_empty()),
            oldest_first: self.is_oldest_first,
            ..PostFilter::default()
        }
    }

    /// The list with another status, and with everything else as it is.
    fn path(&self, status: &str) -> String {
        let mut query = Serializer::new(String::new());
        if !status.is_empty() {
            query.append_pair("status", status);
        }
        if !self.words.is_empty() {
            query.append_pair("q", &self.words);
        }
        if self.is_oldest_first {
            query.append_pair("sort", "updated_at");
        }
        let query = query.finish();
        if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
    }
}

fn new_post(cx: &Context, visit: &Visit, problem: Option<&Problem>) -> Markup {
    html! {
        form.row method="post" action=(PATH) {
            (parts::token(visit))
            (once::field(cx.clock.now()))
            (parts::field(Field {
                name: "title",
                label: "Title of a new post",
                value: visit.form.text("title"),
                max: Some(200),
                required: true,
                fault: parts::fault(problem, "title"),
                ..Field::default()
            }))
            button.button.go type="submit" name="action" value="begin" { "New post" }
        }
    }
}

fn search(wanted: &Wanted) -> Markup {
    let sorts = [("", "Last changed first"), ("updated_at", "Longest unchanged first")];
    html! {
        ul.filters aria-label="Status" {
            @for (status, words) in FILTERS {
                @let is_current = status == wanted.status;
                li { a href=(wanted.path(status)) aria-current=[is_current.then_some("true")] { (words) } }
            }
        }
        form.row method="get" action=(PATH) role="search" {
            @if !wanted.status.is_empty() {
                input type="hidden" name="status" value=(wanted.status);
            }
            (parts::field(Field {
                name: "q",
                label: "Words in the title",
                value: &wanted.words,
                max: Some(100),
                ..Field::default()
            }))
            (parts::field(Field {
                name: "sort",
                label: "Order",
                value: if wanted.is_oldest_first { "updated_at" } else { "" },
                kind: Kind::Choice(&sorts),
                ..Field::default()
            }))
            button.button type="submit" { "Search" }
        }
    }
}

fn nothing(wanted: &Wanted, has_more: bool) -> Markup {
    match (has_more, wanted.status.as_str(), wanted.words.is_empty()) {
        (true, ..) => parts::empty(
            "Nothing on this page",
            "The posts here do not match. There are more below.",
            None,
        ),
        (_, _, false) => parts::empty(
            "No title has these words",
            "Try fewer words, or look at another status.",
            Some((PATH, "Show all posts")),
        ),
        (_, "trashed", _) => {
            parts::empty("The trash is empty", "Deleted posts stay here for 30 days.", None)
        }
        (_, "", _) => parts::empty(
            "No posts yet",
            "Write a title above to begin the first one. Readers do not see it before it is published. Editors do.",
            None,
        ),
        _ => parts::empty(
            "No such posts",
            "No post has this status.",
            Some((PATH, "Show all posts")),
        ),
    }
}

fn row(cx: &Context, visit: &Visit, summary: &PostSummary) -> Markup {
    let now = &parts::Now::of(cx);
    html! {
        li {
            div.main {
                a.main-link.name href=(post::path(&summary.id)) { (summary.fields.title) }
                p {
                    @if !summary.fields.post_type.is_post() { "Page " }
                    "by " (summary.author.name)
                }
            }
            div.side { (parts::time(now, summary.updated_at)) }
            div.meta { (status::words(now, summary)) }
            @if summary.trashed_at.is_some() {
                form method="post" action=(PATH) {
                    (parts::token(visit))
                    input type="hidden" name="post" value=(summary.id);
                    button.button.slim type="submit" name="action" value="restore" {
                        "Restore" span.sr { " “" (summary.fields.title) "”" }
                    }
                }
            }
        }
    }
}
