//! The parts of a Markdown text that are no code.

/// A text whose parts outside of code are changed by `change`.
pub(super) fn outside_code(text: &str, mut change: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut prose = String::new();
    let mut fence: Option<String> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches(['>', ' ', '\t']);
        let mark: String = bare.chars().take_while(|char| *char == '`' || *char == '~').collect();
        let is_mark = mark.len() >= 3 && (mark.starts_with("```") || mark.starts_with("~~~"));
        match &fence {
            Some(open) => {
                out.push_str(line);
                if is_mark && mark.starts_with(open.as_str()) && bare.trim() == mark {
                    fence = None;
                }
            }
            // A line with another backtick is code inside a line.
            None if is_mark && !bare[mark.len()..].contains('`') => {
                out.push_str(&spans(&std::mem::take(&mut prose), &mut change));
                out.push_str(line);
                fence = Some(mark);
            }
            None => prose.push_str(line),
        }
    }
    out.push_str(&spans(&prose, &mut change));
    out
}

/// The same for code between backticks.
fn spans(text: &str, change: &mut impl FnMut(&str) -> String) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut codes: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    // Runs of one length that were looked for in vain are not looked for again.
    let mut alone: Vec<usize> = Vec::new();
    while let Some(at) = text[from..].find('`').map(|at| from + at) {
        let length = text[at..].bytes().take_while(|byte| *byte == b'`').count();
        from = at + length;
        if alone.contains(&length) {
            continue;
        }
        let mut search = from;
        let end = loop {
            let Some(next) = text[search..].find('`').map(|next| search + next) else { break None };
            let run = text[next..].bytes().take_while(|byte| *byte == b'`').count();
            if run == length {
                break Some(next + run);
            }
            search = next + run;
        };
        // Code does not go over a blank line.
        match end.filter(|end| !text[at..*end].contains("\n\n")) {
            Some(end) => {
                codes.push((at, end));
                from = end;
            }
            None if end.is_none() => alone.push(length),
            None => {}
        }
    }
    if codes.is_empty() {
        return change(text);
    }
    // Code keeps its place: what is around it may be one thing.
    let mut prose = String::with_capacity(text.len());
    let mut end = 0;
    for (start, stop) in &codes {
        prose.push_str(&text[end..*start]);
        prose.push(HOLE);
        end = *stop;
    }
    prose.push_str(&text[end..]);
    let changed = change(&prose);
    let mut out = String::with_capacity(changed.len());
    let mut parts = changed.split(HOLE);
    out.push_str(parts.next().unwrap_or_default());
    for (part, (start, stop)) in parts.zip(&codes) {
        out.push_str(&text[*start..*stop]);
        out.push_str(part);
    }
    out
}

/// Stands for code; no text has it.
const HOLE: char = '\u{fdd1}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stays_as_it_is() {
        let text = "a `a` ``a ` a`` a\n```a\na\n```\n> ~~~\n> a\n> ~~~\na ` a\n";
        let expected = "b `a` ``a ` a`` b\n```a\na\n```\n> ~~~\n> a\n> ~~~\nb ` b\n";
        assert_eq!(outside_code(text, |prose| prose.replace('a', "b")), expected);
    }
}
