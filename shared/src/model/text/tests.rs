//! Names, slugs and tags as they are compared.

use super::TextError;
use super::types::*;

#[test]
fn slugs_of_titles() {
    assert_eq!(Slug::from_text("Crème brûlée, twice").unwrap().as_str(), "creme-brulee-twice");
    assert_eq!(Slug::from_text("…"), None);
    assert!(Slug::from_text(&"ab ".repeat(200)).unwrap().as_str().len() <= 80);
}

#[test]
fn names_of_tags_are_matched_by_name_alone() {
    let folded = |name: &str| TagName::trusted(name).folded();
    for (one, same) in [
        ("Straße", "STRAẞE"),
        ("Caf\u{e9}", "cafe\u{301}"),
        ("Field  notes", " field Notes "),
        ("ΌΔΟΣ", "όδος"),
    ] {
        assert_eq!(folded(one), folded(same), "{one}");
    }
    for (one, other) in [
        ("背景", "北京"),
        ("C", "C++"),
        ("C#", "C++"),
        ("Sport", "Спорт"),
        ("Maße", "MASSE"),
        ("ﬁn", "fin"),
    ] {
        assert_ne!(folded(one), folded(other), "{one}");
    }
}

#[test]
fn language_tags_in_their_standard_form() {
    for (written, standard) in [
        ("pt-br", "pt-BR"),
        ("ZH-HANT-tw", "zh-Hant-TW"),
        // The example of RFC 5646 §2.1.1: a subtag behind a single letter is in lower case.
        ("en-ca-X-CA", "en-CA-x-ca"),
        ("de", "de"),
    ] {
        assert_eq!(Language::trusted(written).canonical().as_str(), standard);
    }
}

#[test]
fn addresses_are_whole_ones() {
    let wrong = [
        "https://a.example/\"><script>",
        "https://a.example/<b>",
        "https://a.example/a\\b",
        "https://a\"b.example",
        "https://a.example/a b",
        "https://[::",
        "https://:::::",
        "https://a.example:99999",
        "https://999.1.1.1",
        "https://",
    ];
    for text in wrong {
        assert!(matches!(text.parse::<WebUrl>(), Err(TextError::Form(_))), "{text}");
        assert!(matches!(text.parse::<ProfileUrl>(), Err(TextError::Form(_))), "{text}");
        assert!(text.parse::<SiteUrl>().is_err(), "{text}");
    }
    for text in ["https://a.example:8443/a%22b?c=d#e", "https://[::1]/", "https://bücher.example/ä"]
    {
        assert!(text.parse::<WebUrl>().is_ok() && text.parse::<ProfileUrl>().is_ok(), "{text}");
    }
    assert!("https://a.example/it's".parse::<WebUrl>().is_ok());
    assert!("https://a.example/it's".parse::<ProfileUrl>().is_err());
    assert!("http://[::1]:8080/news".parse::<SiteUrl>().is_ok());
}

#[test]
fn secrets_are_not_printed() {
    assert_eq!(format!("{:?}", Password::new("hunter2")), "Password(…)");
}
