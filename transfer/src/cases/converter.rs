//! HTML that was hard to say in Markdown reads the same.

use super::{item, posts_of, said, wordpress};
use crate::html::to_markdown;
use crate::model::Fidelity;

#[test]
fn d03_converter() {
    for (html, markdown) in [
        ("<p>~5 to ~6 euro~, $a =~ s/x/y/;</p>", "\\~5 to \\~6 euro\\~, $a =\\~ s/x/y/;\n"),
        ("<p>Read the<a href=\"/x\"> whole</a> now</p>", "Read the [whole](/x) now\n"),
        ("<p>a<strong> b</strong>c<em> d </em>e</p>", "a **b**c *d* e\n"),
        ("<p>Ends<br></p><h2>Head<br></h2><ul><li>x<br></li></ul>", "Ends\n\n## Head\n\n- x\n"),
        ("<p>See<em><a href=\"/x\">link</a></em>Et</p>", "See<em>[link](/x)</em>Et\n"),
        ("<p><strong>Bold.</strong>Next</p>", "<strong>Bold.</strong>Next\n"),
        ("<p><strong>\u{201c}a\u{201d}</strong>\u{540e}</p>", "**\u{201c}a\u{201d}**\u{540e}\n"),
        ("<p><strong>\u{201c}a\u{201d}</strong>b</p>", "<strong>\u{201c}a\u{201d}</strong>b\n"),
        ("<p><strong><strong>twice</strong></strong></p>", "**twice**\n"),
        ("<p>At https://a.example/a_b_c now</p>", "At https\\://a.example/a_b_c now\n"),
        ("<p>1) one<br>2) two</p>", "1\\) one\\\n2\\) two\n"),
        ("<code>one\n\ntwo * b</code>", "`one two * b`\n"),
        ("<p>#tag +plus 1. x &gt; y | pipe</p>", "#tag +plus 1. x > y | pipe\n"),
        ("<p>back\\slash \\* \\_</p>", "back\\\\slash \\\\\\* \\\\\\_\n"),
        ("<pre>a <b>bold</b> c</pre>", "<pre>a <b>bold</b> c</pre>\n"),
        ("<p>&lt;div&gt; &amp;amp; tag</p>", "\\<div> \\&amp; tag\n"),
        ("<p><img src=\"/a.png\"><img src=\"/b.png\"></p>", "![](/a.png)![](/b.png)\n"),
        ("<p><a href=\"/x\"><img src=\"/a.png\" alt=\"A\"></a>t</p>", "[![A](/a.png)](/x)t\n"),
        ("<blockquote>a<br><br>b</blockquote>", "> a\n>\n> b\n"),
        ("<h3><strong>bold</strong></h3>", "### **bold**\n"),
        ("<ul><li><p>a</p></li><li></li><li>b</li></ul>", "- a\n-\n- b\n"),
        ("<p>[l](http://x) ![i](y)</p>", "\\[l\\](http\\://x) !\\[i\\](y)\n"),
        ("<p>x<span> </span>y<b>z</b>w</p>", "x y**z**w\n"),
        ("<p>www.a_b.org</p>", "www\\.a_b.org\n"),
        ("<p>Set<br>===</p><p>---</p>", "Set\\\n\\===\n\n\\---\n"),
        ("<ol start=\"5\"><li>five</li></ol>", "5. five\n"),
        ("<p>a<sub>1</sub><sup>th</sup></p>", "a<sub>1</sub><sup>th</sup>\n"),
        ("<p>a&nbsp;&nbsp;b</p><p>&nbsp;</p>", "a\u{a0}\u{a0}b\n"),
        ("<p>* star<br>- dash<br>12. num</p>", "\\* star\\\n\\- dash\\\n12\\. num\n"),
        ("<b><p>a</p><ul><li>b</li></ul></b>", "**a**\n\n- **b**\n"),
        ("<dl><dt>T</dt><dd>D</dd></dl>", "<dl><dt>T</dt><dd>D</dd></dl>\n"),
    ] {
        let converted = to_markdown(html).unwrap();
        assert_eq!(converted.markdown, markdown, "{html}");
        assert_ne!(converted.fidelity, Fidelity::Different, "{html}: {:?}", converted.notes);
    }
}

#[test]
fn d03_what_markdown_cannot_say_stays_html() {
    let html = "<table><tr><td><ul><li>a</li></ul></td><td><pre>x\n\ny</pre></td></tr></table>\
                <p>mail me@a.example</p>";
    let converted = to_markdown(html).unwrap();
    assert_eq!(converted.fidelity, Fidelity::KeptHtml, "{converted:?}");
    assert!(converted.markdown.contains("<td><pre>x&#10;&#10;y</pre></td>"), "{converted:?}");
    assert!(converted.markdown.contains("<p>mail me@a.example</p>"), "{converted:?}");
    assert!(converted.notes[0].contains("2 parts of it"), "{converted:?}");
    let converted = to_markdown("<p>A <a href=\"ftp://a.example/\">file</a>.</p>").unwrap();
    assert_eq!((converted.fidelity, &*converted.markdown), (Fidelity::Same, "A file.\n"));
    assert!(converted.notes[0].contains("became text"), "{converted:?}");
}

#[test]
fn a07_classic_editor() {
    let content = "After <a href=\"https://a.example/r?a=1&amp;b=2\">0.2.4</a> is out.\n<ul>\n\t<li>one</li>\n\
                   \t<li>two\n<ol><li>nested</li></ol></li>\n</ul>\nText after.\n<blockquote>First\nSecond\n\n\
                   Third</blockquote>\n<pre lang=\"php\">echo $a[0]; // [caption] is none\n\nend</pre>\n\
                   Use <code>__init__</code> and <code>[gallery]</code>. 3 * 4 and snake_case.\n\n\
                   1986. A year.\n\n# no heading\n- no list\n+ plus\n> no quote";
    let posts = posts_of(&wordpress(&item(1, "https://field.example/a/", content, "")), "wp.xml");
    assert_eq!(
        posts[0].body,
        "After [0.2.4](https://a.example/r?a=1&b=2) is out.\n\n- one\n- two\n  1. nested\n\nText after.\n\n\
         > First\\\n> Second\n>\n> Third\n\n```php\necho $a[0]; // [caption] is none\n\nend\n```\n\n\
         Use `__init__` and `[gallery]`. 3 \\* 4 and snake_case.\n\n1986\\. A year.\n\n\
         \\# no heading\\\n\\- no list\\\n\\+ plus\\\n\\> no quote\n"
    );
    assert_eq!((posts[0].fidelity, said(&posts[0])), (Some(Fidelity::Same), String::new()));
}

#[test]
fn a16_bare_urls() {
    let content = "https://www.youtube.com/watch?v=a_bC_dE-f\n\nSee https://a.example/foo_bar/x*y and \
                   (https://a.example/a_(b)_c).\n\n\
                   <a href=\"https://a.example/under_score\">https://a.example/under_score</a>";
    let posts = posts_of(&wordpress(&item(1, "https://field.example/a/", content, "")), "wp.xml");
    assert_eq!(
        posts[0].body,
        "<https://www.youtube.com/watch?v=a_bC_dE-f>\n\nSee https\\://a.example/foo_bar/x\\*y and \
         (https\\://a.example/a\\_(b)\\_c).\n\n<https://a.example/under_score>\n"
    );
    assert_eq!(posts[0].fidelity, Some(Fidelity::Same));
}
