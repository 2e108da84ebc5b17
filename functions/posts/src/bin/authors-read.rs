//! The Lambda function `authors-read`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::authors_read::OPERATION)
}
