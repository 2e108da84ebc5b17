//! `/desk/account/profile`: what readers learn of the visitor. [`publishing::check_profile`] has the rules.

use byline_shared::auth::{audit, limits};
use byline_shared::http::Response;
use byline_shared::model::{
    Bio, LinkLabel, MediaId, Patch, Profile, ProfileChanges, ProfileLink, ProfileUrl, Role,
};
use byline_shared::prelude::*;
use byline_shared::publishing;
use maud::{Markup, html};

use crate::account::{self, Part};
use crate::answers::done;
use crate::notice::Done;
use crate::open::is_theirs;
use crate::page::{self, Page};
use crate::parts::{self, Field, Kind};
use crate::pictures::{self, Pictures};
use crate::typed::Typed;
use crate::visit::Visit;

/// The public profile.
pub struct AccountProfile;

/// The operation.
pub const OPERATION: Operation = page::operation::<AccountProfile>(module_path!());

impl Page for AccountProfile {
    const NAME: &'static str = "desk-account-profile";
    const PATH: &'static str = "/desk/account/profile";
    const SUMMARY: &'static str = "Change your public profile";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[ConditionCheckItem]),
        publishing::CHANGE_PROFILE[0],
        publishing::CHANGE_PROFILE[1],
        Permission::Index(Content, "gsi1"),
        Permission::Index(Content, "gsi2"),
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const DONE: &'static [Done] = &[Done::ProfileSaved];

    type Needs = scope::Profile;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        view(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        match save(cx, visit).await {
            Ok(()) => Ok(done(Self::PATH, Done::ProfileSaved)),
            Err(problem) if is_theirs(&problem) => view(cx, visit, Some(&problem)).await,
            Err(problem) => Err(problem),
        }
    }
}

async fn save(cx: &Context, visit: &Visit) -> Result<(), Problem> {
    let changes = match visit.form.text("step") {
        "remove" => {
            let links = Some(Vec::new());
            ProfileChanges { bio: Patch::Clear, picture: Patch::Clear, links }
        }
        _ => changes(visit)?,
    };
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let who = visit.person();
    let saved = async {
        let checked = publishing::check_profile(cx, &who, changes).await?;
        publishing::save_profile(cx, &who, checked).await
    };
    saved.await.map(drop).map_err(|mut problem| {
        // The fields of this form are those of the profile.
        for error in &mut problem.errors {
            if let Some(field) = error.pointer.strip_prefix("/profile") {
                error.pointer = field.to_owned();
            }
        }
        problem
    })
}

/// The fields of a link in the form. Messages call them by these names: "Address of link 1".
fn link_fields(number: usize) -> [String; 2] {
    [format!("label_of_link_{number}"), format!("address_of_link_{number}")]
}

/// The profile that the form asks for.
fn changes(visit: &Visit) -> Result<ProfileChanges, Problem> {
    let form = &visit.form;
    let mut typed = Typed::new(form);
    let bio: Option<Bio> = typed.optional("bio");
    let picture: Option<MediaId> = typed.optional("picture");
    let mut links = Vec::new();
    for number in 1..=Profile::MAX_LINKS {
        let [label, url] = link_fields(number);
        if form.text(&label).trim().is_empty() && form.text(&url).trim().is_empty() {
            continue;
        }
        let label: Option<LinkLabel> = typed.required(&label);
        let url: Option<ProfileUrl> = typed.required(&url);
        links.extend(label.zip(url).map(|(label, url)| ProfileLink { label, url }));
    }
    typed.finish()?;
    Ok(ProfileChanges {
        bio: bio.map_or(Patch::Clear, Patch::Set),
        picture: picture.map_or(Patch::Clear, Patch::Set),
        links: Some(links),
    })
}

async fn view(cx: &Context, visit: &Visit, problem: Option<&Problem>) -> Result<Response, Problem> {
    let profile = publishing::profile(cx, &visit.caller.user).await?;
    let main = if visit.caller.user.role < Role::Author {
        for_reader(visit, &profile)
    } else {
        let stored = profile.picture.as_ref().map_or("", |picture| picture.id.as_str());
        let chosen = visit.form.get("picture").unwrap_or(stored);
        let pictures = pictures::choices(cx, visit, chosen).await?;
        for_author(visit, &profile, (&pictures, chosen), problem)
    };
    Ok(account::page(cx, visit, Part::Public, problem, &main))
}

fn for_reader(visit: &Visit, profile: &Profile) -> Markup {
    html! {
        section.sheet {
            header { h2 { "Public profile" } }
            div.padded.stack {
                p { "Readers have no posts, so they have no public profile." }
                @if !profile.is_empty() {
                    p { "The one from before is still shown with the posts that you wrote." }
                    form method="post" action=(Part::Public.path()) {
                        (parts::token(visit))
                        button.button.risk type="submit" name="step" value="remove" { "Remove the profile" }
                    }
                }
            }
        }
    }
}

fn for_author(
    visit: &Visit,
    profile: &Profile,
    (pictures, chosen): (&Pictures, &str),
    problem: Option<&Problem>,
) -> Markup {
    let bio = profile.bio.as_ref().map_or("", Bio::as_str);
    html! {
        section.sheet {
            header { h2 { "Public profile" } }
            form.form.padded method="post" action=(Part::Public.path()) {
                (parts::token(visit))
                p.quiet { "Readers see it with your published posts, as soon as you save it. Nobody has to approve it, \
                           and no agent can change it." }
                (parts::field(Field {
                    name: "bio",
                    label: "About you (optional)",
                    value: visit.form.get("bio").unwrap_or(bio),
                    hint: Some("A few sentences in plain text, at most 500 characters."),
                    kind: Kind::Area(3),
                    max: Some(500),
                    fault: parts::fault(problem, "bio"),
                    ..Field::default()
                }))
                fieldset.stack #picture {
                    legend { "Picture (optional)" }
                    @if let Some(fault) = parts::fault(problem, "picture") { p.fault { (fault) } }
                    (pictures.tiles("picture", chosen, "No picture"))
                }
                fieldset.stack #links {
                    legend { "Links (optional)" }
                    @if let Some(fault) = parts::fault(problem, "links") { p.fault { (fault) } }
                    p.hint { "Where else readers find you. Addresses start with https://." }
                    @for number in 1..=shown_links(visit, profile) { (link(visit, profile, number, problem)) }
                }
                button.button.go type="submit" { "Save the profile" }
            }
        }
    }
}

/// How many links the form has fields for: those that there are or were entered, and one more.
fn shown_links(visit: &Visit, profile: &Profile) -> usize {
    let is_entered = |number: &usize| {
        link_fields(*number).iter().any(|field| !visit.form.text(field).trim().is_empty())
    };
    let entered = (1..=Profile::MAX_LINKS).rev().find(is_entered).unwrap_or(0);
    (profile.links.len().max(entered) + 1).clamp(2, Profile::MAX_LINKS)
}

fn link(visit: &Visit, profile: &Profile, number: usize, problem: Option<&Problem>) -> Markup {
    let stored = profile.links.get(number - 1);
    let [label, url] = link_fields(number);
    let label_stored = stored.map_or("", |link| link.label.as_str());
    let url_stored = stored.map_or("", |link| link.url.as_str());
    html! {
        div.pair {
            (parts::field(Field {
                name: &label,
                label: &format!("Label of link {number}"),
                value: visit.form.get(&label).unwrap_or(label_stored),
                max: Some(40),
                fault: parts::fault(problem, &label),
                ..Field::default()
            }))
            (parts::field(Field {
                name: &url,
                label: &format!("Address of link {number}"),
                value: visit.form.get(&url).unwrap_or(url_stored),
                kind: Kind::Url,
                max: Some(300),
                fault: parts::fault(problem, &url),
                ..Field::default()
            }))
        }
    }
}
