//! Code as plugins that highlight it have it: between tags or shortcodes, as it is, with no character written as an
//! entity.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::super::pattern::regex;
use super::attribute::attribute;
use crate::html::escaped;

/// Languages that are shortcodes of SyntaxHighlighter Evolved.
const LANGUAGES: &str = "actionscript3|as3|bash|c|cf|clojure|coldfusion|cpp|c-sharp|csharp|css|delphi|diff|erlang|fsharp|\
                         go|groovy|html|java|javafx|javascript|js|jscript|latex|matlab|matlabkey|objc|pascal|patch|\
                         perl|php|plain|powershell|ps|py|python|r|rails|rb|ruby|scala|shell|sql|tex|text|vb|vbnet|xhtml|\
                         xml|yaml";

/// HTML in which code between tags with a language is between `pre` and `code`: that of WP-Syntax and CodeColorer.
pub(super) fn tagged(html: &str) -> String {
    // One pattern for each tag: one for both would look for the end of the other at every start.
    static PRE: LazyLock<Regex> = LazyLock::new(|| between("pre"));
    static CODE: LazyLock<Regex> = LazyLock::new(|| between("code"));
    let html = PRE.replace_all(html, |found: &Captures<'_>| block(&found[1], &found[2]));
    let html = CODE.replace_all(&html, |found: &Captures<'_>| {
        // `lang` of code within a line may be a language of people.
        let is_inline = !found[2].trim().contains('\n');
        if is_inline { found[0].to_owned() } else { block(&found[1], &found[2]) }
    });
    html.into_owned()
}

fn between(tag: &str) -> Regex {
    let start = r#"\s[^>]*?\blang\s*=\s*["']([\w+#-]+)["'][^>]*>"#;
    regex(&format!(r"(?is)<{tag}{start}(.*?)</{tag}\s*>"))
}

/// HTML in which code between shortcodes is between `pre` and `code`.
pub(super) fn shortcodes(html: &str) -> String {
    // CodeColorer: `[cc lang="php"]`, `[cc_php]`, `[ccnLe_php]` with letters for its options, of which `i` is for code
    // within a line.
    static COLORED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?s)\[cc([a-zA-Z]*)(?:_([\w+#-]+))?(\s[^\]]*)?\](.*?)\[/cc[a-zA-Z]*(?:_[\w+#-]+)?\]",
        )
    });
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        regex(&format!(r"(?s)\[({LANGUAGES})(?:\s[^\]]*)?\](.*?)\[/({LANGUAGES})\]"))
    });
    let html = COLORED.replace_all(html, |found: &Captures<'_>| {
        let attributes = found.get(3).map_or("", |attributes| attributes.as_str());
        let named = found.get(2).map(|language| language.as_str().to_owned());
        let language = named.or_else(|| attribute(attributes, "lang"));
        if found[1].contains('i') && !found[4].contains('\n') {
            return format!("<code>{}</code>", shown(found[4].trim()));
        }
        block(&language.unwrap_or_default(), &found[4])
    });
    let html = NAMED.replace_all(&html, |found: &Captures<'_>| {
        if found[1] == found[3] { block(&found[1], &found[2]) } else { found[0].to_owned() }
    });
    html.into_owned()
}

fn block(language: &str, code: &str) -> String {
    let language = match language.to_lowercase().as_str() {
        "plain" | "text" => String::new(),
        language => format!(" class=\"language-{}\"", escaped(language)),
    };
    let code = code.trim_matches(['\n', '\r']);
    format!("\n\n<pre><code{language}>{}</code></pre>\n\n", shown(code))
}

/// Code as HTML. Some editors write its characters as entities, and then there is no `<`.
pub(super) fn shown(code: &str) -> String {
    if code.contains('<') { escaped(code) } else { code.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{shortcodes, tagged};

    fn blocks(html: &str) -> String {
        shortcodes(&tagged(html))
    }

    #[test]
    fn code_of_highlighters_is_code() {
        let php = "\n\n<pre><code class=\"language-php\">&lt;?php\n\necho &quot;&lt;b&gt;&quot;;</code></pre>\n\n";
        for (start, end) in [
            ("<pre lang=\"php\" line=\"1\">", "</pre>"),
            ("<code lang=\"PHP\">", "</code>"),
            ("[cc lang=\"php\"]", "[/cc]"),
            ("[cc_php]", "[/cc_php]"),
            ("[ccnLe_php]", "[/ccnLe_php]"),
            ("[php]", "[/php]"),
            ("[php light=\"true\"]", "[/php]"),
        ] {
            let html = format!("{start}\n<?php\n\necho \"<b>\";\n{end}");
            assert_eq!(blocks(&html), php, "{start}");
        }
        for (html, expected) in [
            ("a [cci]b[/cci] c", "a <code>b</code> c"),
            ("a [cci]<b>[/cci] c", "a <code>&lt;b&gt;</code> c"),
            ("[text]&lt;a&gt;[/text]", "\n\n<pre><code>&lt;a&gt;</code></pre>\n\n"),
            ("[php]a[/perl]", "[php]a[/perl]"),
            ("[cc] without an end", "[cc] without an end"),
            ("<code lang=\"en\">a</code>", "<code lang=\"en\">a</code>"),
        ] {
            assert_eq!(blocks(html), expected, "{html}");
        }
    }
}
