//! The Lambda function `tags-read`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::tags_read::OPERATION)
}
