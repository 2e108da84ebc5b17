//! The Lambda function `desk-post-date-author`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_post_date_author::OPERATION)
}
