//! The Lambda function `manage-posts-unschedule`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_posts_unschedule::OPERATION)
}
