//! Chromium on every page of the Desk: `tests/outside/browser/desk.py`, and on the ways of people through it:
//! `tests/outside/browser/path.py`. The screenshots are left in `target/outside/browser/`.

use std::process::Command;

use byline_shared::auth::Access;
use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{file, has_browser, results, run};
use crate::conversations::agent::{RESPONSES, ScriptedModel, Step, ask, with_model_of};
use crate::desk::first_run::without_admin;
use crate::harness::tier::tier;
use crate::harness::{Answer, App, Client, PASSWORD, draft, tools};
use crate::media;

const TIDE: &str = "At low water the beach is a *list* of small things.\n\n\
    ## What is there\n\n\
    - rope, blue\n- a glove\n- the sound of it\n\n\
    > Nobody asks a shell where it has been.\n\n\
    | Day | High | Low |\n|---|---|---|\n| Monday | 06:12 | 12:24 |\n| Tuesday | 06:58 | 13:10 |\n\n\
    ```\nlet tide = \"out\";\n```\n\n\
    We come back [every morning](https://example.org/tides), and it is never the same list.\n";

const ANSWER: &str = "I have proposed an excerpt. **It waits for a review.**\n\n\
    ## Why so short\n\n\
    1. Lists show 160 characters.\n2. The text begins with `At low water`.\n\n\
    | Page | Characters |\n|---|---|\n| list | 160 |\n| feed | 300 |\n\n\
    > Nobody asks a shell where it has been.\n\n\
    ```\nAVeryLongLineThatNoBrowserMayBreakUnlessItIsToldToDoSoByTheStyleSheetOfThePage\n```\n\n\
    See [how others do it](https://elsewhere.example/a/very/long/address/that/goes/on) and \
    https://elsewhere.example/another/very/long/address/that/goes/on/and/on/and/on/and/on.\n\n\
    ![a beach](https://cdn.example/kelp.png)\n";

/// The model may think for as long as the test looks at its page.
const SLOW: &[(&str, &str)] = &[("BYLINE_AGENT_SILENCE_SECONDS", "240")];

/// What the pages are about.
struct World {
    post: String,
    proposal: String,
    media: String,
    tag: String,
    user: String,
    conversation: String,
    /// The pages of preview links: of a draft, and of a text that is live.
    previews: [String; 2],
}

async fn post(client: &Client, title: &str, body: &str) -> Answer {
    let mut new = draft(title);
    new["body"] = json!(body);
    client.post("/v1/manage/posts", new, 201).await
}

async fn publish(client: &Client, post: &Answer) {
    let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    client.post(&path, json!({ "revision_id": post.text("/revision_id") }), 200).await;
}

/// A publication with a bit of everything: live, drafted, scheduled, proposed with hidden text, rejected.
async fn world(app: &App, admin: &Client, model: &ScriptedModel) -> World {
    let agent = app.agent(admin).await;
    let live = post(admin, "What the tide leaves", TIDE).await;
    publish(admin, &live).await;
    let change = json!({
        "base_revision_id": live.text("/revision_id"),
        "body": TIDE.replace("blue", "green").replace("a glove", "two gloves\u{200b}")
            .replace("It is never", "It is always") + "\nA new end, <!-- ignore the rest --> with a link \
            to [the bank](https://evil.example) and ![a picture](https://cdn.example/kelp.png).\n",
        "title": "What the tide leaves, and takes",
        "tags": ["Field notes", "Sea"],
        "note": "Two corrections in the list, and an end.",
    });
    let proposals = format!("/v1/manage/posts/{}/proposals", live.text("/id"));
    let proposal = agent.post(&proposals, change, 201).await.text("/id");
    let new = json!({
        "title": "A title that goes on for a good while because nobody could decide what to leave out of it",
        "body": "One.\n",
        "note": "AVeryLongWordThatNoBrowserMayBreakUnlessItIsToldToDoSoByTheStyleSheetOfThePage",
    });
    agent.post("/v1/manage/proposals", new, 201).await;
    let later = post(admin, "Winter hours", "We close at four.\n").await;
    let schedule = format!("/v1/manage/posts/{}/schedule", later.text("/id"));
    let at = app.byline.context.clock.now().plus_seconds(26 * 3600);
    let body = json!({ "revision_id": later.text("/revision_id"), "publish_at": at });
    admin.post(&schedule, body, 200).await;
    let prices = post(admin, "Our prices", "We charge 10 euros.\n").await;
    publish(admin, &prices).await;
    let edited = format!("/v1/manage/posts/{}", prices.text("/id"));
    let etag = admin.get(&edited, 200).await.header("etag").to_owned();
    let change = json!({ "body": "We charge 11 euros.\n" });
    admin.send(Method::PATCH, &edited, &[("if-match", &etag)], Some(change), 200).await;
    let media = media::published(admin).await.text("/id");
    let previews = [preview(admin, &later).await, preview(admin, &live).await];
    let tags = admin.get("/v1/manage/tags", 200).await;
    let author = app.user(Role::Author).await.get("/v1/users/me", 200).await;
    World {
        post: live.text("/id"),
        proposal,
        media,
        tag: tags.text("/items/0/slug"),
        user: author.text("/id"),
        conversation: conversation(admin, &live, model).await,
        previews,
    }
}

/// A conversation with the agent: it reads, proposes, answers, and then it fails.
async fn conversation(admin: &Client, post: &Answer, model: &ScriptedModel) -> String {
    let (id, revision) = (post.text("/id"), post.text("/revision_id"));
    let change =
        json!({ "post_id": id, "revision_id": revision, "excerpt": "A list of small things." });
    model.then(vec![
        Step::Calls(
            "I look at the post first.",
            vec![("search", json!({ "query": "tide" })), ("post_get", json!({ "post_id": id }))],
        ),
        Step::Calls("", vec![("post_propose", change), ("post_delete", json!({ "post_id": id }))]),
        Step::Says(ANSWER),
        Step::Status(400),
    ]);
    let asked =
        ask(admin, "Could you write an excerpt for “What the tide leaves”?\n\nShort, please.")
            .await;
    let id = asked.text("/conversation/id");
    let body = json!({ "input": "And for the others?", "conversation": id });
    admin.post(RESPONSES, body, 200).await;
    id
}

/// The path of a new preview link of a post.
async fn preview(admin: &Client, post: &Answer) -> String {
    let links = format!("/v1/manage/posts/{}/preview-links", post.text("/id"));
    let url = admin.post(&links, json!({}), 201).await.text("/url");
    url[url.find("/preview/").unwrap()..].to_owned()
}

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

/// The page of a conversation in which the agent answers, as long as the test lasts.
async fn running(app: &App, admin: &Client, model: &ScriptedModel) -> String {
    model.now(vec![Step::Waits("", Box::new(Step::Says("never")))]);
    let id = admin.post("/v1/conversations", json!({}), 200).await.text("/id");
    let body = json!({ "input": "Read all posts, please.", "conversation": id });
    let (asks, before) = (admin.clone(), model.asked().len());
    tokio::spawn(async move { asks.try_post(RESPONSES, body).await });
    model.was_asked(before + 1).await;
    assert!(app.byline.observer.violations().is_empty());
    format!("/desk/agent/{id}")
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
    let has_rules = tools::there_is("python3", &[axe.to_str().unwrap()]);
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
    let every_view = "390-light 390-dark 1280-light 1280-dark";
    browser.arg(tier().pick("390-light 1280-dark", every_view));
    let (went_well, said) = run(browser).await;
    assert!(went_well, "{said}");
    assert!(said.lines().filter(|line| line.starts_with("ok: ")).count() >= 30, "{said}");
    assert!(app.byline.observer.violations().is_empty());
}

/// What a Byline shows before anybody is there, and where people are invited.
#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_the_first_day_are_accessible_small_and_strict() {
    let axe = file("browser/axe.py");
    let has_rules = tools::there_is("python3", &[axe.to_str().unwrap()]);
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
    let every_view = "390-light 390-dark 1280-light 1280-dark";
    browser.arg(tier().pick("390-light 1280-dark", every_view));
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
