//! While the agent is off, its pages say so, and what is there can be read.

use byline_shared::model::Role;

use super::super::visitor::{Visitor, find, form, text_of};
use super::{AGENT, Scene, message, page_of};
use crate::conversations::{running_in, start};
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn it_is_said_and_admins_learn_how_to_turn_it_on() {
    let app = App::unlimited().await;
    for (role, says, is_admin) in [
        (Role::Author, "An admin can turn it on.", false),
        (Role::Editor, "An admin can turn it on.", false),
        (Role::Admin, "BYLINE_AGENT_PROVIDER", true),
    ] {
        let (mut visitor, _) = Visitor::with_role(&app, role).await;
        let page = visitor.get(AGENT, 200).await;
        let words = text_of(&page);
        assert!(words.contains("The agent is off") && words.contains(says), "{role:?}: {words}");
        assert_eq!(words.contains("AgentProvider"), is_admin, "{role:?}: {words}");
        assert!(find(&page, "Send").is_none(), "{role:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn conversations_are_read_renamed_and_deleted_and_what_was_typed_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let app = running_in(folder.path(), true).await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let path = start(&app.sign_in("ada@example.com").await, &["Before"]).await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    let mut ada = Visitor::of(&app, "ada@example.com").await;
    let (list, page) = (ada.get(AGENT, 200).await, ada.get(&page_of(&id), 200).await);
    app.byline.stop().await;

    let app = running_in(folder.path(), false).await;
    let mut ada = Visitor::of(&app, "ada@example.com").await;
    let now = ada.get(&page_of(&id), 200).await;
    let words = text_of(&now);
    assert!(words.contains("Before") && words.contains("The agent is off"), "{words}");
    assert!(find(&now, "Send").is_none(), "{}", now.body);
    // From tabs that were opened before.
    for (before, says) in [(&list, "New conversation"), (&page, "Before")] {
        let mut late = message(before, "Too late");
        late.set("form_token", form(&now, "Save").value("form_token"));
        let refused = ada.submit(&late).await;
        assert_eq!(refused.status, 503, "{}", refused.body);
        let words = text_of(&refused);
        assert!(words.contains("The built-in agent is off") && words.contains(says), "{words}");
        assert!(!words.contains("BYLINE_"), "{words}");
        assert_eq!(form(&refused, "Send").value("message"), "Too late");
    }
    let page = ada.press(&now, "Save", &[("title", "After")]).await;
    assert!(text_of(&page).contains("After"), "{}", page.body);
    let page = ada.press(&page, "Delete conversation", &[("delete", "yes")]).await;
    assert!(text_of(&page).contains("There are none yet."), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_for_conversations_says_where_sdks_ask_the_agent() {
    let mut scene = Scene::new(vec![]).await;
    let base = format!("the base URL is {}/v1", scene.app.byline.context.config.public_url);
    for (scope, says) in [(Some("conversations"), true), (None, false)] {
        let page = scene.author.get("/desk/account/keys", 200).await;
        let mut sent = form(&page, "Create the key");
        sent.set("name", "My agent");
        sent.fields.extend(scope.map(|scope| ("scope".to_owned(), scope.to_owned())));
        let made = text_of(&scene.author.submit(&sent).await);
        assert!(made.contains("Your new API key"), "{made}");
        assert_eq!(made.contains(&base), says, "{made}");
    }
}
