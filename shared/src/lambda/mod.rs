//! Operations and workers as Lambda functions. Each binary is one call of these.

mod event;
mod function_url;
mod operation;
mod process;
mod worker;

pub use function_url::serve_url;
pub use operation::serve;
pub use worker::work;
