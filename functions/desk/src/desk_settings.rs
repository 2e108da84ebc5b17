//! `/desk/settings`: the publication's settings.

use byline_shared::auth::audit::AUDIT_PERMISSION;
use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::http::if_match::IfMatch;
use byline_shared::model::{AgentPublishing, Registration, Settings};
use byline_shared::prelude::*;
use byline_shared::settings::{self, SettingsChanges};
use byline_shared::store::keys;
use maud::{Markup, html};

use crate::answers::done;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page;
use crate::parts::{self, Field, Kind, fault};
use crate::typed::Typed;
use crate::visit::Visit;

/// Shows the settings.
struct ShowSettings;

/// The operation.
pub const OPERATION: Operation = page::operation::<ShowSettings>(module_path!());

/// What agents may do, in the words of the page.
const AGENTS: [(&str, &str, AgentPublishing); 3] = [
    ("never", "Nothing: they draft and propose, people do the rest", AgentPublishing::Never),
    ("approved", "Publish and schedule what a person approved", AgentPublishing::Approved),
    ("allowed", "Everything that their role and scopes allow", AgentPublishing::Allowed),
];

/// How people get an account, in the words of the page.
const REGISTRATION: [(&str, &str, Registration); 2] = [
    ("invited", "By invitation of an admin", Registration::Invited),
    ("open", "Everybody can sign up, and begins as a reader", Registration::Open),
];

impl page::Page for ShowSettings {
    const NAME: &'static str = "desk-settings";
    const PATH: &'static str = "/desk/settings";
    const SUMMARY: &'static str = "Show the publication's settings";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Content, keys::SETTINGS, &[GetItem, PutItem]), AUDIT_PERMISSION];
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
        post_path: form.required("post_path"),
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
    // A form that was sent twice has done its work already.
    if problem.as_ref().is_some_and(|problem| problem.code == Code::PreconditionFailed)
        && is_saved(visit, &stored)
    {
        return Ok(done("/desk/settings", Done::SettingsChanged));
    }
    let is_stale = problem.as_ref().is_some_and(|problem| problem.code == Code::PreconditionFailed);
    // A form that comes back is still based on what it began with, or it would undo another admin's change
    // without a word. Only what was compared counts as read.
    let stored_version = stored.version.to_string();
    let version = match visit.form.get("version") {
        Some(version) if !is_stale => version,
        _ => &stored_version,
    };
    let main = html! {
        (parts::head("Settings", Some("Feeds and your website use them. Mails and the Desk have the name that the deployment gives."), None))
        @if is_stale {
            div.alert role="alert" tabindex="-1" {
                h2 { "Somebody else changed the settings while you did" }
                p { "Yours are in the form below, and nothing of them is saved. Compare with what is saved now, and save again." }
                (now(&stored))
            }
        } @else if let Some(problem) = &problem {
            (parts::problem(problem))
        }
        (form(visit, &stored, version, problem.as_ref()))
    };
    let frame = Sheet::new("Settings", Section::Settings);
    Ok(sheet(cx, visit, frame.telling(problem.as_ref()), &main))
}

/// Whether all that was entered is what is saved now.
fn is_saved(visit: &Visit, stored: &Settings) -> bool {
    let saved = [
        ("title", stored.title.as_str()),
        ("description", stored.description.as_str()),
        ("url", stored.url.as_str()),
        ("language", stored.language.as_str()),
        ("post_path", stored.post_path.as_str()),
        ("agent_publishing", of_value(&AGENTS, stored.agent_publishing).0),
        ("registration", of_value(&REGISTRATION, stored.registration).0),
        ("style_guide", stored.style_guide.as_str()),
    ];
    visit.form.has("author_publishing") == stored.author_publishing
        && saved.iter().all(|(name, saved)| visit.form.text(name).trim() == saved.trim())
}

/// The fields that are saved now.
fn now(stored: &Settings) -> Markup {
    html! {
        dl.facts {
            div { dt { "Name" } dd { (stored.title) } }
            div { dt { "Description" } dd { (stored.description) } }
            div { dt { "Website" } dd { (stored.url) } }
            div { dt { "Language" } dd { (stored.language) } }
            div { dt { "Path of a post" } dd { (stored.post_path) } }
            div { dt { "Agents may" } dd { (of_value(&AGENTS, stored.agent_publishing).1) } }
            div { dt { "Authors publish their own posts" } dd { @if stored.author_publishing { "yes" } @else { "no" } } }
            div { dt { "Accounts" } dd { (of_value(&REGISTRATION, stored.registration).1) } }
            div { dt { "Style guide" } dd.keep { (stored.style_guide) } }
        }
    }
}

/// A choice: its word in the form, its words on the page, and its value.
type Choice<T> = (&'static str, &'static str, T);

/// The value of a word in the form.
fn value_of<T: Copy>(choices: &[Choice<T>], word: &str) -> Option<T> {
    choices.iter().find(|(known, ..)| *known == word).map(|(.., value)| *value)
}

/// The choice of a value.
fn of_value<T: PartialEq>(choices: &[Choice<T>], value: T) -> &Choice<T> {
    choices.iter().find(|(.., known)| *known == value).expect("every value is a choice")
}

fn form(visit: &Visit, stored: &Settings, version: &str, problem: Option<&Problem>) -> Markup {
    let value = |name: &str, stored: &str| visit.form.get(name).unwrap_or(stored).to_owned();
    let title = value("title", stored.title.as_str());
    let description = value("description", stored.description.as_str());
    let url = value("url", stored.url.as_str());
    let language = value("language", stored.language.as_str());
    let post_path = value("post_path", stored.post_path.as_str());
    let agents = value("agent_publishing", of_value(&AGENTS, stored.agent_publishing).0);
    let registration = value("registration", of_value(&REGISTRATION, stored.registration).0);
    let authors = match visit.form.has("version") {
        true => visit.form.has("author_publishing"),
        false => stored.author_publishing,
    };
    let style_guide = value("style_guide", stored.style_guide.as_str());
    let agent_choices = AGENTS.map(|(word, words, _)| (word, words));
    let registration_choices = REGISTRATION.map(|(word, words, _)| (word, words));
    let fault = |name| fault(problem, name);
    html! {
        section.sheet {
            form.form.padded method="post" action="/desk/settings" {
                (parts::token(visit))
                input type="hidden" name="version" value=(version);
                (parts::field(Field { name: "title", label: "Name of the publication", value: &title, required: true, max: Some(200), fault: fault("title"), ..Field::default() }))
                (parts::field(Field { name: "description", label: "Description (optional)", value: &description, hint: Some("In plain text. Feeds show it."), kind: Kind::Area(2), max: Some(1000), fault: fault("description"), ..Field::default() }))
                (parts::field(Field { name: "url", label: "Address of the website", value: &url, hint: Some("Where readers read, such as https://example.com."), kind: Kind::Url, required: true, fault: fault("url"), ..Field::default() }))
                div.pair {
                    (parts::field(Field { name: "language", label: "Language", value: &language, hint: Some("Of posts that name no other: en, de, pt-BR."), required: true, fault: fault("language"), ..Field::default() }))
                    (parts::field(Field { name: "post_path", label: "Path of a post", value: &post_path, hint: Some("On the website, with {slug}: /posts/{slug}."), required: true, fault: fault("post_path"), ..Field::default() }))
                }
                (parts::field(Field { name: "agent_publishing", label: "What agents may publish", value: &agents, hint: Some("Agents are API keys and connected apps. They never approve, reject or change settings."), kind: Kind::Choice(&agent_choices), required: true, fault: fault("agent_publishing"), ..Field::default() }))
                (parts::tick("author_publishing", "yes", "Authors publish their own posts", Some("They publish, schedule and take down what they wrote, as signed-in people. Their API keys and apps do not. Turned off, what they have scheduled does not go live."), authors))
                (parts::field(Field { name: "registration", label: "How people get an account", value: &registration, hint: Some("Admins invite people under People, whatever this says. To sign up, people need a page of your website that calls the API."), kind: Kind::Choice(&registration_choices), required: true, fault: fault("registration"), ..Field::default() }))
                (parts::field(Field { name: "style_guide", label: "Style guide (optional)", value: &style_guide, hint: Some("How to write here, in Markdown. Agents read it before they write."), kind: Kind::Area(10), max: Some(20_000), fault: fault("style_guide"), ..Field::default() }))
                button.button.go type="submit" { "Save settings" }
            }
        }
    }
}
