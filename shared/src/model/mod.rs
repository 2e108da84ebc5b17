//! The resource types and the values they are made of. No I/O here.

mod id;
mod media;
mod post;
mod text;
mod time;
mod user;

pub use id::{
    ApiKeyId, AuditId, EmailChangeId, KeyId, MailId, MediaId, PostId, RegistrationId, RevisionId,
    SessionId, UserId,
};
pub use media::{Media, MediaKind, MediaStatus, MediaType};
pub use post::{
    Author, Post, PostStatus, PostSummary, PublicPost, PublicPostSummary, Tag, author_of,
};
pub use text::{
    AltText, Caption, Email, Excerpt, FileName, Markdown, Name, Password, Secret, Sha256, Slug,
    TagName, Title,
};
pub use time::Time;
pub use user::{Role, Scope, User};
