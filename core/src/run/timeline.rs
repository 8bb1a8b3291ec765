//! What a face shows of a run: plain data, in the order of the work, ready to be drawn.

use serde::Serialize;

use super::Side;

/// Everything a face needs to draw one run. Made by [`super::Run::timeline`]; holds no secrets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timeline {
    /// What the run is doing now.
    pub phase: Phase,
    /// One sentence for the status line, e.g. "Checking 12 steps in ACME and HUB".
    pub status: String,
    /// The steps by procedure, in the order in which they become possible.
    pub procedures: Vec<ProcedureView>,
    /// The values that travel between the orgs, each with its origin.
    pub values: Vec<ValueView>,
    /// What keeps the run waiting for a person; empty when nothing does.
    pub pauses: Vec<Pause>,
}

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Reading both orgs; nothing is written.
    Checking,
    /// A full round of reads is over: the plan can be shown.
    Planned,
    /// Consent was given; the plan is being sent and proven.
    Applying,
    /// Everything was sent; every step is read once more.
    Proving,
    /// What this run made is being taken back.
    Undoing,
    /// The person stopped the run; nothing new is sent.
    Stopped,
}

/// One procedure with its steps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProcedureView {
    /// Stable id, e.g. `federation`.
    pub id: &'static str,
    /// Title, e.g. "Sign in to the target through the source".
    pub title: &'static str,
    /// Steps done of steps in all.
    pub met: usize,
    /// The steps.
    pub steps: Vec<StepView>,
}

/// One step, possibly for one member of a set (one app, one group, one person).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepView {
    /// Unique key of this step and member, e.g. `bookmark/0oa…`; stable over a run.
    pub key: String,
    /// Id of the row.
    pub id: &'static str,
    /// A command, e.g. "Create the Org2Org app".
    pub title: String,
    /// Name of the member this is for, e.g. "Expenses".
    pub member: Option<String>,
    /// One sentence why.
    pub why: &'static str,
    /// In which org.
    pub side: Side,
    /// Name of that org, e.g. "ACME".
    pub org: String,
    /// Title of the Admin Console page, e.g. "Applications".
    pub page: &'static str,
    /// Address of that page in that org, when its parts are known.
    pub address: Option<String>,
    /// What a person does there, in order.
    pub by_hand: Vec<ClickView>,
    /// Help-page lines it covers.
    pub covers: &'static [&'static str],
    /// Where it stands.
    pub state: StepState,
    /// More about the state: what was seen, what it waits for, what to do next.
    pub detail: String,
    /// Whether this tool can do it (otherwise a person does).
    pub can_write: bool,
}

/// One instruction of a by-hand text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClickView {
    /// What to do, e.g. "Paste into *IdP Issuer URI*".
    pub text: String,
    /// The value to type or copy there, when known.
    pub value: Option<String>,
    /// The visible label of the field or control on the page, to point at.
    pub label: Option<&'static str>,
}

/// Where a step stands. `Unknown` is never shown as anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Something stands in the way that only a person can remove.
    Blocked,
    /// Being read.
    Checking,
    /// Several objects answer to the same key; a person decides.
    Conflict,
    /// There, but not as wished; never overwritten.
    Differs,
    /// Proven by a read.
    Met,
    /// Not known: a read or a write had no certain answer.
    Unknown,
    /// Proven to be missing.
    Unmet,
    /// Waits for something another step gives.
    Waiting,
    /// Being written.
    Writing,
}

/// One value, as the panel lists it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueView {
    /// Stable id, e.g. `sso-url`.
    pub id: &'static str,
    /// Title, e.g. "IdP Single Sign-On URL".
    pub title: &'static str,
    /// For which member, if it is one of many.
    pub member: Option<String>,
    /// The value as text.
    pub value: String,
    /// Where it came from, e.g. "read from ACME: GET /api/v1/apps/0oa…/sso/saml/metadata".
    pub origin: String,
}

/// Something only a person can do before the run goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pause {
    /// The ask to answer with `Reply::Done` when the person is ready.
    pub ask: u64,
    /// In which org.
    pub side: Side,
    /// Stable code, e.g. `session-ended`, `tab-missing`, `step-up`, `org-changed`.
    pub code: &'static str,
    /// What happened and what to do.
    pub text: String,
}
