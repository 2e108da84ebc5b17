//! The Lambda function `desk-post-share`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_post_share::OPERATION)
}
