//! The texts of the page's interface, put into its static files.

use crate::faces::Face;
use crate::pack::{files, read_text, write};
use crate::place::Place;
use crate::trouble::{Outcome, Trouble, trouble};
use org2org_messages::{Form, Messages, Wrong};
use std::path::Path;

/// One file for each language.
const ENGLISH: &str = "www/messages/en.txt";

/// Fills the files of a page that hold texts.
pub fn fill(place: &Place, face: &Face, folder: &Path) -> Outcome<()> {
    let english = Messages::read(&read_text(&place.root.join(ENGLISH))?);
    let english = english.map_err(|wrong| refused(ENGLISH, &wrong))?;
    let messages = match face.pseudo {
        true => english.pseudo(),
        false => english,
    };
    for file in files(folder)? {
        let ending = file.extension().and_then(|ending| ending.to_str());
        let Some(form) = ending.and_then(Form::of) else {
            continue;
        };
        let filled = messages.fill(&read_text(&file)?, form);
        let filled = filled.map_err(|wrong| refused(&file.display().to_string(), &wrong))?;
        write(&file, filled.as_bytes())?;
    }
    Ok(())
}

fn refused(file: &str, wrong: &Wrong) -> Trouble {
    trouble(
        "message",
        format!("{file}, {wrong}"),
        "Texts of the page stand in www/messages/en.txt, one a line: name = text.",
    )
}
