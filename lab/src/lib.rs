//! Simulated Okta orgs on this machine, for a first try and for every test.
//!
//! [`World`] is a pure state machine: a request and the time go in, an answer and the orgs' own requests come out, no
//! socket and no clock. Alone it hands those requests to the other org itself; the program `org2org-lab` puts it behind
//! TLS and carries them over sockets ([`Carrier`]). Nothing here comes from the product's core: the lab reads Okta's
//! published shapes on its own, or it would prove the product's own misreadings.
//!
//! ```
//! use org2org_lab::{Options, Request, World};
//!
//! let mut world = World::new(&Options::default());
//! let session = world.session("acme", "admin@acme.example.com", 0);
//! let request = Request::new("GET", "https://acme-admin.okta.com/api/v1/apps").with("cookie", &session.cookie);
//! let answer = world.handle(&request, 0).response().expect("no fault is set");
//! assert_eq!(answer.status, 200);
//! ```
//!
//! Deliberately absent: e-mail, factors, sign-on policies beyond a session, and every Okta product that the
//! procedures do not touch.

mod api;
mod carrier;
mod clock;
mod control;
mod dump;
mod exchange;
mod fault;
mod ids;
mod keys;
mod landing;
mod network;
mod oauth;
mod oidc;
mod okta;
mod org;
mod pace;
mod pages;
mod people;
mod prompt;
mod provision;
mod record;
mod recording;
mod rights;
mod saml;
mod seed;
mod session;
mod settings;
mod shelf;
mod wire;
mod world;

pub use carrier::{Carrier, Outgoing};
pub use clock::{parse_stamp, stamp};
pub use exchange::Exchange;
pub use fault::{CLASSES, Calls, Class, Fault, FaultKind};
pub use record::{Admin, Effect, Logged, Sent, Site};
pub use recording::record;
pub use seed::{OrgSpec, PASSWORD, Person};
pub use session::Session;
pub use wire::{Reply, Request, Response};
pub use world::{Options, World};
