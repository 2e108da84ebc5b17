"""Writes all changes of a sample into the sources at once, each behind a switch: `crate::mutant(7)` is
true while change 7 is on. A change then costs a run of its tests instead of a build."""

import re
from dataclasses import dataclass, field

import tree_sitter
import tree_sitter_rust

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))

# What the crate gets: which change is on, and a note of every change that a test comes by.
SWITCH = """
/// Whether change `number` is on, which the variable SWITCHED_ON names.
pub(crate) fn mutant(number: usize) -> bool {
    use std::io::Write;
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicBool, Ordering};
    static ON: LazyLock<Option<usize>> =
        LazyLock::new(|| std::env::var("SWITCHED_ON").ok().and_then(|on| on.parse().ok()));
    static REACHED: LazyLock<Option<String>> =
        LazyLock::new(|| std::env::var("SWITCHES_REACHED").ok());
    static NOTED: [AtomicBool; 4096] = [const { AtomicBool::new(false) }; 4096];
    if let Some(path) = &*REACHED
        && !NOTED[number].swap(true, Ordering::Relaxed)
    {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).expect("a file to note in");
        writeln!(file, "{number}").expect("room for a number");
    }
    *ON == Some(number)
}
"""

# No code runs there, so nothing can ask for a switch.
CONSTANT = ("const_item", "static_item", "array_type", "enum_variant", "const_block")


class NoSwitch(Exception):
    """Why this change cannot be switched on while the tests run."""


class DoesNotCompile(Exception):
    """A change that the compiler would refuse."""


@dataclass
class Change:
    start: int
    end: int
    replacement: bytes
    number: int


@dataclass
class Site:
    """An expression that has a variant for each of its changes; or, if empty, a text to insert."""

    start: int
    end: int
    changes: list = field(default_factory=list)
    insert: bytes = b""
    inner: list = field(default_factory=list)


def write_switches(source, mutants):
    """The source with a switch for each of `mutants`: (number, a change as cargo-mutants lists it)."""
    tree = PARSER.parse(source).root_node
    sites = {}
    for number, mutant in mutants:
        start, end, change = place(source, tree, number, mutant)
        if isinstance(change, bytes):
            site = sites.setdefault((start, start, number), Site(start, start, insert=change))
        else:
            site = sites.setdefault((start, end, None), Site(start, end))
            site.changes.append(change)
    whole = Site(0, len(source))
    nest(whole, sorted(sites.values(), key=lambda site: (site.start, -site.end)))
    return render(source, whole, None)


def check_place(source, mutant):
    """Raises NoSwitch or DoesNotCompile if this change has no place for a switch."""
    place(source, PARSER.parse(source).root_node, 0, mutant)


def place(source, tree, number, mutant):
    """Where the switch goes: (start, end, change), or (start, start, text to insert)."""
    start, end = (offset(source, mutant["span"][side]) for side in ("start", "end"))
    change = Change(start, end, mutant["replacement"].encode(), number)
    node = tree.descendant_for_byte_range(start, max(start + 1, end - 1))
    for above in ancestors(node):
        if above.type in CONSTANT or (above.type == "function_item" and is_const(above)):
            raise NoSwitch("a constant")

    match mutant["genre"]:
        case "FnValue":
            if "impl " in mutant["function"]["return_type"]:
                raise NoSwitch("the function returns one type that has no name")
            block = next(a for a in ancestors(node) if a.type == "block" and a.parent.type == "function_item")
            return block.start_byte + 1, None, variant(number, b"if crate::mutant(%d) { return %s; }" % (number, change.replacement))
        case "BinaryOperator":
            whole = tree.descendant_for_byte_range(start, end).parent
            # A looser operator may take in more than the two values beside it.
            while whole.type == "binary_expression" and whole.parent.type == "binary_expression":
                whole = whole.parent
        case "UnaryOperator":
            whole = tree.descendant_for_byte_range(start, end).parent
        case "MatchArm":
            arm = next(a for a in ancestors(node) if a.type == "match_arm" and a.start_byte <= start)
            after = arm.child_by_field_name("pattern").end_byte
            return after, None, variant(number, b" if !crate::mutant(%d)" % number)
        case "MatchArmGuard":
            return start, end, change
        case "StructField":
            whole = next(a for a in ancestors(node) if a.type == "struct_expression")
        case other:
            raise NoSwitch(f"an unknown kind: {other}")
    if whole.type == "let_chain":
        raise DoesNotCompile("`let` stands only in chains of &&")
    return whole.start_byte, whole.end_byte, change


def offset(source, position):
    """In bytes; cargo-mutants counts lines and characters from 1."""
    lines = source.split(b"\n")
    before = sum(len(line) + 1 for line in lines[: position["line"] - 1])
    return before + len(lines[position["line"] - 1].decode()[: position["column"] - 1].encode())


def ancestors(node):
    while node is not None:
        yield node
        node = node.parent


def is_const(function):
    return any(child.type == "function_modifiers" and b"const" in child.text for child in function.children)


def nest(outer, sites):
    """Puts each site into the smallest one around it."""
    around = [outer]
    for site in sites:
        while not (around[-1].start <= site.start and site.end <= around[-1].end):
            around.pop()
        around[-1].inner.append(site)
        if site.end > site.start:
            around.append(site)


def render(source, site, change):
    """The text inside a site, with one of its changes or none."""
    pieces, at = [], site.start
    edits = [(inner.start, inner.end, inner) for inner in site.inner]
    if change:
        edits = [edit for edit in edits if edit[1] <= change.start or edit[0] >= change.end]
        edits.append((change.start, change.end, change.replacement))
    for start, end, edit in sorted(edits, key=lambda e: e[:2]):
        pieces.append(source[at:start])
        pieces.append(edit if isinstance(edit, bytes) else edit.insert or switch(source, edit))
        at = end
    pieces.append(source[at : site.end])
    return b"".join(pieces)


def switch(source, site):
    """An expression that has the value of the change that is on."""
    text = b""
    for change in site.changes:
        with_it = variant(change.number, render(source, site, change))
        text += b"if crate::mutant(%d) { %s } else " % (change.number, with_it)
    numbers = b",".join(b"%d" % change.number for change in site.changes)
    return b"(/*site %s*/%s{ %s }/*end*/)" % (numbers, text, render(source, site, None))


def variant(number, text):
    return b"/*variant %d*/%s/*end*/" % (number, text)


def changes_at(rendered, position):
    """The changes that an error at this place may come from: those of the innermost text written
    for a change."""
    open_marks, found = [], []
    for mark in re.finditer(rb"/\*(variant|site) ([\d,]+)\*/|/\*end\*/", rendered):
        if mark.start() > position:
            found = list(open_marks)
            break
        if mark.group(1):
            open_marks.append((mark.group(1), [int(n) for n in mark.group(2).split(b",")]))
        else:
            open_marks.pop()
    variants = [numbers for kind, numbers in found if kind == b"variant"]
    return (variants or [numbers for _, numbers in found] or [[]])[-1]
