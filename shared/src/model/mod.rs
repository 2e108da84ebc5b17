//! The resource types and the values they are made of. No I/O here.

mod id;
mod post;
mod text;
mod time;
mod user;

pub use id::{
    ApiKeyId, AuditId, EmailChangeId, KeyId, MailId, PostId, RegistrationId, RevisionId, SessionId,
    UserId,
};
pub use post::{
    Author, Post, PostStatus, PostSummary, PublicPost, PublicPostSummary, Tag, author_of,
};
pub use text::{Email, Excerpt, Markdown, Name, Password, Secret, Slug, TagName, Title};
pub use time::Time;
pub use user::{Role, Scope, User};
