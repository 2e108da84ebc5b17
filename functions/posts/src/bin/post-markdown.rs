//! The Lambda function `post-markdown`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::post_markdown::OPERATION)
}
