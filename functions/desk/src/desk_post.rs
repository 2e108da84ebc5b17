//! `/desk/posts/{id}`: where a post is written.

use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::http::if_match::IfMatch;
use byline_shared::model::{Note, PostId, ProposalId, RevisionId, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, Editing};
use byline_shared::store::ahead::NamedKind;
use futures_util::future::try_join;
use http::StatusCode;
use serde_json::json;

use crate::answers::{self, done, see_other, status_of};
use crate::notice::Done;
use crate::once;
use crate::page::{self, Page};
use crate::post::conflict::Conflict;
use crate::post::cover::Covers;
use crate::post::editor::{self, Editor};
use crate::post::values::Values;
use crate::post::{self, conflict, cover};
use crate::visit::Visit;

/// Edits a post.
struct Post;

/// The operation.
pub const OPERATION: Operation = page::operation::<Post>(module_path!());

impl Page for Post {
    const NAME: &'static str = "desk-post";
    const PATH: &'static str = "/desk/posts/{id}";
    const SUMMARY: &'static str = "Write a post";
    const PERMISSIONS: &'static [Permission] = &[
        limits::LIMIT_PERMISSION,
        publishing::PUBLISH,
        HOLD_RIGHT,
        publishing::READ_APPROVER,
        publishing::HISTORY,
        Permission::Index(Content, "gsi1"),
        Permission::Index(Content, "gsi2"),
        Permission::Schedules,
    ];
    const ERRORS: &'static [Code] = &[
        Code::NotFound,
        Code::SlugTaken,
        Code::PostTrashed,
        Code::EditConflict,
        Code::PreconditionFailed,
    ];
    const NAMES: Option<NamedKind> = Some(NamedKind::Post);
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] =
        &[("id", byline_shared::examples::POST_ID)];
    const DONE: &'static [Done] = &[
        Done::Published,
        Done::Scheduled,
        Done::Unscheduled,
        Done::TakenDown,
        Done::DateOrAuthorChanged,
        Done::Saved,
        Done::Unchanged,
        Done::HandedIn,
        Done::Restored,
        Done::PostBegun,
        Done::TextRestored,
    ];

    type Needs = scope::PostsRead;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let id: PostId = visit.id("id")?;
        let actor = visit.actor();
        let editing = Box::pin(publishing::editing(cx, &actor, &id));
        let (editing, covers) = try_join(editing, Covers::newest(cx, visit)).await?;
        let latest = latest(&editing);
        // The form of an older session is shown as it was sent.
        let (values, base) = if visit.form.has("body") {
            (Values::of_form(&visit.form), visit.form.text("revision_id").to_owned())
        } else {
            (latest, editing.latest.summary.id.to_string())
        };
        let rendered = if visit.query.text("view") == "preview" {
            Some(publishing::preview(cx, editing.latest.body.clone()).await)
        } else {
            None
        };
        let covers = covers.with(cx, visit, values.get("cover")).await?;
        let (covers, values, base) = (&covers, &values, base.as_str());
        let editor = Editor {
            editing: &editing,
            covers,
            values,
            base,
            problem: None,
            conflict: None,
            rendered,
        };
        Ok(editor::page(cx, visit, StatusCode::OK, &editor))
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let id: PostId = visit.id("id")?;
        match act(cx, visit, &id).await {
            Ok(response) => Ok(response),
            Err(Refused::Conflict(conflict)) => again(cx, visit, &id, None, Some(&conflict)).await,
            Err(Refused::Problem(problem)) if post::is_for_the_form(&problem) => {
                again(cx, visit, &id, Some(problem), None).await
            }
            Err(Refused::Problem(problem)) => Err(problem),
        }
    }
}

async fn act(cx: &Context, visit: &Visit, id: &PostId) -> Result<Response, Refused> {
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    match visit.form.text("action") {
        "trash" => Ok(post::trash(cx, visit, id).await?),
        "restore" => Ok(post::restore(cx, visit, id).await?),
        action @ ("save" | "preview" | "hand_in") if visit.form.has("body") => {
            Box::pin(save(cx, visit, id, action)).await
        }
        _ => Err(Problem::new(Code::MalformedRequest, "The form has no known button.").into()),
    }
}

/// Why a form was not carried out.
enum Refused {
    Problem(Problem),
    /// Somebody else has saved the post.
    Conflict(Box<Conflict>),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

fn latest(editing: &Editing) -> Values {
    Values::of_text(&editing.latest.summary.fields, &editing.latest.body)
}

/// Saves what was sent, if it is another text than the latest revision, and does what else the button says.
async fn save(cx: &Context, visit: &Visit, id: &PostId, action: &str) -> Result<Response, Refused> {
    visit.caller.require(Scope::PostsWrite)?;
    let actor = visit.actor();
    let editing = publishing::editing(cx, &actor, id).await?;
    let sent = Values::of_form(&visit.form);
    let changed = sent.differing(&latest(&editing));
    let alt = cover::new_alt(visit, &sent)?;
    let note = note(visit)?;
    let mut newest = editing.latest.summary.id.clone();
    let mut version = editing.post.version;
    let mut slug = editing.post.fields.slug.clone();
    let mut what = Done::Unchanged;
    if !is_saved(cx, visit, (id, &editing), (&sent, &changed)).await? {
        let base = base(visit)?;
        // Publishing gives the post another version, too; what counts is the text that the form began with.
        if base != newest {
            let conflict = conflict::of(cx, visit, id, &base, &editing, sent).await?;
            return Err(Refused::Conflict(Box::new(conflict)));
        }
        let changes = sent.changes(&changed)?;
        let seen = IfMatch::version(editing.post.version);
        let saved = publishing::edit_with_slug(cx, &actor, id, &seen, changes).await;
        newest = match saved {
            Ok(saved) => {
                version = saved.summary.version;
                slug = saved.summary.fields.slug;
                saved.summary.revision_id
            }
            Err(problem) if problem.code == Code::PreconditionFailed => {
                let editing = publishing::editing(cx, &actor, id).await?;
                let conflict = conflict::of(cx, visit, id, &base, &editing, sent).await?;
                return Err(Refused::Conflict(Box::new(conflict)));
            }
            Err(problem) => return Err(problem.into()),
        };
        what = Done::Saved;
    }
    if let Some(alt) = alt {
        cover::describe(cx, visit, alt).await?;
        what = Done::Saved;
    }
    let path = post::path(id);
    match action {
        "hand_in" => {
            visit.caller.require(Scope::PostsPropose)?;
            // Another text or another note is another proposal.
            let words = note.as_ref().map_or("", |note| note.as_str());
            let what = format!("proposal {newest} {words}");
            let proposal = ProposalId::from_ulid(once::ulid(cx, visit, &what).await?);
            publishing::hand_in(cx, &actor, id, &newest, note, proposal).await?;
            Ok(done(&path, Done::HandedIn))
        }
        "preview" => Ok(see_other(&format!("{path}?view=preview&done={}#preview", what.as_str()))),
        // The script of the page goes on with the form as it is.
        _ if visit.is_script => {
            let said = what.text();
            let body =
                json!({ "revision_id": newest, "version": version, "slug": slug, "said": said });
            Ok(answers::json(200, &body))
        }
        _ => Ok(done(&path, what)),
    }
}

/// Whether nothing of what was sent is missing in the latest text. The form of a draft that was sent twice, with a
/// new title, has the old slug once more: the first time, the slug followed the title.
async fn is_saved(
    cx: &Context,
    visit: &Visit,
    (id, editing): (&PostId, &Editing),
    (sent, changed): (&Values, &[&str]),
) -> Result<bool, Problem> {
    if changed != ["slug"] {
        return Ok(changed.is_empty());
    }
    let base = base(visit)?;
    if base == editing.latest.summary.id {
        return Ok(false);
    }
    let old = publishing::revision(cx, &visit.actor(), id, &base).await?;
    Ok(old.summary.fields.slug.as_str() == sent.get("slug"))
}

/// The revision that the form began with.
fn base(visit: &Visit) -> Result<RevisionId, Problem> {
    visit.form.text("revision_id").parse().map_err(|_| {
        let message = "The form does not say which text it began with. Send it again.";
        Problem::invalid_field("revision_id", "invalid", message)
    })
}

fn note(visit: &Visit) -> Result<Option<Note>, Problem> {
    let sent = visit.form.text("note").trim();
    if sent.is_empty() {
        return Ok(None);
    }
    let note = sent.parse::<Note>();
    note.map(Some).map_err(|error| Problem::invalid_field("note", "invalid", error.to_string()))
}

/// The page with what was sent, and why it was not carried out.
async fn again(
    cx: &Context,
    visit: &Visit,
    id: &PostId,
    mut problem: Option<Problem>,
    conflict: Option<&Conflict>,
) -> Result<Response, Problem> {
    let editing = publishing::editing(cx, &visit.actor(), id).await?;
    if let Some(problem) = problem.as_mut().filter(|problem| problem.code == Code::SlugTaken) {
        *problem = Problem::invalid_field(
            "slug",
            "taken",
            "Another post has this address. Choose another one.",
        );
    }
    let newest = editing.latest.summary.id.to_string();
    let (values, base) = match conflict {
        Some(conflict) => (conflict.values.clone(), newest.as_str()),
        None => {
            let sent = Values::of_form(&visit.form);
            // Buttons beside the editor send no text.
            if !visit.form.has("body") || sent == latest(&editing) {
                (latest(&editing), newest.as_str())
            } else {
                (sent, visit.form.text("revision_id"))
            }
        }
    };
    let covers = cover::choices(cx, visit, values.get("cover")).await?;
    let status = problem.as_ref().map_or(StatusCode::CONFLICT, status_of);
    let editor = Editor {
        editing: &editing,
        covers: &covers,
        values: &values,
        base,
        problem: problem.as_ref(),
        conflict,
        rendered: None,
    };
    Ok(editor::page(cx, visit, status, &editor))
}
