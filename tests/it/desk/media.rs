//! The media library, and uploads by form.

use byline_shared::model::Role;

use super::visitor::{Visitor, form, text_of};
use crate::harness::App;
use crate::media::GIF;

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_uploaded_described_and_deleted_without_scripts() {
    let app = App::start().await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let page = author.get("/desk/media", 200).await;
    assert!(text_of(&page).contains("Nothing here yet"), "{}", page.body);
    let sent = author.submit_files(&form(&page, "Upload"), &[("Rope.gif", GIF)], &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let item = author.follow(sent).await;
    let media = client.get("/v1/manage/media", 200).await;
    assert_eq!(
        (media.text("/items/0/status"), media.text("/items/0/filename")),
        ("ready".into(), "Rope.gif".into())
    );

    let described = author.press(&item, "Save", &[("alt", "A blue rope")]).await;
    assert!(text_of(&described).contains("Saved."), "{}", described.body);
    assert_eq!(client.get("/v1/manage/media", 200).await.text("/items/0/alt"), "A blue rope");

    let asked = author.press(&described, "Delete file", &[]).await;
    assert_eq!(asked.status, 422, "{}", asked.body);
    let gone = author.press(&described, "Delete file", &[("delete", "yes")]).await;
    assert!(text_of(&gone).contains("Nothing here yet"), "{}", gone.body);
    let media = client.get("/v1/manage/media", 200).await;
    assert_eq!(media.json["items"].as_array().unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_gets_the_markdown_of_a_picture_or_the_reason() {
    let app = App::start().await;
    let (mut author, _) = Visitor::with_role(&app, Role::Author).await;
    let page = author.get("/desk/media", 200).await;
    let (upload, json) = (form(&page, "Upload"), [("accept", "application/json")]);
    let sent = author.submit_files(&upload, &[("a.gif", GIF)], &json).await;
    assert_eq!(sent.status, 200, "{}", sent.body);
    assert!(sent.text("/markdown").starts_with("![](http"), "{}", sent.body);
    for (files, status) in [
        (vec![], 422),
        (vec![("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice())], 422),
        (vec![("empty.gif", b"".as_slice())], 422),
    ] {
        let refused = author.submit_files(&upload, &files, &json).await;
        assert_eq!(refused.status, status, "{}", refused.body);
        assert!(!refused.text("/detail").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_files_it_is_said_which_one_is_refused() {
    let app = App::start().await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let page = author.get("/desk/media", 200).await;
    let files: [(&str, &[u8]); 2] = [("rope.gif", GIF), ("kelp.gif", b"no picture")];
    let refused = author.submit_files(&form(&page, "Upload"), &files, &[]).await;
    assert_eq!(refused.status, 422);
    let words = text_of(&refused);
    assert!(words.contains("kelp.gif: It is none of the kinds"), "{words}");
    let media = client.get("/v1/manage/media", 200).await;
    assert_eq!(media.text("/items/0/filename"), "rope.gif", "what came before it is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_is_refused() {
    let app = App::start().await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let page = author.get("/desk/media", 200).await;
    let upload = form(&page, "Upload");
    let large = [GIF.as_slice(), &vec![0; 4 * 1024 * 1024]].concat();
    let refused = author.submit_files(&upload, &[("large.gif", &large)], &[]).await;
    assert_eq!(refused.status, 422);
    assert!(text_of(&refused).contains("larger than 4 MiB"), "{}", refused.body);
    let larger = vec![0; 5 * 1024 * 1024];
    let refused = author.submit_files(&upload, &[("larger.gif", &larger)], &[]).await;
    assert_eq!(refused.status, 413);
    let media = client.get("/v1/manage/media", 200).await;
    assert_eq!(media.json["items"].as_array().unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_others_are_not_there() {
    let app = App::start().await;
    let (mut author, _) = Visitor::with_role(&app, Role::Author).await;
    let (mut other, _) = Visitor::with_role(&app, Role::Author).await;
    let (mut reader, _) = Visitor::with_role(&app, Role::Reader).await;
    let page = author.get("/desk/media", 200).await;
    let sent = author.submit_files(&form(&page, "Upload"), &[("a.gif", GIF)], &[]).await;
    let item = sent.header("location").split('?').next().unwrap().to_owned();
    other.get(&item, 404).await;
    reader.get("/desk/media", 403).await;
}
