//! Pages, such as "About": where they are shown, and how a text becomes one.

use http::Method;
use serde_json::{Value, json};

use super::{EVERYWHERE, NOWHERE, Stage, path};
use crate::harness::Answer;
use crate::public::{publish, published, slugs};

/// Where a page is shown, of the places of a post. The sitemap and a search have its own address.
const PLACES: [&str; 3] = ["its page", "its file", "llms.txt"];

impl Stage {
    async fn page(&self) -> Answer {
        let new = json!({
            "title": "Zebra", "slug": "zebra", "type": "page", "body": "Stripes.",
            "tags": ["Animals"], "featured": true, "language": "en",
        });
        published(&self.editor, new).await
    }

    /// Publishes a post as one of this type.
    async fn live_as(&self, post: &Answer, post_type: &str) -> Answer {
        let edited = self.edit(post, json!({ "type": post_type })).await;
        publish(&self.editor, &edited).await
    }

    /// The slugs of a public list.
    async fn listed(&self, query: &str) -> Vec<String> {
        slugs(&self.app.anonymous().get(&format!("/v1/posts?{query}"), 200).await)
    }

    /// Whether the sitemap of the site, a search and the list of pages have it.
    async fn has_page(&self) -> bool {
        let map = self.app.anonymous().get("/sitemaps/site.xml", 200).await;
        let in_map = map.body.contains("<loc>http://localhost:3000/zebra</loc>");
        let params = json!({ "name": "search", "arguments": { "query": "zebra" } });
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let found = self.other.post("/mcp", call, 200).await.text("/result/content/0/text");
        let is_found = found.contains("\"http://localhost:3000/zebra\"");
        let is_listed = self.listed("type=page").await == ["zebra"];
        assert_eq!((in_map, is_found), (is_listed, is_listed), "{}, {found}", map.body);
        is_listed
    }

    /// What the tag and the author count; none if readers find neither.
    async fn counted(&self) -> Option<(Value, Value)> {
        let reader = self.app.anonymous();
        let (tag, author) = ("/v1/tags/animals", format!("/v1/authors/{}", self.author));
        let tag = reader.try_send(Method::GET, tag, &[], None).await.unwrap();
        let author = reader.try_send(Method::GET, &author, &[], None).await.unwrap();
        assert_eq!(tag.status, author.status, "{} {}", tag.body, author.body);
        (tag.status == 200)
            .then(|| (tag.json["post_count"].clone(), author.json["post_count"].clone()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_in_no_list_of_posts_and_in_no_feed() {
    let stage = Stage::new().await;
    let page = stage.page().await;
    assert_eq!(page.json["type"], "page");
    assert_eq!(stage.zebra().await, PLACES);
    assert!(stage.has_page().await);
    assert_eq!(stage.counted().await, None);
    let reader = stage.app.anonymous();
    let read = reader.get("/v1/posts/zebra?include=adjacent%2Cauthor", 200).await;
    assert_eq!(read.json["type"], "page");
    assert_eq!(read.json["adjacent"], json!({ "previous": null, "next": null }));
    assert_eq!(read.json["included"]["authors"][0]["slug"], stage.author.as_str());
    assert!(reader.get("/llms.txt", 200).await.body.contains("\n## Pages\n\n- [Zebra]("));
    let index = reader.get("/sitemap.xml", 200).await;
    assert_eq!(index.body.matches("<loc>").count(), 1, "no year has posts: {}", index.body);
    for query in ["", "type=post", "tag=animals", "featured=true", "language=en"] {
        assert_eq!(stage.listed(query).await, [""; 0], "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_listed_with_every_filter() {
    let stage = Stage::new().await;
    stage.page().await;
    stage.clock.advance(1);
    let about = json!({ "title": "About", "type": "page", "body": "Text." });
    published(&stage.editor, about).await;
    let author = format!("author={}&type=page", stage.author);
    for (query, expected) in [
        ("type=page", &["about", "zebra"][..]),
        ("type=page&sort=published_at", &["zebra", "about"]),
        ("type=page&tag=animals", &["zebra"]),
        ("type=page&tag=other", &[]),
        ("type=page&featured=true", &["zebra"]),
        ("type=page&featured=false", &["about"]),
        ("type=page&language=en", &["zebra"]),
        ("type=page&tag=animals&featured=true&language=EN", &["zebra"]),
        (author.as_str(), &["about", "zebra"]),
        ("type=page&author=nobody", &[]),
        ("type=page&from=2200-01-01T00:00:00Z", &[]),
    ] {
        assert_eq!(stage.listed(query).await, expected, "{query}");
    }
    let fields = stage.app.anonymous().get("/v1/posts?type=page&fields=slug%2Ctype", 200).await;
    assert_eq!(fields.json["items"][0], json!({ "slug": "about", "type": "page" }));
    let first = stage.app.anonymous().get("/v1/posts?type=page&limit=1", 200).await;
    let next = format!("type=page&limit=1&cursor={}", first.text("/next_cursor"));
    assert_eq!(stage.listed(&next).await, ["zebra"]);
    let wrong = stage.app.anonymous().get("/v1/posts?type=pages", 422).await;
    assert_eq!(wrong.faults()[0].0, "/type");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_becomes_a_page_and_a_post_again_where_that_is_published() {
    let stage = Stage::new().await;
    let post = stage.live().await;
    assert_eq!(stage.counted().await, Some((1.into(), 1.into())));
    for _ in 0..2 {
        let edited = stage.edit(&post_now(&stage, &post).await, json!({ "type": "page" })).await;
        assert_eq!(stage.zebra().await, EVERYWHERE, "before it is published");
        publish(&stage.editor, &edited).await;
        assert_eq!(stage.zebra().await, PLACES);
        assert!(stage.has_page().await);
        assert_eq!(stage.counted().await, None);
        stage.live_as(&post_now(&stage, &post).await, "post").await;
        assert_eq!(stage.zebra().await, EVERYWHERE);
        assert!(!stage.has_page().await);
        assert_eq!(stage.counted().await, Some((1.into(), 1.into())));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_its_type_a_text_changes_its_tags_and_its_address() {
    let stage = Stage::new().await;
    let post = stage.live().await;
    let change = json!({ "type": "page", "slug": "stripes", "tags": ["Animals", "Africa"] });
    let edited = stage.edit(&post, change).await;
    publish(&stage.editor, &edited).await;
    assert_eq!(stage.listed("type=page&tag=africa").await, ["stripes"]);
    let reader = stage.app.anonymous();
    assert_eq!(reader.get("/v1/posts/zebra", 301).await.header("location"), "/v1/posts/stripes");
    reader.get("/v1/tags/animals", 404).await;
    let change = json!({ "type": "post", "tags": ["Africa"] });
    let edited = stage.edit(&post_now(&stage, &post).await, change).await;
    publish(&stage.editor, &edited).await;
    assert_eq!(reader.get("/v1/tags/africa", 200).await.json["post_count"], 1);
    reader.get("/v1/tags/animals", 404).await;
    assert_eq!(stage.listed("tag=africa").await, ["stripes"]);
    assert_eq!(stage.listed("type=page").await, [""; 0]);
}

async fn post_now(stage: &Stage, post: &Answer) -> Answer {
    stage.editor.get(&path(post, ""), 200).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_taken_away_and_comes_back() {
    let stage = Stage::new().await;
    let page = stage.page().await;
    stage.editor.post(&path(&page, "/unpublish"), json!({}), 200).await;
    assert_eq!((stage.zebra().await, stage.has_page().await), (Vec::new(), false));
    stage.schedule(&page).await;
    assert_eq!(stage.zebra().await, NOWHERE);
    stage.a_minute_later().await;
    assert_eq!((stage.zebra().await, stage.has_page().await), (PLACES.to_vec(), true));
    stage.trash(&post_now(&stage, &page).await).await;
    assert_eq!((stage.zebra().await, stage.has_page().await), (Vec::new(), false));
    let back = stage.editor.post(&path(&page, "/restore"), json!({}), 200).await;
    publish(&stage.editor, &back).await;
    assert_eq!((stage.zebra().await, stage.has_page().await), (PLACES.to_vec(), true));
    assert_eq!(stage.counted().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_and_an_author_change_their_names_on_pages() {
    let stage = Stage::new().await;
    stage.page().await;
    let tag = json!({ "name": "Beasts", "slug": "beasts" });
    stage.editor.patch("/v1/manage/tags/animals", tag, 200).await;
    stage.until("/v1/posts?type=page&tag=beasts", "\"Beasts\"").await;
    stage.editor.patch("/v1/users/me", json!({ "name": "Somebody Else" }), 200).await;
    stage.until("/v1/posts?type=page", "\"Somebody Else\"").await;
    stage.until("/v1/posts/zebra", "\"Somebody Else\"").await;
    assert_eq!(stage.zebra().await, PLACES);
    stage.app.anonymous().get("/v1/tags/beasts", 404).await;
    stage.app.anonymous().get(&format!("/v1/authors/{}", stage.author), 404).await;
    stage.editor.delete("/v1/manage/tags/beasts", 204).await;
    stage.until("/v1/posts?type=page", "\"tags\":[]").await;
    assert_eq!(stage.zebra().await, PLACES);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_neighbours_of_a_post_are_posts() {
    let stage = Stage::new().await;
    for (title, post_type) in [("First", "post"), ("Page", "page"), ("Last", "post")] {
        let new = json!({ "title": title, "type": post_type, "body": "Text." });
        published(&stage.editor, new).await;
        stage.clock.advance(1);
    }
    let reader = stage.app.anonymous();
    let first = reader.get("/v1/posts/first?include=adjacent", 200).await;
    assert_eq!(first.json["adjacent"]["next"]["slug"], "last");
    let last = reader.get("/v1/posts/last?include=adjacent", 200).await;
    assert_eq!(last.json["adjacent"]["previous"]["slug"], "first");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_where_the_settings_say() {
    let stage = Stage::new().await;
    let page = stage.page().await;
    let admin = stage.app.admin().await;
    assert_eq!(admin.get("/v1/admin/settings", 200).await.json["page_path"], "/{slug}");
    let change = json!({ "page_path": "/info/{slug}/" });
    admin.patch("/v1/admin/settings", change, 200).await;
    let address = "http://localhost:3000/info/zebra/";
    let reader = stage.app.anonymous();
    assert!(reader.get("/sitemaps/site.xml", 200).await.body.contains(address));
    assert_eq!(reader.get("/v1/site", 200).await.json["page_path"], "/info/{slug}/");
    let desk = stage.editor.get(&path(&page, ""), 200).await;
    assert_eq!(desk.json["type"], "page");
    for wrong in ["/info", "/{slug}/{slug}", "info/{slug}"] {
        let answer = admin.patch("/v1/admin/settings", json!({ "page_path": wrong }), 422).await;
        assert_eq!(answer.faults()[0].0, "/page_path");
    }
}
