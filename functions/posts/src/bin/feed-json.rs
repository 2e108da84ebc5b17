//! The Lambda function `feed-json`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::feed_json::OPERATION)
}
