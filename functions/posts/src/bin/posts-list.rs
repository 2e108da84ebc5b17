//! The Lambda function `posts-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::posts_list::OPERATION)
}
