//! The site's time zone: what forms take, what pages and mails show, and what is refused.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::visitor::{Visitor, form, text_of};
use crate::harness::{Answer, App, Client, draft};

const SETTINGS: &str = "/v1/admin/settings";

/// A site in this zone, an editor at its Desk, and a post of theirs.
async fn scene(app: &App, zone: &str) -> (Visitor, Client, String) {
    app.admin().await.patch(SETTINGS, json!({ "time_zone": zone }), 200).await;
    let (editor, client) = Visitor::with_role(app, Role::Editor).await;
    let id = client.post("/v1/manage/posts", draft("Tides"), 201).await.text("/id");
    (editor, client, id)
}

async fn planned(client: &Client, id: &str) -> Value {
    client.get(&format!("/v1/manage/posts/{id}"), 200).await.json["schedule"]["publish_at"].clone()
}

async fn go_live(visitor: &mut Visitor, client: &Client, id: &str) -> Answer {
    let revision = client.get(&format!("/v1/manage/posts/{id}"), 200).await.text("/revision_id");
    visitor.get(&format!("/desk/posts/{id}/go-live?revision={revision}"), 200).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_is_a_time_of_the_site_s_clocks() {
    let app = App::unlimited().await;
    let (mut editor, client, id) = scene(&app, "Europe/Berlin").await;
    for (clock, moment, shown) in [
        ("2029-01-15T09:00", "2029-01-15T08:00:00.000Z", "15 January 2029 at 09:00 CET"),
        ("2029-07-16T09:00", "2029-07-16T07:00:00.000Z", "16 July 2029 at 09:00 CEST"),
    ] {
        let page = go_live(&mut editor, &client, &id).await;
        assert!(text_of(&page).contains("Goes live at (Europe/Berlin)"), "{}", page.body);
        let done = editor.press(&page, "Schedule", &[("publish_at", clock)]).await;
        assert!(text_of(&done).contains("Scheduled. It goes live"), "{}", done.body);
        assert_eq!(planned(&client, &id).await, moment);
        // Each page says it by the same clocks, and programs read it in UTC.
        let place = format!("/desk/posts/{id}");
        for path in [place.as_str(), "/desk/posts?status=scheduled"] {
            let page = editor.get(path, 200).await;
            assert!(text_of(&page).contains(shown), "{path}: {}", page.body);
            assert!(page.body.contains(&format!("datetime=\"{moment}\"")), "{path}");
        }
        let page = go_live(&mut editor, &client, &id).await;
        assert!(text_of(&page).contains(&format!("it goes live {shown}")), "{}", page.body);
        editor.press(&page, "Cancel the schedule", &[]).await;
    }
    let mut admin = Visitor::admin(&app).await;
    let log = admin.get("/desk/activity", 200).await;
    let words = text_of(&log);
    assert!(words.contains("for 16 July 2029 at 09:00 CEST"), "{words}");
    assert!(words.contains("days and times are those of Europe/Berlin"), "{words}");
    assert!(
        log.body.contains(" CET\">just now</time>") || log.body.contains(" CEST\">just now</time>"),
        "{}",
        log.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_clocks_skip_or_show_twice_is_refused_and_stays_in_the_form() {
    let app = App::unlimited().await;
    let (mut editor, client, id) = scene(&app, "Europe/Berlin").await;
    for (clock, words) in [
        ("2029-03-25T02:30", "There is no such time in Europe/Berlin"),
        ("2029-10-28T02:30", "This time comes twice in Europe/Berlin"),
    ] {
        let page = go_live(&mut editor, &client, &id).await;
        let refused = editor.press(&page, "Schedule", &[("publish_at", clock)]).await;
        assert_eq!(refused.status, 422, "{clock}: {}", refused.body);
        assert!(text_of(&refused).contains(words), "{clock}: {}", refused.body);
        assert_eq!(form(&refused, "Schedule").value("publish_at"), clock);
        assert_eq!(planned(&client, &id).await, Value::Null);
    }
    // An hour later, each clock shows one time.
    let page = go_live(&mut editor, &client, &id).await;
    editor.press(&page, "Schedule", &[("publish_at", "2029-10-28T03:00")]).await;
    assert_eq!(planned(&client, &id).await, "2029-10-28T02:00:00.000Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_means_the_zone_that_the_form_named() {
    let app = App::unlimited().await;
    let (mut editor, client, id) = scene(&app, "America/New_York").await;
    let page = go_live(&mut editor, &client, &id).await;
    app.admin().await.patch(SETTINGS, json!({ "time_zone": "Asia/Tokyo" }), 200).await;
    let refused = editor.press(&page, "Schedule", &[("publish_at", "tomorrow")]).await;
    assert!(text_of(&refused).contains("Goes live at (America/New_York)"), "{}", refused.body);
    editor.press(&refused, "Schedule", &[("publish_at", "2029-07-16T09:00")]).await;
    assert_eq!(planned(&client, &id).await, "2029-07-16T13:00:00.000Z");
    // Without one, nobody knows what was meant.
    for zone in ["", "Europe/Atlantis"] {
        let at = [("publish_at", "2029-07-17T09:00"), ("zone", zone)];
        let page = go_live(&mut editor, &client, &id).await;
        let refused = editor.press(&page, "Schedule", &at).await;
        assert_eq!(refused.status, 422, "{zone}: {}", refused.body);
        assert!(text_of(&refused).contains("did not send all that is needed"), "{}", refused.body);
        assert_eq!(planned(&client, &id).await, "2029-07-16T13:00:00.000Z");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_zone_is_a_setting_with_a_name_of_the_database() {
    let app = App::unlimited().await;
    let admin = app.admin().await;
    assert_eq!(admin.get(SETTINGS, 200).await.json["time_zone"], "UTC");
    for wrong in
        ["Europe/Atlantis", "Berlin", "+01:00", "", "CEST+", "Europe/Berlin ", "Etc/Unknown"]
    {
        let refused = admin.patch(SETTINGS, json!({ "time_zone": wrong }), 422).await;
        assert_eq!(refused.faults()[0].0, "/time_zone", "{wrong}: {}", refused.body);
        assert!(refused.body.contains("Europe/Berlin"), "{wrong}: {}", refused.body);
    }
    assert_eq!(admin.get(SETTINGS, 200).await.json["version"], 0);
    // As the database writes it.
    let saved = admin.patch(SETTINGS, json!({ "time_zone": "europe/BERLIN" }), 200).await;
    assert_eq!(saved.json["time_zone"], "Europe/Berlin");

    let mut visitor = Visitor::admin(&app).await;
    let page = visitor.get("/desk/settings", 200).await;
    assert_eq!(form(&page, "Save settings").value("time_zone"), "Europe/Berlin");
    assert!(page.body.contains("<option value=\"America/New_York\">"), "{}", page.body);
    assert!(page.body.len() <= 60 * 1024, "{} bytes", page.body.len());
    for (typed, words) in
        [("Europe/Atlantis", "There is no such time zone"), ("nine o'clock", "IANA name")]
    {
        let refused = visitor.press(&page, "Save settings", &[("time_zone", typed)]).await;
        assert_eq!(refused.status, 422, "{typed}: {}", refused.body);
        assert!(text_of(&refused).contains("Time zone: "), "{}", refused.body);
        assert!(text_of(&refused).contains(words), "{typed}: {}", refused.body);
        assert_eq!(form(&refused, "Save settings").value("time_zone"), typed);
    }
    visitor.press(&page, "Save settings", &[("time_zone", "Asia/Tokyo")]).await;
    assert_eq!(admin.get(SETTINGS, 200).await.json["time_zone"], "Asia/Tokyo");
}
