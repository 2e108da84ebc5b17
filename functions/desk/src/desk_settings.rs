//! `/desk/settings`: the publication's settings.

use byline_shared::auth::audit::AUDIT_PERMISSION;
use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::http::if_match::IfMatch;
use byline_shared::model::Settings;
use byline_shared::prelude::*;
use byline_shared::settings::{self, SettingsChanges};
use byline_shared::store::keys;
use maud::html;

use crate::answers::done;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page;
use crate::parts;
use crate::settings::entries::{AGENTS, REGISTRATION, entries, value_of};
use crate::settings::form::{Start, form};
use crate::settings::together::{self, BASE};
use crate::typed::Typed;
use crate::visit::Visit;

/// Shows the settings.
struct ShowSettings;

/// The operation.
pub const OPERATION: Operation = page::operation::<ShowSettings>(module_path!());

impl page::Page for ShowSettings {
    const NAME: &'static str = "desk-settings";
    const PATH: &'static str = "/desk/settings";
    const SUMMARY: &'static str = "Show the publication's settings";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, keys::SETTINGS, &[GetItem, PutItem]),
        Permission::Items(Content, keys::PROPAGATION_PREFIX, &[PutItem]),
        AUDIT_PERMISSION,
        HOLD_RIGHT,
    ];
    const DONE: &'static [Done] = &[Done::SettingsChanged];

    type Needs = scope::Admin;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        view(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        match save(cx, visit).await {
            Ok(_) => Ok(done("/desk/settings", Done::SettingsChanged)),
            Err(problem) if matches!(problem.code.status(), 412 | 422 | 429) => {
                view(cx, visit, Some(problem)).await
            }
            Err(problem) => Err(problem),
        }
    }
}

async fn save(cx: &Context, visit: &Visit) -> Result<Settings, Problem> {
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let mut form = Typed::new(&visit.form);
    let chosen = |name| visit.form.text(name);
    let changes = SettingsChanges {
        title: form.required("title"),
        description: form.required("description"),
        url: form.required("url"),
        language: form.required("language"),
        time_zone: form.required("time_zone"),
        post_path: form.required("post_path"),
        page_path: form.required("page_path"),
        agent_publishing: value_of(&AGENTS, chosen("agent_publishing")),
        author_publishing: Some(visit.form.has("author_publishing")),
        style_guide: form.required("style_guide"),
        registration: value_of(&REGISTRATION, chosen("registration")),
    };
    form.finish()?;
    let version = visit.form.text("version").parse().map_err(|_| {
        Problem::new(Code::MalformedRequest, "The form lacks the version of the settings.")
    })?;
    settings::change(cx, &visit.actor(), Some(&IfMatch::version(version)), changes).await
}

async fn view(cx: &Context, visit: &Visit, problem: Option<Problem>) -> Result<Response, Problem> {
    let stored = settings::current(cx).await?;
    let is_stale = problem.as_ref().is_some_and(|problem| problem.code == Code::PreconditionFailed);
    // A form that was sent twice has done its work already.
    if is_stale && together::is_saved(&visit.form, &stored) {
        return Ok(done("/desk/settings", Done::SettingsChanged));
    }
    // A form that comes back is still based on what it began with, or it would undo another admin's change
    // without a word. Only what was told counts as read.
    let (stored_version, stored_base) = (stored.version.to_string(), together::base(&stored));
    let (version, base) = match visit.form.get("version") {
        Some(version) if !is_stale => (version, visit.form.text(BASE)),
        _ => (stored_version.as_str(), stored_base.as_str()),
    };
    let values: Vec<(&'static str, String)> = match visit.form.has("version") {
        true if is_stale => together::merged(&visit.form, &stored),
        true => entries(&stored)
            .map(|entry| (entry.name, visit.form.text(entry.name).to_owned()))
            .into(),
        false => entries(&stored).map(|entry| (entry.name, entry.value)).into(),
    };
    let when = stored.updated_at.map(|at| parts::time(&parts::Now::of(cx), at));
    let main = html! {
        (parts::head("Settings", Some("The publication's name and address, and what people and agents may do."), None))
        @if is_stale {
            (together::told(&visit.form, &stored, when.as_ref()))
        } @else if let Some(problem) = &problem {
            (parts::problem(problem))
        }
        (form(visit, &Start { version, base, values: &values }, problem.as_ref()))
    };
    let frame = Sheet::new("Settings", Section::Settings);
    Ok(sheet(cx, visit, frame.telling(problem.as_ref()), &main))
}
