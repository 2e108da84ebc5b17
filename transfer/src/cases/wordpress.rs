//! What the editors of WordPress show.

use super::{item, posts_of, said, wordpress};

fn attachment(id: u32, post: u32) -> String {
    format!(
        "<item><title>a</title><wp:post_id>{id}</wp:post_id><wp:post_parent>{post}</wp:post_parent>\
         <wp:post_type>attachment</wp:post_type>\
         <wp:attachment_url>https://field.example/u/{id}.jpg</wp:attachment_url></item>"
    )
}

#[test]
fn a06_captions_and_galleries() {
    let content = "Intro.\n\n[caption id=\"a\"]<img src=\"https://field.example/u/1.jpg\" alt=\"\" /> A [b] \
                   <em>c</em>[/caption]\n\n[gallery columns=\"2\"]\n\nAfter.";
    let items = item(50, "https://field.example/a/", content, "")
        + &attachment(1, 50)
        + &attachment(2, 50)
        + &attachment(3, 9);
    let posts = posts_of(&wordpress(&items), "wp.xml");
    let image = |id: u32| format!("![](https://field.example/u/{id}.jpg)");
    let expected = format!(
        "Intro.\n\n{}\n\nA \\[b\\] *c*\n\n{}\n\n{}\n\nAfter.\n",
        image(1),
        image(1),
        image(2)
    );
    assert_eq!((posts[0].body.as_str(), said(&posts[0])), (expected.as_str(), String::new()));
}

#[test]
fn a17_bare_gallery_only() {
    let items = item(60, "https://field.example/a/", "Look:\n\n[gallery]", "") + &attachment(7, 60);
    let posts = posts_of(&wordpress(&items), "wp.xml");
    assert_eq!(posts[0].body, "Look:\n\n![](https://field.example/u/7.jpg)\n");
    let alone = wordpress(&item(60, "https://field.example/a/", "Look:\n\n[gallery]", ""));
    let posts = posts_of(&alone, "wp.xml");
    assert!(said(&posts[0]).contains("gallery"), "{:?}", posts[0].skipped);
}

#[test]
fn a13_gutenberg() {
    let content = "<!-- wp:paragraph --><p>Left</p><!-- /wp:paragraph -->\
        <!-- wp:verse --><pre class=\"wp-block-verse\">A poem\n  of <em>lines</em></pre><!-- /wp:verse -->\
        <!-- wp:file --><div class=\"wp-block-file\"><a href=\"/x.pdf\">The file</a>\
        <a href=\"/x.pdf\" class=\"wp-block-file__button\" download>Download</a></div><!-- /wp:file -->\
        <!-- wp:cover {\"url\":\"https://field.example/c.jpg\"} --><div class=\"wp-block-cover\"><h2>On it</h2>\
        </div><!-- /wp:cover -->\
        <!-- wp:pullquote --><figure><blockquote><p>Quote</p><cite>Who</cite></blockquote></figure><!-- /wp:pullquote -->";
    let posts = posts_of(&wordpress(&item(1, "https://field.example/a/", content, "")), "wp.xml");
    assert_eq!(
        posts[0].body,
        "Left\n\nA poem\\\n\u{a0}\u{a0}of *lines*\n\n[The file](/x.pdf) [Download](/x.pdf)\n\n\
         ![](https://field.example/c.jpg)\n\n## On it\n\n> Quote\n>\n> Who\n"
    );
}

#[test]
fn a10_tags_and_categories() {
    let tag = |slug: &str, name: &str| {
        format!("<category domain=\"post_tag\" nicename=\"{slug}\"><![CDATA[{name}]]></category>")
    };
    let more = tag("rd", "R&amp;D") + &tag("rd2", "R&D") + &tag("c", "C") + &tag("c-2", "C++");
    let items = item(1, "https://field.example/a/", "x", &more)
        .replace("<title>P1</title>", "<title><![CDATA[Tom &amp; Ann &#8211; &lt;b&gt;]]></title>");
    let posts = posts_of(&wordpress(&items), "wp.xml");
    assert_eq!(posts[0].title, "Tom & Ann \u{2013} <b>");
    let names: Vec<&str> = posts[0].tags.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(names, ["R&D", "C", "C++"]);
}
