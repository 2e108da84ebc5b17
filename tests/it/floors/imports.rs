//! Which file of a package uses something of which other file, read from the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree, Visibility};

use super::macros;
use crate::harness::events::root;

/// A use of something in another file of the same package.
#[derive(Debug)]
pub(super) struct Import {
    /// The file that uses it, relative to the root of the project.
    pub(super) from: PathBuf,
    /// The line of the use.
    pub(super) line: usize,
    /// The file that defines it.
    pub(super) to: PathBuf,
}

/// A path as segments below the crate: `["store", "keys"]`.
pub(super) type Segments = Vec<String>;

/// The modules of a package, by their path.
pub(super) struct Package {
    modules: BTreeMap<Segments, Module>,
}

#[derive(Default)]
struct Module {
    file: PathBuf,
    /// Names that other modules can reach here, and the paths that they stand for.
    exports: BTreeMap<String, Segments>,
    /// Paths whose names are all exported here: `pub use path::*`.
    globs: Vec<Segments>,
    /// Paths that the module uses, with their lines.
    uses: BTreeSet<(usize, Segments)>,
}

impl Package {
    /// Reads all files of a package but its binaries.
    pub(super) fn read(folder: &str) -> Self {
        let mut package = Self { modules: BTreeMap::new() };
        let mut folders = vec![root().join(folder).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && !path.ends_with("src/bin") {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let relative = path.strip_prefix(root()).unwrap();
                    package.add(relative.to_str().unwrap(), &text);
                }
            }
        }
        package
    }

    /// Adds a file, at its path relative to the root of the project.
    pub(super) fn add(&mut self, file: &str, text: &str) {
        let (_, below) = file.split_once("src/").unwrap();
        let mut module: Segments =
            below.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if ["lib", "mod"].contains(&module.last().unwrap().as_str()) {
            module.pop();
        }
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut reader = Reader { package: self, file: file.into(), module };
        reader.enter();
        reader.visit_file(&parsed);
    }

    /// Every use of another file.
    pub(super) fn imports(&self) -> Vec<Import> {
        let mut imports = Vec::new();
        for module in self.modules.values() {
            for (line, path) in &module.uses {
                let Some(to) = self.file_of(path, 0) else { continue };
                if to != module.file {
                    let (from, line) = (module.file.clone(), *line);
                    imports.push(Import { from, line, to: to.to_owned() });
                }
            }
        }
        imports.sort_by(|a, b| (&a.from, a.line).cmp(&(&b.from, b.line)));
        imports
    }

    /// The file that defines what a path names, through re-exports.
    fn file_of(&self, path: &[String], depth: usize) -> Option<&Path> {
        if depth > 16 {
            return None;
        }
        let length = (0..=path.len()).rev().find(|n| self.modules.contains_key(&path[..*n]))?;
        let module = &self.modules[&path[..length]];
        let Some(name) = path.get(length) else { return Some(&module.file) };
        if let Some(target) = module.exports.get(name) {
            return self.file_of(target, depth + 1);
        }
        let through = |glob: &Segments| {
            let path = [glob.as_slice(), std::slice::from_ref(name)].concat();
            let module = self.modules.get(glob)?;
            module.exports.contains_key(name).then(|| self.file_of(&path, depth + 1))?
        };
        Some(module.globs.iter().find_map(through).unwrap_or(&module.file))
    }
}

struct Reader<'a> {
    package: &'a mut Package,
    file: PathBuf,
    module: Segments,
}

impl Reader<'_> {
    fn enter(&mut self) -> &mut Module {
        let module = self.package.modules.entry(self.module.clone()).or_default();
        module.file.clone_from(&self.file);
        module
    }

    /// A path as written, below the crate; `None` for one into another crate.
    fn absolute(&self, written: &[String]) -> Option<Segments> {
        let (mut base, mut rest) = (self.module.clone(), written);
        match written.first()?.as_str() {
            "crate" => (base, rest) = (Vec::new(), &written[1..]),
            "self" => rest = &written[1..],
            "super" => {
                while rest.first().is_some_and(|segment| segment == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            // A module that this one declares.
            name if self.package.modules.get(&base)?.exports.contains_key(name) => {}
            _ => return None,
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    fn note(&mut self, line: usize, written: &[String]) {
        if let Some(path) = self.absolute(written) {
            self.enter().uses.insert((line, path));
        }
    }

    /// Whether a re-export brings in what another module of the package defines, and not what this
    /// one declares.
    fn leaves_module(&self, written: &[String]) -> bool {
        self.absolute(written).is_some_and(|path| !path.starts_with(&self.module))
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_file(&mut self, file: &'ast syn::File) {
        // Declarations first: a `use` may name a module that is declared below it.
        for item in &file.items {
            if let Item::Mod(module) = item {
                let name = module.ident.to_string();
                let path = [self.module.as_slice(), std::slice::from_ref(&name)].concat();
                self.enter().exports.insert(name, path);
            }
        }
        visit::visit_file(self, file);
    }

    fn visit_item(&mut self, item: &'ast Item) {
        if !attributes(item).iter().any(is_for_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if item.content.is_some() {
            self.module.push(item.ident.to_string());
            self.enter();
            visit::visit_item_mod(self, item);
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut names = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut names);
        let is_facade = self.file.ends_with("mod.rs") || self.file.ends_with("lib.rs");
        let exports = is_facade && !matches!(item.vis, Visibility::Inherited);
        for (line, path, name) in names {
            if !exports || self.leaves_module(&path) {
                self.note(line, &path);
            }
            if !exports {
                continue;
            }
            if let Some(path) = self.absolute(&path) {
                match name {
                    Some(name) => _ = self.enter().exports.insert(name, path),
                    None => self.enter().globs.push(path),
                }
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let written: Segments =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        // A single name is an import only where a `pub use` brings it here.
        let declared = [self.module.as_slice(), &written[..1]].concat();
        let exported = self.enter().exports.get(&written[0]).cloned();
        let exported = exported.filter(|target| *target != declared);
        let line = path.span().start().line;
        match exported {
            Some(target) if written.len() == 1 => _ = self.enter().uses.insert((line, target)),
            _ if written.len() > 1 => self.note(line, &written),
            _ => {}
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        for (line, path) in macros::paths(called.tokens.clone()) {
            self.note(line, &path);
        }
        visit::visit_macro(self, called);
    }
}

/// The paths of a `use`, each with its line and the name that it gets; no name for a glob.
fn flatten(
    tree: &UseTree,
    above: &mut Segments,
    names: &mut Vec<(usize, Segments, Option<String>)>,
) {
    let line = tree.span().start().line;
    match tree {
        UseTree::Path(path) => {
            above.push(path.ident.to_string());
            flatten(&path.tree, above, names);
            above.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|item| flatten(item, above, names)),
        UseTree::Glob(_) => names.push((line, above.clone(), None)),
        UseTree::Name(name) if name.ident == "self" => {
            names.push((line, above.clone(), above.last().cloned()));
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            let path = [above.as_slice(), std::slice::from_ref(&name)].concat();
            names.push((line, path, Some(name)));
        }
        UseTree::Rename(rename) => {
            let original = rename.ident.to_string();
            let path = match original.as_str() {
                "self" => above.clone(),
                _ => [above.as_slice(), &[original]].concat(),
            };
            names.push((line, path, Some(rename.rename.to_string())));
        }
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Mod(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        _ => &[],
    }
}

fn is_for_tests(attribute: &Attribute) -> bool {
    let is_test = |list: &syn::MetaList| list.tokens.to_string() == "test";
    attribute.path().is_ident("cfg") && attribute.meta.require_list().is_ok_and(is_test)
}
