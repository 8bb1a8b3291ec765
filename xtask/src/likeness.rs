//! Puts functions of a wasm module that are alike beside each other.
//!
//! gzip finds a repetition only within the 32 KB before it, and generic code compiles to many
//! functions that are nearly the same. Here each function is given a name that says which place
//! it should have; wasm-opt then sorts by name and renumbers every use, so that no instruction
//! is read or written by us.

use crate::trouble::{Outcome, Trouble, trouble};
use std::collections::{HashMap, VecDeque};

/// Bytes that must be the same in a row before two functions count as alike there.
const RUN: usize = 6;
/// Bytes of the functions placed last that the next one is compared with. Shorter than what gzip
/// sees: what is near costs fewer bits. Which is best is different for each module and changes with
/// its code, by up to 0.5 KB: all are tried.
pub const NEAR: &[usize] = &[4_000, 8_000, 12_000, 20_000];
/// A run that stands in more functions than this is found by gzip in any order.
const COMMON: usize = 300;

/// The module with a name for each of its functions: its place, in digits of one length. `near` is
/// one of [`NEAR`].
pub fn named(module: &[u8], near: usize) -> Outcome<Vec<u8>> {
    let read = Module::read(module).ok_or_else(unreadable)?;
    let mut names = Vec::new();
    write_number(&mut names, read.bodies.len());
    let mut places = vec![0; read.bodies.len()];
    for (place, function) in order(&read.bodies, near).into_iter().enumerate() {
        places[function] = place;
    }
    for (function, place) in places.into_iter().enumerate() {
        write_number(&mut names, read.imported + function);
        write_text(&mut names, &format!("{place:06}"));
    }
    let mut section = Vec::new();
    write_text(&mut section, "name");
    section.push(FUNCTION_NAMES);
    write_number(&mut section, names.len());
    section.extend(names);
    let mut named = module.to_vec();
    named.push(CUSTOM);
    write_number(&mut named, section.len());
    named.extend(section);
    Ok(named)
}

fn unreadable() -> Trouble {
    trouble(
        "no-order",
        "a module has a form that its functions cannot be read from",
        "Look at what wasm-opt wrote; mend xtask/src/likeness.rs.",
    )
}

/// The functions, each after those it repeats most: from the shortest on, always the one that
/// shares most runs with the functions placed just before.
fn order(bodies: &[&[u8]], most_near: usize) -> Vec<usize> {
    let runs = runs(bodies);
    let holders = holders(&runs);
    let mut shared = vec![0_usize; bodies.len()];
    let mut times = vec![0_usize; holders.len()];
    let (mut near, mut bytes) = (VecDeque::new(), 0);
    let mut order = Vec::with_capacity(bodies.len());
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    left.sort_by_key(|function| bodies[*function].len());
    let weight =
        |shared: usize, function: usize| shared as f64 / (runs[function].len() as f64 + 8.0).sqrt();
    while !left.is_empty() {
        // The first of the best: among equals the shortest.
        let mut best = 0;
        for at in 1..left.len() {
            let (one, other) = (left[at], left[best]);
            if weight(shared[one], one) > weight(shared[other], other) {
                best = at;
            }
        }
        let next = left.remove(best);
        order.push(next);
        near.push_back(next);
        bytes += bodies[next].len();
        for run in &runs[next] {
            times[*run] += 1;
            if times[*run] == 1 {
                holders[*run].iter().for_each(|holder| shared[*holder] += 1);
            }
        }
        while bytes > most_near && near.len() > 1 {
            let Some(gone) = near.pop_front() else { break };
            bytes -= bodies[gone].len();
            for run in &runs[gone] {
                times[*run] -= 1;
                if times[*run] == 0 {
                    holders[*run].iter().for_each(|holder| shared[*holder] -= 1);
                }
            }
        }
    }
    order
}

/// The runs of each function, as numbers, each once.
fn runs(bodies: &[&[u8]]) -> Vec<Vec<usize>> {
    let mut numbers = HashMap::new();
    let of_body = |body: &&[u8]| {
        let mut runs = Vec::new();
        for run in body.windows(RUN) {
            let next = numbers.len();
            runs.push(*numbers.entry(run.to_vec()).or_insert(next));
        }
        runs.sort_unstable();
        runs.dedup();
        runs
    };
    bodies.iter().map(of_body).collect()
}

/// The functions that hold each run; none where that says nothing about likeness.
fn holders(runs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let count = runs.iter().flatten().max().map_or(0, |last| last + 1);
    let mut holders = vec![Vec::new(); count];
    for (function, runs) in runs.iter().enumerate() {
        runs.iter().for_each(|run| holders[*run].push(function));
    }
    for functions in &mut holders {
        if functions.len() < 2 || functions.len() > COMMON {
            functions.clear();
        }
    }
    holders
}

// Section numbers and kinds of imports: WebAssembly core specification, section 5.5.
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const CODE: u8 = 10;
const FUNCTION: u8 = 0;
/// Subsection of the custom section `name` (specification, appendix "Custom sections").
const FUNCTION_NAMES: u8 = 1;

/// What the order needs to know of a module.
struct Module<'a> {
    /// Imported functions: they are numbered first.
    imported: usize,
    bodies: Vec<&'a [u8]>,
}

impl<'a> Module<'a> {
    fn read(module: &'a [u8]) -> Option<Module<'a>> {
        let mut rest = Bytes(module.strip_prefix(b"\0asm\x01\0\0\0")?);
        let (mut imported, mut bodies) = (0, Vec::new());
        while !rest.0.is_empty() {
            let (kind, mut section) = (rest.byte()?, rest.block()?);
            match kind {
                IMPORTS => imported = section.imported_functions()?,
                CODE => {
                    let count = section.number()?;
                    bodies = (0..count)
                        .map(|_| section.block().map(|body| body.0))
                        .collect::<Option<_>>()?;
                }
                _ => {}
            }
        }
        Some(Module { imported, bodies })
    }
}

/// Bytes still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// An unsigned number in LEB128.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// What stands behind its length.
    fn block(&mut self) -> Option<Bytes<'a>> {
        let length = self.number()?;
        let (block, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(Bytes(block))
    }

    /// wasm-bindgen's modules import functions alone.
    fn imported_functions(&mut self) -> Option<usize> {
        let count = self.number()?;
        for _ in 0..count {
            let (_module, _name, kind) = (self.block()?, self.block()?, self.byte()?);
            if kind != FUNCTION {
                return None;
            }
            self.number()?;
        }
        Some(count)
    }
}

fn write_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    write_number(out, text.len());
    out.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_stands_together_and_each_function_once() {
        let (a, b, c) = (
            b"abcdefghijklmnop1",
            b"qrstuvwxyzabcdef12",
            b"0123456789qrstu123",
        );
        let [a2, b2, c2] = [&a[..], b, c].map(|body| [body, b"?!"].concat());
        let bodies: [&[u8]; 6] = [a, b, c, &c2, &b2, &a2];
        let order = order(&bodies, NEAR[0]);
        let place = |function: usize| order.iter().position(|one| *one == function).unwrap();
        for (one, other) in [(0, 5), (1, 4), (2, 3)] {
            assert_eq!(place(one).abs_diff(place(other)), 1, "{order:?}");
        }
        assert_eq!(order.len(), 6);
        assert_eq!(order[0], 0, "the shortest is first");
    }

    /// One import, then two functions of which the second is shorter.
    fn module() -> Vec<u8> {
        let imports = [&[1, 1][..], b"m", &[1], b"f", &[0, 0]].concat();
        let code = [&[2, 4][..], &[0, 1, 1, 11], &[2], &[0, 11]].concat();
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        for (kind, section) in [(IMPORTS, imports), (CODE, code)] {
            module.push(kind);
            write_number(&mut module, section.len());
            module.extend(section);
        }
        module
    }

    #[test]
    fn imports_are_counted_before_the_functions() {
        let named = named(&module(), NEAR[0]).unwrap();
        let names = named.strip_prefix(&module()[..]).unwrap();
        let wanted = [
            &b"\x04name\x01\x11\x02"[..],
            b"\x01\x06000001\x02\x06000000",
        ]
        .concat();
        assert_eq!(names, [&[CUSTOM, 24][..], &wanted].concat());
    }

    #[test]
    fn a_module_that_ends_early_is_refused() {
        let module = module();
        for end in 0..module.len() {
            // Between two sections it is a module that lacks one.
            let whole = named(&module[..end], NEAR[0]).is_ok();
            assert_eq!(whole, end == 8 || end == 17, "{end}");
        }
    }
}
