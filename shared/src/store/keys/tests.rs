//! Every key as it is stored: a deployment has items under it, so it stays.

use std::str::FromStr;

use ulid::Ulid;

use super::*;
use crate::model::{
    Email, Hour, Language, News, NewsEvent, ProposalStatus, ResponseId, Slug, Subject,
};

const ULID: &str = "01JD9ZK3V8Q2M4T6W8X0Y2Z4A6";
const OTHER: &str = "01JD9ZJ1V8Q2M4T6W8X0Y2Z4B8";

/// The id with this prefix and [`ULID`].
fn id<T: FromStr<Err: std::fmt::Debug>>(prefix: &str) -> T {
    format!("{prefix}_{ULID}").parse().unwrap()
}

fn slug() -> Slug {
    Slug::trusted("low-tides")
}

fn email() -> Email {
    Email::trusted("Ada@Example.com")
}

fn time() -> Time {
    "2026-01-05T09:30:00Z".parse().unwrap()
}

fn news() -> News {
    News::Proposal { proposal_id: id("prop"), event: NewsEvent::Made }
}

fn are(expected: &[(Key, &str, &str)]) {
    for (key, pk, sk) in expected {
        let spelled = |text: &str| text.replace('*', ULID);
        assert_eq!((key.pk.as_str(), key.sk.as_str()), (&*spelled(pk), &*spelled(sk)));
        let attributes = key.attributes();
        assert_eq!(attributes["pk"], AttributeValue::S(spelled(pk)));
        assert_eq!(attributes["sk"], AttributeValue::S(spelled(sk)));
        assert_eq!(attributes.len(), 2);
    }
}

#[test]
fn keys_of_content_stay() {
    let post = &id("post");
    are(&[
        (audit(&id("audit")), "AUDIT", "audit_*"),
        (super::post(post), "POST#post_*", "POST"),
        (revision(post, &id("rev")), "POST#post_*", "REVISION#rev_*"),
        (part_of_post(post, "X"), "POST#post_*", "X"),
        (publication(post, &id("pub")), "POST#post_*", "PUBLICATION#pub_*"),
        (preview_link(post, &id("preview")), "POST#post_*", "PREVIEW#preview_*"),
        (proposal(&id("prop")), "PROPOSAL#prop_*", "PROPOSAL"),
        (proposed(&id("prop")), "PROPOSAL#prop_*", "TEXT"),
        (tag(&slug()), "TAGS", "low-tides"),
        (tag_name("low tides"), "TAGNAME#low tides", "TAGNAME"),
        (author(&slug()), "AUTHORS", "low-tides"),
        (settings(), "SETTINGS", "SETTINGS"),
        (propagation_job(&id("job")), "PROPAGATION#job_*", "PROPAGATION#job_*"),
        (super::news(&news()), "NEWS#prop_*#made", "NEWS#prop_*#made"),
        (redirect("/a"), "REDIRECT#/a", "REDIRECT"),
        (super::slug(&slug()), "SLUG#low-tides", "SLUG"),
        (live_row("LIVE", time(), post), "LIVE", "2026-01-05T09:30:00.000Z#post_*"),
        (media(&id("media")), "MEDIA#media_*", "MEDIA"),
        (nothing(), "NOTHING", "NOTHING"),
    ]);
    let user = &id("user");
    let partitions = [
        (of_post(post), "POST#post_*"),
        (proposals(ProposalStatus::Pending), "PROPOSALS#pending"),
        (proposals_for(post), "PROPOSALS#post_*"),
        (live_tag(&slug()), "LIVE#TAG#low-tides"),
        (live_author(&slug()), "LIVE#AUTHOR#low-tides"),
        (live_language(&Language::trusted("de-CH")), "LIVE#LANGUAGE#de-ch"),
        (posts_by(user), "POSTS#user_*"),
        (trash_of(user), "TRASH#user_*"),
        (media_by(user), "MEDIA#user_*"),
        (position(time(), post), "2026-01-05T09:30:00.000Z#post_*"),
    ];
    for (partition, expected) in partitions {
        assert_eq!(partition, expected.replace('*', ULID));
    }
    let fixed = [LIVE, LIVE_FEATURED, POSTS, TRASH, MEDIA];
    assert_eq!(fixed, ["LIVE", "LIVE#FEATURED", "POSTS", "TRASH", "MEDIA"]);
}

#[test]
fn keys_of_identity_stay() {
    let user = &id("user");
    let hour = &Hour::of(time());
    are(&[
        (super::user(user), "USER#user_*", "USER"),
        (session(user, &id("sess")), "SESSIONS#user_*", "SESSION#sess_*"),
        (account(&email()), "EMAIL#ada@example.com", "ACCOUNT"),
        (registration(&email(), &id("reg")), "EMAIL#ada@example.com", "REGISTRATION#reg_*"),
        (invitation(&id("inv")), "INVITATIONS", "INVITATION#inv_*"),
        (invited(&email()), "EMAIL#ada@example.com", "INVITATION"),
        (author_slug(&slug()), "AUTHOR#low-tides", "AUTHOR"),
        (token("d"), "TOKEN#d", "TOKEN"),
        (confirmation("d"), "CONFIRMATION#d", "CONFIRMATION"),
        (
            idempotency(user, "manage-posts-create", "d"),
            "IDEMPOTENCY#user_*",
            "manage-posts-create#d",
        ),
        (signing_key(&id("kid")), "SIGNING_KEYS", "SIGNING_KEY#kid_*"),
        (api_key(user, &id("key")), "API_KEYS#user_*", "API_KEY#key_*"),
        (api_key_use(&id("key")), "API_KEY_USE#key_*", "USE"),
        (passkey(user, &id("passkey")), "PASSKEYS#user_*", "PASSKEY#passkey_*"),
        (passkey_challenge("d"), "PASSKEY_CHALLENGE#d", "SPENT"),
        (oauth_client(&id("client")), "OAUTH_CLIENT#client_*", "CLIENT"),
        (oauth_code("d"), "OAUTH_CODE#d", "CODE"),
        (oauth_consent(user, "d"), "OAUTH_CONSENTS#user_*", "CONSENT#d"),
        (admins(), "ADMINS", "ADMINS"),
        (limit("login", &Subject::new("ada")), "LIMIT#login#ada", "LIMIT"),
        (mail(&id("mail")), "MAIL#mail_*", "MAIL#mail_*"),
        (told(user, &news()), "TOLD#user_*", "prop_*#made"),
        (told_in_hour(user, hour), "TOLD#user_*", "HOUR#2026-01-05T09"),
        (told_daily(user), "TOLD#user_*", "DIGEST"),
        (told_later(user, hour, &news()), "TOLD#user_*#2026-01-05T09", "prop_*#made"),
        (erasure(user), "ERASURE#user_*", "ERASURE#user_*"),
    ]);
    assert_eq!(registrations_of(&email()), "EMAIL#ada@example.com");
    let partitions = [
        (sessions_of(user), "SESSIONS#user_*"),
        (api_keys_of(user), "API_KEYS#user_*"),
        (passkeys_of(user), "PASSKEYS#user_*"),
        (idempotency_of(user), "IDEMPOTENCY#user_*"),
        (oauth_consents_of(user), "OAUTH_CONSENTS#user_*"),
        (all_told_later(user, hour), "TOLD#user_*#2026-01-05T09"),
    ];
    for (partition, expected) in partitions {
        assert_eq!(partition, expected.replace('*', ULID));
    }
    assert_eq!([OUTBOX, USERS], ["OUTBOX", "USERS"]);
}

#[test]
fn keys_of_agent_stay() {
    let (user, conversation) = (&id("user"), &id("conv"));
    let response = ResponseId::try_from(format!("resp_{ULID}{OTHER}")).unwrap();
    are(&[
        (super::conversation(conversation), "CONVERSATION#conv_*", "CONVERSATION"),
        (conversation_item(conversation, 7), "CONVERSATION#conv_*", "ITEM#0000000007"),
        (part_of_conversation(conversation, "X"), "CONVERSATION#conv_*", "X"),
        (turn(&response), "CONVERSATION#conv_*", "TURN#01JD9ZJ1V8Q2M4T6W8X0Y2Z4B8"),
        (turn_key(conversation, "d"), "CONVERSATION#conv_*", "KEY#d"),
        (usage(user, "2026-01"), "USAGE#user_*", "2026-01"),
        (usage_of_site("2026-01"), "USAGE#SITE", "2026-01"),
        (conversation_deletion(conversation), "CONVERSATION#conv_*", "DELETION"),
        (conversation_count(user), "CONVERSATIONS#user_*", "COUNT"),
        (running_turns(user), "CONVERSATIONS#user_*", "TURNS"),
    ]);
    let partitions = [
        (of_conversation(conversation), "CONVERSATION#conv_*"),
        (usage_of(user), "USAGE#user_*"),
        (conversations_of(user), "CONVERSATIONS#user_*"),
    ];
    for (partition, expected) in partitions {
        assert_eq!(partition, expected.replace('*', ULID));
    }
    // The turns of a time are those that began until its end.
    let turn = |time: Time| {
        let own = Ulid::from_parts(time.as_millis().unsigned_abs(), u128::MAX);
        format!("TURN#{own}")
    };
    let (first, last) = turns_until(Some(time()));
    assert_eq!((first.as_str(), last), ("TURN#", turn(time())));
    let (first, last) = turns_until(None);
    assert_eq!((first.as_str(), last.as_str()), ("TURN#", "TURN#7ZZZZZZZZZZZZZZZZZZZZZZZZZ"));
    // Everything but the head and the deletion of a conversation.
    let (first, last) = PARTS_OF_CONVERSATION;
    for (sk, is_part) in [
        ("CONVERSATION", false),
        ("DELETION", false),
        ("ITEM#0000000000", true),
        ("KEY#d", true),
        ("TURN#01JD9ZJ1V8Q2M4T6W8X0Y2Z4B8", true),
    ] {
        assert_eq!((first..=last).contains(&sk), is_part, "{sk}");
    }
}
