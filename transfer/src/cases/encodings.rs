//! Texts of other encodings come in.

use super::{folder, item, posts_of, said, wordpress};

#[test]
fn a02_not_utf8() {
    let items = item(103, "https://field.example/a/", "fine", "")
        + &item(104, "https://field.example/b/", "caf@ here", "")
        + &item(105, "https://field.example/c/", "fine \u{fc}", "");
    let source = wordpress(&items);
    let file = source.path().join("wp.xml");
    let mut bytes = std::fs::read(&file).unwrap();
    let place = bytes.iter().position(|byte| *byte == b'@').unwrap();
    bytes[place] = 0xe9;
    std::fs::write(&file, bytes).unwrap();
    let posts = posts_of(&source, "wp.xml");
    assert_eq!(posts.len(), 3);
    assert_eq!(posts[1].body, "caf\u{fffd} here\n");
    assert!(said(&posts[1]).contains("\u{fffd}") && posts[2].skipped.is_empty());
    assert_eq!(posts[2].body, "fine \u{fc}\n");
}

#[test]
fn a02b_latin1_declared() {
    let source = wordpress(&item(106, "https://field.example/a/", "d\u{e9}j\u{e0} vu", ""));
    let file = source.path().join("wp.xml");
    let text = std::fs::read_to_string(&file).unwrap().replace("UTF-8", "ISO-8859-1");
    let bytes: Vec<u8> = text.chars().map(|char| char as u8).collect();
    std::fs::write(&file, bytes).unwrap();
    assert_eq!(posts_of(&source, "wp.xml")[0].body, "d\u{e9}j\u{e0} vu\n");
}

#[test]
fn c05_ghost_bom() {
    let export = "\u{feff}{\"data\": {\"posts\": [{\"id\": \"1\", \"title\": \"P1\", \"slug\": \"p1\", \
                  \"status\": \"draft\", \"html\": \"<p>x</p>\"}]}}";
    let source = folder(&[("ghost.json", export)]);
    assert_eq!(posts_of(&source, "ghost.json")[0].body, "x\n");
}

#[test]
fn a02_markdown_of_other_encodings() {
    let source = folder(&[]);
    let matter = "---\ntitle: Caf\u{e9} cr\u{e8}me\ndate: 2020-01-01\n---\nD\u{e9}j\u{e0} vu, \u{e9}t\u{e9}.\n";
    let bytes: Vec<u8> = matter.chars().map(|char| char as u8).collect();
    std::fs::write(source.path().join("a.md"), bytes).unwrap();
    let posts = posts_of(&source, "a.md");
    assert_eq!(posts[0].title, "Caf\u{e9} cr\u{e8}me");
    assert_eq!(posts[0].body, "D\u{e9}j\u{e0} vu, \u{e9}t\u{e9}.\n");
    assert!(said(&posts[0]).contains("windows-1252"), "{:?}", posts[0].skipped);
}
