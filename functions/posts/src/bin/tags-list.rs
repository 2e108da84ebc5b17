//! The Lambda function `tags-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::tags_list::OPERATION)
}
