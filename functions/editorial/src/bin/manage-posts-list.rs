//! The Lambda function `manage-posts-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_posts_list::OPERATION)
}
