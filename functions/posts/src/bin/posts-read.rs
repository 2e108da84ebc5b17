//! The Lambda function `posts-read`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::posts_read::OPERATION)
}
