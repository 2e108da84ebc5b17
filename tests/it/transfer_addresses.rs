//! Old addresses of imported posts answer however they are written.

use crate::harness::App;
use crate::transfer::bring;

/// A WordPress export with a post under each of these addresses.
fn export(links: &[&str]) -> tempfile::TempDir {
    let items = links.iter().enumerate().map(|(number, link)| {
        format!(
            "<item><title>P{number}</title><link>https://field.example{link}</link>\
             <content:encoded>x</content:encoded><wp:post_id>{number}</wp:post_id>\
             <wp:post_name>p{number}</wp:post_name><wp:status>publish</wp:status>\
             <wp:post_date_gmt>2020-03-01 12:00:00</wp:post_date_gmt></item>"
        )
    });
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "<rss xmlns:wp=\"w\" xmlns:content=\"c\"><channel><title>Field</title>\
         <link>https://field.example</link>{}</channel></rss>",
        items.collect::<String>()
    );
    std::fs::write(folder.path().join("wp.xml"), text).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a04_a05_old_addresses_answer_in_every_form() {
    let app = App::unlimited().await;
    let links = ["/2020/01/05/morning/", "/blog/%d0%ba%d0%b0%d0%ba/", "/b%C3%BCcher", "/?p=900"];
    let source = export(&links);
    let report = bring(&app, &source.path().join("wp.xml")).await;
    assert_eq!((report.redirects.new, report.without_address), (4, 0), "{report}");
    let reader = app.anonymous();
    for (paths, slug) in [
        (&["/2020/01/05/morning/", "/2020/01/05/morning"][..], "p0"),
        (
            &[
                "/blog/%25d0%25ba%25d0%25b0%25d0%25ba/",
                "/blog/%25D0%25BA%25D0%25B0%25D0%25BA",
                "/blog/%D0%BA%D0%B0%D0%BA/",
            ],
            "p1",
        ),
        (&["/b%C3%BCcher/", "/bu%CC%88cher"], "p2"),
        (&["/?p=900"], "p3"),
    ] {
        for path in paths {
            let path = path.replace('?', "%3F").replace('=', "%3D");
            let redirect = reader.get(&format!("/v1/redirects?path={path}"), 200).await;
            assert!(redirect.text("/location").ends_with(&format!("/{slug}")), "{path}");
        }
    }
    // The home page is no post's.
    reader.get("/v1/redirects?path=/", 404).await;
    let again = bring(&app, &source.path().join("wp.xml")).await;
    assert_eq!(again.redirects.new, 0, "{again}");
}
