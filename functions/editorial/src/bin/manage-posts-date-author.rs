//! The Lambda function `manage-posts-date-author`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_posts_date_author::OPERATION)
}
