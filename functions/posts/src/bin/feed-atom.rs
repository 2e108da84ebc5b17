//! The Lambda function `feed-atom`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::feed_atom::OPERATION)
}
