//! The Lambda function `posts-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::posts_list::OPERATION)
}
