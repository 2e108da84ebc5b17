//! The rules of media: one implementation, for every door.
//!
//! A small picture can come with the form of a page. Any other file passes through no function: it goes to
//! the bucket by a URL that is signed for exactly its size and type, under a key that nobody can read.
//! Completing it looks at the bytes, and copies what was looked at to the key where readers find it. So no
//! URL, however long it holds, can change what readers see; and what is never completed goes away by itself,
//! item and object.

mod import;
mod inspect;
mod library;
mod objects;
mod uploads;
mod urls;

pub use import::{ImportedMedia, UNKNOWN_KIND, address_prefix, bytes, import, upload};
pub use library::{Description, Uses, delete, get, get_with_uses, list, update};
pub use uploads::{NewUpload, Upload, cancel, complete, complete_or_delete, create};
pub use urls::address;
