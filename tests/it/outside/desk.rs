//! Chromium on every page of the Desk: `tests/outside/browser/desk.py`, and on the ways of people through it:
//! `tests/outside/browser/path.py`. The screenshots are left in `target/outside/browser/`.

use std::process::Command;

use byline_shared::auth::Access;
use byline_shared::model::Role;
use serde_json::{Value, json};

use super::desk_world::{SLOW, TIDE, World, post, publish, running, world};
use super::{file, has_browser, results, run};
use crate::conversations::agent::with_model_of;
use crate::desk::first_run::without_admin;
use crate::harness::{App, Client, PASSWORD, tools};

/// The width of a phone and of a desktop, light and dark.
const EVERY_VIEW: &str = "390-light 390-dark 1280-light 1280-dark";

/// Every page of the Desk that somebody sees, or that is there for everybody.
fn pages(world: &World, is_signed_in: bool) -> Vec<Value> {
    let mut pages = Vec::new();
    let operations = byline_local::operations().into_iter();
    for operation in operations.filter(|operation| operation.path.starts_with("/desk")) {
        let is_open = operation.access == Access::Public;
        // The preview is a frame of the editor, and is checked there. A script alone reads the latest answer.
        let parts = ["desk-assets", "desk-preview", "desk-agent-latest"];
        let is_part = parts.contains(&operation.name);
        if is_part || is_open == is_signed_in {
            continue;
        }
        let path = operation
            .path
            .replace("/proposals/{id}", &format!("/proposals/{}", world.proposal))
            .replace("/posts/{id}", &format!("/posts/{}", world.post))
            .replace("{media_id}", &world.media)
            .replace("{tag_slug}", &world.tag)
            .replace("{conversation_id}", &world.conversation)
            .replace("{user_id}", &world.user);
        assert!(!path.contains('{'), "the test does not know an example for {path}");
        let query: Vec<String> = (operation.example)()
            .query
            .iter()
            .filter(|_| is_open)
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let joint = if query.is_empty() { "" } else { "?" };
        let path = format!("{path}{joint}{}", query.join("&"));
        let name = operation.name.trim_start_matches("desk-");
        pages.push(json!({ "name": name, "path": path, "status": 200 }));
    }
    pages
}

/// The pages that links lead to which still work.
async fn mailed(app: &App, admin: &Client) -> Vec<Value> {
    let invited = json!({ "email": "lin@example.com", "role": "author", "name": "Lin" });
    admin.post("/v1/users/invitations", invited, 201).await;
    let body = json!({ "email": "new@example.com", "name": "New" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let ask = json!({ "email": "admin@example.com" });
    app.anonymous().post("/v1/auth/password/forgot", ask, 202).await;
    let mut pages = Vec::new();
    for (name, to, subject) in [
        ("accept-works", "lin@example.com", "An invitation to"),
        ("confirm-works", "new@example.com", "Confirm your e-mail address"),
        ("reset-works", "admin@example.com", "Choose a new password"),
    ] {
        let mail = app.byline.mailbox.mail_about(to, subject).await;
        let own = format!("http://{}", app.byline.address);
        pages.push(more(name, mail.links[0].strip_prefix(&own).unwrap(), 200));
    }
    pages
}

fn more(name: &str, path: &str, status: u16) -> Value {
    json!({ "name": name, "path": path, "status": status })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_desk_is_accessible_small_and_strict() {
    let axe = file("browser/axe.py");
    let has_rules = tools::full_tier_has("python3", &[axe.to_str().unwrap()]);
    if !has_rules || !has_browser() {
        return;
    }
    let (app, model, _) = with_model_of(Vec::new(), SLOW, byline_local::operations()).await;
    let admin = app.admin().await;
    let author = app.user(Role::Author).await.get("/v1/users/me", 200).await.text("/email");
    let world = world(&app, &admin, &model).await;
    let running = running(&app, &admin, &model).await;
    // First, before the agent takes too long.
    let mut of_admin = vec![more("agent-running", &running, 200)];
    of_admin.extend(pages(&world, true));
    let proposal = format!("/desk/proposals/{}", world.proposal);
    of_admin.extend([
        more("proposal-text", &format!("{proposal}?view=text"), 200),
        more("proposal-result", &format!("{proposal}?view=result"), 200),
        more("agent-new", "/desk/agent/new", 200),
        more("nothing", "/desk/posts/post_01AAAAAAAAAAAAAAAAAAAAAAAA", 404),
    ]);
    let mut of_strangers = pages(&world, false);
    let [draft, live] = &world.previews;
    of_strangers.extend([
        more("shared-preview", draft, 200),
        more("shared-preview-live", live, 200),
        more("shared-preview-gone", &draft[..draft.len() - 1], 404),
    ]);
    of_strangers.extend(mailed(&app, &admin).await);
    let plan = json!([
        { "email": "admin@example.com", "password": PASSWORD, "pages": of_admin },
        { "email": author, "password": PASSWORD, "pages": [
            more("queue-of-author", "/desk", 200),
            more("posts-of-author", "/desk/posts", 200),
            more("agent-empty", "/desk/agent", 200),
            more("media-empty", "/desk/media", 200),
            more("account-delete-of-author", "/desk/account/delete", 200),
            more("not-allowed", "/desk/settings", 403),
        ] },
        { "email": null, "password": null, "pages": of_strangers },
    ]);
    let url = format!("http://{}", app.byline.address);
    let mut browser = Command::new("python3");
    browser.arg(file("browser/desk.py")).args([&url, &plan.to_string()]);
    browser.arg(results("browser/desk"));
    browser.arg(EVERY_VIEW);
    let (went_well, said) = run(browser).await;
    assert!(went_well, "{said}");
    assert!(said.lines().filter(|line| line.starts_with("ok: ")).count() >= 30, "{said}");
    assert!(app.byline.observer.violations().is_empty());
}

/// What a Byline shows before anybody is there, and where people are invited.
#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_the_first_day_are_accessible_small_and_strict() {
    let axe = file("browser/axe.py");
    let has_rules = tools::full_tier_has("python3", &[axe.to_str().unwrap()]);
    if !has_rules || !has_browser() {
        return;
    }
    let app = App::by_invitation().await;
    without_admin(&app).await;
    let body = json!({ "email": "admin@example.com", "name": "Admin" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let confirm = format!("/desk/confirm?token={}", app.mailed_token("admin@example.com").await);
    let plan = json!([{ "email": null, "password": null, "pages": [
        more("first-set-up", "/desk/sign-in", 200),
        more("first-sent", "/desk/sign-in?sent=1", 200),
        more("first-confirm", &confirm, 200),
        more("first-invited", "/desk/sign-up", 200),
    ] }]);
    let url = format!("http://{}", app.byline.address);
    let mut browser = Command::new("python3");
    browser.arg(file("browser/desk.py")).args([&url, &plan.to_string()]);
    browser.arg(results("browser/desk-first"));
    browser.arg(EVERY_VIEW);
    let (went_well, said) = run(browser).await;
    assert!(went_well, "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("ok: ")).count(), 4, "{said}");
}

/// A live post, and a proposal of an agent that changes it.
async fn proposed(editor: &Client, agent: &Client, title: &str, body: &str, change: &str) -> Value {
    let live = post(editor, title, body).await;
    publish(editor, &live).await;
    let change = json!({ "base_revision_id": live.text("/revision_id"), "body": change });
    let path = format!("/v1/manage/posts/{}/proposals", live.text("/id"));
    let proposal = agent.post(&path, change, 201).await.text("/id");
    json!({ "proposal": format!("/desk/proposals/{proposal}"), "live": live.text("/slug") })
}

#[tokio::test(flavor = "multi_thread")]
async fn people_get_from_the_first_link_to_a_published_post() {
    if !has_browser() {
        return;
    }
    let app = App::unlimited().await;
    // The link of a Byline that nothing was written in yet.
    let link = app.byline.sign_in_link().await.unwrap();
    let editor = app.user(Role::Editor).await;
    let email = editor.get("/v1/users/me", 200).await.text("/email");
    let url = format!("http://{}", app.byline.address);
    let path = |link: &str, plan: &Value, walk: &str| {
        let mut browser = Command::new("python3");
        browser.arg(file("browser/path.py")).args([walk, &url, link, &plan.to_string()]);
        browser.arg(results(&format!("browser/path-{walk}")));
        run(browser)
    };
    let (went_well, said) = path(&link, &Value::Null, "first").await;
    assert!(went_well && said.contains("ok: "), "{said}");

    let agent = app.agent(&editor).await;
    let gloves = TIDE.replace("a glove", "two gloves");
    let mut plan = proposed(&editor, &agent, "Kept by the tide", TIDE, &gloves).await;
    let (now, then) = ("We charge 10 euros.\n", "We charge 12 euros.\n");
    plan["phone"] = proposed(&editor, &agent, "Our prices", now, then).await;
    plan["email"] = json!(email);
    plan["password"] = json!(PASSWORD);
    for walk in ["keyboard", "phone"] {
        let (went_well, said) = path(&link, &plan, walk).await;
        assert!(went_well && said.contains("ok: "), "{walk}: {said}");
    }
    assert!(app.byline.observer.violations().is_empty());
}
