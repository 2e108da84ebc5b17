use serde_json::json;

use super::*;

fn is_marked(matter: Value) -> bool {
    let Value::Object(matter) = matter else { panic!("{matter} is an object") };
    closed(&matter).is_some()
}

#[test]
fn marks_of_any_generator_are_known() {
    for matter in [
        json!({"publish": false}),
        json!({"dg-publish": false}),
        json!({"build": {"render": "never", "list": "never"}}),
        json!({"_build": {"list": "local"}}),
        json!({"published": "false"}),
        json!({"published": "nope"}),
        json!({"draft": "true"}),
        json!({"draft": "yes"}),
        json!({"draft": 1}),
        json!({"draft": "wip"}),
        json!({"params": {"draft": true}}),
        json!({"unlisted": true}),
        json!({"robots": "noindex, nofollow"}),
        json!({"seo": {"robots": {"index": false}}}),
        json!({"seo": {"noindex": true}}),
        json!({"noIndex": "1"}),
        json!({"robotsNoIndex": true}),
        json!({"hidden": true}),
        json!({"hide": true}),
        json!({"hiddenInHomeList": true}),
        json!({"hide_from_feed": "on"}),
        json!({"private": "yes"}),
        json!({"private": "family"}),
        json!({"is_published": false}),
        json!({"ispublished": "no"}),
        json!({"isDraft": true}),
        json!({"not_published": true}),
        json!({"nopublish": true}),
        json!({"listed": false}),
        json!({"list": "never"}),
        json!({"feed": {"show": false}}),
        json!({"feed": {"exclude": true}}),
        json!({"sitemap": {"disable": true}}),
        json!({"eleventyExcludeFromCollections": true}),
        json!({"excludeFromSearch": true}),
        json!({"search_exclude": true}),
        json!({"searchHidden": true}),
        json!({"visibility": "hidden"}),
        json!({"access": ["gold"]}),
        json!({"publish_status": "Draft"}),
        json!({"stage": "wip"}),
        json!({"type": "draft"}),
        json!({"permalink": false}),
        json!({"headless": true}),
        json!({"membersOnly": true}),
        json!({"membersonly": true}),
        json!({"enabled": false}),
        json!({"public": "none"}),
    ] {
        assert!(is_marked(matter.clone()), "{matter}");
    }
}

#[test]
fn what_says_something_else_is_no_mark() {
    for matter in [
        json!({"published": true, "draft": false, "public": "yes", "private": "no"}),
        json!({"published": "2020-01-01", "publish": "2020-01-01 10:00"}),
        json!({"draft": null, "published": null}),
        json!({"visibility": "public", "access": "Everyone", "listed": "always"}),
        json!({"comments": false, "toc": false, "share": "no", "math": false}),
        json!({"cover": {"hidden": true, "image": "a.png"}}),
        json!({"hidemeta": true, "hide_title": true, "hideSummary": true}),
        json!({"ShowToc": false, "ShowBreadCrumbs": false, "show_reading_time": false}),
        json!({"render_with_liquid": false, "comments_enabled": false, "author_visible": "no"}),
        json!({"robots": "index, follow", "permalink": "/a/", "type": "post"}),
        json!({"build": {"render": "always", "list": "always"}}),
        json!({"title": "Draft", "tags": ["private", "draft"], "layout": "post"}),
        json!({"accessibility": "none", "publisher": "Ann", "list_title": "no"}),
    ] {
        let Value::Object(object) = matter.clone() else { unreachable!() };
        assert_eq!(closed(&object), None, "{matter}");
    }
}

#[test]
fn folders_and_names_are_marks() {
    assert_eq!(closed_place("_drafts/a.md"), Some("_drafts"));
    assert_eq!(closed_place("content/Private/a.md"), Some("Private"));
    assert_eq!(closed_place("posts/_a.md"), Some("_a.md"));
    assert_eq!(closed_place("_posts/2020-01-01-private.md"), None);
}
