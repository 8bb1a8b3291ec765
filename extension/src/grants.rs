//! The permissions for the Admin Consoles: which are held, and when they are given back.

use org2org_core::org::OrgUrl;
#[cfg(feature = "pairs")]
use org2org_core::run::Pair;

use crate::browser;

/// The match patterns of the Admin Consoles of these orgs, and of nothing else.
pub fn origins(orgs: &[OrgUrl]) -> Vec<String> {
    orgs.iter()
        .map(|org| [org.admin_base(), "/*"].concat())
        .collect()
}

/// The orgs of these pairs.
#[cfg(feature = "pairs")]
pub fn orgs_of(pairs: &[Pair]) -> Vec<OrgUrl> {
    let both = |pair: &Pair| [pair.source.url.clone(), pair.target.url.clone()];
    pairs.iter().flat_map(both).collect()
}

/// Returns every permission but those for these orgs: one asked for a pairing that was given up
/// would otherwise stay for good.
pub async fn give_back_all_but(orgs: &[OrgUrl]) {
    let kept = origins(orgs);
    let mut others = browser::all_granted().await;
    others.retain(|origin| !kept.contains(origin));
    if !others.is_empty() {
        let _ = browser::give_back(&others).await;
    }
}
