//! What stored items say of themselves: whether they are live, and when a mail is sent again.

use byline_shared::examples;
use byline_shared::model::{Email, PostApproval, Role, Scope, Time, User};
use byline_shared::store::confirmations::ConfirmationItem;
use byline_shared::store::outbox::{About, Message, Notice, OutboxItem};
use byline_shared::store::posts::{Approved, PostItem};
use byline_shared::store::tokens::{Purpose, TokenItem};
use byline_shared::store::turns::{Saying, TurnItem};
use byline_shared::store::usage::month;
use byline_shared::store::users::UserItem;
use serde_json::json;

/// Seconds since the beginning of the examples.
fn at(seconds: i64) -> Time {
    Time::from_millis(1_767_603_600_000).plus_seconds(seconds)
}

/// A millisecond before.
fn just_before(time: Time) -> Time {
    Time::from_millis(time.as_millis() - 1)
}

fn mail() -> OutboxItem {
    OutboxItem::new(at(0), Email::trusted("ada@example.com"), Message::SignInCode)
}

/// When a mail is due, as the index sorts it.
fn due(mail: &OutboxItem) -> Option<Time> {
    assert_eq!(mail.gsi1pk.is_some(), mail.gsi1sk.is_some());
    let (time, id) = mail.gsi1sk.as_ref()?.split_once('#')?;
    assert_eq!((mail.gsi1pk.as_deref(), id), (Some("OUTBOX"), mail.id.as_str()));
    Some(time.parse().unwrap())
}

#[test]
fn a_mail_is_tried_again_after_ever_longer_times_for_three_days() {
    let mut mail = mail();
    assert_eq!((due(&mail), mail.attempts), (Some(at(60)), 0));
    for (attempts, wait) in [60, 120, 240, 480, 960, 1920, 3600, 3600].into_iter().enumerate() {
        mail = mail.later(at(10));
        assert_eq!((due(&mail), mail.attempts as usize), (Some(at(10 + wait)), attempts + 1));
    }
    mail.attempts = u32::MAX;
    let last = 3 * 24 * 3600;
    let mail = mail.later(just_before(at(last)));
    assert_eq!((due(&mail), mail.attempts), (Some(just_before(at(last + 3600))), u32::MAX));
    let failed = mail.later(at(last));
    assert_eq!(failed.failed.as_deref(), Some("it could not be sent for three days"));
    assert_eq!((due(&failed), failed.ttl), (None, Some(at(last + 30 * 24 * 3600).as_seconds())));
}

#[test]
fn a_notice_names_what_it_is_about() {
    let (ip, user) = (Some("203.0.113.7".parse().unwrap()), examples::user());
    let invited = Email::trusted("lin@example.com");
    let notice = || OutboxItem::notice(at(0), ip, &user, Notice::ApiKeyCreated);
    let plain = About { ip, ..About::default() };
    let named =
        About { name: Some("CI".to_owned()), scopes: vec![Scope::PostsRead], ..plain.clone() };
    let inviting =
        About { invited: Some(invited.clone()), role: Some(Role::Editor), ..plain.clone() };
    for (item, expected) in [
        (notice(), plain),
        (notice().naming("CI", &[Scope::PostsRead]), named),
        (notice().naming_invited(&invited, Role::Editor), inviting),
    ] {
        assert_eq!((&item.to, item.created_at, due(&item)), (&user.email, at(0), Some(at(60))));
        let Message::Notice { name, notice, about } = item.message else { panic!("no notice") };
        assert_eq!((name, notice, about), (user.name.clone(), Notice::ApiKeyCreated, expected));
    }
}

#[test]
fn a_mail_that_is_for_later_is_early_until_then() {
    let plain = mail();
    assert!(!plain.is_early(at(0)));
    let mail = plain.not_before(at(600));
    assert_eq!(due(&mail), Some(at(600)));
    assert!(mail.is_early(just_before(at(600))) && !mail.is_early(at(600)));
}

#[test]
fn what_has_a_time_is_live_until_then() {
    let session = examples::session();
    for (idle, expires, now, is_live) in [
        (10, 20, 9, true),
        (10, 20, 10, false),
        (20, 10, 9, true),
        (20, 10, 10, false),
        (10, 20, 15, false),
        (20, 10, 15, false),
    ] {
        let mut session = session.clone();
        (session.idle_at, session.expires_at) = (at(idle), at(expires));
        assert_eq!(session.is_live(at(now)), is_live, "{idle} {expires} {now}");
    }
    let (user_id, ttl) = (examples::user().id, at(10).as_seconds());
    let purpose = Purpose::ResetPassword { user_id: user_id.clone(), token_version: 0 };
    let token = TokenItem { email: Email::trusted("ada@example.com"), purpose, ttl };
    let (credential, request) = ("c".to_owned(), "r".to_owned());
    let confirmation = ConfirmationItem { user_id, credential, request, ttl };
    let mut invitation = examples::invitation();
    invitation.ttl = ttl;
    for (now, is_live) in [(9, true), (10, false), (11, false)] {
        assert_eq!(token.is_live(at(now)), is_live, "{now}");
        assert_eq!(confirmation.is_live(at(now)), is_live, "{now}");
        assert_eq!(invitation.is_live(at(now)), is_live, "{now}");
    }
}

#[test]
fn an_invitation_is_backed_by_the_admin_who_sent_it() {
    let invitation = examples::invitation();
    let sender = |role, disabled, token_version, demotions| {
        let mut item = json!({ "password_hash": "", "token_version": token_version });
        item["demotions"] = json!(demotions);
        let user = User { role, disabled, ..examples::user() };
        let user = serde_json::to_value(user).unwrap();
        item.as_object_mut().unwrap().extend(user.as_object().unwrap().clone());
        serde_json::from_value::<UserItem>(item).unwrap()
    };
    assert!(invitation.is_backed_by(&sender(Role::Admin, false, 0, 0)));
    for other in [
        sender(Role::Editor, false, 0, 0),
        sender(Role::Admin, true, 0, 0),
        sender(Role::Admin, false, 1, 0),
        sender(Role::Admin, false, 0, 1),
    ] {
        assert!(!invitation.is_backed_by(&other), "{other:?}");
    }
}

fn turn() -> TurnItem {
    let conversation = examples::CONVERSATION_ID.strip_prefix("conv_").unwrap();
    serde_json::from_value(json!({
        "id": format!("resp_{conversation}{conversation}"),
        "user_id": examples::USER_ID,
        "model": "m",
        "status": "in_progress",
        "input": "",
        "first_place": 0,
        "next_place": 1,
        "usage": { "input": 0, "cached": 0, "output": 0, "reasoning": 0 },
        "started_at": at(0),
        "lease_until": at(10),
    }))
    .unwrap()
}

#[test]
fn a_turn_runs_as_long_as_its_lease_and_says_what_is_next() {
    let mut turn = turn();
    assert!(turn.is_running(just_before(at(10))) && !turn.is_running(at(10)));
    assert_eq!((turn.saying(), turn.message_in_progress(at(0))), (None, None));
    let id = |place: u32| format!("item_01JD9ZQAV8Q2M4T6W8X000000{place}").parse().unwrap();
    let saying = Saying { id: id(1), text: "Two drafts".to_owned() };
    turn.saying = Some(saying.clone());
    assert_eq!(turn.saying(), Some(&saying));
    for (now, status) in [(9, "in_progress"), (10, "incomplete")] {
        let message = serde_json::to_value(turn.message_in_progress(at(now)).unwrap()).unwrap();
        assert_eq!(message["status"], status);
        assert_eq!(message["content"][0]["text"], "Two drafts");
    }
    // What was said earlier is an item of its own.
    turn.next_place = 2;
    assert_eq!((turn.saying(), turn.message_in_progress(at(0))), (None, None));
    (turn.next_place, turn.status) = (1, byline_shared::model::TurnStatus::Completed);
    assert!(!turn.is_running(at(0)));
    assert_eq!(month(at(0)), "2026-01");
}

#[test]
fn a_post_knows_who_approved_it_and_what_comes_next() {
    let summary = serde_json::to_value(examples::post(false).summary).unwrap();
    let mut post: PostItem = serde_json::from_value(summary).unwrap();
    let later = post.next(at(90));
    assert_eq!((later.summary.version, later.summary.updated_at), (2, at(90)));
    assert_eq!(later.summary.created_at, post.summary.created_at);
    let (revision_id, other) = (post.summary.revision_id.clone(), examples::OTHER_REVISION_ID);
    let (by, publisher) = (examples::user().id, examples::OTHER_USER_ID.parse().unwrap());
    let approval = PostApproval {
        revision_id: revision_id.clone(),
        proposal_id: examples::PROPOSAL_ID.parse().unwrap(),
        by: by.clone(),
        by_name: None,
        at: at(0),
    };
    post.summary.approval = Some(approval);
    assert_eq!(post.approver(), None, "it is told, and covers nothing");
    let content =
        byline_shared::model::ContentDigest::of(&json!({}), &json!([]), &json!(null), &json!([]));
    let approved = Approved { revision_id, content, by: None, not_before: None };
    post.approved = Some(approved.clone());
    assert_eq!(post.approver(), Some(&by), "from before the approver was noted");
    post.approved = Some(Approved { by: Some(publisher), ..approved.clone() });
    assert_eq!(post.approver().map(|id| id.as_str()), Some(examples::OTHER_USER_ID));
    post.approved = Some(Approved { revision_id: other.parse().unwrap(), ..approved });
    assert_eq!(post.approver(), None, "another revision");
}
