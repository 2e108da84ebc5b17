use super::*;

#[test]
fn yaml_is_read_as_before() {
    let value = from_str("a: &x [1, 2.5, yes, ~]\nb: *x\n'c': \"d\"\n").unwrap();
    let expected = serde_json::json!({
        "a": [1, 2.5, "yes", null], "b": [1, 2.5, "yes", null], "c": "d"
    });
    assert_eq!(value, expected);
    for empty in ["", "\n", "# nothing\n", "~"] {
        assert_eq!(object(empty).unwrap(), Map::new(), "{empty:?}");
    }
    assert!(matches!(from_str("a: ["), Err(YamlError::Syntax(_))));
    assert!(object("- a").is_err());
}

#[test]
fn yaml_of_other_languages_is_read() {
    let text = "title: ! 'A: b'\nhash: !ruby/hash:Mash {x: 1}\nsymbol: !ruby/sym y\n\
                text: !binary |-\n  R3LDvMOfZQ==\nbase: &base {a: 1, b: 2}\n\
                made:\n  b: 3\n  <<: *base\nboth:\n  <<: [*base, {c: 4}]\n  a: 5\n\
                1: one\ntrue: yes\n? [x, y]\n: list\ntwice: 1\ntwice: 2\n'<<': z\n";
    let expected = serde_json::json!({
        "title": "A: b", "hash": {"x": 1}, "symbol": "y", "text": "Gr\u{fc}\u{df}e",
        "base": {"a": 1, "b": 2}, "made": {"b": 3, "a": 1}, "both": {"a": 5, "b": 2, "c": 4},
        "1": "one", "true": "yes", "[\"x\",\"y\"]": "list", "twice": 2, "<<": "z",
    });
    assert_eq!(from_str(text).unwrap(), expected);
}

#[test]
fn bombs_are_refused() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        let list = vec![before; 9].join(", ");
        laughs.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    assert!(matches!(from_str(&laughs), Err(YamlError::TooMany)));
    let long = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(100_000), "*a, ".repeat(10_000));
    assert!(matches!(from_str(&long), Err(YamlError::TooMany)));
    assert!(matches!(from_str(&"[".repeat(100_000)), Err(YamlError::TooDeep)));
    assert!(matches!(from_str(&"- ".repeat(100_000)), Err(YamlError::TooDeep)));
    assert!(matches!(from_str("a: &a [*a]"), Err(YamlError::Circle)));
    assert!(matches!(from_str(&"x".repeat(300_000)), Err(YamlError::TooLong)));
}
