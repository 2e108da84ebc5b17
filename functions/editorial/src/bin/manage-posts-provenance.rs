//! The Lambda function `manage-posts-provenance`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_posts_provenance::OPERATION)
}
