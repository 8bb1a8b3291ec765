//! The result as Terraform: what the journal proves was made and still stands, each as a resource of the provider okta/okta
//! with the `import` block that takes it over, and a comment at each thing that the provider has no words for.
//!
//! Sources: the provider's documentation of each resource (github.com/okta/terraform-provider-okta, `docs/resources`);
//! `import` blocks are there since Terraform 1.5.

mod resources;
mod sign_on;

use std::collections::BTreeSet;

use super::hcl::{Block, Hcl, comment};
use super::{Done, Matter, Proved};
use crate::map::Map;
use crate::run::Side;
use resources::{Resource, Told, told};

/// Writes the file. Assignments of single people are left out unless all is asked for; an API token is never in it.
pub(super) fn write(matter: &Matter<'_>) -> String {
    let writes = matter.writes();
    let (proven, open): (Vec<&Done<'_>>, Vec<&Done<'_>>) =
        super::standing(&writes).partition(|done| matches!(done.proof, Some(Proved::There(_))));
    let mut file = File {
        matter,
        ground: Ground {
            whole: matter.whole,
            target: matter.target.base(),
            writes: &proven,
            names: Map::new(),
        },
        used: BTreeSet::new(),
        out: head(matter),
        gaps: Vec::new(),
    };
    for done in &proven {
        file.tell(done);
    }
    for done in open {
        file.gap(done, &format!("left out, {}", done.result(matter)));
    }
    file.end()
}

/// What a resource is made from besides its own write.
struct Ground<'a> {
    /// Whether people may be named.
    whole: bool,
    /// Address of the target org.
    target: &'a str,
    /// Every write that stands and is proven.
    writes: &'a [&'a Done<'a>],
    /// Id of an object to the address of its resource in this file.
    names: Map<String, String>,
}

struct File<'a> {
    matter: &'a Matter<'a>,
    ground: Ground<'a>,
    used: BTreeSet<String>,
    out: String,
    gaps: Vec<String>,
}

impl File<'_> {
    fn tell(&mut self, done: &Done<'_>) {
        match told(&self.ground, done) {
            Told::Elsewhere => {}
            Told::Gap(why) => self.gap(done, why),
            Told::Resource(resource) => self.resource(done, resource),
        }
    }

    fn gap(&mut self, done: &Done<'_>, why: &str) {
        let request = done.request(self.matter);
        let gap = format!("{}: {why} ({request})", done.title());
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }

    fn resource(&mut self, done: &Done<'_>, made: Resource) {
        let name = self.name(made.kind, done);
        let address = format!("{}.{name}", made.kind);
        if let Some(id) = done.made() {
            let names = &mut self.ground.names;
            names.insert(id.to_owned(), address.clone());
        }
        self.out.push('\n');
        self.out.push_str(&comment(&done.title()));
        for gap in &made.gaps {
            let gap = format!("The provider has no word for this, so it only watches: {gap}.");
            self.out.push_str(&comment(&gap));
        }
        let provider = Hcl::Name(format!(
            "okta.{}",
            done.side().unwrap_or(Side::Source).name()
        ));
        let block = Block::new("resource", &[made.kind, &name])
            .set("provider", provider)
            .taking(made.body);
        self.out.push_str(&block.written());
        if let Some(id) = made.import {
            let import = Block::new("import", &[])
                .set("to", Hcl::Name(address))
                .set("id", Hcl::Text(id));
            self.out.push('\n');
            self.out.push_str(&import.written());
        }
    }

    /// The row's id; with a number from the second of a kind on.
    fn name(&mut self, kind: &str, done: &Done<'_>) -> String {
        let row = done.step.map_or("object", |step| step.id).replace('-', "_");
        let mut name = row.clone();
        let mut number = 1_u32;
        while !self.used.insert(format!("{kind}.{name}")) {
            number = number.saturating_add(1);
            name = format!("{row}_{number}");
        }
        name
    }

    fn end(mut self) -> String {
        if !self.gaps.is_empty() {
            self.out.push('\n');
            let title = "What is not in this file, and stays with the orgs:";
            self.out.push_str(&comment(title));
        }
        for gap in &self.gaps {
            self.out.push_str(&comment(&format!("- {gap}")));
        }
        self.out
    }
}

fn head(matter: &Matter<'_>) -> String {
    let (source, target) = (matter.source.host(), matter.target.host());
    let mut out = String::new();
    for line in [
        &format!(
            "The link from {source} (source) to {target} (target), as far as Org2Org Assistant made it and proved it."
        ),
        "Each import block takes over what is there: `terraform plan` shows what an apply would change. Read it first.",
        "Whoever applies this holds both orgs: keep its state and its tokens accordingly.",
    ] {
        out.push_str(&comment(line));
    }
    let okta = Block::new("okta =", &[]).set("source", Hcl::Text("okta/okta".to_owned()));
    let terraform = Block::new("terraform", &[])
        .set("required_version", Hcl::Text(">= 1.5".to_owned()))
        .with(Block::new("required_providers", &[]).with(okta));
    let orgs = Side::BOTH.into_iter().flat_map(|side| {
        let (org, token) = (matter.org(side), format!("{}_api_token", side.name()));
        let variable = Block::new("variable", &[&token])
            .set("type", Hcl::Name("string".to_owned()))
            .set("sensitive", Hcl::Flag(true));
        let provider = Block::new("provider", &["okta"])
            .set("alias", Hcl::Text(side.name().to_owned()))
            .set("org_name", Hcl::Text(org.subdomain().to_owned()))
            .set("base_url", Hcl::Text(org.family().suffix().to_owned()))
            .set("api_token", Hcl::Name(format!("var.{token}")));
        [variable, provider]
    });
    for block in [terraform].into_iter().chain(orgs) {
        out.push('\n');
        out.push_str(&block.written());
    }
    out
}
