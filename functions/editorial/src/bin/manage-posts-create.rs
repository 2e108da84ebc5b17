//! The Lambda function `manage-posts-create`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_posts_create::OPERATION)
}
