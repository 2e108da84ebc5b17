//! The Lambda function `feed-atom`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::feed_atom::OPERATION)
}
