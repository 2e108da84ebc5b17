//! Bodies of any length, each of which repeats what Markdown, its extensions and HTML are made of:
//! alone, in pairs, within each other, numbered and at random. The tests take some of them; the
//! benchmark `rendering` takes all, at the greatest length, and says which is the slowest.

/// What a text is made of.
#[rustfmt::skip]
const PARTS: [&str; 107] = [
    "a", "é", "·", "\u{a0}", "字", " ", "\n", "\n\n", "\t", "    ", "  \n", "\r", "\u{0}", "\u{feff}",
    "&", "&amp;", "&#", "&#x", "&#1;", "&a", "\"", "'", "\\", "\\&", "\\\n", "`", "``", "```\n", "~~~\n",
    "*", "**", "***", "_", "__", "~", "~~", "^", "=", ":", ".", "!", "w", "{", "}", "$",
    "<", "</", "<a", "<a ", "<a b=\"", "<p>", "</p>", "<b>", "</b>", "<i>", "<div>", "</div>",
    "<a href=x>", "</a>", "<table>", "<tr>", "<td>", "<!--", "-->", "<?", "?>", "<!A", "<![CDATA[",
    "]]>", "<script>", "<textarea>", "<svg>", "<math>", "<select>", "/>", ">", "> ", "- ", "+ ", "1. ",
    "- [ ] ", "# ", "===\n", "---\n", "|", "|-", "[", "]", "![", "](", "[]", "[a]", "[a][b]", "[a](b)",
    "(", "[^a]", "[^a]: ", "[a]: b\n", "> [!NOTE]\n", "> [!TIP] a\n", "\u{3002}", "www.", "www.a.b", "http://", "http://a.b", "a@", "a@b.c",
];

/// What a text may stand in.
#[rustfmt::skip]
const FRAMES: [(&str, &str); 24] = [
    ("[", "](x)"), ("[x](", ")"), ("[x](<", ">)"), ("[x](y \"", "\")"), ("![", "](x)"), ("[a]: /", "\n\n[a]"),
    ("[^a]: ", "\n\n[^a]"), ("**", "**"), ("~~", "~~"), ("`", "`"), ("```\n", "\n```\n"), ("    ", ""),
    ("# ", ""), ("> ", ""), ("- ", ""), ("|a|\n|-|\n|", "|"), ("<p>", "</p>"), ("<b>", "</b>"),
    ("<p title=\"", "\">x</p>"), ("<!--", "-->"), ("<table>", "</table>"), ("<svg>", "</svg>"),
    ("<textarea>", "</textarea>"), ("<a href=x>", "</a>"),
];

/// What gets a number of its own each time.
#[rustfmt::skip]
const NUMBERED: [&str; 22] = [
    "[#]: x\n[#]\n", "[#]: x\n", "[#] ", "[a][#] ", "[^#]: x\n\n", "[^#] ", "[^#]: [^#]\n\n", "#. a\n\n",
    "<p a#>", "<p a#=#>x</p>", "<x#>", "</x#>", "<b title=#>", "<i id=fn-#>", "&#;", "&##;", "a@b#.c ",
    "www.a#.b ", "http://a#.b ", "<http://a#.b>", "|#", "# # #\n",
];

/// A text that can be made as long as one likes.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// The same again and again.
    Repeated(String),
    /// Half of one, then as much of another.
    Halves(&'static str, &'static str),
    /// Within one frame.
    Framed(&'static str, &'static str, &'static str),
    /// Each frame within the one before.
    Nested(&'static str, &'static str),
    /// Ever more of the same, with something between.
    Growing(&'static str, &'static str),
    /// Each with a number of its own.
    Numbered(&'static str),
    /// Two rows of a table, and short rows below.
    Table(&'static str, usize),
}

impl Body {
    fn new(form: Form) -> Self {
        Self { form }
    }

    /// What it repeats.
    pub(crate) fn name(&self) -> String {
        format!("{:?}", self.form)
    }

    /// At most `length` bytes of it.
    pub(crate) fn text(&self, length: usize) -> String {
        let mut text = match &self.form {
            Form::Repeated(unit) => unit.repeat(length / unit.len()),
            Form::Halves(first, second) => {
                let half = |unit: &str| unit.repeat(length / 2 / unit.len());
                half(first) + &half(second)
            }
            Form::Framed(open, part, close) => {
                let room = length.saturating_sub(open.len() + close.len());
                format!("{open}{}{close}", part.repeat(room / part.len()))
            }
            Form::Nested(open, close) => {
                let depth = length / (open.len() + close.len());
                format!("{}x{}", open.repeat(depth), close.repeat(depth))
            }
            Form::Growing(part, joint) => counted(length, |number| part.repeat(number + 1) + joint),
            Form::Numbered(pattern) => {
                counted(length, |number| pattern.replace('#', &number.to_string()))
            }
            Form::Table(row, columns) => {
                let head = "|a".repeat(*columns) + "|\n" + &"|-".repeat(*columns) + "|\n";
                let rows = length.saturating_sub(head.len()) / row.len();
                head + &row.repeat(rows)
            }
        };
        text.truncate(text.floor_char_boundary(length));
        text
    }
}

/// What `unit` makes of 0, 1, 2 and so on, until there are `length` bytes.
pub(super) fn counted(length: usize, unit: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(length);
    for number in 0.. {
        if text.len() >= length {
            break;
        }
        text += &unit(number);
    }
    text
}

/// Every part by itself, in every frame and with a number, and every frame in itself.
pub(crate) fn alone() -> Vec<Body> {
    let mut bodies = Vec::new();
    for part in PARTS {
        for joint in ["", " ", "\n", "\n\n", "\n> ", "\n- "] {
            bodies.push(Form::Repeated(format!("{part}{joint}")));
        }
        bodies.extend([" ", "\n", "\n\n"].map(|joint| Form::Growing(part, joint)));
        bodies.extend(FRAMES.map(|(open, close)| Form::Framed(open, part, close)));
    }
    for (open, close) in FRAMES {
        bodies.push(Form::Nested(open, close));
        bodies.push(Form::Repeated(format!("{open}x{close}")));
        bodies.push(Form::Repeated(format!("{open}x{close}\n\n")));
    }
    bodies.extend(NUMBERED.map(Form::Numbered));
    for columns in [2, 20, 200, 2_000, 20_000] {
        bodies.extend(["|b\n", "|b|c\n", "b\n", "||\n"].map(|row| Form::Table(row, columns)));
    }
    bodies.into_iter().map(Body::new).collect()
}

/// Every two parts, in turns and one after the other.
pub(crate) fn pairs() -> Vec<Body> {
    let mut bodies = Vec::new();
    for first in PARTS {
        for second in PARTS {
            bodies.push(Form::Repeated(format!("{first}{second}")));
            bodies.push(Form::Repeated(format!("{first}x{second} ")));
            bodies.push(Form::Halves(first, second));
        }
    }
    bodies.into_iter().map(Body::new).collect()
}

/// Some parts in a random order, again and again.
pub(crate) fn at_random(random: &mut fastrand::Rng, count: usize) -> Vec<Body> {
    let body = |random: &mut fastrand::Rng| {
        let parts = 3..=random.usize(3..40);
        let unit = parts.map(|_| PARTS[random.usize(..PARTS.len())]).collect();
        Body::new(Form::Repeated(unit))
    };
    (0..count).map(|_| body(random)).collect()
}
