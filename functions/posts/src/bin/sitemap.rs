//! The Lambda function `sitemap`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::sitemap::OPERATION)
}
