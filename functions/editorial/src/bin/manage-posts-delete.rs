//! The Lambda function `manage-posts-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_posts_delete::OPERATION)
}
