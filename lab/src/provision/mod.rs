//! Org2Org's provisioning: what the source pushes to the target, by itself.
//!
//! After every handled request the orgs that changed are looked at ([`notice`]): people who came, changed or went,
//! and groups whose members differ from what was pushed. Each difference is a [`work::Job`]. Jobs run at once, one
//! after the other, as requests to the target's own API ([`line`]), with its rights, limits, errors and faults. While
//! one is being sent by a carrier, others use the world: what they set off is done by whoever runs the jobs.

mod access;
pub(crate) mod desk;
pub(crate) mod expression;
mod groups;
mod line;
pub(crate) mod notice;
mod people;
pub(crate) mod profile;
pub(crate) mod state;
mod trace;
pub(crate) mod work;

use crate::world::World;
use work::{Job, What};

/// Jobs that one request may set off before the rest waits for the next: orgs that push to each other must end.
const MOST_JOBS: usize = 50_000;

/// Runs what is due, and what that sets off in turn. Does nothing while that is being done already.
pub(crate) fn settle(world: &mut World, now: u64) {
    if !world.work.running {
        world.work.running = true;
        run_all(world, now);
        world.work.running = false;
    }
}

fn run_all(world: &mut World, since: u64) {
    for _ in 0..MOST_JOBS {
        let now = world.time(since);
        // Orgs are looked at when nothing is due: ten thousand pushes are followed by one look, not by as many.
        if let Some(job) = world.work.next(now) {
            run(world, job, now);
        } else if let Some(at) = world.work.stirred.pop_first() {
            notice::look(world, at, now);
        } else {
            return;
        }
    }
}

fn run(world: &mut World, job: Job, now: u64) {
    let mut line = line::Line::new(world, job.at, &job.app, now);
    let outcome = match &job.what {
        What::Create(user) => people::create(&mut line, user),
        What::Deactivate(gone) => people::deactivate(&mut line, gone),
        What::DropGroup(external) => groups::remove(&mut line, external),
        What::Group(mapping) => groups::push(&mut line, mapping),
        What::Password(user) => people::password(&mut line, user),
        What::Reactivate(user) => people::reactivate(&mut line, user),
        What::Refresh => groups::refresh(&mut line),
        What::Update(user) => people::update(&mut line, user),
    };
    if let Err(line::Later(until)) = outcome {
        world.work.put_off(job, until);
    }
}
