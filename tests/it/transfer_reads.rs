//! Imported HTML reads the same at the API: its words, links, images and emphasis.

use scraper::{ElementRef, Html, Node};
use serde_json::json;

use crate::harness::App;
use crate::transfer::bring;

/// What somebody reads.
#[derive(Debug, Default, PartialEq)]
struct Read {
    words: Vec<String>,
    links: Vec<(String, String)>,
    images: Vec<(String, String)>,
    strong: Vec<String>,
    slanted: Vec<String>,
    code: Vec<String>,
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text with a space where a block or a line ends.
fn text(element: ElementRef<'_>, out: &mut String) {
    for child in element.children() {
        match child.value() {
            Node::Text(text) => out.push_str(text),
            Node::Element(inner) => {
                let is_inline = matches!(
                    inner.name(),
                    "a" | "b" | "strong" | "em" | "i" | "code" | "del" | "span" | "sub" | "sup"
                );
                let space = if is_inline { "" } else { " " };
                out.push_str(space);
                if let Some(inner) = ElementRef::wrap(child) {
                    text(inner, out);
                }
                out.push_str(space);
            }
            _ => {}
        }
    }
}

fn read(html: &str) -> Read {
    let document = Html::parse_fragment(html);
    let mut read = Read::default();
    let mut whole = String::new();
    text(document.root_element(), &mut whole);
    read.words = whole.split_whitespace().map(str::to_owned).collect();
    for element in document.root_element().descendants().filter_map(ElementRef::wrap) {
        let mut inner = String::new();
        text(element, &mut inner);
        let inner = words(&inner);
        let attribute = |name: &str| element.attr(name).unwrap_or_default().to_owned();
        let is_again = element
            .parent()
            .and_then(ElementRef::wrap)
            .is_some_and(|parent| parent.value().name() == element.value().name());
        match element.value().name() {
            "a" => read.links.push((attribute("href"), inner)),
            "img" => read.images.push((attribute("src"), attribute("alt"))),
            "strong" | "b" if !is_again => read.strong.push(inner),
            "em" | "i" => read.slanted.push(inner),
            "code" => read.code.push(inner),
            _ => {}
        }
    }
    read
}

#[tokio::test(flavor = "multi_thread")]
async fn d03_imported_html_reads_the_same() {
    let sources = [
        "<p>Costs ~5 to ~6 euro~ or $a =~ s/x/y/; $b =~ m/z/;</p>",
        "<p>Read the<a href=\"/x\"> full story</a> now</p>",
        "<p>a<strong> b</strong>c<em> d </em>e</p>",
        "<p>Ends<br></p><h2>Head<br></h2><ul><li>x<br></li></ul>",
        "<p>See<em><a href=\"/x\">link</a></em>Et</p>",
        "<p><strong>Bold.</strong>Next, <strong>\u{201c}quoted\u{201d}</strong>\u{540e}, <em>(p)</em>x</p>",
        "<p><strong><strong>twice</strong></strong></p>",
        "<p>Visit https://a.example/a_b_c and https://b.example/x_y-z</p>",
        "<p>1) one<br>2) two</p>",
        "<p><code>a</code> <code>`b` c</code></p>",
        "<p>#hash +plus -minus 1. x &gt; y | pipe</p>",
        "<p>back\\slash \\* \\_ &amp;amp; &lt;div&gt;</p>",
        "<pre>a <b>bold</b> c</pre>",
        "<table><tr><td><ul><li>a</li><li>b</li></ul></td><td><pre>x\ny</pre></td></tr></table>",
        "<table><thead><tr><th>H|1</th><th>H2</th></tr></thead><tbody><tr><td>a*b</td><td><b>c</b></td></tr></tbody></table>",
        "<p><a href=\"/x\"><img src=\"https://a.example/a.png\" alt=\"A [b]\"></a>text</p>",
        "<blockquote>a<br><br>b</blockquote>",
        "<p>[link](http://x) and ![img](y) and &lt;http://x.org&gt;</p>",
        "<p>x<span> </span>y<b>z</b>w</p>",
        "<p>:smile: a::b www.ex_am.org me_too@example.org</p>",
        "<p>Setext<br>===</p><p>---</p>",
        "<dl><dt>T</dt><dd>D1</dd><dd>D2</dd></dl>",
        "<p>a&nbsp;&nbsp;b</p><p>* star<br>- dash<br>12. num</p>",
        "<ul><li><p>a</p><p>b</p></li><li>c<ol start=\"3\"><li>d</li></ol></li></ul><ul><li>e</li></ul>",
    ];
    let posts: Vec<_> = sources
        .iter()
        .enumerate()
        .map(|(number, html)| {
            json!({"id": number.to_string(), "title": format!("P{number}"), "slug": format!("p{number}"),
                "status": "published", "published_at": "2022-01-01T00:00:00.000Z", "html": html})
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ghost.json");
    std::fs::write(&file, json!({"db": [{"data": {"posts": posts}}]}).to_string()).unwrap();
    let app = App::unlimited().await;
    let report = bring(&app, &file).await;
    assert_eq!(report.different, 0, "{report}");
    assert_eq!(report.same + report.kept_html, sources.len() as u64, "{report}");
    let reader = app.anonymous();
    for (number, source) in sources.iter().enumerate() {
        let post = reader.get(&format!("/v1/posts/p{number}"), 200).await;
        let html = post.text("/body_html");
        let (mut expected, mut found) = (read(source), read(&html));
        // A block of code is code, in whichever way it is written.
        if source.contains("<pre") {
            expected.code.clear();
            found.code.clear();
        }
        assert_eq!(found, expected, "{source}\n{html}");
    }
}
