//! The world as all connections share it: one holds it at a time, and whoever waits for another org gives it back.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use org2org_lab::World;
use tokio::sync::watch;

/// Where the world is while nobody holds it.
pub struct Shared {
    place: Mutex<Place>,
    given: Condvar,
    cut: watch::Sender<bool>,
}

struct Place {
    world: Option<World>,
    /// Calls between orgs that wait for their answer.
    under_way: usize,
    /// True when a holder did not bring the world back.
    lost: bool,
}

impl Shared {
    pub fn new(world: World) -> Arc<Self> {
        Arc::new(Self {
            place: Mutex::new(Place {
                world: Some(world),
                under_way: 0,
                lost: false,
            }),
            given: Condvar::new(),
            cut: watch::Sender::new(false),
        })
    }

    /// The world, as soon as nobody holds it.
    pub fn hold(&self) -> Held<'_> {
        self.hold_when(|_, _| true)
    }

    /// The world, as soon as nobody pushes.
    pub fn hold_settled(&self) -> Held<'_> {
        self.hold_when(|world, _| world.is_at_rest())
    }

    /// The world, as soon as nobody pushes and no call between orgs waits for its answer.
    pub fn hold_at_rest(&self) -> Held<'_> {
        self.hold_when(|world, under_way| world.is_at_rest() && under_way == 0)
    }

    /// Leaves nothing to push, cuts the calls that are under way, and gives the world when all have ended.
    pub fn hold_after_cut(&self) -> Held<'_> {
        self.hold().forget_work();
        self.cut.send_replace(true);
        let held = self.hold_at_rest();
        self.cut.send_replace(false);
        held
    }

    /// Gives the world to others for as long as a call takes, and puts it back into its place.
    pub fn without<T>(&self, world: &mut World, call: impl FnOnce() -> T) -> T {
        self.give(world.lend(), 1);
        let outcome = call();
        let mut place = self.wait(|_, _| true);
        place.under_way -= 1;
        *world = place.world.take().expect("it was waited for");
        outcome
    }

    /// Ends when calls between orgs are cut.
    pub async fn until_cut(&self) {
        let mut cut = self.cut.subscribe();
        // The sender lives as long as this does.
        let _ = cut.wait_for(|cut| *cut).await;
    }

    fn hold_when(&self, ready: impl Fn(&World, usize) -> bool) -> Held<'_> {
        Held {
            world: self.wait(ready).world.take(),
            shared: self,
        }
    }

    fn wait(&self, ready: impl Fn(&World, usize) -> bool) -> MutexGuard<'_, Place> {
        let waits = |place: &mut Place| {
            let world = place.world.as_ref();
            !place.lost && !world.is_some_and(|world| ready(world, place.under_way))
        };
        let place = self.place.lock().expect("no holder panics");
        let place = self.given.wait_while(place, waits);
        let place = place.expect("no holder panics");
        assert!(!place.lost, "a request before this one broke the lab");
        place
    }

    fn give(&self, world: World, more_under_way: usize) {
        let mut place = self.place.lock().expect("no holder panics");
        place.world = Some(world);
        place.under_way += more_under_way;
        drop(place);
        self.given.notify_all();
    }
}

/// The world in the hands of one request. It goes back when this is dropped.
pub struct Held<'s> {
    shared: &'s Shared,
    world: Option<World>,
}

impl Deref for Held<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        self.world.as_ref().expect("held until dropped")
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut World {
        self.world.as_mut().expect("held until dropped")
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        match self.world.take().filter(|_| !std::thread::panicking()) {
            Some(world) => self.shared.give(world, 0),
            None => {
                if let Ok(mut place) = self.shared.place.lock() {
                    place.lost = true;
                }
                self.shared.given.notify_all();
            }
        }
    }
}
