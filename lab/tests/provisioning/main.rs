//! Stories of Org2Org pushing people and groups from one simulated org to another.

mod failures;
mod groups;
mod oauth;
mod pair;
mod people;
mod resources;
mod several;
