//! Posts as generators and note books keep them.

use byline_shared::model::PostType;

use super::{folder, posts, posts_of, said, titled};
use crate::model::Status;

#[test]
fn b03_html_posts() {
    let posts = posts(&[
        ("_posts/2010-01-01-old.html", "---\ntitle: Old\n---\n<p>From <b>before</b>.</p>\n"),
        ("_posts/2020-01-01-new.md", "---\ntitle: New\n---\nx\n"),
    ]);
    assert_eq!(titled(&posts, "Old").body, "From **before**.\n");
    assert_eq!(titled(&posts, "Old").old_paths, ["/2010/01/01/old.html"]);
}

#[test]
fn pages_need_no_date() {
    let posts = posts(&[
        ("hugo.toml", "title = \"x\"\n"),
        ("content/about.md", "---\ntitle: About\n---\nx\n"),
        ("content/hidden.md", "---\ntitle: Hidden\ndraft: true\n---\nx\n"),
        ("content/unclear.md", "---\ntitle: Unclear\ndate: once upon a time\n---\nx\n"),
        ("content/post/undated.md", "---\ntitle: Undated\n---\nx\n"),
    ]);
    let kind = |title| {
        let post = titled(&posts, title);
        (post.post_type, post.status)
    };
    assert_eq!(kind("About"), (PostType::Page, Status::Published));
    assert_eq!(kind("Hidden"), (PostType::Page, Status::Draft));
    assert_eq!(kind("Unclear"), (PostType::Page, Status::Draft));
    assert_eq!(kind("Undated"), (PostType::Post, Status::Draft));
}

#[test]
fn b04_hugo_multilingual() {
    let settings = "baseURL = \"https://m.example/\"\ndefaultContentLanguage = \"en\"\n[languages.en]\nweight = 1\n\
                    [languages.fr]\nweight = 2\n";
    let post = |title: &str| format!("---\ntitle: {title}\ndate: 2021-01-01\n---\nx\n");
    let (en, fr, de, folder_fr) = (post("En"), post("Fr"), post("De"), post("In a folder"));
    let posts = posts(&[
        ("hugo.toml", settings),
        ("content/posts/hello.md", &en),
        ("content/posts/hello.fr.md", &fr),
        ("content/posts/hello.de.md", &de),
        ("content/fr/posts/monde.md", &folder_fr),
    ]);
    for (title, language, slug, path) in [
        ("En", None, "hello", "/posts/hello/"),
        ("Fr", Some("fr"), "hello-fr", "/fr/posts/hello/"),
        ("De", Some("de"), "hello-de", "/de/posts/hello/"),
        ("In a folder", Some("fr"), "monde-fr", "/fr/posts/monde/"),
    ] {
        let post = titled(&posts, title);
        assert_eq!(post.language.as_deref().or(Some("en")), language.or(Some("en")), "{title}");
        assert_eq!((post.slug.as_deref(), &*post.old_paths[0]), (Some(slug), path), "{title}");
    }
    for title in ["En", "Fr", "De"] {
        assert_eq!(titled(&posts, title).metadata["translation_key"], "posts/hello", "{title}");
    }
}

#[test]
fn b06_tags() {
    let names = |matter: &str| -> (Vec<String>, String) {
        let text = format!("---\ntitle: A\n{matter}\n---\nx\n");
        let post = posts(&[("_posts/2020-01-01-a.md", &text)]).remove(0);
        let said = said(&post);
        (post.tags.into_iter().map(|tag| tag.name).collect(), said)
    };
    for (matter, expected) in [
        ("tags: ruby rails \"machine learning\"", &["ruby", "rails", "machine learning"][..]),
        ("tags: a, b , \"c d\"", &["a", "b", "c d"]),
        ("category: Field notes\ntag: two words", &["two words", "Field notes"]),
        ("tags: [C++, C#, C, \"\", null, [x, y]]", &["C++", "C#", "C", "x", "y"]),
        ("tags:\n  - name: nested", &["nested"]),
    ] {
        assert_eq!(
            names(matter),
            (expected.iter().map(|name| (*name).to_owned()).collect(), String::new()),
            "{matter}"
        );
    }
    let (found, said) = names("tags:\n  - {colour: red}");
    assert!(found.is_empty() && said.contains("has no name"), "{said}");
}

#[test]
fn c06_ghost_markdown() {
    let export = r#"{"data": {"posts": [{"id": 5, "title": "P", "slug": "p", "markdown": "the *post* body",
        "html": "the post body", "status": "published", "language": "en_US", "published_at": 1283780649000}]}}"#;
    let source = folder(&[("ghost.json", export)]);
    let post = posts_of(&source, "ghost.json").remove(0);
    assert_eq!((post.body.as_str(), post.language.as_deref()), ("the *post* body", Some("en-US")));
}

#[test]
fn b02_liquid() {
    let text = "---\ntitle: Liquid\n---\n![A]({{ site.baseurl }}/images/a.png) ![B]({{ site.url }}/images/a.png) \
                ![C]({{ \"/images/a.png\" | relative_url }})\n\n[o]({{ site.baseurl }}{% post_url 2020-01-02-other %}) \
                [p]({{ site.baseurl }}/about/)\n\n{% highlight python linenos %}\ndef f(self):\n    # {{ no }}\n\n    \
                return a * b\n{% endhighlight %}\n\n{% raw %}{{ mustache }}{% endraw %} {% include x.html %}\n\n\
                {:.no_toc}\n## Heading {#own}\n\n* TOC\n{:toc}\n\n[l](http://x.example){:target=\"_blank\"} `{% code %}`\n";
    let posts = posts(&[
        ("_config.yml", "url: https://l.example\nbaseurl: /blog\n"),
        ("_posts/2020-01-01-liquid.md", text),
        ("_posts/2020-01-02-other.md", "---\ntitle: Other\n---\nx\n"),
        ("images/a.png", "x"),
    ]);
    let post = titled(&posts, "Liquid");
    assert_eq!(
        post.body,
        "![A](/images/a.png) ![B](/images/a.png) ![C](/images/a.png)\n\n\
         [o](/blog/2020/01/02/other.html) [p](/blog/about/)\n\n\
         ```python\ndef f(self):\n    # {{ no }}\n\n    return a * b\n```\n\n\
         {{ mustache }} {% include x.html %}\n\n## Heading\n\n\n[l](http://x.example) `{% code %}`\n"
    );
    let said = said(post);
    for what in ["`{% include x.html %}` stays", "`{:.no_toc}`", "`{:target=\"_blank\"}`"] {
        assert!(said.contains(what), "{what}: {said}");
    }
    assert!(!said.contains("code"), "{said}");
}

#[test]
fn d06_raw_media() {
    let text = "---\ntitle: A\n---\nBefore\n\n<iframe src=\"https://www.youtube.com/embed/abc\"></iframe>\n\n\
                <video controls><source src=\"https://x.example/a.mp4\"></video>\n\n`<audio src=\"a.mp3\">`\n";
    let posts = posts(&[("_posts/2020-01-01-a.md", text)]);
    assert_eq!(
        posts[0].body,
        "Before\n\n<https://www.youtube.com/watch?v=abc>\n\n[a.mp4](https://x.example/a.mp4)\n\n\
         `<audio src=\"a.mp3\">`\n"
    );
    let said = said(&posts[0]);
    assert!(
        said.contains("frames became links") && said.contains("players became links"),
        "{said}"
    );
}

#[test]
fn b08_obsidian() {
    let one = "---\ntags: [a/b]\ncreated: 2023-01-01T10:00\n---\n# Note one\n\n![[pic.png|300]] and \
               [[Note two|second]] and [[Note two#Part]] and [[lost]] ^block\n\n> [!warning] Careful\n> text\n\n\
               ==marked== %%hidden\ncomment%% `[[code]]`\n";
    let posts = posts(&[
        (".obsidian/app.json", "{}"),
        ("Note one.md", one),
        ("deep/Note two.md", "---\ndate: 2023-01-03\n---\nSecond\n"),
        ("files/pic.png", "x"),
    ]);
    let note = titled(&posts, "Note one");
    assert_eq!(
        note.body,
        "# Note one\n\n![pic](/files/pic.png) and [second](/deep/Note%20two) and \
         [Note two \u{203a} Part](/deep/Note%20two) and lost\n\n> **Careful**\n> \n> text\n\n\
         <mark>marked</mark>  `[[code]]`\n"
    );
    assert_eq!(titled(&posts, "Note two").old_paths, ["/deep/Note two"]);
    let said = said(note);
    assert!(said.contains("`lost` is not in the source") && said.contains("callouts"), "{said}");
}
