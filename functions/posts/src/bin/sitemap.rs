//! The Lambda function `sitemap`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::sitemap::OPERATION)
}
