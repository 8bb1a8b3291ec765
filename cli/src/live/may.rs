//! Whether OAuth clients may do what a plan says, looked at before anything is written.

use org2org_core::explain::seen;
use org2org_core::rights::operator::{Asked, asked};
use org2org_core::run::{Plan, Side};

use super::fleet::{Fleet, Live};
use super::http::Door;
use crate::outcome::{Exit, Outcome, Trouble};

/// Refuses plans that a client would fail in the middle of.
pub fn may(fleet: &Fleet, plans: &[Option<Plan>]) -> Outcome<()> {
    for (spoke, plan) in fleet.spokes.iter().zip(plans) {
        if let (Ok(live), Some(plan)) = (&spoke.live, plan) {
            Side::BOTH
                .iter()
                .try_for_each(|side| on(*side, live, plan))?;
        }
    }
    Ok(())
}

fn on(side: Side, live: &Live, plan: &Plan) -> Outcome<()> {
    let door = live.doors.of(side)?;
    let Some(client) = door.client() else {
        return Ok(());
    };
    let asked = asked(plan, side);
    role(door, client, &asked)?;
    let lacks = door.lacks(&asked.scopes)?;
    if lacks.is_empty() {
        return Ok(());
    }
    Err(Trouble {
        code: "client-scope".to_owned(),
        what: format!(
            "{}: the client {} is not granted what this plan needs: {}",
            door.base(),
            seen(client),
            lacks.join(", ")
        ),
        hint: "Nothing was written. Grant it on the client's Okta API Scopes tab, and run the command again.".to_owned(),
        exit: Exit::Findings,
    })
}

// No client of ours is made a super admin, so what only such a one may do is a person's.
fn role(door: &Door, client: &str, asked: &Asked) -> Outcome<()> {
    if asked.by_super_admin.is_empty() {
        return Ok(());
    }
    Err(Trouble {
        code: "client-role".to_owned(),
        what: format!(
            "{}: only a super admin may do this, and the client {} is to be none: {}",
            door.base(),
            seen(client),
            asked.by_super_admin.join("; ")
        ),
        hint: "Nothing was written. Open this org with a super admin's API token or in the panel, or do these steps by hand (`org2org steps` says how); the rest can then be applied as the client.".to_owned(),
        exit: Exit::Findings,
    })
}
