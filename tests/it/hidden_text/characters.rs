//! Which characters texts may hold, and how far the patterns of the schemas say so.

use std::borrow::Cow;

use byline_shared::model::hidden::{Hidden, check, class_of, replace};
use byline_shared::model::{Email, Slug, TagName, TextError, Title};
use serde_json::{Value, json};

#[test]
fn what_scripts_need_passes() {
    for text in [
        "tabs\tand\r\nline breaks\n",
        // Emoji: a family, a heart on fire, a rainbow flag, England, Scotland, Wales, a keycap.
        "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f466} \u{2764}\u{fe0f}\u{200d}\u{1f525}",
        "\u{1f3f3}\u{fe0f}\u{200d}\u{1f308} 1\u{fe0f}\u{20e3} \u{263a}\u{fe0e}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}!",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
        // Persian, Sinhala, Malayalam, Khmer, Thai, German, Hebrew, Mongolian.
        "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
        "\u{0d9a}\u{0dca}\u{200d}\u{0dbb}\u{0dd2} \u{0d28}\u{0d4d}\u{200d}",
        "\u{1797}\u{17b6}\u{200b}\u{1781} \u{e44}\u{e17}\u{e22}\u{200b}\u{e04}\u{e33}",
        "Auf\u{200c}lage Donau\u{ad}dampf\u{ad}schiff a\u{2060}/\u{2060}b",
        "\u{200e}\u{5e9}\u{5dc}\u{5d5}\u{5dd}\u{200f} \u{61c}\u{5d1}\u{34f}\u{5b8}",
        "\u{1820}\u{180b}\u{180e}\u{1820} \u{845b}\u{fe00} \u{feff}x",
    ] {
        assert_eq!(check(text), Ok(()), "{text:?}");
    }
}

#[test]
fn what_no_script_needs_is_named_with_its_place() {
    for (text, char, line, column) in [
        ("a\u{0}", '\u{0}', 1, 2),
        ("one\ntwo \u{e0069}\u{e0067}", '\u{e0069}', 2, 5),
        // No flag, one without an end, and one that says more than a region.
        ("\u{1f3f4}\u{e0067}\u{e0062}", '\u{e0067}', 1, 2),
        ("\u{1f3f4}\u{e0067}\u{e007f}", '\u{e0067}', 1, 2),
        (
            "\u{1f3f4}\u{e0069}\u{e0067}\u{e006e}\u{e006f}\u{e0072}\u{e0065}\u{e0073}\u{e007f}",
            '\u{e0069}',
            1,
            2,
        ),
        ("é\u{e0101}", '\u{e0101}', 1, 2),
        ("\u{1160}", '\u{1160}', 1, 1),
        ("x\u{3164}", '\u{3164}', 1, 2),
        ("x\u{ffa0}", '\u{ffa0}', 1, 2),
        ("\r\nx\u{2800}", '\u{2800}', 2, 2),
        ("x\u{85}", '\u{85}', 1, 2),
        ("x\u{fff9}y", '\u{fff9}', 1, 2),
        ("x\u{206a}", '\u{206a}', 1, 2),
        ("x\u{202e}", '\u{202e}', 1, 2),
        ("x\u{2065}", '\u{2065}', 1, 2),
        ("x\u{ffff}", '\u{ffff}', 1, 2),
        ("xy\u{200b}\u{200c}\u{200b}", '\u{200b}', 1, 3),
        ("xy\u{fe00}\u{fe01}\u{ad}", '\u{fe00}', 1, 3),
    ] {
        assert_eq!(check(text), Err(Hidden { char, line, column }), "{text:?}");
    }
    let message = check("a\n\u{e0041}").unwrap_err().to_string();
    assert_eq!(
        message,
        "Holds U+E0041, a tag character, on line 2, column 1. Readers do not see it: remove it."
    );
    let message = check("\u{200b}\u{200b}\u{200b}").unwrap_err().to_string();
    assert!(message.contains("more than 2 invisible characters in a row"), "{message}");
}

#[test]
fn what_is_replaced_can_be_kept() {
    let text = "a\u{e0041}b\u{200b}\u{200b}\u{200b}c\u{200b}d";
    let replaced = replace(text, |char| (char == '\u{e0041}').then_some('?'));
    assert_eq!(replaced.text, "a?bc\u{200b}d");
    assert_eq!(replaced.counts, [('\u{200b}', 3), ('\u{e0041}', 1)].into());
    assert_eq!(check(&replaced.text), Ok(()));
    let text = "a\u{200b}\u{200b}\u{1}\u{200b}b";
    assert_eq!(replace(text, |_| None).text, "ab");
    assert!(matches!(replace("plain", |_| None).text, Cow::Borrowed(_)));
}

/// The pattern of a schema is what clients can check by themselves. It never refuses what Byline takes,
/// and it refuses each single hidden character that every dialect of patterns can name.
#[test]
fn the_patterns_agree_with_the_rule() {
    let operations = byline_local::operations();
    let create = operations.iter().find(|operation| operation.name == "manage-posts-create");
    let contract = create.unwrap().input_contract().unwrap();
    let validator = |field: &str| {
        let schema = &contract.schema()["properties"][field];
        assert!(schema["pattern"].is_string() && schema["x-visible"] == true, "{schema}");
        jsonschema::draft202012::new(schema).unwrap()
    };
    let (title, body) = (validator("title"), validator("body"));
    let fits = |validator: &jsonschema::Validator, text: &str| validator.is_valid(&json!(text));
    let others = ('\u{16fe0}'..='\u{16fff}').chain('\u{e0000}'..='\u{e1000}');
    for char in ('\0'..='\u{ffff}').chain(others) {
        let text = format!("a{char}b");
        let is_named = u32::from(char) <= 0xffff;
        let is_refused = check(&text).is_err() && is_named;
        assert_eq!(!fits(&body, &text), is_refused, "{char:?} in a body");
        let ends_line = matches!(char, '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}');
        assert_eq!(!fits(&title, &text), is_refused || ends_line, "{char:?} in a title");
        let is_seen = class_of(char).is_none() && !char.is_whitespace();
        let is_unnamed = !is_named && class_of(char).is_some();
        assert_eq!(fits(&title, &char.to_string()), is_seen || is_unnamed, "{char:?} alone");
    }
}

/// A text that becomes a value by itself meets the rules that inputs of endpoints meet.
#[test]
fn a_value_and_an_input_have_the_same_rules() {
    let operations = byline_local::operations();
    let create = operations.iter().find(|operation| operation.name == "manage-posts-create");
    let contract = create.unwrap().input_contract().unwrap();
    let as_input = |field: &str, value: Value| {
        let mut input = json!({ "title": "T", "body": "B" });
        input[field] = value;
        let problem = contract.validate(input).err()?;
        Some(problem.errors[0].message.clone())
    };
    let said = |error: Option<TextError>| error.map(|error| error.to_string());
    for text in [
        "",
        " ",
        "a",
        "a-b",
        "--",
        "-a",
        "a-",
        "A",
        "a\nb",
        "a\u{200b}b",
        "\u{200b}",
        "\u{e0041}a",
        "a\u{3164}",
        "...",
        "\u{7f}",
        "\u{2028}",
        "\u{fe0f}",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([50, 51, 100, 101, 200, 201].map(|length| "a".repeat(length)))
    {
        assert_eq!(said(text.parse::<Title>().err()), as_input("title", json!(text)), "{text:?}");
        assert_eq!(said(text.parse::<Slug>().err()), as_input("slug", json!(text)), "{text:?}");
        assert_eq!(
            said(TagName::try_from(text.clone()).err()),
            as_input("tags", json!([text])),
            "{text:?}"
        );
    }
    let fits = |text: &str| text.parse::<Email>().is_ok();
    assert!(fits("ada@example.com") && !fits("Ada <ada@example.com>") && !fits("ada@"));
}
