//! The Lambda function `tags-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::tags_list::OPERATION)
}
