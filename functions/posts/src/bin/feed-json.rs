//! The Lambda function `feed-json`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::feed_json::OPERATION)
}
