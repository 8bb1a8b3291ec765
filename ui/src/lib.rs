//! The views of the extension: signals in, [`Action`]s out.
//!
//! A driver writes what core says into a [`Board`]; the views draw it and tell the driver what
//! the person asked for. Nothing here decides, talks to a browser extension API or knows an org.
//! Foreign text reaches the page as text nodes only, with hidden characters made visible.

mod app;
mod badge;
mod board;
mod consent;
mod doctor;
#[cfg(feature = "all")]
mod handing;
#[cfg(all(test, target_arch = "wasm32", feature = "all"))]
mod in_browser;
mod journal;
mod live;
mod offers;
mod pairing;
mod pairs;
mod papers;
mod pauses;
mod plan;
mod popup;
mod rows;
mod state;
mod step;
mod steps;
mod tabs;
mod text;
mod values;
mod wish;

pub use app::app;
pub use board::{
    Action, Board, Change, Choices, Confirm, Level, Notice, OrgCard, PairCard, Pairing, Screen,
    Sheet, What,
};
pub use doctor::{Paper, Request, Stage, Ward, doctor};
#[cfg(feature = "all")]
pub use handing::{FILE, Hand, Handing, ReadCard};
pub use offers::{Offering, Wanted, offers};
pub use pairs::{PairRow, Rack, Turn, pairs};
pub use papers::{Content, Desk, Errand, Form, Sort, papers};
pub use popup::{Here, popup};
pub use state::next_step;
pub use text::shown;
