use super::*;

#[test]
fn elements_come_one_by_one() {
    let text = "<?xml version=\"1.0\"?><rss><channel><title>A &amp; B &#8211; C</title>\
                <item><a><![CDATA[x ]]]]><![CDATA[> y]]></a><c d=\"1 &lt; 2\"/></item></channel></rss>";
    let elements: Vec<Element> = Elements::new(text.as_bytes()).map(Result::unwrap).collect();
    assert_eq!(elements[0].text, "A & B \u{2013} C");
    assert_eq!(elements[1].field("a"), Some("x ]]> y"));
    assert_eq!(elements[1].children[1].attribute("d"), Some("1 < 2"));
    assert_eq!(elements.len(), 2);
}

#[test]
fn of_attributes_with_one_name_the_first_counts() {
    let text = "<rss><channel><item a=\"1\" a=\"2\"/></channel></rss>";
    let item = Elements::new(text.as_bytes()).next().unwrap().unwrap();
    assert_eq!(item.attribute("a"), Some("1"));
}

#[test]
fn a_file_that_breaks_off_says_so() {
    let text = "<rss><channel><item><a>x";
    let mut elements = Elements::new(text.as_bytes());
    assert!(elements.next().unwrap().is_err());
    assert!(elements.next().is_none());
}

#[test]
fn one_that_is_too_deep_or_too_large_costs_itself_alone() {
    let (open, close) = ("<a>".repeat(300_000), "</a>".repeat(300_000));
    let many = "<a/>".repeat(MAX_CHILDREN + 1);
    let text = format!(
        "<rss><channel><item><title>Deep</title>{open}x{close}<b>y</b></item>\
         <item><title>Many</title>{many}</item><item><title>Whole</title></item></channel></rss>"
    );
    let elements: Vec<Element> = Elements::new(text.as_bytes()).map(Result::unwrap).collect();
    let found: Vec<_> = elements.iter().map(|item| (item.field("title"), item.fault)).collect();
    assert_eq!(
        found,
        [
            (Some("Deep"), Some(ElementFault::TooDeep)),
            (Some("Many"), Some(ElementFault::TooLarge)),
            (Some("Whole"), None),
        ]
    );
}
